"""RDF: everything that the store holds, graph by graph and subject by subject, the triples of each sorted."""

import gzip
from collections.abc import Iterator
from itertools import groupby
from typing import IO, cast

import pyoxigraph as ox

from kg.ontology import PREFIXES
from kg.rdf import term
from kg.store import Store


def nquads(store: Store, stream: IO[bytes]) -> None:
    """N-Quads, which every triple store loads, Neptune too."""
    ox.serialize(_quads(store), stream, ox.RdfFormat.N_QUADS)


def nquads_gz(store: Store, stream: IO[bytes]) -> None:
    """N-Quads, compressed; the archive says nothing of when or where it was made."""
    with gzip.GzipFile(fileobj=stream, mode="wb", filename="", mtime=0) as packed:
        ox.serialize(_quads(store), cast(IO[bytes], packed), ox.RdfFormat.N_QUADS)


def nquads12(store: Store, stream: IO[bytes]) -> None:
    """N-Quads of RDF 1.2: as N-Quads, and each claim and fact also reifies (`rdf:reifies`) the triple that it is about.

    Claims that nothing asserts are so triples that are spoken of, and not said.
    """
    ox.serialize(_reifying(_quads(store)), stream, ox.RdfFormat.N_QUADS)


def trig(store: Store, stream: IO[bytes]) -> None:
    """TriG."""
    ox.serialize(_quads(store), stream, ox.RdfFormat.TRIG, prefixes=dict(PREFIXES))


def turtle(store: Store, stream: IO[bytes]) -> None:
    """Turtle: the union of all graphs; which graph a triple is from is what it cannot hold."""
    ox.serialize((quad.triple for quad in _quads(store)), stream, ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))


def jsonld(store: Store, stream: IO[bytes]) -> None:
    """JSON-LD, in named graphs."""
    ox.serialize(_quads(store), stream, ox.RdfFormat.JSON_LD, prefixes=dict(PREFIXES))


def _quads(store: Store) -> Iterator[ox.Quad]:
    """All quads. The store gives them graph by graph and subject by subject, in an order that its content decides."""
    for _, quads in groupby(store.quads(), key=lambda quad: (quad.graph_name, quad.subject)):
        yield from sorted(quads, key=str)


def _reifying(quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
    ends = [term(f"kgo:{end}") for end in ("subject", "relation", "object")]
    kinds = (term("kgo:Claim"), term("kgo:Fact"))
    for (graph, node), group in groupby(quads, key=lambda quad: (quad.graph_name, quad.subject)):
        said = {}
        for quad in group:
            said[quad.predicate] = quad.object
            yield quad
        subject, relation, object = (said.get(end) for end in ends)
        if said.get(term("rdf:type")) in kinds and object and isinstance(subject, ox.NamedNode) and isinstance(
                relation, ox.NamedNode):
            yield ox.Quad(node, term("rdf:reifies"), ox.Triple(subject, relation, object), graph)
