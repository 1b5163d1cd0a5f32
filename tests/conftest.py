"""What several test modules share: one server, over the gold articles and the data of the W3C's protocol tests."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from gold_claims import gold, gold_claims, gold_documents

W3C = Path(__file__).parent / "w3c"
W3C_DATA = "http://kasei.us/2009/09/sparql/data/"
SECONDS = 4.0
"""How long a query may run on the server of the tests."""


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
    from kg.assemble import assemble
    from kg.store import Store
    path = tmp_path_factory.mktemp("served") / "store"
    with Store.open(path, create=True) as store:
        store.add(gold())
        store.replace_assembly(assemble(gold_claims(), gold_documents()))
    inner = ox.Store(str(path / "oxigraph"))
    for file in sorted((W3C / "protocol").glob("*.nt")):
        inner.load(path=str(file), format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(f"{W3C_DATA}{file.stem}.rdf"))
    inner.flush()
    return path


@pytest.fixture(scope="session")
def server(gold_store: Path) -> Iterator[str]:
    """The address of a server of the gold articles, without a slash at the end."""
    yield from serving(gold_store, "--timeout", str(SECONDS), "--max-rows", "20000", "--max-bytes", "4000000", "--max-memory", "700")
