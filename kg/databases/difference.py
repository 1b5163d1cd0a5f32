"""Making a property graph hold what a store holds: what is new or changed is written, what is gone removed.

Each node and each fact carries in `kg_digest` a digest of all that is said of it. A unit, which is a node with the
relationships that are its own, is written whole or not at all, its digest with it, so that a load which ends anywhere is
simply done again. Nodes without a digest are other people's.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, Protocol, TypeVar

from kg.databases.contract import Loaded, Progress
from kg.graph import Edge, Unit
from kg.graph.stream import Parts
from kg.store import Store

DIGEST = "kg_digest"
FACTS = "Fact"
ORDER = ("Document", "Entity", FACTS, "Event", "Claim")
"""What is written after what: all relationships end at nodes that are there. It is removed the other way round."""
_Part = TypeVar("_Part")


class Item(NamedTuple):
    """A unit or a fact to be written: its id, its digest, and whether the target has an older version of it."""

    id: str
    digest: str
    known: bool
    part: Unit | Edge


class PropertyGraphDatabase(Protocol):
    """A database of nodes and relationships. Every method raises LoadError where it cannot be done."""

    server: str
    at_once: int
    """How many units it is best given at once."""

    def prepare(self) -> None:
        """Make what must be there before the first node: constraints, indexes, tables."""

    def wipe(self) -> None:
        """Remove all that was loaded, and nothing else."""

    def digests(self, kind: str) -> Mapping[str, str]:
        """The digest of each node of a kind, or of each fact, by its id."""

    def write(self, kind: str, items: Sequence[Item]) -> None:
        """Write units of a kind or facts, all of them or none; older versions give way."""

    def remove(self, kind: str, ids: Sequence[str]) -> None:
        """Remove nodes of a kind, or facts."""

    def counts(self) -> Mapping[str, int]:
        """How many nodes there are of each kind, and relationships of each type."""


def synchronise(store: Store, database: PropertyGraphDatabase, *, wipe: bool, progress: Progress) -> Loaded:
    """Make a database hold the property graph of the store."""
    database.prepare()
    if wipe:
        progress("removing all that was loaded", 0)
        database.wipe()
    parts = Parts(store)
    source: Counter[str] = Counter()
    gone: dict[str, list[str]] = {}
    written = unchanged = 0
    for kind in ORDER:
        there = dict(database.digests(kind))
        done = 0
        for items in _pieces(_items(parts, kind), database.at_once):
            for item in items:
                source.update(_counted(item.part))
            news = [item._replace(known=item.id in there) for item in items if there.get(item.id) != item.digest]
            for item in items:
                there.pop(item.id, None)
            if news:
                database.write(kind, news)
            written, unchanged, done = written + len(news), unchanged + len(items) - len(news), done + len(items)
            progress(_named(kind), done)
        gone[kind] = list(there)
    removed = 0
    for kind in reversed(ORDER):
        for ids in _pieces(iter(gone[kind]), database.at_once):
            database.remove(kind, ids)
            removed += len(ids)
            progress("removing", removed)
    progress("counting", written + unchanged)
    return Loaded(written=written, unchanged=unchanged, removed=removed, source=source, target=database.counts(),
                  server=database.server)


def digest(part: Unit | Edge) -> str:
    """A digest of all that is said of a node and its relationships, or of a fact."""
    said = json.dumps(part, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def id_of(key: str) -> str:
    """The id in a key of the property graph."""
    return key.partition("/")[2]


def _items(parts: Parts, kind: str) -> Iterator[Item]:
    if kind == FACTS:
        return (Item(id_of(edge.key), digest(edge), False, edge) for edge in parts.facts())
    return (Item(id_of(unit.node.key), digest(unit), False, unit) for unit in parts.units(kind))


def _counted(part: Unit | Edge) -> list[str]:
    return [part.type] if isinstance(part, Edge) else [part.node.labels[0], *(edge.type for edge in part.edges)]


def _named(kind: str) -> str:
    return {"Entity": "entities"}.get(kind, f"{kind.lower()}s")


def _pieces(items: Iterator[_Part], many: int) -> Iterable[list[_Part]]:
    while some := list(islice(items, many)):
        yield some
