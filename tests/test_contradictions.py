"""What stands against what: denials, negative claims, numbers and the other direction."""

import pytest
from test_assemble import AGENCY, NORTH, RUSSIA, TREATY, claim, document, happened, only_fact

from kg.assemble import assemble
from kg.model import Claim, Entity, EntityType, FactStatus, Modality, Polarity

DEAD = Entity(id="group/guards", label="guards", type=EntityType.GROUP)
SEOUL = Entity(id="KOR", label="South Korea", type=EntityType.STATE, country="KOR")


def killed(number: tuple[float | None, float | None], *, of: str, **fields: object) -> Claim:
    return claim(NORTH, "killed", DEAD, event_type="ASSAULT", when="2024-11-11", number=number, of=of, **fields)


DOCUMENTS = [document("early", publisher="A", published="2024-11-12"), document("same-day", publisher="B", published="2024-11-12"),
             document("late", publisher="B", published="2024-11-14"), document("late-again", publisher="A", published="2024-11-14")]


@pytest.mark.parametrize(("one", "other", "of", "contested"), [
    ((3, 3), (7, 7), "same-day", True), ((3, 3), (7, 7), "late", False), ((7, 7), (3, 3), "late", True),
    ((7, 7), (3, 3), "late-again", False), ((3, None), (7, 7), "same-day", False), ((3, 3), (3, 3), "same-day", False)],
    ids=["two papers on one day", "a toll that grows", "a toll that another paper lowers", "a paper corrects itself", "at least", "agreed"])
def test_numbers_that_exclude_each_other_contest_an_event(
        one: tuple[float, float | None], other: tuple[float, float], of: str, contested: bool) -> None:
    first, second = killed(one, of="early"), killed(other, of=of)
    [event] = happened(first, second, documents=DOCUMENTS)
    assert set(event.claims) == {first.id, second.id}
    assert event.against == ((second.id,) if contested else ())


def test_two_sources_of_one_article_may_exclude_each_other() -> None:
    first, second = killed((3, 3), of="early", by=[SEOUL]), killed((70, 70), of="early", by=[AGENCY], at=5)
    assert len(happened(first, second, documents=DOCUMENTS)[0].against) == 1


def test_what_is_about_the_same_number_is_no_contradiction() -> None:
    about = killed((72, 72), of="same-day")
    about = about.model_copy(update={"quantity": about.quantity and about.quantity.model_copy(update={"approximate": True})})
    assert happened(killed((70, 70), of="early"), about, documents=DOCUMENTS)[0].against == ()


def test_the_same_told_the_other_way_round_contests_both_where_it_cannot_go_both_ways() -> None:
    one, other = claim(NORTH, "captured", SEOUL, when="2024-11-11"), claim(SEOUL, "captured", NORTH, when="2024-11-11", of="b")
    facts = assemble([one, other], []).facts
    assert {fact.status for fact in facts} == {FactStatus.CONTESTED}
    assert {fact.claims: fact.against for fact in facts} == {(one.id,): (other.id,), (other.id,): (one.id,)}
    assert all(event.against for event in happened(one, other))
    long_before = claim(SEOUL, "captured", NORTH, when="1950", of="b")
    assert {fact.status for fact in assemble([one, long_before], []).facts} == {FactStatus.REPORTED}
    both_ways = [claim(NORTH, "attacked", SEOUL, when="2024-11-11"), claim(SEOUL, "attacked", NORTH, when="2024-11-11", of="b")]
    assert {fact.status for fact in assemble(both_ways, []).facts} == {FactStatus.REPORTED}


def test_who_denies_an_account_contests_what_it_says() -> None:
    told = claim(NORTH, "suppliedArmsTo", RUSSIA, by=[SEOUL])
    apart = claim(NORTH, "suppliedArmsTo", RUSSIA, by=[AGENCY], of="b")
    denial = claim(NORTH, "denied", SEOUL, at=9, event_type="REJECT")
    assert only_fact(told).status is FactStatus.ATTRIBUTED
    fact = next(f for f in assemble([told, denial], []).facts if f.relation == "suppliedArmsTo")
    assert (fact.status, fact.against) == (FactStatus.CONTESTED, (denial.id,))
    # It denies what its own article has the other say, and nothing else.
    assert {f.status for f in assemble([apart, denial], []).facts if f.relation == "suppliedArmsTo"} == {FactStatus.ATTRIBUTED}
    events = [event for event in happened(told, denial) if event.relation == "suppliedArmsTo"]
    assert [event.against for event in events] == [(denial.id,)]


