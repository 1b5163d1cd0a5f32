import csv
import gzip
import io
import json
import os
import re
import tempfile
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import rdflib
from gold_claims import gold
from hypothesis import HealthCheck, assume, given, settings
from strategies import read_documents

from kg.assemble import assemble
from kg.export import FOLDERS, FORMATS, ExportError, export, export_folder, from_interchange, interchange
from kg.graph import PropertyGraph, property_graph
from kg.model import Claim, Document, Entity, EntityType, Mention, Modality, Quantity, Span, Time
from kg.rdf import iri, named, read_claims, read_document
from kg.store import Store

ARTICLES = gold("putin-kim-treaty", "hasina-verdict")
TRAPS = "Héctor\u200f قال «\U0001f680 <b>&amp;\"ok\"</b> ]]> 'a' \\n {{x}}\u2028end\u0301 =1+1\ttab\r\nnext, line"
BARE = "\x01\x0b\x00"


def made_up(text: str) -> tuple[Document, list[Claim]]:
    """A document in which every field of a claim cites the whole of a text full of traps."""
    document = Document.of(text, name=f"traps {text[:9]!r}", title=text, publisher=text, published=date(2024, 2, 29),
                           url="https://example.org/?a=1&b='2'")
    span = {"text": text, "start": 0, "end": len(text)}
    state = Entity(id="FSM", label=text, type=EntityType.STATE, country="FSM", sector="GOV", wikidata="Q702",
                   aliases=(f"{text} too",))
    treaty = Entity(id="agreement/traps", label=f"the {text}", type=EntityType.AGREEMENT)
    claim = Claim.of(
        document=document.id, subject=Mention(**span, entity=state), relation="ratified",
        object=Mention(**span, entity=treaty), event_type="SUPPORT", mode=None, modality=Modality.ASSERTED,
        attribution=(Mention(**span, entity=state),), time=Time(value="2024-02", **span),
        place=Mention(**span, entity=state), quantity=Quantity(max=12000, unit=text, approximate=True, **span),
        sentence=Span(**span), trigger=Span(**span), confidence=0.75, extractor="test/1")
    return document, [claim]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    yield from filled([*ARTICLES, made_up(TRAPS)])


def filled(articles: list[tuple[Document, list[Claim]]]) -> Iterator[Store]:
    documents = [document for document, _ in articles]
    claims = [claim for _, found in articles for claim in found]
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store", create=True) as opened:
        opened.add(articles)
        opened.replace_assembly(assemble(claims, documents), claims)
        yield opened


def written(store: Store, format: str) -> bytes:
    stream = io.BytesIO()
    export(store, format, stream)
    return stream.getvalue()


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_store_gives_the_same_bytes(store: Store, format: str) -> None:
    assert written(store, format) == written(store, format) != b""


def test_a_format_that_is_none_is_refused_by_name(store: Store) -> None:
    with pytest.raises(ExportError, match=r"'dot'.*nquads"):
        written(store, "dot")


# ---- RDF -------------------------------------------------------------------------------------------------------------


def normal(lines: str) -> bytes:
    """What rdflib wrote, with times in UTC spelled as Oxigraph spells them."""
    return lines.replace('+00:00"^^', 'Z"^^').encode()


@pytest.mark.parametrize(("format", "syntax"), [("nquads", "nquads"), ("trig", "trig"), ("jsonld", "json-ld")])
def test_rdflib_reads_every_quad_back(store: Store, format: str, syntax: str) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=written(store, format), format=syntax)
    again = list(ox.parse(normal(dataset.serialize(format="nquads")), format=ox.RdfFormat.N_QUADS))
    assert set(again) == set(store.quads())
    for document, claims in [*ARTICLES, made_up(TRAPS)]:
        graph = [quad for quad in again if quad.graph_name == iri("document", document.id)]
        assert read_document(graph) == document
        assert {claim.id: claim for claim in read_claims(graph)} == {claim.id: claim for claim in claims}


def test_rdflib_reads_the_union_of_all_graphs_from_turtle(store: Store) -> None:
    graph = rdflib.Graph()
    graph.parse(data=written(store, "turtle"), format="turtle")
    again = ox.parse(normal(graph.serialize(format="nt")), format=ox.RdfFormat.N_TRIPLES)
    assert {quad.triple for quad in again} == {quad.triple for quad in store.quads()}


