"""Which names of different documents are one thing: by normal name, type and country, conservatively.

An id says what the extractor knows: a code, a type and a name (`person/jane-doe`), a description with its country
(`organization/usa-embassy`), or a name that means nothing outside its document (`person/kim@doc`). Codes are what they are;
what means something in one document alone never joins another's here.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kg.model import Entity, EntityType

_RANK: Mapping[str, int] = {kind.value.lower(): rank for rank, kind in enumerate((
    EntityType.ARMED_GROUP, EntityType.ARMED_FORCE, EntityType.ORGANIZATION, EntityType.GROUP, EntityType.PERSON,
    EntityType.AGREEMENT, EntityType.PROPOSAL, EntityType.OFFICE, EntityType.STATE, EntityType.PLACE, EntityType.THING))}
_BODIES = frozenset(kind.value.lower() for kind in (
    EntityType.ARMED_GROUP, EntityType.ARMED_FORCE, EntityType.ORGANIZATION, EntityType.GROUP))
_THING = EntityType.THING.value.lower()
_MANY = _BODIES - {EntityType.ORGANIZATION.value.lower()}
_STATE = frozenset(("state", "government", "regime", "authority", "authorities", "leadership"))
_TROOPS = frozenset(("troop", "force", "soldier", "serviceman", "service-member"))
"""Words that news uses of one body of armed people, one for the other."""
_ONE_EACH = frozenset((
    "opposition", "parliament", "congress", "senate", "army", "navy", "police", "military", "ministry", "presidency", "constitution",
    "cabinet", "intelligence", "coalition", "media", "economy", "border", "war", "conflict", "crisis"))
"""What a country has one of: its description says as much as a name."""
_ENDINGS = frozenset(("inc", "ltd", "plc", "corp", "llc", "co", "jr", "sr"))


class Form(NamedTuple):
    """An id as documents have it, with the country that they give it."""

    id: str
    country: str | None


class Named(NamedTuple):
    """The entity that a form stands for, and why where it is not its own id."""

    entity: str
    because: str


class Scope(NamedTuple):
    """What an id stands for as long as only its own document is looked at, why where that is another, and the bucket of
    names of other documents that may be the same (None: there are none)."""

    entity: str
    because: str
    bucket: str | None


def is_local(id: str) -> bool:
    """Whether an id means nothing outside its document."""
    return "@" in id


def scope(document: str, entity: Entity) -> Scope:
    """How far an entity's id, as a document has it, means something."""
    id = entity.id
    if "/" not in id or is_local(id):
        return Scope(id, "", None)
    kind, _, name = id.partition("/")
    country = f"{entity.country.lower()}-" if entity.country else ""
    if country and name.startswith(country) and entity.label.split(" ")[-1][:1].islower():
        noun = name.removeprefix(country)
        if noun in _STATE and entity.country and kind != EntityType.PERSON.lower():
            return Scope(entity.country, "words for its state", None)
        if kind not in _MANY and noun.split("-")[-1] not in _ONE_EACH:
            return Scope(f"{id}@{document}", "a description, which says nothing outside its document", None)
        if noun in _TROOPS:
            return Scope(id, "", _normal(f"{country}troop"))
    return Scope(id, "", _normal(name))


def _normal(name: str) -> str | None:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    words = [word for word in plain.replace("’", "").split("-") if word]
    while len(words) > 1 and words[-1] in _ENDINGS:
        words.pop()
    return "-".join(words) or None


def named(forms: Iterable[Form]) -> dict[Form, Named]:
    """The entities that the forms of one bucket stand for.

    Forms are one thing where their types agree (armed groups and forces, organisations and other bodies of people agree;
    a thing of no known kind agrees with the one kind there is) and their countries do: an unknown country agrees with the one there
    is. Where there are several countries, each is a thing of its own, and so is what has none.
    """
    families: dict[str, set[Form]] = defaultdict(set)
    for form in forms:
        kind = form.id.partition("/")[0]
        families["body" if kind in _BODIES else kind].add(form)
    if _THING in families and len(families) == 2:
        [other] = families.keys() - {_THING}
        families[other] |= families.pop(_THING)
    found: dict[Form, Named] = {}
    for family in families.values():
        countries = {form.country for form in family if form.country}
        groups = [family] if len(countries) < 2 else [
            {form for form in family if form.country == country} for country in (None, *sorted(countries))]
        for group in groups:
            if not group:
                continue
            head = min((form.id for form in group), key=_preference)
            country = next((form.country for form in group), None) if len(countries) > 1 else None
            entity = f"{head}/{country.lower()}" if country else head
            for form in group:
                said = "name, type and country" if country else "name and type"
                found[form] = Named(entity, "" if form.id == entity else f"the same {said}")
    return found


def _preference(id: str) -> tuple[int, int, str]:
    """The most telling type first, then the shortest name."""
    return _RANK.get(id.partition("/")[0], len(_RANK)), len(id), id
