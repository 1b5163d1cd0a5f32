"""What cannot both be so: the same act the other way round, and numbers that exclude each other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kg.assemble.independence import Independence
from kg.assemble.told import Told
from kg.model import Modality, Polarity
from kg.ontology import ontology

_ABOUT = 0.1
"""How far from the truth a number may be that is said to be approximate."""
_NEVER = 10**9


def reverses(triple: tuple[str, str, str], claims: Iterable[Told]) -> list[Told]:
    """The claims that assert the triple the other way round, where its relation cannot go both ways."""
    subject, relation, object = triple
    known = ontology().relations.get(relation)
    if known is None or not known.asymmetric or not object:
        return []
    return [claim for claim in claims if (claim.subject, claim.object) == (object, subject) and not claim.denial
            and claim.polarity == Polarity.POSITIVE and claim.modality == Modality.ASSERTED]


def numbers_against(claims: Sequence[Told], sources: Independence) -> list[Told]:
    """The claims of one event whose number excludes what another voice says of the same unit.

    A count that a later day puts higher is news and no contradiction (tolls grow), and neither is another number of the
    same publisher, who corrects itself. Of two such claims the one that was published later is given.
    """
    by_unit: dict[str | None, list[Told]] = defaultdict(list)
    for claim in claims:
        if claim.least is not None and claim.most is not None:
            by_unit[claim.unit].append(claim)
    found: dict[str, Told] = {}
    for told in by_unit.values():
        if len({(claim.least, claim.most, claim.approximate) for claim in told}) < 2:
            continue
        voices = sources.groups({claim.document for claim in told})
        in_order = sorted(told, key=lambda claim: (
            sources.published.get(claim.document, _NEVER), -claim.confidence, claim.id))
        for at, later in enumerate(in_order):
            if any(_exclude(one, later) and not _updates(one, later, sources) and (
                    voices[one.document] != voices[later.document] or one.sources != later.sources) for one in in_order[:at]):
                found[later.id] = later
    return list(found.values())


def _bounds(claim: Told) -> tuple[float, float]:
    least, most = claim.least or 0.0, claim.most or 0.0
    slack = _ABOUT if claim.approximate else 0.0
    return least * (1 - slack), most * (1 + slack)


def _exclude(one: Told, other: Told) -> bool:
    (least, most), (other_least, other_most) = _bounds(one), _bounds(other)
    return most < other_least or other_most < least


def _updates(earlier: Told, later: Told, sources: Independence) -> bool:
    """Whether a report of a later day says more than an earlier one."""
    day, next_day = sources.published.get(earlier.document), sources.published.get(later.document)
    return day is not None and next_day is not None and day < next_day and _bounds(later)[0] > _bounds(earlier)[1]
