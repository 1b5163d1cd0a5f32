"""Asking: the guard, then Oxigraph, here or in a process that can be stopped."""

import io
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.ontology import PREFIXES
from kg.sparql import worker
from kg.sparql.guard import QueryError, guard
from kg.sparql.result import QueryResult

Substitutions = Mapping[str, ox.NamedNode | ox.Literal]
_FAILURES: Mapping[str, type[Exception]] = {
    "OSError": OSError, "RuntimeError": RuntimeError, "MemoryError": MemoryError,
    "LimitError": worker.LimitError, "FormatError": worker.FormatError}


class QueryTimeoutError(QueryError):
    """A query that ran longer than it was given."""


def ask(store: ox.Store, text: str, *, substitutions: Substitutions | None = None, timeout: float | None = None,
        path: Path | None = None) -> QueryResult:
    """The answer to a query over the union of all graphs; the project's prefixes need not be declared.

    `substitutions` gives values to variables that the query projects. With a `timeout` in seconds the store in the
    folder `path` is asked, in another process. Raises QueryError for a query that is wrong or may not be asked,
    QueryTimeoutError for one that ran too long, OSError or RuntimeError where the store cannot be read.
    """
    request = worker.Request(text, dict(PREFIXES), union=guard(text), substitutions=dict(substitutions or {}))
    try:
        if timeout is None or path is None:
            return QueryResult(*worker.evaluate(store, request))
        return QueryResult(*_elsewhere(path, request, timeout))
    except QueryError:
        raise
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"not a query that can be answered: {error}") from None


def _elsewhere(path: Path, request: worker.Request, timeout: float) -> tuple[str, bytes]:
    messages = io.BytesIO()
    worker.send(messages, (str(path), None))
    worker.send(messages, tuple(request))
    try:
        done = subprocess.run(worker.COMMAND, input=messages.getvalue(), capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise QueryTimeoutError(f"the query was stopped after {timeout:g} seconds") from None
    header, _, payload = done.stdout.partition(b"\n")
    try:
        about = json.loads(header)
    except ValueError:
        raise RuntimeError(f"the query's process ended with {done.returncode}: {done.stderr[-300:]!r}") from None
    return result_of(about, payload)


def result_of(about: Mapping[str, str], payload: bytes) -> tuple[str, bytes]:
    """What a worker replied; raises what it failed with."""
    if "form" in about:
        return about["form"], payload
    raise _FAILURES.get(about["kind"], ValueError)(about["message"])
