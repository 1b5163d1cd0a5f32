from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kg.model import Claim, Document, Entity, EntityType, Mention, Modality, Span, Time


@pytest.mark.parametrize(("value", "earliest", "latest"), [
    ("2024-11-11", date(2024, 11, 11), date(2024, 11, 11)),
    ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ("1947", date(1947, 1, 1), date(1947, 12, 31)),
    ("2024-11-04/2024-11-10", date(2024, 11, 4), date(2024, 11, 10)),
    ("1947/..", date(1947, 1, 1), None),
    ("../2030", None, date(2030, 12, 31)),
])
def test_time_spans_the_days_that_its_words_allow(value: str, earliest: date | None, latest: date | None) -> None:
    time = Time(value=value, text="then", start=0, end=4)
    assert (time.earliest, time.latest) == (earliest, latest)


@pytest.mark.parametrize("value", ["yesterday", "2024-13-45x", "2024/2020", "24-11-11"])
def test_time_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        Time(value=value, text="then", start=0, end=4)


def _claim(**fields: object) -> Claim:
    russia = Mention(text="Russia", start=0, end=6, entity=Entity(id="RUS", label="Russia", type=EntityType.STATE))
    treaty = Mention(text="it", start=16, end=18, entity=Entity(id="agreement/x", label="it", type=EntityType.AGREEMENT))
    return Claim.of(**({
        "document": "d", "subject": russia, "relation": "ratified", "object": treaty, "event_type": "SUPPORT", "mode": None,
        "sentence": Span(text="Russia ratified it", start=0, end=18), "trigger": Span(text="ratified", start=7, end=15),
        "confidence": 0.9, "extractor": "test"} | fields))


def test_the_same_reading_has_the_same_id_and_another_reading_another() -> None:
    assert _claim().id == _claim(confidence=0.1).id
    assert _claim().id != _claim(modality=Modality.PLANNED).id
    assert _claim().id != _claim(document="e").id


def test_claims_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        _claim().relation = "signed"  # type: ignore[misc]


@given(st.text(min_size=1))
def test_documents_have_the_id_of_their_url_else_of_their_name(text: str) -> None:
    assert Document.of(text, url="https://example.org/a").id == Document.of(text + "!", url="https://example.org/a").id
    assert Document.of(text, name="a").id == Document.of(text + "!", name="a").id == "a"
    assert Document.of(text).id != Document.of(text + "!").id


def test_names_that_make_no_iri_still_make_different_ids() -> None:
    assert len({Document.of("x", name=name).id for name in ("a b", "a-b", "A B", "ä", "é", "a/b")}) == 6
