from datetime import date
from pathlib import Path

import pytest

from kg.extract.names import capital, gazetteer, place, state
from kg.extract.reading import Extractor
from kg.model import Document


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Russia", "RUS"),
        ("Russians", "RUS"),
        ("the Russian", "RUS"),
        ("U.S.", "USA"),
        ("US", "USA"),
        ("North Korean", "PRK"),
        ("British", "GBR"),
        ("the Netherlands", "NLD"),
        ("Burma", "MMR"),
        ("Kosovo", "XKX"),
        ("Palestinian", "PSE"),
        ("Soviet Union", "SUN"),
        ("Ivory Coast", "CIV"),
        ("Türkiye", "TUR"),
        ("South Sudan", "SSD"),
        ("Nigerien", "NER"),
        ("Nigerian", "NGA"),
    ],
)
def test_states_by_name_adjective_and_people(text: str, code: str) -> None:
    found = state(text)
    assert found is not None and found.id == code and found.wikidata


@pytest.mark.parametrize("text", ["us", "Washington", "Kim", "Korea", "European Union", "The", "IRA"])
def test_what_is_no_state_is_none(text: str) -> None:
    assert state(text) is None


@pytest.mark.parametrize(
    ("text", "code"), [("Pyongyang", "PRK"), ("Kyiv", "UKR"), ("Kiev", "UKR"), ("Washington", "USA"), ("Harare", "ZWE")]
)
def test_capitals_are_places_that_may_mean_their_state(text: str, code: str) -> None:
    government, city = capital(text), place(text, gazetteer())
    assert government is not None and government.id == code
    assert city is not None and (city.type, city.country) == ("Place", code)


def test_an_office_is_held_by_whom_the_day_says() -> None:
    known = gazetteer()
    holders = [known.office("FRA", "president", day) for day in (date(2010, 5, 1), date(2020, 5, 1))]
    assert [holder and holder.label for holder in holders] == ["Nicolas Sarkozy", "Emmanuel Macron"]


def test_the_users_own_names_win(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("- {name: Grey Wolves Brigade, type: ArmedGroup, sector: REB, country: SYR, aliases: [Wagner]}\n")
    found = gazetteer(None, own).get("Wagner")[0].entity
    assert (found.label, found.country) == ("Grey Wolves Brigade", "SYR")


def test_a_broken_file_of_names_is_named(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("- {name: Somebody, type: Wizard}\n")
    with pytest.raises(ValueError, match=r"own\.yaml.*Wizard"):
        Extractor(use_reader=False, entities=own)


@pytest.mark.parametrize("text", ["The US said so.", "It told us so."])
def test_us_is_the_country_in_capitals_only(text: str) -> None:
    reader = Extractor(use_reader=False)
    claims = reader(Document.of(text + " Russia condemned " + ("the US." if "US" in text else "us."), name="d"))
    assert any(c.object and c.object.entity.id == "USA" for c in claims) == ("US" in text)
