import random
from collections.abc import Iterable
from datetime import date
from typing import Any

import pyoxigraph as ox
import pytest
from gold_claims import gold_claims, gold_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import read_documents

from kg.assemble import assemble
from kg.model import (
    Assembly,
    Claim,
    Document,
    Entity,
    EntityType,
    Event,
    Fact,
    FactStatus,
    Mention,
    Modality,
    Polarity,
    Quantity,
    Span,
    Time,
)
from kg.ontology import ontology
from kg.rdf import assembly_quads

NORTH = Entity(id="PRK", label="North Korea", type=EntityType.STATE, country="PRK")
RUSSIA = Entity(id="RUS", label="Russia", type=EntityType.STATE, country="RUS")
TREATY = Entity(id="agreement/treaty", label="Treaty", type=EntityType.AGREEMENT)
KCNA = Entity(id="organization/kcna", label="KCNA", type=EntityType.ORGANIZATION)
AGENCY = Entity(id="organization/agency", label="Spy agency", type=EntityType.ORGANIZATION)
KURSK = Entity(id="place/kursk", label="Kursk", type=EntityType.PLACE)


def document(name: str, *, publisher: str | None = None, published: str = "2024-11-12", text: str = "") -> Document:
    return Document.of(text or f"The text of {name}, which is like no other one at {name}.", name=name,
                       publisher=publisher, published=date.fromisoformat(published))


def claim(subject: Entity = NORTH, relation: str = "ratified", object: Entity | None = TREATY, *, of: str = "doc",
          by: Iterable[Entity] = (), when: str | None = None, number: tuple[float | None, float | None] | None = None,
          unit: str = "people", at: int = 0, place: Entity | None = None, **fields: Any) -> Claim:
    """A claim of a document named `of`; `at` sets claims that say the same apart."""
    spot = {"text": "x", "start": at, "end": at + 1}
    return Claim.of(**{
        "document": of, "subject": Mention(**spot, entity=subject), "relation": relation,
        "object": Mention(**spot, entity=object) if object else None, "event_type": "SUPPORT", "mode": None,
        "attribution": tuple(Mention(**spot, entity=source) for source in by),
        "time": Time(**spot, value=when) if when else None,
        "quantity": Quantity(**spot, min=number[0], max=number[1], unit=unit) if number else None,
        "place": Mention(**spot, entity=place) if place else None,
        "sentence": Span(**spot), "trigger": Span(**spot), "confidence": 0.9, "extractor": "test/1", **fields})


def only_fact(*claims: Claim, documents: Iterable[Document] = ()) -> Fact:
    [fact] = assemble(claims, documents).facts
    return fact


def happened(*claims: Claim, documents: Iterable[Document] = ()) -> list[Event]:
    return sorted(assemble(claims, documents).events, key=lambda event: (event.when.earliest or date.min, event.id))


def bytes_of(assembly: Assembly) -> bytes:
    lines = (ox.serialize([quad], format=ox.RdfFormat.N_QUADS) or b"" for quad in assembly_quads(assembly))
    return b"".join(sorted(lines))


# ---- a pure function -------------------------------------------------------------------------------------------------


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=25)
@given(st.lists(read_documents(most=6), max_size=3, unique_by=lambda item: item[0].id), st.randoms())
def test_any_order_and_repetition_of_any_claims_gives_the_same_bytes(
        items: list[tuple[Document, list[Claim]]], chance: random.Random) -> None:
    claims, documents = [c for _, found in items for c in found], [d for d, _ in items]
    once = bytes_of(assemble(claims, documents))
    more_claims, more_documents = claims + claims[:2], documents + documents[:1]
    chance.shuffle(more_claims)
    chance.shuffle(more_documents)
    assert bytes_of(assemble(more_claims, more_documents)) == once


