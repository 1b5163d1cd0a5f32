"""One contract over every database: real servers, each started once (tests/running.py)."""

import io
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import ladybug
import neo4j
import pyoxigraph as ox
import pytest
from disks import small_disk
from gold_claims import gold
from running import SCRIPTS, STARTERS, Server, free_port, java
from test_export import TRAPS, made_up

from kg.assemble import assemble
from kg.databases import DATABASES, Loaded, LoadError, load
from kg.databases.contract import Target
from kg.databases.cypher import flavour
from kg.databases.endpoint import Endpoint
from kg.databases.products import PRODUCTS, outdated
from kg.export import export, export_folder
from kg.graph import NODES, property_graph
from kg.model import Claim, Document
from kg.queries import run_named
from kg.sparql import plain
from kg.store import Store

FIRST, SECOND = gold("putin-kim-treaty"), gold("hasina-verdict")
LONG = "long " * 200_000
DOCS = Path(__file__).parents[1] / "docs" / "databases.md"
GRAPHS = {"neo4j": "neo4j", "arcadedb": "kg"}
"""Property graphs behind Bolt, and the database to use in each."""

Articles = list[tuple[Document, list[Claim]]]


class Place:
    """A database that runs, and how to look into it without kg."""

    def __init__(self, kind: str, server: Server) -> None:
        self.kind, self.server = kind, server

    def load(self, store: Store, *, wipe: bool = False) -> Loaded:
        return load(store, self.server.url, user=self.server.user, password=self.server.password,
                    name=GRAPHS.get(self.kind), wipe=wipe)

    def command(self, store: Path, *options: str) -> list[str]:
        login = [*(["--user", self.server.user] if self.server.user else []), *(["--password", self.server.password]
                 if self.server.password else []), *(["--database", GRAPHS[self.kind]] if self.kind in GRAPHS else [])]
        return [sys.executable, "-m", "kg", "load", self.server.url, "--store", str(store), *login, *options]

    def cypher(self, text: str, **parameters: object) -> list[tuple[Any, ...]]:
        if self.kind == "ladybug":
            with ladybug.Database(self.server.url.partition(":")[2]) as database, ladybug.Connection(database) as connection:
                return [tuple(row) for row in connection.execute(text, parameters).get_all()]
        auth = (self.server.user, self.server.password)
        with neo4j.GraphDatabase.driver(self.server.url, auth=auth) as driver, driver.session(database=GRAPHS[self.kind]) as session:
            return [tuple(row.values()) for row in session.run(text, parameters)]

    def sparql(self, text: str) -> ox.QuerySolutions:
        product = PRODUCTS[self.kind]
        path = "/sparql" if self.kind == "virtuoso" else product.query
        answer = httpx.post(self.server.url + path, data={"query": text}, timeout=60,
                            headers={"Accept": "application/sparql-results+json"}, auth=self._auth())
        return ox.parse_query_results(answer.content, ox.QueryResultsFormat.JSON)

    def update(self, text: str) -> None:
        with Endpoint(Target(url=self.server.url, kind=self.kind, user=self.server.user, password=self.server.password)) as there:
            there.update(text)

    def graph(self, name: str) -> bytes:
        answer = httpx.get(self.server.url + PRODUCTS[self.kind].graphs, params={"graph": name}, timeout=60,
                           headers={"Accept": "application/n-triples, text/plain"}, auth=self._auth())
        return answer.content

    def _auth(self) -> httpx.Auth | None:
        user, password = self.server.user, self.server.password
        return None if user is None else httpx.DigestAuth(user, password) if self.kind == "virtuoso" else httpx.BasicAuth(user, password)

    @property
    def is_rdf(self) -> bool:
        return self.kind in PRODUCTS

    def content(self, store: Store, *, loaded: bool = True) -> object:
        """All that was loaded (or all there is), in a form to compare."""
        if not self.is_rdf:
            return self._ladybug() if self.kind == "ladybug" else self._bolt("IS NOT NULL" if loaded else "IS NULL")
        names = {quad.graph_name.value for quad in store.quads()}
        return {name: {told(quad.triple) for quad in ox.parse(self.graph(name), format=ox.RdfFormat.N_TRIPLES)} for name in names}

    def expected(self, store: Store) -> object:
        """What `content` is to be."""
        if self.is_rdf:
            graphs: dict[str, set[object]] = {}
            for quad in store.quads():
                graphs.setdefault(quad.graph_name.value, set()).add(told(quad.triple))
            return graphs
        graph = property_graph(store.documents(), store.claims(), store.assembly())
        if self.kind == "arcadedb":
            for _, about in graph.nodes(data=True):
                kind, *types = about["labels"]
                about.update({"labels": (kind,)}, **({"type": types[0]} if types else {}))
        nodes = {(about["labels"][0], about["id"]): node(about.pop("labels"), about) for _, about in graph.nodes(data=True)}
        kinds = {key: (key.partition("/")[0].capitalize(), key.partition("/")[2]) for key in graph}
        return nodes, Counter((kinds[start], about.pop("type"), kinds[end], frozen(about))
                              for start, end, about in graph.edges(data=True))

    def _bolt(self, digest: str) -> object:
        nodes = {}
        for kind in NODES:
            for labels, about in self.cypher(f"MATCH (n:{kind}) WHERE n.kg_digest {digest} RETURN labels(n), properties(n)"):
                about.pop("kg_digest", None)
                nodes[kind, about["id"]] = node((kind, *sorted(set(labels) - {kind})), about)
        rows = self.cypher(f"MATCH (a)-[r]->(b) WHERE a.kg_digest {digest} "
                           "RETURN labels(a), a.id, type(r), labels(b), b.id, properties(r)")
        edges: Counter[object] = Counter()
        for start, start_id, type, end, end_id, about in rows:
            about.pop("kg_digest", None)
            edges[(kind_of(start), start_id), type, (kind_of(end), end_id), frozen(about)] += 1
        return nodes, edges

    def _ladybug(self) -> object:
        nodes = {}
        for kind in NODES:
            for (about,) in self.cypher(f"MATCH (n:{kind}) RETURN n"):
                about = {name: value for name, value in about.items() if not name.startswith("_") and value not in (None, [])}
                about.pop("kg_digest")
                nodes[kind, about["id"]] = node((kind, *([about.pop("type")] if kind == "Entity" else [])), about)
        edges: Counter[object] = Counter()
        rows = self.cypher("MATCH (a)-[r]->(b) RETURN label(a), a.id, label(r), r, label(b), b.id")
        for start, start_id, type, r, end, end_id in rows:
            about = {name: value for name, value in r.items() if not name.startswith("_") and value not in (None, [])}
            about.pop("kg_digest", None)
            edges[(start, start_id), type, (end, end_id), frozen(about)] += 1
        return nodes, edges


