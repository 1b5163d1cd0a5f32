from collections.abc import Iterable

import pyoxigraph as ox
import pytest
import rdflib
from gold_claims import NAMES, gold
from pyshacl import validate

from kg.assemble import assemble
from kg.model import Claim, Document
from kg.ontology import KGR, PREFIXES, folder
from kg.rdf import assembly_quads, document_quads
from kg.store import Store

Items = list[tuple[Document, list[Claim]]]
KGO = rdflib.Namespace(PREFIXES["kgo"])


def graph_of(items: Items) -> rdflib.Graph:
    """The documents and what they add up to, in one graph."""
    claims = [claim for _, found in items for claim in found]
    quads = [quad for document, found in items for quad in document_quads(document, found)]
    return rdf([*quads, *assembly_quads(assemble(claims, [document for document, _ in items]))])


def rdf(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    triples = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=triples or b"", format="nt")


def faults(graph: rdflib.Graph) -> list[str]:
    """What the shapes say against a graph."""
    with_ontology = graph + rdflib.Graph().parse(folder() / "kg.ttl")
    conforms, report, _ = validate(with_ontology, shacl_graph=str(folder() / "shapes.ttl"), advanced=True)
    said = [f"{report.value(result, rdflib.SH.focusNode)} {report.value(result, rdflib.SH.resultMessage)}"
            for result in report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult)]
    assert conforms == (not said)
    return said


@pytest.mark.parametrize("name", NAMES)
def test_every_gold_article_and_its_assembly_conform(name: str) -> None:
    assert faults(graph_of(gold(name))) == []


def test_what_a_store_holds_conforms(tmp_path_factory: pytest.TempPathFactory) -> None:
    items = gold("putin-kim-treaty", "sudan-veto")
    with Store.open(tmp_path_factory.mktemp("shapes") / "s", create=True) as store:
        store.add((document, claims[:20]) for document, claims in items)
        claims = list(store.claims())
        store.replace_assembly(assemble(claims, store.documents()), claims)
        assert faults(rdf(quad for quad in store.quads() if quad.graph_name.value != f"{KGR}graph/ontology")) == []


def small() -> rdflib.Graph:
    [(document, claims)] = gold("iran-iaea-cairo")
    about = [claim for claim in claims if claim.relation == "allowedAccessTo" or claim.attribution or claim.quantity]
    return graph_of([(document, about[:12])])


def drop(graph: rdflib.Graph, kind: rdflib.URIRef, property: rdflib.URIRef) -> None:
    node = min(graph.subjects(rdflib.RDF.type, kind))
    graph.remove((node, property, None))


def put(graph: rdflib.Graph, kind: rdflib.URIRef, property: rdflib.URIRef, value: rdflib.term.Node) -> None:
    graph.set((min(graph.subjects(rdflib.RDF.type, kind)), property, value))


@pytest.mark.parametrize(("kind", "property"), [
    (KGO.Claim, KGO.subject), (KGO.Claim, KGO.confidence), (KGO.Claim, rdflib.PROV.wasDerivedFrom),
    (KGO.Claim, KGO.evidence), (KGO.Claim, KGO.modality), (KGO.Fact, KGO.supportedByClaim), (KGO.Fact, KGO.object),
    (KGO.Event, KGO.polarity), (KGO.State, rdflib.RDFS.label), (KGO.Document, KGO.text)])
def test_what_is_missing_is_found(kind: rdflib.URIRef, property: rdflib.URIRef) -> None:
    graph = small()
    drop(graph, kind, property)
    assert faults(graph)


@pytest.mark.parametrize(("kind", "property", "value"), [
    (KGO.Claim, KGO.confidence, rdflib.Literal("1.5", datatype=rdflib.XSD.decimal)),
    (KGO.Claim, KGO.modality, KGO.negative),
    (KGO.Claim, KGO.relation, KGO.noSuchRelation),
    (KGO.Claim, KGO.subject, rdflib.URIRef(f"{KGR}entity/nobody")),
    (KGO.Fact, KGO.belief, rdflib.Literal("-1", datatype=rdflib.XSD.decimal)),
    (KGO.Event, KGO.earliest, rdflib.Literal("9999-01-01", datatype=rdflib.XSD.date)),
    (KGO.State, KGO.country, rdflib.Literal("Iran"))])
def test_what_is_wrong_is_found(kind: rdflib.URIRef, property: rdflib.URIRef, value: rdflib.term.Node) -> None:
    graph = small()
    if property == KGO.earliest:
        graph.set((min(graph.subjects(rdflib.RDF.type, kind)), KGO.latest,
                   rdflib.Literal("2000-01-01", datatype=rdflib.XSD.date)))
    put(graph, kind, property, value)
    assert faults(graph)


def test_a_contest_without_a_claim_against_and_the_reverse_are_found() -> None:
    graph = small()
    contested = next(graph.subjects(KGO.status, KGO.contested))
    other = next(fact for fact in graph.subjects(rdflib.RDF.type, KGO.Fact) if fact != contested)
    graph.set((contested, KGO.status, KGO.reported))
    graph.set((other, KGO.status, KGO.contested))
    assert {str(fault).split(" ")[0] for fault in faults(graph)} == {str(contested), str(other)}


def test_a_fact_without_its_direct_triple_is_found() -> None:
    graph = small()
    fact = min(graph.subjects(rdflib.RDF.type, KGO.Fact))
    graph.remove((graph.value(fact, KGO.subject), graph.value(fact, KGO.relation), graph.value(fact, KGO.object)))
    assert any("without its direct triple" in fault for fault in faults(graph))
