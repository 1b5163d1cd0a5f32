"""Evaluates one query; as a script, in a process of its own that can be killed.

As a script it reads a pickled request from standard input and writes the form of the answer, a line end, and the answer
to standard output; a failure goes to standard error as JSON. It imports nothing but pyoxigraph, so that it starts fast.
"""

import json
import pickle
import sys
from typing import Any, NamedTuple

import pyoxigraph as ox


class Request(NamedTuple):
    """A query that has passed the guard; `union` makes the union of all graphs its default graph."""

    text: str
    prefixes: dict[str, str]
    union: bool
    substitutions: dict[str, Any]


def evaluate(store: ox.Store, request: Request) -> tuple[str, bytes]:
    """The form of the answer (select, ask or construct) and the answer: SPARQL JSON results, or N-Triples."""
    answer = store.query(
        request.text, prefixes=request.prefixes, use_default_graph_as_union=request.union,
        substitutions={ox.Variable(name): value for name, value in request.substitutions.items()})
    if isinstance(answer, ox.QueryTriples):
        return "construct", answer.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
    form = "ask" if isinstance(answer, ox.QueryBoolean) else "select"
    return form, answer.serialize(format=ox.QueryResultsFormat.JSON) or b""


def main() -> int:
    """Answer the request on standard input."""
    path, request = pickle.load(sys.stdin.buffer)
    try:
        form, payload = evaluate(ox.Store.read_only(path), Request(*request))
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        json.dump({"kind": type(error).__name__, "message": str(error)}, sys.stderr)
        return 1
    sys.stdout.buffer.write(form.encode() + b"\n" + payload)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
