"""Parquet tables for DuckDB, Polars and Spark: documents, entities, facts, events and claims."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kg.export.error import ExportError
from kg.graph import FACT, NODES, Unit
from kg.graph.stream import Parts
from kg.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

_MANY = 10_000
_Row = Mapping[str, object]
TABLES: Mapping[str, Mapping[str, str]] = {
    "documents": NODES["Document"],
    "entities": {"id": "string", "type": "string", **NODES["Entity"]},
    "facts": {"fact_id": "string", "subject": "string", "relation": "string", "object": "string", **FACT},
    "events": {"id": "string", "subject": "string", "relation": "string", "object": "string", "places": "strings",
               **NODES["Event"]},
    "claims": {"id": "string", "document": "string", "subject": "string", "relation": "string", "object": "string",
               "place": "string", "event": "string", "sources": "strings", "subject_text": "string",
               "object_text": "string", **NODES["Claim"]},
}
"""The columns of each table, with their types; what ends at an entity, a document or an event is its id."""


def parquet(store: Store, folder: Path) -> None:
    """A file for each of TABLES. Raises ExportError where pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise ExportError("parquet needs pyarrow: pip install 'kg[parquet]'") from None
    parts = Parts(store)
    types = {"string": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "date": pa.date32(),
             "strings": pa.list_(pa.string())}
    for table, columns in TABLES.items():
        schema = pa.schema([(name, types[type]) for name, type in columns.items()])
        with pq.ParquetWriter(folder / f"{table}.parquet", schema, compression="zstd") as file:
            for some in _pieces(_rows(parts, table)):
                file.write_table(_table(some, schema))


def _table(rows: list[_Row], schema: "pa.Schema") -> "pa.Table":
    import pyarrow as pa
    return pa.Table.from_pydict({name: [row.get(name) for row in rows] for name in schema.names}, schema=schema)


def _pieces(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    while some := list(islice(rows, _MANY)):
        yield some


def _rows(parts: Parts, table: str) -> Iterator[_Row]:
    if table == "facts":
        return ({**edge.properties, "subject": _id(edge.start), "object": _id(edge.end)} for edge in parts.facts())
    kind = {"entities": "Entity"}.get(table, table[:-1].capitalize())
    return map(_row, parts.units(kind))


def _row(unit: Unit) -> _Row:
    row: dict[str, object] = {"type": unit.node.labels[-1], **unit.node.properties}
    for edge in unit.edges:
        if edge.type in ("SUBJECT", "OBJECT"):
            row |= {edge.type.lower(): _id(edge.end), f"{edge.type.lower()}_text": edge.properties.get("text")}
    row["places"] = _ends(unit, "PLACE")
    row["place"] = next(iter(_ends(unit, "PLACE")), None)
    row["document"] = next(iter(_ends(unit, "REPORTED_IN")), None)
    row["event"] = next(iter(_ends(unit, "ABOUT")), None)
    row["sources"] = _ends(unit, "ATTRIBUTED_TO")
    return row


def _ends(unit: Unit, type: str) -> list[str]:
    return [_id(edge.end) for edge in unit.edges if edge.type == type]


def _id(key: str) -> str:
    return key.partition("/")[2]
