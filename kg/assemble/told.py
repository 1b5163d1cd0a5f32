"""What assembly looks at in a claim and in a document: ids, days and numbers, without the words."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from kg.assemble.independence import signature
from kg.assemble.times import Days, days
from kg.model import Claim, Document, Entity, Mention, Modality, Polarity
from kg.rdf import canonical

Description = tuple[str, str, str | None, str | None, str | None, tuple[str, ...]]
"""Label, type, country, sector, Wikidata QID and aliases: what a mention says of its entity."""


class Told(NamedTuple):
    """One claim. `object` and `place` are "" where there is none; the numbers are None where none is told.

    `denial` marks what stands for a claim `S denied O`: it speaks against the triple given here, as told by O.
    """

    id: str
    document: str
    subject: str
    relation: str
    object: str
    place: str
    sources: tuple[str, ...]
    modality: str
    polarity: str
    confidence: float
    event_type: str | None
    mode: str | None
    first: int
    last: int
    counted: bool = False
    least: float | None = None
    most: float | None = None
    unit: str | None = None
    approximate: bool = False
    denial: bool = False

    @property
    def days(self) -> Days:
        """The days on which the act may have taken place."""
        return Days(self.first, self.last)

    @property
    def triple(self) -> tuple[str, str, str]:
        """Subject, relation and object in the direction that they are counted under."""
        return canonical(self.subject, self.relation, self.object)

    @property
    def key(self) -> str:
        """What claims share that can add up or contradict each other: the relation and the pair, in either direction."""
        return "\x1f".join((self.relation, *sorted((self.subject, self.object))))

    @property
    def things(self) -> set[str]:
        """The ids of everything that it names."""
        return {self.subject, self.object, self.place, *self.sources} - {""}

    @classmethod
    def load(cls, text: str) -> Self:
        """The claim that `json.dumps` wrote."""
        claim = cls(*json.loads(text))
        return claim._replace(sources=tuple(claim.sources)) if claim.sources else claim._replace(sources=())

    def resolved(self, entities: Mapping[tuple[str, str], str]) -> Self:
        """The claim about the entities that its document's names stand for, where they stand for others."""
        def of(id: str) -> str:
            return entities.get((self.document, id), id)

        return self._replace(subject=of(self.subject), object=of(self.object), place=of(self.place),
                             sources=tuple(map(of, self.sources)))


def told(claim: Claim) -> Told:
    """What assembly looks at in a claim."""
    when, amount = days(claim), claim.quantity
    return Told(
        id=claim.id, document=claim.document, subject=claim.subject.entity.id, relation=claim.relation,
        object=claim.object.entity.id if claim.object else "", place=claim.place.entity.id if claim.place else "",
        sources=tuple(source.entity.id for source in claim.attribution), modality=claim.modality.value,
        polarity=claim.polarity.value, confidence=claim.confidence, event_type=claim.event_type, mode=claim.mode,
        first=when.first, last=when.last, counted=amount is not None, least=amount.min if amount else None,
        most=amount.max if amount else None, unit=amount.unit and amount.unit.casefold() if amount else None,
        approximate=amount is not None and amount.approximate)


@dataclass(frozen=True)
class Reading:
    """What assembly looks at in a document: when and by whom it was published, a signature of its text, its claims, and
    how it describes the things that they name (by id, with how often)."""

    document: str
    published: int | None
    publisher: str | None
    signature: bytes
    claims: Sequence[Told]
    described: dict[str, Counter[Description]]


def reading(document: Document | str, claims: Iterable[Claim]) -> Reading:
    """The reading of a document, or of one of which only the id is known."""
    unique: dict[str, Claim] = {}
    for claim in claims:
        if claim.id not in unique or unique[claim.id].confidence < claim.confidence:
            unique[claim.id] = claim
    described: dict[str, Counter[Description]] = {}
    for claim in unique.values():
        for mention in _mentions(claim):
            described.setdefault(mention.entity.id, Counter())[_description(mention.entity)] += 1
    found = [told(unique[id]) for id in sorted(unique)]
    found += [denial for told_ in found for denial in _denials(told_, found)]
    if isinstance(document, str):
        return Reading(document, None, None, b"", found, described)
    return Reading(
        document.id, document.published.toordinal() if document.published else None,
        " ".join(document.publisher.casefold().split()) if document.publisher else None,
        signature(document) if found else b"", found, described)


def _denials(denial: Told, claims: Sequence[Told]) -> Iterable[Told]:
    """What `S denied O` says against: acts of S that the same document has O tell of."""
    if denial.relation == "denied" and denial.polarity == Polarity.POSITIVE and denial.modality == Modality.ASSERTED:
        for claim in claims:
            if (claim.id != denial.id and claim.subject == denial.subject and denial.object in claim.sources
                    and claim.polarity == Polarity.POSITIVE):
                yield claim._replace(
                    id=denial.id, sources=(denial.subject,), polarity=Polarity.NEGATIVE.value,
                    modality=denial.modality, confidence=denial.confidence, counted=False, denial=True)


def _mentions(claim: Claim) -> Iterable[Mention]:
    mentions = (claim.subject, claim.object, claim.place, *claim.attribution)
    return (mention for mention in mentions if mention is not None)


def _description(entity: Entity) -> Description:
    return entity.label, entity.type.value, entity.country, entity.sector, entity.wikidata, entity.aliases
