"""Pages for things, for people and machines; search, and how both follow the store."""

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import rdflib
from conftest import HOSTILE, article
from starlette.testclient import TestClient

from kg.assemble import assemble
from kg.serve import application
from kg.serve.search import FILE, Search
from kg.store import Store

KGR = "https://w3id.org/geopolitical-kg/id/"


def get(server: str, path: str, accept: str = "text/html") -> httpx.Response:
    return httpx.get(server + path, headers={"accept": accept}, timeout=60)


def one(server: str, pattern: str) -> str:
    """The address here of the first thing of a pattern."""
    query = f"SELECT ?x WHERE {{ {pattern} }} ORDER BY ?x LIMIT 1"
    rows = httpx.get(f"{server}/sparql", params={"query": query}, timeout=60).json()["results"]["bindings"]
    return "/" + str(rows[0]["x"]["value"]).removeprefix(KGR)


THINGS = {
    "entity": "?x a kgo:State", "claim": "?x a kgo:Claim ; kgo:place ?p ; kgo:attribution ?a", "document": "?x a kgo:Document",
    "event": "?x a kgo:Event ; kgo:quantity ?q", "fact": "?x a kgo:Fact ; kgo:status kgo:contested"}


@pytest.mark.parametrize("kind", THINGS)
def test_a_thing_is_a_page_for_people_and_a_graph_for_machines(server: str, kind: str) -> None:
    path = one(server, THINGS[kind])
    page = get(server, path)
    assert page.headers["content-type"].startswith("text/html")
    assert KGR + path[1:] in page.text
    node = rdflib.URIRef(KGR + path[1:])
    graphs = [rdflib.Graph().parse(data=get(server, path, accept).content, format=format) for accept, format in (
        ("text/turtle", "turtle"), ("application/ld+json", "json-ld"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml"))]
    assert all(len(graph) == len(graphs[0]) > 3 for graph in graphs)
    assert (node, rdflib.RDF.type, None) in graphs[0]
    assert get(server, f"{path}?format=jsonld").headers["content-type"] == "application/ld+json"
    assert get(server, path, "image/png").status_code == 406


def test_a_claims_page_has_its_sentence_marked_and_leads_to_its_document(server: str) -> None:
    page = get(server, one(server, THINGS["claim"]))
    assert re.search(r'<mark class="[^"]*is-subject', page.text)
    assert 'href="/document/' in page.text
    assert 'href="/entity/' in page.text


def test_a_contested_facts_page_has_both_sides(server: str) -> None:
    page = get(server, one(server, THINGS["fact"]))
    assert "Says so (" in page.text and "Denies it, or says the opposite (" in page.text


def test_the_links_of_a_page_lead_somewhere(server: str) -> None:
    page = get(server, "/entity/PRK").text
    links = {part.partition('"')[0] for part in page.split('href="')[1:]}
    inside = sorted(link for link in links if link.startswith(("/entity", "/fact", "/event", "/claim", "/document")))
    assert len(inside) > 5
    for link in (*inside[::max(1, len(inside) // 8)], "/ontology", "/search?q=treaty", "/static/site.css", "/static/vendor/LICENSES.txt"):
        assert get(server, link).status_code == 200, link


def test_what_is_not_there_is_said_so(server: str) -> None:
    for kind in THINGS:
        assert get(server, f"/{kind}/nothing").status_code == 404
        assert get(server, f"/{kind}/nothing", "text/turtle").status_code == 404
    assert "Not here" in get(server, "/entity/nothing").text
    assert get(server, "/../../etc/passwd").status_code == 404
    assert get(server, "/static/%2e%2e/pages.py").status_code == 404


def test_the_ontology_is_turtle_for_machines(server: str) -> None:
    graph = rdflib.Graph().parse(data=get(server, "/ontology", "text/turtle").text, format="turtle")
    assert (rdflib.URIRef("https://w3id.org/geopolitical-kg/ontology#ratified"), rdflib.RDFS.label, None) in graph
    assert 'id="ratified"' in get(server, "/ontology").text


def test_names_out_of_articles_are_text(server: str) -> None:
    document = one(server, "?x schema:publisher ?p FILTER(CONTAINS(?p, 'pwned'))")
    for path in ("/entity/organization/hostile", document, "/search?q=pwned", "/graph?thing=organization/hostile"):
        page = get(server, path)
        assert page.status_code == 200
        assert "<script>window.pwned" not in page.text and "<img src=x" not in page.text
        assert 'href="javascript:' not in page.text
    assert HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;") in get(
        server, "/entity/organization/hostile").text


def test_a_question_comes_with_its_parameters_in_place(server: str) -> None:
    text = get(server, "/question/who-says?subject=North+Korea&relation=suppliedArmsTo&object=Russia").text
    assert "PRK" in text and "suppliedArmsTo" in text
    assert httpx.post(f"{server}/sparql", data={"query": text}, timeout=60).json()["results"]["bindings"]
    wrong = get(server, "/question/who-says?subject=Nowhere+Land&relation=suppliedArmsTo&object=Russia")
    assert (wrong.status_code, "nothing here is called" in wrong.text) == (400, True)


# ---- search ----------------------------------------------------------------------------------------------------------


def found(server: str, text: str) -> Any:
    for _ in range(100):
        answer = httpx.get(f"{server}/search", params={"q": text}, headers={"accept": "application/json"}, timeout=60).json()
        if answer["ready"]:
            break
        time.sleep(0.2)
    return answer


def test_search_finds_names_and_sentences(server: str) -> None:
    answer = found(server, "north kor")
    assert answer["entities"][0]["label"] == "North Korea"
    assert all("ratified" in one["text"].lower() for one in found(server, "ratified")["sentences"])
    [exact] = found(server, '"ratified Oslo Accord"')["sentences"]
    assert exact["claims"][0].startswith(f"{KGR}claim/")
    assert "<mark>" in get(server, "/search?q=treaty").text


@pytest.mark.parametrize("text", ['"', '" OR NEAR(', "*", "col:x AND (", "-", "NOT", "'; DROP TABLE names; --", "a" * 5000, "\x00", "é"])
def test_search_takes_any_text(server: str, text: str) -> None:
    assert httpx.get(f"{server}/search", params={"q": text}, timeout=60).status_code == 200


def fill(path: Path, *names: str) -> None:
    items = [article(name, f"Bureau of {name.title()}", f"{name.title()} Accord") for name in names]
    with Store.open(path, create=True) as store:
        for gone in set(store.versions()) - {document.id for document, _ in items}:
            store.remove(gone)
        store.add(items)
        store.replace_assembly(assemble([claim for _, claims in items for claim in claims], [document for document, _ in items]))


def test_the_index_follows_the_store(tmp_path: Path) -> None:
    path = tmp_path / "store"

    def labels(search: Search, text: str) -> list[str]:
        return [one.label for one in asyncio.run(search.names(text))] + ["".join(one.parts) for one in asyncio.run(search.sentences(text))]

    fill(path, "maple", "birch")
    with closing(Search(path)) as search:
        asyncio.run(search.follow())
        assert labels(search, "maple") == ["Bureau of Maple", "Maple Accord", "Bureau of Maple ratified Maple Accord on a Monday."]
        fill(path, "birch", "aspen")
        asyncio.run(search.follow())
        assert labels(search, "maple") == []
        assert len(labels(search, "aspen")) == len(labels(search, "birch")) == 3
    (path / FILE).write_bytes(b"no database at all" * 100)  # damaged: made anew
    with closing(Search(path)) as search:
        asyncio.run(search.follow())
        assert len(labels(search, "aspen")) == 3


def eventually(holds: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.3)
    return False


def test_a_server_answers_from_the_store_as_it_is_now(tmp_path: Path) -> None:
    path = tmp_path / "store"
    fill(path, "maple")
    with TestClient(application(path)) as client:
        def knows(name: str) -> bool:
            query = f"ASK {{ ?s rdfs:label ?label FILTER(STR(?label) = 'Bureau of {name}') }}"
            return bool(client.get("/sparql", params={"query": query}).json()["boolean"])

        assert knows("Maple") and not knows("Aspen")
        fill(path, "aspen")
        assert eventually(lambda: knows("Aspen") and not knows("Maple"))
        assert eventually(lambda: "Bureau of Aspen" in client.get("/search", params={"q": "aspen"}).text)
        assert client.get("/document/maple").status_code == 404


def test_a_store_that_may_not_be_written_to_is_served_too(tmp_path: Path) -> None:
    path = tmp_path / "store"
    fill(path, "maple")
    (path / FILE).mkdir()  # no index can be made there
    with TestClient(application(path)) as client:
        assert eventually(lambda: "Bureau of Maple" in client.get("/search", params={"q": "maple"}).text)
        assert client.get("/sparql", params={"query": "ASK { ?s kgo:ratified ?o }"}).json()["boolean"]
    assert not list((path / FILE).iterdir())


def test_other_origins_may_ask_where_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "store"
    fill(path, "maple")
    with TestClient(application(path, origins=["https://notebook.example"])) as client:
        asked = client.get("/sparql", params={"query": "ASK {}"}, headers={"origin": "https://notebook.example"})
        assert asked.headers["access-control-allow-origin"] == "https://notebook.example"
        other = client.get("/sparql", params={"query": "ASK {}"}, headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


def test_the_server_needs_a_store(tmp_path: Path) -> None:
    from kg.cli import main
    assert main(["serve", str(tmp_path / "nothing")]) == 2
    assert not (tmp_path / "nothing").exists()