@settings(deadline=None, max_examples=3)
@given(st.randoms())
def test_any_order_of_the_gold_claims_gives_the_same_bytes(chance: random.Random) -> None:
    claims, documents = gold_claims(), gold_documents()
    once = bytes_of(assemble(claims, documents))
    chance.shuffle(claims)
    chance.shuffle(documents)
    assert bytes_of(assemble(claims + claims[:50], documents * 2)) == once


def test_claims_and_documents_are_read_once() -> None:
    claims, documents = gold_claims(), gold_documents()
    assert assemble(iter(claims), iter(documents)) == assemble(claims, documents)


def test_taking_a_document_away_takes_what_it_alone_supported() -> None:
    fewer = [c for c in gold_claims() if c.document != "sudan-veto"]
    whole, without = assemble(gold_claims(), gold_documents()), assemble(fewer, gold_documents())
    gone = {fact.id for fact in whole.facts} - {fact.id for fact in without.facts}
    assert gone == {fact.id for fact in whole.facts if fact.documents == ("sudan-veto",)}
    assert not any("sudan-veto" in fact.documents for fact in without.facts)


def test_every_claim_of_an_act_is_in_one_event() -> None:
    events = assemble(gold_claims(), gold_documents()).events
    held = sorted(id for event in events for id in event.claims)
    assert held == sorted(c.id for c in gold_claims() if ontology().relations[c.relation].event_type)


# ---- entities --------------------------------------------------------------------------------------------------------


def test_an_entity_has_all_its_names_and_the_commonest_is_its_label() -> None:
    capital = NORTH.model_copy(update={"label": "Pyongyang", "aliases": ("the North",), "country": None})
    claims = [claim(NORTH, at=1), claim(NORTH, at=2), claim(capital, at=3), claim(by=[KCNA], place=KURSK)]
    entities = {entity.id: entity for entity in assemble(claims, []).entities}
    assert set(entities) == {"PRK", "agreement/treaty", "organization/kcna", "place/kursk"}
    assert entities["PRK"].label == "North Korea"
    assert entities["PRK"].aliases == ("Pyongyang", "the North")
    assert entities["PRK"].country == "PRK"


# ---- events ----------------------------------------------------------------------------------------------------------


def test_claims_whose_times_agree_are_one_event_and_each_bound_has_its_claim() -> None:
    day, month = claim(when="2024-11-11", of="a"), claim(when="2024-11", of="b")
    [event] = happened(month, day)
    assert set(event.claims) == {day.id, month.id}
    assert (event.when.earliest, event.when.latest) == (date(2024, 11, 11), date(2024, 11, 11))
    assert (event.when.earliest_claim, event.when.latest_claim) == (day.id, day.id)
    [wide] = happened(since := claim(when="2024-11-05/..", of="a"), until := claim(when="../2024-11-09", of="b"))
    assert (wide.when.earliest_claim, wide.when.latest_claim) == (since.id, until.id)


def test_occurrences_on_different_days_stay_apart() -> None:
    first, second = happened(claim(when="2024-06-19"), claim(when="2000-07-19", of="b"))
    assert first.when.latest == date(2000, 7, 19)
    assert second.when.earliest == date(2024, 6, 19)


def test_a_vague_time_that_fits_two_occurrences_stays_by_itself() -> None:
    claims = [claim(when="2024-03-01"), claim(when="2024-06-01", of="b"), claim(when="2024", of="c"),
              claim(when="2024", of="d")]
    assert sorted(len(event.claims) for event in happened(*claims)) == [1, 1, 2]


def test_an_undated_claim_joins_the_only_dated_event() -> None:
    dated, undated = claim(when="2024-11-11", of="a"), claim(of="b", at=5)
    [event] = happened(dated, undated, documents=[document("a"), document("b")])
    assert set(event.claims) == {dated.id, undated.id}
    assert event.when.earliest == date(2024, 11, 11)


def test_an_undated_claim_joins_the_event_that_its_own_document_dates() -> None:
    claims = [claim(when="2024-11-11", of="a"), claim(of="a", at=5), claim(when="2000-01-01", of="b")]
    assert [len(event.claims) for event in happened(*claims)] == [1, 2]


