"""Core types to quads: documents with their claims, assemblies, the ontology (spec: graph.md, "RDF")."""

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from kg.model import Assembly, Claim, Document, Ends, Entity, Event, Fact, Mention, Merge, Span, content_id
from kg.ontology import KGR, PREFIXES, folder, ontology
from kg.rdf.record import record
from kg.rdf.terms import ASSEMBLED, EDTF, ONTOLOGY, Node, Value, iri, named, term, triple_key

_Triple = tuple[Node, str, Value]


def document_quads(document: Document, claims: Iterable[Claim], *, read_by: str | None = None) -> Iterator[ox.Quad]:
    """The named graph of a document: its metadata and text, its claims, and their record.

    `read_by` names the extractor that read it. Claims join what the document's own names say; `ends_quads` gives what
    they join in the end. What entities are stands in the assembled graph alone, for in the union of all graphs a triple
    that many documents repeat would count as often. Of claims with one id the surest is kept. Raises ValueError where a
    claim is another document's.
    """
    graph = iri("document", document.id)
    unique: dict[str, Claim] = {}
    for claim in claims:
        if claim.document != document.id:
            raise ValueError(f"claim {claim.id} is of document {claim.document}, not {document.id}")
        if claim.id not in unique or unique[claim.id].confidence < claim.confidence:
            unique[claim.id] = claim
    kept = record(unique.values(), document.text)
    seen: set[Node] = set()
    for subject, property, value in _document(document):
        yield ox.Quad(subject, term(property), value, graph)
    if read_by is not None:
        yield ox.Quad(graph, term("kgo:readBy"), iri("extractor", read_by), graph)
    yield ox.Quad(graph, term("kgo:record"), ox.Literal(kept), graph)
    version = content_id(document.model_dump_json(), kept, read_by)
    yield ox.Quad(graph, term("kgo:version"), ox.Literal(version), graph)
    for claim in unique.values():
        yield from ends_quads(ends_of(claim))
        for subject, property, value in _claim(claim, graph, seen):
            yield ox.Quad(subject, term(property), value, graph)


def ends_quads(ends: Ends) -> Iterator[ox.Quad]:
    """What a claim joins, in the graph of its document."""
    graph, node = iri("document", ends.document), iri("claim", ends.claim)
    triples: list[_Triple] = [(node, "kgo:subject", iri("entity", ends.subject)), (
        node, "kgo:tripleKey", ox.Literal(triple_key(ends.subject, ends.relation, ends.object)))]
    if ends.object:
        triples.append((node, "kgo:object", iri("entity", ends.object)))
    if ends.place:
        triples.append((node, "kgo:place", iri("entity", ends.place)))
    for depth, source in enumerate(ends.sources, start=1):
        triples.append((_attribution(node, depth), "kgo:source", iri("entity", source)))
    return (ox.Quad(subject, term(property), value, graph) for subject, property, value in triples)


END_PROPERTIES = ("kgo:subject", "kgo:tripleKey", "kgo:object", "kgo:place")
"""The properties of a claim that `ends_quads` writes; the sources are those of its attributions."""


def ends_nodes(ends: Ends) -> list[Node]:
    """The nodes of a claim that have ends: itself, and each of its attributions."""
    node = iri("claim", ends.claim)
    return [node, *(_attribution(node, depth) for depth in range(1, len(ends.sources) + 1))]


def ends_of(claim: Claim, names: Mapping[tuple[str, str], str] | None = None) -> Ends:
    """What a claim joins; `names` has the entities that names of documents stand for, by document and name."""
    def of(mention: Mention) -> str:
        return (names or {}).get((claim.document, mention.entity.id), mention.entity.id)

    return Ends(
        claim=claim.id, document=claim.document, subject=of(claim.subject), relation=claim.relation,
        object=of(claim.object) if claim.object else "", place=of(claim.place) if claim.place else "",
        sources=tuple(map(of, claim.attribution)))


def _attribution(claim: Node, depth: int) -> Node:
    return Node(f"{claim.value}/attribution/{depth}")


