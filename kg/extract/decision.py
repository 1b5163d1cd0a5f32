"""The decision: how likely a candidate is right, from what the lexicon, the learned reader and coreference say.

A logistic regression over a few features; `decision.json` beside this file holds its weights, fitted by
`training/calibrate.py` on documents that the reader was not trained on, so that its probabilities are calibrated.
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kg.extract.candidates import Candidate
from kg.extract.discourse import Named
from kg.extract.phrases import Kind

FILE = Path(__file__).parent / "decision.json"
LEAST = 0.01
# The ridge holds a feature of this size back more than others.
SLIGHT = 0.3


def features(candidate: Candidate, subject: Named, object_: Named | None) -> dict[str, float]:
    """The features of a candidate whose phrases name these things; `reader` ones only where a reader saw it."""
    found = {"bias": 1.0, f"relation {candidate.relation}": SLIGHT}
    if candidate.learned is not None:
        found["reader"] = _logit(candidate.learned)
        found["reader any"] = _logit(candidate.any)
        found["reader bias"] = 1.0
    if candidate.lexical:
        kind = candidate.frame.partition(":")[0]
        found[f"lexicon {kind}"] = 1.0
        found["lexicon"] = _logit(candidate.lexical)
    for role, named in (("subject", subject), ("object", object_)):
        if named is None:
            found[f"no {role}"] = 1.0
            continue
        if len(named.referents) > 1:
            found[f"{role} set"] = 1.0
        if named.phrase.kind is not Kind.NAME:
            found[f"{role} {named.phrase.kind.value} {named.how}"] = 1.0
    return found


def weighed(candidate: Candidate, subject: Named, object_: Named | None) -> dict[str, tuple[float, float]]:
    """The features of a candidate, each with its value and its weight."""
    weights = _weights()["reader" if candidate.learned is not None else "lexicon"]
    return {name: (value, weights.get(name, 0.0)) for name, value in features(candidate, subject, object_).items()}


def probability(candidate: Candidate, subject: Named, object_: Named | None) -> float:
    """How likely the candidate is right, 0 to 1."""
    score = sum(value * weight for value, weight in weighed(candidate, subject, object_).values())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def _logit(value: float) -> float:
    bounded = min(1 - LEAST, max(LEAST, value))
    return math.log(bounded / (1 - bounded))


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    weights: Mapping[str, Mapping[str, float]] = json.loads(FILE.read_text(encoding="utf-8"))
    return weights
