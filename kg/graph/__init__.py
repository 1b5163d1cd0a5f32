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
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from networkx import MultiDiGraph

from kg.model import Assembly, Claim, Document, Entity, Event, Fact, Mention, Span
from kg.ontology import ontology

if TYPE_CHECKING:
    PropertyGraph: TypeAlias = MultiDiGraph[str]
else:
    PropertyGraph = MultiDiGraph

Property: TypeAlias = str | int | float | bool | date | tuple[str, ...]


class Node(NamedTuple):
    """A node: its key (`claim/3f...`), its labels, the kind first, and its properties, `id` among them."""

    key: str
    labels: tuple[str, ...]
    properties: dict[str, Property]


class Edge(NamedTuple):
    """A relationship from one node's key to another's; its own key is unique in the graph."""

    key: str
    start: str
    end: str
    type: str
    properties: dict[str, Property]


class Unit(NamedTuple):
    """A node with the relationships that start at it and say what it is: it is written, changed and removed as one."""

    node: Node
    edges: tuple[Edge, ...] = ()


_EVIDENCE: Mapping[str, str] = {"text": "string", "text_start": "int", "text_end": "int"}

NODES: Mapping[str, Mapping[str, str]] = {
    "Document": {
        "id": "string", "name": "string", "title": "string", "url": "string", "publisher": "string",
        "published": "date", "published_from": "string", "language": "string", "sha256": "string",
        "read_from": "string", "text": "string", "body": "string"},
    "Entity": {
        "id": "string", "label": "string", "country": "string", "sector": "string", "wikidata": "string",
        "aliases": "strings"},
    "Event": {
        "id": "string", "relation": "string", "event_type": "string", "mode": "string", "modality": "string",
        "polarity": "string", "earliest": "date", "earliest_claim": "string", "latest": "date",
        "latest_claim": "string", "quantities": "string"},
    "Claim": {
        "id": "string", "relation": "string", "label": "string", "event_type": "string", "mode": "string",
        "polarity": "string", "modality": "string", "confidence": "float", "extractor": "string", "time": "string",
        "earliest": "date", "latest": "date", "quantity_min": "float", "quantity_max": "float",
        "quantity_unit": "string", "quantity_approximate": "bool", "sentence": "string", "sentence_start": "int",
        "sentence_end": "int", "trigger": "string", "trigger_start": "int", "trigger_end": "int",
        "time_text": "string", "time_text_start": "int", "time_text_end": "int", "quantity_text": "string",
        "quantity_text_start": "int", "quantity_text_end": "int"},
}
"""Every property of each kind of node, with its type: string, strings (several), int, float, bool or date."""

EDGES: Mapping[str, Mapping[str, str]] = {
    "SUBJECT": _EVIDENCE, "OBJECT": _EVIDENCE, "PLACE": _EVIDENCE, "ATTRIBUTED_TO": {"depth": "int", **_EVIDENCE},
    "REPORTED_IN": {}, "ABOUT": {}}
"""Every property of each type of relationship that is no fact."""

FACT: Mapping[str, str] = {
    "fact_id": "string", "relation": "string", "label": "string", "event_type": "string", "mode": "string",
    "status": "string", "claims": "int", "documents": "int", "publishers": "int", "belief": "float", "first": "date",
    "last": "date", "supported_by": "strings", "contradicted_by": "strings", "quoted": "strings"}
"""Every property of a fact."""


def property_graph(documents: Iterable[Document], claims: Iterable[Claim], assembly: Assembly) -> PropertyGraph:
    """The graph of graph.md's "Property graph".

    Nodes are `Entity` (and its type), `Event`, `Claim` and `Document`. A fact is one relationship between entities,
    named by its relation (`SENT_TROOPS_TO`). Claims point with `SUBJECT`, `OBJECT`, `ATTRIBUTED_TO`, `PLACE`,
    `REPORTED_IN` and `ABOUT`, events with `SUBJECT`, `OBJECT` and `PLACE`. What a claim names and the assembly or the
    documents lack is added from the claim. The order of the arguments makes no difference.
    """
    graph: PropertyGraph = MultiDiGraph()
    ordered = sorted(claims, key=lambda c: c.id)
    for document in sorted(documents, key=lambda d: d.id):
        _add(graph, Unit(document_node(document)))
    for entity in sorted(assembly.entities, key=lambda e: e.id):
        _add(graph, Unit(entity_node(entity)))
    for mention in (m for claim in ordered for m in _mentions(claim).values()):
        if f"entity/{mention.entity.id}" not in graph:
            _add(graph, Unit(entity_node(mention.entity)))
    for fact in sorted(assembly.facts, key=lambda f: f.id):
        _join(graph, fact_edge(fact))
    events: dict[str, str] = {}
    for event in sorted(assembly.events, key=lambda e: e.id):
        _add(graph, event_unit(event))
        events.update(dict.fromkeys(event.claims, event.id))
    for claim in ordered:
        if f"document/{claim.document}" not in graph:
            _add(graph, Unit(Node(f"document/{claim.document}", ("Document",), {"id": claim.document})))
        _add(graph, claim_unit(claim, events.get(claim.id)))
    return graph


def _add(graph: PropertyGraph, unit: Unit) -> None:
    graph.add_node(unit.node.key, labels=unit.node.labels, **unit.node.properties)
    for edge in unit.edges:
        _join(graph, edge)


def _join(graph: PropertyGraph, edge: Edge) -> None:
    graph.add_edge(edge.start, edge.end, key=edge.key, type=edge.type, **edge.properties)


