"""Coded sentences (PLV): one coder's word for who did what to whom, and the scores against it."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from kg.evaluate.gold import Annotated, GoldError
from kg.evaluate.scoring import Claims
from kg.model import Claim, Frozen

PLV_TYPES = ("ACCUSE", "AGREE", "AID", "ASSAULT", "COERCE", "CONSULT", "COOPERATE", "MOBILIZE", "PROTEST", "REJECT",
             "REQUEST", "SANCTION", "SUPPORT", "THREATEN", "YIELD")
"""The event types of PLV, which knows CONCEDE and RETREAT as YIELD."""

_PLV_SYMMETRIC = frozenset({
    "agreedWith", "metWith", "phoned", "negotiatedWith", "establishedTiesWith", "cooperatedWith", "heldJointDrillsWith",
    "ceasedFireWith", "foughtWith"})
_PLV_STOP = frozenset({"the", "a", "an", "of", "in", "on", "s", "and", "to", "for", "its", "his", "her", "their"})


class Coded(Annotated):
    """A sentence of PLV with what one coder saw in it: who did what (a PLOVER event type) to whom."""

    id: str
    source: str
    target: str | None = None
    event: str


class PlvScore(Frozen):
    """Scores over coded sentences, and the report in the words of the reference script."""

    lines: tuple[str, ...] = Field(repr=False)
    macro_f1: float
    accuracy: float
    coverage: float
    precision: float

    def __str__(self) -> str:
        return "\n".join(self.lines)


def load_plv(path: str | Path) -> list[Coded]:
    """The coded sentences of a file, one JSON object a line.

    Raises GoldError where it cannot be read or has not that form.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        return [Coded.model_validate_json(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise GoldError(f"{path}: {' '.join(str(error).split())[:200]}") from error


def score_plv(claims: Claims, gold: Sequence[Coded], *, errors: int = 0) -> PlvScore:
    """Score the claims of single sentences against their coding; see `score_plv.py` for what each figure means."""
    tp: Counter[str] = Counter()
    fp: Counter[str] = Counter()
    fn: Counter[str] = Counter()
    answered = right = typed = paired = 0
    misses: list[str] = []
    for row in gold:
        found = [claim for claim in claims.get(row.id, ()) if _coded(claim) in PLV_TYPES]
        joined = sorted((claim for claim in found if _joins(claim, row)), key=lambda claim: -claim.confidence)
        answer = _coded(joined[0]) if joined else None
        typed += any(_coded(claim) == row.event for claim in found)
        paired += bool(joined)
        answered += answer is not None
        if answer == row.event:
            right += 1
            tp[row.event] += 1
            continue
        fn[row.event] += 1
        if answer:
            fp[answer] += 1
        misses.append(json.dumps({
            "gold": row.model_dump(), "answer": answer,
            "found": [[c.subject.entity.label, c.relation, c.object.entity.label if c.object else None] for c in found],
        }, ensure_ascii=False))
    f1 = {kind: 2 * tp[kind] / max(1, 2 * tp[kind] + fp[kind] + fn[kind]) for kind in PLV_TYPES}
    rows = max(1, len(gold))
    macro, accuracy, coverage = sum(f1.values()) / len(PLV_TYPES), right / rows, answered / rows
    precision = right / max(1, answered)
    return PlvScore(macro_f1=macro, accuracy=accuracy, coverage=coverage, precision=precision, lines=(
        " ".join(f"{kind} {f1[kind]:.2f}" for kind in PLV_TYPES),
        *misses[:errors],
        f"macro-F1 {macro:.3f}  accuracy {accuracy:.3f}  coverage {coverage:.3f}  precision {precision:.3f}  "
        f"type {typed / rows:.3f}  pair {paired / rows:.3f}  rows {len(gold)}"))


def _coded(claim: Claim) -> str | None:
    return "YIELD" if claim.event_type in ("CONCEDE", "RETREAT") else claim.event_type


def _joins(claim: Claim, row: Coded) -> bool:
    """Whether the claim joins the pair of the row."""
    s, o = (_words(mention.text) | _words(mention.entity.label) if mention else set()
            for mention in (claim.subject, claim.object))
    source, target = _words(row.source), _words(row.target or "")
    ways = [(s, o), (o, s)] if claim.relation in _PLV_SYMMETRIC else [(s, o)]
    return any(a & source and (not target or b & target) for a, b in ways)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W_]+", text.lower()) if word not in _PLV_STOP}
