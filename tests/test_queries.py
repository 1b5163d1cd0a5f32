from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from gold_claims import gold, gold_claims, gold_documents
from hypothesis import given
from hypothesis import strategies as st

from kg.assemble import assemble
from kg.model import Assembly, Fact, FactStatus, Modality, Polarity
from kg.ontology import KGR, ontology
from kg.queries import catalogue, find_entity, run_named
from kg.sparql import QueryError, bind, guard, plain
from kg.store import Store

Row = dict[str, str]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of all gold articles, assembled."""
    with Store.open(tmp_path_factory.mktemp("queries") / "store", create=True) as opened:
        opened.add(gold())
        opened.replace_assembly(assemble(gold_claims(), gold_documents()), gold_claims())
        yield opened


@pytest.fixture(scope="module")
def assembly() -> Assembly:
    return assemble(gold_claims(), gold_documents())


def ask(store: Store, question: str, /, **params: str) -> list[Row]:
    """The rows of a question, each column as people read it."""
    result = run_named(store, question, params)
    return [dict(zip(result.variables, map(plain, row), strict=True)) for row in result.rows]


def ids(rows: list[Row], column: str) -> list[str]:
    return sorted(row[column].partition("/")[2] for row in rows)


def fact_ids(facts: Iterable[Fact]) -> list[str]:
    return sorted(fact.id for fact in facts)


def symmetric(relation: str) -> bool:
    return ontology().relations[relation].symmetric


# ---- the catalogue ---------------------------------------------------------------------------------------------------


def test_the_catalogue_says_of_every_question_what_it_is() -> None:
    questions = catalogue()
    assert len(questions) >= 14
    assert len({question.title for question in questions}) == len(questions)
    for question in questions:
        assert question.title and question.description.endswith(".")
        for parameter in question.parameters:
            assert f"?{parameter.name}" in question.text.partition("SELECT")[2], question.name


def test_every_question_of_the_catalogue_is_tested_here() -> None:
    text = Path(__file__).read_text("utf-8")
    assert [question.name for question in catalogue() if f'"{question.name}"' not in text] == []


def test_every_question_answers_within_a_limit_too(store: Store) -> None:
    values = {"entity": "Russia", "relation": "ratified", "date": "2024-06-19", "text": "treaty", "number": "0.5"}
    for question in catalogue():
        params = {parameter.name: values[parameter.kind] for parameter in question.parameters}
        assert run_named(store, question.name, params, timeout=120).rows == run_named(store, question.name, params).rows


# ---- parameters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["North Korea", " north korea ", "DPRK", "dprk", "PRK", f"{KGR}entity/PRK"])
def test_an_entity_goes_by_any_name_in_any_case_or_by_its_id(store: Store, name: str) -> None:
    assert find_entity(store, name) == ox.NamedNode(f"{KGR}entity/PRK")


def test_a_name_that_nothing_has_gets_a_suggestion(store: Store) -> None:
    with pytest.raises(QueryError, match="nothing here is called 'Nort Korea'; did you mean North Korea"):
        ask(store, "actions-of", actor="Nort Korea")


def test_a_name_that_several_have_asks_for_an_id(store: Store) -> None:
    with pytest.raises(QueryError, match=r"may be any of \d+; give one of these ids: .*@"):
        ask(store, "actions-of", actor="police")


@pytest.mark.parametrize(("name", "params", "message"), [
    ("who-dit-what", {}, "did you mean who-did-what"),
    ("who-did-what", {"one": "Russia"}, "must be told other"),
    ("contested", {"x": "y"}, "has no parameter 'x'; it has none"),
    ("facts-of-relation", {"relation": "ratifed", "belief": "0"}, "no relation 'ratifed'; did you mean ratified"),
    ("facts-of-relation", {"relation": "ratified", "belief": "much"}, "belief must be a number, not 'much'"),
    ("facts-of-relation", {"relation": "ratified", "belief": "nan"}, "belief must be a number"),
    ("events-on-day", {"day": "yesterday"}, "day must be a date such as"),
    ("sentences-with", {"words": "\ud800"}, "words must be text"),
])
def test_what_does_not_fit_is_told(store: Store, name: str, params: dict[str, str], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        run_named(store, name, params)


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_a_value_stays_one_term_whatever_it_holds(text: str) -> None:
    bound = bind("SELECT ?s { ?s ?p ?value . # ?value\n ?s ?q '?value' }", {"value": ox.Literal(text)})
    assert guard(bound)
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:p"), ox.Literal(text)))
    store.add(ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:q"), ox.Literal("?value")))
    assert len(list(store.query(bound))) == 1


@pytest.mark.parametrize("text", [
    'x" } } ; DROP ALL #', "')) } SERVICE <http://127.0.0.1/> { ?s ?p ?o", "\\", "\\u0022 }", "\n#"])
def test_text_that_looks_like_a_query_is_only_text(store: Store, text: str) -> None:
    before = len(list(store.quads()))
    assert ask(store, "sentences-with", words=text) == []
    assert ask(store, "entities-named", name=text) == []
    assert len(list(store.quads())) == before


# ---- each question ---------------------------------------------------------------------------------------------------


def test_who_did_what(store: Store, assembly: Assembly) -> None:
    rows = ask(store, "who-did-what", one="Russia", other="DPRK")
    assert ids(rows, "fact") == fact_ids(f for f in assembly.facts if {f.subject, f.object} == {"RUS", "PRK"})
    arms = next(row for row in rows if row["relation"] == "kgo:suppliedArmsTo" and row["subject"] == "North Korea")
    assert (arms["object"], arms["status"]) == ("Russia", "kgo:attributed")


def test_actions_of(store: Store, assembly: Assembly) -> None:
    rows = ask(store, "actions-of", actor="Russia")
    assert ids(rows, "fact") == fact_ids(f for f in assembly.facts if f.subject == "RUS" or (
        f.object == "RUS" and symmetric(f.relation)))
    assert [float(row["belief"]) for row in rows] == sorted((float(row["belief"]) for row in rows), reverse=True)
    assert ("kgo:vetoed", "Draft resolution") in {(row["relation"], row["object"]) for row in rows}


def test_actions_against(store: Store, assembly: Assembly) -> None:
    rows = ask(store, "actions-against", target="russia")
    assert ids(rows, "fact") == fact_ids(f for f in assembly.facts if f.object == "RUS" or (
        f.subject == "RUS" and symmetric(f.relation)))


def test_facts_of_relation(store: Store, assembly: Assembly) -> None:
    rows = ask(store, "facts-of-relation", relation="gave aid to", belief="0.8")
    assert ids(rows, "fact") == fact_ids(f for f in assembly.facts if f.relation == "gaveAidTo" and f.belief >= 0.8)
    assert rows


def test_claims_about(store: Store) -> None:
    rows = ask(store, "claims-about", thing="Vladimir Putin")
    about = {c.id: c for c in gold_claims() if "person/vladimir-putin" in (c.subject.entity.id, c.triple[2])}
    assert ids(rows, "claim") == sorted(about)
    for row in rows:
        claim = about[row["claim"].partition("/")[2]]
        assert row["sentence"] == claim.sentence.text
        assert row["modality"] == f"kgo:{claim.modality}"
        assert bool(row["source"]) == bool(claim.attribution)


def test_who_says(store: Store) -> None:
    rows = ask(store, "who-says", subject="North Korea", relation="suppliedArmsTo", object="Russia")
    claims = [c for c in gold_claims() if c.triple == ("PRK", "suppliedArmsTo", "RUS")]
    said = Counter((row["claim"].partition("/")[2], row["source"]) for row in rows)
    assert said == Counter((c.id, s.entity.label) for c in claims for s in c.attribution)
    assert {row["publisher"] for row in rows} == {"Sample: AP"}
    assert {"United States", "South Korea"} <= {row["source"] for row in rows}


def test_contested(store: Store, assembly: Assembly) -> None:
    rows = ask(store, "contested")
    facts = [fact for fact in assembly.facts if fact.status is FactStatus.CONTESTED]
    events = [event for event in assembly.events if event.against]
    assert {row["thing"].partition("/")[2] for row in rows} == {thing.id for thing in (*facts, *events)}
    sides = Counter((row["what"], row["side"]) for row in rows)
    assert sides == {
        ("fact", "for"): sum(len(f.claims) for f in facts), ("fact", "against"): sum(len(f.against) for f in facts),
        ("event", "for"): sum(len({*e.claims} - {*e.against}) for e in events),
        ("event", "against"): sum(len(e.against) for e in events)}


def test_timeline(store: Store, assembly: Assembly) -> None:
    rows = ask(store, "timeline", thing="Vladimir Putin")
    expected = {e.id: e for e in assembly.events if "person/vladimir-putin" in (e.subject, e.object) and e.when.earliest
                and (e.modality, e.polarity) == (Modality.ASSERTED, Polarity.POSITIVE)}
    assert ids(rows, "event") == sorted(expected)
    assert [row["earliest"] for row in rows] == sorted(row["earliest"] for row in rows)
    assert sum(int(row["claims"]) for row in rows) == sum(len(event.claims) for event in expected.values())
    assert [row["earliest"] for row in rows if (row["relation"], row["object"]) == ("kgo:visited", "Vietnam")] == [
        "2024-06-20"]


def test_events_on_day(store: Store, assembly: Assembly) -> None:
    day = date(2024, 6, 19)
    rows = ask(store, "events-on-day", day=day.isoformat())
    assert ids(rows, "event") == sorted(
        e.id for e in assembly.events if e.when.earliest and e.when.latest and e.when.earliest <= day <= e.when.latest
        and (e.modality, e.polarity) == (Modality.ASSERTED, Polarity.POSITIVE))
    assert (rows[0]["earliest"], rows[0]["latest"]) == ("2024-06-19", "2024-06-19")


def test_by_place(store: Store, assembly: Assembly) -> None:
    place = find_entity(store, "Hanoi").value.removeprefix(f"{KGR}entity/")
    rows = ask(store, "by-place", place="Hanoi")
    assert ids(rows, "event") == sorted(e.id for e in assembly.events if place in (*e.places, e.object))
    assert ("Vladimir Putin", "kgo:metWith") in {(row["subject"], row["relation"]) for row in rows} | {
        (row["object"], row["relation"]) for row in rows}


def test_top_dyads(store: Store, assembly: Assembly) -> None:
    rows = ask(store, "top-dyads")
    claims: Counter[tuple[str, str]] = Counter()
    for fact in assembly.facts:
        claims[fact.subject, fact.object] += len(fact.claims)
    assert len(rows) == 25
    assert [int(row["claims"]) for row in rows] == sorted(claims.values(), reverse=True)[:25]


def test_leaders(store: Store, assembly: Assembly) -> None:
    rows = ask(store, "leaders")
    assert ids(rows, "fact") == fact_ids(f for f in assembly.facts if f.relation in ("leads", "holdsOfficeIn"))
    found = {(row["person"], row["body"]): row for row in rows}
    assert found["Donald Trump", "United States"]["publishers"] == "2"
    assert found["Kim Jong Un", "North Korea"]["country"] == "PRK"


def test_treaties_and_parties(store: Store) -> None:
    rows = ask(store, "treaties-and-parties")
    parties = {row["party"] for row in rows if row["agreement"] == "Treaty" and row["relation"] == "kgo:partyTo"}
    assert parties >= {"Russia", "North Korea"}
    assert {row["relation"] for row in rows} >= {"kgo:signed", "kgo:ratified"}


def test_casualties(store: Store) -> None:
    rows = ask(store, "casualties")
    villages = next(row for row in rows if row["unit"] == "people" and row["min"] == "124")
    assert villages["max"] == ""
    assert "124" in villages["leastSays"]
    exact = next(row for row in rows if row["min"] == row["max"] != "")
    assert exact["leastSays"] == exact["mostSays"] != ""


def test_planned(store: Store, assembly: Assembly) -> None:
    rows = ask(store, "planned")
    events = [e for e in assembly.events if e.modality in (Modality.PLANNED, Modality.DEMANDED)
              and e.polarity is Polarity.POSITIVE]
    facts = {(fact.subject, fact.relation, fact.object) for fact in assembly.facts}
    assert len(rows) == sum(len(event.claims) for event in events)
    done = {e.id: str((e.subject, e.relation, e.object) in facts).lower() for e in events}
    assert {row["event"].partition("/")[2]: row["done"] for row in rows} == done
    assert set(done.values()) == {"true", "false"}


def test_denials(store: Store) -> None:
    rows = ask(store, "denials")
    assert ids(rows, "claim") == sorted(c.id for c in gold_claims() if c.polarity is Polarity.NEGATIVE
                                        or c.relation == "denied")


def test_alliances(store: Store, assembly: Assembly) -> None:
    rows = ask(store, "alliances")
    kinds = ("alliedWith", "memberOf", "joined", "cooperatedWith", "heldJointDrillsWith")
    assert ids(rows, "fact") == fact_ids(f for f in assembly.facts if f.relation in kinds)


def test_sources_ranked(store: Store) -> None:
    rows = ask(store, "sources-ranked")
    quoted = Counter(id for claim in gold_claims() for id in {source.entity.id for source in claim.attribution})
    assert [int(row["claims"]) for row in rows] == sorted(quoted.values(), reverse=True)[:50]
    assert {row["entity"]: int(row["claims"]) for row in rows} == {row["entity"]: quoted[row["entity"]] for row in rows}
    assert sum(int(row["contested"]) for row in rows) > 0


def test_as_of(store: Store) -> None:
    published = {document.id: document.published for document in gold_documents()}

    def known(day: date) -> set[tuple[str, ...]]:
        return {c.triple for c in gold_claims() if "UKR" in (c.triple[0], c.triple[2]) and c.confidence >= 0.5
                and (c.modality, c.polarity) == (Modality.ASSERTED, Polarity.POSITIVE)
                and (published[c.document] or date.max) <= day}

    first = min(day for id, day in published.items() if day and any(
        "UKR" in c.triple and c.document == id for c in gold_claims()))
    assert ask(store, "as-of", thing="Ukraine", day=str(first - timedelta(days=1))) == []
    for day in (first, date(2024, 8, 27), date(2026, 1, 1)):
        rows = ask(store, "as-of", thing="Ukraine", day=day.isoformat())
        assert len(rows) == len(known(day))
        assert all(row["reported"] <= day.isoformat() for row in rows)


def test_plover_counts(store: Store, assembly: Assembly) -> None:
    rows = ask(store, "plover-counts")
    counts = Counter((e.event_type, e.mode or "") for e in assembly.events
                     if (e.modality, e.polarity) == (Modality.ASSERTED, Polarity.POSITIVE))
    assert {(row["type"], row["mode"]): int(row["events"]) for row in rows} == counts
    assert {row["quad"] for row in rows} == set(ontology().quads.values())


def test_sentences_with(store: Store) -> None:
    rows = ask(store, "sentences-with", words="RUBBER bullets")
    assert ids(rows, "claim") == sorted(c.id for c in gold_claims() if "rubber bullets" in c.sentence.text.lower())


def test_entities_named(store: Store) -> None:
    rows = ask(store, "entities-named", name="putin")
    putin = next(row for row in rows if row["entity"] == "person/vladimir-putin")
    assert putin["label"] == "Vladimir Putin"
    assert putin["type"] == "kgo:Person"
    assert int(putin["facts"]) > 10


# ---- what any SPARQL gives -------------------------------------------------------------------------------------------


def test_a_direct_triple_is_enough_for_the_everyday_question(store: Store, assembly: Assembly) -> None:
    rows = store.query("SELECT ?who ?what { ?s kgo:ratified ?o . ?s rdfs:label ?who . ?o rdfs:label ?what }").rows
    assert len(rows) == len([f for f in assembly.facts if f.relation == "ratified"])


def test_a_direct_triple_of_a_symmetric_relation_reads_both_ways(store: Store) -> None:
    def pairs(text: str) -> set[Any]:
        return set(store.query(text).rows)

    assert pairs("SELECT ?a ?b { ?a kgo:metWith ?b }") == pairs("SELECT ?a ?b { ?b kgo:metWith ?a }")
