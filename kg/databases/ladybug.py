"""Loading Ladybug (Kuzu's successor), an embedded database: rows go in by COPY from Arrow tables, a transaction a batch."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import ladybug
import pyarrow as pa

from kg.databases.contract import Loaded, LoadError, Progress, Target
from kg.databases.difference import DIGEST, FACTS, Item, id_of, synchronise
from kg.graph import EDGES, FACT, NODES, Edge, Property, Unit
from kg.store import Store

_TYPES = {"string": "STRING", "int": "INT64", "float": "DOUBLE", "bool": "BOOL", "date": "DATE", "strings": "STRING[]"}
_ARROW = {"string": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "date": pa.date32(),
          "strings": pa.list_(pa.string())}
_COLUMNS: Mapping[str, Mapping[str, str]] = {
    kind: {**columns, **({"type": "string"} if kind == "Entity" else {}), DIGEST: "string"} for kind, columns in NODES.items()}
_FACT = {**FACT, DIGEST: "string"}
_ENDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "SUBJECT": (("Claim", "Entity"), ("Event", "Entity")), "OBJECT": (("Claim", "Entity"), ("Event", "Entity")),
    "PLACE": (("Claim", "Entity"), ("Event", "Entity")), "ATTRIBUTED_TO": (("Claim", "Entity"),),
    "REPORTED_IN": (("Claim", "Document"),), "ABOUT": (("Claim", "Event"),)}
_Row = Mapping[str, Any]
_ROOM = 16_000_000


def load(store: Store, target: Target, wipe: bool, progress: Progress) -> Loaded:
    """Make a Ladybug database, a file that is made where it is not there, hold the property graph of the store."""
    with Ladybug(target) as database:
        return synchronise(store, database, wipe=wipe, progress=progress)


class Ladybug:
    """A Ladybug database; a context manager that closes it. One process at a time may have it open."""

    at_once = 20_000

    def __init__(self, target: Target) -> None:
        self._path = target.url.partition(":")[2].removeprefix("//")
        self.server = f"Ladybug {ladybug.__version__}"
        self._facts: set[str] = set()

    def __enter__(self) -> Self:
        if not self._path:
            raise LoadError("say which file: ladybug:graph.lbug")
        with self._explained():
            self._database = ladybug.Database(self._path)
            self._connection = ladybug.Connection(self._database)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()
        self._database.close()

    def prepare(self) -> None:
        """Make the tables that are not there: one a kind of node, one a type of relationship."""
        tables = {name for name, kind in self._rows("CALL show_tables() RETURN name, type")}
        for kind, columns in _COLUMNS.items():
            if kind not in tables:
                self._do(f"CREATE NODE TABLE {kind}({_declared(columns)}, PRIMARY KEY(id))")
        for type, ends in _ENDS.items():
            if type not in tables:
                pairs = ", ".join(f"FROM {start} TO {end}" for start, end in ends)
                self._do(f"CREATE REL TABLE {type}({pairs}{''.join(f', {one}' for one in _declarations(EDGES[type]))})")
        self._facts = {name for name, kind in self._rows("CALL show_tables() RETURN name, type")
                       if kind == "REL" and name not in _ENDS and self._is_ours(name)}

    def wipe(self) -> None:
        """Remove all nodes that carry a digest, with the relationships at them."""
        for kind in NODES:
            self._do(f"MATCH (n:{kind}) WHERE n.{DIGEST} IS NOT NULL DETACH DELETE n")

    def digests(self, kind: str) -> Mapping[str, str]:
        """The digest of each node of a kind, or of each fact, by its id."""
        if kind != FACTS:
            return dict(self._rows(f"MATCH (n:{kind}) WHERE n.{DIGEST} IS NOT NULL RETURN n.id, n.{DIGEST}"))
        return {id: digest for type in sorted(self._facts) for id, digest in self._rows(
            f"MATCH (:Entity)-[r:{type}]->(:Entity) WHERE r.{DIGEST} IS NOT NULL RETURN r.fact_id, r.{DIGEST}")}

    def write(self, kind: str, items: Sequence[Item]) -> None:
        """Write units of a kind or facts in one transaction."""
        self._check_space(items)
        if kind == FACTS:
            self._make_tables({item.part.type for item in items if isinstance(item.part, Edge)})
        with self._transaction():
            if kind == FACTS:
                self._write_facts(items)
            else:
                self._write_units(kind, items)

    def remove(self, kind: str, ids: Sequence[str]) -> None:
        """Remove nodes of a kind, with the relationships at them, or facts."""
        with self._transaction():
            if kind == FACTS:
                self._remove_facts(ids, self._facts)
            else:
                self._do(f"MATCH (n:{kind}) WHERE n.id IN $ids AND n.{DIGEST} IS NOT NULL DETACH DELETE n", ids=list(ids))

    def counts(self) -> Mapping[str, int]:
        """How many nodes there are of each kind, and relationships of each type, of those that were loaded."""
        found: dict[str, int] = {}
        for kind in NODES:
            [(found[kind], _)] = self._rows(f"MATCH (n:{kind}) WHERE n.{DIGEST} IS NOT NULL RETURN count(n), count(n)")
        for type, ends in _ENDS.items():
            for start, _ in ends:
                [(more, _)] = self._rows(f"MATCH (n:{start})-[r:{type}]->() WHERE n.{DIGEST} IS NOT NULL RETURN count(r), count(r)")
                found[type] = found.get(type, 0) + more
        for type in self._facts:
            [(found[type], _)] = self._rows(f"MATCH (:Entity)-[r:{type}]->(:Entity) WHERE r.{DIGEST} IS NOT NULL RETURN count(r), count(r)")
        return {name: count for name, count in found.items() if count}

    def _check_space(self, items: Sequence[Item]) -> None:
        """Stop before the disk is full, for Ladybug then ends the whole process."""
        needed = _ROOM + 4 * sum(len(value) for item in items for value in (
            item.part.node if isinstance(item.part, Unit) else item.part).properties.values() if isinstance(value, str))
        free = shutil.disk_usage(Path(self._path).absolute().parent).free
        if free < needed:
            raise LoadError(f"the disk of {self._path} is full: {free / 1e6:,.0f} MB are free, and what comes next may take "
                            f"{needed / 1e6:,.0f} MB: free some space and run this again")

    def _write_units(self, kind: str, items: Sequence[Item]) -> None:
        columns = _COLUMNS[kind]
        old = [item for item in items if item.known]
        if old:
            for type, ends in _ENDS.items():
                if kind in dict(ends):
                    self._do(f"MATCH (n:{kind})-[r:{type}]->() WHERE n.id IN $ids DELETE r", ids=[item.id for item in old])
            change = ", ".join(f"n.`{name}` = ${name}" for name in columns if name != "id")
            for item in old:
                row = _node_row(item)
                values = {name: list(value) if isinstance(value := row.get(name), tuple) else value for name in columns}
                self._do(f"MATCH (n:{kind} {{id: $id}}) SET {change}", **values)
        self._copy(kind, columns, [_node_row(item) for item in items if not item.known])
        edges: dict[tuple[str, str], list[_Row]] = defaultdict(list)
        for item in items:
            assert isinstance(item.part, Unit)
            for edge in item.part.edges:
                edges[edge.type, dict(_ENDS[edge.type])[kind]].append(_edge_row(edge))
        for (type, end), rows in edges.items():
            options = f" (from='{kind}', to='{end}')" if len(_ENDS[type]) > 1 else ""
            self._copy(type, {"from": "string", "to": "string", **EDGES[type]}, rows, options)

    def _write_facts(self, items: Sequence[Item]) -> None:
        rows: dict[str, list[_Row]] = defaultdict(list)
        for item in items:
            assert isinstance(item.part, Edge)
            rows[item.part.type].append({**_edge_row(item.part), DIGEST: item.digest})
        for type, some in rows.items():
            known = {item.id for item in items if item.known}
            self._remove_facts([row["fact_id"] for row in some if row["fact_id"] in known], [type])
            self._copy(type, {"from": "string", "to": "string", **_FACT}, some)

    def _remove_facts(self, ids: Sequence[str], types: Iterable[str]) -> None:
        for type in types if ids else ():
            self._do(f"MATCH (:Entity)-[r:{type}]->(:Entity) WHERE r.fact_id IN $ids DELETE r", ids=list(ids))

    def _make_tables(self, types: set[str]) -> None:
        for type in sorted(types - self._facts):
            self._do(f"CREATE REL TABLE {type}(FROM Entity TO Entity, {_declared(_FACT)})")
            self._facts.add(type)

    def _is_ours(self, table: str) -> bool:
        return "fact_id" in {name for name, _ in self._rows(f"CALL table_info('{table}') RETURN name, type")}

    def _copy(self, table: str, columns: Mapping[str, str], rows: Sequence[_Row], options: str = "") -> None:
        if rows:
            data = pa.table({name: pa.array([row.get(name) for row in rows], _ARROW[type]) for name, type in columns.items()})
            self._do(f"COPY {table} FROM $data{options}", data=data)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._do("BEGIN TRANSACTION")
        try:
            yield
            self._do("COMMIT")
        except BaseException:
            # A statement that failed may have ended the transaction itself.
            with suppress(RuntimeError):
                self._connection.execute("ROLLBACK")
            raise

    def _do(self, text: str, /, **parameters: object) -> None:
        with self._explained():
            self._connection.execute(text, parameters)

    def _rows(self, text: str) -> list[tuple[Any, Any]]:
        with self._explained():
            answer = self._connection.execute(text)
            assert isinstance(answer, ladybug.QueryResult)
            return [(row[0], row[1]) for row in map(list, answer.get_all())]

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (RuntimeError, OSError, ValueError) as error:
            said = " ".join(str(error).split())
            if "lock" in said.lower():
                reason = "another process has it open: wait for that to end"
            elif "No space left" in said or "Disk quota" in said:
                reason = "the disk is full: free some space and run this again"
            elif "version" in said.lower():
                reason = f"it is of another version than {self.server} reads: {said[:200]}"
            else:
                reason = said[:300]
            raise LoadError(f"cannot load {self._path}: {reason}") from error


def _declarations(columns: Mapping[str, str]) -> list[str]:
    return [f"`{name}` {_TYPES[type]}" for name, type in columns.items()]


def _declared(columns: Mapping[str, str]) -> str:
    return ", ".join(_declarations(columns))


def _node_row(item: Item) -> dict[str, Property]:
    assert isinstance(item.part, Unit)
    node = item.part.node
    kind = {"type": node.labels[1]} if len(node.labels) > 1 else {}
    return {**node.properties, **kind, DIGEST: item.digest}


def _edge_row(edge: Edge) -> dict[str, Property]:
    return {"from": id_of(edge.start), "to": id_of(edge.end), **edge.properties}
