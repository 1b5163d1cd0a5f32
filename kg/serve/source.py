"""The store as the server sees it: asked through processes that can be killed, and followed as it changes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from kg.ontology import PREFIXES
from kg.serve.pool import Limits, Pool
from kg.sparql import QueryError, QueryResult, Request, bind, guard
from kg.store import Store, StoreError
from kg.store.folder import DATA

_LOOK_EVERY = 2.0
_TRIES = 3

_T = TypeVar("_T")
Dataset = tuple[tuple[str, ...], tuple[str, ...]]


class Source:
    """A store to be asked; `watch` keeps what is answered true to it."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Raises StoreError where there is no store that can be read."""
        self._store = Store.open(path, read_only=True)
        self.path, self.data = path, path / DATA
        self.limits = limits
        self.pool = Pool(self.data, limits)
        self._seen = self._look()

    async def answer(self, text: str, *, base: str | None = None, dataset: Dataset | None = None, table: str | None = "json",
                     graph: str | None = "ntriples") -> tuple[str, bytes]:
        """The form of the answer to a query (select, ask or construct), and the answer in one of these formats.

        Raises QueryError for a query that is wrong or may not be asked, LimitError and FormatError for its answer, and
        what the pool does.
        """
        request = Request(
            text, dict(PREFIXES), union=guard(text, dataset=dataset is not None), substitutions={}, base=base, dataset=dataset,
            rows=self.limits.rows, size=self.limits.size, table=table, graph=graph)
        try:
            for attempt in range(_TRIES):
                try:
                    return await self.pool.ask(request)
                except (OSError, RuntimeError):
                    # Files come and go while another process writes: look again, at the store as it is now.
                    if attempt == _TRIES - 1:
                        raise
                    self.pool.renew()
            raise AssertionError
        except QueryError:
            raise
        except (SyntaxError, ValueError) as error:
            raise QueryError(f"not a query that can be answered: {error}") from None

    async def ask(self, text: str, values: Mapping[str, ox.NamedNode | ox.Literal] | None = None) -> QueryResult:
        """The answer to a question of our own, in which variables may give way to values."""
        return QueryResult(*await self.answer(bind(text, values or {})))

    async def read(self, work: Callable[[Store], _T]) -> _T:
        """What reading the store itself gives, done beside what else is served. It must be a matter of moments."""
        return await asyncio.to_thread(work, self._store)

    async def watch(self, *changed: Callable[[], Awaitable[None]]) -> None:
        """Look for changes until cancelled; at each, answer from the new state and say so to those that ask for it."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            seen = self._look()
            if seen == self._seen:
                continue
            try:
                self._store = await asyncio.to_thread(Store.open, self.path, read_only=True)
            except StoreError:
                continue  # files come and go while another process writes: look again
            self._seen = seen
            self.pool.renew()
            for follow in changed:
                await follow()

    def _look(self) -> tuple[object, ...]:
        """What tells one state of the data from another: RocksDB never changes a file but its logs."""
        found = []
        for file in sorted(self.data.glob("*")):
            if not file.name.startswith(("LOG", "LOCK", "OPTIONS")):
                try:
                    about = file.stat()
                except FileNotFoundError:
                    continue
                found.append((file.name, about.st_size, about.st_mtime_ns))
        return tuple(found)
