"""One entity an id, under every name that the claims call it by."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from kg.model import Claim, Entity, EntityType, Mention


def entities(claims: Sequence[Claim]) -> tuple[Entity, ...]:
    """The entities that claims name, sorted by id.

    Where descriptions differ, the one that most claims give counts (of names as common, the longest); the other names
    become aliases.
    """
    described: dict[str, Counter[Entity]] = defaultdict(Counter)
    for claim in claims:
        for mention in _mentions(claim):
            described[mention.entity.id][mention.entity] += 1
    return tuple(_merged(id, described[id]) for id in sorted(described))


def _mentions(claim: Claim) -> Iterable[Mention]:
    mentions = (claim.subject, claim.object, claim.place, *claim.attribution)
    return (mention for mention in mentions if mention is not None)


def _merged(id: str, seen: Counter[Entity]) -> Entity:
    label = _commonest((entity.label, count) for entity, count in seen.items()) or id
    names = {name for entity in seen for name in (entity.label, *entity.aliases)}
    return Entity(
        id=id, label=label,
        type=EntityType(_commonest((entity.type.value, count) for entity, count in seen.items()) or EntityType.THING),
        country=_commonest((entity.country, count) for entity, count in seen.items()),
        sector=_commonest((entity.sector, count) for entity, count in seen.items()),
        wikidata=_commonest((entity.wikidata, count) for entity, count in seen.items()),
        aliases=tuple(sorted(names - {label})))


def _commonest(votes: Iterable[tuple[str | None, int]]) -> str | None:
    counts: Counter[str] = Counter()
    for value, count in votes:
        if value is not None:
            counts[value] += count
    return max(counts, key=lambda value: (counts[value], len(value), value), default=None)