def kind_of(labels: list[str]) -> str:
    return next(kind for kind in NODES if kind in labels)


def node(labels: tuple[str, ...], about: dict[str, Any]) -> tuple[object, ...]:
    return labels, frozen(about)


def frozen(about: dict[str, Any]) -> frozenset[tuple[str, object]]:
    return frozenset((name, value_of(value)) for name, value in about.items() if value not in ((), []))


def value_of(value: Any) -> object:
    if isinstance(value, list | tuple):
        return tuple(value)
    return value.iso_format() if isinstance(value, neo4j.time.Date) else value.isoformat() if isinstance(value, date) else value


def told(triple: ox.Triple) -> tuple[str, str, object]:
    """A triple with its value as a value: stores spell numbers, truth values and languages their own ways."""
    value = triple.object
    if isinstance(value, ox.Literal):
        kind = value.datatype.value.rpartition("#")[2]
        if kind in ("decimal", "integer", "int", "double"):
            return str(triple.subject), str(triple.predicate), Decimal(value.value)
        if kind == "boolean":
            return str(triple.subject), str(triple.predicate), value.value in ("true", "1")
        return str(triple.subject), str(triple.predicate), value.value
    return str(triple.subject), str(triple.predicate), str(value)


@pytest.fixture(scope="session", params=STARTERS)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with STARTERS[request.param](tmp_path_factory.mktemp("servers") / request.param) as server:
        yield Place(request.param, server)


