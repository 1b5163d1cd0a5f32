"""Seconds to load a store into each database, beside that database's own fastest bulk tool on the same rows, in one run.

`python benchmarks/loading.py STORE [TARGET ...]`; a store of any size comes from `benchmarks/made_claims.py`. Targets are ladybug,
oxigraph, virtuoso, fuseki and neo4j. The bulk tools: COPY from Parquet, `oxigraph load`, `ld_dir` with `rdf_loader_run`, the N-Quads
in one HTTP request (Fuseki has `tdb2.tdbloader` only for a server that does not run), `neo4j-admin database import`. Reading the
rows out of the store, which `kg load` does too, is timed apart.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import ladybug as lb

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from running import PASSWORD, SCRIPTS, STARTERS, Server, free_port, running

from kg.databases import load
from kg.export import export, export_folder
from kg.graph.stream import Parts
from kg.store import Store


@contextmanager
def timed(times: dict[str, float], name: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    times[name] = time.perf_counter() - begun


def read_parts(store: Store) -> None:
    for _ in Parts(store).nodes():
        pass
    for _ in Parts(store).edges():
        pass


def read_quads(store: Store) -> None:
    for _ in store.quads():
        pass


def bulk_ladybug(store: Store, folder: Path, times: dict[str, float]) -> None:
    """COPY from Parquet, a file a table."""
    with Store.open(store.path, read_only=True) as own:
        rows = folder / "rows"
        rows.mkdir()
        export_folder(own, "parquet", rows)
    with lb.Database(str(folder / "bulk.lbug")) as database, lb.Connection(database) as connection, timed(times, "bulk"):
        for table in ("documents", "entities", "events", "claims", "facts"):
            seen = connection.execute(f"LOAD FROM '{rows / table}.parquet' RETURN * LIMIT 1")
            key = "fact_id" if table == "facts" else "id"
            columns = zip(seen.get_column_names(), seen.get_column_data_types(), strict=True)
            declared = ", ".join(f"`{name}` {type}" for name, type in columns)
            connection.execute(f"CREATE NODE TABLE {table}({declared}, PRIMARY KEY({key}))")
            connection.execute(f"COPY {table} FROM '{rows / table}.parquet'")
        connection.execute("CREATE REL TABLE SUBJECT(FROM claims TO entities)")
        connection.execute("CREATE REL TABLE OBJECT(FROM claims TO entities)")
        connection.execute("CREATE REL TABLE REPORTED_IN(FROM claims TO documents)")
        connection.execute("CREATE REL TABLE ABOUT(FROM claims TO events)")
        connection.execute("CREATE REL TABLE FACT(FROM entities TO entities, fact STRING)")
        for table, end in (("SUBJECT", "subject"), ("OBJECT", "object"), ("REPORTED_IN", "document"), ("ABOUT", "event")):
            connection.execute(f"COPY {table} FROM (LOAD FROM '{rows}/claims.parquet' WHERE {end} IS NOT NULL RETURN id, {end})")
        connection.execute(f"COPY FACT FROM (LOAD FROM '{rows}/facts.parquet' RETURN subject, object, fact_id)")


def nquads(store: Store, folder: Path) -> Path:
    file = folder / "all.nq"
    with file.open("wb") as stream:
        export(store, "nquads", stream)
    return file


def bulk_oxigraph(store: Store, folder: Path, times: dict[str, float]) -> None:
    file = nquads(store, folder)
    with timed(times, "bulk"):
        subprocess.run([Path(sys.executable).parent / "oxigraph", "load", "--location", folder / "bulk", "--file", file],
                       check=True, capture_output=True)


def bulk_virtuoso(store: Store, folder: Path, times: dict[str, float]) -> None:
    nquads(store, folder)
    http, sql = free_port(), free_port()
    with running(folder / "bulk", http, SCRIPTS / "virtuoso" / "start", folder / "bulk", http, sql, folder), timed(times, "bulk"):
        subprocess.run(["isql-vt", f"127.0.0.1:{sql}", "dba", "dba",
                        f"exec=ld_dir('{folder}', 'all.nq', 'http://example.org/'); rdf_loader_run(); checkpoint;"],
                       check=True, capture_output=True)


def bulk_fuseki(store: Store, folder: Path, times: dict[str, float]) -> None:
    file = nquads(store, folder)
    with STARTERS["fuseki"](folder / "bulk") as server, file.open("rb") as stream, timed(times, "bulk"):
        httpx.post(f"{server.url}/data", content=stream, auth=("kg", PASSWORD), timeout=3600,
                   headers={"Content-Type": "application/n-quads"}).raise_for_status()


def bulk_neo4j(store: Store, folder: Path, times: dict[str, float]) -> None:
    rows = folder / "rows"
    rows.mkdir()
    export_folder(store, "neo4j", rows)
    with timed(times, "bulk"):
        subprocess.run([SCRIPTS / "neo4j" / "admin", folder / "bulk", "database", "import", "full", "neo4j", "@import.args"],
                       check=True, capture_output=True, cwd=rows)


BULK: dict[str, tuple[Callable[[Store, Path, dict[str, float]], None], Callable[[Store], None]]] = {
    "ladybug": (bulk_ladybug, read_parts), "oxigraph": (bulk_oxigraph, read_quads), "virtuoso": (bulk_virtuoso, read_quads),
    "fuseki": (bulk_fuseki, read_quads), "neo4j": (bulk_neo4j, read_parts)}


def measured(store: Store, target: str, folder: Path) -> dict[str, float]:
    times: dict[str, float] = {}
    bulk, read = BULK[target]
    bulk(store, folder, times)
    with timed(times, "read"):
        read(store)
    with STARTERS[target](folder / "server") as server:
        for name in ("load", "again"):
            with timed(times, name):
                loaded = _load(store, server)
            assert not loaded, loaded
    return times


def _load(store: Store, server: Server) -> dict[str, tuple[int, int]]:
    return load(store, server.url, user=server.user, password=server.password).different


def main() -> None:
    path, *targets = sys.argv[1:]
    print("target     bulk tool s   kg load s   of it reading s   ratio   ratio less reading   again s")
    for target in targets or BULK:
        with tempfile.TemporaryDirectory() as folder, Store.open(path, read_only=True) as store:
            t = measured(store, target, Path(folder))
        print(f"{target:10} {t['bulk']:11.1f} {t['load']:11.1f} {t['read']:17.1f} {t['load'] / t['bulk']:7.1f} "
              f"{(t['load'] - t['read']) / t['bulk']:20.1f} {t['again']:9.1f}", flush=True)


if __name__ == "__main__":
    main()
