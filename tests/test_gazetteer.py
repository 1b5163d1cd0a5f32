import itertools
from collections import defaultdict
from pathlib import Path
from typing import Any

import pycountry
import pytest
import yaml

from kg.model import EntityType
from kg.ontology import folder

FILES = sorted((folder() / "gazetteer").glob("*.yaml"))
KEYS = {
    "name",
    "aliases",
    "type",
    "sector",
    "country",
    "members",
    "stands_for",
    "parties",
    "signed",
    "office",
    "titles",
    "from",
    "to",
    "organisation",
}
SECTORS = {"GOV", "MIL", "JUD", "LEG", "SPY", "COP", "OPP", "REB", "PTY", "CVL", "MED", "BUS", "NGO", "IGO"}
CODES = {country.alpha_3 for country in pycountry.countries} | {"XKX"}
AT_LEAST = {"organisations": 150, "armed": 120, "metonyms": 60, "agreements": 150}


def _entries(file: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return entries


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_entries_are_of_the_form(file: Path) -> None:
    for entry in _entries(file):
        assert entry.keys() <= KEYS, entry
        assert isinstance(entry["name"], str) and entry["name"].strip() == entry["name"]
        assert all(isinstance(alias, str) and alias for alias in entry.get("aliases", []))
        assert entry.get("type", "Thing") in set(EntityType)
        assert entry.get("sector") is None or entry["sector"] in SECTORS
        assert entry.get("country") is None or entry["country"] in CODES
        assert "Q" not in {str(value)[:1] for key, value in entry.items() if key in ("wikidata", "qid")}


@pytest.mark.parametrize("file", [f for f in FILES if f.stem not in ("leaders", "ministers", "officials")], ids=lambda f: f.stem)
def test_no_name_means_two_things_in_a_file(file: Path) -> None:
    seen: dict[str, str] = {}
    for entry in _entries(file):
        for name in {entry["name"].lower(), *(alias.lower() for alias in entry.get("aliases", []))}:
            assert seen.setdefault(name, entry["name"]) == entry["name"], name


@pytest.mark.parametrize("stem", ["leaders", "ministers"])
def test_terms_of_one_office_never_overlap(stem: str) -> None:
    offices = defaultdict(list)
    for entry in _entries(folder() / "gazetteer" / f"{stem}.yaml"):
        offices[entry["country"], entry["office"]].append((entry["from"], entry["to"] or "9999", entry["name"]))
    for office, terms in offices.items():
        terms.sort()
        for (_, end, one), (start, _, other) in itertools.pairwise(terms):
            assert end[: len(start)] <= start[: len(end)], (office, one, other)


def test_the_gazetteer_is_broad() -> None:
    sizes = {file.stem: len(_entries(file)) for file in FILES}
    assert all(sizes[stem] >= least for stem, least in AT_LEAST.items())
    assert len({entry["country"] for entry in _entries(folder() / "gazetteer" / "leaders.yaml")}) >= 60
