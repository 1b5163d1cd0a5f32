import json
from datetime import date
from pathlib import Path

import networkx as nx
import pytest
from gold_claims import gold

from kg.assemble import assemble
from kg.graph import EDGES, FACT, NODES, PropertyGraph, property_graph, relationship_type
from kg.graph.stream import Parts
from kg.model import Assembly, Claim, Document
from kg.ontology import ontology
from kg.store import Store

ARTICLES = gold("putin-kim-treaty", "ukraine-war-summary")
DOCUMENTS = [document for document, _ in ARTICLES]
CLAIMS = [claim for _, claims in ARTICLES for claim in claims]
ASSEMBLY = assemble(CLAIMS, DOCUMENTS)


@pytest.fixture(scope="module")
def graph() -> PropertyGraph:
    return property_graph(DOCUMENTS, CLAIMS, ASSEMBLY)


def ends(graph: PropertyGraph, node: str, type: str) -> list[str]:
    return [end for _, end, edge in graph.out_edges(node, data=True) if edge["type"] == type]


def described(graph: PropertyGraph) -> tuple[list[object], list[object]]:
    return (list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True)))


@pytest.mark.parametrize(("relation", "type"), [("sentTroopsTo", "SENT_TROOPS_TO"), ("ratified", "RATIFIED"),
                                                ("heldJointDrillsWith", "HELD_JOINT_DRILLS_WITH")])
def test_relationships_are_named_in_upper_snake_case(relation: str, type: str) -> None:
    assert relationship_type(relation) == type


def test_no_two_relations_share_a_name() -> None:
    assert len({relationship_type(name) for name in ontology().relations}) == len(ontology().relations)


def test_nodes_carry_their_kind_type_and_id(graph: PropertyGraph) -> None:
    russia = graph.nodes["entity/RUS"]
    assert russia["labels"] == ("Entity", "State")
    assert (russia["id"], russia["label"], russia["country"]) == ("RUS", "Russia", "RUS")
    article = graph.nodes["document/putin-kim-treaty"]
    assert (article["labels"], article["published"]) == (("Document",), date(2024, 6, 20))
    assert article["text"] == DOCUMENTS[0].text
    kinds = [about["labels"][0] for _, about in graph.nodes(data=True)]
    assert kinds.count("Claim") == len(CLAIMS)
    assert kinds.count("Event") == len(ASSEMBLY.events)


def test_every_fact_is_one_relationship_with_who_stands_behind_it(graph: PropertyGraph) -> None:
    facts = {edge["fact_id"]: (start, end, edge) for start, end, edge in graph.edges(data=True) if "fact_id" in edge}
    assert len(facts) == len(ASSEMBLY.facts)
    for fact in ASSEMBLY.facts:
        start, end, edge = facts[fact.id]
        assert (start, end) == (f"entity/{fact.subject}", f"entity/{fact.object}")
        assert edge["type"] == relationship_type(fact.relation)
        assert (edge["claims"], edge["publishers"], edge["status"]) == (len(fact.claims), fact.publishers, fact.status)
        assert edge["supported_by"] == fact.claims
        assert edge.get("first") == fact.first


def test_facts_between_the_same_two_stay_apart(graph: PropertyGraph) -> None:
    between = [edge["type"] for edge in graph["entity/RUS"]["entity/UKR"].values()]
    assert len(between) == len(set(between)) > 2


def test_a_claim_points_to_what_it_names_where_it_stands_and_what_it_is_about(graph: PropertyGraph) -> None:
    events = {claim: event.id for event in ASSEMBLY.events for claim in event.claims}
    for claim in CLAIMS:
        key = f"claim/{claim.id}"
        assert ends(graph, key, "SUBJECT") == [f"entity/{claim.subject.entity.id}"]
        assert ends(graph, key, "OBJECT") == ([f"entity/{claim.object.entity.id}"] if claim.object else [])
        assert ends(graph, key, "REPORTED_IN") == [f"document/{claim.document}"]
        assert ends(graph, key, "ABOUT") == ([f"event/{events[claim.id]}"] if claim.id in events else [])
        about = graph.nodes[key]
        text = graph.nodes[f"document/{claim.document}"]["text"]
        assert text[about["trigger_start"]:about["trigger_end"]] == about["trigger"] == claim.trigger.text


