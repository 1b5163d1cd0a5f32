"""Words for a time and their values."""

from datetime import date

import pytest

from kg.extract import days
from kg.extract.clock import resolve
from kg.extract.parse import parse
from kg.extract.times import expressions, find
from kg.model import Document, Time

TUESDAY = date(2024, 11, 12)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("on Tuesday, 5 March 2019", "2019-03-05"),
        ("on March 5, 2019", "2019-03-05"),
        ("the 5th of March 2019", "2019-03-05"),
        ("in March 2019", "2019-03"),
        ("in early March 2019", "2019-03"),
        ("in 2019", "2019"),
        ("by 2030", "2030"),
        ("from 2014 to 2016", "2014/2016"),
        ("the war of 1950-53", "1950/1953"),
        ("in the 1990s", "1990/1999"),
        ("in the late 1970s", "1970/1979"),
        ("in the spring of 2021", "2021-03/2021-05"),
        ("between Jan. 26 and Jan. 30, 2021", "2021-01-26/2021-01-30"),
        ("July 24-28, 2021", "2021-07-24/2021-07-28"),
        ("from May to July 2019", "2019-05/2019-07"),
        ("during the Second World War", "1939/1945"),
        ("on Christmas Day 2019", "2019-12-25"),
        ("2019-03-05", "2019-03-05"),
    ],
)
def test_dates_that_stand_alone(words: str, value: str) -> None:
    assert resolve(words, None) == value


@pytest.mark.parametrize(
    ("words", "past", "value"),
    [
        ("on Monday", True, "2024-11-11"),
        ("on Monday", False, "2024-11-18"),
        ("on Monday", None, "2024-11-11"),
        ("on Friday", None, "2024-11-15"),
        ("on Tuesday", True, "2024-11-12"),
        ("last Tuesday", True, "2024-11-05"),
        ("in the early hours of Sunday", True, "2024-11-10"),
        ("Monday night", True, "2024-11-11"),
        ("last week", True, "2024-11-04/2024-11-10"),
        ("on Monday last week", True, "2024-11-04"),
        ("over the weekend", True, "2024-11-09/2024-11-10"),
        ("at the weekend", False, "2024-11-16/2024-11-17"),
        ("earlier this month", True, "2024-11"),
        ("last month", True, "2024-10"),
        ("late last year", True, "2023"),
        ("yesterday", True, "2024-11-11"),
        ("in June", True, "2024-06"),
        ("in June", False, "2025-06"),
        ("in December", True, "2023-12"),
        ("in December", None, "2024-12"),
        ("last November", True, "2023-11"),
        ("on 1 January", False, "2025-01-01"),
        ("on 1 January", True, "2024-01-01"),
        ("two weeks ago", True, "2024-10-28/2024-11-03"),
        ("three months ago", True, "2024-08"),
        ("a decade ago", True, "2014"),
        ("within two months", False, "2025-01"),
        ("over the past two months", True, "2024-09/2024-11"),
        ("by the end of the month", False, "2024-11"),
        ("last summer", True, "2024-06/2024-08"),
        ("on New Year's Day", True, "2024-01-01"),
        ("on Christmas", False, "2024-12-25"),
    ],
)
def test_dates_that_count_from_the_report(words: str, past: bool | None, value: str) -> None:
    assert resolve(words, TUESDAY, past=past) == value
    assert resolve(words, None, past=past) is None


@pytest.mark.parametrize(
    ("words", "before", "value"),
    [
        ("two days later", "2019-02-14", "2019-02-16"),
        ("a week earlier", "2019-02-14", "2019-02-04/2019-02-10"),
        ("a month later", "2024-02", "2024-03"),
        ("a year later", "2024-02-03", "2025"),
        ("that day", "2019-02-14", "2019-02-14"),
        ("the next morning", "2019-02-14", "2019-02-15"),
        ("the day before", "2019-02-14", "2019-02-13"),
        ("the following year", "1994", "1995"),
        ("that October", "1997", "1997-10"),
        ("on 1 January of that year", "2024-04", "2024-01-01"),
        ("the same month", "2019-02-14", "2019-02"),
        # What was told before is not exact enough.
        ("two days later", "2019-02", None),
        ("that day", "2019", None),
        ("that day", None, None),
        ("two days later", None, None),
    ],
)
def test_dates_that_count_from_what_was_told(words: str, before: str | None, value: str | None) -> None:
    assert resolve(words, TUESDAY, before=before) == value


@pytest.mark.parametrize(
    "words",
    [
        "for three years",
        "37 years old",
        "a 30-year ban",
        "5,000 years",
        "a few days ago",
        "F-16 jets",
        "Resolution 2231 of the council",
        "1,950 people",
        "on the moon",
        "31 February 2020",
        "99999 years ago",
        "in 99999999 days",
    ],
)
def test_ages_lengths_and_impossible_dates_are_none(words: str) -> None:
    assert resolve(words, TUESDAY, past=False) is None


def test_a_value_is_no_more_exact_than_what_it_counts_from() -> None:
    assert days.shift("2019-02", 3, "day") is None
    assert days.shift("2019", 1, "month") is None
    assert days.shift("2019-02", 0, "hour") == "2019-02"
    assert days.shift("2019-02-03", -1, "decade") == "2009"
    assert days.shift("2019-02/..", 1, "year") is None
    assert days.coarse("2019-02-03/2019-02-09") == "2019-02"
    assert days.coarse("2019-02-25/2019-03-03") == "2019-02-25/2019-03-03"


def test_offsets_hold_after_letters_that_grow_in_lower_case() -> None:
    text = "İmamoğlu was arrested on 19 March 2025."
    (found,) = find(text)
    assert text[found.start : found.end] == "19 March 2025"


def test_every_value_is_one_that_a_claim_can_carry() -> None:
    for words in ("in 1566", "from 2014 to 2016", "in the 2020s", "July 30 to August 2", "early next year", "within six weeks"):
        value = resolve(words, TUESDAY, past=False)
        assert value is not None
        assert Time(text="x", start=0, end=1, value=value).value == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Theresa May met April Jones in Augusta.", []),
        ("Troops may march on the city.", []),
        ("Saudi Arabia published Vision 2030.", []),
        ("Some 2000 soldiers left.", []),
        ("Flight 1977 crashed in May 1977.", ["May 1977"]),
        ("The attack of March 2019 was denounced on Friday.", ["March 2019", "Friday"]),
        ("The 2015 nuclear deal ended in 2018.", ["2015", "2018"]),
    ],
)
def test_names_counts_and_verbs_are_no_times(text: str, found: list[str]) -> None:
    _, sentences = next(parse([Document.of(text, name="x")]))
    doc = sentences[0].span.doc
    assert [doc[first.i : last.i + 1].text for _, first, last in expressions(sentences[0].span)] == found
