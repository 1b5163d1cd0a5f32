"""Writing what became of an assembly: of the graph only what is other than before."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from kg.model import Change, Ends, Entity, Event, Fact, Gone, Merge
from kg.ontology import ontology
from kg.rdf import ASSEMBLED, END_PROPERTIES, ends_nodes, ends_quads, identifier, iri, merge_node, term, thing_quads
from kg.store.folder import LEDGER, UNSETTLED

_OF_ENTITY = ("rdf:type", "rdfs:label", "skos:altLabel", "kgo:country", "kgo:sector", "owl:sameAs")
_AT_ONCE = 300_000


class Books:
    """The ledger of a store: a database to assemble in, and the way to write what comes out; a context manager.

    `anew` says that the database knows nothing of what the graph holds: everything is to be given again. What is done
    within counts once it ends without an error.
    """

    def __init__(self, path: Path, inner: ox.Store, *, bulk: int) -> None:
        self._path, self._inner, self._bulk = path, inner, bulk
        self.anew = False

    def __enter__(self) -> Self:
        file, unsettled = self._path / LEDGER, self._path / UNSETTLED
        self.anew = unsettled.exists() or (not file.exists() and self._inner.contains_named_graph(ASSEMBLED))
        if self.anew:
            file.unlink(missing_ok=True)
        self.database = self._connect(file)
        return self

    def _connect(self, file: Path) -> sqlite3.Connection:
        database = sqlite3.connect(file, check_same_thread=False)
        try:
            # All of it can be made again: what a power failure may lose is not worth waiting for the disk.
            database.execute("PRAGMA synchronous = OFF")
            database.execute("PRAGMA cache_size = -65536")
            database.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()
        except sqlite3.DatabaseError:
            database.close()
            file.unlink()
            self.anew = True
            return self._connect(file)
        return database

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if error is None:
                self.database.commit()
                (self._path / UNSETTLED).unlink(missing_ok=True)
        finally:
            self.database.close()

    def write(self, changes: Iterable[Change]) -> None:
        """Write what became of the assembly."""
        unsettled = self._path / UNSETTLED
        if self.anew:
            unsettled.touch()
            if self._inner.contains_named_graph(ASSEMBLED):
                self._inner.remove_graph(ASSEMBLED)
        settle(self._inner, changes, bulk=self._bulk, unsettled=unsettled)


def settle(inner: ox.Store, changes: Iterable[Change], *, bulk: int, unsettled: Path | None = None) -> None:
    """Write changes to a graph; `unsettled` is a file that is to be there while it does."""
    first = not inner.contains_named_graph(ASSEMBLED)
    ends: list[Ends] = []
    if first:
        def fresh_quads() -> Iterator[ox.Quad]:
            for change in changes:
                if isinstance(change, Ends):
                    ends.append(change)
                elif not isinstance(change, Gone):
                    yield from thing_quads(change)
        quads = fresh_quads()
        some = list(islice(quads, bulk))
        if unsettled and some:
            unsettled.touch()
        if len(some) == bulk:
            inner.bulk_extend(chain(some, quads))
        elif some:
            inner.extend(some)
        changes = ends
    gone: set[ox.Quad] = set()
    fresh: set[ox.Quad] = set()
    for change in changes:
        old = set(_quads_of(inner, change))
        new = set() if isinstance(change, Gone) else set(
            ends_quads(change) if isinstance(change, Ends) else thing_quads(change))
        gone |= old - new
        fresh |= new - old
    gone -= fresh  # what one thing gives up another may take over
    if unsettled and (gone or fresh):
        unsettled.touch()
    exchange(inner, gone, fresh, bulk=bulk)


def replace(inner: ox.Store, graph: ox.NamedNode, quads: Iterable[ox.Quad], *, bulk: int) -> None:
    """Make a graph hold just these quads, in one step."""
    old, new = set(inner.quads_for_pattern(None, None, None, graph)), set(quads)
    exchange(inner, old - new, new - old, bulk=bulk)


def exchange(inner: ox.Store, gone: set[ox.Quad], fresh: set[ox.Quad], *, bulk: int) -> None:
    """Take some quads away and put others in; in one step, unless they are very many."""
    if not gone:
        if fresh:
            (inner.bulk_extend if len(fresh) >= bulk else inner.extend)(fresh)
    elif len(gone) + len(fresh) <= _AT_ONCE:
        inner.update(f"DELETE DATA {{ {_data(gone)} }} ; INSERT DATA {{ {_data(fresh)} }}")
    else:
        for quad in gone:
            inner.remove(quad)
        inner.bulk_extend(fresh)


def _data(quads: Iterable[ox.Quad]) -> str:
    graphs: dict[str, list[ox.Triple]] = {}
    for quad in quads:
        graphs.setdefault(str(quad.graph_name), []).append(quad.triple)
    return " ".join(f"GRAPH {graph} {{ {(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b'').decode()} }}"
                    for graph, triples in graphs.items())


def _quads_of(inner: ox.Store, change: Change) -> Iterator[ox.Quad]:
    """What the graph says so far of a thing, or of the ends of a claim."""
    if isinstance(change, Ends):
        graph = iri("document", change.document)
        for node in ends_nodes(change):
            for property in (*END_PROPERTIES, "kgo:source"):
                yield from inner.quads_for_pattern(node, term(property), None, graph)
        return
    kind, node = _node(change)
    if kind == "entity":
        # Direct triples begin at entities too, but belong to facts.
        for property in _OF_ENTITY:
            yield from inner.quads_for_pattern(node, term(property), None, ASSEMBLED)
        return
    own = list(inner.quads_for_pattern(node, None, None, ASSEMBLED))
    yield from own
    if kind == "event":
        yield from inner.quads_for_pattern(None, term("kgo:event"), node, ASSEMBLED)
        for quad in own:
            if quad.predicate == term("kgo:quantity") and isinstance(quad.object, ox.NamedNode):
                yield from inner.quads_for_pattern(quad.object, None, None, ASSEMBLED)
    elif kind == "fact" and own:
        ends = {quad.predicate: quad.object for quad in own}
        subject, relation, object = (ends[term(f"kgo:{end}")] for end in ("subject", "relation", "object"))
        assert isinstance(subject, ox.NamedNode) and isinstance(relation, ox.NamedNode) and isinstance(object, ox.NamedNode)
        yield ox.Quad(subject, relation, object, ASSEMBLED)
        known = ontology().relations.get(identifier(relation))
        if known and known.symmetric:
            yield ox.Quad(object, relation, subject, ASSEMBLED)


def _node(change: Entity | Event | Fact | Merge | Gone) -> tuple[str, ox.NamedNode]:
    """The kind of a thing, and its node."""
    if isinstance(change, Merge):
        return "merge", merge_node(change.document, change.local)
    if isinstance(change, Gone) and change.kind == "merge":
        return "merge", merge_node(change.document, change.id)
    kind = change.kind if isinstance(change, Gone) else type(change).__name__.lower()
    return kind, iri(kind, change.id)
