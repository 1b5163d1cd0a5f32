"""Fits the decision (`kg/extract/decision.json`) on gold files: `python training/calibrate.py GOLD [--shared ../shared]`.

With `--shared` also on the real news that was kept from the reader for it (`data.for_decision`). Every candidate of
the documents is judged by the gold claims; a logistic regression with a small ridge learns how likely a candidate
with these features is right. Prints, by leaving out one document at a time, the expected calibration error and the
best threshold. The reader must not have been trained on the documents.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import data
import numpy as np

from kg.evaluate import Gold, load, verdicts
from kg.extract import decision
from kg.extract.candidates import Candidate
from kg.extract.decision import features
from kg.extract.reading import Extractor
from kg.model import Claim, Document
from kg.read import read

RIDGE = 1.0
STEPS = 60


class Recording(Extractor):
    """An extractor that remembers the features of every claim, however unlikely."""

    def __init__(self, **options: Any) -> None:
        super().__init__(threshold=0.0, **options)
        self.seen: dict[str, dict[str, float]] = {}

    def _claims(self, chronicle: Any, phrases: Any, names: Any, candidate: Candidate, discourse: Any, quotes: Any) -> Iterator[Claim]:
        named = names[candidate.sentence]
        for claim in super()._claims(chronicle, phrases, names, candidate, discourse, quotes):
            self.seen[claim.id] = features(candidate, named[candidate.subject], named.get(candidate.object))
            yield claim


def fit(rows: list[dict[str, float]], right: list[bool], names: list[str]) -> dict[str, float]:
    """Weights of a ridge logistic regression, by Newton's method."""
    x = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    y = np.array(right, dtype=float)
    weights = np.zeros(len(names))
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-(x @ weights)))
        gradient = x.T @ (p - y) + RIDGE * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(len(names))
        weights -= np.linalg.solve(hessian, gradient)
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def predicted(weights: dict[str, float], rows: list[dict[str, float]]) -> np.ndarray:
    scores = np.array([sum(weights.get(name, 0.0) * value for name, value in row.items()) for row in rows])
    result: np.ndarray = 1 / (1 + np.exp(-scores))
    return result


def calibration_error(p: np.ndarray, right: np.ndarray, *, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins."""
    bin_of = np.minimum((p * bins).astype(int), bins - 1)
    return float(
        sum(abs(p[bin_of == b].mean() - right[bin_of == b].mean()) * (bin_of == b).mean() for b in range(bins) if (bin_of == b).any())
    )


def documents(gold: Iterable[Gold], folders: Sequence[Path]) -> Iterator[Document]:
    """The articles of gold files: the text beside each, or in one of the folders."""
    for one in gold:
        beside = (Path(one.path).parent, *folders)
        file = next(f for folder in beside if (f := folder / f"{one.document}.txt").is_file())
        for document in read([file], reject=print):
            yield document.model_copy(update={"published": date.fromisoformat(one.date) if one.date else document.published})


def news(shared: Path) -> tuple[list[Document], list[Gold]]:
    """The real news that is kept for the decision, and what is annotated there."""
    kept = [one for one in data.news(shared) if one["aside"]]
    found = [Document.of(one["text"], name=one["id"], published=date.fromisoformat(one["date"][:10])) for one in kept]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for one in kept:
            files.append(Path(folder) / f"{one['id']}.jsonl")
            head = {"doc": one["id"], "date": one["date"], "entities": one["entities"]}
            files[-1].write_text("\n".join(json.dumps(row) for row in (head, *one["claims"])), encoding="utf-8")
        return found, load(files)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("gold", type=Path, nargs="+")
    arguments.add_argument("--texts", type=Path, nargs="*", default=[])
    arguments.add_argument("--shared", type=Path)
    given = arguments.parse_args()
    gold = load(given.gold)
    read_from = list(documents(gold, given.texts))
    if given.shared:
        more, annotated = news(given.shared)
        read_from, gold = read_from + more, gold + annotated
    found: dict[str, dict[str, float]] = {}
    for mode, options in (("lexicon", {"use_reader": False}), ("reader", {})):
        extractor = Recording(**options)
        if mode == "reader" and extractor.reader is None:
            continue
        rows: dict[str, list[tuple[dict[str, float], bool]]] = {}
        by_name = {one.document: one for one in gold}
        for document, claims in extractor.stream(read_from):
            judged = verdicts(claims, by_name[document.name])
            rows[document.name] = [(extractor.seen[claim.id], judged[claim.id]) for claim in claims if claim.id in extractor.seen]
        names = sorted({name for listed in rows.values() for row, _ in listed for name in row})
        left_out, truth = [], []
        for name, listed in rows.items():
            others = [pair for other, more in rows.items() if other != name for pair in more]
            weights = fit([row for row, _ in others], [right for _, right in others], names)
            left_out.append(predicted(weights, [row for row, _ in listed]))
            truth.append(np.array([right for _, right in listed]))
        p, right = np.concatenate(left_out), np.concatenate(truth)
        everything = [pair for listed in rows.values() for pair in listed]
        found[mode] = fit([row for row, _ in everything], [good for _, good in everything], names)
        for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
            kept = p >= threshold
            print(
                mode,
                threshold,
                "kept",
                int(kept.sum()),
                "right",
                round(float(right[kept].mean()), 3),
                "ECE",
                round(calibration_error(p[kept], right[kept]), 3),
            )
    decision.FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
