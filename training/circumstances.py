"""Fits the weights of times and places (`ontology/lexicon/circumstances.yaml`) on annotated claims:

    python training/circumstances.py [--shared ../shared] [--write]

Each claim of an act chooses among the candidates that `kg.extract` finds for it, or none (a conditional logit with a
ridge). Prints, over five folds of documents, how often a time or place that the annotation has is met, and how often one
is given where it has none. Run it twice with `--write`: times told by way of another act count from weights themselves.
"""

import argparse
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import data
import numpy as np
import yaml
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from spacy.tokens import Token

from kg.extract import attachment, circumstances, days, names
from kg.extract.chronicle import Chronicle
from kg.extract.context import words
from kg.extract.dating import candidates
from kg.extract.naming import name_spans
from kg.extract.nouns import nouns
from kg.extract.parse import Sentence, parse
from kg.extract.phrases import Kind, Phrase, phrases
from kg.extract.placing import spots
from kg.model import Document, EntityType
from kg.ontology import folder, ontology

WEIGHTS = folder() / "lexicon" / "circumstances.yaml"
FOLDS = 5
RIDGE = 3.0
RARE = 8
# Real news is annotated more loosely than the project's own articles; debatable claims and missing values count less.
SILVER, OPTIONAL, NONE = 0.3, 0.6, 0.8


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen for an act: the features and the value of each candidate, and which are right (none: no value)."""

    document: str
    own: bool
    weight: float
    wanted: bool
    features: tuple[tuple[str, ...], ...]
    values: tuple[str, ...]
    right: tuple[bool, ...]


def choices(shared: Path | None) -> dict[str, list[Choice]]:
    """The choices of time and of place for every annotated act."""
    real = (*data.silver(shared), *data.news(shared)) if shared else ()
    documents = [d for d in (*data.own(), *real) if not d["aside"]]
    found: dict[str, list[Choice]] = {"when": [], "where": []}
    dated = (Document.of(d["text"], name=d["id"], published=date.fromisoformat(d["date"][:10])) for d in documents)
    for source, (document, sentences) in zip(documents, parse(dated), strict=True):
        chronicle = Chronicle(document, sentences)
        listed = [phrases(s, name_spans(s, names.gazetteer())[0]) for s in sentences]
        for claim in source["claims"]:
            if ontology().relations[claim["r"]].event_type is None:
                continue
            sentence, trigger = _trigger(sentences, claim["spans"].get("t") or claim["spans"]["s"])
            if sentence is None or trigger is None:
                continue
            own = source["kind"] == "own"
            weight = (1.0 if own else SILVER) * (1.0 if claim["req"] else OPTIONAL)
            times = list(candidates(chronicle, sentence, trigger, words(), claim["r"]))
            when = str(claim["when"]) if claim["when"] else None
            found["when"].append(
                Choice(
                    document.name, own, weight, when is not None, tuple(t.features for t in times), tuple(t.value for t in times),
                    tuple(when is not None and _same_time(when, t.value) for t in times),
                )
            )  # fmt: skip
            phrased = listed[sentence.index]
            taken = frozenset(p for role in ("s", "o") if (p := _phrase(phrased, sentence, claim["spans"].get(role))) is not None)
            places = list(spots(trigger, phrased, _is_place, words(), taken, claim["r"]))
            where = claim["where"]
            found["where"].append(
                Choice(
                    document.name, own, weight, bool(where), tuple(p.features for p in places), tuple(str(p.phrase.first) for p in places),
                    tuple(bool(where) and _same_place(p.phrase, where) for p in places),
                )
            )  # fmt: skip
    return found


def _trigger(sentences: Sequence[Sentence], span: tuple[int, int]) -> tuple[Sentence | None, Token | None]:
    sentence = next((s for s in sentences if s.base + s.span.start_char <= span[0] < s.base + s.span.end_char), None)
    if sentence is None:
        return None, None
    inside = _tokens(sentence, span)
    heads = [t for t in inside if t.head not in inside or t.head.i == t.i]
    return sentence, next((t for t in heads if t.pos_ in ("VERB", "NOUN", "PROPN", "AUX")), heads[0] if heads else None)


def _tokens(sentence: Sentence, span: tuple[int, int]) -> list[Token]:
    return [t for t in sentence.span if sentence.start(t) < span[1] and sentence.start(t) + len(t) > span[0]]


def _phrase(listed: Sequence[Phrase], sentence: Sentence, span: tuple[int, int] | None) -> Phrase | None:
    inside = {t.i for t in _tokens(sentence, span)} if span else set()
    return next((p for p in listed if p.head.i in inside), None)


@cache
def _known(text: str) -> str | None:
    found = names.place(text, names.gazetteer())
    return found.id if found else None


def _is_place(phrase: Phrase) -> bool:
    if _known(phrase.text) or phrase.label in ("GPE", "LOC", "FAC"):
        return True
    kind = nouns().type(phrase.head.lemma_.lower(), plural=False)
    return phrase.kind is Kind.NOMINAL and kind is EntityType.PLACE and any(t.pos_ == "PROPN" for t in phrase.tokens)


def _same_place(phrase: Phrase, name: str) -> bool:
    one, other = names.key(phrase.text), names.key(name)
    known = _known(phrase.text)
    return one == other or f" {one} " in f" {other} " or f" {other} " in f" {one} " or (known is not None and known == _known(name))


def _same_time(gold: str, value: str) -> bool:
    return gold.startswith(value) or value.startswith(gold) or gold.split("/")[0] == value.split("/")[0]


# ---- fitting ---------------------------------------------------------------------------------------------------------


def fit(rows: Iterable[Choice], features: Sequence[str]) -> dict[str, float]:
    """Weights under which the right candidates (or none) win, by L-BFGS."""
    index = {feature: n for n, feature in enumerate(features)}
    # A value that no candidate has teaches nothing.
    rows = [row for row in rows if row.features and (not row.wanted or any(row.right))]
    cells = [(n, index[f]) for n, found in enumerate(f for row in rows for f in row.features) for f in set(found) if f in index]
    of = np.array([n for n, row in enumerate(rows) for _ in row.features])
    right = np.array([float(r) for row in rows for r in row.right])
    none = np.array([float(not row.wanted) for row in rows])
    weight = np.array([row.weight * (1.0 if row.wanted else NONE) for row in rows])
    ones = np.ones(len(cells))
    matrix = csr_matrix((ones, ([n for n, _ in cells], [f for _, f in cells])), shape=(len(of), len(features)))

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        odds = np.exp(np.clip(matrix @ w, -30, 30))
        total = 1 + np.bincount(of, odds, len(rows))
        won = none + np.bincount(of, odds * right, len(rows))
        gradient = matrix.T @ ((weight / total)[of] * odds - (weight / won)[of] * odds * right) + RIDGE * w
        return float((weight * (np.log(total) - np.log(won))).sum() + RIDGE / 2 * w @ w), gradient

    solved = minimize(loss, np.zeros(len(features)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return {feature: float(solved[n]) for feature, n in index.items()}


def chosen(row: Choice, weights: dict[str, float], limits: Sequence[tuple[float, bool]]) -> int | None:
    """The candidate that would be given; `limits` are how likely it must be, as told or (True) by its month."""
    odds = np.exp([min(30.0, sum(weights.get(f, 0.0) for f in set(found))) for found in row.features])
    for limit, coarse in limits:
        sums: dict[str, float] = defaultdict(float)
        named = [days.coarse(value) if coarse else value for value in row.values]
        for value, one in zip(named, odds, strict=True):
            sums[value] += one / (1 + odds.sum())
        best = max(sums, key=lambda v: sums[v], default=None)
        if best is not None and sums[best] >= limit:
            return max((n for n, value in enumerate(named) if value == best), key=lambda n: odds[n])
    return None


def _fold(name: str) -> int:
    return int(hashlib.sha256(f"c{name}".encode()).hexdigest(), 16) % FOLDS


def tested(name: str, rows: Sequence[Choice], features: Sequence[str]) -> Iterator[str]:
    """One line for each kind of article: how the choices of held-out documents come out."""
    limits = [(circumstances.SURE, False), (circumstances.LIKELY, True)] if name == "when" else [(circumstances.THERE, False)]
    count: Counter[tuple[bool, str]] = Counter()
    for held in range(FOLDS):
        weights = fit([row for row in rows if _fold(row.document) != held], features)
        for row in rows:
            if _fold(row.document) == held:
                best = chosen(row, weights, limits)
                count[row.own, "wanted" if row.wanted else "none"] += 1
                count[row.own, "met"] += row.wanted and best is not None and row.right[best]
                count[row.own, "given"] += not row.wanted and best is not None
    for own in (True, False):
        if count[own, "wanted"]:
            met, given = count[own, "met"] / count[own, "wanted"], count[own, "given"] / count[own, "none"]
            kind = "own" if own else "silver"
            yield f"{name} {kind}: {met:.3f} of {count[own, 'wanted']} met, {given:.3f} of {count[own, 'none']} given where none is"


def main() -> None:
    """Fit, test, and with `--write` write the weights."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--shared", type=Path)
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    fitted: dict[str, Any] = {}
    for name, rows in choices(given.shared).items():
        seen = Counter(f for row in rows for found in row.features for f in set(found))
        features = sorted(f for f, n in seen.items() if n >= RARE)
        print(*tested(name, rows, features), sep="\n")
        fitted[name] = {f: round(w, 2) for f, w in fit(rows, features).items() if abs(w) >= 0.05}
    if given.write:
        WEIGHTS.write_text(yaml.safe_dump(fitted, allow_unicode=True, width=140, sort_keys=True), encoding="utf-8")
        attachment.weights.cache_clear()


if __name__ == "__main__":
    main()
