"""The core types: what is read from a document and what many documents add up to.

Everything here is frozen and knows nothing of files, networks or any particular extractor. All offsets count Unicode
code points in `Document.text`, end exclusive.
"""

import calendar
import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator


class EntityType(StrEnum):
    """What kind of thing an entity is (`ontology/kg.ttl` has the class of the same name)."""

    STATE = "State"
    ORGANIZATION = "Organization"
    ARMED_FORCE = "ArmedForce"
    ARMED_GROUP = "ArmedGroup"
    PERSON = "Person"
    GROUP = "Group"
    PLACE = "Place"
    AGREEMENT = "Agreement"
    PROPOSAL = "Proposal"
    OFFICE = "Office"
    THING = "Thing"


class Polarity(StrEnum):
    """Whether the act is said to have happened (positive) or not to have happened (negative)."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class Modality(StrEnum):
    """How the text commits itself to the act."""

    ASSERTED = "asserted"
    LIKELY = "likely"
    POSSIBLE = "possible"
    PLANNED = "planned"
    HYPOTHETICAL = "hypothetical"
    DEMANDED = "demanded"


class FactStatus(StrEnum):
    """Who stands behind a fact: a publisher's own voice, only quoted sources, or parties that disagree."""

    REPORTED = "reported"
    ATTRIBUTED = "attributed"
    CONTESTED = "contested"


def content_id(*parts: object) -> str:
    """A stable identifier: the first 16 hexadecimal digits of the SHA-256 of the parts, joined by U+001F."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:16]


def slug(text: str) -> str:
    """A name as it stands in an IRI: lower case, runs of anything but letters and digits turned into one hyphen."""
    return "-".join(re.findall(r"[^\W_]+", text.lower())) or "unnamed"


class Frozen(BaseModel):
    """Base of all core types: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Frozen):
    """One article as it will be cited.

    `name` is the id given in the input or the base name of the file; `id` identifies the article across runs: a hash of
    its URL where it has one, else its name (so that a changed text replaces its older version). `sha256` is that of the
    text's UTF-8 bytes. `body` lists the (start, end) stretches that are the article itself, without site furniture;
    claims are read from these alone. `source` says where it was read from (a path, or "-").
    """

    id: str
    name: str
    text: str
    sha256: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: date | None = None
    published_from: str | None = None
    language: str = "en"
    source: str | None = None
    body: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, text: str, *, name: str | None = None, url: str | None = None, **fields: Any) -> Self:
        """A document with its ids derived from text, name and URL; `body` is the whole text unless given."""
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        name = name or digest[:16]
        fields.setdefault("body", ((0, len(text)),))
        return cls(id=content_id("url", url) if url else slug(name) if slug(name) == name else content_id("name", name),
                   name=name, text=text, url=url, sha256=digest, **fields)


class Span(Frozen):
    """A stretch of a document's text: `document.text[start:end] == text`."""

    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Entity(Frozen):
    """A thing in the world, under the names that it was called by.

    `id` is a code where one exists (ISO 3166-1 alpha-3 for states, a Wikidata QID), else type and normal name, followed
    by `@document` where the name alone (*the treaty*, *the minister*) says nothing outside its document. `country` is
    ISO 3166-1 alpha-3, `sector` a PLOVER sector.
    """

    id: str
    label: str
    type: EntityType
    country: str | None = None
    sector: str | None = None
    wikidata: str | None = None
    aliases: tuple[str, ...] = ()


class Mention(Span):
    """An entity where a document names it."""

    entity: Entity


class Time(Span):
    """When an act took place, and the words it was read from.

    `value` is an ISO 8601 date, month, year, or an interval `start/end` of these; `..` marks an open end.
    """

    value: str = Field(pattern=r"^(\d{4}(-\d\d(-\d\d)?)?|\.\.)(/(\d{4}(-\d\d(-\d\d)?)?|\.\.))?$")

    @property
    def earliest(self) -> date | None:
        """The first day that the value allows; None where it is open."""
        return _bound(self.value.split("/")[0], last=False)

    @property
    def latest(self) -> date | None:
        """The last day that the value allows; None where it is open."""
        return _bound(self.value.split("/")[-1], last=True)

    @model_validator(mode="after")
    def _real_days(self) -> Self:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError(f"interval ends before it starts: {self.value}")
        return self


def _bound(value: str, *, last: bool) -> date | None:
    if value == "..":
        return None
    parts = [int(part) for part in value.split("-")]
    month = parts[1] if len(parts) > 1 else 12 if last else 1
    day = parts[2] if len(parts) > 2 else calendar.monthrange(parts[0], month)[1] if last else 1
    return date(parts[0], month, day)


class Quantity(Span):
    """How many or how much. A bound that the words do not give is None; `unit` is a plural noun or a currency."""

    min: float | None = None
    max: float | None = None
    unit: str | None = None
    approximate: bool = False


