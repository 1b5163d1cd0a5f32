"""Which claims tell of one act: claims of one relation and one pair whose times agree."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.assemble.contradictions import numbers_against, reverses
from kg.assemble.independence import Independence
from kg.assemble.times import ANY, Days, day
from kg.assemble.told import Told
from kg.model import DateRange, Event, Modality, Polarity, QuantityRange, content_id
from kg.ontology import ontology

_SUREST = tuple(Modality)
_HAPPENED = (Modality.ASSERTED, Modality.LIKELY)
_NEWS = 7
"""Days for which an act is news: an undated claim of it tells of an act this near, where older ones are known too."""

_ONE_TOLL = 31
"""Over how many days an act may be spread at most for its numbers to exclude each other: *in 2024* may be many acts."""


@dataclass
class _Occurrence:
    """Claims of one act, and the days that all of them allow."""

    when: Days
    claims: list[Told] = field(default_factory=list)


def events(claims: Sequence[Told], sources: Independence) -> list[Event]:
    """The events that claims of one relation and pair tell of.

    A relation without an event type is a lasting state (*leads*, *memberOf*) and makes no event. What is asserted or
    likely, what is possible, planned, demanded or hypothetical, and what is denied, are kept as events apart: a plan is
    not yet the act. Within each of these, claims are one event where

    * their days overlap, taken from the most precise to the least, so that *in 2024* joins *on 19 June 2024*;
      where it would fit several dated events it stays by itself, beside those that name the same days;
    * a claim without a date joins the one dated event that its own document tells of, or else the only one there is
      that is not later than its document, or of several the only one of the week before it; failing that it joins the
      other undated claims.

    Against what happened stand denials whose days agree, the same told the other way round where that cannot be so as
    well, and numbers that cannot both be right.
    """
    groups: dict[tuple[tuple[str, str, str], Polarity, str], list[Told]] = defaultdict(list)
    denials = [claim for claim in claims if claim.denial or (
        claim.polarity == Polarity.NEGATIVE and claim.modality in _HAPPENED)]
    for claim in claims:
        known = ontology().relations.get(claim.relation)
        if not claim.denial and (known.event_type if known else claim.event_type):
            stance = "happened" if claim.modality in _HAPPENED else claim.modality
            groups[claim.triple, Polarity(claim.polarity), stance].append(claim)
    found = []
    for (triple, polarity, stance), members in groups.items():
        happened = polarity is Polarity.POSITIVE and stance == "happened"
        for occurrence in _occurrences(members, sources.published):
            against: list[Told] = []
            if happened:
                against = [c for c in denials if c.triple == triple and c.days.meets(occurrence.when)]
                against += [c for c in reverses(triple, claims) if c.days.meets(occurrence.when)]
                if occurrence.when.last - occurrence.when.first <= _ONE_TOLL:
                    against += numbers_against(occurrence.claims, sources)
            found.append(_event(triple, polarity, stance, occurrence, against))
    return found


def _occurrences(claims: Sequence[Told], published: Mapping[str, int]) -> Iterable[_Occurrence]:
    by_days: dict[Days, list[Told]] = defaultdict(list)
    for claim in claims:
        by_days[claim.days].append(claim)
    undated = by_days.pop(ANY, [])
    # Dated occurrences never overlap: each begins where no other fits, and only gets narrower.
    dated: list[_Occurrence] = []
    ambiguous: list[_Occurrence] = []
    for when in sorted(by_days, key=lambda d: (d.last - d.first, d)):
        start = bisect_left(dated, when.first, key=lambda occurrence: occurrence.when.last)
        end = bisect_right(dated, when.last, key=lambda occurrence: occurrence.when.first)
        if end - start > 1:
            ambiguous.append(_Occurrence(when, by_days[when]))
        elif end - start == 1:
            dated[start].when = dated[start].when.both(when)
            dated[start].claims += by_days[when]
        else:
            dated.insert(start, _Occurrence(when, list(by_days[when])))
    told_in: dict[str, list[_Occurrence]] = defaultdict(list)
    for occurrence in dated:
        for document in {claim.document for claim in occurrence.claims}:
            told_in[document].append(occurrence)
    rest = _Occurrence(ANY)
    joined: list[tuple[_Occurrence, Told]] = []
    for claim in undated:
        candidates = told_in[claim.document]
        day_of = published.get(claim.document)
        if not candidates and day_of is not None:
            candidates = [o for o in dated if o.when.first <= day_of]
            if len(candidates) > 1:
                candidates = [o for o in candidates if o.when.first >= day_of - _NEWS]
        elif not candidates:
            candidates = dated
        joined.append((candidates[0] if len(candidates) == 1 else rest, claim))
    for occurrence, claim in joined:
        occurrence.claims.append(claim)
    return [*dated, *ambiguous, *([rest] if rest.claims else [])]


def _event(triple: tuple[str, str, str], polarity: Polarity, stance: str, occurrence: _Occurrence,
           against: Iterable[Told]) -> Event:
    surest = min(occurrence.claims, key=lambda claim: (_SUREST.index(Modality(claim.modality)), claim.id))
    first, last = occurrence.when
    return Event(
        id=content_id("event", *triple, polarity, stance, first, last),
        subject=triple[0], relation=triple[1], object=triple[2],
        event_type=surest.event_type, mode=surest.mode, modality=Modality(surest.modality), polarity=polarity,
        when=DateRange(
            earliest=day(first), latest=day(last),
            earliest_claim=_sayer(c for c in occurrence.claims if day(first) and c.first == first),
            latest_claim=_sayer(c for c in occurrence.claims if day(last) and c.last == last)),
        places=tuple(sorted({claim.place for claim in occurrence.claims if claim.place})),
        quantities=_quantities(occurrence.claims),
        claims=tuple(sorted(claim.id for claim in occurrence.claims)),
        against=tuple(sorted({claim.id for claim in against})),
        documents=tuple(sorted({claim.document for claim in occurrence.claims})))


def _sayer(claims: Iterable[Told]) -> str | None:
    """The surest of the claims that say the same bound."""
    return min(((-claim.confidence, claim.id) for claim in claims), default=(0, None))[1]


def _quantities(claims: Iterable[Told]) -> tuple[QuantityRange, ...]:
    """The range of each unit over the claims.

    It spans every number said: *at least 3* and *7* make 3 to 7. An end that no claim gives (*up to 12,000* alone says
    nothing of a least) stays open.
    """
    stated: dict[str | None, list[Told]] = defaultdict(list)
    for claim in claims:
        if claim.counted:
            stated[claim.unit].append(claim)
    return tuple(_range(unit, stated[unit]) for unit in sorted(stated, key=lambda unit: (unit is not None, unit or "")))


def _range(unit: str | None, claims: Sequence[Told]) -> QuantityRange:
    numbers = [(bound, claim) for claim in claims for bound in (claim.least, claim.most) if bound is not None]
    has_least = any(claim.least is not None for claim in claims)
    has_most = any(claim.most is not None for claim in claims)
    least = min((number for number, _ in numbers), default=None) if has_least else None
    most = max((number for number, _ in numbers), default=None) if has_most else None
    return QuantityRange(
        unit=unit, min=least, min_claim=_sayer(claim for number, claim in numbers if number == least),
        max=most, max_claim=_sayer(claim for number, claim in numbers if number == most))
