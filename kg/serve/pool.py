"""Processes that answer queries, kept ready, watched, and killed where a query runs away.

A query starts in the quick lane. What takes longer than a moment there is stopped and starts again in the slow lane,
where few run at a time and the system gives them what the quick ones leave. So questions to the point stay fast, however
many hard ones wait. Texts known to be slow go there at once.
"""

import asyncio
import json
import os
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from pathlib import Path
from time import monotonic

from kg.model import Frozen
from kg.sparql import QueryTimeoutError, Request, result_of
from kg.sparql.worker import COMMAND, send

_READ_AT_ONCE = 1 << 20
_NICE = 10
_REMEMBERED = 500


class Limits(Frozen):
    """What a query may take: seconds, rows, bytes of the answer, bytes of memory, and how many may wait."""

    seconds: float = 30
    rows: int = 100_000
    size: int = 32_000_000
    memory: int = 2_000_000_000
    waiting: int = 128
    moment: float = 0.4
    quick: int = max(4, 2 * (os.cpu_count() or 1))
    slow: int = max(2, os.cpu_count() or 1)


class BusyError(Exception):
    """So many queries wait that another would wait too long."""


class Pool:
    """Answers queries over the store whose data are in a folder; its processes see it as it was when they started."""

    def __init__(self, data: Path, limits: Limits) -> None:
        self.data, self.limits = data, limits
        self._idle: dict[bool, list[_Worker]] = {False: [], True: []}
        self._lanes = {False: asyncio.Semaphore(limits.quick), True: asyncio.Semaphore(limits.slow)}
        self._slow_texts: OrderedDict[int, None] = OrderedDict()
        self._asking = 0
        self._state = 0

    async def ask(self, request: Request) -> tuple[str, bytes]:
        """The form of the answer and the answer.

        Raises what the worker does, QueryTimeoutError, BusyError, and MemoryError for a query that took its process down.
        """
        if self._asking >= self.limits.quick + self.limits.slow + self.limits.waiting:
            raise BusyError("too many queries are waiting: try again in a few seconds")
        self._asking += 1
        try:
            key = hash(request.text)
            if key not in self._slow_texts:
                with suppress(TimeoutError):
                    return await self._in_lane(request, min(self.limits.moment, self.limits.seconds), slow=False)
                self._slow_texts[key] = None
                if len(self._slow_texts) > _REMEMBERED:
                    self._slow_texts.popitem(last=False)
            try:
                return await self._in_lane(request, self.limits.seconds, slow=True)
            except TimeoutError:
                raise QueryTimeoutError(f"the query was stopped after {self.limits.seconds:g} seconds") from None
        finally:
            self._asking -= 1

    def renew(self) -> None:
        """Answer from the store as it is now; queries that run end as they began."""
        self._state += 1
        self._slow_texts.clear()

    def close(self) -> None:
        """End every process that waits; those at work are killed by whoever asked them."""
        for workers in self._idle.values():
            while workers:
                workers.pop().kill()

    async def _in_lane(self, request: Request, seconds: float, *, slow: bool) -> tuple[str, bytes]:
        async with self._lanes[slow], self._worker(slow) as worker:
            answer = asyncio.ensure_future(worker.answer(request))
            try:
                begun, used = monotonic(), worker.used()
                while not (await asyncio.wait({answer}, timeout=seconds))[0]:
                    # On a busy machine time passes in which a quick query gets nothing done.
                    if slow or monotonic() - begun > self.limits.seconds or worker.used() - used > seconds / 2:
                        raise TimeoutError
                return result_of(*answer.result())
            finally:
                answer.cancel()

    @asynccontextmanager
    async def _worker(self, slow: bool) -> AsyncIterator["_Worker"]:
        """A process of a lane, for one query; it is killed unless the query ended well."""
        idle = self._idle[slow]
        while idle and (idle[-1].state != self._state or idle[-1].ended):
            idle.pop().kill()
        worker = idle.pop() if idle else await self._start(slow)
        try:
            yield worker
        finally:
            if worker.at_work or worker.state != self._state:
                worker.kill()
            else:
                idle.append(worker)

    async def _start(self, slow: bool) -> "_Worker":
        process = await asyncio.create_subprocess_exec(
            *COMMAND, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            limit=_READ_AT_ONCE, env={}, start_new_session=True)
        worker = _Worker(process, self._state)
        if slow:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
        try:
            await worker.open(self.data, self.limits.memory)
        except BaseException:
            worker.kill()
            raise
        return worker


class _Worker:
    """One process; `state` numbers the state of the store that it sees."""

    def __init__(self, process: asyncio.subprocess.Process, state: int) -> None:
        self.state = state
        self.at_work = False
        self._process = process

    @property
    def ended(self) -> bool:
        return self._process.returncode is not None

    def used(self) -> float:
        """The seconds of processor time that it has used; as far as the system tells, else all there are."""
        try:
            times = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        except OSError:
            return monotonic()
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")

    async def open(self, data: Path, memory: int) -> None:
        """Open the store; raises OSError where it cannot be read."""
        result_of(*await self._exchange((str(data), memory)))

    async def answer(self, request: Request) -> tuple[dict[str, str], bytes]:
        """What the process replies."""
        self.at_work = True
        replied = await self._exchange(tuple(request))
        self.at_work = False
        return replied

    async def _exchange(self, message: object) -> tuple[dict[str, str], bytes]:
        to, back = self._process.stdin, self._process.stdout
        assert to is not None and back is not None
        written = BytesIO()
        send(written, message)
        try:
            to.write(written.getvalue())
            await to.drain()
            about = json.loads(await back.readuntil(b"\n"))
            return about, await back.readexactly(about["size"])
        except (asyncio.IncompleteReadError, ConnectionError):
            raise MemoryError("the query took more memory than it may, and was stopped") from None

    def kill(self) -> None:
        """End the process at once."""
        with suppress(ProcessLookupError):
            self._process.kill()
