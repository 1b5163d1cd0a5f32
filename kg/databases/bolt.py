"""Loading databases that speak Bolt and Cypher: Neo4j, Memgraph, ArcadeDB, through the official `neo4j` driver.

Each batch is one transaction that first takes the one node `KgLoad`, so that of two loaders one waits for the other. Text
travels as parameters; labels and types, which cannot, are names of the ontology (`kg.graph.relationship_type`).
"""

import logging
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

import neo4j
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Forbidden,
    Neo4jError,
    ServiceUnavailable,
)

from kg.databases.contract import Loaded, LoadError, Progress, Target
from kg.databases.cypher import CONSTRAINTS, OWN, flavour, merge
from kg.databases.difference import DIGEST, FACTS, Item, id_of, synchronise
from kg.graph import FACT, NODES, Edge, Property, Unit, kind_of
from kg.store import Store

_Row = dict[str, Any]
_Answer = TypeVar("_Answer")
_TRIES = 6
_MANY = 2000


def load(store: Store, target: Target, wipe: bool, progress: Progress) -> Loaded:
    """Make a database behind Bolt hold the property graph of the store."""
    with Bolt(target) as database:
        return synchronise(store, database, wipe=wipe, progress=progress)


class Bolt:
    """A database behind Bolt; a context manager that closes the connection."""

    at_once = _MANY

    def __init__(self, target: Target) -> None:
        self._target = target
        self.server, self.kind = "", target.kind
        logging.getLogger("neo4j").setLevel(logging.CRITICAL)

    def __enter__(self) -> Self:
        auth = (self._target.user, self._target.password or "") if self._target.user else None
        try:
            self._driver = neo4j.GraphDatabase.driver(
                self._target.url, auth=auth, user_agent="kg", connection_timeout=10, connection_acquisition_timeout=30,
                max_transaction_retry_time=60, notifications_min_severity="OFF")
        except (ConfigurationError, ValueError) as error:
            raise LoadError(f"{self._target.url}: {error}") from None
        try:
            self._doing(self._greet)
            self._session = self._driver.session(database=self._target.name)
        except BaseException:
            self._driver.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._session.close()
        self._driver.close()

    def _greet(self) -> None:
        self._driver.verify_authentication()
        self.server = self._driver.get_server_info().agent
        self.kind, complaint = flavour(self.server, self.kind)
        if complaint:
            raise LoadError(f"{self._target.url}: {complaint}")

    def prepare(self) -> None:
        """Make the constraints and indexes. They are there when this returns."""
        for statement in CONSTRAINTS[self.kind]:
            self._schema(statement)

    def wipe(self) -> None:
        """Remove all nodes that carry a digest, with the relationships at them."""
        for kind in NODES:
            statement = f"MATCH (n:{kind}) WHERE n.{DIGEST} IS NOT NULL WITH n LIMIT {_MANY} DETACH DELETE n RETURN count(*) AS n"
            while self._write(partial(_one, text=statement)):
                pass

    def digests(self, kind: str) -> Mapping[str, str]:
        """The digest of each node of a kind, or of each fact, by its id."""
        pattern = "(:Entity)-[n]->(:Entity)" if kind == FACTS else f"(n:{kind})"
        id = "fact_id" if kind == FACTS else "id"
        return dict(self._read(f"MATCH {pattern} WHERE n.{DIGEST} IS NOT NULL RETURN n.{id} AS id, n.{DIGEST} AS digest"))

    def write(self, kind: str, items: Sequence[Item]) -> None:
        """Write units of a kind or facts in one transaction."""
        statements = _facts(items) if kind == FACTS else _units(kind, items, self.kind)

        def work(tx: neo4j.ManagedTransaction) -> None:
            for statement, rows in statements:
                tx.run(statement, rows=rows).consume()

        self._write(work)

    def remove(self, kind: str, ids: Sequence[str]) -> None:
        """Remove nodes of a kind, with the relationships at them, or facts."""
        if kind == FACTS:
            text = f"MATCH (:Entity)-[r]->(:Entity) WHERE r.fact_id IN $ids AND r.{DIGEST} IS NOT NULL DELETE r"
        else:
            text = f"UNWIND $ids AS id MATCH (n:{kind} {{id: id}}) WHERE n.{DIGEST} IS NOT NULL DETACH DELETE n"
        self._write(lambda tx: tx.run(text, ids=list(ids)).consume())

    def counts(self) -> Mapping[str, int]:
        """How many nodes there are of each kind, and relationships of each type, of those that were loaded."""
        found: Counter[str] = Counter()
        for kind in NODES:
            found.update(dict(self._read(f"MATCH (n:{kind}) WHERE n.{DIGEST} IS NOT NULL RETURN '{kind}' AS id, count(n) AS n")))
        for kind, types in OWN.items():
            for type in types:
                found.update(dict(self._read(f"MATCH (n:{kind})-[r:{type}]->() WHERE n.{DIGEST} IS NOT NULL "
                                             f"RETURN '{type}' AS id, count(r) AS n")))
        found.update(dict(self._read(f"MATCH (:Entity)-[r]->(:Entity) WHERE r.{DIGEST} IS NOT NULL "
                                     "RETURN type(r) AS id, count(r) AS n")))
        return +found

    def _schema(self, text: str) -> None:
        def make() -> None:
            self._session.run(text).consume()

        for left in reversed(range(_TRIES)):
            try:
                self._doing(make)
                return
            except LoadError as error:
                if "already exist" in str(error):
                    return
                if not left or not isinstance(error.__cause__, Neo4jError) or not error.__cause__.is_retryable():
                    raise
                time.sleep(0.5)

    def _read(self, text: str) -> list[tuple[str, Any]]:
        return self._doing(lambda: [(row[0], row[1]) for row in self._session.run(text)])

    def _write(self, work: "Callable[[neo4j.ManagedTransaction], _Answer]") -> _Answer:
        """Do work in a transaction that no other loader's is beside; again, where the database says that it may pass."""
        def alone(tx: neo4j.ManagedTransaction) -> _Answer:
            tx.run("MERGE (l:KgLoad {id: 'kg'}) SET l.turn = coalesce(l.turn, 0) + 1").consume()
            return work(tx)

        return self._doing(lambda: self._session.execute_write(alone))

    def _doing(self, do: Callable[[], _Answer]) -> _Answer:
        for left in reversed(range(_TRIES)):
            try:
                return do()
            except (Neo4jError, DriverError) as error:
                if left and isinstance(error, Neo4jError) and re.search("concurrent|please retry", str(error), re.IGNORECASE):
                    time.sleep(0.2 * (_TRIES - left))
                    continue
                raise LoadError(self._meaning(error)) from error
        raise AssertionError

    def _meaning(self, error: Exception) -> str:
        """What a failure of the driver or the server means, and what to do."""
        url = self._target.url
        said = " ".join(str(error).split())
        if isinstance(error, AuthError | Forbidden):
            return f"{url} refuses user {self._target.user!r}: check --user and the password (KG_PASSWORD), and that they may write"
        if isinstance(error, ServiceUnavailable) and re.search("handshake|protocol|HTTP", said):
            return f"{url} speaks no version of Bolt that this driver does (neo4j {neo4j.__version__}): {said[:200]}"
        if isinstance(error, ServiceUnavailable):
            return f"cannot reach {url}: {said[:200]}; is the server running, and the address right?"
        if isinstance(error, ClientError) and "DatabaseNotFound" in (error.code or ""):
            return f"{url} has no database {self._target.name!r}: check --database"
        if any(words in said for words in ("No space left", "disk is full", "out of disk space", "Low disk")):
            return f"the disk of {url} is full: free some space there and run this again"
        if "limit" in said and "index" in said.lower():
            return f"{url} cannot index a name or an id so long: {said[:300]}"
        return f"{url}: {said[:400]}"