def assembly_quads(assembly: Assembly) -> Iterator[ox.Quad]:
    """The graph `kgr:graph/assembled`: entities, facts with their direct triples, events, and what was merged."""
    for things in (assembly.entities, assembly.facts, assembly.events, assembly.merges):
        for thing in things:
            yield from thing_quads(thing)


def thing_quads(thing: Entity | Event | Fact | Merge) -> Iterator[ox.Quad]:
    """One thing in the graph `kgr:graph/assembled`; a fact with its direct triple, an event with what its claims are of."""
    match thing:
        case Entity():
            triples = _entity(thing)
        case Fact():
            yield from _direct(thing)
            triples = _fact(thing)
        case Event():
            triples = _event(thing)
        case Merge():
            triples = _merge(thing)
    yield from (ox.Quad(subject, term(property), value, ASSEMBLED) for subject, property, value in triples)


def _direct(fact: Fact) -> Iterator[ox.Quad]:
    ends = iri("entity", fact.subject), iri("entity", fact.object)
    relation = ontology().relations.get(fact.relation)
    yield ox.Quad(ends[0], named(fact.relation), ends[1], ASSEMBLED)
    if relation and relation.symmetric:
        yield ox.Quad(ends[1], named(fact.relation), ends[0], ASSEMBLED)


@cache
def _ontology_triples() -> tuple[ox.Quad, ...]:
    names: dict[str, Node] = {}

    def skolem(node: Any) -> Any:
        if not isinstance(node, ox.BlankNode):
            return node
        return names.setdefault(node.value, Node(f"{KGR}genid/ontology-{len(names) + 1}"))

    parsed = ox.parse(path=str(folder() / "kg.ttl"), format=ox.RdfFormat.TURTLE)
    return tuple(ox.Quad(skolem(q.subject), q.predicate, skolem(q.object), ONTOLOGY) for q in parsed)


def ontology_quads() -> Iterator[ox.Quad]:
    """The ontology as the graph `kgr:graph/ontology`; its blank nodes get IRIs, in the order of the file.

    Raises FileNotFoundError where there is no `kg.ttl`, SyntaxError where it is not Turtle.
    """
    yield from _ontology_triples()


def _document(document: Document) -> Iterator[_Triple]:
    node = iri("document", document.id)
    yield node, "rdf:type", term("kgo:Document")
    yield node, "rdf:type", term("schema:NewsArticle")
    yield node, "dcterms:identifier", ox.Literal(document.name)
    yield node, "schema:sha256", ox.Literal(document.sha256)
    yield node, "schema:inLanguage", ox.Literal(document.language)
    yield node, "kgo:text", ox.Literal(document.text)
    if document.published:
        yield node, "schema:datePublished", _date(document.published)
    for property, text in (("schema:headline", document.title), ("schema:publisher", document.publisher),
                           ("kgo:publishedFrom", document.published_from), ("dcterms:source", document.source)):
        if text is not None:
            yield node, property, ox.Literal(text)
    if document.url is not None:
        yield node, "schema:url", ox.Literal(document.url, datatype=term("xsd:anyURI"))
    for number, (start, end) in enumerate(document.body):
        stretch = Node(f"{node.value}/body/{number}")
        yield node, "kgo:body", stretch
        yield stretch, "rdf:type", term("oa:TextPositionSelector")
        yield stretch, "oa:start", ox.Literal(start)
        yield stretch, "oa:end", ox.Literal(end)


def _entity(entity: Entity) -> Iterator[_Triple]:
    node = iri("entity", entity.id)
    yield node, "rdf:type", named(entity.type)
    yield node, "rdfs:label", ox.Literal(entity.label, language="en")
    for alias in entity.aliases:
        yield node, "skos:altLabel", ox.Literal(alias, language="en")
    if entity.country is not None:
        yield node, "kgo:country", ox.Literal(entity.country)
    if entity.sector is not None:
        yield node, "kgo:sector", ox.Literal(entity.sector)
    if entity.wikidata is not None:
        yield node, "owl:sameAs", Node(PREFIXES["wd"] + quote(entity.wikidata, safe=""))


