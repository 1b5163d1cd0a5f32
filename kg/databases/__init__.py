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
    """A kind of database: what it is, an example of its URL, what loads it, and what must be installed for that.

    `told_by_name`: its servers do not say which database they are.
    """

    title: str
    url: str
    loader: str
    extra: str
    told_by_name: bool = False


_BOLT, _SPARQL = "kg.databases.bolt", "kg.databases.sparql"
DATABASES: Mapping[str, Database] = {
    "neo4j": Database(title="Neo4j 5 and later", url="neo4j://localhost:7687", loader=_BOLT, extra="bolt"),
    "memgraph": Database(title="Memgraph", url="bolt://localhost:7687", loader=_BOLT, extra="bolt"),
    "arcadedb": Database(title="ArcadeDB, over Bolt", url="bolt://localhost:7687", loader=_BOLT, extra="bolt"),
    "ladybug": Database(title="Ladybug, embedded", url="ladybug:graph.lbug", loader="kg.databases.ladybug", extra="ladybug"),
    "oxigraph": Database(title="Oxigraph server", url="http://localhost:7878", loader=_SPARQL, extra="sparql"),
    "fuseki": Database(title="Apache Jena Fuseki", url="http://localhost:3030/DATASET", loader=_SPARQL, extra="sparql"),
    "virtuoso": Database(title="Virtuoso 7", url="http://localhost:8890", loader=_SPARQL, extra="sparql"),
    "graphdb": Database(title="GraphDB", url="http://localhost:7200/repositories/NAME", told_by_name=True, loader=_SPARQL, extra="sparql"),
    "stardog": Database(title="Stardog", url="http://localhost:5820/NAME", told_by_name=True, loader=_SPARQL, extra="sparql"),
    "neptune": Database(title="Amazon Neptune (SPARQL)", url="https://CLUSTER:8182", told_by_name=True, loader=_SPARQL, extra="sparql"),
    "qlever": Database(title="QLever", url="http://localhost:7001", told_by_name=True, loader=_SPARQL, extra="sparql"),
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
