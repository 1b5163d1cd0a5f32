"""Scores an extractor's claims against what people annotated: gold files, silver files, and coded sentences (PLV).

The figures are those of the reference scripts `score_gold.py` and `score_plv.py`, line by line: a run here and a run of
theirs on the exported claims say the same. Claims are given by the name of their document. `faults` says what went wrong.
"""

from kg.evaluate.faults import Cause, Fault, faults
from kg.evaluate.gold import Gold, GoldClaim, GoldError, load
from kg.evaluate.plv import PLV_TYPES, Coded, PlvScore, load_plv, score_plv
from kg.evaluate.scoring import Claims, Score, score, verdicts

__all__ = [
    "PLV_TYPES", "Cause", "Claims", "Coded", "Fault", "Gold", "GoldClaim", "GoldError", "PlvScore", "Score", "faults", "load",
    "load_plv", "score", "score_plv", "verdicts",
]
