"""The property graph out of a store, part by part: what is larger than memory can be written to files and databases.

What is kept are the ids of entities, for each claim its event, and, as N-Triples, the triples of one kind. The order is the
store's own, which its content alone decides, so that the same store gives the same parts in the same order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby, islice

import pyoxigraph as ox

from kg.graph import Edge, Node, Unit, claim_unit, document_node, entity_node, event_unit, fact_edge
from kg.model import Assembly, Claim, Entity
from kg.rdf import identifier, read_assembly
from kg.store import Store

KINDS = ("Document", "Entity", "Event", "Claim")
"""The kinds of nodes, in an order in which every relationship of a unit ends at a node that is there already."""

_MANY = 2000
_OF_KIND = {"entity": "?s rdfs:label ?label ; ?p ?o", "event": "?s a kgo:Event ; ?p ?o", "fact": "?s a kgo:Fact ; ?p ?o"}
_AMOUNTS = "?event a kgo:Event ; kgo:quantity ?s . ?s ?p ?o"
_UNASSEMBLED = """ASK { ?claim kgo:subject|kgo:object|kgo:place|kgo:source ?entity
    FILTER NOT EXISTS { GRAPH kgr:graph\\/assembled { ?entity rdfs:label ?label } } }"""


class Parts:
    """The parts of the property graph of a store, the same as `property_graph` has, read as they are asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def units(self, kind: str) -> Iterator[Unit]:
        """All nodes of a kind (one of KINDS), with the relationships that are theirs."""
        if kind == "Document":
            return (Unit(document_node(document)) for document in self._store.documents())
        if kind == "Entity":
            return (Unit(entity_node(entity)) for entity in self.entities())
        if kind == "Event":
            return (event_unit(event) for piece in self.assembled("event") for event in piece.events)
        return (claim_unit(claim, self._events.get(claim.id)) for claim in self._store.claims())

    def facts(self) -> Iterator[Edge]:
        """All facts."""
        return (fact_edge(fact) for piece in self.assembled("fact") for fact in piece.facts)

    def nodes(self) -> Iterator[Node]:
        """All nodes, kind by kind."""
        return (unit.node for kind in KINDS for unit in self.units(kind))

    def edges(self) -> Iterator[Edge]:
        """All relationships: facts, then those of events and of claims."""
        yield from self.facts()
        for kind in ("Event", "Claim"):
            for unit in self.units(kind):
                yield from unit.edges

    def entities(self) -> Iterator[Entity]:
        """All entities: those assembled, then those that only claims name, as the first of them describes each."""
        seen: set[str] = set()
        for piece in self.assembled("entity"):
            for entity in piece.entities:
                seen.add(entity.id)
                yield entity
        if self._store.query(_UNASSEMBLED).answer:
            for entity in (entity for claim in self._store.claims() for entity in _named(claim)):
                if entity.id not in seen:
                    seen.add(entity.id)
                    yield entity

    def assembled(self, kind: str) -> Iterator[Assembly]:
        """What is assembled of a kind (entity, event or fact), in pieces."""
        whole = (list(group) for _, group in groupby(self._triples(_OF_KIND[kind]), key=lambda quad: quad.subject))
        if kind != "event":
            yield from map(read_assembly, _joined(whole))
            return
        claims: dict[str, list[str]] = defaultdict(list)
        for claim, event in self._events.items():
            claims[event].append(claim)
        amounts: dict[str, list[ox.Quad]] = defaultdict(list)
        for quad in self._triples(_AMOUNTS):
            owner = ox.NamedNode(str(quad.subject)[1:-1].partition("/amount/")[0])
            amounts[identifier(owner)].append(quad)
        for piece in _joined([*group, *amounts[identifier(group[0].subject)]] for group in whole):
            read = read_assembly(piece)
            yield read.model_copy(update={"events": tuple(
                event.model_copy(update={"claims": tuple(sorted(claims[event.id]))}) for event in read.events)})

    def _triples(self, pattern: str) -> Iterator[ox.Quad]:
        """Triples of what is assembled; they wait as N-Triples, far smaller than what is read from them."""
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH kgr:graph\\/assembled {{ {pattern} }} }}"
        return ox.parse(self._store.query(text).payload, format=ox.RdfFormat.N_TRIPLES)

    @cached_property
    def _events(self) -> dict[str, str]:
        """The event of each claim, by their ids."""
        ids: dict[str, str] = {}
        return {identifier(quad.subject): ids.setdefault(event := identifier(quad.object), event)
                for quad in self._triples("?s kgo:event ?o BIND(kgo:event AS ?p)")}


def _joined(groups: Iterable[list[ox.Quad]]) -> Iterator[list[ox.Quad]]:
    """Groups of quads, many in one list."""
    groups = iter(groups)
    while some := list(islice(groups, _MANY)):
        yield [quad for group in some for quad in group]


def _named(claim: Claim) -> Iterator[Entity]:
    mentions = (claim.subject, claim.object, claim.place, *claim.attribution)
    return (mention.entity for mention in mentions if mention)
