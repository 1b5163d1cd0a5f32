"""Which triples are told as so, by whom, against whom, and how far to believe them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import prod

from kg.assemble.contradictions import reverses
from kg.assemble.independence import Independence
from kg.assemble.times import day
from kg.assemble.told import Told
from kg.model import Fact, FactStatus, Modality, Polarity, content_id

THRESHOLD = 0.5
"""Confidence from which on a claim counts for or against a fact."""
OWN_VOICE_ERROR = 0.03
"""How often what a publisher says in its own voice, rightly read, is wrong."""
SOURCE_ERROR = 0.2
"""How often what a publisher only passes on from a source, rightly read, is wrong."""


def facts(claims: Sequence[Told], sources: Independence) -> list[Fact]:
    """The facts that claims of one relation and pair add up to.

    A fact needs an object, and a claim that is asserted, positive and at or over the threshold. A negative claim of the
    same triple (asserted or likely, and at or over the threshold) stands against it where their times can be the same:
    not having sent arms in 2022 contests nothing about 2024. So does what the accused denies, and the same told the other way
    round of a relation that cannot go both ways.
    """
    support: dict[tuple[str, str, str], list[Told]] = defaultdict(list)
    denial: dict[tuple[str, str, str], list[Told]] = defaultdict(list)
    sure = [claim for claim in claims if claim.object and claim.confidence >= THRESHOLD]
    for claim in sure:
        if claim.polarity == Polarity.POSITIVE and claim.modality == Modality.ASSERTED:
            support[claim.triple].append(claim)
        elif claim.polarity == Polarity.NEGATIVE and claim.modality in (Modality.ASSERTED, Modality.LIKELY):
            denial[claim.triple].append(claim)
    return [_fact(triple, told, denial.get(triple, []) + reverses(triple, sure), sources)
            for triple, told in support.items()]


def _fact(triple: tuple[str, str, str], told: Sequence[Told], denied: Sequence[Told], sources: Independence) -> Fact:
    when = {claim.days for claim in told}
    against = [claim for claim in denied if any(claim.days.meets(one) for one in when)]
    own_voice = any(not claim.sources for claim in told)
    documents = sorted({claim.document for claim in told})
    return Fact(
        id=content_id("fact", *triple), subject=triple[0], relation=triple[1], object=triple[2],
        status=FactStatus.CONTESTED if against else FactStatus.REPORTED if own_voice else FactStatus.ATTRIBUTED,
        claims=tuple(sorted({claim.id for claim in told})), against=tuple(sorted({claim.id for claim in against})),
        documents=tuple(documents), publishers=len(set(sources.groups(documents).values())),
        sources=tuple(sorted({source for claim in told for source in claim.sources})),
        belief=belief(told, against, sources),
        first=min((d for one in when if (d := day(one.first))), default=None),
        last=max((d for one in when if (d := day(one.last))), default=None))


def belief(told: Sequence[Told], against: Sequence[Told], sources: Independence) -> float:
    """How far to believe what claims tell, 0 to 1.

    Each independent voice v is wrong with probability ``e_v + (1 - e_v) * product(1 - c)``: `c` are the confidences of
    its claims (each may be misread), and `e_v` the error that no rereading removes. This is INDRA's belief model,
    random and systematic errors of a source (Gyori et al., From word models to executable models of signaling networks
    using automated assembly, Mol. Syst. Biol. 13:954, 2017). All voices must be wrong for the fact to be wrong, a noisy
    or, as in the fusion of Knowledge Vault (Dong et al., KDD 2014)::

        b = 1 - product over voices of (e_v + (1 - e_v) * product(1 - c))

    A voice is an independent publisher (`Independence.groups`) that says it itself, e = 0.03; publishers that only pass
    on what one source says are together one voice, e = 0.2. Claims against make a belief `b'` in the same way; the two
    are weighed by their odds: ``b (1 - b') / (b (1 - b') + b' (1 - b))``, so that equal voices on both sides give 0.5.
    """
    wrong = _all_wrong(told, sources)
    if not against:
        return round(1 - wrong, 6)
    denied = _all_wrong(against, sources)
    yes, no = (1 - wrong) * denied, (1 - denied) * wrong
    return round(yes / (yes + no), 6)


def _all_wrong(claims: Sequence[Told], sources: Independence) -> float:
    """The chance that every voice is wrong; never quite zero, however many they are."""
    groups = sources.groups({claim.document for claim in claims})
    speaking = {groups[claim.document] for claim in claims if not claim.sources}
    voices: dict[tuple[str, str], list[float]] = defaultdict(list)
    for claim in claims:
        if (group := groups[claim.document]) in speaking:
            voices["publisher", group].append(claim.confidence)
        else:
            voices["source", claim.sources[-1]].append(claim.confidence)
    return max(1e-9, prod(_wrong(OWN_VOICE_ERROR if kind == "publisher" else SOURCE_ERROR, voices[kind, name])
                          for kind, name in sorted(voices)))


def _wrong(error: float, confidences: Iterable[float]) -> float:
    return error + (1 - error) * prod(1 - confidence for confidence in sorted(confidences))
