"""What many claims add up to: entities, events and facts (spec: graph.md, "What is assembled").

Pure and order-free: the same claims and documents, in any order and however often repeated, give the same assembly.
"""

import sqlite3
from collections.abc import Iterable

from kg.assemble.facts import THRESHOLD
from kg.assemble.ledger import Ledger, Totals
from kg.assemble.told import reading
from kg.model import Assembly, Change, Claim, Document, Entity, Event, Fact, Gone, Judgement, Merge

__all__ = ["THRESHOLD", "Ledger", "Totals", "assemble", "reading"]


def assemble(claims: Iterable[Claim], documents: Iterable[Document], judgements: Iterable[Judgement] = ()) -> Assembly:
    """Add claims up.

    `documents` are those that the claims are from; they are read once, and their texts are not kept. They say when a
    claim was published, by whom, and which documents copy one another. A document that is missing counts as undated,
    and as a publisher of its own. `judgements` are what people decided about entities, in the order of their decisions.
    """
    told: dict[str, list[Claim]] = {}
    for claim in claims:
        told.setdefault(claim.document, []).append(claim)
    ledger = Ledger(sqlite3.connect(":memory:"))
    for document in documents:
        if document.id in told:
            ledger.put(reading(document, told.pop(document.id)))
    for missing, found in told.items():
        ledger.put(reading(missing, found))
    ledger.judge(judgements)
    return _gathered(ledger.settle())


def _gathered(changes: Iterable[Change]) -> Assembly:
    things: list[Change] = [change for change in changes if not isinstance(change, Gone)]
    return Assembly(
        entities=tuple(sorted((t for t in things if isinstance(t, Entity)), key=lambda t: t.id)),
        events=tuple(sorted((t for t in things if isinstance(t, Event)), key=lambda t: t.id)),
        facts=tuple(sorted((t for t in things if isinstance(t, Fact)), key=lambda t: t.id)),
        merges=tuple(sorted((t for t in things if isinstance(t, Merge)), key=lambda t: (t.document, t.local))))