def _mentions(claim: Claim) -> Iterator[tuple[Span, str, int]]:
    """The stretches that a claim cites, the role of each, and a source's place in the chain (else 0)."""
    roles = {"sentence": claim.sentence, "trigger": claim.trigger, "subject": claim.subject, "object": claim.object,
             "time": claim.time, "place": claim.place, "quantity": claim.quantity}
    yield from ((span, role, 0) for role, span in roles.items() if span is not None)
    yield from ((source, "source", depth) for depth, source in enumerate(claim.attribution, start=1))


def _claim(claim: Claim, document: Node, seen: set[Node]) -> Iterator[_Triple]:
    """The quads of a claim but for its ends; `seen` gathers what was cited before, for claims share evidence and
    selectors."""
    node = iri("claim", claim.id)
    yield node, "rdf:type", term("kgo:Claim")
    yield node, "kgo:relation", named(claim.relation)
    yield node, "kgo:polarity", named(claim.polarity)
    yield node, "kgo:modality", named(claim.modality)
    yield node, "kgo:confidence", _number(claim.confidence)
    yield node, "prov:wasDerivedFrom", document
    yield node, "prov:wasGeneratedBy", iri("extractor", claim.extractor)
    if claim.event_type is not None:
        yield node, "kgo:eventType", named(claim.event_type)
    if claim.mode is not None:
        yield node, "kgo:mode", ox.Literal(claim.mode)
    if claim.time:
        yield node, "kgo:when", ox.Literal(claim.time.value, datatype=EDTF)
        yield from _days(node, claim.time.earliest, claim.time.latest)
    if claim.quantity:
        quantity = Node(f"{node.value}/amount")
        yield node, "kgo:quantity", quantity
        yield quantity, "kgo:approximate", ox.Literal(claim.quantity.approximate)
        yield from _amount(quantity, claim.quantity.min, claim.quantity.max, claim.quantity.unit)
    for span, role, depth in _mentions(claim):
        evidence = Node(f"{document.value}#char={span.start},{span.end};{role}")
        yield node, "kgo:evidence", evidence
        if depth:
            attribution = _attribution(node, depth)
            yield node, "kgo:attribution", attribution
            yield attribution, "kgo:depth", ox.Literal(depth)
            yield attribution, "kgo:evidence", evidence
        if evidence not in seen:
            seen.add(evidence)
            yield from _evidence(evidence, document, span, role, seen)


def _evidence(node: Node, document: Node, span: Span, role: str, seen: set[Node]) -> Iterator[_Triple]:
    selector = Node(f"{document.value}#char={span.start},{span.end}")
    yield node, "kgo:role", ox.Literal(role)
    yield node, "oa:hasSource", document
    yield node, "oa:hasSelector", selector
    if selector not in seen:
        seen.add(selector)
        yield selector, "rdf:type", term("oa:TextQuoteSelector")
        yield selector, "rdf:type", term("oa:TextPositionSelector")
        yield selector, "oa:exact", ox.Literal(span.text)
        yield selector, "oa:start", ox.Literal(span.start)
        yield selector, "oa:end", ox.Literal(span.end)


def _fact(fact: Fact) -> Iterator[_Triple]:
    node = iri("fact", fact.id)
    yield node, "rdf:type", term("kgo:Fact")
    yield node, "kgo:subject", iri("entity", fact.subject)
    yield node, "kgo:relation", named(fact.relation)
    yield node, "kgo:object", iri("entity", fact.object)
    yield node, "kgo:tripleKey", ox.Literal(triple_key(fact.subject, fact.relation, fact.object))
    yield node, "kgo:status", named(fact.status)
    yield node, "kgo:belief", _number(fact.belief)
    yield node, "kgo:claims", ox.Literal(len(fact.claims))
    yield node, "kgo:documents", ox.Literal(len(fact.documents))
    yield node, "kgo:publishers", ox.Literal(fact.publishers)
    yield from _days(node, fact.first, fact.last)
    for property, kind, ids in (("kgo:supportedByClaim", "claim", fact.claims),
                                ("kgo:contradictedByClaim", "claim", fact.against),
                                ("prov:wasDerivedFrom", "document", fact.documents),
                                ("kgo:source", "entity", fact.sources)):
        yield from ((node, property, iri(kind, id)) for id in ids)