class Claim(Frozen):
    """What one sentence of one document reports: `subject --relation--> object`, with its evidence (spec: claims.md).

    `object` is None where the text names no second party. `attribution` holds the sources that vouch for the claim,
    outermost first; empty where the article speaks in its own voice. `confidence` is a calibrated probability.
    """

    id: str
    document: str
    subject: Mention
    relation: str
    object: Mention | None
    event_type: str | None
    mode: str | None
    polarity: Polarity = Polarity.POSITIVE
    modality: Modality = Modality.ASSERTED
    attribution: tuple[Mention, ...] = ()
    time: Time | None = None
    place: Mention | None = None
    quantity: Quantity | None = None
    sentence: Span
    trigger: Span
    confidence: float = Field(ge=0, le=1)
    extractor: str

    @classmethod
    def of(cls, **fields: Any) -> Self:
        """A claim with its id derived from document, relation, offsets, modality and polarity."""
        subject, trigger, object_ = fields["subject"], fields["trigger"], fields["object"]
        identity = content_id(
            fields["document"], fields["relation"], trigger.start, trigger.end, subject.start, subject.end,
            subject.entity.id, *((object_.start, object_.end, object_.entity.id) if object_ else ("", "", "")),
            fields.get("modality", Modality.ASSERTED), fields.get("polarity", Polarity.POSITIVE))
        return cls(id=identity, **fields)

    @property
    def triple(self) -> tuple[str, str, str]:
        """Ids of subject, relation and object ("" where there is none)."""
        return self.subject.entity.id, self.relation, self.object.entity.id if self.object else ""

    @property
    def spans(self) -> Iterable[Span]:
        """Every stretch of text that the claim cites."""
        cited = (self.sentence, self.trigger, self.subject, self.object, *self.attribution, self.time, self.place,
                 self.quantity)
        return (span for span in cited if span is not None)


class Considered(Frozen):
    """What an extractor weighed in one sentence: everything that it saw named there, and claims of all acts that it
    thought of, however unlikely, and whether or not their relation takes such things."""

    sentence: Span
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]


class DateRange(Frozen):
    """The days an event may have fallen on, each bound with the id of the claim that says it."""

    earliest: date | None = None
    earliest_claim: str | None = None
    latest: date | None = None
    latest_claim: str | None = None


class QuantityRange(Frozen):
    """The span of a quantity over an event's claims, each bound with the id of the claim that says it."""

    unit: str | None
    min: float | None = None
    min_claim: str | None = None
    max: float | None = None
    max_claim: str | None = None


class Event(Frozen):
    """One act, whoever reports it: claims of one relation and one pair whose times agree.

    `object` is "" where no second party is named. `modality` and `polarity` are those of its claims, the surest first
    chosen; `claims` are sorted ids. `against` are claims that deny the act, tell it the other way round, or say another
    number (sorted ids; a claim with another number is one of `claims` too): with any, the event is contested.
    """

    id: str
    subject: str
    relation: str
    object: str
    event_type: str | None
    mode: str | None
    modality: Modality
    polarity: Polarity
    when: DateRange
    places: tuple[str, ...] = ()
    quantities: tuple[QuantityRange, ...] = ()
    claims: tuple[str, ...]
    against: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class Fact(Frozen):
    """One triple that at least one claim asserts, and who stands behind it.

    `claims` support it, `against` deny it or say the opposite (sorted ids); `publishers` counts independent ones;
    `sources` are the entities quoted for it. `first` and `last` bound the days of the act, `belief` is in 0..1.
    """

    id: str
    subject: str
    relation: str
    object: str
    status: FactStatus
    claims: tuple[str, ...]
    against: tuple[str, ...] = ()
    documents: tuple[str, ...]
    publishers: int
    sources: tuple[str, ...] = ()
    belief: float = Field(ge=0, le=1)
    first: date | None = None
    last: date | None = None


class Merge(Frozen):
    """What a document calls `local` is the entity `entity`, and why; for things that keep their own id there is none."""

    document: str
    local: str
    entity: str
    because: str


class Judgement(Frozen):
    """What a person decided about entities: that two are one (merge), or that one is two (split).

    `entity` is an id; of a merge it is the one that stays. `others` are what joins it, or is taken out of it: ids of
    entities, or (of a split) `document/ID` for what those documents call so.
    """

    verdict: Literal["merge", "split"]
    entity: str
    others: tuple[str, ...] = Field(min_length=1)
    at: datetime
    by: str = ""
    why: str = ""


class Ends(Frozen):
    """Which entities a claim joins once its document's names are resolved; `sources` are outermost first."""

    claim: str
    document: str
    subject: str
    relation: str
    object: str
    place: str
    sources: tuple[str, ...]


class Assembly(Frozen):
    """What many claims add up to; every tuple is sorted by id."""

    entities: tuple[Entity, ...]
    events: tuple[Event, ...]
    facts: tuple[Fact, ...]
    merges: tuple[Merge, ...] = ()


class Gone(Frozen):
    """What an assembly no longer has; of a merge `id` is the document's own name for the thing."""

    kind: Literal["entity", "event", "fact", "merge"]
    id: str
    document: str = ""


Change: TypeAlias = Entity | Event | Fact | Merge | Ends | Gone
"""What became of an assembly: a thing as it is now, a claim's ends as they are now, or what is gone."""


class Rejected(Frozen):
    """Something that was not taken in, and why: a document, a line of a stream, or a claim that failed its check."""

    source: str
    reason: str
    detail: str = ""


class Run(Frozen):
    """What one `kg build` did; `reasons` counts rejected claims and documents by reason."""

    documents: int = 0
    unchanged: int = 0
    replaced: int = 0
    words: int = 0
    claims: int = 0
    facts: int = 0
    contested: int = 0
    rejected: tuple[Rejected, ...] = ()
    undated: tuple[str, ...] = ()
    seconds: float = 0
    started: datetime | None = None
