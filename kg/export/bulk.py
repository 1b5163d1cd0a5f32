"""Folders of files for the bulk loaders of graph databases: one file for each label and each type of relationship."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import IO
from urllib.parse import quote

from kg.graph import EDGES, FACT, NODES, Edge, Property, kind_of
from kg.graph.stream import Parts
from kg.store import Store

_NEO4J = {"int": "long", "float": "double", "bool": "boolean", "date": "date", "strings": "string[]", "string": "string"}
_NEPTUNE = {"int": "Long", "float": "Double", "bool": "Bool", "date": "Date", "string": "String"}
_EDGES: Mapping[str, Mapping[str, str]] = {**EDGES, "FACT": FACT}
_BETWEEN = "\x1f"
_LONGEST_KEY = 254
_Row = Sequence[Property | None]


class _Files:
    """The files of a folder, each opened, with its first line, when something is written to it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self._open: dict[str, IO[bytes]] = {}

    def write(self, name: str, line: str, header: str = "") -> None:
        if name not in self._open:
            self._open[name] = self._stack.enter_context((self._folder / name).open("wb"))
            if header:
                self._open[name].write(f"{header}\n".encode())
        self._open[name].write(f"{line}\n".encode())

    def names(self) -> list[str]:
        return sorted(self._open)


def neo4j(store: Store, folder: Path) -> None:
    """CSV for `neo4j-admin database import full neo4j @import.args`, run in the folder.

    A file a label and a file a type of relationship, each with its header; `import.args` names them all, and says how
    they are written. Lists are separated by U+001F.
    """
    nodes = {kind: _header(":ID", columns, _NEO4J, ":LABEL") for kind, columns in NODES.items()}
    edges = {type: _header(":START_ID", columns, _NEO4J, ":END_ID,:TYPE") for type, columns in _EDGES.items()}
    with ExitStack() as stack:
        files = _Files(folder, stack)
        for node in Parts(store).nodes():
            values = map(node.properties.get, NODES[node.labels[0]])
            files.write(f"nodes-{'-'.join(node.labels)}.csv", _csv((node.key, *values, ";".join(node.labels)), _BETWEEN.join),
                        nodes[node.labels[0]])
        for edge in Parts(store).edges():
            values = map(edge.properties.get, _EDGES[_table(edge)])
            start = "" if _table(edge) == "FACT" else f"-{kind_of(edge.start)}"
            files.write(f"relationships-{edge.type}{start}.csv", _csv((edge.start, *values, edge.end, edge.type), _BETWEEN.join),
                        edges[_table(edge)])
        options = ["--multiline-fields=true", "--array-delimiter=U+001F", "--id-type=string"]
        options += [f"--{name.partition('-')[0]}={name}" for name in files.names()]
        files.write("import.args", "\n".join(options))


def neptune(store: Store, folder: Path) -> None:
    """Neptune's own CSV (format `csv`): `~id`, `~label`, and for relationships `~from` and `~to`.

    Relationships hold no lists there; those of facts are text, as JSON. For SPARQL on Neptune use `nquads`.
    """
    single = {name: f"{type}(single)" for name, type in _NEPTUNE.items()} | {"strings": "String[]"}
    nodes = {kind: _header("~id,~label", columns, single, "") for kind, columns in NODES.items()}
    edges = {type: _header("~id,~from,~to,~label", columns, {**_NEPTUNE, "strings": "String"}, "")
             for type, columns in _EDGES.items()}
    with ExitStack() as stack:
        files = _Files(folder, stack)
        for node in Parts(store).nodes():
            kind = node.labels[0]
            values = map(node.properties.get, NODES[kind])
            files.write(f"nodes-{kind}.csv", _csv((node.key, ";".join(node.labels), *values), _semicolons), nodes[kind])
        for edge in Parts(store).edges():
            table = _table(edge)
            values = map(edge.properties.get, _EDGES[table])
            files.write(f"relationships-{table}.csv", _csv((edge.key, edge.start, edge.end, edge.type, *values), _json),
                        edges[table])


def arango(store: Store, folder: Path) -> None:
    """JSON lines for `arangoimport`, a file a collection: documents, entities, events and claims; and edges.

    Keys are percent-encoded ids. A file is loaded with `--file NAME.jsonl --collection NAME --on-duplicate replace`;
    the collections of edges (`facts` and one for each other type, lower case) with `--create-collection-type edge`.
    """
    with ExitStack() as stack:
        files = _Files(folder, stack)
        for node in Parts(store).nodes():
            files.write(f"{_collection(node.key)}.jsonl", _json(
                {"_key": _key(node.key), "labels": node.labels, **node.properties}))
        for edge in Parts(store).edges():
            name = "facts" if _table(edge) == "FACT" else edge.type.lower()
            files.write(f"{name}.jsonl", _json({
                "_key": _key(edge.key), "_from": _address(edge.start), "_to": _address(edge.end), "type": edge.type,
                **edge.properties}))


def _table(edge: Edge) -> str:
    return edge.type if edge.type in EDGES else "FACT"


def _header(before: str, columns: Mapping[str, str], types: Mapping[str, str], after: str) -> str:
    return ",".join(filter(None, (before, *(f"{name}:{types[type]}" for name, type in columns.items()), after)))


def _csv(row: _Row, join: Callable[[tuple[str, ...]], str]) -> str:
    """A line of CSV: text always in quotes, so that an empty one is not taken for none."""
    return ",".join(_cell(value, join) for value in row)


def _cell(value: Property | None, join: Callable[[tuple[str, ...]], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value).replace("inf", "Infinity")
    if isinstance(value, date):
        return value.isoformat()
    text = join(value) if isinstance(value, tuple) else value
    return '"' + text.replace('"', '""') + '"'


def _semicolons(values: Iterable[str]) -> str:
    return ";".join(value.replace(";", "\\;") for value in values)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _collection(key: str) -> str:
    return {"entity": "entities"}.get(kind := key.partition("/")[0], f"{kind}s")


def _key(key: str) -> str:
    """The part of a key that names it in its collection, in the characters and the length that ArangoDB takes."""
    encoded = quote(key.partition("/")[2], safe="@")
    return encoded if len(encoded) <= _LONGEST_KEY else sha256(key.encode()).hexdigest()


def _address(key: str) -> str:
    return f"{_collection(key)}/{_key(key)}"