@pytest.mark.parametrize("format", ["nquads", "trig", "turtle", "jsonld", "claims", "facts"])
def test_control_characters_survive(format: str) -> None:
    for store in filled([made_up(f"one {BARE} two")]):
        content = written(store, format)
        read = [json.loads(line)["sentence"]["text"] for line in content.splitlines()] if format == "claims" else [
            row["subject_label"] for row in csv.DictReader(io.StringIO(content.decode(), newline=""))
        ] if format == "facts" else [quad.object.value for quad in ox.parse(content, format={
            "nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "turtle": ox.RdfFormat.TURTLE,
            "jsonld": ox.RdfFormat.JSON_LD}[format]) if isinstance(quad.object, ox.Literal)]
        assert f"one {BARE} two" in read


# ---- property graphs -------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A property as XML formats hold it."""
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else value


def expected(store: Store) -> PropertyGraph:
    return property_graph(store.documents(), store.claims(), store.assembly())


def test_networkx_reads_every_node_relationship_and_property_from_graphml(store: Store) -> None:
    graph = expected(store)
    again = nx.read_graphml(io.BytesIO(written(store, "graphml")), force_multigraph=True)
    for key, about in graph.nodes(data=True):
        labels = "".join(f":{label}" for label in about["labels"])
        assert again.nodes[key] == {name: plain(value) for name, value in about.items()} | {
            "labels": labels, "labelV": about["labels"][-1]}
    assert set(again.nodes) == set(graph.nodes)
    assert {(s, e, key): about for s, e, key, about in again.edges(keys=True, data=True)} == {
        (s, e, key): {name: plain(value) for name, value in about.items()} | {"labelE": about["type"]}
        for s, e, key, about in graph.edges(keys=True, data=True)}


def test_networkx_reads_every_node_relationship_and_property_from_gexf(store: Store) -> None:
    graph = expected(store)
    again = nx.read_gexf(io.BytesIO(written(store, "gexf")))
    assert set(again.nodes) == set(graph.nodes)
    for key, about in graph.nodes(data=True):
        wanted = {name: plain(value) for name, value in about.items() if name not in ("id", "labels", "label")}
        assert wanted.items() <= again.nodes[key].items()
        assert again.nodes[key]["identifier"] == about["id"]
        assert again.nodes[key]["label"] == about.get("label", again.nodes[key]["label"]) != ""
    edges = {about["id"]: (start, end, about) for start, end, about in again.edges(data=True)}
    assert len(edges) == graph.number_of_edges()
    for start, end, key, about in graph.edges(keys=True, data=True):
        found_start, found_end, found = edges[key]
        wanted = {name: plain(value) for name, value in about.items() if name not in ("type", "label")}
        assert (found_start, found_end, found["label"]) == (start, end, about["type"])
        assert wanted.items() <= found.items()


@pytest.mark.parametrize("format", ["graphml", "gexf"])
def test_what_xml_cannot_hold_is_refused_with_the_place(format: str) -> None:
    for store in filled([made_up("one \x0b two")]):
        with pytest.raises(ExportError, match=r"U\+000B.*\b(title|label|name|text|unit|sentence)\b.*offset"):
            written(store, format)


# ---- lines and tables ------------------------------------------------------------------------------------------------


def test_the_interchange_file_has_exactly_its_keys_sorted_by_document_and_offset(store: Store) -> None:
    lines = [json.loads(line) for line in written(store, "claims").decode().split("\n")[:-1]]
    assert len(lines) == sum(len(claims) for _, claims in ARTICLES) + 1
    places = [(line["document"], line["sentence"]["start"]) for line in lines]
    assert places == sorted(places)
    thing = {"id", "label", "type", "country", "sector", "wikidata", "aliases", "text", "start", "end"}
    for line in lines:
        assert list(line) == ["id", "document", "subject", "relation", "object", "event_type", "mode", "polarity",
                              "modality", "attribution", "time", "place", "quantity", "sentence", "trigger",
                              "confidence", "extractor"]
        assert set(line["subject"]) == thing
        assert line["object"] is None or set(line["object"]) == thing
        assert all(set(source) == {"id", "label", "text", "start", "end"} for source in line["attribution"])
    assert any(line["time"] is None for line in lines)
    assert any(line["time"] and set(line["time"]) == {"value", "text", "start", "end"} for line in lines)


