import shutil
from datetime import date
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS

from kg.extract.reading import Extractor
from kg.model import Document, EntityType, Modality, Polarity
from kg.ontology import KGO, folder, ontology

QUADS = {"verbal cooperation", "material cooperation", "verbal conflict", "material conflict"}


def test_every_relation_says_what_it_is() -> None:
    known = ontology()
    assert len(known.relations) == 88
    for relation in known.relations.values():
        assert relation.label and relation.domain and relation.range
        assert relation.read("A", "B").count("A") >= 1 and "{" not in relation.read("A", "B")
        assert relation.symmetric != bool(relation.inverse)
        assert relation.event_type is None or known.quads[relation.event_type] in QUADS


def test_ranges_take_in_subclasses() -> None:
    visited = ontology().relations["visited"]
    assert {EntityType.STATE, EntityType.PLACE, EntityType.PERSON} <= visited.range
    assert EntityType.AGREEMENT not in visited.range


@pytest.mark.parametrize(
    ("relation", "modality", "polarity", "coded"),
    [
        ("ratified", Modality.ASSERTED, Polarity.POSITIVE, ("SUPPORT", None)),
        ("sentTroopsTo", Modality.PLANNED, Polarity.POSITIVE, ("AGREE", None)),
        ("released", Modality.PLANNED, Polarity.POSITIVE, ("CONCEDE", None)),
        ("bombed", Modality.PLANNED, Polarity.POSITIVE, ("THREATEN", None)),
        ("bombed", Modality.ASSERTED, Polarity.POSITIVE, ("ASSAULT", "aerial")),
        ("bombed", Modality.ASSERTED, Polarity.NEGATIVE, (None, None)),
        ("leads", Modality.ASSERTED, Polarity.POSITIVE, (None, None)),
    ],
)
def test_plover_codes_follow_from_relation_modality_and_polarity(
    relation: str, modality: Modality, polarity: Polarity, coded: tuple[str | None, str | None]
) -> None:
    assert ontology().event(relation, modality, polarity) == coded


def test_the_turtle_is_an_owl_ontology_in_which_every_term_is_declared() -> None:
    graph = rdflib.Graph().parse(folder() / "kg.ttl")
    declared = {
        s for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty) for s in graph.subjects(RDF.type, kind)
    }
    own = {term for triple in graph for term in triple if isinstance(term, rdflib.URIRef) and str(term).startswith(KGO)}
    individuals = {s for s in graph.subjects(RDF.type, None) if any(str(o).startswith(KGO) for o in graph.objects(s, RDF.type))}
    assert own - declared - individuals == set()
    for one, other in graph.subject_objects(OWL.inverseOf):
        assert (other, OWL.inverseOf, one) in graph
    assert all(graph.value(p, RDFS.label) for p in declared if str(p).startswith(KGO))


def test_a_relation_is_added_in_the_ontology_alone(tmp_path: Path) -> None:
    data = tmp_path / "ontology"
    shutil.copytree(folder(), data)
    with (data / "kg.ttl").open("a", encoding="utf-8") as turtle:
        turtle.write("""
kgo:serenaded a kgo:Relation, owl:ObjectProperty ; rdfs:label "serenaded"@en ; kgo:reads "{s} serenaded {o}"@en ;
    rdfs:domain kgo:Actor ; rdfs:range kgo:Actor ; owl:inverseOf kgo:serenadedBy ; kgo:eventType kgo:CONSULT .
kgo:serenadedBy a owl:ObjectProperty ; rdfs:label "serenaded by"@en ; owl:inverseOf kgo:serenaded .
""")
    (data / "lexicon" / "predicates-own.yaml").write_text("serenaded:\n  - {verb: serenade, example: The envoy serenaded the king.}\n")
    reader = Extractor(use_reader=False, data=data)
    claims = reader(Document.of("President Macron serenaded Angela Merkel in Berlin on Monday.", name="d", published=date(2020, 1, 15)))
    assert [
        (c.subject.entity.label, c.relation, c.object.entity.label if c.object else None, c.event_type)
        for c in claims
        if c.relation == "serenaded"
    ] == [("Emmanuel Macron", "serenaded", "Angela Merkel", "CONSULT")]
