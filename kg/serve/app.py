"""The application: what lies under which address, and what holds for all of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve import endpoint, pages
from kg.serve.pool import Limits
from kg.serve.search import Search
from kg.serve.source import Source

_HEADERS = (
    (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"), (b"x-frame-options", b"DENY"))
_POLICY = (b"content-security-policy",
           b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
           b"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")


def application(store: Path, *, limits: Limits | None = None, origins: Sequence[str] = (), hosts: Sequence[str] = ("*",)) -> Starlette:
    """The server of a store, as an ASGI application.

    `origins` are the pages from elsewhere whose scripts may ask it, none unless given; `hosts` the names under which it may be
    addressed. Raises StoreError where there is no store that can be read.
    """
    source = Source(store, limits or Limits())
    search = Search(store)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        work = [asyncio.create_task(search.follow()), asyncio.create_task(source.watch(search.follow))]
        try:
            yield
        finally:
            for task in work:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            source.pool.close()
            search.close()

    guards = [Middleware(_Headers), Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)]
    if origins:
        guards.append(Middleware(CORSMiddleware, allow_origins=list(origins), allow_methods=["GET", "POST"], allow_headers=["*"]))
    app = Starlette(
        routes=[
            Route("/sparql", endpoint.sparql, methods=["GET", "POST"]),
            Route("/sparql/", endpoint.sparql, methods=["GET", "POST"]),
            *pages.routes(),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        middleware=guards, lifespan=life,
        exception_handlers={**dict.fromkeys(endpoint.EXPLAINED, endpoint.explain), 404: pages.missing})
    app.state.source, app.state.search, app.state.store = source, search, store
    return app


class _Headers:
    """Puts the headers on every response that keep a browser from doing more than it must."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in (*_HEADERS, _POLICY) if pair[0] not in there)]
            await send(message)

        await self.app(scope, receive, sent if scope["type"] == "http" else send)
