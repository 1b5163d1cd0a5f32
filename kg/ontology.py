"""The ontology as data: what relations there are, what they may join, how they map to PLOVER, and the check of a claim.

Everything is read from the folder `ontology/` (package data of the wheel); adding a relation is an edit of `kg.ttl`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg.model import Claim, Document, EntityType, Frozen, Modality, Polarity

KGO = "https://w3id.org/geopolitical-kg/ontology#"
KGR = "https://w3id.org/geopolitical-kg/id/"
PREFIXES: Mapping[str, str] = {
    "kgo": KGO,
    "kgr": KGR,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "schema": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "wd": "http://www.wikidata.org/entity/",
}


class Relation(Frozen):
    """A relation that a claim may state; `domain` and `range` are the entity types allowed, subclasses included.

    One that is `asymmetric` cannot hold both ways at one time; a `symmetric` one always does.
    """

    id: str
    label: str
    reads: str
    domain: frozenset[EntityType]
    range: frozenset[EntityType]
    inverse: str | None = None
    symmetric: bool = False
    asymmetric: bool = False
    event_type: str | None = None
    mode: str | None = None
    cameo_root: str | None = None

    def read(self, subject: str, object: str) -> str:
        """The relation in plain words."""
        return self.reads.replace("{s}", subject).replace("{o}", object).strip()


class EntityClass(Frozen):
    """A class of the ontology, with its comment."""

    id: str
    label: str
    comment: str
    parents: tuple[str, ...]


class Ontology(Frozen):
    """The relations and classes; `planned_as` says what a planned act of a PLOVER type codes as."""

    relations: Mapping[str, Relation]
    classes: Mapping[str, EntityClass]
    planned_as: Mapping[str, str]
    quads: Mapping[str, str]

    def event(self, relation: str, modality: Modality, polarity: Polarity) -> tuple[str | None, str | None]:
        """The PLOVER event type and mode of a claim.

        A planned act codes as what planning it is (a promise of aid AGREE, of force THREATEN), without a mode. What is
        said not to have happened is no event: both are None.
        """
        known = self.relations[relation]
        if polarity is Polarity.NEGATIVE or known.event_type is None:
            return None, None
        if modality is Modality.PLANNED and known.event_type in self.planned_as:
            return self.planned_as[known.event_type], None
        return known.event_type, known.mode

    def fault(self, claim: Claim, document: Document) -> str | None:
        """Why the claim may not stand, or None where it may: the one check that every extractor's claims pass."""
        relation = self.relations.get(claim.relation)
        if relation is None:
            return f"unknown relation {claim.relation}"
        if claim.subject.entity.type not in relation.domain:
            return f"{claim.subject.entity.type} as subject of {claim.relation}"
        if claim.object and claim.object.entity.type not in relation.range:
            return f"{claim.object.entity.type} as object of {claim.relation}"
        if claim.object and claim.object.entity.id == claim.subject.entity.id:
            return f"{claim.relation} joins a thing with itself"
        if claim.document != document.id:
            return "claim of another document"
        if any(document.text[span.start:span.end] != span.text for span in claim.spans):
            return "cites what the text does not say"
        return None


def folder() -> Path:
    """Where the ontology lies: beside the package when installed, else the repository's `ontology/`."""
    packaged = Path(__file__).parent / "_ontology"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "ontology"


@cache
def ontology(path: Path | None = None) -> Ontology:
    """The ontology in `path`, a folder with `kg.ttl`; without one, the packaged one.

    Raises FileNotFoundError where there is no such file, SyntaxError where it is not Turtle.
    """
    graph = ox.Store()
    graph.load(path=str((path or folder()) / "kg.ttl"), format=ox.RdfFormat.TURTLE)

    def values(subject: ox.NamedNode, property: str) -> list[str]:
        found = graph.quads_for_pattern(subject, ox.NamedNode(_iri(property)), None)
        return [quad.object.value for quad in found if not isinstance(quad.object, ox.Triple)]

    def one(subject: ox.NamedNode, property: str) -> str | None:
        return next(iter(values(subject, property)), None)

    def instances(name: str) -> list[ox.NamedNode]:
        found = graph.quads_for_pattern(None, ox.NamedNode(_iri("rdf:type")), ox.NamedNode(_iri(name)))
        return sorted((quad.subject for quad in found if isinstance(quad.subject, ox.NamedNode)), key=lambda n: n.value)

    classes = {
        _local(node.value): EntityClass(
            id=_local(node.value), label=one(node, "rdfs:label") or "", comment=one(node, "rdfs:comment") or "",
            parents=tuple(sorted(_local(v) for v in values(node, "rdfs:subClassOf"))))
        for node in instances("owl:Class")}

    def types(subject: ox.NamedNode, property: str) -> frozenset[EntityType]:
        names: set[str] = set()
        for quad in graph.quads_for_pattern(subject, ox.NamedNode(_iri(property)), None):
            if isinstance(quad.object, ox.NamedNode):
                names.add(_local(quad.object.value))
            elif isinstance(quad.object, ox.BlankNode):
                names.update(_members(graph, quad.object))
        while more := {c.id for c in classes.values() if names & set(c.parents)} - names:
            names |= more
        return frozenset(t for t in EntityType if t.value in names)

    relations = {}
    for node in instances("kgo:Relation"):
        event = one(node, "kgo:eventType")
        inverse = one(node, "owl:inverseOf")
        relations[_local(node.value)] = Relation(
            id=_local(node.value), label=one(node, "rdfs:label") or _local(node.value),
            reads=one(node, "kgo:reads") or "{s} " + _local(node.value) + " {o}",
            domain=types(node, "rdfs:domain"), range=types(node, "rdfs:range"),
            inverse=_local(inverse) if inverse else None,
            symmetric=_iri("owl:SymmetricProperty") in values(node, "rdf:type"),
            asymmetric=_iri("owl:AsymmetricProperty") in values(node, "rdf:type"),
            event_type=_local(event) if event else None,
            mode=one(node, "kgo:ploverMode"), cameo_root=one(node, "kgo:cameoRoot"))
    events = instances("kgo:EventType")
    planned = {_local(e.value): _local(v) for e in events for v in values(e, "kgo:plannedAs")}
    quads = {_local(e.value): v for e in events for v in values(e, "kgo:quad")}
    return Ontology(relations=relations, classes=classes, planned_as=planned, quads=quads)


def _iri(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _members(graph: ox.Store, union: ox.BlankNode) -> list[str]:
    """Names of the classes in an owl:unionOf list."""
    def follow(node: ox.NamedNode | ox.BlankNode, property: str) -> ox.NamedNode | ox.BlankNode:
        found = next(graph.quads_for_pattern(node, ox.NamedNode(_iri(property)), None)).object
        assert isinstance(found, ox.NamedNode | ox.BlankNode)
        return found

    members = []
    node = follow(union, "owl:unionOf")
    while node.value != _iri("rdf:nil"):
        members.append(_local(follow(node, "rdf:first").value))
        node = follow(node, "rdf:rest")
    return members
