"""A set of hostile requests: each ends as it should, and the server answers others all the while."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

JOIN = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
STOPPED = {504, 503, 403}  # by time, by memory, by rows or bytes: whichever comes first
TORTURE: dict[str, tuple[str, set[int]]] = {
    "cross join": (f"SELECT * {{ {JOIN} }}", STOPPED),
    "counted cross join": (f"SELECT (COUNT(*) AS ?n) {{ {JOIN} }}", STOPPED),
    "sorted cross join": ("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f", STOPPED),
    "distinct cross join": ("SELECT DISTINCT ?c ?f { ?a ?b ?c . ?d ?e ?f }", STOPPED),
    "grouped cross join": ("SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?d", STOPPED),
    "concatenated cross join": ("SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }", STOPPED),
    "constructed cross join": ("CONSTRUCT { ?a ?e ?i } WHERE { " + JOIN + " }", STOPPED),
    "path explosion": ("SELECT (COUNT(*) AS ?n) { ?a (!rdf:type)* ?b . ?b (!rdf:type)* ?c . ?c (!rdf:type)* ?d }", STOPPED),
    "path between all": ("SELECT * { ?a (kgo:x|!kgo:x|^kgo:x|!^kgo:x)+ ?b . ?b (kgo:x|!kgo:x|^kgo:x|!^kgo:x)+ ?c }", STOPPED),
    "doubled text": (f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('many words' AS ?x0) {DOUBLED} }}", STOPPED),
    "endless difference": (f"SELECT (COUNT(*) AS ?n) {{ {JOIN} FILTER NOT EXISTS {{ ?a ?e ?i . ?d ?h ?c }} }}", STOPPED),
    "everything": ("SELECT * { GRAPH ?g { ?s ?p ?o } }", STOPPED),
    "everything as triples": ("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", STOPPED),
    "every text, many times": ("SELECT ?x ?y ?z { ?a kgo:text ?x . ?b kgo:text ?y . ?c kgo:text ?z }", STOPPED),
    "heavy expression": ("SELECT * { FILTER(REGEX('" + "a" * 5000 + "!', '^(a+)+$')) }", {200, 504}),
    "huge expression": ("SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), '((((a{99}){99}){99}){99}){99}')) }", {200, 400, *STOPPED}),
    "deep braces": ("SELECT * " + "{" * 20_000 + "}" * 20_000, {400, 503, 504}),
    "deep brackets": ("SELECT * { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }", {400, 503, 504}),
    "broken": ("SELECT * WHERE { ?s ?p", {400}),
    "nothing at all": ("", {400}),
    "other": ("\x00\ufffd %", {400}),
    "update": ("DROP ALL", {403}),
    "load": ("LOAD <file:///etc/passwd>", {403}),
    "foreign file": ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", {403}),
}


@pytest.fixture
def pulse(server: str) -> Iterator[list[float]]:
    """Asks a small question over and over; gives how long each answer took. Every one must come."""
    took: list[float] = []
    failed: list[str] = []
    over = threading.Event()

    def beat() -> None:
        while not over.is_set():
            begun = time.monotonic()
            try:
                answer = httpx.post(f"{server}/sparql", data={"query": "ASK { ?s kgo:ratified ?o }"}, timeout=60)
                if answer.status_code != 200 or not answer.json()["boolean"]:
                    failed.append(answer.text)
            except httpx.HTTPError as error:
                failed.append(repr(error))
            took.append(time.monotonic() - begun)
            time.sleep(0.2)

    thread = threading.Thread(target=beat)
    thread.start()
    yield took
    over.set()
    thread.join()
    assert failed == []
    assert took


def test_hostile_queries_end_and_harm_nobody(server: str, pulse: list[float]) -> None:
    def ask(query: str) -> int:
        return httpx.post(f"{server}/sparql", data={"query": query}, timeout=300).status_code

    assert len(TORTURE) == 24
    with ThreadPoolExecutor(len(TORTURE)) as together:
        statuses = dict(zip(TORTURE, together.map(ask, [query for query, _ in TORTURE.values()]), strict=True))
    assert {name: status for name, status in statuses.items() if status not in TORTURE[name][1]} == {}


def test_no_query_reaches_the_network(server: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/"
        for query in (f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}",
                      f"SELECT * {{ BIND(<{address}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}", f"LOAD <{address}>",
                      f"SELECT * FROM <{address}> {{ ?s ?p ?o }}"):
            assert httpx.post(f"{server}/sparql", data={"query": query}, timeout=60).status_code == 403
        asked = httpx.post(f"{server}/sparql", data={"query": "ASK { ?s ?p ?o }", "default-graph-uri": address}, timeout=60)
        assert asked.json()["boolean"] is False
        trap.settimeout(0.2)
        with pytest.raises(TimeoutError):
            trap.accept()


def test_large_bodies_and_addresses_are_refused(server: str, pulse: list[float]) -> None:
    big = b"SELECT * { ?s ?p '" + b"a" * 10_000_000 + b"' }"
    kind = {"content-type": "application/sparql-query"}
    hung_up = suppress(httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError)  # before all of it was sent
    with hung_up:
        assert httpx.post(f"{server}/sparql", content=big, headers=kind, timeout=60).status_code == 413
    at = urlsplit(server)
    with socket.create_connection((at.hostname, at.port), timeout=60) as client, suppress(OSError):
        client.sendall(b"GET /sparql?query=" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(100).split()[1:2] in ([], [b"400"], [b"414"], [b"431"])


def test_slow_and_silent_clients_are_no_burden(server: str, pulse: list[float]) -> None:
    at = urlsplit(server)
    query = b"SELECT ?s ?o { GRAPH ?g { ?s kgo:text ?o } }"
    asking = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n"
    clients = [socket.create_connection((at.hostname, at.port)) for _ in range(40)]
    for number, client in enumerate(clients):
        if number % 4 == 0:
            client.sendall(asking % len(query) + query)  # never reads
        elif number % 4 == 1:
            client.sendall(asking % len(query) + query[:9])  # never says it all
        elif number % 4 == 2:
            client.sendall(b"GET /sparql?query=ASK HTTP/1.1\r\nHost: loc")
    before = len(pulse)
    while len(pulse) < before + 4:
        time.sleep(0.2)
    for client in clients:
        client.close()
