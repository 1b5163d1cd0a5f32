"""How the commands speak: tables for people, plain columns where the output is piped, one line for an error."""

import json
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.model import Rejected


def out() -> Console:
    """Standard output. Text is data: nothing in it is taken for markup."""
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=not sys.stdout.isatty())


def err() -> Console:
    """Standard error, never wrapped where it is no terminal."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)


def complain(message: str) -> None:
    """One line on standard error."""
    err().print(Text.assemble(("kg: ", "bold red"), " ".join(message.split())))


def warn(rejected: Rejected) -> None:
    """One line on standard error about what was not taken in."""
    detail = f": {rejected.detail}" if rejected.detail else ""
    told = " ".join(f"{rejected.source}: {rejected.reason}{detail}".split())
    err().print(Text.assemble(("kg: ", "bold yellow"), told))


def dump(value: object) -> None:
    """A value as JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None,
          right: Sequence[str] = (), whole: Sequence[str] = ()) -> None:
    """A table; tab-separated lines where the output is no terminal.

    Columns in `right` are numbers, those in `whole` are never wrapped.
    """
    console = out()
    if not console.is_terminal:
        for row in (columns, *rows):
            sys.stdout.write("\t".join(" ".join(_plain(cell).split()) for cell in row) + "\n")
        return
    drawn = Table(title=Text(title) if title else None, title_justify="left", title_style="bold",
                  header_style="bold cyan", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        drawn.add_column(column, justify="right" if column in right else "left", no_wrap=column in whole,
                         overflow="fold")
    for row in rows:
        drawn.add_row(*(cell if isinstance(cell, Text) else Text(_plain(cell)) for cell in row))
    console.print(drawn)


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)
