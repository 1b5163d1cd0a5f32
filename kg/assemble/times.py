"""The days that a claim's time allows, as numbers that can be compared and intersected."""

from datetime import date
from typing import NamedTuple, Self

from kg.model import Claim

_BEFORE_ALL = 0
_AFTER_ALL = date.max.toordinal() + 1


class Days(NamedTuple):
    """The days from `first` to `last`, as ordinals; an open end lies beyond every date."""

    first: int
    last: int

    def meets(self, other: Self) -> bool:
        """Whether some day lies in both."""
        return self.first <= other.last and other.first <= self.last

    def both(self, other: Self) -> "Days":
        """The days that lie in both."""
        return Days(max(self.first, other.first), min(self.last, other.last))

    def text(self) -> str:
        """The days as people read them."""
        first, last = day(self.first), day(self.last)
        return str(first) if first == last and first else f"{first or ''} to {last or ''}".strip()


ANY = Days(_BEFORE_ALL, _AFTER_ALL)


def days(claim: Claim) -> Days:
    """The days on which the act of a claim may have taken place; `ANY` where its time is not told."""
    if claim.time is None:
        return ANY
    earliest, latest = claim.time.earliest, claim.time.latest
    return Days(earliest.toordinal() if earliest else _BEFORE_ALL, latest.toordinal() if latest else _AFTER_ALL)


def day(ordinal: int) -> date | None:
    """The date of an ordinal; None beyond every date."""
    return date.fromordinal(ordinal) if _BEFORE_ALL < ordinal < _AFTER_ALL else None
