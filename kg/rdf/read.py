"""Quads back to core types, without loss: the inverse of `kg.rdf.write`."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

import pyoxigraph as ox

from kg.model import (
    Assembly,
    Claim,
    DateRange,
    Document,
    Entity,
    EntityType,
    Event,
    Fact,
    Merge,
    QuantityRange,
)
from kg.rdf.record import from_record
from kg.rdf.terms import Node, Value, identifier, term


def read_document(quads: Iterable[ox.Quad]) -> Document:
    """The document of one document graph. Raises LookupError where there is none."""
    graph = _Graph(quads)
    node = next(iter(graph.of_type("kgo:Document")), None)
    if node is None:
        raise LookupError("no document in this graph")
    return Document(
        id=identifier(node), name=graph.text(node, "dcterms:identifier") or "", text=graph.text(node, "kgo:text") or "",
        sha256=graph.text(node, "schema:sha256") or "", title=graph.text(node, "schema:headline"),
        url=graph.text(node, "schema:url"), publisher=graph.text(node, "schema:publisher"),
        published=graph.date(node, "schema:datePublished"), published_from=graph.text(node, "kgo:publishedFrom"),
        language=graph.text(node, "schema:inLanguage") or "", source=graph.text(node, "dcterms:source"),
        body=tuple((graph.count(n, "oa:start"), graph.count(n, "oa:end")) for n in graph.numbered(node, "kgo:body")))


def read_claims(quads: Iterable[ox.Quad], *, name: Callable[[str], str] = str) -> list[Claim]:
    """The claims of document graphs, sorted by document, place in the text and id.

    They are as they were read, whatever their names were found to stand for since; `name` says what an entity's id is
    to be.
    """
    graph = _Graph(quads)
    documents = sorted(graph.of_type("kgo:Document"), key=identifier)
    return [claim for node in documents for claim in from_record(
        graph.text(node, "kgo:record") or "", document=identifier(node), text=graph.text(node, "kgo:text") or "", name=name)]


def read_assembly(quads: Iterable[ox.Quad]) -> Assembly:
    """The assembly of the graph `kgr:graph/assembled`."""
    graph = _Graph(quads)
    claims: dict[Value, list[str]] = defaultdict(list)
    for claim, properties in graph.nodes.items():
        for event in properties.get(term("kgo:event"), ()):
            claims[event].append(identifier(claim))
    return Assembly(
        entities=tuple(sorted((_entity(graph, n) for n in graph.nodes if graph.one(n, "rdfs:label")), key=_id)),
        events=tuple(sorted((_event(graph, n, claims[n]) for n in graph.of_type("kgo:Event")), key=_id)),
        facts=tuple(sorted((_fact(graph, node) for node in graph.of_type("kgo:Fact")), key=_id)),
        merges=tuple(sorted((_merge(graph, n) for n in graph.nodes if graph.one(n, "kgo:resolvedTo")),
                            key=lambda merge: (merge.document, merge.local))))


def _id(thing: Entity | Event | Fact) -> str:
    return thing.id


class _Graph:
    """Quads, found by subject and property."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.nodes: dict[Node, dict[Node, list[Value]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            if isinstance(quad.subject, Node):
                self.nodes[quad.subject][quad.predicate].append(quad.object)

    def all(self, node: Value, curie: str) -> list[Value]:
        properties = self.nodes.get(node) if isinstance(node, Node) else None
        return properties.get(term(curie), []) if properties else []

    def one(self, node: Value, curie: str) -> Value | None:
        return next(iter(self.all(node, curie)), None)

    def name(self, node: Value, curie: str) -> str | None:
        """The id or name of the thing that a property leads to."""
        value = self.one(node, curie)
        return None if value is None else identifier(value)

    def names(self, node: Value, curie: str) -> tuple[str, ...]:
        return tuple(sorted(map(identifier, self.all(node, curie))))

    def text(self, node: Value, curie: str) -> str | None:
        value = self.one(node, curie)
        return value.value if isinstance(value, ox.Literal) else None

    def number(self, node: Value, curie: str) -> float | None:
        text = self.text(node, curie)
        return None if text is None else float(text)

    def count(self, node: Value, curie: str) -> int:
        return int(self.text(node, curie) or 0)

    def date(self, node: Value, curie: str) -> date | None:
        text = self.text(node, curie)
        return date.fromisoformat(text) if text else None

    def of_type(self, curie: str) -> list[Node]:
        type, kind = term("rdf:type"), term(curie)
        return [node for node, properties in self.nodes.items() if kind in properties.get(type, ())]

    def numbered(self, node: Node, curie: str) -> list[Node]:
        """The nodes that a property leads to, in the order of the numbers that their IRIs end in."""
        nodes = (value for value in self.all(node, curie) if isinstance(value, Node))
        return sorted(nodes, key=lambda node: int(node.value.rsplit("/", 1)[1]))


