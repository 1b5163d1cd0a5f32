"""Loading a store into databases: one command, safe to repeat, checked afterwards.

Each kind of database is a module with a function `load(store, target, wipe, progress)`, and a line in DATABASES. A load makes the
target hold what the store holds: it writes what is new or changed, removes what is gone, leaves alone what is as it was
and what others put there, and counts both sides at the end.
"""

import time
from collections.abc import Callable, Mapping
from importlib import import_module
from urllib.parse import urlsplit

from kg.databases.contract import Loaded, LoadError, Progress, Target
from kg.model import Frozen
from kg.store import Store

__all__ = ["DATABASES", "Database", "LoadError", "Loaded", "Progress", "Target", "load"]


class Database(Frozen):
    """A kind of database: what it is, an example of its URL, what loads it, and what must be installed for that."""

    title: str
    url: str
    loader: str
    extra: str


_RDF, _BOLT = {"loader": "kg.databases.sparql", "extra": "sparql"}, {"loader": "kg.databases.bolt", "extra": "bolt"}
DATABASES: Mapping[str, Database] = {
    "neo4j": Database(title="Neo4j 5 and later", url="neo4j://localhost:7687", **_BOLT),
    "memgraph": Database(title="Memgraph", url="bolt://localhost:7687", **_BOLT),
    "arcadedb": Database(title="ArcadeDB, over Bolt", url="bolt://localhost:7687", **_BOLT),
    "ladybug": Database(title="Ladybug, embedded", url="ladybug:graph.lbug", loader="kg.databases.ladybug", extra="ladybug"),
    "oxigraph": Database(title="Oxigraph server", url="http://localhost:7878", **_RDF),
    "fuseki": Database(title="Apache Jena Fuseki", url="http://localhost:3030/DATASET", **_RDF),
    "virtuoso": Database(title="Virtuoso 7", url="http://localhost:8890", **_RDF),
    "graphdb": Database(title="GraphDB", url="http://localhost:7200/repositories/NAME", **_RDF),
    "stardog": Database(title="Stardog", url="http://localhost:5820/NAME", **_RDF),
    "neptune": Database(title="Amazon Neptune (SPARQL)", url="https://CLUSTER:8182", **_RDF),
    "qlever": Database(title="QLever", url="http://localhost:7001", **_RDF),
}
"""Every kind of database, by name."""

_SCHEMES: Mapping[str, str] = {
    "bolt": "neo4j", "bolt+s": "neo4j", "bolt+ssc": "neo4j", "neo4j": "neo4j", "neo4j+s": "neo4j", "neo4j+ssc": "neo4j",
    "ladybug": "ladybug", "http": "", "https": ""}


def load(store: Store, url: str, *, kind: str | None = None, user: str | None = None, password: str | None = None,
         name: str | None = None, wipe: bool = False, progress: Progress = lambda doing, done: None) -> Loaded:
    """Make a database hold what the store holds; with `wipe`, after removing all that was ever loaded there.

    `kind` is a name of DATABASES, where the server does not tell it itself. Raises LoadError where the URL, the server or
    what it is given will not do, StoreError as the store does.
    """
    begun = time.monotonic()
    target = _target(url, kind, user, password, name)
    loaded: Loaded = _loader(target)(store, target, wipe, progress)
    return loaded.model_copy(update={"seconds": round(time.monotonic() - begun, 2)})


def _target(url: str, kind: str | None, user: str | None, password: str | None, name: str | None) -> Target:
    scheme = urlsplit(url).scheme.lower()
    if scheme not in _SCHEMES:
        raise LoadError(f"{url!r} is no address of a database: it begins with {', '.join(f'{s}:' for s in _SCHEMES)}")
    if kind is not None and kind not in DATABASES:
        raise LoadError(f"no kind of database {kind!r}; there are {', '.join(DATABASES)}")
    return Target.of(url, kind=kind or _SCHEMES[scheme], user=user, password=password, name=name)


def _loader(target: Target) -> Callable[[Store, Target, bool, Progress], Loaded]:
    database = DATABASES.get(target.kind) or DATABASES["oxigraph"]
    try:
        function: Callable[[Store, Target, bool, Progress], Loaded] = import_module(database.loader).load
    except ModuleNotFoundError as error:
        raise LoadError(f"{error.name} is not installed: pip install 'kg[{database.extra}]'") from None
    return function