def test_an_undated_claim_that_may_tell_of_either_event_joins_none() -> None:
    claims = [claim(when="2024-11-11", of="a"), claim(when="2000-01-01", of="b"), claim(of="c"), claim(of="d")]
    assert sorted(len(event.claims) for event in happened(*claims)) == [1, 1, 2]


def test_an_undated_claim_tells_of_nothing_later_than_its_document() -> None:
    claims = [claim(when="2024-11-11", of="a"), claim(when="2000-01-01", of="b"), claim(of="c", at=5)]
    events = happened(*claims, documents=[document("c", published="2001-01-01")])
    assert [len(event.claims) for event in events] == [2, 1]


def test_a_plan_a_demand_and_a_denial_are_no_part_of_the_act() -> None:
    claims = [claim(when="2024-11-11"), claim(modality=Modality.LIKELY, at=1),
              *(claim(modality=other, at=2) for other in (Modality.PLANNED, Modality.DEMANDED, Modality.POSSIBLE)),
              claim(polarity=Polarity.NEGATIVE, at=3)]
    events = {(event.modality, event.polarity): len(event.claims) for event in happened(*claims)}
    assert events == {("asserted", "positive"): 2, ("planned", "positive"): 1, ("demanded", "positive"): 1,
                      ("possible", "positive"): 1, ("asserted", "negative"): 1}


def test_a_lasting_state_is_a_fact_and_no_event() -> None:
    assembly = assemble([claim(RUSSIA, "alliedWith", NORTH, event_type=None)], [])
    assert not assembly.events
    assert [fact.relation for fact in assembly.facts] == ["alliedWith"]


def test_an_act_without_a_second_party_is_an_event_and_no_fact() -> None:
    assembly = assemble([claim(object=None, when="2024-01-01")], [])
    assert [event.object for event in assembly.events] == [""]
    assert not assembly.facts


def test_a_symmetric_act_is_one_whichever_way_it_is_told() -> None:
    assembly = assemble([claim(RUSSIA, "metWith", NORTH), claim(NORTH, "metWith", RUSSIA, of="b")], [])
    assert [len(event.claims) for event in assembly.events] == [2]
    assert [len(fact.claims) for fact in assembly.facts] == [2]


@pytest.mark.parametrize(("said", "least", "most"), [
    ([(3, 3), (7, 7), (5, 5)], 3, 7),
    ([(3, None), (7, 7)], 3, 7),
    ([(None, 12_000)], None, 12_000),
    ([(None, 12_000), (10_000, 10_000)], 10_000, 12_000),
    ([(3, None), (7, None)], 3, None),
])
def test_a_quantity_spans_what_is_said_and_each_end_has_its_claim(
        said: list[tuple[float | None, float | None]], least: float | None, most: float | None) -> None:
    claims = [claim(number=number, at=at, when="2024-11-11") for at, number in enumerate(said)]
    [amount] = happened(*claims)[0].quantities
    assert (amount.min, amount.max) == (least, most)
    numbers = {c.id: (c.quantity.min, c.quantity.max) for c in claims if c.quantity}
    assert least is None or least in numbers[str(amount.min_claim)]
    assert most is None or most in numbers[str(amount.max_claim)]


def test_quantities_of_different_units_and_all_places_are_kept() -> None:
    claims = [claim(number=(3, 3), unit="People", place=KURSK), claim(number=(9, 9), unit="houses", at=1)]
    [event] = happened(*claims)
    assert [(amount.unit, amount.max) for amount in event.quantities] == [("houses", 9), ("people", 3)]
    assert event.places == ("place/kursk",)


# ---- facts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [
    {"modality": Modality.PLANNED}, {"modality": Modality.LIKELY}, {"modality": Modality.HYPOTHETICAL},
    {"polarity": Polarity.NEGATIVE}, {"confidence": 0.49}])
def test_what_no_claim_asserts_surely_is_no_fact(fields: dict[str, Any]) -> None:
    assert not assemble([claim(**fields)], []).facts


