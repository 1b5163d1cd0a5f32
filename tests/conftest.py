"""What several test modules share: one server, over the gold articles and the data of the W3C's protocol tests."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from gold_claims import gold, gold_claims, gold_documents

from kg.assemble import assemble
from kg.model import Claim, Document, Entity, EntityType, Mention, Span
from kg.store import Store

W3C = Path(__file__).parent / "w3c"
W3C_DATA = "http://kasei.us/2009/09/sparql/data/"
HOSTILE = "</title><script>window.pwned=1</script><img src=x onerror=\"window.pwned=1\"> {{7*7}}"
SECONDS = 4.0
"""How long a query may run on the server of the tests."""


def article(name: str, who: str, what: str) -> tuple[Document, list[Claim]]:
    """A document of one sentence, that one ratified something."""
    text = f"{who} ratified {what} on a Monday."

    def span(words: str) -> dict[str, int | str]:
        return {"text": words, "start": text.index(words), "end": text.index(words) + len(words)}

    document = Document.of(text, name=name, title=f"About {who}",
                           publisher=who, url="javascript:window.pwned=1" if who == HOSTILE else None)
    return document, [Claim.of(
        document=document.id, relation="ratified", trigger=Span(**span("ratified")), sentence=Span(**span(text)),
        subject=Mention(entity=Entity(id=f"organization/{name}", label=who, type=EntityType.ORGANIZATION), **span(who)),
        object=Mention(entity=Entity(id=f"agreement/{name}", label=what, type=EntityType.AGREEMENT), **span(what)),
        event_type="SUPPORT", mode=None, confidence=0.9, extractor="test/1")]


def serving(store: Path, *options: str) -> Iterator[str]:
    """`kg serve`, in a process of its own; gives its address."""
    process = subprocess.Popen([sys.executable, "-m", "kg", "serve", str(store), "--port", "0", *options],
                               stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = ""
    while not (found := re.search(r"http://[^ ]+(?=/ )", said)):
        line = process.stderr.readline()
        assert line, f"the server ended: {said}"
        said += line
    try:
        yield found.group()
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def gold_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store of all gold articles, with the graphs that the W3C's tests ask."""
    path = tmp_path_factory.mktemp("served") / "store"
    told = article("hostile", HOSTILE, "Oslo Accord")
    with Store.open(path, create=True) as store:
        store.add([*gold(), told])
        store.replace_assembly(assemble([*gold_claims(), *told[1]], [*gold_documents(), told[0]]))
    inner = ox.Store(str(path / "oxigraph"))
    for file in sorted((W3C / "protocol").glob("*.nt")):
        inner.load(path=str(file), format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(f"{W3C_DATA}{file.stem}.rdf"))
    inner.flush()
    return path


@pytest.fixture(scope="session")
def server(gold_store: Path) -> Iterator[str]:
    """The address of a server of the gold articles, without a slash at the end."""
    yield from serving(gold_store, "--timeout", str(SECONDS), "--max-rows", "20000", "--max-bytes", "4000000", "--max-memory", "700")