def _entity(graph: _Graph, node: Node) -> Entity:
    types = graph.names(node, "rdf:type")
    return Entity(
        id=identifier(node), label=graph.text(node, "rdfs:label") or "", type=next(t for t in EntityType if t in types),
        country=graph.text(node, "kgo:country"), sector=graph.text(node, "kgo:sector"),
        wikidata=graph.name(node, "owl:sameAs"),
        aliases=tuple(sorted(v.value for v in graph.all(node, "skos:altLabel") if isinstance(v, ox.Literal))))


def _event(graph: _Graph, node: Node, claims: Iterable[str]) -> Event:
    return Event.model_validate({
        "id": identifier(node), **_triple(graph, node), "event_type": graph.name(node, "kgo:eventType"),
        "mode": graph.text(node, "kgo:mode"), "modality": graph.name(node, "kgo:modality"),
        "polarity": graph.name(node, "kgo:polarity"), "places": graph.names(node, "kgo:place"),
        "when": DateRange(
            earliest=graph.date(node, "kgo:earliest"), earliest_claim=graph.name(node, "kgo:earliestClaim"),
            latest=graph.date(node, "kgo:latest"), latest_claim=graph.name(node, "kgo:latestClaim")),
        "quantities": tuple(QuantityRange(
            unit=graph.text(n, "kgo:unit"), min=graph.number(n, "kgo:min"), min_claim=graph.name(n, "kgo:minClaim"),
            max=graph.number(n, "kgo:max"), max_claim=graph.name(n, "kgo:maxClaim"))
            for n in graph.numbered(node, "kgo:quantity")),
        "claims": tuple(sorted(claims)), "against": graph.names(node, "kgo:contradictedByClaim"),
        "documents": graph.names(node, "prov:wasDerivedFrom")})


def _merge(graph: _Graph, node: Node) -> Merge:
    return Merge(document=graph.name(node, "kgo:inDocument") or "", local=graph.text(node, "kgo:localName") or "",
                 entity=graph.name(node, "kgo:resolvedTo") or "", because=graph.text(node, "kgo:because") or "")


def _fact(graph: _Graph, node: Node) -> Fact:
    return Fact.model_validate({
        "id": identifier(node), **_triple(graph, node), "status": graph.name(node, "kgo:status"),
        "claims": graph.names(node, "kgo:supportedByClaim"), "against": graph.names(node, "kgo:contradictedByClaim"),
        "documents": graph.names(node, "prov:wasDerivedFrom"), "publishers": graph.count(node, "kgo:publishers"),
        "sources": graph.names(node, "kgo:source"), "belief": graph.number(node, "kgo:belief"),
        "first": graph.date(node, "kgo:earliest"), "last": graph.date(node, "kgo:latest")})


def _triple(graph: _Graph, node: Node) -> dict[str, str]:
    return {end: graph.name(node, f"kgo:{end}") or "" for end in ("subject", "relation", "object")}