def put(store: Store, articles: Articles, everything: Articles) -> None:
    """Add articles to a store and assemble it of everything."""
    store.add(articles)
    claims = [claim for _, found in everything for claim in found]
    store.replace_assembly(assemble(claims, [document for document, _ in everything]))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store", create=True) as opened:
        put(opened, FIRST, FIRST)
        yield opened


def test_loading_twice_changes_nothing_more_adds_the_difference_and_what_is_removed_goes(place: Place, store: Store) -> None:
    first = place.load(store, wipe=True)
    assert (first.different, first.unchanged, first.removed) == ({}, 0, 0)
    assert place.content(store) == place.expected(store)
    again = place.load(store)
    assert (again.different, again.written, again.removed) == ({}, 0, 0)
    put(store, SECOND, FIRST + SECOND)
    more = place.load(store)
    assert more.different == {}
    assert 0 < more.unchanged <= first.written
    assert place.content(store) == place.expected(store)
    store.remove(FIRST[0][0].id)
    put(store, [], SECOND)
    less = place.load(store)
    assert (less.different, less.removed > 0) == ({}, True)
    assert place.content(store) == place.expected(store)


@pytest.mark.parametrize("text", [f"{TRAPS} one\x00two\x01\x0b", f"«\U0001f680 {LONG}»"], ids=["traps", "long"])
def test_any_text_arrives_unchanged(place: Place, tmp_path: Path, text: str) -> None:
    articles = [*FIRST, made_up(text)]
    with Store.open(tmp_path / "store", create=True) as store:
        put(store, articles, articles)
        assert place.load(store, wipe=True).different == {}
        assert place.content(store) == place.expected(store)


def test_wiping_takes_away_only_what_was_loaded(place: Place, store: Store) -> None:
    place.load(store, wipe=True)
    if place.is_rdf:
        place.update("INSERT DATA { GRAPH <http://example.org/theirs> { <http://example.org/a> <http://example.org/b> 'theirs' } }")
    elif place.kind == "ladybug":
        place.cypher("CREATE NODE TABLE IF NOT EXISTS Theirs(id STRING PRIMARY KEY)")
        place.cypher("MERGE (n:Theirs {id: 'theirs'})")
    else:
        place.cypher("MERGE (n:Person {name: 'theirs'})")
    assert place.load(store, wipe=True).different == {}
    if place.is_rdf:
        assert b"theirs" in place.graph("http://example.org/theirs")
    else:
        assert place.cypher("MATCH (n:Theirs) RETURN n.id" if place.kind == "ladybug" else
                            "MATCH (n:Person {name: 'theirs'}) RETURN n.name") == [("theirs",)]
    assert place.content(store) == place.expected(store)


