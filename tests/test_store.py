import io
import pickle
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from disks import small_disk
from gold_claims import gold
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import read_documents

from kg.assemble import assemble
from kg.model import Claim, Document
from kg.ontology import KGR, PREFIXES
from kg.rdf import document_quads, iri, read_claims
from kg.sparql import QueryError, QueryTimeoutError, plain
from kg.store import Store, StoreError

HERE = Path(__file__).parent
Items = list[tuple[Document, list[Claim]]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of three gold articles, assembled."""
    path = tmp_path_factory.mktemp("filled") / "store"
    with Store.open(path, create=True) as store:
        store.add(gold("sudan-veto", "putin-kim-treaty", "hasina-verdict"))
        store.replace_assembly(assemble(store.claims(), store.documents()), list(store.claims()))
        yield store


def contents(store: Store) -> set[str]:
    return {str(quad) for quad in store.quads() if quad.predicate.value != f"{PREFIXES['kgo']}ingested"}


# ---- what goes in comes out ------------------------------------------------------------------------------------------


def test_documents_and_claims_come_back_after_reopening(tmp_path: Path) -> None:
    items = gold("sudan-veto", "hasina-verdict")
    with Store.open(tmp_path / "s", create=True) as store:
        store.add(items)
    with Store.open(tmp_path / "s", read_only=True) as store:
        assert {d.id: d for d in store.documents()} == {d.id: d for d, _ in items}
        for document, claims in items:
            assert store.document(document.id) == document
            assert {c.id: c for c in store.claims(document.id)} == {c.id: c for c in claims}
        assert len(list(store.claims())) == sum(len(claims) for _, claims in items)
        assert store.document("nowhere") is None
        assert list(store.claims("nowhere")) == []


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=25)
@given(st.lists(read_documents(), max_size=3))
def test_any_text_can_be_stored_changed_and_read_back(tmp_path_factory: pytest.TempPathFactory, items: Items) -> None:
    with Store.open(tmp_path_factory.mktemp("any") / "s", create=True) as store:
        store.add(items)
        # Each again with fewer claims and another title: the newest version of an id counts.
        newest = {d.id: (d.model_copy(update={"title": "\x00\r\n\"'\\ }}"}), claims[:1]) for d, claims in items}
        store.add(newest.values())
        for document, claims in newest.values():
            assert store.document(document.id) == document
            assert list(store.claims(document.id)) == claims


def test_adding_again_changes_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        store.add(gold("sudan-veto"), ingested=datetime(2025, 1, 1, tzinfo=UTC))
        before = {str(quad) for quad in store.quads()}
        store.add(gold("sudan-veto"), ingested=datetime(2026, 1, 1, tzinfo=UTC))
        assert {str(quad) for quad in store.quads()} == before


def test_a_changed_document_replaces_its_older_version_wholly(tmp_path: Path) -> None:
    [(document, claims)] = gold("sudan-veto")
    newer = document.model_copy(update={"title": "Another title"})
    with Store.open(tmp_path / "s", create=True) as store:
        store.add([(document, claims)])
        store.add([(newer, claims[:3])])
        assert store.document(document.id) == newer
        assert {c.id for c in store.claims(document.id)} == {c.id for c in claims[:3]}
        once = contents(store)
    with Store.open(tmp_path / "t", create=True) as store:
        store.add([(newer, claims[:3])])
        assert contents(store) == once


def test_a_document_that_comes_twice_in_one_run_counts_once_as_it_came_last(tmp_path: Path) -> None:
    [(document, claims)] = gold("sudan-veto")
    with Store.open(tmp_path / "s", create=True) as store:
        store.add([(document, claims), (document, claims[:1])])
        assert list(store.claims()) == claims[:1]


def test_removing_takes_away_what_the_document_alone_said(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        store.add(gold("sudan-veto"))
        once = contents(store)
        store.add(gold("hasina-verdict"))
        assert store.remove("hasina-verdict")
        assert not store.remove("hasina-verdict")
        assert contents(store) == once


def test_an_assembly_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        store.add(gold("sudan-veto", "hasina-verdict"))
        claims = list(store.claims())
        first = assemble(claims, store.documents())
        store.replace_assembly(first, claims)
        assert store.assembly() == first
        store.remove("hasina-verdict")
        fewer = list(store.claims())
        second = assemble(fewer, store.documents())
        store.replace_assembly(second, fewer)
        assert store.assembly() == second != first


def test_documents_that_an_iterator_gave_before_it_failed_are_kept(tmp_path: Path) -> None:
    def failing() -> Iterator[tuple[Document, list[Claim]]]:
        yield from gold("sudan-veto")
        raise KeyboardInterrupt

    with Store.open(tmp_path / "s", create=True) as store:
        with pytest.raises(KeyboardInterrupt):
            store.add(failing())
        assert store.document("sudan-veto")


def test_what_waits_to_be_written_can_be_read(tmp_path: Path) -> None:
    seen = []
    with Store.open(tmp_path / "s", create=True) as store:
        def watching() -> Iterator[tuple[Document, list[Claim]]]:
            for document, claims in gold("sudan-veto", "hasina-verdict"):
                yield document, claims
                seen.append(store.document(document.id) == document and len(list(store.claims(document.id))))

        store.add(watching())
    assert seen == [len(claims) for _, claims in gold("sudan-veto", "hasina-verdict")]


def test_three_times_are_kept_apart(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        store.add(gold("sudan-veto"), ingested=datetime(2025, 3, 1, 12, tzinfo=UTC))
        [row] = store.query("""SELECT ?published ?ingested (MIN(?day) AS ?act) {
            ?document schema:datePublished ?published ; kgo:ingested ?ingested .
            ?claim prov:wasDerivedFrom ?document ; kgo:relation kgo:vetoed ; kgo:earliest ?day
            } GROUP BY ?published ?ingested""").rows
        assert [plain(term) for term in row] == ["2024-11-18", "2025-03-01T12:00:00Z", "2024-11-18"]


# ---- whenever it ends ------------------------------------------------------------------------------------------------

def writer(path: Path, items: Path, body: str) -> subprocess.Popen[bytes]:
    """A process that writes copies of the pickled items into a store, and says when it starts."""
    code = f"""
import itertools, pickle, sys
sys.path.insert(0, {str(HERE.parent)!r})
import kg.store
with open({str(items)!r}, "rb") as file:
    items = pickle.load(file)
def copies(title, most=None):
    for number in range(most) if most else itertools.count():
        for document, claims in items:
            id = f"{{document.id}}-{{number}}"
            yield (document.model_copy(update={{"id": id, "title": title}}),
                   [claim.model_copy(update={{"document": id}}) for claim in claims])
with kg.store.Store.open({str(path)!r}, create=True) as store:
    print("writing", flush=True)
    {body}
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.readline() == b"writing\n"
    return process


@pytest.mark.parametrize("body", [
    pytest.param("for item in copies('one'): store.add([item])", id="document by document"),
    pytest.param("kg.store.store._BULK = 3_000; store.add(copies('one'))", id="in bulk"),
    pytest.param("for n in itertools.count(): store.add(copies(f'title {n}', 5))", id="replacing"),
    pytest.param("for n in itertools.count(): store.add(copies('one', 5)) if n % 2 else "
                 "[store.remove(document.id) for document in list(store.documents())]", id="removing"),
])
def test_killed_at_any_moment_it_opens_and_holds_each_document_whole(tmp_path: Path, body: str) -> None:
    items = [(document, claims[:12]) for document, claims in gold("sudan-veto", "hasina-verdict")]
    (tmp_path / "items").write_bytes(pickle.dumps(items))
    chance = random.Random(body)
    for attempt in range(4):
        path = tmp_path / f"s{attempt}"
        process = writer(path, tmp_path / "items", body)
        time.sleep(chance.uniform(0, 1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with Store.open(path) as store:
            quads = Counter(quad.graph_name.value for quad in store.quads() if "/graph/" not in quad.graph_name.value)
            for document in store.documents():
                claims = list(store.claims(document.id))
                assert len(claims) == 12
                # One more quad says when it was taken in; nothing is left of another version.
                assert quads.pop(iri("document", document.id).value) == len(set(document_quads(document, claims))) + 1
            assert not quads
            store.add(items)
            assert store.document("sudan-veto")


# ---- what can go wrong -----------------------------------------------------------------------------------------------


def test_where_there_is_no_store_it_says_so_and_makes_nothing(tmp_path: Path) -> None:
    for read_only in (True, False):
        with pytest.raises(StoreError, match="there is no store at"):
            Store.open(tmp_path / "nothing", read_only=read_only)
    assert not (tmp_path / "nothing").exists()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("hello")
    with pytest.raises(StoreError, match="holds other files and is no store"):
        Store.open(tmp_path, create=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("hello")
    with pytest.raises(StoreError, match="is a file"):
        Store.open(tmp_path / "file", create=True)


def test_a_store_that_another_process_writes_to_can_be_read_only(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        store.add(gold("sudan-veto"))
        with pytest.raises(StoreError, match="in use by another process"):
            Store.open(tmp_path / "s")
        path = str(tmp_path / "s")
        code = f"from kg.store import Store; print(len(list(Store.open({path!r}, read_only=True).claims())))"
        read = subprocess.run([sys.executable, "-c", code], cwd=HERE.parent, capture_output=True, text=True, check=True)
        assert int(read.stdout) == len(gold("sudan-veto")[0][1])
    with Store.open(tmp_path / "s") as store:
        assert store.document("sudan-veto")


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Store.open(tmp_path / "s", create=True).close()
    (tmp_path / "s" / "kg-store.json").write_text('{"format": 99}')
    with pytest.raises(StoreError, match="newer version of kg"):
        Store.open(tmp_path / "s")


def test_damage_is_told_when_it_is_met(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        store.add(gold("sudan-veto"))

    def damaged(name: str, pattern: str, content: bytes) -> Path:
        shutil.copytree(tmp_path / "s", path := tmp_path / name)
        for file in path.glob(pattern):
            file.write_bytes(content)
        return path

    for path in (damaged("marker", "kg-store.json", b""), damaged("manifest", "oxigraph/MANIFEST*", b"x" * 99),
                 damaged("current", "oxigraph/CURRENT", b"?"), damaged("tables", "oxigraph/*.sst", b"x")):
        for read_only in (True, False):
            with pytest.raises(StoreError, match="damaged"), Store.open(path, read_only=read_only) as store:
                list(store.documents())


def test_a_store_opened_read_only_takes_nothing(tmp_path: Path) -> None:
    Store.open(tmp_path / "s", create=True).close()
    with Store.open(tmp_path / "s", read_only=True) as store, pytest.raises(StoreError, match="read-only"):
        store.add(gold("sudan-veto"))


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s", create=True)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.document("sudan-veto")


@pytest.mark.parametrize("at_once", [True, False])
def test_a_full_disk_is_told_and_loses_nothing_written_before(tmp_path: Path, at_once: bool) -> None:
    def numbered(start: int, stop: int) -> Iterator[tuple[Document, list[Claim]]]:
        for number in range(start, stop):
            for document, claims in gold("sudan-veto"):
                yield document.model_copy(update={"id": f"copy-{number}"}), [
                    claim.model_copy(update={"document": f"copy-{number}"}) for claim in claims]

    with small_disk(tmp_path / "disk", size="12m") as disk:
        with Store.open(disk / "s", create=True) as store:
            store.add(numbered(0, 3))
        with pytest.raises(StoreError, match="disk is full: free some space"), Store.open(disk / "s") as store:
            if at_once:
                store.add(numbered(3, 300))
            else:
                for item in numbered(3, 300):
                    store.add([item])
        shutil.copytree(disk / "s", tmp_path / "more-space")
    with Store.open(tmp_path / "more-space") as store:
        kept = list(store.documents())
        assert {"copy-0", "copy-1", "copy-2"} <= {document.id for document in kept}
        assert {len(list(store.claims(document.id))) for document in kept} == {len(gold("sudan-veto")[0][1])}
        store.add(numbered(0, 9))
        assert len(list(store.documents())) >= 9


# ---- questions -------------------------------------------------------------------------------------------------------


def test_prefixes_are_there_and_all_graphs_are_asked(filled: Store) -> None:
    text = "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a kgo:Claim ; kgo:event/kgo:relation ?r }"
    [[count]] = filled.query(text).rows
    assert int(plain(count)) > 100


def test_one_graph_can_be_asked(filled: Store) -> None:
    one = f"SELECT (COUNT(*) AS ?n) FROM <{KGR}document/sudan-veto> {{ ?c a kgo:Claim }}"
    named = (f"PREFIX d: <{KGR}document/> SELECT (COUNT(*) AS ?n) FROM NAMED d:sudan-veto "
             "{ GRAPH ?g { ?c a kgo:Claim } }")
    size = len(gold("sudan-veto")[0][1])
    assert [int(plain(filled.query(text).rows[0][0])) for text in (one, named)] == [size, size]


@pytest.mark.parametrize("text", [
    "INSERT DATA { <a:a> <a:b> <a:c> }", "PREFIX a: <b:> DELETE WHERE { ?s ?p ?o }", "DROP ALL", "CLEAR DEFAULT",
    "LOAD <http://127.0.0.1/>", "# SELECT\nLOAD <http://127.0.0.1/>",
    "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "ASK {} ; DROP ALL", "",
    "SELECT", "SELECT * { ?s ?p", "SELECT * { \ud800 }"])
def test_what_is_no_question_is_refused_and_changes_nothing(filled: Store, text: str) -> None:
    before = contents(filled)
    with pytest.raises(QueryError):
        filled.query(text)
    assert contents(filled) == before


@pytest.fixture
def outside() -> Iterator[tuple[str, list[str]]]:
    """A server in reach, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(500)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("text", [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { service silent <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { { ?s ?p 1SERVICE<URL>{ ?a ?b ?c } } }",
    "SELECT * { ?s ?p true SERVICE\n#comment\n<URL> { ?a ?b ?c } }",
    "PREFIX : <URL> SELECT * { ?s ?p ?o SERVICE:x { ?a ?b ?c } }",
    "PREFIX : <URL> SELECT * { ?s ?p 1SERVICE:x { ?a ?b ?c } }",
    "PREFIX s: <URL> SELECT * { SERVICE s:x { ?s ?p ?o } }",
    "SELECT * { BIND('# ' AS ?a) SERVICE <URL> { ?s ?p ?o } }",
    'SELECT * { BIND("""#"" """ AS ?a) SERVICE <URL> { ?s ?p ?o } }',
    "SELECT * { BIND('\\'' AS ?a) SERVICE <URL> { ?s ?p ?o } BIND('' AS ?b) }",
    "SELECT * { <a:b#c> ?p ?o SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { FILTER(1<2) SERVICE <URL> { ?s ?p ?o } FILTER(2>1) }",
    "SELECT * { SELECT * { SERVICE ?x { ?s ?p ?o } } VALUES ?x { <URL> } }",
    "SELECT * FROM <URL> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "PREFIX e: <URL> SELECT * FROM e:x { ?s ?p ?o }",
    "BASE <URL> SELECT * FROM <x> { ?s ?p ?o }",
    "ASK FROM <file:///etc/passwd> { ?s ?p ?o }",
    "DESCRIBE <URL> FROM <URL>",
])
@pytest.mark.parametrize("timeout", [None, 20])
def test_no_query_reaches_the_network_or_other_graphs(
        filled: Store, outside: tuple[str, list[str]], text: str, timeout: float | None) -> None:
    url, asked = outside
    with pytest.raises(QueryError, match=r"SERVICE|FROM"):
        filled.query(text.replace("URL", url), timeout=timeout)
    assert asked == []


@pytest.mark.parametrize("text", [
    "ASK { ?c rdfs:label 'SERVICE <http://x.org/> { } FROM <http://x.org/>' }",
    'ASK { ?c rdfs:label """ "SERVICE" FROM """ }',
    "ASK { ?service ?from <http://x.org/SERVICE/FROM> } # SERVICE <http://x.org/> FROM <y>",
    "PREFIX e: <http://x.org/> ASK { e:service e:from 'a'@service . _:service e:x\\/from ?load }",
])
def test_words_in_strings_comments_and_names_are_no_harm(filled: Store, text: str) -> None:
    assert filled.query(text).answer is False


def test_a_query_that_runs_too_long_is_stopped(filled: Store) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    before = time.monotonic()
    with pytest.raises(QueryTimeoutError, match=r"stopped after 0\.5 seconds"):
        filled.query(endless, timeout=0.5)
    assert time.monotonic() - before < 30
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
    assert not any(b"worker.py" in Path(f"/proc/{child}/cmdline").read_bytes() for child in children)


def test_a_query_with_time_to_spare_says_the_same_as_one_without_a_limit(filled: Store) -> None:
    for text in ("SELECT ?l { ?e rdfs:label ?l } ORDER BY ?l ?e", "ASK { ?c a kgo:Claim }",
                 "CONSTRUCT { ?f kgo:belief ?b } WHERE { ?f a kgo:Fact ; kgo:belief ?b }"):
        one, other = filled.query(text), filled.query(text, timeout=60)
        assert (one.form, one.rows, one.answer) == (other.form, other.rows, other.answer)
        assert set(one.triples) == set(other.triples)
    with pytest.raises(QueryError, match="not a query"):
        filled.query("SELECT", timeout=60)


def test_answers_come_in_the_standard_formats(filled: Store) -> None:
    table = filled.query("SELECT ?label ?none { kgr:entity\\/RUS rdfs:label ?label } LIMIT 1")
    assert table.variables == ("label", "none")
    assert [[plain(term) for term in row] for row in table.rows] == [["Russia", ""]]
    assert table.serialize("csv") == b"label,none\r\nRussia,\r\n"
    for format in ("json", "xml"):
        read = rdflib.query.Result.parse(io.BytesIO(table.serialize(format)), format=format)
        assert [str(row.label) for row in read] == ["Russia"]
    yes = filled.query("ASK { ?c a kgo:Claim }")
    assert (yes.form, yes.answer, yes.serialize("csv")) == ("ask", True, b"true")
    graph = filled.query("CONSTRUCT WHERE { ?f a kgo:Fact ; kgo:status ?s }")
    assert len(rdflib.Graph().parse(graph.serialize("turtle"), format="turtle")) == len(set(graph.triples)) > 10
    with pytest.raises(QueryError, match="csv, tsv, json, xml"):
        table.serialize("turtle")


def test_it_is_an_rdflib_dataset_too(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        store.add(gold("sudan-veto"))
        claims = list(store.claims())
        store.replace_assembly(assemble(claims, store.documents()), claims)
        dataset = store.rdflib_dataset()
        kgo = rdflib.Namespace(PREFIXES["kgo"])
        assert len(list(dataset.subjects(rdflib.RDF.type, kgo.Claim))) == len(gold("sudan-veto")[0][1])
        found = dataset.query("SELECT ?o { ?c kgo:relation kgo:vetoed ; kgo:object/rdfs:label ?o }")
        assert {str(row.o) for row in found} == {"Draft resolution"}
        del dataset, found
    with Store.open(tmp_path / "s") as store:
        assert store.document("sudan-veto")


def test_claims_read_with_sparql_tools_are_those_of_the_store(filled: Store) -> None:
    quads = [quad for quad in filled.quads() if quad.graph_name == ox.NamedNode(f"{KGR}document/sudan-veto")]
    assert read_claims(quads) == list(filled.claims("sudan-veto"))
