"""What a query may do: read the store's own graphs, and nothing else."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pyoxigraph as ox

from kg.ontology import KGR, PREFIXES

# The terminals of SPARQL's grammar that can hide a keyword from a reader or pass for one.
_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\r\n]*)
    |(?P<iri><(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    |(?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<name>(?:\w[\w.-]*)?:(?:[\w:.%-]|\\[_~.\-!$&'()*+,;=/?\#@%])*)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<other>.)""", re.VERBOSE | re.DOTALL)
_UPDATES = frozenset(("insert", "delete", "load", "clear", "create", "drop", "copy", "move", "add", "with"))
_READS = frozenset(("select", "construct", "ask", "describe"))


class QueryError(ValueError):
    """A query that cannot be answered: a slip in it, something it may not do, or no such format."""


class UpdateError(QueryError):
    """A query that would write."""


class RefusedError(QueryError):
    """A query that would leave the store: to the network, to files, or to graphs from elsewhere."""


class _Token(NamedTuple):
    kind: str
    text: str


def guard(text: str, *, dataset: bool = False) -> bool:
    """Check that a query only reads what is in the store; True where it asks all graphs, False where it names some.

    With `dataset` its graphs are given beside it, and what it says of graphs itself does not count. Raises UpdateError
    for an update, RefusedError for `SERVICE` and for `FROM` with a graph that is not this project's, QueryError for a
    keyword that cannot be told from a name.

    A keyword glued to what follows it (`SERVICE:x`) reads as a prefixed name, but not to every parser; such names are
    refused as well.
    """
    tokens = list(_tokens(text))
    first = next((t.text.lower() for t in tokens if t.kind == "word" and t.text.lower() in _UPDATES | _READS), "")
    if first in _UPDATES:
        raise UpdateError(f"{first.upper()} is an update; only questions can be asked here: SELECT, ASK, CONSTRUCT")
    names_graphs = False
    for position, token in enumerate(tokens):
        keyword = token.text.split(":")[0].lower() if token.kind in ("word", "name") else ""
        if "service" in keyword:
            raise RefusedError("SERVICE is refused: a query stays in this store and reaches no network")
        if keyword == "from" and token.kind == "word":
            names_graphs = True
            if not dataset:
                _check_graph(tokens, position + 1)
        elif "from" in keyword:
            raise QueryError(f"{token.text!r}: set FROM apart from what follows it")
    return not names_graphs


def bind(text: str, values: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    """A query in which each of these variables gives way to its value, as a parameter of a prepared statement does.

    It works on tokens: a value takes the place of a whole variable and is itself one term, whatever text it holds.
    Oxigraph's own substitutions are blind to its planner, and up to a thousand times slower. A bound variable cannot be
    projected.
    """
    return "".join(str(values[token.text[1:]]) if token.kind == "variable" and token.text[1:] in values else token.text
                   for token in _tokens(text, spaces=True))


def _tokens(text: str, *, spaces: bool = False) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        if found.lastgroup and (spaces or found.lastgroup != "space"):
            yield _Token(found.lastgroup, found.group())


def _check_graph(tokens: list[_Token], position: int) -> None:
    """Refuse the graph that stands after FROM, unless it is one of the store's."""
    if position < len(tokens) and tokens[position].text.lower() == "named":
        position += 1
    graph = tokens[position] if position < len(tokens) else _Token("other", "")
    iri = graph.text[1:-1] if graph.kind == "iri" else _expand(graph.text, tokens) if graph.kind == "name" else ""
    if not iri.startswith(KGR):
        raise RefusedError(f"FROM {graph.text} is refused: only graphs of this store can be asked, <{KGR}...>, "
                         "written in full or with a prefix")


def _expand(name: str, tokens: list[_Token]) -> str:
    prefixes = dict(PREFIXES)
    for word, declared, iri in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if word.text.lower() == "prefix" and declared.kind == "name" and iri.kind == "iri":
            prefixes[declared.text.rstrip(":")] = iri.text[1:-1]
    prefix, _, local = name.partition(":")
    return prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)