def test_a_loader_killed_in_the_middle_and_run_again_ends_in_the_same_state(place: Place, tmp_path: Path) -> None:
    articles = gold()
    with Store.open(tmp_path / "store", create=True) as store:
        put(store, FIRST, FIRST)
        place.load(store, wipe=True)
        put(store, articles, articles)
    process = subprocess.Popen(place.command(tmp_path / "store"), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with Store.open(tmp_path / "store", read_only=True) as store:
        assert place.load(store).different == {}
        assert place.content(store) == place.expected(store)


def test_two_loaders_at_once_do_no_harm(place: Place, store: Store) -> None:
    put(store, SECOND, FIRST + SECOND)
    store.flush()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with Store.open(store.path, read_only=True) as own:
                place.load(own)
        except BaseException as error:
            failures.append(error)

    with Store.open(store.path, read_only=True) as own:
        place.load(own, wipe=True)
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # An embedded database lets one process in, and tells the other so.
    assert [str(failure) for failure in failures if place.kind != "ladybug" or "open" not in str(failure)] == []
    assert place.load(store).different == {}
    assert place.content(store) == place.expected(store)


def test_a_wrong_password_is_one_clear_line(place: Place, store: Store) -> None:
    if place.server.user is None:
        return
    with pytest.raises(LoadError, match=r"refuses user 'nobody'.*KG_PASSWORD") as error:
        load(store, place.server.url, user="nobody", password="wrong", name=GRAPHS.get(place.kind))
    assert "\n" not in str(error.value)


def test_the_cypher_script_makes_the_same_graph_however_often_it_is_run(place: Place, tmp_path: Path) -> None:
    if place.kind != "neo4j":
        return
    articles = [*FIRST, made_up(f"{TRAPS} one\x00two")]
    with Store.open(tmp_path / "store", create=True) as store:
        put(store, articles, articles)
        script = io.BytesIO()
        export(store, "cypher", script)
        place.cypher("MATCH (n) DETACH DELETE n")
        for statement in script.getvalue().decode().split(";\n")[:-1] * 2:
            place.cypher(statement)
        assert place.content(store, loaded=False) == place.expected(store)
        place.cypher("MATCH (n) DETACH DELETE n")


def test_neo4js_own_import_takes_the_exported_files(tmp_path: Path) -> None:
    java()
    articles = [*FIRST, made_up(TRAPS)]
    with Store.open(tmp_path / "store", create=True) as store:
        put(store, articles, articles)
        (tmp_path / "files").mkdir()
        export_folder(store, "neo4j", tmp_path / "files")
        graph = property_graph(store.documents(), store.claims(), store.assembly())
    done = subprocess.run([SCRIPTS / "neo4j" / "admin", tmp_path / "home", "database", "import", "full", "neo4j", "@import.args"],
                          cwd=tmp_path / "files", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(rf"\b{graph.number_of_nodes()} nodes\s+{graph.number_of_edges()} relationships", done.stdout), done.stdout


def test_a_full_disk_is_told_and_a_second_run_elsewhere_mends_it(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", create=True) as store:
        put(store, FIRST, FIRST)
        with small_disk(tmp_path / "disk", size="12m") as disk:
            with pytest.raises(LoadError, match=r"the disk of .* is full.*run this again"):
                load(store, f"ladybug:{disk / 'graph.lbug'}")
            shutil.copytree(disk, tmp_path / "larger")
        assert load(store, f"ladybug:{tmp_path / 'larger' / 'graph.lbug'}").different == {}


# ---- docs/databases.md -----------------------------------------------------------------------------------------------


def questions(language: str, name: str) -> str:
    """The query of the docs in this language for this question of the catalogue."""
    [text] = re.findall(rf"```{language} {name}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    return str(text)


NAMED = {"who-did-what": {"one": "Russia", "other": "North Korea"}, "top-dyads": {}, "timeline": {"thing": "Russia"}}


@pytest.mark.parametrize("name", NAMED)
def test_the_queries_of_the_docs_give_the_catalogues_answers(place: Place, store: Store, name: str) -> None:
    place.load(store, wipe=True)
    wanted = run_named(store, name, NAMED[name])
    rows = [dict(zip(wanted.variables, map(plain, row), strict=True)) for row in wanted.rows]
    assert rows
    if place.is_rdf:
        found = place.sparql(questions("sparql", name))
        variables = [variable.value for variable in found.variables]
        answers = [dict(zip(variables, map(plain, row), strict=True)) for row in found]
    else:
        text = questions("cypher", name)
        columns = re.findall(r"AS (\w+)(?=,|\s*ORDER|\s*$)", text.split("RETURN")[-1])
        answers = [dict(zip(columns, row, strict=True)) for row in place.cypher(text)]
    assert {columns for row in answers for columns in row} <= set(wanted.variables)
    shown = set(answers[0])
    assert Counter(comparable(row, shown) for row in answers) == Counter(comparable(row, shown) for row in rows)


def comparable(row: dict[str, Any], columns: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, spelled(row.get(name))) for name in columns))


def spelled(value: Any) -> str:
    text = "" if value is None else str(value_of(value)).rpartition(":")[2].removeprefix("event/").removeprefix("fact/")
    try:
        return f"{float(text):.6g}"
    except ValueError:
        return text


def test_every_database_has_its_command_in_the_docs() -> None:
    text = DOCS.read_text("utf-8")
    for name, database in DATABASES.items():
        assert f"kg load {database.url}" in text, name


# ---- what goes wrong, without a server -------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["bolt://127.0.0.1:{port}", "neo4j://127.0.0.1:{port}", "http://127.0.0.1:{port}"])
def test_a_host_that_cannot_be_reached_is_one_clear_line(store: Store, url: str) -> None:
    with pytest.raises(LoadError, match=r"cannot reach .*is the server running") as error:
        load(store, url.format(port=free_port()), user="a", password="b")
    assert "\n" not in str(error.value)


def test_an_address_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(LoadError, match="'ftp://x' is no address of a database"):
        load(store, "ftp://x")


@pytest.mark.parametrize(("agent", "kind", "complaint"), [
    ("Neo4j/4.4.12", "neo4j", "only Neo4j 5 or later"), ("Neo4j/5.26.0", "neo4j", ""), ("Neo4j/2025.10.1", "neo4j", ""),
    ("Neo4j/v5.11.0 compatible graph database server - Memgraph", "memgraph", ""),
    ("Neo4j/5.26.0 compatible (ArcadeDB 26.10.2)", "arcadedb", "")])
def test_a_bolt_server_says_what_it_is_and_an_old_one_is_refused(agent: str, kind: str, complaint: str) -> None:
    found, said = flavour(agent, "neo4j")
    assert (found, complaint in said, bool(said)) == (kind, True, bool(complaint))


@pytest.mark.parametrize(("kind", "server", "least"), [
    ("virtuoso", "Virtuoso/06.01.3127 (Linux)", "7.2"), ("virtuoso", "Virtuoso/07.20.3229 (Linux)", None),
    ("oxigraph", "Oxigraph/0.2.5", "0.3"), ("oxigraph", "Oxigraph/0.5.13", None), ("fuseki", "", None)])
def test_an_old_sparql_store_is_refused(kind: str, server: str, least: str | None) -> None:
    assert outdated(PRODUCTS[kind], server) == least


def answering(reply: bytes) -> Iterator[str]:
    """A server that gives one answer to everything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(reply)
        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(("reply", "said"), [
    (b"HTTP/1.1 507 Insufficient Storage\r\nServer: Oxigraph/0.5\r\nContent-Length: 0\r\n\r\n", "the disk of .* is full"),
    (b"HTTP/1.1 500 Error\r\nServer: Oxigraph/0.5\r\nContent-Length: 24\r\n\r\nNo space left on device!", "the disk of .* is full"),
    (b"HTTP/1.1 200 OK\r\nServer: Oxigraph/0.2.5\r\nContent-Length: 0\r\n\r\n", "Oxigraph/0.2.5; oxigraph 0.3 or later"),
    (b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n", "does not say which database it is; say it with --as"),
    (b"HTTP/1.1 404 Not Found\r\nServer: Apache Jena Fuseki\r\nContent-Length: 0\r\n\r\n", "is not there: check the name"),
    (b"HTTP/1.1 200 OK\r\nServer: Oxigraph/0.5\r\nContent-Length: 5\r\n\r\nhello", "does not answer SPARQL queries: 'hello'")])
def test_what_a_server_answers_is_told_in_one_line(store: Store, reply: bytes, said: str) -> None:
    for address in answering(reply):
        with pytest.raises(LoadError, match=said) as error:
            load(store, f"http://{address}")
        assert "\n" not in str(error.value)


def test_a_server_that_speaks_no_bolt_is_told_in_one_line(store: Store) -> None:
    for address in answering(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"):
        with pytest.raises(LoadError, match="Bolt") as error:
            load(store, f"bolt://{address}", user="a", password="b")
        assert "\n" not in str(error.value)


def test_the_command_says_what_it_did_counts_and_ends_with_a_code(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", create=True) as store:
        put(store, FIRST, FIRST)
    command = [sys.executable, "-m", "kg", "load", f"ladybug:{tmp_path / 'graph.lbug'}", "--store", str(tmp_path / "store")]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["different"]) == (0, {}), done.stderr
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "0 written" in done.stdout, "Counted on both sides" in done.stdout) == (0, True, True)
    done = subprocess.run([*command[:4], f"bolt://127.0.0.1:{free_port()}", *command[5:]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (2, 1, "")
