"""The command `kg`: arguments in, tables or JSON out; what is done is done elsewhere.

Exit codes: 0 all well; 1 something was rejected, or nothing was found; 2 wrong usage, or a store that cannot be used;
70 a fault of the program.
"""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from kg.cli import asking, judging, loading, making, serving
from kg.cli.output import complain

app = typer.Typer(name="kg", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  context_settings={"help_option_names": ["-h", "--help"]})
making.register(app)
asking.register(app)
loading.register(app)
app.add_typer(judging.app)
serving.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version
        typer.echo(f"kg {version('kg')}")
        raise typer.Exit


@app.callback()
def _kg(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True,
                                              help="Print the version and leave.")] = False) -> None:
    """Reads news and answers, with evidence, who did what to whom."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and say how it ended; an error is one line on standard error."""
    from kg.databases.contract import LoadError
    from kg.evaluate import GoldError
    from kg.export import ExportError
    from kg.sparql import QueryError
    from kg.store import StoreError
    try:
        app(arguments, prog_name="kg")
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else 0
    except (StoreError, QueryError, GoldError, ExportError, LoadError) as error:
        complain(str(error))
        return 2
    except OSError as error:
        complain(f"{error.filename or 'output'}: {error.strerror or error}")
        return 2
    except Exception as error:
        if os.environ.get("KG_DEBUG"):
            raise
        complain(f"a fault of kg itself: {type(error).__name__}: {error}; with KG_DEBUG=1 it tells where")
        return 70
    finally:
        sys.stdout.flush()
    return 0
