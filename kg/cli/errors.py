"""`kg eval --errors`: what went wrong, by cause."""

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from kg.cli.output import table
from kg.evaluate import Cause, Fault


def list_faults(faults: Sequence[Fault], console: Console, *, most: int) -> None:
    """A table of how many there are of each cause, then `most` of each at most, with their sentences."""
    by_cause: dict[Cause, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_cause[fault.cause].append(fault)
    causes = [cause for cause in Cause if by_cause[cause]]
    kinds = [cause for cause in Cause if cause.false], [cause for cause in Cause if not cause.false]
    totals = {cause: sum(len(by_cause[one]) for one in next(kind for kind in kinds if cause in kind)) for cause in causes}
    table(["what", "cause", "how many", "share"], [
        ("false" if cause.false else "missed", cause.value, len(by_cause[cause]), f"{len(by_cause[cause]) / totals[cause]:.0%}")
        for cause in causes])
    for cause in causes:
        console.print()
        listed = by_cause[cause]
        console.print(Text(f"{'False' if cause.false else 'Missed'}: {cause.value} ({len(listed):,})", style="bold cyan"))
        for fault in listed[:most]:
            line = Text.assemble((fault.claim, "bold"), (f"  {fault.detail}" if fault.detail else "", "yellow"))
            where = Text.assemble(fault.sentence, (f"  {fault.document}", "dim"))
            for text, left in ((line, 2), (where, 6)):
                console.print(Padding(text, (0, 0, 0, left)) if console.is_terminal else Text(" " * left) + text)
        if len(listed) > most:
            console.print(Text(f"  and {len(listed) - most:,} more", style="dim"))
    console.print()
