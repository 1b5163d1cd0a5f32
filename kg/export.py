"""The whole store in another format: RDF for triple stores, XML for graph tools, lines and tables for everything else.

The RDF formats, `claims` and `facts` are written as they are read, a document at a time; GraphML and GEXF need the
whole graph. The same store gives the same bytes. What a format cannot hold is refused with the reason, never altered.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import import_module
from io import BytesIO, TextIOWrapper
from itertools import groupby
from typing import IO, Any

import pyoxigraph as ox
from networkx import MultiDiGraph
from networkx.readwrite.gexf import GEXFWriter
from networkx.readwrite.graphml import GraphMLWriter

from kg.graph import PropertyGraph, property_graph
from kg.model import Assembly, Claim, Entity, EntityType, Mention, Modality, Polarity, Quantity, Span, Time
from kg.ontology import PREFIXES, ontology
from kg.store import Store

FORMATS: Mapping[str, str] = {
    "nquads": "kg.export:nquads", "trig": "kg.export:trig", "turtle": "kg.export:turtle", "jsonld": "kg.export:jsonld",
    "graphml": "kg.export:graphml", "gexf": "kg.export:gexf", "claims": "kg.export:claims", "facts": "kg.export:facts"}
"""Every format by name: a function that writes a store to a binary stream."""

FACT_COLUMNS = (
    "id", "subject", "subject_label", "subject_type", "relation", "object", "object_label", "object_type", "reading",
    "event_type", "mode", "status", "belief", "first", "last", "claims", "against", "documents", "publishers",
    "sources", "claim_ids", "against_ids", "document_ids")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class ExportError(ValueError):
    """Something that cannot be exported as asked; the message says what and why."""


def export(store: Store, format: str, stream: IO[bytes]) -> None:
    """Write all that the store holds to the stream, in one of FORMATS.

    Raises ExportError for a format that there is not, and for content that the format cannot hold.
    """
    if format not in FORMATS:
        raise ExportError(f"no format {format!r}; there are {', '.join(FORMATS)}")
    module, _, function = FORMATS[format].partition(":")
    getattr(import_module(module), function)(store, stream)


# ---- RDF -------------------------------------------------------------------------------------------------------------


def nquads(store: Store, stream: IO[bytes]) -> None:
    """N-Quads: everything, graph by graph, each sorted."""
    ox.serialize(_quads(store), stream, ox.RdfFormat.N_QUADS)


def trig(store: Store, stream: IO[bytes]) -> None:
    """TriG: everything, graph by graph, each sorted."""
    ox.serialize(_quads(store), stream, ox.RdfFormat.TRIG, prefixes=dict(PREFIXES))


def turtle(store: Store, stream: IO[bytes]) -> None:
    """Turtle: the union of all graphs; which graph a triple is from is what it cannot hold."""
    ox.serialize((quad.triple for quad in _quads(store)), stream, ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))


def jsonld(store: Store, stream: IO[bytes]) -> None:
    """JSON-LD: everything, in named graphs."""
    ox.serialize(_quads(store), stream, ox.RdfFormat.JSON_LD, prefixes=dict(PREFIXES))


def _quads(store: Store) -> Iterator[ox.Quad]:
    """All quads. The store gives them graph by graph in an order that its content alone decides."""
    for _, quads in groupby(store.quads(), key=lambda quad: quad.graph_name):
        yield from sorted(quads, key=str)


# ---- property graphs -------------------------------------------------------------------------------------------------


def graphml(store: Store, stream: IO[bytes]) -> None:
    """GraphML of the property graph. Labels read `:Entity:State`, as Neo4j has them; other lists and dates are text.

    Raises ExportError where a text has a character that XML cannot hold.
    """
    flat = _flat(_graph(store), format="GraphML")
    writer = GraphMLWriter(encoding="utf-8", prettyprint=True)
    writer.add_graph_element(flat)
    written = BytesIO()
    writer.dump(written)
    # A parser reads a bare carriage return as a line feed, and ElementTree writes it bare.
    stream.write(written.getvalue().replace(b"\r", b"&#13;"))


def gexf(store: Store, stream: IO[bytes]) -> None:
    """GEXF 1.2 of the property graph, as GraphML has it, with the names of GEXF.

    `id` and `label` are the node's key and what to call it, its own id is `identifier`; an edge's label is its type.
    Raises ExportError where a text has a character that XML cannot hold.
    """
    flat = _flat(_graph(store), format="GEXF")
    for key, about in flat.nodes(data=True):
        about["identifier"] = about.pop("id")
        about["label"] = about.get("label") or about.get("title") or about.get("relation") or about["identifier"]
        about["id"] = key
    for _, _, key, about in flat.edges(keys=True, data=True):
        if "label" in about:
            about["relation_label"] = about["label"]
        about["label"] = about.pop("type")
        about["id"] = key
    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(flat)
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)
    writer.write(stream)


def _graph(store: Store) -> PropertyGraph:
    return property_graph(store.documents(), store.claims(), store.assembly())


def _flat(graph: PropertyGraph, *, format: str) -> PropertyGraph:
    """A copy whose properties are what XML formats hold: texts, numbers and truth values."""
    flat: PropertyGraph = MultiDiGraph()
    for key, about in graph.nodes(data=True):
        flat.add_node(key, **{name: _value(value, name, key, format) for name, value in about.items()})
    for start, end, key, about in graph.edges(keys=True, data=True):
        flat.add_edge(start, end, key, **{name: _value(value, name, key, format) for name, value in about.items()})
    return flat


def _value(value: Any, name: str, key: str, format: str) -> str | int | float | bool:
    if name == "labels":
        value = "".join(f":{label}" for label in value)
    elif isinstance(value, tuple):
        value = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, str) and (bad := _NOT_XML.search(value)):
        raise ExportError(f"{format} cannot hold the character U+{ord(bad.group()):04X}, which stands in {name} of "
                          f"{key} at offset {bad.start()}; the RDF formats and claims can")
    assert isinstance(value, str | int | float | bool)
    return value


# ---- lines and tables ------------------------------------------------------------------------------------------------


def claims(store: Store, stream: IO[bytes]) -> None:
    """The interchange file of claims.md: a claim a line, sorted by document and offset."""
    for name, id in sorted((document.name, document.id) for document in store.documents()):
        ordered = sorted(store.claims(id), key=lambda c: (c.sentence.start, c.trigger.start, c.subject.start, c.id))
        for claim in ordered:
            try:
                line = json.dumps(interchange(claim, name), ensure_ascii=False, allow_nan=False)
            except ValueError:
                raise ExportError(f"JSON cannot hold a number without end, as claim {claim.id} has one") from None
            stream.write(line.encode() + b"\n")


def facts(store: Store, stream: IO[bytes]) -> None:
    """The facts as CSV (RFC 4180, UTF-8), a row each under FACT_COLUMNS, lists joined by spaces."""
    text = TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    try:
        rows = csv.writer(text)
        rows.writerow(FACT_COLUMNS)
        rows.writerows(_fact_rows(store.assembly()))
    finally:
        text.detach()


def _fact_rows(assembly: Assembly) -> Iterator[tuple[object, ...]]:
    named = {entity.id: entity for entity in assembly.entities}
    for fact in sorted(assembly.facts, key=lambda f: (f.subject, f.relation, f.object)):
        relation = ontology().relations.get(fact.relation)
        subject, object = named[fact.subject], named[fact.object]
        yield (
            fact.id, subject.id, subject.label, subject.type, fact.relation, object.id, object.label, object.type,
            relation.read(subject.label, object.label) if relation else "", relation and relation.event_type,
            relation and relation.mode, fact.status, fact.belief, fact.first, fact.last, len(fact.claims),
            len(fact.against), len(fact.documents), fact.publishers, " ".join(fact.sources), " ".join(fact.claims),
            " ".join(fact.against), " ".join(fact.documents))


def interchange(claim: Claim, name: str) -> dict[str, Any]:
    """A claim as a line of the interchange file (claims.md), `name` being that of its document.

    All keys are there; what has no value is None. Of a source it holds id, label and where it is named, nothing more.
    """
    return {
        "id": claim.id, "document": name, "subject": _mention(claim.subject), "relation": claim.relation,
        "object": _mention(claim.object) if claim.object else None, "event_type": claim.event_type, "mode": claim.mode,
        "polarity": str(claim.polarity), "modality": str(claim.modality),
        "attribution": [{"id": source.entity.id, "label": source.entity.label, **_span(source)}
                        for source in claim.attribution],
        "time": {"value": claim.time.value, **_span(claim.time)} if claim.time else None,
        "place": _mention(claim.place) if claim.place else None,
        "quantity": {"min": claim.quantity.min, "max": claim.quantity.max, "unit": claim.quantity.unit,
                     "approximate": claim.quantity.approximate, **_span(claim.quantity)} if claim.quantity else None,
        "sentence": _span(claim.sentence), "trigger": _span(claim.trigger), "confidence": claim.confidence,
        "extractor": claim.extractor}


def from_interchange(record: Mapping[str, Any], *, document: str | None = None,
                     entities: Mapping[str, Entity] | None = None) -> Claim:
    """The claim of a line of the interchange file.

    `document` is the id of its document, the name in the line unless given. A source, of which the line holds little,
    is looked up by id in `entities` and among what the line names itself; else its type is taken from its id, and
    Organization where that says nothing. Raises KeyError where a key is missing, pydantic's ValidationError (a
    ValueError) where a value is none of its kind.
    """
    mentions = {role: _from_mention(record[role]) for role in ("subject", "object", "place") if record[role]}
    known = {m.entity.id: m.entity for m in mentions.values()} | dict(entities or {})
    sources = tuple(
        Mention(entity=known.get(source["id"]) or Entity(id=source["id"], label=source["label"],
                                                          type=_type_of(source["id"])), **_from_span(source))
        for source in record["attribution"])
    time, quantity = record["time"], record["quantity"]
    return Claim(
        id=record["id"], document=document or record["document"], subject=mentions["subject"],
        relation=record["relation"], object=mentions.get("object"), event_type=record["event_type"],
        mode=record["mode"], polarity=Polarity(record["polarity"]), modality=Modality(record["modality"]),
        attribution=sources, time=Time(**time) if time else None, place=mentions.get("place"),
        quantity=Quantity(**quantity) if quantity else None, sentence=Span(**record["sentence"]),
        trigger=Span(**record["trigger"]), confidence=record["confidence"], extractor=record["extractor"])


def _span(span: Span) -> dict[str, Any]:
    return {"text": span.text, "start": span.start, "end": span.end}


def _mention(mention: Mention) -> dict[str, Any]:
    entity = mention.entity
    return {"id": entity.id, "label": entity.label, "type": str(entity.type), "country": entity.country,
            "sector": entity.sector, "wikidata": entity.wikidata, "aliases": list(entity.aliases), **_span(mention)}


def _from_span(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: record[key] for key in ("text", "start", "end")}


def _from_mention(record: Mapping[str, Any]) -> Mention:
    about = {key: record[key] for key in ("id", "label", "type", "country", "sector", "wikidata", "aliases")}
    return Mention(entity=Entity(**about), **_from_span(record))


def _type_of(id: str) -> EntityType:
    """The type that an id made of type and name begins with."""
    head = id.partition("/")[0].replace("-", "").lower()
    return next((kind for kind in EntityType if kind.lower() == head), EntityType.ORGANIZATION)
