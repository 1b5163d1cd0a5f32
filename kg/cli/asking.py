"""Commands that ask: queries, things, and what there is."""

import sys
from collections.abc import Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.making import DEFAULT_STORE, AsOf, EntitiesPath, StorePath, chosen_reader, opened_to_read
from kg.cli.output import complain, dump, out, table
from kg.extract import EXTRACTORS
from kg.model import EntityType
from kg.ontology import ontology

if TYPE_CHECKING:
    from kg.pipeline import Stats

_ACTORS = frozenset({EntityType.STATE, EntityType.ORGANIZATION, EntityType.ARMED_FORCE, EntityType.ARMED_GROUP,
                     EntityType.PERSON, EntityType.GROUP})
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    for command in (query, queries, show, explain, schema, stats):
        app.command()(command)


def show(thing: Annotated[str, typer.Argument(help="An entity (name, alias or id), a document (name, title, URL or "
                                                   "id), or the id of a claim, an event or a fact.")],
         store: StorePath = DEFAULT_STORE) -> None:
    """Show all that is known of one thing, with the sentences behind it."""
    from kg.cli.show import show as show_in
    from kg.store import Store
    with Store.open(store, read_only=True) as opened:
        missing = show_in(opened, thing, out())
    if missing:
        complain(missing)
        raise typer.Exit(1)


def explain(claim: Annotated[str, typer.Argument(help="The id of a claim, or the beginning of it.")],
            store: StorePath = DEFAULT_STORE,
            reader: Annotated[str | None, typer.Option("--extractor", help="Which extractor reads the article again; without, the "
                                                                           "one that made the claim.")] = None,
            entities: EntitiesPath = None, json: _AsJson = False) -> None:
    """Show why a claim was read: the words, the lexicon, the learned reader, the decision, who says so and how.

    The article is read again, from the store.
    """
    from kg.cli.explain import explain as explain_in
    from kg.cli.show import PREFIX
    from kg.pipeline import explain as read_again
    from kg.store import Store
    names = [reader] if reader else list(EXTRACTORS)
    with Store.open(store, read_only=True) as opened:
        try:
            found = read_again(PREFIX.sub("", claim), store=opened,
                               extractors=(partial(chosen_reader, name, entities) for name in names))
        except LookupError as error:
            complain(str(error.args[0]))
            raise typer.Exit(1) from error
    if json:
        dump(found.model_dump(mode="json"))
    else:
        explain_in(found, out())


def query(text: Annotated[str | None, typer.Argument(metavar="SPARQL", help="The query; prefixes may be left "
                                                     "undeclared.")] = None,
          file: Annotated[Path | None, typer.Option("--file", "-f", help="A file with the query.")] = None,
          name: Annotated[str | None, typer.Option("--name", "-n", help="A question of `kg queries`.")] = None,
          param: Annotated[list[str] | None, typer.Option("--param", "-p", metavar="KEY=VALUE",
                                                          help="A parameter of the question of the catalogue.")] = None,
          format: Annotated[str, typer.Option("--format", "-F", help="table, csv, tsv, json or xml; for graphs turtle, "
                                              "ntriples, rdfxml or jsonld.")] = "table",
          timeout: Annotated[float | None, typer.Option(min=0, help="Stop the query after so many seconds.")] = None,
          as_of: AsOf = None, store: StorePath = DEFAULT_STORE) -> None:
    """Ask in SPARQL. A query reads the store and nothing else: it cannot write, read files or reach the network."""
    from kg.queries import run_named
    from kg.sparql import plain
    if sum(given is not None for given in (text, file, name)) != 1:
        raise typer.BadParameter("give one query: as text, with --file, or with --name")
    if param and name is None:
        raise typer.BadParameter("only a question of the catalogue (--name) has parameters", param_hint="--param")
    pairs = [pair.partition("=") for pair in param or ()]
    if bad := [key for key, equals, _ in pairs if not equals]:
        raise typer.BadParameter(f"{bad[0]!r} is not KEY=VALUE", param_hint="--param")
    if file:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    with opened_to_read(store, as_of) as opened:
        if name is None:
            result = opened.query(text or "", timeout=timeout)
        else:
            result = run_named(opened, name, {key: value for key, _, value in pairs}, timeout=timeout)
    if format != "table":
        sys.stdout.buffer.write(result.serialize(format))
    elif result.form == "construct":
        sys.stdout.buffer.write(result.serialize("turtle"))
    elif result.form == "ask":
        out().print("yes" if result.answer else "no")
    else:
        table(result.variables, [[plain(term).removeprefix("kgo:") for term in row] for row in result.rows])
    found = result.answer if result.form == "ask" else result.rows or result.triples
    if not found:
        if result.form != "ask":
            complain("nothing was found")
        raise typer.Exit(1)


def queries(name: Annotated[str | None, typer.Argument(help="One question, in full; all without.")] = None,
            json: _AsJson = False) -> None:
    """List the questions of the catalogue, to be asked with `kg query --name`."""
    from kg.queries import catalogue
    questions = [question for question in catalogue() if name in (None, question.name)]
    if not questions:
        close = get_close_matches(name or "", [question.name for question in catalogue()], n=4)
        complain(f"no question {name!r}" + (f"; did you mean {', '.join(close)}?" if close else ""))
        raise typer.Exit(1)
    if json:
        dump([question.model_dump(mode="json") for question in questions])
    elif name is not None:
        out().print(questions[0].text.rstrip())
    else:
        table(["name", "asks", "parameters"], [
            [q.name, f"{q.title}. {q.description}", ", ".join(f"{p.name} ({p.kind})" for p in q.parameters)]
            for q in questions], title=f"{len(questions)} questions")


