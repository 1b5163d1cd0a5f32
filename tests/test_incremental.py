"""However documents come and go, what is there is what there would be had they come at once."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from gold_clusters import clusters
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import read_documents

from kg.assemble import Ledger, assemble, reading
from kg.cli import main
from kg.model import Assembly, Change, Claim, Document, Entity, Event, Fact, Gone, Judgement, Merge
from kg.pipeline import as_of, refresh, remove
from kg.rdf import assembly_quads
from kg.store import Store

Items = list[tuple[Document, list[Claim]]]
ITEMS: Items = [item for cluster in clusters() for item in cluster.items]
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
patient = settings(suppress_health_check=list(HealthCheck), deadline=None)


def lines(assembly: Assembly) -> list[str]:
    return sorted(map(str, assembly_quads(assembly)))


def at_once(items: Items, judgements: Iterable[Judgement] = ()) -> Assembly:
    return assemble([claim for _, claims in items for claim in claims], [document for document, _ in items], judgements)


class Standing:
    """What a reader of the changes of a ledger knows."""

    def __init__(self) -> None:
        self.ledger = Ledger(sqlite3.connect(":memory:"))
        self.things: dict[tuple[str, str, str], Entity | Event | Fact | Merge] = {}

    def settle(self) -> None:
        for change in self.ledger.settle():
            self._take(change)

    def _take(self, change: Change) -> None:
        if isinstance(change, Gone):
            self.things.pop((change.kind, change.document, change.id), None)
        elif isinstance(change, Merge):
            self.things["merge", change.document, change.local] = change
        elif isinstance(change, Entity | Event | Fact):
            self.things[type(change).__name__.lower(), "", change.id] = change

    def assembly(self) -> Assembly:
        def of(kind: str) -> tuple[object, ...]:
            return tuple(thing for key, thing in sorted(self.things.items()) if key[0] == kind)
        return Assembly.model_validate({"entities": of("entity"), "events": of("event"), "facts": of("fact"), "merges": of("merge")})


@settings(patient, max_examples=12)
@given(st.lists(st.tuples(st.sampled_from(range(len(ITEMS))), st.sampled_from(["put", "put", "less", "drop", "settle"])), max_size=25))
def test_a_ledger_that_saw_documents_come_change_and_go_holds_what_is_left(steps: list[tuple[int, str]]) -> None:
    standing, there = Standing(), dict[str, tuple[Document, list[Claim]]]()
    for number, step in steps:
        document, claims = ITEMS[number]
        if step == "settle":
            standing.settle()
        elif step == "drop":
            standing.ledger.drop(document.id)
            there.pop(document.id, None)
        else:
            there[document.id] = document, claims[:1] if step == "less" else claims
            standing.ledger.put(reading(*there[document.id]))
    standing.settle()
    assert lines(standing.assembly()) == lines(at_once(list(there.values())))


@settings(patient, max_examples=15)
@given(st.lists(read_documents(), max_size=4, unique_by=lambda item: item[0].id), st.data())
def test_any_documents_in_any_steps_give_what_they_give_at_once(items: Items, data: st.DataObject) -> None:
    standing = Standing()
    for document, claims in data.draw(st.permutations(items)):
        standing.ledger.put(reading(document, claims))
        if data.draw(st.booleans()):
            standing.settle()
    gone = data.draw(st.sets(st.sampled_from([document.id for document, _ in items]))) if items else set()
    for id in gone:
        standing.ledger.drop(id)
    standing.settle()
    # A document without claims is known to a ledger, but adds nothing.
    assert lines(standing.assembly()) == lines(at_once([item for item in items if item[0].id not in gone]))


def held(path: Path) -> list[str]:
    with Store.open(path, read_only=True) as store:
        return sorted(map(str, store.quads()))


@settings(patient, max_examples=3)
@given(st.permutations(range(len(ITEMS))), st.lists(st.integers(1, 12), min_size=6, max_size=6))
def test_any_order_split_over_runs_and_repetition_gives_the_same_bytes(
        tmp_path_factory: pytest.TempPathFactory, order: list[int], sizes: list[int]) -> None:
    folder = tmp_path_factory.mktemp("runs")
    some = ITEMS[:12]
    order = [number for number in order if number < len(some)]
    with Store.open(folder / "once", create=True) as store:
        store.add(some, read_by="gold/1", ingested=WHEN)
        refresh(store)
    with Store.open(folder / "other", create=True) as store:
        store.add([ITEMS[20]], read_by="gold/1", ingested=WHEN)
        for size in sizes:
            store.add([some[number] for number in order[:size]], read_by="gold/1", ingested=WHEN)
            refresh(store)
            order = order[size // 2:]
        store.add(some, read_by="gold/1", ingested=WHEN)
        refresh(store)
        remove([ITEMS[20][0].id], store=store)
    assert held(folder / "once") == held(folder / "other")


def test_adding_and_removing_a_document_gives_back_what_was_before(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        store.add(ITEMS[:-1], read_by="gold/1", ingested=WHEN)
        refresh(store)
    before = held(tmp_path / "s")
    for added in (ITEMS[-1], ITEMS[0]):
        document, claims = added
        new = document.model_copy(update={"id": "new", "name": "new"})
        with Store.open(tmp_path / "s") as store:
            store.add([(new, [claim.model_copy(update={"id": f"{claim.id}-2", "document": "new"}) for claim in claims])], ingested=WHEN)
            refresh(store)
        assert held(tmp_path / "s") != before
        with Store.open(tmp_path / "s") as store:
            remove(["new"], store=store)
        assert held(tmp_path / "s") == before


def test_a_ledger_that_is_lost_or_left_unsettled_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with Store.open(path, create=True) as store:
        store.add(ITEMS[:9], read_by="gold/1", ingested=WHEN)
        refresh(store)
    before = held(path)
    for harm in (lambda: (path / "ledger.sqlite").unlink(), lambda: (path / "ledger.unsettled").touch(),
                 lambda: (path / "ledger.sqlite").write_bytes(b"no database" * 99)):
        harm()
        with Store.open(path) as store:
            refresh(store)
        assert held(path) == before
        assert not (path / "ledger.unsettled").exists()


def test_as_of_a_day_is_the_store_of_what_was_published_by_then(tmp_path: Path) -> None:
    with Store.open(tmp_path / "all", create=True) as store:
        store.add(ITEMS, read_by="gold/1", ingested=WHEN)
        refresh(store)
        with as_of(store, date(2024, 2, 7)) as then:
            assert max(document.published for document in then.documents() if document.published) == date(2024, 2, 7)
            early = [item for item in ITEMS if item[0].published and item[0].published <= date(2024, 2, 7)]
            assert lines(then.assembly()) == lines(at_once(early))
            # The denial came on the 8th: on the 7th nobody contested who shelled the market.
            shelling = "ASK { ?f a kgo:Fact ; kgo:relation kgo:killed ; kgo:status kgo:contested }"
            assert not then.query(shelling, timeout=30).answer
        assert store.query(shelling).answer


def test_commands_that_build_nothing_go_back_to_a_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s"
    with Store.open(path, create=True) as store:
        store.add([item for item in ITEMS if item[0].id.startswith("omdurman")], read_by="gold/1")
        refresh(store)

    def said(*arguments: str) -> str:
        capsys.readouterr()
        assert main([*arguments, "--store", str(path), "--as-of", "2024-02-07"]) == 0
        return capsys.readouterr().out

    assert '"documents": 2' in said("stats", "--json")
    assert said("query", "SELECT (COUNT(*) AS ?n) { ?f kgo:status kgo:contested }", "--format", "csv").split() == ["n", "0"]
    assert "omdurman-3" not in said("export", "claims") and "omdurman-2" in said("export", "claims")
    assert main(["query", "--name", "contested", "--store", str(path)]) == 0
    assert {"for", "against"} <= set(capsys.readouterr().out.replace("\n", "\t").split("\t"))
    page = tmp_path / "page.html"
    said("view", "--out", str(page))
    assert "Meridian Post" not in page.read_text("utf-8")
