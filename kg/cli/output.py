"""How the commands speak: tables for people, plain columns where the output is piped, one line for an error."""

import json
import re
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.model import Rejected

_NUMBER = re.compile(r"-?[\d,]*\.?\d*")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_SHORT, _LONG = 24, 60  # characters: columns up to the one are never wrapped, those over the other hold sentences
_WORD, _SENTENCE = 14, 30  # the least width of a column that is wrapped


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


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """A table; tab-separated lines where the output is no terminal.

    On a terminal numbers stand to the right, short columns are never wrapped, and rows with more text than fits beside
    the short columns are shown one below the other.
    """
    console = out()
    texts = [[_plain(cell) for cell in row] for row in rows]
    if not console.is_terminal:
        for row in (columns, *texts):
            sys.stdout.write("\t".join(" ".join(cell.split()) for cell in row) + "\n")
        return
    widths = [max((len(_rounded(row[number])) for row in texts), default=0) for number in range(len(columns))]
    least = [_SENTENCE if width > _LONG else _WORD if width > _SHORT else width for width in widths]
    if sum(2 + max(len(name), width) for name, width in zip(columns, least, strict=True)) > console.width:
        _records(console, columns, texts)
        return
    drawn = Table(title=Text(title) if title else None, title_justify="left", title_style="bold",
                  header_style="bold cyan", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        cells = [row[number] for row in texts]
        drawn.add_column(column, justify="right" if all(map(_NUMBER.fullmatch, cells)) else "left", overflow="fold",
                         no_wrap=widths[number] <= _SHORT)
    for row in texts:
        drawn.add_row(*(Text(_rounded(cell)) for cell in row))
    console.print(drawn)


def _records(console: Console, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    width = max(map(len, columns))
    for number, row in enumerate(rows):
        if number:
            console.print()
        shown = Table.grid(padding=(0, 2, 0, 0))
        shown.add_column(style="cyan", min_width=width)
        shown.add_column()
        for column, cell in zip(columns, row, strict=True):
            if cell:
                shown.add_row(Text(column), Text(_rounded(cell)))
        console.print(shown)


def _rounded(cell: str) -> str:
    return f"{float(cell):.2f}" if _LONG_NUMBER.fullmatch(cell) else cell


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)