def test_a_negative_claim_contests_the_event_of_its_day() -> None:
    act, denial = claim(when="2024-11-11"), claim(when="2024-11-11", polarity=Polarity.NEGATIVE, of="b")
    other_day = claim(when="2022", polarity=Polarity.NEGATIVE, of="c")
    plan = claim(when="2024-11-11", polarity=Polarity.NEGATIVE, modality=Modality.PLANNED, of="d")
    [event] = [event for event in happened(act, denial, other_day, plan) if event.polarity is Polarity.POSITIVE]
    assert event.against == (denial.id,)


# ---- one thing, one node ---------------------------------------------------------------------------------------------


def things(*claims: Claim) -> set[str]:
    return {entity.id for entity in assemble(claims, [document(name) for name in "abc"]).entities} - {"PRK", "RUS"}


def named(id: str, label: str = "", type: EntityType = EntityType.PERSON, country: str | None = None) -> Entity:
    return Entity(id=id, label=label or id, type=type, country=country)


@pytest.mark.parametrize(("one", "other", "together"), [
    (named("person/ana-lópez"), named("person/ana-lopez"), True),
    (named("organization/acme-corp", type=EntityType.ORGANIZATION), named("organization/acme", type=EntityType.ORGANIZATION), True),
    (named("organization/red-hand", type=EntityType.ORGANIZATION), named("armedgroup/red-hand", type=EntityType.ARMED_GROUP), True),
    (named("person/ana-lopez", country="ESP"), named("person/ana-lopez"), True),
    (named("person/ana-lopez", country="ESP"), named("person/ana-lopez", country="PER"), False),
    (named("person/jordan"), named("place/jordan", type=EntityType.PLACE), False),
    (named("person/kim@a", "Kim"), named("person/kim@b", "Kim"), False),
    (named("person/prk-minister@a", "the minister"), named("person/prk-minister@b", "the minister"), False),
    (named("agreement/treaty@a", "the treaty", EntityType.AGREEMENT),
     named("agreement/treaty@b", "the treaty", EntityType.AGREEMENT), False),
    (named("organization/usa-embassy", "U.S. embassy", EntityType.ORGANIZATION, "USA"),) * 2 + (False,),
    (named("group/usa-official", "U.S. officials", EntityType.GROUP, "USA"),) * 2 + (True,)])
def test_which_names_of_two_documents_are_one_thing(one: Entity, other: Entity, together: bool) -> None:
    found = things(claim(one, "condemned", NORTH, of="a"), claim(other, "condemned", RUSSIA, of="b"))
    assert len(found) == (1 if together else 2)


def test_words_for_a_state_are_the_state() -> None:
    state = named("organization/rus-state", "Russian state", EntityType.ORGANIZATION, "RUS")
    assert things(claim(state, "condemned", NORTH)) == set()


def test_agreements_are_one_where_parties_and_time_agree() -> None:
    def pact(id: str, label: str) -> Entity:
        return Entity(id=id, label=label, type=EntityType.AGREEMENT)

    def signed(agreement: Entity, of: str, when: str) -> list[Claim]:
        return [claim(party, "signed", agreement, of=of, when=when, at=at) for at, party in enumerate((NORTH, RUSSIA))]

    full, short = pact("agreement/partnership-treaty", "Partnership Treaty"), pact("agreement/june-treaty@b", "the June treaty")
    truce, old = pact("agreement/truce@c", "a truce"), pact("agreement/treaty@c", "a treaty")
    assert things(*signed(full, "a", "2024-06-19"), *signed(short, "b", "2024-06")) == {full.id}
    assert things(*signed(full, "a", "2024-06-19"), *signed(truce, "c", "2024-06-19")) == {full.id, truce.id}
    assert things(*signed(full, "a", "2024-06-19"), *signed(old, "c", "2000-07")) == {full.id, old.id}
    assert things(*signed(short, "b", "2024-06-19"), claim(NORTH, "signed", old, of="c", when="2024-06-19")) == {short.id, old.id}


def test_a_treaty_merged_by_its_parties_counts_once() -> None:
    treaty = Entity(id="agreement/pact@b", label="the pact", type=EntityType.AGREEMENT)
    claims = [claim(party, "signed", thing, of=of, when="2024-06-19", at=at)
              for of, thing in (("a", TREATY), ("b", treaty)) for at, party in enumerate((NORTH, RUSSIA))]
    facts = assemble(claims, [document("a", publisher="A"), document("b", publisher="B")]).facts
    assert [(fact.object, fact.publishers) for fact in facts] == [(TREATY.id, 2)] * 2