def test_claims_read_back_from_the_interchange_file(store: Store) -> None:
    claims = {claim.id: claim for claim in store.claims()}
    ids = {document.name: document.id for document in store.documents()}
    known = {entity.id: entity for claim in claims.values() for entity in [m.entity for m in claim.attribution]}
    for line in written(store, "claims").decode().split("\n")[:-1]:
        record = json.loads(line)
        assert from_interchange(record, document=ids[record["document"]], entities=known) == claims[record["id"]]


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=60)
@given(read_documents())
def test_any_claim_survives_the_interchange_file(read: tuple[Document, list[Claim]]) -> None:
    document, claims = read
    for claim in claims:
        mentions = [m for m in (claim.subject, claim.object, claim.place, *claim.attribution) if m]
        known = {mention.entity.id: mention.entity for mention in mentions}
        assume(all(known[mention.entity.id] == mention.entity for mention in mentions))
        line = json.dumps(interchange(claim, document.name), ensure_ascii=False)
        assert from_interchange(json.loads(line), document=document.id, entities=known) == claim


def test_a_source_that_the_file_tells_little_of_gets_its_type_from_its_id() -> None:
    _, [claim] = made_up("one")
    record = interchange(claim, "one")
    source = {**record["attribution"][0], "id": "armed-group/m23"}
    assert from_interchange({**record, "attribution": [source]}).attribution[0].entity.type is EntityType.ARMED_GROUP
    assert from_interchange(record).attribution == claim.attribution


def test_facts_are_a_table_of_every_fact(store: Store) -> None:
    facts = {fact.id: fact for fact in store.assembly().facts}
    rows = list(csv.DictReader(io.StringIO(written(store, "facts").decode(), newline="")))
    assert {row["id"] for row in rows} == set(facts)
    for row in rows:
        fact = facts[row["id"]]
        assert (row["subject"], row["relation"], row["object"]) == (fact.subject, fact.relation, fact.object)
        assert row["claim_ids"].split() == list(fact.claims)
        assert (row["first"], row["publishers"]) == (fact.first.isoformat() if fact.first else "", str(fact.publishers))
        assert float(row["belief"]) == fact.belief
    [trap] = [row for row in rows if row["subject_label"] == TRAPS and row["object"] == "agreement/traps"]
    assert trap["reading"] == f"{TRAPS} ratified the {TRAPS}"


# ---- folders for bulk loaders ----------------------------------------------------------------------------------------