def _one(tx: neo4j.ManagedTransaction, text: str) -> int:
    record = tx.run(text).single()
    return int(record[0]) if record else 0


def _units(kind: str, items: Sequence[Item], server: str) -> list[tuple[str, list[_Row]]]:
    """The statements that write units: nodes by their labels, then their relationships by type and ends."""
    statements: list[tuple[str, list[_Row]]] = []
    nodes: dict[tuple[str, ...], list[_Row]] = defaultdict(list)
    edges: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for item in items:
        assert isinstance(item.part, Unit)
        nodes[item.part.node.labels].append({"id": item.id, "is": _properties(item, item.part.node.properties, NODES[kind])})
        for edge in item.part.edges:
            edges[edge.type, kind_of(edge.end)].append(
                {"a": item.id, "b": id_of(edge.end), "is": {name: _plain(value) for name, value in edge.properties.items()}})
    for labels, rows in nodes.items():
        statements.append((merge(labels, server), rows))
    if kind in OWN:
        ids: list[_Row] = [{"id": item.id} for item in items]
        statements.append((f"UNWIND $rows AS row MATCH (n:{kind} {{id: row.id}})-[r:{'|'.join(OWN[kind])}]->() DELETE r", ids))
    for (type, end), rows in edges.items():
        statements.append((f"UNWIND $rows AS row MATCH (a:{kind} {{id: row.a}}) MATCH (b:{end} {{id: row.b}}) "
                           f"CREATE (a)-[r:{type}]->(b) SET r = row.is", rows))
    return statements


def _facts(items: Sequence[Item]) -> list[tuple[str, list[_Row]]]:
    types: dict[str, list[_Row]] = defaultdict(list)
    for item in items:
        assert isinstance(item.part, Edge)
        types[item.part.type].append({"a": id_of(item.part.start), "b": id_of(item.part.end), "id": item.id,
                                      "is": _properties(item, item.part.properties, FACT)})
    return [(f"UNWIND $rows AS row MATCH (a:Entity {{id: row.a}}) MATCH (b:Entity {{id: row.b}}) "
             f"MERGE (a)-[r:{type} {{fact_id: row.id}}]->(b) SET r += row.is", rows) for type, rows in types.items()]


def _properties(item: Item, properties: Mapping[str, Property], declared: Mapping[str, str]) -> _Row:
    """The properties with the digest; of an older version those that are no more are taken away, by null."""
    gone: _Row = dict.fromkeys(declared.keys() - properties.keys()) if item.known else {}
    return {**gone, **{name: _plain(value) for name, value in properties.items()}, DIGEST: item.digest}


def _plain(value: Property) -> str | int | float | bool | date | list[str]:
    return list(value) if isinstance(value, tuple) else value