def test_a_fact_is_reported_attributed_or_contested() -> None:
    own, quoted = claim(), claim(by=[KCNA], of="b")
    denial = claim(polarity=Polarity.NEGATIVE, of="c")
    assert only_fact(own, quoted).status is FactStatus.REPORTED
    assert only_fact(quoted).status is FactStatus.ATTRIBUTED
    assert only_fact(quoted).sources == ("organization/kcna",)
    contested = only_fact(own, quoted, denial)
    assert contested.status is FactStatus.CONTESTED
    assert set(contested.claims) == {own.id, quoted.id}
    assert contested.against == (denial.id,)


def test_what_does_not_contest_a_fact() -> None:
    fact = claim(when="2024-11-11")
    for other in (claim(polarity=Polarity.NEGATIVE, when="2022", of="b"),
                  claim(polarity=Polarity.NEGATIVE, modality=Modality.PLANNED, of="b"),
                  claim(polarity=Polarity.NEGATIVE, confidence=0.2, of="b")):
        assert only_fact(fact, other).status is FactStatus.REPORTED
    assembly = assemble([fact, claim(NORTH, "denied", TREATY, of="b")], [])
    assert {found.status for found in assembly.facts} == {FactStatus.REPORTED}


def test_first_and_last_day_of_a_fact() -> None:
    fact = only_fact(claim(when="2024-11"), claim(when="2000", of="b"), claim(of="c"))
    assert (fact.first, fact.last) == (date(2000, 1, 1), date(2024, 11, 30))


WIRE = " ".join(f"word{number}" for number in range(300))


def test_independent_publishers() -> None:
    documents = [
        document("a", publisher="AP"), document("b", publisher="ap"), document("c", publisher="Reuters"),
        document("d"), document("e"), document("f", publisher="Herald", text=WIRE),
        document("g", publisher="Tribune", text=f"From our staff. {WIRE} More on page two, with photographs."),
        document("h", publisher="Globe", text=WIRE[:len(WIRE) // 2])]

    def publishers(names: str) -> int:
        return only_fact(*(claim(of=name) for name in names), documents=documents).publishers

    assert publishers("ab") == 1
    assert publishers("abc") == 2
    assert publishers("de") == 2
    assert publishers("fg") == publishers("fgh") == 1
    assert publishers("abcdefgh") == 5


def test_belief_grows_with_independent_voices_and_falls_with_denials() -> None:
    documents = [document(name, publisher=name) for name in "abcd"] + [document("a2", publisher="a")]

    def belief(*claims: Claim) -> float:
        return only_fact(*claims, documents=documents).belief

    one, two, same = claim(of="a"), claim(of="b"), claim(of="a2")
    quoted, again = claim(of="a", by=[KCNA]), claim(of="b", by=[KCNA])
    other_source = claim(of="b", by=[KCNA, AGENCY])
    denial = claim(of="c", polarity=Polarity.NEGATIVE)
    assert 0.5 < belief(quoted) < belief(one) < belief(one, same) < belief(one, two) < 1
    # Whoever passes on what one source says adds less than a second source does.
    assert belief(quoted, again) < belief(quoted, other_source)
    assert belief(one, denial) == 0.5
    assert belief(one, two, denial) > 0.5 > belief(quoted, denial)
    assert belief(one) == pytest.approx(1 - (0.03 + 0.97 * 0.1))
    assert all(0 <= fact.belief <= 1 for fact in assemble(gold_claims(), gold_documents()).facts)


def test_the_gold_articles_show_merging_attribution_and_a_contest() -> None:
    facts = {(f.subject, f.relation, f.object): f for f in assemble(gold_claims(), gold_documents()).facts}
    assert facts["person/donald-trump", "leads", "USA"].documents == ("gaza-truce-return", "iran-iaea-cairo")
    assert facts["PRK", "suppliedArmsTo", "RUS"].status is FactStatus.ATTRIBUTED
    assert any(fact.status is FactStatus.CONTESTED for fact in facts.values())
