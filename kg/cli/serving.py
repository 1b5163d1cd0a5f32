"""The command that serves a store."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.making import DEFAULT_STORE
from kg.cli.output import complain, err


def register(app: typer.Typer) -> None:
    """Add the command of this module to the application."""
    app.command()(serve)


def serve(store: Annotated[Path, typer.Argument(envvar="KG_STORE", help="The folder of the store.")] = DEFAULT_STORE,
          host: Annotated[str, typer.Option(help="The address to listen on; as it stands, only this machine can reach it.")] = "127.0.0.1",
          port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes one that is free.")] = 8080,
          timeout: Annotated[float, typer.Option(min=0.1, help="Stop a query after so many seconds.")] = 30,
          max_rows: Annotated[int, typer.Option(min=1, help="Refuse an answer of more rows or triples.")] = 100_000,
          max_bytes: Annotated[int, typer.Option(min=1, help="Refuse an answer of more bytes.")] = 32_000_000,
          max_memory: Annotated[int, typer.Option(min=256, help="Stop a query that takes more memory, in MB.")] = 2000,
          cors: Annotated[list[str] | None, typer.Option(metavar="ORIGIN", help="Let scripts of pages from this origin ask "
                                                         "(* for any). None may, unless told otherwise.")] = None) -> None:
    """Serve a store over HTTP: a SPARQL endpoint, pages to ask, search and look at it with. It only reads."""
    try:
        from kg.serve import Limits, run
    except ModuleNotFoundError as error:
        complain(f"this needs the extra 'serve' ({error.name} is missing): pip install 'kg[serve]'")
        raise typer.Exit(2) from error
    limits = Limits(seconds=timeout, rows=max_rows, size=max_bytes, memory=max_memory * 1_000_000)

    def ready(address: str) -> None:
        err().print(f"{store} is served at {address} (SPARQL: {address}sparql). Ctrl-C ends it.")

    run(store, host=host, port=port, limits=limits, origins=cors or (), ready=ready)
