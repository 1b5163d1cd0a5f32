"""The store: documents, claims and what they add up to, in a folder on disk (Oxigraph).

Each document goes in whole or not at all, whenever the process may end; a changed one replaces its older version in the
same step. One process at a time may write. Errors say what to do.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox

from kg.model import Assembly, Claim, Document
from kg.ontology import PREFIXES
from kg.rdf import (
    ASSEMBLED,
    ONTOLOGY,
    assembly_quads,
    document_quads,
    iri,
    ontology_quads,
    read_assembly,
    read_claims,
    read_document,
    term,
)
from kg.sparql import QueryResult, Substitutions, ask

if TYPE_CHECKING:
    import rdflib
    from oxrdflib.store import OxigraphStore

FORMAT = 1
"""The version of the layout of a store; one with a higher version is refused."""

_MARKER = "kg-store.json"
_MARKER_DRAFT = ".kg-store.json"
_DATA = "oxigraph"
_BULK = 50_000
_SLOW = 0.1
_PATIENCE = 2.0


class StoreError(Exception):
    """A store that cannot be used as asked; the message says why and what to do."""


class Store:
    """An open store; a context manager that closes it. Made by `Store.open`.

    Every method may raise StoreError: the disk can fill up, and damage shows only where it is read.
    """

    def __init__(self, path: Path, inner: ox.Store, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._opened: ox.Store | None = inner
        self._waiting: dict[str, list[ox.Quad]] = {}
        self._lent: list[OxigraphStore] = []

    @classmethod
    def open(cls, path: str | Path, *, read_only: bool = False, create: bool = False) -> Self:
        """Open the store in a folder; with `create`, make it where there is none.

        `read_only` opens beside a process that writes, and sees what was there at that moment. Raises StoreError where
        there is no store, the folder holds something else, another process writes to it, its data are damaged or of a
        newer version, the disk is full, or the folder may not be used.
        """
        path = Path(path)
        with _explained(path):
            if not _is_store(path):
                if read_only or not create:
                    raise StoreError(f"there is no store at {path}: build one first, or name its folder")
                _mark(path)
            data = path / _DATA
            if read_only:
                # A store that was made but never written to has no data yet; Oxigraph would make the folder.
                return cls(path, ox.Store.read_only(str(data)) if data.is_dir() else ox.Store(), read_only=True)
            store = cls(path, ox.Store(str(data)), read_only=False)
            store._replace(ONTOLOGY, list(ontology_quads()))
            return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self.close()
        except StoreError:
            if error is None:
                raise

    def close(self) -> None:
        """Write everything to disk and let go of the folder; a closed store may be closed again.

        Where the disk is full this fails, but lets go all the same.
        """
        if self._opened is None:
            return
        try:
            self.flush()
        finally:
            for lent in self._lent:
                lent.close()
            self._opened = None

    def flush(self) -> None:
        """Make sure that everything written is on disk; the next open is then fast."""
        with _explained(self.path):
            self._write()
            if not self.read_only:
                self._inner.flush()

    # ---- writing -----------------------------------------------------------------------------------------------------

    def add(self, items: Iterable[tuple[Document, list[Claim]]], *, ingested: datetime | None = None) -> None:
        """Take in documents with their claims, each whole or not at all; `ingested` is now unless given.

        A document that is there already is replaced, or left alone where nothing about it changed. Documents that come
        slowly are written as they come, those of a flood in bulk, many in one step. Where `items` fails midway, the
        documents before are kept.
        """
        moment = ox.Literal((ingested or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                            datatype=term("xsd:dateTime"))
        size, first, last = 0, monotonic(), monotonic()
        try:
            for document, claims in items:
                came_slowly = monotonic() - last > _SLOW
                graph = iri("document", document.id)
                quads = [*document_quads(document, claims), ox.Quad(graph, term("kgo:ingested"), moment, graph)]
                with _explained(self.path):
                    if document.id in self._waiting:
                        self._write()
                    if self._inner.contains_named_graph(graph):
                        self._replace(graph, quads, but_for=term("kgo:ingested"))
                    else:
                        if not self._waiting:
                            size, first = 0, monotonic()
                        self._waiting[document.id] = quads
                        size += len(quads)
                    last = monotonic()
                    if came_slowly or size >= _BULK or last - first > _PATIENCE:
                        self._write()
        finally:
            with _explained(self.path):
                self._write()

    def remove(self, document_id: str) -> bool:
        """Take a document and its claims away; False where it is not there. What is assembled stays as it was."""
        with self._reading(document_id) as inner:
            graph = iri("document", document_id)
            if not inner.contains_named_graph(graph):
                return False
            inner.remove_graph(graph)
            return True

    def replace_assembly(self, assembly: Assembly, claims: Iterable[Claim]) -> None:
        """Put an assembly of these claims in the place of the one that is there, in one step."""
        with self._reading():
            self._replace(ASSEMBLED, list(assembly_quads(assembly, claims)))

    def _write(self) -> None:
        """Write the documents that wait. None is there yet."""
        waiting, self._waiting = list(self._waiting.values()), {}
        if sum(map(len, waiting)) >= _BULK:
            # All or nothing too: the files are built aside and taken in together (tested by killing it).
            self._inner.bulk_extend(quad for quads in waiting for quad in quads)
        else:
            for quads in waiting:
                self._inner.extend(quads)

    def _replace(self, graph: ox.NamedNode, quads: list[ox.Quad], *, but_for: ox.NamedNode | None = None) -> None:
        """Make a graph hold just these quads, in one step; `but_for` names a property that alone is no change."""
        old, new = set(self._inner.quads_for_pattern(None, None, None, graph)), set(quads)
        gone, fresh = old - new, new - old
        if all(quad.predicate == but_for for quad in gone | fresh):
            return
        if not gone:
            (self._inner.bulk_extend if len(fresh) >= _BULK else self._inner.extend)(fresh)
        else:
            self._inner.update(f"DELETE DATA {{ {_data(graph, gone)} }} ; INSERT DATA {{ {_data(graph, fresh)} }}")

    # ---- reading -----------------------------------------------------------------------------------------------------

    def documents(self) -> Iterator[Document]:
        """All documents, by the IRI of their graph."""
        for graph in self._document_graphs():
            with self._reading() as inner:
                document = _document(inner, graph)
            yield document

    def document(self, document_id: str) -> Document | None:
        """One document, None where it is not there."""
        with self._reading(document_id) as inner:
            graph = iri("document", document_id)
            return _document(inner, graph) if inner.contains_named_graph(graph) else None

    def claims(self, document_id: str | None = None) -> Iterator[Claim]:
        """The claims of one document, or of all, document by document."""
        for graph in self._document_graphs() if document_id is None else [iri("document", document_id)]:
            with self._reading(document_id) as inner:
                claims = read_claims(inner.quads_for_pattern(None, None, None, graph))
            yield from claims

    def assembly(self) -> Assembly:
        """What the claims add up to, as it was last put in."""
        with self._reading() as inner:
            return read_assembly(inner.quads_for_pattern(None, None, None, ASSEMBLED))

    def quads(self) -> Iterator[ox.Quad]:
        """Everything that the store holds."""
        with self._reading() as inner:
            yield from inner

    def query(self, text: str, *, timeout: float | None = None,
              substitutions: Substitutions | None = None) -> QueryResult:
        """The answer to a SPARQL query: reads only, over all graphs together, with the project's prefixes.

        With a `timeout` in seconds the query is truly stopped when they are over. `substitutions` are values for
        variables that it projects. Raises QueryError for a query that is wrong or may not be asked, and its subclass
        QueryTimeoutError.
        """
        with self._reading() as inner:
            data = self.path / _DATA
            return ask(inner, text, substitutions=substitutions, timeout=timeout, path=data if data.is_dir() else None)

    def rdflib_dataset(self) -> "rdflib.Dataset":
        """The store as an rdflib Dataset whose default graph is the union of all, for as long as the store is open.

        Ask it with query strings: prepared queries fall back to rdflib's own, far slower engine.
        """
        import rdflib
        from oxrdflib.store import OxigraphStore
        with self._reading() as inner:
            self._lent.append(OxigraphStore(store=inner))
        dataset = rdflib.Dataset(store=self._lent[-1], default_union=True)
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace)
        return dataset

    @property
    def _inner(self) -> ox.Store:
        if self._opened is None:
            raise StoreError(f"the store at {self.path} is closed")
        return self._opened

    @contextmanager
    def _reading(self, document_id: str | None = None) -> Iterator[ox.Store]:
        """The inner store, once what waits to be written (of one document, or at all) is in it."""
        with _explained(self.path):
            if self._waiting and (document_id is None or document_id in self._waiting):
                self._write()
            yield self._inner

    def _document_graphs(self) -> list[ox.NamedNode]:
        prefix = iri("document", "").value
        with self._reading() as inner:
            graphs = [g for g in inner.named_graphs() if isinstance(g, ox.NamedNode) and g.value.startswith(prefix)]
        return sorted(graphs, key=lambda graph: graph.value)


def _document(inner: ox.Store, graph: ox.NamedNode) -> Document:
    """A document, without reading the claims that share its graph."""
    own = list(inner.quads_for_pattern(graph, None, None, graph))
    parts = [quad.object for quad in own if quad.predicate == term("kgo:body")]
    return read_document([*own, *(q for part in parts if isinstance(part, ox.NamedNode)
                                  for q in inner.quads_for_pattern(part, None, None, graph))])


def _data(graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> str:
    triples = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    return f"GRAPH {graph} {{ {triples.decode()} }}"


def _is_store(path: Path) -> bool:
    """Whether there is a store at a path; False where one could be made.

    Raises StoreError where there is something else, or a store that this version cannot read.
    """
    marker = path / _MARKER
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path} is a file; a store is a folder")
    if not marker.exists():
        if path.is_dir() and {entry.name for entry in path.iterdir()} - {_MARKER_DRAFT}:
            raise StoreError(f"{path} holds other files and is no store: name an empty or a new folder")
        return False
    try:
        version = int(json.loads(marker.read_text("utf-8"))["format"])
    except (ValueError, KeyError, TypeError):
        raise StoreError(f"the store at {path} is damaged ({_MARKER} cannot be read): bring back a copy of it, or "
                         "build it anew in another folder") from None
    if version > FORMAT:
        raise StoreError(f"the store at {path} was made by a newer version of kg (format {version}, this one reads "
                         f"{FORMAT}): update kg, or build another store")
    return True


def _mark(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    draft = path / _MARKER_DRAFT
    draft.write_text(json.dumps({"format": FORMAT}) + "\n", "utf-8")
    draft.replace(path / _MARKER)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what Oxigraph and the system say of a failure into what it means for the store."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        said = str(error)
        if "No space left" in said or "Disk quota" in said:
            reason = "the disk is full: free some space and run this again; the documents written so far are kept"
        elif "LOCK" in said or "lock hold" in said:
            reason = "it is in use by another process that writes: wait for that to end, or open it read-only"
        elif isinstance(error, PermissionError) or "Permission denied" in said or "Read-only file system" in said:
            reason = f"this user may not use the folder ({said})"
        elif "read-write instances" in said:
            reason = "it was opened read-only"
        else:
            reason = f"it is damaged: bring back a copy of it, or build it anew in another folder ({said})"
        raise StoreError(f"cannot use the store at {path}: {reason}") from error
