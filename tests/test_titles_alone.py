"""Titles that stand before a name and do not say of what."""

from datetime import date

import pytest

from kg.extract.reading import LexiconExtractor
from kg.model import Document


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("President Emmanuel Macron visited Niger.", date(2021, 5, 3), {("leads", "France", "President")}),
        ("Foreign Minister Sergei Lavrov visited Niger.", date(2021, 5, 3), {("holdsOfficeIn", "Russia", "Foreign Minister")}),
        ("Secretary-General António Guterres visited Niger.", date(2021, 5, 3), {("leads", "United Nations", "Secretary-General")}),
        ("Former President Emmanuel Macron visited Niger.", date(2021, 5, 3), set()),
        ("President Emmanuel Macron visited Niger.", date(2012, 5, 3), set()),
        ("President Emmanuel Macron visited Niger. President Emmanuel Macron left.", date(2021, 5, 3), {("leads", "France", "President")}),
    ],
)
def test_who_leads_what_is_known_from_the_office_on_the_day(text: str, day: date, expected: set[tuple[str, str, str]]) -> None:
    claims = [c for c in LexiconExtractor()(Document.of(text, name="a", published=day)) if c.relation in ("leads", "holdsOfficeIn")]
    assert {(c.relation, c.object.entity.label, c.object.text) for c in claims if c.object} == expected
    assert len(claims) == len(expected)
