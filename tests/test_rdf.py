from collections import Counter

import pyoxigraph as ox
import pytest
import rdflib
from gold_claims import gold
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import IDS, assemblies, read_documents

from kg.assemble import assemble
from kg.model import Assembly, Claim, Document
from kg.ontology import KGR, PREFIXES, folder, ontology
from kg.rdf import (
    assembly_quads,
    canonical,
    document_quads,
    identifier,
    iri,
    ontology_quads,
    read_assembly,
    read_claims,
    read_document,
    term,
    triple_key,
)

patient = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)


def in_order(claims: list[Claim]) -> list[Claim]:
    return sorted(claims, key=lambda claim: (claim.document, claim.sentence.start, claim.trigger.start, claim.id))


def through_a_store(quads: list[ox.Quad]) -> list[ox.Quad]:
    store = ox.Store()
    store.extend(quads)
    return list(store)


def test_gold_documents_and_claims_read_back_as_they_were() -> None:
    for document, claims in gold():
        quads = list(document_quads(document, claims))
        assert read_document(quads) == document
        assert read_claims(quads) == in_order(claims)


@patient
@given(read_documents())
def test_any_document_and_its_claims_read_back_from_a_store(read: tuple[Document, list[Claim]]) -> None:
    document, claims = read
    quads = through_a_store(list(document_quads(document, claims)))
    assert read_document(quads) == document
    assert read_claims(quads) == in_order(claims)


@patient
@given(read_documents())
def test_any_claims_survive_an_n_quads_file(read: tuple[Document, list[Claim]]) -> None:
    document, claims = read
    file = ox.serialize(document_quads(document, claims), format=ox.RdfFormat.N_QUADS)
    quads = list(ox.parse(file, format=ox.RdfFormat.N_QUADS))
    assert (read_document(quads), read_claims(quads)) == (document, in_order(claims))


@patient
@given(assemblies())
def test_any_assembly_reads_back_from_a_store(assembly: Assembly) -> None:
    assert read_assembly(through_a_store(list(assembly_quads(assembly)))) == assembly


@given(st.sampled_from(["document", "claim", "entity", "fact", "event", "extractor"]), IDS)
def test_an_iri_gives_back_its_id(kind: str, id: str) -> None:
    assert identifier(iri(kind, id)) == id


@given(read_documents(most=2))
@patient
def test_writing_twice_adds_nothing(read: tuple[Document, list[Claim]]) -> None:
    document, claims = read
    once = set(document_quads(document, claims))
    assert once == set(document_quads(document, [*claims, *claims[::-1]]))


@given(read_documents())
@patient
def test_a_document_has_one_named_graph_and_no_blank_nodes(read: tuple[Document, list[Claim]]) -> None:
    document, claims = read
    quads = list(document_quads(document, claims))
    assert {quad.graph_name for quad in quads} == {iri("document", document.id)}
    assert not any(isinstance(end, ox.BlankNode) for quad in quads for end in (quad.subject, quad.object))


def test_evidence_of_every_role_cites_the_text_by_quote_and_position() -> None:
    [(document, claims)] = gold("putin-kim-treaty")
    store = ox.Store()
    store.extend(document_quads(document, claims))
    found = store.query("""SELECT ?claim ?role ?exact ?start ?end { GRAPH ?g {
        ?claim a kgo:Claim ; kgo:evidence ?evidence .
        ?evidence kgo:role ?role ; oa:hasSource ?g ; oa:hasSelector ?selector .
        ?selector a oa:TextQuoteSelector, oa:TextPositionSelector ; oa:exact ?exact ; oa:start ?start ; oa:end ?end
        } }""", prefixes=dict(PREFIXES))
    rows = list(found)
    assert {row["role"].value for row in rows} == {
        "sentence", "trigger", "subject", "object", "source", "time", "place", "quantity"}
    assert all(document.text[int(row["start"].value):int(row["end"].value)] == row["exact"].value for row in rows)
    cited = Counter((identifier(row["claim"]), int(row["start"].value), int(row["end"].value)) for row in rows)
    assert set(cited) == {(claim.id, span.start, span.end) for claim in claims for span in claim.spans}


