"""Commands that make something: a store, a page, an export, a score."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from kg.cli.output import complain, dump, err, out, warn
from kg.extract import EXTRACTORS, Explainer, extractor
from kg.model import Rejected, Run

if TYPE_CHECKING:
    from kg.store import Store

StorePath = Annotated[Path, typer.Option("--store", envvar="KG_STORE", help="The folder of the store.")]
DEFAULT_STORE = Path("exports/store")
AsOf = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Only from documents published by this "
                                               "day: what was known then.")]
_Extractor = Annotated[str, typer.Option("--extractor", help="Which extractor reads the articles.")]
EntitiesPath = Annotated[Path | None, typer.Option("--entities", help="A gazetteer of your own (YAML), which wins.")]
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
_EVERY = 50


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    for command in (build, remove, view, export):
        app.command()(command)
    app.command("eval")(evaluate)


def build(inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Text files, folders, JSON lines, or - "
                                                      "for standard input.")],
          store: StorePath = DEFAULT_STORE, reader: _Extractor = "default", entities: EntitiesPath = None,
          json: _AsJson = False) -> None:
    """Read articles into the store: extract their claims, and add up what they say.

    Running it again adds nothing; an article that changed replaces its older version.
    """
    from kg.pipeline import CLAIM_FAULT, Progress
    from kg.pipeline import build as take_in
    from kg.store import Store
    chosen = chosen_reader(reader, entities)
    with Store.open(store, create=True) as opened:
        bar = Bar(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err(), transient=True)
        task = bar.add_task("opening")

        def show(step: Progress) -> None:
            said = f"{step.stage}: {step.documents:,} documents, {step.claims:,} claims  {step.document}"
            bar.update(task, description=said[:100])
            if not err().is_terminal and (step.stage != "reading" or step.documents % _EVERY == 0):
                err().print(said)

        shown: AbstractContextManager[object] = bar if err().is_terminal else nullcontext()
        try:
            with shown:
                run = take_in(inputs, store=opened, extractor=chosen, progress=show)
        except KeyboardInterrupt:
            complain("stopped; the documents stored so far stay, and the same command goes on from there")
            raise typer.Exit(130) from None
    refused = [one for one in run.rejected if not one.reason.startswith(CLAIM_FAULT)]
    for one in refused:
        warn(one)
    if json:
        reasons = Counter(one.reason for one in run.rejected)
        dump({**run.model_dump(mode="json"), "reasons": dict(reasons.most_common()), "store": str(store)})
    else:
        _summary(run, refused, store)
    if refused or not (run.documents or run.unchanged):
        raise typer.Exit(1)


def chosen_reader(name: str, entities: Path | None) -> Explainer:
    """The extractor of a name, or what is wrong with the options."""
    if name not in EXTRACTORS:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(EXTRACTORS)}", param_hint="--extractor")
    try:
        return extractor(name, entities=entities)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{entities}: {error}", param_hint="--entities") from error


def _summary(run: Run, refused: list[Rejected], store: Path) -> None:
    console = out()
    if run.documents:
        news = run.documents - run.replaced
        console.print(f"Read {_count(run.documents, 'document')} ({news:,} new, {run.replaced:,} changed), "
                      f"{_count(run.words, 'word')}, {_count(run.claims, 'claim')}, in {run.seconds:.1f} s.")
    else:
        console.print("Nothing new." if run.unchanged else "Nothing was read.")
    if run.unchanged:
        console.print(f"Unchanged, and not read again: {_count(run.unchanged, 'document')}.")
    console.print(f"{store} now holds {_count(run.facts, 'fact')}, {run.contested:,} of them contested.")
    if run.undated:
        console.print(f"Without a date: {_some(run.undated)}. Say it in the metadata.")
    for what, some in (("Refused", refused), ("Claims at fault", [r for r in run.rejected if r not in refused])):
        if some:
            reasons = Counter(one.reason.split(": ", 1)[-1] for one in some).most_common()
            console.print(f"{what}: {len(some):,} ({', '.join(f'{n} {reason}' for reason, n in reasons)}).")


@contextmanager
def opened_to_read(path: Path, as_of: datetime | None) -> "Iterator[Store]":
    """A store, or the one that there would be from the documents of some day."""
    from kg.pipeline import as_of as then
    from kg.store import Store
    with Store.open(path, read_only=True) as opened:
        if as_of is None:
            yield opened
        else:
            with then(opened, as_of.date()) as earlier:
                yield earlier


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _some(names: tuple[str, ...], most: int = 5) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


def remove(documents: Annotated[list[str], typer.Argument(metavar="DOCUMENT...", help="Ids, names or URLs.")],
           store: StorePath = DEFAULT_STORE) -> None:
    """Take documents out of the store, with what they alone supported."""
    from kg.pipeline import remove as take_away
    from kg.store import Store
    with Store.open(store) as opened:
        removed, missing = take_away(documents, store=opened)
    for document in removed:
        out().print(f"Removed {document.name}.")
    for given in missing:
        complain(f"{given}: no document of this id, name or URL in {store}")
    if missing:
        raise typer.Exit(1)


def view(path: Annotated[Path, typer.Option("--out", help="The file to write.")] = Path("exports/graph.html"),
         store: StorePath = DEFAULT_STORE,
         title: Annotated[str, typer.Option(help="What the page is called.")] = "Knowledge graph",
         focus: Annotated[str | None, typer.Option(help="Only this thing (name, alias or id) and what is near it.")] = None,
         depth: Annotated[int, typer.Option(min=1, help="How many steps from the focus.")] = 1,
         since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only acts from this day on.")] = None,
         until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only acts up to this day.")] = None,
         relation: Annotated[str | None, typer.Option(help="Only facts of this relation.")] = None,
         max_nodes: Annotated[int, typer.Option(min=1, help="Keep the things most is said of; the page says what it left out.")] = 150,
         as_of: AsOf = None) -> None:
    """Draw the facts as one HTML page that opens without a network."""
    from kg.graph import property_graph
    from kg.view import view as draw
    with opened_to_read(store, as_of) as opened:
        graph = property_graph(opened.documents(), opened.claims(), opened.assembly())
    try:
        html = draw(graph, title=title, focus=focus, depth=depth, since=since.date() if since else None,
                    until=until.date() if until else None, relation=relation, max_nodes=max_nodes)
    except (LookupError, ValueError) as error:
        complain(str(error.args[0]) if error.args else str(error))
        raise typer.Exit(1) from error
    with _writing(path) as stream:
        stream.write(html.encode())


def export(format: Annotated[str, typer.Argument(metavar="FORMAT", help="nquads, nquads.gz, nquads12, trig, turtle, "
                                                 "jsonld, graphml, gexf, cypher, claims or facts; into a folder: neo4j, "
                                                 "neptune, arango or parquet.")],
           store: StorePath = DEFAULT_STORE,
           path: Annotated[Path | None, typer.Option("--out", help="The file or folder to write (else, of a file, "
                                                                   "standard output).")] = None,
           as_of: AsOf = None) -> None:
    """Write the whole store in another format."""
    from kg.export import FOLDERS, FORMATS, ExportError, export_folder
    from kg.export import export as write
    if format not in FORMATS and format not in FOLDERS:
        raise typer.BadParameter(f"{format!r} is none of {', '.join([*FORMATS, *FOLDERS])}", param_hint="FORMAT")
    if format in FOLDERS and path is None:
        raise typer.BadParameter(f"{format} is several files: say into which folder", param_hint="--out")
    with opened_to_read(store, as_of) as opened:
        try:
            if path is None:
                write(opened, format, sys.stdout.buffer)
            elif format in FOLDERS:
                with _filling(path) as folder:
                    export_folder(opened, format, folder)
            else:
                with _writing(path) as stream:
                    write(opened, format, stream)
        except ExportError as error:
            complain(str(error))
            raise typer.Exit(1) from error


@contextmanager
def _filling(path: Path) -> Iterator[Path]:
    """A folder that holds everything when all went well, and what it held before when not.

    Only an empty folder, or one of an earlier export, gives way to it.
    """
    marker = ".kg-export"
    if path.exists() and (not path.is_dir() or (any(path.iterdir()) and not (path / marker).exists())):
        raise typer.BadParameter(f"{path} holds something else: name a new folder, an empty one, or one of an earlier export",
                                 param_hint="--out")
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as aside:
        draft = Path(aside) / "new"
        draft.mkdir()
        yield draft
        (draft / marker).touch()
        if path.exists():
            path.rename(Path(aside) / "old")
        draft.rename(path)
    files = [file for file in path.iterdir() if file.name != marker]
    err().print(f"Wrote {path} ({len(files)} files, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB).")


@contextmanager
def _writing(path: Path) -> Iterator[BinaryIO]:
    """A file that is there whole when all went well, and as it was before when not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as stream:
            yield stream
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    err().print(f"Wrote {path} ({path.stat().st_size / 1e6:.1f} MB).")


