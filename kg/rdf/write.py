"""Core types to quads: documents with their claims, assemblies, the ontology (spec: graph.md, "RDF")."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from kg.model import Assembly, Claim, Document, Entity, Event, Fact, Mention, Span
from kg.ontology import KGR, PREFIXES, folder, ontology
from kg.rdf.terms import ASSEMBLED, EDTF, ONTOLOGY, Node, Value, description, iri, named, term, triple_key

_Triple = tuple[Node, str, Value]


def document_quads(document: Document, claims: Iterable[Claim]) -> Iterator[ox.Quad]:
    """The named graph of a document: its metadata and text, its claims, and how it describes the entities they name.

    An entity's description stands in a node of its own, as JSON: its types and names as RDF are in the assembled graph
    alone, for in the union of all graphs a triple that many documents repeat would count as often. Of claims with one
    id the surest is kept. Raises ValueError where a claim is another document's.
    """
    graph = iri("document", document.id)
    unique: dict[str, Claim] = {}
    for claim in claims:
        if claim.document != document.id:
            raise ValueError(f"claim {claim.id} is of document {claim.document}, not {document.id}")
        if claim.id not in unique or unique[claim.id].confidence < claim.confidence:
            unique[claim.id] = claim
    described = _descriptions(graph, unique.values())
    seen: set[Node] = set()
    for subject, property, value in _document(document):
        yield ox.Quad(subject, term(property), value, graph)
    for entity, node in described.items():
        yield ox.Quad(node, term("kgo:describes"), iri("entity", entity.id), graph)
        yield ox.Quad(node, term("rdf:value"), ox.Literal(entity.model_dump_json()), graph)
    for claim in unique.values():
        for subject, property, value in _claim(claim, graph, described, seen):
            yield ox.Quad(subject, term(property), value, graph)


def assembly_quads(assembly: Assembly, claims: Iterable[Claim]) -> Iterator[ox.Quad]:
    """The graph `kgr:graph/assembled`: entities, facts with their direct triples, events, and each claim's event.

    `claims` are those that were assembled; they say which documents an event is known from.
    """
    documents = {claim.id: claim.document for claim in claims}
    for entity in assembly.entities:
        for subject, property, value in _entity(entity):
            yield ox.Quad(subject, term(property), value, ASSEMBLED)
    for fact in assembly.facts:
        ends = iri("entity", fact.subject), iri("entity", fact.object)
        relation = ontology().relations.get(fact.relation)
        yield ox.Quad(ends[0], named(fact.relation), ends[1], ASSEMBLED)
        if relation and relation.symmetric:
            yield ox.Quad(ends[1], named(fact.relation), ends[0], ASSEMBLED)
        for subject, property, value in _fact(fact):
            yield ox.Quad(subject, term(property), value, ASSEMBLED)
    for event in assembly.events:
        for subject, property, value in _event(event, {documents[id] for id in event.claims if id in documents}):
            yield ox.Quad(subject, term(property), value, ASSEMBLED)


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


def _descriptions(document: Node, claims: Iterable[Claim]) -> dict[Entity, Node]:
    """The nodes of all descriptions in a document: an entity's commonest has the plain IRI, others a number."""
    seen = Counter(mention.entity for claim in claims for mention, _, _ in _mentions(claim)
                   if isinstance(mention, Mention))
    nodes: dict[Entity, Node] = {}
    numbers: Counter[str] = Counter()
    for entity in sorted(seen, key=lambda entity: (-seen[entity], entity.model_dump_json())):
        plain = description(document, entity.id)
        number = numbers[entity.id]
        nodes[entity] = Node(f"{plain.value}/{number}") if number else plain
        numbers[entity.id] += 1
    return nodes


def _mentions(claim: Claim) -> Iterator[tuple[Span, str, int]]:
    """The stretches that a claim cites, the role of each, and a source's place in the chain (else 0)."""
    roles = {"sentence": claim.sentence, "trigger": claim.trigger, "subject": claim.subject, "object": claim.object,
             "time": claim.time, "place": claim.place, "quantity": claim.quantity}
    yield from ((span, role, 0) for role, span in roles.items() if span is not None)
    yield from ((source, "source", depth) for depth, source in enumerate(claim.attribution, start=1))


def _claim(claim: Claim, document: Node, described: Mapping[Entity, Node], seen: set[Node]) -> Iterator[_Triple]:
    """The quads of a claim; `seen` gathers what was cited before, for claims share evidence and selectors."""
    node = iri("claim", claim.id)
    yield node, "rdf:type", term("kgo:Claim")
    yield node, "kgo:subject", iri("entity", claim.subject.entity.id)
    yield node, "kgo:relation", named(claim.relation)
    if claim.object:
        yield node, "kgo:object", iri("entity", claim.object.entity.id)
    yield node, "kgo:tripleKey", ox.Literal(triple_key(*claim.triple))
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
    if claim.place:
        yield node, "kgo:place", iri("entity", claim.place.entity.id)
    if claim.quantity:
        quantity = Node(f"{node.value}/amount")
        yield node, "kgo:quantity", quantity
        yield quantity, "kgo:approximate", ox.Literal(claim.quantity.approximate)
        yield from _amount(quantity, claim.quantity.min, claim.quantity.max, claim.quantity.unit)
    for span, role, depth in _mentions(claim):
        unusual = None
        if isinstance(span, Mention) and described[span.entity] != description(document, span.entity.id):
            unusual = described[span.entity]
        evidence = Node(f"{document.value}#char={span.start},{span.end};{role}"
                        + (f";as={quote(unusual.value, safe='')}" if unusual else ""))
        yield node, "kgo:evidence", evidence
        if isinstance(span, Mention) and depth:
            attribution = Node(f"{node.value}/attribution/{depth}")
            yield node, "kgo:attribution", attribution
            yield attribution, "kgo:source", iri("entity", span.entity.id)
            yield attribution, "kgo:depth", ox.Literal(depth)
            yield attribution, "kgo:evidence", evidence
        if evidence not in seen:
            seen.add(evidence)
            yield from _evidence(evidence, document, span, role, unusual, seen)


def _evidence(node: Node, document: Node, span: Span, role: str, unusual: Node | None,
              seen: set[Node]) -> Iterator[_Triple]:
    selector = Node(f"{document.value}#char={span.start},{span.end}")
    yield node, "kgo:role", ox.Literal(role)
    yield node, "oa:hasSource", document
    yield node, "oa:hasSelector", selector
    if unusual is not None:
        yield node, "kgo:describedAs", unusual
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


def _event(event: Event, documents: Iterable[str]) -> Iterator[_Triple]:
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
    for document in sorted(documents):
        yield node, "prov:wasDerivedFrom", iri("document", document)
    for claim in event.claims:
        yield iri("claim", claim), "kgo:event", node


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
