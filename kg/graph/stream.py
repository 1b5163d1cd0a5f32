"""The property graph out of a store, part by part: what is larger than memory can be written to files and databases.

What is kept are the ids of entities and, for each claim, its event. The order is the store's own, which its content
alone decides, so that the same store gives the same parts in the same order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby, islice

import pyoxigraph as ox

from kg.graph import Edge, Node, Unit, claim_unit, document_node, entity_node, event_unit, fact_edge
from kg.model import Assembly, Claim, Entity
from kg.ontology import KGR
from kg.rdf import ASSEMBLED, identifier, read_assembly, term
from kg.store import Store

KINDS = ("Document", "Entity", "Event", "Claim")
"""The kinds of nodes, in an order in which every relationship of a unit ends at a node that is there already."""

_MANY = 2000
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
        prefix = f"{KGR}{kind}/"
        quads = (q for q in self._quads() if isinstance(q.subject, ox.NamedNode) and q.subject.value.startswith(prefix))
        whole = (list(group) for _, group in groupby(quads, key=lambda quad: quad.subject))
        if kind != "event":
            yield from map(read_assembly, _joined(whole))
            return
        claims: dict[str, list[str]] = defaultdict(list)
        for claim, event in self._events.items():
            claims[event].append(claim)
        own = (group for group in whole if "/amount/" not in str(group[0].subject))
        for piece in _joined([*group, *self._amounts[identifier(group[0].subject)]] for group in own):
            read = read_assembly(piece)
            yield read.model_copy(update={"events": tuple(
                event.model_copy(update={"claims": tuple(sorted(claims[event.id]))}) for event in read.events)})

    def _quads(self) -> Iterator[ox.Quad]:
        return (quad for quad in self._store.quads() if quad.graph_name == ASSEMBLED)

    @cached_property
    def _events(self) -> dict[str, str]:
        """The event of each claim, by their ids."""
        about = term("kgo:event")
        ids: dict[str, str] = {}
        return {identifier(quad.subject): ids.setdefault(event := identifier(quad.object), event)
                for quad in self._quads() if quad.predicate == about}

    @cached_property
    def _amounts(self) -> dict[str, list[ox.Quad]]:
        """What is said of the quantities of events, which stand apart from them, by the event's id."""
        amounts: dict[str, list[ox.Quad]] = defaultdict(list)
        for quad in self._quads():
            thing, amount, _ = str(quad.subject)[1:-1].partition("/amount/")
            if amount and thing.startswith(f"{KGR}event/"):
                amounts[identifier(ox.NamedNode(thing))].append(quad)
        return amounts


def _joined(groups: Iterable[list[ox.Quad]]) -> Iterator[list[ox.Quad]]:
    """Groups of quads, many in one list."""
    groups = iter(groups)
    while some := list(islice(groups, _MANY)):
        yield [quad for group in some for quad in group]


def _named(claim: Claim) -> Iterator[Entity]:
    mentions = (claim.subject, claim.object, claim.place, *claim.attribution)
    return (mention.entity for mention in mentions if mention)
