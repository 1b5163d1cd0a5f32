"""Things that documents describe rather than name, told apart by what they are part of.

*The June treaty* of one article and *a defense treaty with Russia* of another are one agreement where its parties and its
time agree; *12 civilians* and *a dozen people* that one actor is said to have killed on one day are one group. Nothing
else that means something in its own document alone joins another document's.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.assemble.naming import is_local
from kg.assemble.times import ANY, Days
from kg.assemble.told import Told
from kg.model import EntityType, Polarity
from kg.ontology import ontology

_TO_AGREEMENTS = frozenset(("signed", "ratified", "agreedTo", "partyTo", "joined", "leftAgreement"))
_CONCLUDED = ("signed", "agreedTo", "partyTo")
_STANDS_FOR_STATE = frozenset((EntityType.STATE, EntityType.PERSON, EntityType.OFFICE, EntityType.ARMED_FORCE, EntityType.GROUP))
_KINDS: Mapping[str, str] = {
    r"cease-?fires?|truces?|armistice|cessation": "truce", r"treaty|pact|alliance": "treaty", r"memorand\w+": "memorandum",
    r"protocol": "protocol", r"declaration|communique|statement": "declaration", r"convention": "convention",
    r"exchange|swap": "exchange"}
_ANY_KIND = ""
_PEOPLE = re.compile(r"(?:people|persons?|civilians?|residents?|villagers?|others|victims)$")
_HEAD = re.compile(r"^(.*?)(?:\s+(?:of|in|from|at|with|near|on|by|who|for|between|and|to)\b.*|,.*)?$", re.DOTALL)
_WINDOW = {"agreement": 1000, "act": 3}
"""How many days after it a document may tell of an agreement, or an act, without saying when it was."""
_EXACT = 1
_FEW = 7


class Profile(NamedTuple):
    """What a document says that a thing is."""

    label: str
    type: str
    country: str | None


class Row(NamedTuple):
    """A thing of a document in its bucket: what may be the same has the same bucket."""

    bucket: str
    document: str
    entity: str
    first: int
    last: int
    published: int
    kind: str
    place: str


def rows(document: str, published: int | None, claims: Sequence[Told], profiles: Mapping[str, Profile]) -> Iterator[Row]:
    """The rows of a document, whose claims are about things as their names alone have it; `profiles` describes them."""
    yield from _agreements(document, published or 0, claims, profiles)
    yield from _groups(document, published or 0, claims, profiles)


def _agreements(document: str, published: int, claims: Sequence[Told], profiles: Mapping[str, Profile]) -> Iterator[Row]:
    about: dict[str, list[Told]] = defaultdict(list)
    for claim in claims:
        profile = profiles.get(claim.object)
        if claim.relation in _TO_AGREEMENTS and profile and profile.type == EntityType.AGREEMENT and claim.polarity == Polarity.POSITIVE:
            about[claim.object].append(claim)
    for agreement, found in about.items():
        parties = sorted({_party(claim.subject, profiles) for claim in found})
        if len(parties) < 2:
            continue
        when = ANY
        for relation in _CONCLUDED:
            told = [claim.days for claim in found if claim.relation == relation and claim.days != ANY]
            if told:
                when = Days(min(d.first for d in told), max(d.last for d in told))
                break
        label = profiles[agreement].label.casefold()
        kind = next((name for words, name in _KINDS.items() if re.search(rf"\b(?:{words})\b", label)), _ANY_KIND)
        yield Row("\x1f".join(("agreement", *parties)), document, agreement, *when, published, kind, "")


def _party(id: str, profiles: Mapping[str, Profile]) -> str:
    profile = profiles.get(id)
    return profile.country if profile and profile.country and profile.type in _STANDS_FOR_STATE else id


def _groups(document: str, published: int, claims: Sequence[Told], profiles: Mapping[str, Profile]) -> Iterator[Row]:
    found: dict[str, set[Row]] = defaultdict(set)
    for claim in claims:
        relation = ontology().relations.get(claim.relation)
        if claim.denial or relation is None or relation.event_type is None:
            continue
        for slot, id, other in (("object", claim.object, claim.subject), ("subject", claim.subject, claim.object)):
            profile = profiles.get(id)
            if not other or is_local(other) or not is_local(id) or profile is None or profile.type != EntityType.GROUP:
                continue
            bucket = "\x1f".join(("act", claim.relation, slot, other, noun(profile.label)))
            found[id].add(Row(bucket, document, id, claim.first, claim.last, published, _ANY_KIND, claim.place))
    for told in found.values():
        # Of several acts that it is part of the one told most exactly says which it is.
        yield min(told, key=lambda row: (row.last - row.first, row))


def noun(label: str) -> str:
    """What a group is called: the head of its description, in the plural that all such people share."""
    head = _HEAD.match(label.casefold().strip())
    words = re.findall(r"[^\W\d_]+", head.group(1) if head else label)
    last = words[-1] if words else ""
    return "people" if _PEOPLE.fullmatch(last) else last.removesuffix("s")


@dataclass
class _Cluster:
    """Ids taken for one thing, and the days that all of them allow."""

    when: Days
    ids: list[str]
    documents: set[str]
    kind: str
    place: str
    closed: bool = False


class _Candidate(NamedTuple):
    when: Days
    id: str
    documents: frozenset[str]
    published: int
    kind: str
    place: str


def clusters(bucket: str, members: Iterable[Row]) -> list[tuple[list[str], str]]:
    """The ids of one bucket that are one thing, each list with the reason; those that stay alone are left out."""
    by_id: dict[str, list[Row]] = defaultdict(list)
    for row in members:
        by_id[row.entity].append(row)
    candidates = sorted(_candidate(id, told) for id, told in by_id.items())
    candidates.sort(key=lambda one: (one.when.last - one.when.first, one))
    window = _WINDOW[bucket.partition("\x1f")[0]]
    found = _Clusters()
    for one in candidates:
        if one.when != ANY:
            found.place(one, [c for c in found.meeting(one.when) if _may_be(one, c)])
    for one in candidates:
        if one.when == ANY and one.published:
            span = Days(one.published - window, one.published)
            fitting = [c for c in found.meeting(span) if _may_be(one, c) and span.first <= c.when.first <= span.last]
            if len(fitting) == 1:
                found.add(one, fitting[0])
    return [(sorted(c.ids), _because(bucket, c)) for c in found.all if len(c.ids) > 1]


def _candidate(id: str, told: Sequence[Row]) -> _Candidate:
    exact = min(told, key=lambda row: (row.last - row.first, row))
    kind = next((row.kind for row in sorted(told) if row.kind), _ANY_KIND)
    return _Candidate(Days(exact.first, exact.last), id, frozenset(row.document for row in told),
                      min(row.published for row in told), kind, next((row.place for row in sorted(told) if row.place), ""))


def _may_be(one: _Candidate, cluster: _Cluster) -> bool:
    if cluster.closed or one.documents & cluster.documents:
        return False
    if (one.kind and cluster.kind and one.kind != cluster.kind) or (one.place and cluster.place and one.place != cluster.place):
        return False
    # Two names that are known everywhere are one thing only where both tell the very day.
    return is_local(one.id) or all(map(is_local, cluster.ids)) or (
        one.when == cluster.when and one.when.last - one.when.first < _EXACT)


class _Clusters:
    """Clusters, found by the days that they allow."""

    def __init__(self) -> None:
        self.all: list[_Cluster] = []
        self._by_day: dict[int, list[_Cluster]] = defaultdict(list)
        self._wide: list[_Cluster] = []

    def meeting(self, when: Days) -> list[_Cluster]:
        """The clusters that share a day with these days."""
        if when.last - when.first > _FEW:
            return [c for c in self.all if c.when.meets(when)]
        near = {id(c): c for day in range(when.first, when.last + 1) for c in self._by_day.get(day, ())}
        return [c for c in (*near.values(), *self._wide) if c.when.meets(when)]

    def place(self, one: _Candidate, fitting: Sequence[_Cluster]) -> None:
        """Add to the one cluster that fits, else make another; where several fit it stays by itself."""
        if len(fitting) == 1:
            self.add(one, fitting[0])
            return
        cluster = _Cluster(one.when, [one.id], set(one.documents), one.kind, one.place, closed=bool(fitting))
        self.all.append(cluster)
        if one.when.last - one.when.first > _FEW:
            self._wide.append(cluster)
        else:
            for day in range(one.when.first, one.when.last + 1):
                self._by_day[day].append(cluster)

    def add(self, one: _Candidate, cluster: _Cluster) -> None:
        """Add to a cluster."""
        cluster.ids.append(one.id)
        cluster.documents |= one.documents
        cluster.kind, cluster.place = cluster.kind or one.kind, cluster.place or one.place
        if one.when != ANY:
            cluster.when = cluster.when.both(one.when)


def _because(bucket: str, cluster: _Cluster) -> str:
    kind, *rest = bucket.split("\x1f")
    when = cluster.when.text()
    if kind == "agreement":
        return f"the same parties ({', '.join(rest)}) and time ({when})"
    relation, _, other, _ = rest
    return f"part of the same act ({relation}, {other}, {when})"