def _event(event: Event) -> Iterator[_Triple]:
    node = iri("event", event.id)
    yield node, "rdf:type", term("kgo:Event")
    yield node, "rdf:type", term("sem:Event")
    yield node, "kgo:subject", iri("entity", event.subject)
    yield node, "kgo:relation", named(event.relation)
    if event.object:
        yield node, "kgo:object", iri("entity", event.object)
    yield node, "kgo:tripleKey", ox.Literal(triple_key(event.subject, event.relation, event.object))
    yield node, "kgo:modality", named(event.modality)
    yield node, "kgo:polarity", named(event.polarity)
    if event.event_type is not None:
        yield node, "kgo:eventType", named(event.event_type)
    if event.mode is not None:
        yield node, "kgo:mode", ox.Literal(event.mode)
    yield from _days(node, event.when.earliest, event.when.latest)
    yield from _says(node, earliest=event.when.earliest_claim, latest=event.when.latest_claim)
    for place in event.places:
        yield node, "kgo:place", iri("entity", place)
    for number, amount in enumerate(event.quantities):
        quantity = Node(f"{node.value}/amount/{number}")
        yield node, "kgo:quantity", quantity
        yield from _amount(quantity, amount.min, amount.max, amount.unit)
        yield from _says(quantity, min=amount.min_claim, max=amount.max_claim)
    if event.against:
        yield node, "kgo:status", term("kgo:contested")
    for claim in event.against:
        yield node, "kgo:contradictedByClaim", iri("claim", claim)
    for document in event.documents:
        yield node, "prov:wasDerivedFrom", iri("document", document)
    for claim in event.claims:
        yield iri("claim", claim), "kgo:event", node


def merge_node(document: str, local: str) -> Node:
    """The IRI of what a document calls something."""
    return Node(f"{iri('document', document).value}/entity/{quote(local, safe='')}")


def _merge(merge: Merge) -> Iterator[_Triple]:
    node = merge_node(merge.document, merge.local)
    yield node, "kgo:localName", ox.Literal(merge.local)
    yield node, "kgo:inDocument", iri("document", merge.document)
    yield node, "kgo:resolvedTo", iri("entity", merge.entity)
    yield node, "kgo:because", ox.Literal(merge.because)


def _date(day: date) -> ox.Literal:
    return ox.Literal(day.isoformat(), datatype=term("xsd:date"))


def _number(value: float) -> ox.Literal:
    """A decimal with every digit, as a store normalises it; infinities, which decimals lack, as doubles."""
    if not math.isfinite(value):
        return ox.Literal(value)
    return ox.Literal(format(Decimal(repr(value + 0.0)).normalize(), "f"), datatype=term("xsd:decimal"))


def _days(node: Node, earliest: date | None, latest: date | None) -> Iterator[_Triple]:
    if earliest:
        yield node, "kgo:earliest", _date(earliest)
    if latest:
        yield node, "kgo:latest", _date(latest)


def _amount(node: Node, min: float | None, max: float | None, unit: str | None) -> Iterator[_Triple]:
    yield node, "rdf:type", term("kgo:Quantity")
    if min is not None:
        yield node, "kgo:min", _number(min)
    if max is not None:
        yield node, "kgo:max", _number(max)
    if unit is not None:
        yield node, "kgo:unit", ox.Literal(unit)


def _says(node: Node, **bounds: str | None) -> Iterator[_Triple]:
    """Which claim says a bound: `kgo:earliestClaim` and the like."""
    yield from ((node, f"kgo:{bound}Claim", iri("claim", claim)) for bound, claim in bounds.items() if claim)