def relationship_type(relation: str) -> str:
    """A relation's name in a property graph: `sentTroopsTo` is `SENT_TROOPS_TO`.

    It is made of letters of ASCII, digits and underscores, whatever the relation is called.
    """
    spelled = re.sub(r"[^A-Za-z0-9_]", lambda other: f"_{ord(other.group()):x}_", relation)
    type = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", spelled).upper()
    return type if type[:1].isalpha() else f"R_{type}"


def kind_of(key: str) -> str:
    """The kind of node that a key is of: `claim/3f...` is a `Claim`."""
    return key.partition("/")[0].capitalize()


def document_node(document: Document) -> Node:
    """A document, with its text."""
    return _node("document", document.id, "Document", name=document.name, title=document.title, url=document.url,
                 publisher=document.publisher, published=document.published, published_from=document.published_from,
                 language=document.language, sha256=document.sha256, read_from=document.source, text=document.text,
                 body=json.dumps(document.body))


def entity_node(entity: Entity) -> Node:
    """An entity, labelled with its type."""
    return _node("entity", entity.id, "Entity", str(entity.type), label=entity.label, country=entity.country,
                 sector=entity.sector, wikidata=entity.wikidata, aliases=entity.aliases)


def fact_edge(fact: Fact) -> Edge:
    """A fact: one relationship between two entities."""
    relation = ontology().relations.get(fact.relation)
    return _edge(
        f"entity/{fact.subject}", f"entity/{fact.object}", relationship_type(fact.relation), f"fact/{fact.id}",
        fact_id=fact.id, relation=fact.relation, label=relation.label if relation else fact.relation,
        event_type=relation.event_type if relation else None, mode=relation.mode if relation else None,
        status=str(fact.status), claims=len(fact.claims), documents=len(fact.documents), publishers=fact.publishers,
        belief=fact.belief, first=fact.first, last=fact.last, supported_by=fact.claims, contradicted_by=fact.against,
        quoted=fact.sources)


def event_unit(event: Event) -> Unit:
    """An event, pointing to its subject, object and places."""
    node = _node(
        "event", event.id, "Event", relation=event.relation, event_type=event.event_type, mode=event.mode,
        modality=str(event.modality), polarity=str(event.polarity), earliest=event.when.earliest,
        earliest_claim=event.when.earliest_claim, latest=event.when.latest, latest_claim=event.when.latest_claim,
        quantities=json.dumps([q.model_dump() for q in event.quantities]) if event.quantities else None)
    edges = [_edge(node.key, f"entity/{event.subject}", "SUBJECT", f"{node.key}/subject")]
    if event.object:
        edges.append(_edge(node.key, f"entity/{event.object}", "OBJECT", f"{node.key}/object"))
    edges += [_edge(node.key, f"entity/{place}", "PLACE", f"{node.key}/place/{place}") for place in event.places]
    return Unit(node, tuple(edges))


def claim_unit(claim: Claim, event: str | None) -> Unit:
    """A claim, pointing to what it names, its document and the event (by id) that it is about."""
    relation = ontology().relations.get(claim.relation)
    amount, time = claim.quantity, claim.time
    quantity: dict[str, Property | None] = {
        "quantity_min": amount.min, "quantity_max": amount.max, "quantity_unit": amount.unit,
        "quantity_approximate": amount.approximate} if amount else {}
    when: dict[str, Property | None] = {
        "time": time.value, "earliest": time.earliest, "latest": time.latest} if time else {}
    node = _node(
        "claim", claim.id, "Claim", relation=claim.relation,
        label=relation.label if relation else claim.relation, event_type=claim.event_type, mode=claim.mode,
        polarity=str(claim.polarity), modality=str(claim.modality), confidence=claim.confidence,
        extractor=claim.extractor, **when, **quantity, **_span("sentence", claim.sentence),
        **_span("trigger", claim.trigger), **_span("time_text", time), **_span("quantity_text", amount))
    edges = [_edge(node.key, f"entity/{mention.entity.id}", type,
                   f"{node.key}/{type.lower()}" + (f"/{depth}" if depth else ""), depth=depth or None,
                   **_span("text", mention))
             for (type, depth), mention in _mentions(claim).items()]
    edges.append(_edge(node.key, f"document/{claim.document}", "REPORTED_IN", f"{node.key}/reported_in"))
    if event is not None:
        edges.append(_edge(node.key, f"event/{event}", "ABOUT", f"{node.key}/about"))
    return Unit(node, tuple(edges))


def _node(kind: str, id: str, *labels: str, **properties: Property | None) -> Node:
    return Node(f"{kind}/{id}", labels, {"id": id, **_present(properties)})


def _edge(start: str, end: str, type: str, key: str, /, **properties: Property | None) -> Edge:
    return Edge(key, start, end, type, _present(properties))


def _present(properties: Mapping[str, Property | None]) -> dict[str, Property]:
    return {name: value for name, value in properties.items() if value is not None and value != ()}


def _span(name: str, span: Span | None) -> dict[str, Property | None]:
    """A span as three properties: the words under `name`, and where they stand."""
    return {name: span.text, f"{name}_start": span.start, f"{name}_end": span.end} if span else {}


def _mentions(claim: Claim) -> dict[tuple[str, int], Mention]:
    """What a claim names, by the type of relationship and the depth in the chain of sources (0 for the rest)."""
    named = {("SUBJECT", 0): claim.subject, ("OBJECT", 0): claim.object, ("PLACE", 0): claim.place}
    found = {role: mention for role, mention in named.items() if mention}
    return found | {("ATTRIBUTED_TO", depth): source for depth, source in enumerate(claim.attribution, start=1)}
