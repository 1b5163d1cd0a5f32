"""Commands that put a store into a database."""

from contextlib import AbstractContextManager, nullcontext
from typing import Annotated

import typer
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from kg.cli.making import DEFAULT_STORE, StorePath
from kg.cli.output import complain, dump, err, out, table

_SHOWN = 5
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    app.command()(load)
    app.command()(databases)


def load(url: Annotated[str, typer.Argument(metavar="URL", help="Such as neo4j://localhost:7687, http://localhost:7878 "
                                            "or ladybug:graph.lbug; `kg databases` has them all.")],
         store: StorePath = DEFAULT_STORE,
         kind: Annotated[str | None, typer.Option("--as", help="Which database it is, where it does not say so.")] = None,
         user: Annotated[str | None, typer.Option(help="Who loads (or in the URL).")] = None,
         password: Annotated[str | None, typer.Option(envvar="KG_PASSWORD", show_envvar=True, help="Or a token.")] = None,
         name: Annotated[str | None, typer.Option("--database", help="Of a server that has several.")] = None,
         wipe: Annotated[bool, typer.Option("--wipe", help="First remove all that was ever loaded there, nothing else.")] = False,
         json: _AsJson = False) -> None:
    """Load the store into a database. Doing it again changes nothing, adds what is new, and removes what is gone."""
    from kg.databases import load as put
    from kg.store import Store
    bar = Bar(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err(), transient=True)
    task = bar.add_task("connecting")
    shown: AbstractContextManager[object] = bar if err().is_terminal else nullcontext()

    def show(doing: str, done: int) -> None:
        bar.update(task, description=f"{doing}: {done:,}")
        if not err().is_terminal:
            err().print(f"{doing}: {done:,}")

    with Store.open(store, read_only=True) as opened, shown:
        loaded = put(opened, url, kind=kind, user=user, password=password, name=name, wipe=wipe, progress=show)
    if json:
        dump({**loaded.model_dump(mode="json"), "different": loaded.different})
    else:
        out().print(f"Loaded into {loaded.server or 'the database'} in {loaded.seconds:.1f} s: {loaded.written:,} written, "
                    f"{loaded.unchanged:,} unchanged, {loaded.removed:,} removed.")
        if not loaded.different:
            out().print(f"Counted on both sides: {sum(loaded.source.values()):,} there and here, of {len(loaded.source):,} kinds.")
    if loaded.different:
        said = [f"{what}: {here:,} here, {there:,} there" for what, (here, there) in loaded.different.items()]
        more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
        complain(f"the counts differ ({'; '.join(said[:_SHOWN])}{more}): was something else writing there? Run it again")
        raise typer.Exit(1)


def databases(json: _AsJson = False) -> None:
    """List the databases that `kg load` and `kg export` serve, each with its command."""
    from kg.databases import DATABASES
    if json:
        dump({name: database.model_dump(mode="json") for name, database in DATABASES.items()})
        return
    table(["name", "what it is", "command", "needs"], [
        [name, database.title, f"kg load {database.url}" + (f" --as {name}" if database.told_by_name else ""),
         f"pip install 'kg[{database.extra}]'"] for name, database in DATABASES.items()])
    out().print()
    table(["other ways", "command"], [
        ["neo4j-admin, for a first load", "kg export neo4j --out FOLDER"],
        ["any database with Cypher", "kg export cypher --out graph.cypher"],
        ["Amazon Neptune, property graph", "kg export neptune --out FOLDER"],
        ["ArangoDB", "kg export arango --out FOLDER"],
        ["TinkerPop, JanusGraph, yEd", "kg export graphml --out graph.graphml"], ["Gephi", "kg export gexf --out graph.gexf"],
        ["DuckDB, Polars, Spark", "kg export parquet --out FOLDER"], ["any triple store", "kg export nquads.gz --out graph.nq.gz"]])
