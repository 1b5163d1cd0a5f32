"""Explanations: why a claim was read, as data."""

from collections.abc import Mapping

from kg.extract.lexicon import Frame
from kg.model import Claim, Entity, Frozen, Mention, Modality, Polarity, Span


class Edge(Frozen):
    """One step through the parse: along an arc with this label, up to its head or down from it, to a word."""

    label: str
    up: bool
    word: str


class Actor(Frozen):
    """Subject or object of the claim: its words, and how they got their entity.

    `how` is the sieve of coreference; where it goes back to other words these are `antecedent`, and `probability` is the
    learned reader's where its link decided. `fills` is the predicate's role that it has, `path` the way to it from the
    trigger.
    """

    role: str
    words: Span
    kind: str
    entity: Entity
    how: str
    antecedent: Span | None
    probability: float | None
    fills: str | None
    path: tuple[Edge, ...]


class Lexical(Frozen):
    """What the lexicon said: the predicate with the words in its roles, and the frame that fits it.

    For an office that a title or an apposition tells of there is no frame, and `entry` alone says so.
    """

    entry: str
    sure: float
    frame: Frame | None = None
    part: str = ""
    lemma: str = ""
    passive: bool = False
    roles: Mapping[str, tuple[str, ...]] = {}


class Learned(Frozen):
    """Probabilities of the learned reader for the pair: of the claim's relation, of any relation, of negation; the likeliest
    relations and modalities; and the word that it points to as trigger."""

    relation: float
    any: float
    negative: float
    relations: Mapping[str, float]
    modalities: Mapping[str, float]
    trigger: str


class Weighed(Frozen):
    """A feature of the decision; it adds value × weight to the log odds."""

    feature: str
    value: float
    weight: float
    adds: float


class Step(Frozen):
    """A word over the act, in which construction the act stands under it, and what the act is known to be after it."""

    words: str
    construction: str
    modality: Modality
    polarity: Polarity


class Voice(Frozen):
    """A source of the claim; `words` make it one (*said*, *according to*), or it speaks in a quotation."""

    source: Mention
    words: str
    quoted: bool


class Detail(Frozen):
    """Time, place or quantity: the words it was read from, and the sentence where they stand, if that is another one."""

    what: str
    words: Span
    value: str
    sentence: str | None


class Explanation(Frozen):
    """Why a claim was read. `claim` is what is to be explained, `now` what the extractor makes of it when it reads the
    document again: None where it no longer sees it at all.

    `again` says that it makes just this claim again; where it does not, `notes` say what became of it. `others` are the
    claims that it reads in the same sentence. Everything else explains `now`.
    """

    claim: Claim
    now: Claim | None
    again: bool
    extractor: str
    notes: tuple[str, ...]
    lexical: Lexical | None = None
    learned: Learned | None = None
    decision: tuple[Weighed, ...] = ()
    threshold: float
    actors: tuple[Actor, ...] = ()
    steps: tuple[Step, ...] = ()
    voices: tuple[Voice, ...] = ()
    details: tuple[Detail, ...] = ()
    others: tuple[Claim, ...] = ()