def test_sources_keep_their_depth(graph: PropertyGraph) -> None:
    chained = next(claim for claim in CLAIMS if claim.attribution)
    edges = [(edge["depth"], end) for _, end, edge in graph.out_edges(f"claim/{chained.id}", data=True)
             if edge["type"] == "ATTRIBUTED_TO"]
    assert sorted(edges) == [(depth, f"entity/{source.entity.id}")
                             for depth, source in enumerate(chained.attribution, start=1)]


def test_an_events_quantities_say_which_claim_gives_each_bound(graph: PropertyGraph) -> None:
    event = next(event for event in ASSEMBLY.events if event.quantities)
    told = json.loads(graph.nodes[f"event/{event.id}"]["quantities"])
    assert told == [quantity.model_dump() for quantity in event.quantities]


def test_the_order_of_what_goes_in_makes_no_difference(graph: PropertyGraph) -> None:
    turned = property_graph(reversed(DOCUMENTS), reversed(CLAIMS), Assembly(
        entities=ASSEMBLY.entities[::-1], events=ASSEMBLY.events[::-1], facts=ASSEMBLY.facts[::-1]))
    assert described(turned) == described(graph)


def test_claims_without_their_documents_or_an_assembly_still_make_a_whole_graph() -> None:
    graph = property_graph([], CLAIMS[:3], Assembly(entities=(), events=(), facts=()))
    assert all(about.get("labels") for _, about in graph.nodes(data=True))
    assert graph.nodes[f"document/{CLAIMS[0].document}"]["id"] == CLAIMS[0].document


def test_every_property_is_of_a_kind_that_property_graphs_hold(graph: PropertyGraph) -> None:
    parts = [about for _, about in graph.nodes(data=True)] + [about for *_, about in graph.edges(data=True)]
    for value in (value for about in parts for value in about.values()):
        assert isinstance(value, str | int | float | bool | date) or all(isinstance(one, str) for one in value)


def test_nothing_makes_an_empty_graph() -> None:
    empty: list[Document] = []
    none: list[Claim] = []
    assert nx.is_empty(property_graph(empty, none, Assembly(entities=(), events=(), facts=())))


def test_a_store_gives_the_same_graph_part_by_part(graph: PropertyGraph, tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", create=True) as store:
        store.add(ARTICLES)
        assert {node.key for node in Parts(store).nodes()} == {
            key for key, about in graph.nodes(data=True) if about["labels"] != ("Event",)}
        store.replace_assembly(ASSEMBLY, CLAIMS)
        nodes, edges = list(Parts(store).nodes()), list(Parts(store).edges())
    assert {key: {"labels": labels, **properties} for key, labels, properties in nodes} == dict(graph.nodes(data=True))
    assert {(start, end, key): {"type": type, **properties} for key, start, end, type, properties in edges} == {
        (start, end, key): about for start, end, key, about in graph.edges(keys=True, data=True)}
    assert (len(nodes), len(edges)) == (graph.number_of_nodes(), graph.number_of_edges())


def test_every_property_is_declared_with_its_type(graph: PropertyGraph) -> None:
    types = {"string": str, "int": int, "float": float, "bool": bool, "date": date, "strings": tuple}
    for about in (about for _, about in graph.nodes(data=True)):
        for name in about.keys() - {"labels"}:
            assert type(about[name]) is types[NODES[about["labels"][0]][name]], name
    for about in (about for *_, about in graph.edges(data=True)):
        for name in about.keys() - {"type"}:
            assert type(about[name]) is types[(FACT if "fact_id" in about else EDGES[about["type"]])[name]], name
