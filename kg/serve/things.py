"""What is known of a thing, found in the store: for its page, and as a graph for machines."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

import pyoxigraph as ox

from kg.model import Claim, Document, Event, Fact
from kg.ontology import PREFIXES, ontology
from kg.rdf import identifier, iri, read_assembly
from kg.serve.source import Source
from kg.sparql import GRAPH_FORMATS, Term, plain
from kg.store import Store

Row: TypeAlias = dict[str, str]

PAGE = 40
"""How many lines of a list stand on one page."""

_IN = "GRAPH kgr:graph\\/assembled"
_OWN = f"""SELECT ?property ?value WHERE {{ {_IN} {{ ?node ?property ?value
  VALUES ?property {{ rdf:type rdfs:label skos:altLabel kgo:country kgo:sector owl:sameAs }} }} }}"""
_FACTS = f"""SELECT ?fact ?subject ?subjectLabel ?relation ?object ?objectLabel ?status ?belief ?claims ?publishers ?first ?last
WHERE {{ {_IN} {{ {{ ?fact kgo:subject ?node }} UNION {{ ?fact kgo:object ?node }}
  ?fact a kgo:Fact ; kgo:subject ?subject ; kgo:relation ?relation ; kgo:object ?object ; kgo:status ?status ; kgo:belief ?belief ;
    kgo:claims ?claims ; kgo:publishers ?publishers . ?subject rdfs:label ?subjectLabel . ?object rdfs:label ?objectLabel
  OPTIONAL {{ ?fact kgo:earliest ?first }} OPTIONAL {{ ?fact kgo:latest ?last }} }} }}
