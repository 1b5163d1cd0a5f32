"""The SPARQL 1.1 Protocol over HTTP, for questions only."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import suppress
from typing import TypeVar
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from kg.serve.description import describe
from kg.serve.formats import GRAPHS, TABLES, AcceptError, choose
from kg.serve.pool import BusyError
from kg.serve.source import Dataset, Source
from kg.sparql import FormatError, LimitError, QueryError, QueryTimeoutError, RefusedError, UpdateError
from kg.store import StoreError

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_BODY = 250_000
_FIELDS = 1000
_PATIENCE = 20.0
_CHUNK = 1 << 16
_READ_ONLY = "this store can be read here, not written: no updates"
_STATUS: Mapping[type[Exception], int] = {
    UpdateError: 403, RefusedError: 403, LimitError: 403, QueryTimeoutError: 504, QueryError: 400, FormatError: 406,
    AcceptError: 400, BusyError: 503, MemoryError: 503, StoreError: 503, OSError: 503, RuntimeError: 503}
_T = TypeVar("_T")


class ProtocolError(Exception):
    """A request that is not as the protocol has it; `status` is that of the response."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers


class GoneError(ProtocolError):
    """A client that hung up before it had its answer; nobody reads what it is told."""

    def __init__(self) -> None:
        super().__init__(499, "gone")


class Answer(Response):
    """An answer that is sent piece by piece to a client that takes it; one that does not is hung up on."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        body = b"" if scope["method"] == "HEAD" else bytes(self.body)
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            for start in range(0, max(1, len(body)), _CHUNK):
                async with asyncio.timeout(_PATIENCE):
                    await send({"type": "http.response.body", "body": body[start:start + _CHUNK], "more_body": start + _CHUNK < len(body)})


async def sparql(request: Request) -> Response:
    """Answer a query; without one, say what this service is."""
    source: Source = request.app.state.source
    accept = request.headers.get("accept", "")
    text, fields = await _query(request)
    base = str(request.url.replace(query="", fragment=""))
    if text is None:
        if choose(accept, {"text/html": "html", **GRAPHS}) == ("text/html", "html"):
            return RedirectResponse(request.url_for("ask"), status_code=303)
        found = choose(accept, GRAPHS)
        if found is None:
            raise ProtocolError(406, f"the description of this service comes as {', '.join(reversed(GRAPHS))}")
        return Response(describe(base, found[1]), media_type=found[0], headers={"Vary": "Accept"})
    asked = next((value for name, value in fields if name in ("format", "output")), "")
    table, graph = (choose(accept, types, format=asked) for types in (TABLES, GRAPHS))
    form, payload = await _unless_gone(request, source.answer(
        text, base=base, dataset=_dataset(fields), table=table and table[1], graph=graph and graph[1]))
    chosen = graph if form == "construct" else table
    assert chosen is not None
    return Answer(payload, media_type=chosen[0], headers={"Vary": "Accept", "Cache-Control": "no-cache"})


async def explain(request: Request, error: Exception) -> Response:
    """What went wrong, in plain words, under the status that says whose fault it is."""
    if isinstance(error, ProtocolError):
        return PlainTextResponse(f"{error}\n", error.status, {name.replace("_", "-"): said for name, said in error.headers.items()})
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    return PlainTextResponse(f"{error}\n", status, {"Retry-After": "5"} if status == 503 else None)


EXPLAINED = (ProtocolError, *_STATUS)
"""The errors that `explain` has words for."""


async def _query(request: Request) -> tuple[str | None, list[tuple[str, str]]]:
    """The query, None where there is none, and all parameters of a request."""
    fields = _fields(request.url.query)
    direct = None
    if request.method == "POST":
        kind, _, parameters = request.headers.get("content-type", "").partition(";")
        kind = kind.strip().lower()
        if kind not in (FORM, QUERY, UPDATE):
            raise ProtocolError(415, f"a POST is {QUERY}, or {FORM} with a field query; this one is {kind or 'nothing that it says'}")
        if "charset" in parameters.lower() and "utf-8" not in parameters.lower() and "utf8" not in parameters.lower():
            raise ProtocolError(415, f"a query is UTF-8, not{parameters.lower().replace('charset=', '')}")
        if kind == UPDATE:
            raise ProtocolError(403, _READ_ONLY)
        body = await _body(request)
        if kind == FORM:
            fields += _fields(body)
        else:
            direct = body
    if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in fields):
        raise ProtocolError(403, _READ_ONLY)
    queries = [value for name, value in fields if name == "query"] + ([direct] if direct is not None else [])
    if len(queries) > 1:
        raise ProtocolError(400, f"one query at a time, not {len(queries)}")
    if not queries and request.method == "POST":
        raise ProtocolError(400, "no query: put it in the field query")
    return (queries[0] if queries else None), fields


def _fields(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except ValueError as error:
        raise ProtocolError(400, f"the fields of the request cannot be read: {error}") from None


def _dataset(fields: list[tuple[str, str]]) -> Dataset | None:
    default, named = (tuple(value for name, value in fields if name == kind) for kind in ("default-graph-uri", "named-graph-uri"))
    return (default, named) if default or named else None


async def _body(request: Request) -> str:
    said = request.headers.get("content-length", "")
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in _chunks(request):
                body += chunk
                if len(body) > _BODY or (said.isdigit() and int(said) > _BODY):
                    raise ProtocolError(413, f"a query has at most {_BODY:,} bytes", Connection="close")
    except TimeoutError:
        raise ProtocolError(408, f"the query did not arrive within {_PATIENCE:g} seconds", Connection="close") from None
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise ProtocolError(400, "the query is not UTF-8") from None


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        yield chunk


async def _unless_gone(request: Request, answer: Awaitable[_T]) -> _T:
    """The answer, as long as somebody waits for it; a query that nobody waits for is stopped."""
    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    asking, leaving = asyncio.ensure_future(answer), asyncio.ensure_future(gone())
    try:
        await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            raise GoneError
        return asking.result()
    finally:
        for task in (asking, leaving):
            task.cancel()
        await asyncio.gather(asking, leaving, return_exceptions=True)