def evaluate(gold: Annotated[list[Path], typer.Argument(metavar="GOLD...", help="Gold files or folders of them: .yaml, "
                                                        ".jsonl for silver, coded sentences with --plv.")],
             plv: Annotated[bool, typer.Option("--plv", help="GOLD is sentences coded with PLOVER types.")] = False,
             texts: Annotated[list[Path] | None, typer.Option(help="Where articles are that do not stand beside their "
                                                              "gold file: a folder, or JSON lines.")] = None,
             errors: Annotated[bool, typer.Option("--errors", help="List the misses and false claims, by cause.")] = False,
             most: Annotated[int, typer.Option(min=1, help="With --errors: list that many of each cause at most.")] = 1000,
             reader: _Extractor = "default", entities: EntitiesPath = None) -> None:
    """Score the extractor against annotated articles, as score_gold.py and score_plv.py do."""
    from kg import pipeline
    from kg.evaluate import load, load_plv
    chosen = chosen_reader(reader, entities)
    refused: list[Rejected] = []

    def reject(one: Rejected) -> None:
        if not one.reason.startswith(pipeline.CLAIM_FAULT):
            refused.append(one)
            warn(one)

    if plv:
        files = [file for path in gold for file in (sorted(path.glob("*.gold.jsonl")) if path.is_dir() else [path])]
        if not files:
            raise typer.BadParameter("no .gold.jsonl in this folder", param_hint="GOLD")
        for file in files:
            beside = file.with_name(file.name.replace("gold", "docs"))
            rows = load_plv(file)
            typer.echo(str(pipeline.evaluate_plv(rows, extractor=chosen, texts=texts or [beside], reject=reject,
                                                 errors=most if errors else 0)))
    elif errors:
        from kg.cli.errors import list_faults
        scored, found = pipeline.errors(load(gold), extractor=chosen, texts=texts or (), reject=reject)
        list_faults(found, out(), most=most)
        typer.echo(str(scored))
    else:
        typer.echo(str(pipeline.evaluate(load(gold), extractor=chosen, texts=texts or (), reject=reject)))
    if refused:
        raise typer.Exit(1)
