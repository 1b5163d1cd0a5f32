"""Evaluates queries; as a script, in a process of its own that can be killed.

As a script it answers requests, one after the other, until standard input ends: each a length of four bytes and as many
bytes of pickle. An answer is a line of JSON, which says what it is or why there is none, and the bytes that it counts.
It imports nothing but pyoxigraph, so that it starts fast.
"""

import json
import pickle
import resource
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import pyoxigraph as ox

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

TABLE_FORMATS: Mapping[str, ox.QueryResultsFormat] = {
    "csv": ox.QueryResultsFormat.CSV, "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML}
GRAPH_FORMATS: Mapping[str, ox.RdfFormat] = {
    "turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD}

COMMAND = (sys.executable, "-P", __file__)
"""Starts a worker; -P keeps the folder of the script, full of this package's modules, from its import path."""

_LESS = "ask for less, or for parts of it with LIMIT and OFFSET"
_DESCRIPTORS = Path("/proc/self/fd")


class Request(NamedTuple):
    """A query that has passed the guard, and what its answer may be.

    `union` makes the union of all graphs its default graph; `dataset`, default and named graphs, goes before that and
    before what the query says. `rows` and `size` (bytes) are limits; `table` and `graph` the formats of the answer, the
    one for SELECT and ASK, the other for CONSTRUCT and DESCRIBE, None where there is no fit one.
    """

    text: str
    prefixes: dict[str, str]
    union: bool
    substitutions: dict[str, Any]
    base: str | None = None
    dataset: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    rows: int | None = None
    size: int | None = None
    table: str | None = "json"
    graph: str | None = "ntriples"


class LimitError(Exception):
    """An answer with more rows or bytes than it may have."""


class FormatError(Exception):
    """A query whose answer has none of the formats asked for."""


def evaluate(store: ox.Store, request: Request) -> tuple[str, bytes]:
    """The form of the answer (select, ask or construct) and the answer.

    Raises LimitError and FormatError, and for a query that cannot be answered what pyoxigraph raises.
    """
    graphs: dict[str, Any] = {"use_default_graph_as_union": request.union}
    if request.dataset is not None:
        default, named = ([ox.NamedNode(iri) for iri in iris] for iris in request.dataset)
        graphs = {"default_graph": default or None, "named_graphs": named}
    answer = store.query(
        request.text, base_iri=request.base, prefixes=request.prefixes,
        substitutions={ox.Variable(name): value for name, value in request.substitutions.items()}, **graphs)
    form = {ox.QueryTriples: "construct", ox.QueryBoolean: "ask"}.get(type(answer), "select")
    format = request.graph if form == "construct" else request.table
    if format is None:
        raise FormatError("the answer to this query " + (
            "is a graph, not a table" if form == "construct" else "is a table, not a graph"))
    written = _Bounded(request.rows, request.size, form)
    if isinstance(answer, ox.QueryTriples):
        answer.serialize(written, ox.RdfFormat.N_TRIPLES)
        if format == "ntriples":
            return form, written.getvalue()
        triples = (quad.triple for quad in ox.parse(written.getvalue(), format=ox.RdfFormat.N_TRIPLES))
        return form, ox.serialize(triples, format=GRAPH_FORMATS[format], prefixes=request.prefixes) or b""
    answer.serialize(written, ox.QueryResultsFormat.JSON)
    if format == "json":
        return form, written.getvalue()
    parsed = ox.parse_query_results(written.getvalue(), ox.QueryResultsFormat.JSON)
    return form, parsed.serialize(format=TABLE_FORMATS[format]) or b""


class _Bounded(BytesIO):
    """Takes what is written until it is too much; rows end with a line in N-Triples, with braces in JSON results.

    A text that holds such braces makes the count too high, never too low, but for rows without any value.
    """

    def __init__(self, rows: int | None, size: int | None, form: str) -> None:
        super().__init__()
        self._rows, self._size, self._end = rows, size, b"\n" if form == "construct" else b"}},{"
        self._seen, self._last = 0, b""

    def write(self, data: "ReadableBuffer") -> int:
        written = super().write(data)
        if self._size is not None and self.tell() > self._size:
            raise LimitError(f"the answer has more than {self._size:,} bytes: {_LESS}")
        if self._rows is not None:
            fresh = self._last + bytes(data)
            self._seen += fresh.count(self._end)
            self._last = fresh[-len(self._end) + 1:] if len(self._end) > 1 else b""
            if self._seen >= self._rows + (self._end == b"\n"):
                raise LimitError(f"the answer has more than {self._rows:,} rows: {_LESS}")
        return written


def send(stream: BinaryIO, message: object) -> None:
    """Write one message to a worker."""
    data = pickle.dumps(message)
    stream.write(len(data).to_bytes(4, "big") + data)
    stream.flush()


def _receive(stream: BinaryIO) -> Any:
    length = stream.read(4)
    return pickle.loads(stream.read(int.from_bytes(length, "big"))) if len(length) == 4 else None


def _confine(memory: int | None) -> None:
    """Let the process take no more memory than that, and open nothing: no file, no socket, whatever a query asks.

    Oxigraph has every file of the store open by then.
    """
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if _DESCRIPTORS.is_dir():
            used = max((int(entry.name) for entry in _DESCRIPTORS.iterdir()), default=0) + 1
            resource.setrlimit(resource.RLIMIT_NOFILE, (used, used))


def main() -> int:
    """Answer the requests on standard input; the first message is the folder of the data and the memory allowed."""
    output = sys.stdout.buffer
    path, memory = _receive(sys.stdin.buffer)

    def reply(payload: bytes = b"", **about: object) -> None:
        output.write(json.dumps({**about, "size": len(payload)}).encode() + b"\n" + payload)
        output.flush()

    try:
        store = ox.Store.read_only(path) if Path(path).is_dir() else ox.Store()
        _confine(memory)
        if memory is not None:
            reply(form="opened")
    except (OSError, RuntimeError, ValueError) as error:
        reply(kind=type(error).__name__, message=str(error))
        return 1
    while (request := _receive(sys.stdin.buffer)) is not None:
        try:
            form, payload = evaluate(store, Request(*request))
        except (SyntaxError, ValueError, RuntimeError, OSError, LimitError, FormatError, MemoryError) as error:
            reply(kind=type(error).__name__, message=str(error) or "the query took more memory than it may, and was stopped")
        else:
            reply(payload, form=form)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
