"""Which claims tell of one act: claims of one relation and one pair whose times agree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kg.assemble.times import ANY, Days, day, days
from kg.model import Claim, DateRange, Event, Modality, Polarity, QuantityRange, content_id
from kg.ontology import ontology
from kg.rdf import canonical

_SUREST = tuple(Modality)
_HAPPENED = (Modality.ASSERTED, Modality.LIKELY)


@dataclass
class _Occurrence:
    """Claims of one act, and the days that all of them allow."""

    when: Days
    claims: list[Claim] = field(default_factory=list)


def events(claims: Sequence[Claim], published: Mapping[str, date]) -> tuple[Event, ...]:
    """The events that claims tell of, sorted by id; `published` gives the day of each document that has one.

    A relation without an event type is a lasting state (*leads*, *memberOf*) and makes no event. What is asserted or
    likely, what is possible, planned, demanded or hypothetical, and what is denied, are kept as events apart: a plan is
    not yet the act. Within each of these, claims are one event where

    * their days overlap, taken from the most precise to the least, so that *in 2024* joins *on 19 June 2024*;
      where it would fit several dated events it stays by itself, beside those that name the same days;
    * a claim without a date joins the one dated event that its own document tells of, or else the only one there is
      that is not later than its document; failing that it joins the other undated claims.
    """
    groups: dict[tuple[tuple[str, str, str], Polarity, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        known = ontology().relations.get(claim.relation)
        if known.event_type if known else claim.event_type:
            stance = "happened" if claim.modality in _HAPPENED else claim.modality.value
            groups[canonical(*claim.triple), claim.polarity, stance].append(claim)
    found = [_event(triple, polarity, stance, occurrence) for (triple, polarity, stance), members in groups.items()
             for occurrence in _occurrences(members, published)]
    return tuple(sorted(found, key=lambda event: event.id))


def _occurrences(claims: Sequence[Claim], published: Mapping[str, date]) -> Iterable[_Occurrence]:
    by_days: dict[Days, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_days[days(claim)].append(claim)
    undated = by_days.pop(ANY, [])
    dated: list[_Occurrence] = []
    ambiguous: list[_Occurrence] = []
    for when in sorted(by_days, key=lambda d: (d.last - d.first, d)):
        fitting = [occurrence for occurrence in dated if occurrence.when.meets(when)]
        if len(fitting) > 1:
            ambiguous.append(_Occurrence(when, by_days[when]))
            continue
        if not fitting:
            dated.append(fitting_one := _Occurrence(when))
        else:
            fitting_one = fitting[0]
        fitting_one.when = fitting_one.when.both(when)
        fitting_one.claims += by_days[when]
    told_in: dict[str, list[_Occurrence]] = defaultdict(list)
    for occurrence in dated:
        for document in {claim.document for claim in occurrence.claims}:
            told_in[document].append(occurrence)
    rest = _Occurrence(ANY)
    for claim in undated:
        candidates = told_in[claim.document]
        if not candidates and claim.document in published:
            candidates = [o for o in dated if o.when.first <= published[claim.document].toordinal()]
        elif not candidates:
            candidates = dated
        (candidates[0] if len(candidates) == 1 else rest).claims.append(claim)
    return [*dated, *ambiguous, *([rest] if rest.claims else [])]


def _event(triple: tuple[str, str, str], polarity: Polarity, stance: str, occurrence: _Occurrence) -> Event:
    surest = min(occurrence.claims, key=lambda claim: (_SUREST.index(claim.modality), claim.id))
    first, last = occurrence.when
    return Event(
        id=content_id("event", *triple, polarity, stance, first, last),
        subject=triple[0], relation=triple[1], object=triple[2],
        event_type=surest.event_type, mode=surest.mode, modality=surest.modality, polarity=polarity,
        when=DateRange(
            earliest=day(first), latest=day(last),
            earliest_claim=_sayer(c for c in occurrence.claims if day(first) and days(c).first == first),
            latest_claim=_sayer(c for c in occurrence.claims if day(last) and days(c).last == last)),
        places=tuple(sorted({claim.place.entity.id for claim in occurrence.claims if claim.place})),
        quantities=_quantities(occurrence.claims),
        claims=tuple(sorted(claim.id for claim in occurrence.claims)))


def _sayer(claims: Iterable[Claim]) -> str | None:
    """The surest of the claims that say the same bound."""
    return min(((-claim.confidence, claim.id) for claim in claims), default=(0, None))[1]


def _quantities(claims: Iterable[Claim]) -> tuple[QuantityRange, ...]:
    """The range of each unit over the claims.

    It spans every number said: *at least 3* and *7* make 3 to 7. An end that no claim gives (*up to 12,000* alone says
    nothing of a least) stays open.
    """
    stated: dict[str | None, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.quantity:
            stated[claim.quantity.unit and claim.quantity.unit.casefold()].append(claim)
    return tuple(_range(unit, stated[unit]) for unit in sorted(stated, key=lambda unit: (unit is not None, unit or "")))


def _range(unit: str | None, claims: Sequence[Claim]) -> QuantityRange:
    numbers = [(bound, claim) for claim in claims if claim.quantity
               for bound in (claim.quantity.min, claim.quantity.max) if bound is not None]
    has_least = any(claim.quantity and claim.quantity.min is not None for claim in claims)
    has_most = any(claim.quantity and claim.quantity.max is not None for claim in claims)
    least = min((number for number, _ in numbers), default=None) if has_least else None
    most = max((number for number, _ in numbers), default=None) if has_most else None
    return QuantityRange(
        unit=unit, min=least, min_claim=_sayer(claim for number, claim in numbers if number == least),
        max=most, max_claim=_sayer(claim for number, claim in numbers if number == most))
