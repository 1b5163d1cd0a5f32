"""The store: documents, claims and what they add up to, in a folder on disk (Oxigraph).

Each document goes in whole or not at all, whenever the process may end; a changed one replaces its older version in the
same step. One process at a time may write. Errors say what to do.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox

from kg.model import Assembly, Claim, Document, Judgement, Merge
from kg.ontology import PREFIXES
from kg.rdf import (
    ASSEMBLED,
    ONTOLOGY,
    assembly_quads,
    document_quads,
    ends_of,
    identifier,
    iri,
    ontology_quads,
    read_assembly,
    read_claims,
    read_document,
    term,
)
from kg.sparql import QueryResult, Substitutions, ask
from kg.store.assembling import Books, replace, settle
from kg.store.folder import DATA, JUDGEMENTS, UNSETTLED, StoreError, explained, is_store, mark

if TYPE_CHECKING:
    import rdflib
    from oxrdflib.store import OxigraphStore

_BULK = 50_000
_SLOW = 0.1
_PATIENCE = 2.0


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
        with explained(path):
            if not is_store(path):
                if read_only or not create:
                    raise StoreError(f"there is no store at {path}: build one first, or name its folder")
                mark(path)
            data = path / DATA
            if read_only:
                # A store that was made but never written to has no data yet; Oxigraph would make the folder.
                return cls(path, ox.Store.read_only(str(data)) if data.is_dir() else ox.Store(), read_only=True)
            store = cls(path, ox.Store(str(data)), read_only=False)
            replace(store._inner, ONTOLOGY, list(ontology_quads()), bulk=_BULK)
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
        with explained(self.path):
            self._write()
            if not self.read_only:
                self._inner.flush()

    # ---- writing -----------------------------------------------------------------------------------------------------

    def add(self, items: Iterable[tuple[Document, list[Claim]]], *, read_by: str | None = None,
            ingested: datetime | None = None) -> None:
        """Take in documents with their claims, each whole or not at all; `ingested` is now unless given.

        `read_by` names the extractor that read them: it is known of documents without claims too.

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
                quads = [*document_quads(document, claims, read_by=read_by), ox.Quad(graph, term("kgo:ingested"), moment, graph)]
                with explained(self.path):
                    if document.id in self._waiting:
                        self._write()
                    if self._inner.contains_named_graph(graph):
                        if not any(quad in self._inner for quad in quads if quad.predicate == term("kgo:version")):
                            replace(self._inner, graph, quads, bulk=_BULK)
                    else:
                        if not self._waiting:
                            size, first = 0, monotonic()
                        self._waiting[document.id] = quads
                        size += len(quads)
                    last = monotonic()
                    if came_slowly or size >= _BULK or last - first > _PATIENCE:
                        self._write()
        finally:
            with explained(self.path):
                self._write()

    def remove(self, document_id: str) -> bool:
        """Take a document and its claims away; False where it is not there. What is assembled stays as it was."""
        with self._reading(document_id) as inner:
            graph = iri("document", document_id)
            if not inner.contains_named_graph(graph):
                return False
            inner.remove_graph(graph)
            return True

    def replace_assembly(self, assembly: Assembly, claims: Iterable[Claim] = ()) -> None:
        """Put an assembly in the place of the one that is there, in one step.

        Where it has merges, `claims` are those whose ends they change.
        """
        with self._reading() as inner:
            (self.path / UNSETTLED).touch()
            replace(inner, ASSEMBLED, list(assembly_quads(assembly)), bulk=_BULK)
            names = {(merge.document, merge.local): merge.entity for merge in assembly.merges}
            settle(inner, (ends_of(claim, names) for claim in claims if names), bulk=_BULK)

    @contextmanager
    def books(self) -> Iterator[Books]:
        """The database in which the assembly is kept, and the way to write what became of it."""
        with self._reading() as inner, Books(self.path, inner, bulk=_BULK) as books:
            yield books

    def judge(self, judgement: Judgement) -> None:
        """Add what somebody decided about entities; it counts from the next assembly on."""
        with explained(self.path), (self.path / JUDGEMENTS).open("a", encoding="utf-8") as file:
            file.write(judgement.model_dump_json() + "\n")

    def _write(self) -> None:
        """Write the documents that wait. None is there yet."""
        waiting, self._waiting = list(self._waiting.values()), {}
        if sum(map(len, waiting)) >= _BULK:
            # All or nothing too: the files are built aside and taken in together (tested by killing it).
            self._inner.bulk_extend(quad for quads in waiting for quad in quads)
        else:
            for quads in waiting:
                self._inner.extend(quads)

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

    def versions(self) -> dict[str, str]:
        """The documents that are there, each in which version: the same text, metadata and claims give the same."""
        with self._reading() as inner:
            return {identifier(quad.subject): quad.object.value for quad in inner.quads_for_pattern(
                None, term("kgo:version"), None) if isinstance(quad.object, ox.Literal)}

    def reader(self, document_id: str) -> str | None:
        """The extractor that read a document; None where none is known, or the document is not there."""
        with self._reading(document_id) as inner:
            graph = iri("document", document_id)
            return next((identifier(q.object) for q in inner.quads_for_pattern(graph, term("kgo:readBy"), None, graph)), None)

    def claims(self, document_id: str | None = None, *, as_read: bool = False) -> Iterator[Claim]:
        """The claims of one document, or of all, document by document.

        They name entities as they were assembled, unless they are wanted as they were read.
        """
        for graph in self._document_graphs() if document_id is None else [iri("document", document_id)]:
            with self._reading(document_id) as inner:
                claims = _claims(inner, graph, {} if as_read else self._names(inner, graph))
            yield from claims

    def _names(self, inner: ox.Store, graph: ox.NamedNode) -> dict[str, str]:
        """What names of a document were found to stand for, where that is not what they say."""
        names = {}
        for quad in inner.quads_for_pattern(None, term("kgo:inDocument"), graph, ASSEMBLED):
            [local] = inner.quads_for_pattern(quad.subject, term("kgo:localName"), None, ASSEMBLED)
            [entity] = inner.quads_for_pattern(quad.subject, term("kgo:resolvedTo"), None, ASSEMBLED)
            if isinstance(local.object, ox.Literal):
                names[local.object.value] = identifier(entity.object)
        return names

    def merges(self, entity_id: str) -> list[Merge]:
        """What documents call otherwise and assembly found to be this entity."""
        with self._reading() as inner:
            nodes = [quad.subject for quad in inner.quads_for_pattern(
                None, term("kgo:resolvedTo"), iri("entity", entity_id), ASSEMBLED)]
            return list(read_assembly(quad for node in nodes for quad in inner.quads_for_pattern(
                node, None, None, ASSEMBLED)).merges)

    def judgements(self) -> list[Judgement]:
        """What people decided about entities, in the order of their decisions."""
        with explained(self.path):
            file = self.path / JUDGEMENTS
            lines = file.read_text("utf-8").splitlines() if file.exists() else []
            try:
                return [Judgement.model_validate_json(line) for line in lines if line.strip()]
            except ValueError as error:
                raise StoreError(f"{file} is no list of judgements, one a line: mend it, or put it aside ({error})") from None

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
            data = self.path / DATA
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
        with explained(self.path):
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


def _claims(inner: ox.Store, graph: ox.NamedNode, names: Mapping[str, str]) -> list[Claim]:
    """The claims of a document, from their record."""
    needed = (term("rdf:type"), term("kgo:record"), term("kgo:text"))
    quads = (quad for property in needed for quad in inner.quads_for_pattern(graph, property, None, graph))
    return read_claims(quads, name=lambda local: names.get(local, local))
