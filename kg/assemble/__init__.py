"""What many claims add up to: entities, events and facts (spec: graph.md, "What is assembled").

Pure and order-free: the same claims and documents, in any order and however often repeated, give the same assembly.
"""

from collections.abc import Iterable

from kg.assemble.entities import entities
from kg.assemble.events import events
from kg.assemble.facts import THRESHOLD, facts
from kg.assemble.independence import independence
from kg.model import Assembly, Claim, Document

__all__ = ["THRESHOLD", "assemble"]


def assemble(claims: Iterable[Claim], documents: Iterable[Document]) -> Assembly:
    """Add claims up.

    `documents` are those that the claims are from; they are read once, and their texts are not kept. They say when a
    claim was published, by whom, and which documents copy one another. A document that is missing counts as undated,
    and as a publisher of its own.
    """
    unique = [claim for _, claim in sorted({claim.id: claim for claim in claims}.items())]
    sources = independence(unique, documents)
    return Assembly(entities=entities(unique), events=events(unique, sources.published), facts=facts(unique, sources))
