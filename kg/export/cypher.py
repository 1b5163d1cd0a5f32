"""A Cypher script, for any database that speaks it: constraints, nodes, relationships; running it again changes nothing."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import IO, TypeVar

from kg.graph import NODES, Edge, Node, Property, kind_of
from kg.graph.stream import Parts
from kg.store import Store

_MANY = 200
_ESCAPES = {ord(plain): escaped for plain, escaped in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))}
_ESCAPES |= {code: f"\\u{code:04X}" for code in (*range(32), 0x7f, 0x85, 0x2028, 0x2029) if code not in _ESCAPES}
_Part = TypeVar("_Part", Node, Edge)


def cypher(store: Store, stream: IO[bytes]) -> None:
    """Statements of Neo4j's Cypher, each on a line of its own, many nodes or relationships in one.

    Names of labels and types come from the ontology; texts stand in quotes, with all that could end them escaped.
    """
    parts = Parts(store)
    for label in NODES:
        _line(stream, f"CREATE CONSTRAINT kg_{label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE")
    for labels, nodes in _batches(parts.nodes(), lambda node: node.labels):
        rows = ", ".join(f"{{id: {_value(node.properties['id'])}, is: {_map(node.properties)}}}" for node in nodes)
        others = "".join(f":{label}" for label in labels[1:])
        _line(stream, f"UNWIND [{rows}] AS row MERGE (n:{labels[0]} {{id: row.id}}) SET n = row.is" + (others and f" SET n{others}"))
    for (start, type, end, fact), edges in _batches(parts.edges(), _shape):
        rows = ", ".join(f"{{a: {_value(_id(edge.start))}, b: {_value(_id(edge.end))}, is: {_map(edge.properties)}}}"
                         for edge in edges)
        key = "fact_id" if fact else "depth" if type == "ATTRIBUTED_TO" else ""
        _line(stream, f"UNWIND [{rows}] AS row MATCH (a:{start} {{id: row.a}}) MATCH (b:{end} {{id: row.b}}) "
                      f"MERGE (a)-[r:{type}" + (key and f" {{{key}: row.is.{key}}}") + "]->(b) SET r = row.is")


def _line(stream: IO[bytes], statement: str) -> None:
    stream.write(f"{statement};\n".encode())


def _batches(parts: Iterable[_Part], shape: Callable[[_Part], tuple[object, ...]]) -> Iterator[tuple[tuple[object, ...], list[_Part]]]:
    """Parts that one statement can write, up to _MANY at a time, in the order in which they come."""
    waiting: dict[tuple[object, ...], list[_Part]] = {}
    for part in parts:
        some = waiting.setdefault(shape(part), [])
        some.append(part)
        if len(some) == _MANY:
            yield shape(part), waiting.pop(shape(part))
    yield from waiting.items()


def _shape(edge: Edge) -> tuple[object, ...]:
    return kind_of(edge.start), edge.type, kind_of(edge.end), "fact_id" in edge.properties


def _id(key: str) -> str:
    return key.partition("/")[2]


def _map(properties: dict[str, Property]) -> str:
    return "{" + ", ".join(f"{name}: {_value(value)}" for name, value in properties.items()) + "}"


def _value(value: Property) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value.translate(_ESCAPES)}'"
    if isinstance(value, date):
        return f"date('{value.isoformat()}')"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)
