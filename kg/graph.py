"""The property graph: documents, claims and what they add up to, as one networkx MultiDiGraph.

It stands under the exporters, the HTML view and the loaders of property-graph databases, and favours none of them.
Nodes are keyed `kind/id` (`entity/PRK`, `claim/3f...`), as in the IRIs of the RDF; edges are keyed by what they are,
so that the same parts give the same graph. Every node has `labels` (a tuple of names) and `id`, every edge `type`.
A property is a str, int, float, bool, date or a tuple of str; one without a value is left out.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from networkx import MultiDiGraph

from kg.model import Assembly, Claim, Document, Entity, Event, Fact, Mention, Span
from kg.ontology import ontology

if TYPE_CHECKING:
    PropertyGraph: TypeAlias = MultiDiGraph[str]
else:
    PropertyGraph = MultiDiGraph

Property: TypeAlias = str | int | float | bool | date | tuple[str, ...]


def property_graph(documents: Iterable[Document], claims: Iterable[Claim], assembly: Assembly) -> PropertyGraph:
    """The graph of graph.md's "Property graph".

    Nodes are `Entity` (and its type), `Event`, `Claim` and `Document`. A fact is one relationship between entities,
    named by its relation (`SENT_TROOPS_TO`). Claims point with `SUBJECT`, `OBJECT`, `ATTRIBUTED_TO`, `PLACE`,
    `REPORTED_IN` and `ABOUT`, events with `SUBJECT`, `OBJECT` and `PLACE`. What a claim names and the assembly or the
    documents lack is added from the claim. The order of the arguments makes no difference.
    """
    graph: PropertyGraph = MultiDiGraph()
    for document in sorted(documents, key=lambda d: d.id):
        _document(graph, document)
    for entity in sorted(assembly.entities, key=lambda e: e.id):
        _entity(graph, entity)
    ordered = sorted(claims, key=lambda c: c.id)
    for mention in (m for claim in ordered for m in _mentions(claim).values()):
        if _key("entity", mention.entity.id) not in graph:
            _entity(graph, mention.entity)
    for fact in sorted(assembly.facts, key=lambda f: f.id):
        _fact(graph, fact)
    events: dict[str, str] = {}
    for event in sorted(assembly.events, key=lambda e: e.id):
        _event(graph, event)
        events.update(dict.fromkeys(event.claims, event.id))
    for claim in ordered:
        _claim(graph, claim, events.get(claim.id))
    return graph


def relationship_type(relation: str) -> str:
    """A relation's name in a property graph: `sentTroopsTo` is `SENT_TROOPS_TO`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", relation).upper()


def _key(kind: str, id: str) -> str:
    return f"{kind}/{id}"


def _add(graph: PropertyGraph, kind: str, id: str, *labels: str, **properties: Property | None) -> str:
    key = _key(kind, id)
    graph.add_node(key, labels=labels, id=id, **_present(properties))
    return key


def _join(graph: PropertyGraph, start: str, end: str, type: str, /, *, key: str = "",
          **properties: Property | None) -> None:
    graph.add_edge(start, end, key=key or f"{start}/{type.lower()}", type=type, **_present(properties))


def _present(properties: Mapping[str, Property | None]) -> dict[str, Property]:
    return {name: value for name, value in properties.items() if value is not None and value != ()}


def _span(name: str, span: Span | None) -> dict[str, Property | None]:
    """A span as three properties: the words under `name`, and where they stand."""
    return {name: span.text, f"{name}_start": span.start, f"{name}_end": span.end} if span else {}


def _document(graph: PropertyGraph, document: Document) -> None:
    _add(graph, "document", document.id, "Document", name=document.name, title=document.title, url=document.url,
         publisher=document.publisher, published=document.published, published_from=document.published_from,
         language=document.language, sha256=document.sha256, read_from=document.source, text=document.text,
         body=json.dumps(document.body))


def _entity(graph: PropertyGraph, entity: Entity) -> None:
    _add(graph, "entity", entity.id, "Entity", str(entity.type), label=entity.label, country=entity.country,
         sector=entity.sector, wikidata=entity.wikidata, aliases=entity.aliases)


def _fact(graph: PropertyGraph, fact: Fact) -> None:
    relation = ontology().relations.get(fact.relation)
    _join(graph, _key("entity", fact.subject), _key("entity", fact.object), relationship_type(fact.relation),
          key=_key("fact", fact.id), fact_id=fact.id, relation=fact.relation,
          label=relation.label if relation else fact.relation, event_type=relation.event_type if relation else None,
          mode=relation.mode if relation else None, status=str(fact.status), claims=len(fact.claims),
          documents=len(fact.documents), publishers=fact.publishers, belief=fact.belief, first=fact.first,
          last=fact.last, supported_by=fact.claims, contradicted_by=fact.against, quoted=fact.sources)


def _event(graph: PropertyGraph, event: Event) -> None:
    key = _add(
        graph, "event", event.id, "Event", relation=event.relation, event_type=event.event_type, mode=event.mode,
        modality=str(event.modality), polarity=str(event.polarity), earliest=event.when.earliest,
        earliest_claim=event.when.earliest_claim, latest=event.when.latest, latest_claim=event.when.latest_claim,
        quantities=json.dumps([q.model_dump() for q in event.quantities]) if event.quantities else None)
    _join(graph, key, _key("entity", event.subject), "SUBJECT")
    if event.object:
        _join(graph, key, _key("entity", event.object), "OBJECT")
    for place in event.places:
        _join(graph, key, _key("entity", place), "PLACE", key=f"{key}/place/{place}")


def _mentions(claim: Claim) -> dict[tuple[str, int], Mention]:
    """What a claim names, by the type of relationship and the depth in the chain of sources (0 for the rest)."""
    named = {("SUBJECT", 0): claim.subject, ("OBJECT", 0): claim.object, ("PLACE", 0): claim.place}
    found = {role: mention for role, mention in named.items() if mention}
    return found | {("ATTRIBUTED_TO", depth): source for depth, source in enumerate(claim.attribution, start=1)}


def _claim(graph: PropertyGraph, claim: Claim, event: str | None) -> None:
    relation = ontology().relations.get(claim.relation)
    amount, time = claim.quantity, claim.time
    quantity: dict[str, Property | None] = {
        "quantity_min": amount.min, "quantity_max": amount.max, "quantity_unit": amount.unit,
        "quantity_approximate": amount.approximate} if amount else {}
    when: dict[str, Property | None] = {
        "time": time.value, "earliest": time.earliest, "latest": time.latest} if time else {}
    key = _add(
        graph, "claim", claim.id, "Claim", relation=claim.relation,
        label=relation.label if relation else claim.relation, event_type=claim.event_type, mode=claim.mode,
        polarity=str(claim.polarity), modality=str(claim.modality), confidence=claim.confidence,
        extractor=claim.extractor, **when, **quantity, **_span("sentence", claim.sentence),
        **_span("trigger", claim.trigger), **_span("time_text", time), **_span("quantity_text", amount))
    for (type, depth), mention in _mentions(claim).items():
        _join(graph, key, _key("entity", mention.entity.id), type,
              key=f"{key}/{type.lower()}/{depth}" if depth else "", depth=depth or None,
              **_span("text", mention))
    document = _key("document", claim.document)
    if document not in graph:
        _add(graph, "document", claim.document, "Document")
    _join(graph, key, document, "REPORTED_IN")
    if event is not None:
        _join(graph, key, _key("event", event), "ABOUT")