def schema(thing: Annotated[str | None, typer.Argument(metavar="RELATION|CLASS", help="One; all without.")] = None,
           store: StorePath = DEFAULT_STORE, json: _AsJson = False) -> None:
    """List the relations and classes: what they read as, what they join, and how often the store has them."""
    from kg.pipeline import stats as count
    from kg.store import Store
    counts = None
    if store.is_dir():
        with Store.open(store, read_only=True) as opened:
            counts = count(opened)
    known = ontology()
    if thing is not None and thing not in known.relations and thing not in known.classes:
        close = get_close_matches(thing, [*known.relations, *known.classes], n=4)
        complain(f"no relation or class {thing!r}" + (f"; did you mean {', '.join(close)}?" if close else ""))
        raise typer.Exit(1)
    relations = [r for r in known.relations.values() if thing in (None, r.id)]
    classes = [c for c in known.classes.values() if thing in (None, c.id)]
    if json:
        dump({"relations": [{**r.model_dump(mode="json"), "domain": sorted(r.domain), "range": sorted(r.range),
                             "claims": counts.relations.get(r.id, 0) if counts else None} for r in relations],
              "classes": [{**c.model_dump(mode="json"), "entities": counts.types.get(c.id, 0) if counts else None}
                          for c in classes]})
        return
    if thing is not None:
        _one(thing, counts)
        return
    counted = ["claims"] if counts else []
    table(["relation", "reads", "from", "to", "event", *counted], [
        [r.id, r.read("S", "O"), _types(r.domain), _types(r.range), " / ".join(filter(None, (r.event_type, r.mode))),
         *([counts.relations.get(r.id, 0)] if counts else [])]
        for r in sorted(relations, key=lambda r: (r.event_type or "~", r.id))],
        title=f"{len(relations)} relations")
    out().print()
    table(["class", "is a", "what it is", *(["entities"] if counts else [])], [
        [c.id, ", ".join(c.parents), c.comment, *([_entities(counts, c.id)] if counts else [])] for c in classes],
        title=f"{len(classes)} classes")


def _one(thing: str, counts: "Stats | None") -> None:
    """Everything about one relation or class."""
    known = ontology()
    if thing in known.relations:
        relation = known.relations[thing]
        table(["relation", thing], [
            ("label", relation.label), ("reads", relation.read("SUBJECT", "OBJECT")),
            ("subject", ", ".join(sorted(relation.domain))), ("object", ", ".join(sorted(relation.range))),
            ("inverse", relation.inverse or ("itself (symmetric)" if relation.symmetric else "")),
            ("PLOVER", " / ".join(filter(None, (relation.event_type, relation.mode)))),
            ("planned", known.planned_as.get(relation.event_type or "", "")), ("CAMEO root", relation.cameo_root or ""),
            *([("claims", counts.relations.get(thing, 0))] if counts else [])])
        return
    kind = known.classes[thing]
    table(["class", thing], [
        ("label", kind.label), ("what it is", kind.comment), ("is a", ", ".join(kind.parents)),
        ("does", ", ".join(sorted(r.id for r in known.relations.values() if thing in r.domain))),
        ("undergoes", ", ".join(sorted(r.id for r in known.relations.values() if thing in r.range))),
        *([("entities", _entities(counts, thing))] if counts else [])])


def _entities(counts: "Stats", kind: str) -> int | None:
    """How many entities are of a class; None where it is not for entities."""
    return counts.types.get(kind, 0) if kind in set(EntityType) else None


def _types(types: frozenset[EntityType]) -> str:
    """The types in few words: all of them, or all that can act, as one."""
    if len(types) == len(EntityType):
        return "anything"
    actors = ["any actor"] if types >= _ACTORS else []
    return ", ".join([*actors, *sorted(types - _ACTORS if actors else types)])


def stats(store: StorePath = DEFAULT_STORE, json: _AsJson = False, as_of: AsOf = None) -> None:
    """Say what the store holds."""
    from kg.pipeline import stats as count
    with opened_to_read(store, as_of) as opened:
        counts = count(opened)
    if json:
        dump(counts.model_dump(mode="json"))
        return
    known = ontology()
    dates = f"{counts.first} to {counts.last}" if counts.first else ""
    table(["what", "how many", "of them"], [
        ("documents", counts.documents, f"{counts.dated:,} dated, {dates}" if dates else "none dated"),
        ("publishers", counts.publishers, ""),
        ("claims", counts.claims, _parts({**counts.modalities, "denied": counts.polarities.get("negative", 0)})),
        ("entities", counts.entities, _parts(counts.types)),
        ("events", counts.events, ""),
        ("facts", counts.facts, _parts(counts.statuses)),
        ("extractors", len(counts.extractors), _parts(counts.extractors))],
        title=str(store))
    out().print()
    table(["relation", "reads", "claims"], [
        (relation, known.relations[relation].read("S", "O") if relation in known.relations else "", number)
        for relation, number in counts.relations.items()])


def _parts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items() if number)