def test_a_claim_is_written_as_the_specification_shows() -> None:
    [(document, claims)] = gold("sudan-veto")
    claim = next(c for c in claims if c.relation == "vetoed" and c.time and c.subject.entity.id == "RUS")
    graph = rdflib.Graph()
    graph.parse(data=ox.serialize((q.triple for q in document_quads(document, [claim])), format=ox.RdfFormat.TURTLE))
    node, kgo = rdflib.URIRef(f"{KGR}claim/{claim.id}"), rdflib.Namespace(PREFIXES["kgo"])
    assert graph.value(node, kgo.subject) == rdflib.URIRef(f"{KGR}entity/RUS")
    assert graph.value(node, kgo.relation) == kgo.vetoed
    assert graph.value(node, kgo.modality) == kgo.asserted
    assert graph.value(node, kgo.eventType) == kgo.REJECT
    assert graph.value(node, kgo.confidence) == rdflib.Literal("0.9", datatype=rdflib.XSD.decimal)
    assert graph.value(node, kgo.earliest) == rdflib.Literal("2024-11-18", datatype=rdflib.XSD.date)
    assert graph.value(node, rdflib.PROV.wasDerivedFrom) == rdflib.URIRef(f"{KGR}document/sudan-veto")


def test_what_an_entity_is_stands_once_in_all_graphs_together() -> None:
    """In the union of all graphs a repeated triple would be counted, and joined, as often as it is there."""
    store = ox.Store()
    items = gold("sudan-veto", "putin-kim-treaty", "ukraine-war-summary")
    claims = [claim for _, found in items for claim in found]
    store.extend(assembly_quads(assemble(claims, [])))
    for document, found in items:
        store.extend(document_quads(document, found))
    rows = store.query("""SELECT ?label ?country { ?russia owl:sameAs wd:Q159 ; a kgo:State ; rdfs:label ?label ;
                          kgo:country ?country }""", prefixes=dict(PREFIXES), use_default_graph_as_union=True)
    assert [[term.value for term in row] for row in rows] == [["Russia", "RUS"]]
    assert len({quad.triple for quad in store}) == len(store)


def test_an_entity_that_two_claims_describe_differently_keeps_both_descriptions() -> None:
    [(document, claims)] = gold("sudan-veto")
    first, second = [c for c in claims if c.subject.entity.id == "RUS"][:2]
    other = second.subject.entity.model_copy(update={"label": "Moscow", "aliases": ("Z", "A", "A")})
    changed = second.model_copy(update={"subject": second.subject.model_copy(update={"entity": other})})
    assert read_claims(document_quads(document, [first, changed])) == in_order([first, changed])


def test_of_claims_with_one_id_the_surest_is_kept() -> None:
    [(document, [claim, *_])] = gold("sudan-veto")
    surer = claim.model_copy(update={"confidence": 1.0})
    for claims in ([claim, surer], [surer, claim]):
        assert read_claims(document_quads(document, claims)) == [surer]


def test_a_claim_of_another_document_is_refused() -> None:
    (document, _), (_, claims) = gold("sudan-veto", "hasina-verdict")
    with pytest.raises(ValueError, match="hasina-verdict"):
        list(document_quads(document, claims))


def test_reading_a_graph_without_a_document_says_so() -> None:
    with pytest.raises(LookupError, match="no document"):
        read_document([])


def test_a_symmetric_pair_has_one_key_whichever_way_it_is_told() -> None:
    assert canonical("RUS", "metWith", "PRK") == canonical("PRK", "metWith", "RUS")
    assert triple_key("RUS", "metWith", "PRK") == triple_key("PRK", "metWith", "RUS")
    assert triple_key("RUS", "visited", "PRK") != triple_key("PRK", "visited", "RUS")
    assert canonical("RUS", "metWith", "") == ("RUS", "metWith", "")


def test_the_ontology_graph_says_what_the_file_says_and_is_the_same_each_time() -> None:
    once, twice = (rdflib.Graph().parse(data=ox.serialize((q.triple for q in ontology_quads()),
                                                          format=ox.RdfFormat.N_TRIPLES), format="nt") for _ in "ab")
    assert set(once) == set(twice)
    relations = once.subjects(rdflib.RDF.type, rdflib.URIRef(term("kgo:Relation").value))
    assert {str(relation).rpartition("#")[2] for relation in relations} == set(ontology().relations)
    assert not any(isinstance(end, rdflib.BNode) for triple in once for end in triple)
    assert len(once) == len(rdflib.Graph().parse(folder() / "kg.ttl"))
