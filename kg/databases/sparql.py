"""Loading SPARQL stores: each named graph as one, over the Graph Store Protocol and SPARQL Update.

The graph `kgr:graph/loaded` there holds a digest of every graph that is whole. A graph is written when its digest or its
number of triples is not the source's; its digest is taken away before and set after, so that a load which ends in
between leaves a graph that the next one writes anew.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import NamedTuple

import pyoxigraph as ox

from kg.databases.contract import Loaded, Progress, Target
from kg.databases.endpoint import Endpoint
from kg.ontology import KGO, KGR
from kg.store import Store

_LOADED = f"{KGR}graph/loaded"
_DIGEST = f"{KGO}digest"
_PAGE = 5000
_WHOLE = re.compile(rb'("-?\d+)("\^\^<http://www\.w3\.org/2001/XMLSchema#decimal> \.\n)')
_CHUNK = 25_000
"""Triples in one request."""
_GRAPHS = """SELECT ?graph (COUNT(*) AS ?triples) WHERE {{ GRAPH ?graph {{ ?s ?p ?o }}
FILTER(STRSTARTS(STR(?graph), {ours}) && STR(?graph) > {after}) }} GROUP BY ?graph ORDER BY STR(?graph) LIMIT {page}"""
_DIGESTS = """SELECT ?graph ?digest WHERE {{ GRAPH <{loaded}> {{ ?graph <{digest}> ?digest }}
FILTER(STR(?graph) > {after}) }} ORDER BY STR(?graph) LIMIT {page}"""


class _Graph(NamedTuple):
    """A named graph of the source: its IRI, its triples as N-Triples in pieces, their number and digest."""

    iri: str
    pieces: list[bytes]
    triples: int
    digest: str


def load(store: Store, target: Target, wipe: bool, progress: Progress) -> Loaded:
    """Make a SPARQL store hold the graphs of the store, and no other of this project's."""
    with Endpoint(target) as endpoint:
        there = _counts(endpoint)
        digests = _digests(endpoint)
        if wipe:
            _remove(endpoint, [graph for graph in there if graph in digests], progress)
            there = {graph: count for graph, count in there.items() if graph not in digests}
            digests = {}
        source: dict[str, int] = {}
        unchanged = 0

        def changed() -> Iterator[_Graph]:
            nonlocal unchanged
            for graph in _graphs(store, point=endpoint.product.point):
                source[graph.iri] = graph.triples
                if there.get(graph.iri) == graph.triples and digests.get(graph.iri) == graph.digest:
                    unchanged += 1
                else:
                    yield graph

        written = _write(endpoint, changed(), there, digests, progress)
        gone = [graph for graph in there if graph not in source and graph != _LOADED]
        _remove(endpoint, gone, progress)
        progress("counting", len(source))
        counted = {graph: count for graph, count in _counts(endpoint).items() if graph != _LOADED}
        return Loaded(written=written, unchanged=unchanged, removed=len(gone), source=source, target=counted,
                      server=endpoint.server)


def _graphs(store: Store, *, point: bool) -> Iterator[_Graph]:
    for name, quads in groupby(store.quads(), key=lambda quad: quad.graph_name):
        digest, triples, pieces = hashlib.sha256(), 0, []
        while some := [quad.triple for quad in islice(quads, _CHUNK)]:
            piece = ox.serialize(some, format=ox.RdfFormat.N_TRIPLES) or b""
            pieces.append(_WHOLE.sub(rb"\1.0\2", piece) if point else piece)
            digest.update(pieces[-1])
            triples += len(some)
        assert isinstance(name, ox.NamedNode)
        yield _Graph(name.value, pieces, triples, digest.hexdigest()[:16])


def _write(endpoint: Endpoint, graphs: Iterable[_Graph], there: Mapping[str, int], digests: Mapping[str, str],
           progress: Progress) -> int:
    """Write graphs, those that are new many at a time where the target takes them so."""
    written = 0
    fresh: list[_Graph] = []
    replaced: list[_Graph] = []

    def settle() -> None:
        nonlocal written
        if fresh:
            endpoint.add_quads(b"".join(_quads(graph) for graph in fresh))
        done = [*fresh, *replaced]
        fresh.clear()
        replaced.clear()
        if done:
            endpoint.update(f"INSERT DATA {{ GRAPH <{_LOADED}> {{ " + " . ".join(
                f"<{graph.iri}> <{_DIGEST}> \"{graph.digest}\"" for graph in done) + " } }")
        written += len(done)
        progress("writing graphs", written)

    for graph in graphs:
        if graph.iri not in there and endpoint.product.quads is not None and len(graph.pieces) == 1:
            fresh.append(graph)
        else:
            if graph.iri in digests:
                _forget(endpoint, [graph.iri])
            endpoint.put_graph(graph.iri, graph.pieces)
            replaced.append(graph)
        if sum(one.triples for one in fresh) >= _CHUNK or len(replaced) >= _PAGE // 50:
            settle()
    settle()
    return written


def _quads(graph: _Graph) -> bytes:
    """The graph as N-Quads: each line of N-Triples ends in ` .`, and no text holds a line end."""
    return graph.pieces[0].replace(b" .\n", f" <{graph.iri}> .\n".encode())


def _remove(endpoint: Endpoint, graphs: list[str], progress: Progress) -> None:
    for number, graph in enumerate(graphs, start=1):
        endpoint.delete_graph(graph)
        progress("removing graphs", number)
    _forget(endpoint, graphs)


def _forget(endpoint: Endpoint, graphs: list[str]) -> None:
    for number in range(0, len(graphs), 100):
        values = " ".join(f"<{graph}>" for graph in graphs[number:number + 100])
        endpoint.update(f"DELETE {{ GRAPH <{_LOADED}> {{ ?graph <{_DIGEST}> ?digest }} }} WHERE {{ "
                        f"GRAPH <{_LOADED}> {{ ?graph <{_DIGEST}> ?digest }} VALUES ?graph {{ {values} }} }}")


def _counts(endpoint: Endpoint) -> dict[str, int]:
    """How many triples each graph of this project has there."""
    return {graph: int(count) for graph, count in _paged(endpoint, _GRAPHS, ours=str(ox.Literal(KGR)))}


def _digests(endpoint: Endpoint) -> dict[str, str]:
    """The digests of the graphs that are whole; a graph that two loaders disagree about has none."""
    found: dict[str, str] = {}
    for graph, digest in _paged(endpoint, _DIGESTS, loaded=_LOADED, digest=_DIGEST):
        found[graph] = digest if graph not in found else ""
    return found


def _paged(endpoint: Endpoint, query: str, **parts: str) -> Iterator[tuple[str, str]]:
    """All rows of a query that gives a graph and a value, a page at a time: servers cut long answers off."""
    after = ""
    while True:
        rows = endpoint.query(query.format(after=ox.Literal(after), page=_PAGE, **parts))
        yield from rows
        if len(rows) < _PAGE:
            return
        after = rows[-1][0]