ORDER BY DESC(?claims) DESC(?belief) ?fact LIMIT {PAGE + 1} OFFSET """
_OTHERS = f"""SELECT ?event ?subject ?subjectLabel ?relation ?object ?objectLabel ?modality ?polarity ?first ?last WHERE {{ {_IN} {{
  {{ ?event kgo:subject ?node }} UNION {{ ?event kgo:object ?node }}
  ?event a kgo:Event ; kgo:modality ?modality ; kgo:polarity ?polarity FILTER(?modality != kgo:asserted || ?polarity != kgo:positive)
  ?event kgo:subject ?subject ; kgo:relation ?relation . ?subject rdfs:label ?subjectLabel
  OPTIONAL {{ ?event kgo:object ?object . ?object rdfs:label ?objectLabel }}
  OPTIONAL {{ ?event kgo:earliest ?first }} OPTIONAL {{ ?event kgo:latest ?last }} }} }} ORDER BY DESC(?first) ?event LIMIT {PAGE}"""
_SAYS = f"""SELECT ?claim ?sentence ?document ?published ?publisher WHERE {{
  {{ SELECT ?claim WHERE {{ ?said kgo:source ?node . ?claim kgo:attribution ?said }} LIMIT {PAGE // 2} }}
  ?claim prov:wasDerivedFrom ?document ; kgo:evidence ?evidence . ?evidence kgo:role "sentence" ; oa:hasSelector/oa:exact ?sentence
  OPTIONAL {{ ?document schema:datePublished ?published }} OPTIONAL {{ ?document schema:publisher ?publisher }}
}} ORDER BY DESC(?published) ?claim"""
_CLAIMS = f"""SELECT ?claim ?against ?sentence ?document ?published ?publisher ?modality ?polarity ?confidence WHERE {{
  {{ SELECT ?claim ?against WHERE {{ %s }} ORDER BY ?claim LIMIT {5 * PAGE} }}
  ?claim prov:wasDerivedFrom ?document ; kgo:modality ?modality ; kgo:polarity ?polarity ; kgo:confidence ?confidence ;
    kgo:evidence ?evidence . ?evidence kgo:role "sentence" ; oa:hasSelector/oa:exact ?sentence
  OPTIONAL {{ ?document schema:datePublished ?published }} OPTIONAL {{ ?document schema:publisher ?publisher }}
}} ORDER BY ?against DESC(?published) ?claim"""
_OF_FACT = _CLAIMS % f"""{_IN} {{ {{ ?node kgo:supportedByClaim ?claim BIND(false AS ?against) }}
  UNION {{ ?node kgo:contradictedByClaim ?claim BIND(true AS ?against) }} }}"""
_OF_EVENT = _CLAIMS % f"{_IN} {{ ?claim kgo:event ?node BIND(false AS ?against) }}"
_DOCUMENT_OF = "SELECT ?document WHERE { ?node a kgo:Claim ; prov:wasDerivedFrom ?document }"
_LABELS = f"SELECT ?node ?label WHERE {{ VALUES ?node {{ %s }} {_IN} {{ ?node rdfs:label ?label }} }}"

_GRAPHS: Mapping[str, str] = {
    "entity": f"CONSTRUCT {{ ?node ?p ?o }} WHERE {{ {_IN} {{ ?node ?p ?o }} }}",
    "fact": f"CONSTRUCT {{ ?node ?p ?o }} WHERE {{ {_IN} {{ ?node ?p ?o }} }}",
    "event": f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_IN} {{ {{ ?node ?p ?o BIND(?node AS ?s) }} UNION {{ ?node kgo:quantity ?s . ?s ?p ?o }}
      UNION {{ ?s kgo:event ?node BIND(kgo:event AS ?p) BIND(?node AS ?o) }} }} }}""",
    "claim": """CONSTRUCT { ?s ?p ?o } WHERE { { ?node ?p ?o BIND(?node AS ?s) } UNION { ?node kgo:quantity ?s . ?s ?p ?o }
      UNION { ?node kgo:attribution ?s . ?s ?p ?o } UNION { ?node kgo:evidence ?s . ?s ?p ?o }
      UNION { ?node kgo:evidence/oa:hasSelector ?s . ?s ?p ?o } }""",
    "document": "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?node { ?s ?p ?o FILTER(?p != kgo:record) } }"}
KINDS = tuple(_GRAPHS)


async def triples(source: Source, kind: str, id: str) -> tuple[ox.Triple, ...]:
    """What the store says of a thing; empty where it knows none of this kind and id."""
    return (await source.ask(_GRAPHS[kind], {"node": iri(kind, id)})).triples


def serialized(graph: Sequence[ox.Triple], format: str) -> bytes:
    """Triples in a format of graphs."""
    return ox.serialize(graph, format=GRAPH_FORMATS[format], prefixes=dict(PREFIXES)) or b""


async def entity(source: Source, id: str, *, offset: int = 0) -> dict[str, Any] | None:
    """All that the page of an entity shows; None where there is none of this id."""
    node = {"node": iri("entity", id)}
    own: dict[str, list[str]] = {}  # by property, as in "rdfs:label"
    for row in await _rows(source, _OWN, node):
        own.setdefault(row["property"], []).append(row["value"])
    if "rdfs:label" not in own:
        return None
    facts = await _rows(source, f"{_FACTS}{offset}", node)
    return {
        "id": id, "label": own["rdfs:label"][0], "type": _type(own.get("rdf:type", ())), "country": own.get("country", [""])[0],
        "sector": own.get("sector", [""])[0], "wikidata": own.get("owl:sameAs", [""])[0].removeprefix("wd:"),
        "aliases": sorted(own.get("skos:altLabel", ())), "facts": facts[:PAGE], "offset": offset,
        "more": offset + PAGE if len(facts) > PAGE else None,
        "others": await _rows(source, _OTHERS, node) if not offset else [], "says": await _rows(source, _SAYS, node) if not offset else []}


async def fact(source: Source, id: str) -> dict[str, Any] | None:
    """All that the page of a fact shows."""
    found = read_assembly([_quad(triple) for triple in await triples(source, "fact", id)]).facts
    if not found:
        return None
    [fact] = found
    return {"fact": fact, "claims": await _rows(source, _OF_FACT, {"node": iri("fact", id)}), "names": await _names(source, fact)}


async def event(source: Source, id: str) -> dict[str, Any] | None:
    """All that the page of an event shows."""
    found = read_assembly([_quad(triple) for triple in await triples(source, "event", id)]).events
    if not found:
        return None
    [event] = found
    return {"event": event, "claims": await _rows(source, _OF_EVENT, {"node": iri("event", id)}), "names": await _names(source, event)}


async def claim(source: Source, id: str) -> dict[str, Any] | None:
    """All that the page of a claim shows."""
    for row in await _rows(source, _DOCUMENT_OF, {"node": iri("claim", id)}):
        document, claims = await source.read(partial(_document, id=row["document"].partition("/")[2]))
        found = next((claim for claim in claims if claim.id == id), None)
        if document and found:
            return {"claim": found, "document": document, "parts": parts(found)}
    return None


async def document(source: Source, id: str) -> dict[str, Any] | None:
    """All that the page of a document shows: `text` in stretches, each with the claims that it is the sentence of."""
    document, claims = await source.read(partial(_document, id=id))
    if document is None:
        return None
    told: dict[tuple[int, int], list[Claim]] = {}
    for claim in claims:
        told.setdefault((claim.sentence.start, claim.sentence.end), []).append(claim)
    text, at = [], 0
    for (start, end), said in sorted(told.items()):
        if start >= at:
            text += [(document.text[at:start], []), (document.text[start:end], said)]
            at = end
    return {"document": document, "claims": claims, "text": [*text, (document.text[at:], [])]}


def parts(claim: Claim) -> list[tuple[str, str]]:
    """The sentence of a claim in stretches, each with the roles that it plays in it."""
    begin, text = claim.sentence.start, claim.sentence.text
    spans = {"trigger": claim.trigger, "subject": claim.subject, "object": claim.object, "time": claim.time, "place": claim.place,
             "quantity": claim.quantity, "source": claim.attribution[0] if claim.attribution else None}
    inside = {role: (span.start - begin, span.end - begin) for role, span in spans.items()
              if span and begin <= span.start <= span.end <= claim.sentence.end and span.text != text}
    cuts = sorted({0, len(text), *(cut for ends in inside.values() for cut in ends)})
    return [(text[start:end], " ".join(role for role, (first, last) in inside.items() if first <= start and end <= last))
            for start, end in pairwise(cuts)]


def reading(relation: str, subject: str, object: str) -> str:
    """What is said, in plain words."""
    known = ontology().relations.get(relation)
    return known.read(subject, object) if known else f"{subject} {relation} {object}".strip()


def _document(store: Store, id: str) -> tuple[Document | None, list[Claim]]:
    found = store.document(id)
    return found, list(store.claims(id)) if found else []


async def _names(source: Source, thing: Fact | Event) -> dict[str, str]:
    """What the entities are called that a fact or an event names."""
    ids = {thing.subject, thing.object, *(thing.sources if isinstance(thing, Fact) else thing.places)} - {""}
    rows = await _rows(source, _LABELS % " ".join(str(iri("entity", id)) for id in sorted(ids)), {})
    return {id: id for id in ids} | {row["node"]: row["label"] for row in rows}


def _type(types: Sequence[str]) -> str:
    return min(types, default="")


def _quad(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object)


async def _rows(source: Source, query: str, values: Mapping[str, ox.NamedNode]) -> list[Row]:
    result = await source.ask(query, values)
    return [dict(zip(result.variables, map(_local, row), strict=True)) for row in result.rows]


def _local(term: Term | None) -> str:
    """A term as the address of its page has it, or as people read it."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(PREFIXES["kgr"]):
        kind = term.value.removeprefix(PREFIXES["kgr"]).partition("/")[0]
        return identifier(term) if kind == "entity" else f"{kind}/{identifier(term)}"
    return plain(term).removeprefix("kgo:") if isinstance(term, ox.NamedNode) else plain(term)
