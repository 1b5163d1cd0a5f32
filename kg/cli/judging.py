"""Commands by which people correct what was taken for one thing, or for two."""

import getpass
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kg.cli.making import DEFAULT_STORE, StorePath
from kg.cli.output import complain, out, table

if TYPE_CHECKING:
    from kg.store import Store

app = typer.Typer(name="entity", no_args_is_help=True, help="Say that two entities are one, or that one is two; it can be taken back.")
_By = Annotated[str, typer.Option(help="Who says so.", show_default="the user's name")]
_Why = Annotated[str, typer.Option(help="Why, to be read later.")]


@app.command()
def merge(entity: Annotated[str, typer.Argument(help="The one that stays: a name, an alias or an id.")],
          others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="What is the same.")],
          by: _By = "", why: _Why = "", store: StorePath = DEFAULT_STORE) -> None:
    """Make one entity of several. It holds for articles read later too; `kg entity split` takes it back."""
    from kg.queries import find_entity
    from kg.rdf import identifier
    from kg.store import Store
    with Store.open(store) as opened:
        kept, *joined = (identifier(find_entity(opened, given)) for given in (entity, *others))
        if kept in joined:
            raise typer.BadParameter(f"{kept} is one entity already", param_hint="OTHER")
        _decide(opened, "merge", kept, joined, by, why)
    out().print(f"{', '.join(joined)} now counts as {kept}.")


@app.command()
def split(entity: Annotated[str, typer.Argument(help="What is more than one thing: a name, an alias or an id.")],
          parts: Annotated[list[str] | None, typer.Argument(metavar="PART...", help="What it is not: the id of something "
                                                            "that was merged into it, or documents (id, name or URL) that mean another "
                                                            "by its name. Without any, the parts are listed.")] = None,
          by: _By = "", why: _Why = "", store: StorePath = DEFAULT_STORE) -> None:
    """Take something out of an entity that is not it."""
    from kg.pipeline import find_document
    from kg.queries import find_entity
    from kg.rdf import identifier
    from kg.store import Store
    with Store.open(store, read_only=not parts) as opened:
        kept = identifier(find_entity(opened, entity))
        known: dict[str, list[str]] = defaultdict(list)
        for one in opened.merges(kept):
            known[one.local].append(f"{one.document}: {one.because}")
        if not parts:
            table(["part", "in documents, and why"], [(local, "; ".join(said)) for local, said in sorted(known.items())], title=kept)
            return
        judged = {other for one in opened.judgements() for other in (one.entity, *one.others)}
        found = []
        for part in parts:
            if part in known or part in judged:
                found.append(part)
            elif document := find_document(opened, part):
                found.append(f"document/{document.id}")
            else:
                complain(f"{part}: nothing that was merged into {kept}, and no document")
                raise typer.Exit(1)
        _decide(opened, "split", kept, found, by, why)
    out().print(f"{', '.join(found)} no longer counts as {kept}.")


@app.command()
def log(store: StorePath = DEFAULT_STORE) -> None:
    """List what was decided, in order."""
    from kg.store import Store
    with Store.open(store, read_only=True) as opened:
        decided = opened.judgements()
    table(["when", "verdict", "entity", "others", "by", "why"], [
        (f"{one.at:%Y-%m-%d %H:%M}", one.verdict, one.entity, ", ".join(one.others), one.by, one.why) for one in decided])


def _decide(store: "Store", verdict: Literal["merge", "split"], entity: str, others: list[str], by: str, why: str) -> None:
    from kg.model import Judgement
    from kg.pipeline import refresh
    store.judge(Judgement(verdict=verdict, entity=entity, others=tuple(others), at=datetime.now(UTC), by=by or getpass.getuser(), why=why))
    refresh(store)
