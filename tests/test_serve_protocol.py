"""The SPARQL 1.1 Protocol as the W3C tests it, and what clients that people use make of it."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from conftest import W3C
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, TURTLE, XML, SPARQLWrapper

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
TABLES = {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"}
GRAPHS = {"application/rdf+xml", "text/turtle", "application/n-triples"}
RATIFIED = "SELECT ?who ?what WHERE { ?s kgo:ratified ?o . ?s rdfs:label ?who . ?o rdfs:label ?what } ORDER BY ?who ?what"


def manifest(name: str) -> rdflib.Graph:
    return rdflib.Graph().parse(W3C / name / "manifest.ttl")


PROTOCOL = manifest("protocol")
ENTRIES = {str(entry).rpartition("#")[2]: entry for listed in PROTOCOL.objects(None, MF.entries) for entry in PROTOCOL.items(listed)}


def requests(entry: Any) -> list[Any]:
    [connection] = PROTOCOL.objects(entry, MF.action)
    [items] = PROTOCOL.objects(connection, HT.requests)
    return [one for item in PROTOCOL.items(items) for one in ([item] if (item, HT.methodName, None) in PROTOCOL else PROTOCOL.items(item))]


def ask(server: str, request: Any) -> httpx.Response:
    def value(subject: Any, predicate: Any) -> Any:
        return PROTOCOL.value(subject, predicate)

    body, encoding = b"", "UTF-8"
    if content := value(request, HT.body):
        encoding = str(value(content, CNT.characterEncoding) or "UTF-8")
        body = str(value(content, CNT.chars)).encode(encoding)
    headers = {}
    for header in PROTOCOL.items(value(request, HT.headers)) if value(request, HT.headers) else ():
        headers[str(value(header, HT.fieldName))] = str(value(header, HT.fieldValue))
    return httpx.request(str(value(request, HT.methodName)), server + str(value(request, HT.absolutePath)), content=body,
                         headers=headers, timeout=60)


@pytest.mark.parametrize("name", sorted(name for name in ENTRIES if "update" not in name))
def test_w3c_query(server: str, name: str) -> None:
    for request in requests(ENTRIES[name]):
        answer = ask(server, request)
        response = PROTOCOL.value(request, HT.resp)
        statuses = {str(status)[-3] for status in PROTOCOL.objects(response, MF.expectedStatus)}
        assert str(answer.status_code)[0] in statuses, answer.text
        kind = answer.headers["content-type"].partition(";")[0]
        format, boolean = (PROTOCOL.value(response, key) for key in (MF.expectedFormat, MF.expectedBoolean))
        if format is not None:
            assert kind in (GRAPHS if str(format) == "RDF" else TABLES)
        if boolean is not None:
            assert answer.json()["boolean"] is boolean.toPython()


@pytest.mark.parametrize("name", sorted(name for name in ENTRIES if "update" in name))
def test_w3c_update_is_refused(server: str, gold_store: Path, name: str) -> None:
    first, *checks = requests(ENTRIES[name])
    updates = [first] if not name.startswith("bad") else [first, *checks]  # the checks ask what an update would have done
    before = len(ox.Store.read_only(str(gold_store / "oxigraph")))
    for request in updates:
        answer = ask(server, request)
        assert answer.status_code in (400, 403, 405, 415)
        assert answer.text.strip()
    assert len(ox.Store.read_only(str(gold_store / "oxigraph"))) == before


# ---- the service description -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("accept", "format"), [("", "turtle"), ("application/rdf+xml", "xml"), ("application/ld+json", "json-ld"),
                                                ("application/n-triples", "nt")])
def test_w3c_service_description(server: str, accept: str, format: str) -> None:
    answer = httpx.get(f"{server}/sparql", headers={"accept": accept} if accept else None, timeout=60)
    assert answer.status_code == 200
    graph = rdflib.Graph().parse(data=answer.content, format=format)  # returns-rdf
    [service] = graph.subjects(rdflib.RDF.type, SD.Service)
    assert (service, SD.endpoint, rdflib.URIRef(f"{server}/sparql")) in graph  # has-endpoint-triple
    # conforms-to-schema: what stands in a property of the vocabulary is of its range
    ranges = {SD.defaultDataset: SD.Dataset, SD.defaultGraph: SD.Graph, SD.namedGraph: SD.NamedGraph, SD.graph: SD.Graph}
    for property, kind in ranges.items():
        assert set(graph.objects(None, property)) <= set(graph.subjects(rdflib.RDF.type, kind))
        assert set(graph.objects(None, property))
    assert all((named, SD.name, None) in graph for named in graph.objects(None, SD.namedGraph))
    assert SD.SPARQL11Query in graph.objects(service, SD.supportedLanguage)
    assert SD.UnionDefaultGraph in graph.objects(service, SD.feature)


def test_a_browser_at_the_endpoint_is_led_to_the_page(server: str) -> None:
    answer = httpx.get(f"{server}/sparql", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, timeout=60)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{server}/"


# ---- formats ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("accept", "type"), [
    ("", "application/sparql-results+json"), ("*/*", "application/sparql-results+json"), ("application/json", "application/json"),
    ("application/sparql-results+xml", "application/sparql-results+xml"), ("text/csv", "text/csv"),
    ("text/tab-separated-values", "text/tab-separated-values"), ("text/csv;q=0.2, application/xml;q=0.9", "application/xml"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
    ("text/turtle, */*;q=0.1", "application/sparql-results+json")])
def test_tables_come_as_the_client_accepts(server: str, accept: str, type: str) -> None:
    answer = httpx.post(f"{server}/sparql", data={"query": RATIFIED}, headers={"accept": accept}, timeout=60)
    assert answer.headers["content-type"].partition(";")[0] == type
    assert answer.headers["vary"] == "Accept"
    assert "Somalia" in answer.text


@pytest.mark.parametrize(("accept", "format"), [("", "turtle"), ("application/rdf+xml", "xml"), ("application/n-triples", "nt"),
                                                ("application/ld+json", "json-ld"), ("text/csv, text/turtle;q=0.5", "turtle")])
def test_graphs_come_as_the_client_accepts(server: str, accept: str, format: str) -> None:
    query = "CONSTRUCT { ?s kgo:ratified ?o } WHERE { ?s kgo:ratified ?o }"
    answer = httpx.get(f"{server}/sparql", params={"query": query}, headers={"accept": accept}, timeout=60)
    assert len(rdflib.Graph().parse(data=answer.content, format=format)) >= 1


def test_what_no_format_fits_is_not_acceptable(server: str) -> None:
    for query, accept in ((RATIFIED, "text/turtle"), ("DESCRIBE kgr:x", "text/csv"), (RATIFIED, "image/png")):
        assert httpx.get(f"{server}/sparql", params={"query": query}, headers={"accept": accept}, timeout=60).status_code == 406
    assert httpx.get(f"{server}/sparql", params={"query": RATIFIED}, headers={"accept": "nonsense"}, timeout=60).status_code == 400


def test_a_head_request_has_no_body(server: str) -> None:
    answer = httpx.head(f"{server}/sparql", params={"query": RATIFIED}, timeout=60)
    assert (answer.status_code, answer.content) == (200, b"")


def test_no_page_from_elsewhere_may_ask_and_no_other_name_is_answered_to(server: str) -> None:
    answer = httpx.get(f"{server}/sparql", params={"query": RATIFIED}, headers={"origin": "https://evil.example"}, timeout=60)
    assert "access-control-allow-origin" not in answer.headers
    assert httpx.get(f"{server}/sparql", params={"query": RATIFIED}, headers={"host": "evil.example"}, timeout=60).status_code == 400


# ---- clients ---------------------------------------------------------------------------------------------------------


def test_sparqlwrapper(server: str) -> None:
    client = SPARQLWrapper(f"{server}/sparql")
    client.setQuery(RATIFIED)
    client.setReturnFormat(JSON)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert "Somalia" in {row["who"]["value"] for row in rows}
    client.setReturnFormat(XML)
    assert len(client.queryAndConvert().getElementsByTagName("result")) == len(rows)
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().count(b"\n") == len(rows) + 1
    client.setMethod("POST")
    client.setReturnFormat(JSON)
    assert client.queryAndConvert()["results"]["bindings"] == rows
    client.setQuery("CONSTRUCT { ?s kgo:ratified ?o } WHERE { ?s kgo:ratified ?o }")
    for format in (TURTLE, JSONLD):
        client.setReturnFormat(format)
        assert client.queryAndConvert()


def test_rdflib_sparqlstore(server: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{server}/sparql"))
    assert ("Somalia",) in {(str(row.who),) for row in graph.query(RATIFIED)}
    korea = rdflib.URIRef("https://w3id.org/geopolitical-kg/id/entity/PRK")
    assert str(graph.value(korea, rdflib.RDFS.label)) == "North Korea"
    assert graph.query("ASK { ?s kgo:ratified ?o }").askAnswer
    assert len(list(graph.triples((korea, None, None)))) > 3


def test_pandas(server: str) -> None:
    frame = pd.read_csv(f"{server}/sparql?query={quote(RATIFIED)}&format=csv")
    assert list(frame.columns) == ["who", "what"]
    assert "Somalia" in set(frame["who"])
    rows = httpx.get(f"{server}/sparql", params={"query": RATIFIED}, timeout=60).json()["results"]["bindings"]
    assert len(pd.json_normalize(rows)) == len(frame)


def test_the_editor_is_told_what_there_is(server: str) -> None:
    told = json.loads(httpx.get(f"{server}/help.json", timeout=60).text)
    assert told["prefixes"]["kgo"].endswith("ontology#")
    assert f"{told['prefixes']['kgo']}ratified" in told["properties"]
    assert "who-says" in {question["name"] for question in told["questions"]}
