"""Which time and which place are an act's own: each construction that decides it."""

from collections.abc import Iterable
from datetime import date

import pytest

from kg.extract.chronicle import Chronicle
from kg.extract.circumstances import here, place, when, where
from kg.extract.context import words
from kg.extract.names import gazetteer
from kg.extract.names import place as known_place
from kg.extract.naming import name_spans
from kg.extract.parse import Sentence, parse
from kg.extract.phrases import Phrase, phrases
from kg.model import Document, Time

TUESDAY = date(2024, 11, 12)


def read(text: str, day: date | None = TUESDAY) -> tuple[Document, list[Sentence]]:
    document = Document.of(text, name="x", published=day)
    return next(parse([document]))


def dated(text: str, trigger: str, day: date | None = TUESDAY) -> str | None:
    """The time of the act whose trigger is the last such word of the text."""
    found = timed(text, trigger, day)
    return found.value if found else None


def timed(text: str, trigger: str, day: date | None = TUESDAY) -> Time | None:
    document, sentences = read(text, day)
    sentence, token = [(s, t) for s in sentences for t in s.span if t.text == trigger][-1]
    return when(document, sentence, token, words(), chronicle=Chronicle(document, sentences))


def listed(sentences: Iterable[Sentence]) -> list[list[Phrase]]:
    return [phrases(s, name_spans(s, gazetteer())[0]) for s in sentences]


def is_place(phrase: Phrase) -> bool:
    return known_place(phrase.text, gazetteer()) is not None


def placed(text: str, trigger: str) -> str | None:
    """The place of the act whose trigger is the last such word of the text."""
    _, sentences = read(text)
    sentence, token = [(s, t) for s in sentences for t in s.span if t.text == trigger][-1]
    groups = listed(sentences)
    earlier = [phrase for group in groups[: sentence.index] for phrase in group]
    found = place(token, groups[sentence.index], is_place, words(), frozenset(), earlier=earlier)
    return found.text if found else None


@pytest.mark.parametrize(
    ("text", "trigger", "value"),
    [
        ("Rebels attacked the base on Monday.", "attacked", "2024-11-11"),
        ("On Monday rebels attacked the base.", "attacked", "2024-11-11"),
        ("Rebels attacked the base in June.", "attacked", "2024-06"),
        ("Rebels attacked the base in 2019.", "attacked", "2019"),
        # The verb that carries the noun.
        ("Rebels launched an attack on the base on Monday.", "attack", "2024-11-11"),
        ("The talks took place in Oslo on Monday.", "talks", "2024-11-11"),
        # The noun's own.
        ("Sunday's attack was condemned by all.", "attack", "2024-11-10"),
        ("The 2023 coup was condemned by all.", "coup", "2023"),
        ("He praised the treaty of 14 June 2019.", "treaty", "2019-06-14"),
        ("The treaty signed in June 2019 was praised.", "signed", "2019-06"),
        # Two acts, two days.
        ("Rebels attacked on Monday and withdrew on Sunday.", "withdrew", "2024-11-10"),
        ("Rebels attacked on Monday and withdrew on Sunday.", "attacked", "2024-11-11"),
        ("On Monday rebels attacked the base and killed two guards.", "killed", "2024-11-11"),
        # Participles, *when* and *where*.
        ("Rebels attacked the base on Monday, killing two guards.", "killing", "2024-11-11"),
        ("The war broke out in 1941, when Peru invaded the province.", "invaded", "1941"),
        # Since, by, until.
        ("The army has besieged the town since August 2023.", "besieged", "2023-08/.."),
        ("The army will leave the country by 2030.", "leave", "2030"),
        # Ahead.
        ("The ministers will meet on Friday.", "meet", "2024-11-15"),
        ("The ministers are to meet in March.", "meet", "2025-03"),
        # Infinitives share their verb's time, unless they are planned.
        ("The army began to withdraw on Monday.", "withdraw", "2024-11-11"),
    ],
)
def test_the_time_on_the_act_or_on_what_it_is_part_of(text: str, trigger: str, value: str) -> None:
    assert dated(text, trigger) == value


@pytest.mark.parametrize(
    ("text", "trigger", "other"),
    [
        # The report, the plan, the background are not the act.
        ("Rebels attacked the base, the army said on Tuesday.", "attacked", "2024-11-12"),
        ("State media reported on Tuesday that the parliament had ratified the treaty.", "ratified", "2024-11-12"),
        ("The ministers agreed on Monday to send troops.", "send", "2024-11-11"),
        ("The president, who was elected in 2019, condemned the attack.", "condemned", "2019"),
        ("Inspectors denounced the 2015 agreement.", "denounced", "2015"),
    ],
)
def test_another_clause_s_time_is_not_the_act_s(text: str, trigger: str, other: str) -> None:
    assert dated(text, trigger) != other


