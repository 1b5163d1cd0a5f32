"""One entity an id, under every name that documents call it by."""

from collections import Counter
from collections.abc import Iterable, Mapping

from kg.assemble.told import Description
from kg.model import Entity, EntityType


def merged(id: str, seen: Mapping[Description, int]) -> Entity:
    """The entity that these descriptions, with how often each is given, are of.

    Where they differ, what most of them say counts (of names as common, the longest); the other names become aliases.
    """
    label = _commonest((described[0], count) for described, count in seen.items()) or id
    names = {name for described in seen for name in (described[0], *described[5])}
    return Entity(
        id=id, label=label,
        type=EntityType(_commonest((described[1], count) for described, count in seen.items()) or EntityType.THING),
        country=_commonest((described[2], count) for described, count in seen.items()),
        sector=_commonest((described[3], count) for described, count in seen.items()),
        wikidata=_commonest((described[4], count) for described, count in seen.items()),
        aliases=tuple(sorted(names - {label})))


def _commonest(votes: Iterable[tuple[str | None, int]]) -> str | None:
    counts: Counter[str] = Counter()
    for value, count in votes:
        if value is not None:
            counts[value] += count
    return max(counts, key=lambda value: (counts[value], len(value), value), default=None)
