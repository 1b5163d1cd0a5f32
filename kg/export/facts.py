"""The facts as a table."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO

from kg.graph.stream import Parts
from kg.ontology import ontology
from kg.store import Store

FACT_COLUMNS = (
    "id", "subject", "subject_label", "subject_type", "relation", "object", "object_label", "object_type", "reading",
    "event_type", "mode", "status", "belief", "first", "last", "claims", "against", "documents", "publishers",
    "sources", "claim_ids", "against_ids", "document_ids")


def facts(store: Store, stream: IO[bytes]) -> None:
    """The facts as CSV (RFC 4180, UTF-8), a row each under FACT_COLUMNS, lists joined by spaces."""
    text = TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    try:
        rows = csv.writer(text)
        rows.writerow(FACT_COLUMNS)
        rows.writerows(_rows(Parts(store)))
    finally:
        text.detach()


def _rows(parts: Parts) -> Iterator[tuple[object, ...]]:
    named = {entity.id: (entity.label, entity.type) for entity in parts.entities()}
    for fact in (fact for piece in parts.assembled("fact") for fact in piece.facts):
        relation = ontology().relations.get(fact.relation)
        (subject, subject_type), (object, object_type) = named[fact.subject], named[fact.object]
        yield (
            fact.id, fact.subject, subject, subject_type, fact.relation, fact.object, object, object_type,
            relation.read(subject, object) if relation else "", relation and relation.event_type,
            relation and relation.mode, fact.status, fact.belief, fact.first, fact.last, len(fact.claims),
            len(fact.against), len(fact.documents), fact.publishers, " ".join(fact.sources), " ".join(fact.claims),
            " ".join(fact.against), " ".join(fact.documents))