@pytest.mark.parametrize(
    ("text", "trigger", "value"),
    [
        ("Rebels left the town on Saturday, two days after they signed the truce.", "signed", "2024-11-07"),
        ("Rebels left the town on Saturday, hours after they signed the truce.", "signed", "2024-11-09"),
        ("Rebels shelled the town on Saturday, the council said, a day after envoys signed the truce.", "signed", "2024-11-08"),
        ("The truce was signed on 2 May 2019 and a month later the rebels killed him.", "killed", "2019-06"),
        ("The soldier was captured on Saturday and freed two days later.", "freed", "2024-11-11"),
        ("Four days of talks ended on Friday.", "talks", "2024-11-05/2024-11-08"),
        ("The group had besieged the town for three years.", "besieged", "2021/2024"),
    ],
)
def test_times_told_by_way_of_another_act(text: str, trigger: str, value: str) -> None:
    assert dated(text, trigger) == value


def test_a_story_goes_on_from_sentence_to_sentence() -> None:
    text = (
        "A bomber struck a convoy on 14 February 2019. Twelve days later Indian jets bombed a camp. The next day Pakistan shot down a jet."
    )
    assert dated(text, "bombed") == "2019-02-26"
    assert dated(text, "shot") == "2019-02-27"
    assert dated("Kenya signed the treaty in 1997. Both sides ratified it that October.", "ratified") == "1997-10"


def test_a_time_read_from_another_sentence_is_cited_there() -> None:
    text = "Rebels attacked the base on Monday, the army said. They killed two guards and seized a truck."
    found = timed(text, "killed")
    assert found is not None
    assert found.value in ("2024-11-11", "2024-11")
    assert text[found.start : found.end] == found.text == "Monday"


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("Rebels attacked the base.", "attacked"),
        ("The 37-year-old soldier attacked the base.", "attacked"),
        ("The troops attacked the base with F-16 jets.", "attacked"),
        ("The two sides fought for three hours.", "fought"),
    ],
)
def test_no_time_where_the_text_tells_none(text: str, trigger: str) -> None:
    assert dated(text, trigger) is None


def test_without_the_day_of_the_report_only_whole_dates_count() -> None:
    assert dated("Rebels attacked the base on Monday.", "attacked", None) is None
    assert dated("Rebels attacked the base on 5 May 2019.", "attacked", None) == "2019-05-05"


def test_the_dateline_is_not_the_act_s_day() -> None:
    assert dated("NAIROBI, Sept 7 (Reuters) - Rebels attacked the base on Thursday.", "attacked", date(2018, 9, 7)) == "2018-09-06"


@pytest.mark.parametrize(
    ("text", "trigger", "name"),
    [
        ("Rebels killed two guards in Nairobi.", "killed", "Nairobi"),
        ("In Nairobi rebels killed two guards.", "killed", "Nairobi"),
        ("The ministers met near Geneva on Monday.", "met", "Geneva"),
        ("The ministers met in Geneva and signed a treaty.", "met", "Geneva"),
        ("The ministers held talks in Geneva.", "talks", "Geneva"),
        ("Rebels killed two guards in the village of Sireha.", "killed", "Sireha"),
        ("Troops killed two men at a base in Kursk.", "killed", "Kursk"),
        ("Rebels shot down a helicopter over Goma.", "shot", "Goma"),
        ("Rebels killed two guards near Maroun al-Ras.", "killed", "Maroun al-Ras"),
    ],
)
def test_the_place_on_the_act_or_its_clause(text: str, trigger: str, name: str) -> None:
    assert placed(text, trigger) == name


def test_there_is_the_place_named_last() -> None:
    text = "Rebels entered the town of Goma. Soldiers abducted forty villagers there in January."
    assert placed(text, "abducted") == "Goma"


def test_here_is_the_place_of_the_dateline_over_it() -> None:
    text = "BAKU (AP) — It rained.\n\nNEW DELHI, Nov. 21 (Xinhua) -- India and Vietnam talked. The presidents signed a treaty here."
    document, sentences = read(text)
    signed = next(t for s in sentences for t in s.span if t.text == "signed")
    found = here(document, sentences[-1], signed)
    assert found is not None
    assert text[found.start : found.end] == found.text == "NEW DELHI"
    assert here(document, sentences[-2], next(t for t in sentences[-2].span if t.text == "talked")) is None


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("NAIROBI (AP) — Rebels killed two guards.", "killed"),
        ("The German minister condemned the attack.", "condemned"),
        ("Rebels killed two guards.", "killed"),
    ],
)
def test_datelines_and_nationalities_are_no_places_of_acts(text: str, trigger: str) -> None:
    assert placed(text, trigger) is None


def test_where_names_the_phrase_by_its_index() -> None:
    _, sentences = read("Rebels killed two guards in Nairobi.")
    (group,) = listed(sentences)
    trigger = next(t for t in sentences[0].span if t.text == "killed")
    index = where(trigger, group, lambda n: is_place(group[n]), words(), frozenset())
    assert index is not None
    assert group[index].text == "Nairobi"
    assert where(trigger, [], lambda n: True, words(), frozenset()) is None