def filled_folder(store: Store, format: str, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    export_folder(store, format, folder)
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


@pytest.mark.parametrize("format", FOLDERS)
def test_the_same_store_gives_the_same_files(store: Store, format: str, tmp_path: Path) -> None:
    assert filled_folder(store, format, tmp_path / "one") == filled_folder(store, format, tmp_path / "two") != {}


def test_a_folder_format_needs_a_folder(store: Store) -> None:
    with pytest.raises(ExportError, match="parquet is several files"):
        written(store, "parquet")


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_files_for_neo4j_have_a_header_each_and_every_node_and_relationship(store: Store, tmp_path: Path) -> None:
    graph = expected(store)
    files = filled_folder(store, "neo4j", tmp_path / "out")
    options = files.pop("import.args").decode().split()
    assert {line.partition("=")[2] for line in options if line.startswith(("--nodes", "--relationships"))} == set(files)
    nodes = {row[":ID"]: row for name in files if name.startswith("nodes") for row in rows(files[name])}
    assert nodes.keys() == set(graph.nodes)
    assert nodes["entity/FSM"] | {"label:string": TRAPS, ":LABEL": "Entity;State"} == nodes["entity/FSM"]
    assert set(nodes["entity/FSM"]["aliases:string[]"].split("\x1f")) == set(graph.nodes["entity/FSM"]["aliases"])
    ends = [(row[":START_ID"], row[":END_ID"], row[":TYPE"]) for name in files if name.startswith("rel")
            for row in rows(files[name])]
    assert sorted(ends) == sorted((start, end, about["type"]) for start, end, about in graph.edges(data=True))


def test_files_for_neptune_are_in_its_own_dialect(store: Store, tmp_path: Path) -> None:
    graph = expected(store)
    files = filled_folder(store, "neptune", tmp_path / "out")
    entities = {row["~id"]: row for row in rows(files["nodes-Entity.csv"])}
    assert entities["entity/FSM"]["label:String(single)"] == TRAPS
    assert entities["entity/FSM"]["~label"] == "Entity;State"
    facts = {row["~id"]: row for row in rows(files["relationships-FACT.csv"])}
    assert facts.keys() == {key for *_, key, about in graph.edges(keys=True, data=True) if "fact_id" in about}
    for start, end, key, about in graph.edges(keys=True, data=True):
        if "fact_id" in about:
            assert (facts[key]["~from"], facts[key]["~to"]) == (start, end)
            assert json.loads(facts[key]["supported_by:String"]) == list(about["supported_by"])


def test_lines_for_arangodb_join_documents_by_their_keys(store: Store, tmp_path: Path) -> None:
    graph = expected(store)
    files = {name: [json.loads(line) for line in content.split(b"\n")[:-1]]
             for name, content in filled_folder(store, "arango", tmp_path / "out").items()}
    kinds = ("documents", "entities", "events", "claims")
    keys = {f"{kind}/{row['_key']}" for kind in kinds for row in files[f"{kind}.jsonl"]}
    assert len(keys) == graph.number_of_nodes()
    edges = [row for name in files if name.removesuffix(".jsonl") not in kinds for row in files[name]]
    assert len(edges) == graph.number_of_edges()
    assert {end for row in edges for end in (row["_from"], row["_to"])} <= keys
    assert all(re.fullmatch(r"[A-Za-z0-9_\-:.@()+,=;$!*'%]{1,254}", key.partition("/")[2]) for key in keys)


def test_parquet_tables_hold_every_claim_entity_fact_event_and_document(store: Store, tmp_path: Path) -> None:
    tables = {path: pq.read_table(tmp_path / "out" / path).to_pylist() for path in filled_folder(store, "parquet", tmp_path / "out")}
    assembly = store.assembly()
    facts = {fact.id: fact for fact in assembly.facts}
    assert {row["fact_id"] for row in tables["facts.parquet"]} == set(facts)
    for row in tables["facts.parquet"]:
        fact = facts[row["fact_id"]]
        assert (row["subject"], row["relation"], row["object"], row["first"]) == (
            fact.subject, fact.relation, fact.object, fact.first)
        assert row["supported_by"] == list(fact.claims)
    claims = {claim.id: claim for claim in store.claims()}
    assert {row["id"] for row in tables["claims.parquet"]} == set(claims)
    for row in tables["claims.parquet"]:
        claim = claims[row["id"]]
        assert (row["subject"], row["object"] or "") == (claim.triple[0], claim.triple[2])
        assert (row["sentence"], row["document"]) == (claim.sentence.text, claim.document)
        assert row["sources"] == [source.entity.id for source in claim.attribution]
    assert {row["id"] for row in tables["entities.parquet"]} == {entity.id for entity in assembly.entities}
    assert {row["id"] for row in tables["events.parquet"]} == {event.id for event in assembly.events}
    assert {row["text"] for row in tables["documents.parquet"]} == {document.text for document in store.documents()}


def test_compressed_n_quads_are_the_n_quads(store: Store) -> None:
    assert gzip.decompress(written(store, "nquads.gz")) == written(store, "nquads")


def test_reifiers_speak_of_the_triple_of_each_claim_without_asserting_it(store: Store) -> None:
    plain, more = (set(ox.parse(written(store, name), format=ox.RdfFormat.N_QUADS)) for name in ("nquads", "nquads12"))
    reified = {(quad.subject, quad.object) for quad in more - plain}
    about = {(iri("claim", claim.id), ox.Triple(iri("entity", claim.triple[0]), named(claim.relation), iri("entity", claim.triple[2])))
             for claim in store.claims() if claim.object}
    assert about < reified
    assert plain < more


def test_writing_needs_little_memory_however_large_the_store() -> None:
    articles = [made_up(f"{TRAPS} {number}") for number in range(300)]
    for store in filled(articles):
        for format in ("nquads", "graphml", "gexf", "cypher"):
            tracemalloc.start()
            with Path(os.devnull).open("wb") as nowhere:
                export(store, format, nowhere)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak < 4e6, (format, peak)
