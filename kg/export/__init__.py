"""The whole store in another format: RDF for triple stores, files for graph databases and tools, tables for everything else.

All of it is written as it is read, so that a store larger than memory exports, and the same store gives the same bytes.
What a format cannot hold is refused with the reason, never altered.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import IO

from kg.export.claims import from_interchange, interchange
from kg.export.error import ExportError
from kg.store import Store

__all__ = ["FOLDERS", "FORMATS", "ExportError", "export", "export_folder", "from_interchange", "interchange"]

FORMATS: Mapping[str, str] = {
    "nquads": "kg.export.rdf:nquads", "nquads.gz": "kg.export.rdf:nquads_gz", "nquads12": "kg.export.rdf:nquads12",
    "trig": "kg.export.rdf:trig", "turtle": "kg.export.rdf:turtle", "jsonld": "kg.export.rdf:jsonld",
    "graphml": "kg.export.xml:graphml", "gexf": "kg.export.xml:gexf", "cypher": "kg.export.cypher:cypher",
    "claims": "kg.export.claims:claims", "facts": "kg.export.facts:facts"}
"""Every format of one file, by name: a function that writes a store to a binary stream."""

FOLDERS: Mapping[str, str] = {
    "neo4j": "kg.export.bulk:neo4j", "neptune": "kg.export.bulk:neptune", "arango": "kg.export.bulk:arango",
    "parquet": "kg.export.parquet:parquet"}
"""Every format of several files, by name: a function that writes a store into a folder."""


def export(store: Store, format: str, stream: IO[bytes]) -> None:
    """Write all that the store holds to the stream, in one of FORMATS.

    Raises ExportError for a format that there is not, and for content that the format cannot hold.
    """
    if format in FOLDERS:
        raise ExportError(f"{format} is several files: name a folder for them")
    _function(FORMATS, format)(store, stream)


def export_folder(store: Store, format: str, folder: Path) -> None:
    """Write all that the store holds into a folder that is there, in one of FOLDERS.

    Raises ExportError for a format that there is not, and for content that the format cannot hold.
    """
    _function(FOLDERS, format)(store, folder)


def _function(registry: Mapping[str, str], format: str) -> Callable[[Store, object], None]:
    if format not in registry:
        raise ExportError(f"no format {format!r}; there are {', '.join([*FORMATS, *FOLDERS])}")
    module, _, function = registry[format].partition(":")
    written: Callable[[Store, object], None] = getattr(import_module(module), function)
    return written
