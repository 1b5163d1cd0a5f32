"""What one document has named so far: its things, where each was last named, and the lists they were named in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from spacy.tokens import Token

from kg.extract import names
from kg.extract.names import Gazetteer
from kg.extract.nouns import Nouns
from kg.extract.phrases import Kind, Phrase
from kg.model import Document, Entity, EntityType

ACTORS = (
    EntityType.STATE, EntityType.ORGANIZATION, EntityType.ARMED_FORCE, EntityType.ARMED_GROUP, EntityType.PERSON,
    EntityType.GROUP,
)
BODIES = (EntityType.STATE, EntityType.ORGANIZATION, EntityType.ARMED_FORCE, EntityType.ARMED_GROUP)
MAX_ALIASES = 12
HYPHENS = ("-", "‑", "–")


@dataclass(slots=True)
class Referent:
    """A thing of the document while it is being read: what is known of it so far and where it was last named."""

    entity: Entity
    names: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    gender: str = ""
    last: tuple[int, int] = (-1, -1)
    subject: bool = False
    times: int = 0

    @property
    def plural(self) -> bool:
        """Whether it is a body of several people."""
        return self.entity.type in (EntityType.GROUP, EntityType.ARMED_GROUP, EntityType.ARMED_FORCE)


@dataclass(frozen=True, slots=True)
class Named:
    """A phrase with the things that it names: one, or several for *both sides*; `capital` is the state that a capital's
    name may mean; `how` says by which sieve."""

    phrase: Phrase
    referents: tuple[Referent, ...]
    how: str
    capital: Referent | None = None


class Link(NamedTuple):
    """What a learned reader thinks a phrase points back to: a phrase of a sentence (-1: to nothing near), how surely."""

    sentence: int
    phrase: int
    probability: float


class Discourse:
    """The things named in one document so far, and the phrases that named them, by sentence."""

    def __init__(self, document: Document, gazetteer: Gazetteer, nouns: Nouns) -> None:
        self.document = document
        self.gazetteer = gazetteer
        self.nouns = nouns
        self.referents: list[Referent] = []
        self.by_id: dict[str, Referent] = {}
        self.by_name: dict[str, list[Referent]] = {}
        self.sets: list[tuple[int, tuple[Referent, ...]]] = []
        self.read: list[dict[int, Named]] = []

    def add(self, entity: Entity, *, head: str = "", name: str = "") -> Referent:
        """The referent of an entity, new or known; `head` is the noun and `name` the words that it was called by."""
        referent = self.by_id.get(entity.id)
        if referent is None:
            referent = Referent(entity)
            self.by_id[entity.id] = referent
            self.referents.append(referent)
        if head:
            referent.heads.add(head)
        for text in {name, entity.label} - {""}:
            known = self.by_name.setdefault(names.key(text), [])
            if referent not in known:
                known.append(referent)
        return referent

    def see(self, referent: Referent, phrase: Phrase, how: str) -> None:
        """Remembers that a phrase named a referent."""
        if phrase.kind is not Kind.PRONOUN and how not in ("set", "stands for state", "link"):
            referent.names.add(phrase.text)
        place = (phrase.sentence.index, phrase.head.i)
        subject = phrase.head.dep_ in ("nsubj", "nsubjpass")
        referent.subject = subject if place[0] != referent.last[0] else referent.subject or subject
        referent.last = max(place, referent.last)
        referent.times += 1

    def called(self, text: str) -> Referent | None:
        """What was last named by just this name."""
        known = self.by_name.get(names.key(text))
        return max(known, key=lambda r: r.last) if known else None

    def recent(self) -> list[Referent]:
        """Everything named so far, the last first."""
        return sorted((r for r in self.referents if r.last[0] >= 0), key=lambda r: r.last, reverse=True)

    def country(self, phrase: Phrase) -> str | None:
        """The state that a phrase's modifiers name (*Ukraine's* army, *North Korean* troops, officials *of Iran*)."""
        doc = phrase.sentence.span.doc
        for child in phrase.head.children:
            forms: tuple[str, ...] = ()
            if child.dep_ in ("poss", "amod", "compound", "nmod") or (child.dep_ == "appos" and child.i < phrase.head.i):
                before = f"{doc[child.i - 1].text} {child.text}" if child.i > 0 else ""
                forms = (doc[child.left_edge.i : child.i + 1].text, child.text, before)
            elif child.dep_ == "prep" and child.lower_ == "of":
                inner = next((c for c in child.children if c.dep_ == "pobj"), None)
                forms = (doc[inner.left_edge.i : inner.i + 1].text, inner.text) if inner is not None else ()
            for form in forms:
                if form[:1].isupper() and (found := self._state(form)):
                    return found
        # *US-backed* forces are not of the U.S.
        free = (t for t in phrase.tokens if t.i != phrase.head.i and t.text[:1].isupper() and doc[t.i + 1 : t.i + 2].text not in HYPHENS)
        inside = (names.state(t.text) for t in free)
        return next((state.id for state in inside if state is not None), None)

    def _state(self, text: str) -> str | None:
        for name in self.gazetteer.get(text):
            if name.entity.type is EntityType.STATE:
                return name.entity.id
            return None
        state = names.state(text) or names.capital(text)
        return state.id if state else None

    def entity(self, referent: Referent) -> Entity:
        """The entity of a referent with every name that the document calls it by."""
        called = (re.sub(r"\s+", " ", n) for n in sorted(referent.names, key=lambda n: (len(n), n)))
        seen = dict.fromkeys(n for n in called if n != referent.entity.label)
        return referent.entity.model_copy(update={"aliases": tuple(list(seen)[:MAX_ALIASES])})


def listed(token: Token) -> list[Token]:
    """What is coordinated after a token."""
    found: list[Token] = []
    for child in token.rights:
        if child.dep_ == "conj":
            found += [child, *listed(child)]
    return found


def clause(token: Token) -> Token:
    """The verb whose clause a token stands in."""
    while token.pos_ not in ("VERB", "AUX") and token.head.i != token.i:
        token = token.head
    return token


SECTORS: Mapping[str, frozenset[str]] = {
    "GOV": frozenset(("government", "official", "minister", "ministry", "president", "leader", "administration", "regime",
                      "authority", "diplomat", "envoy", "ambassador", "spokesman", "cabinet")),
    "MIL": frozenset(("army", "troop", "soldier", "military", "force", "navy", "general", "commander")),
    "COP": frozenset(("police", "officer")),
    "JUD": frozenset(("court", "judge", "tribunal", "prosecutor")),
    "LEG": frozenset(("parliament", "lawmaker", "senator", "congress", "senate", "legislature")),
    "OPP": frozenset(("opposition", "protester", "demonstrator", "dissident", "activist")),
    "REB": frozenset(("rebel", "insurgent", "militant", "guerrilla", "fighter", "militia")),
    "MED": frozenset(("journalist", "reporter", "media", "newspaper", "broadcaster")),
    "BUS": frozenset(("company", "firm", "bank", "corporation")),
    "CVL": frozenset(("civilian", "people", "resident", "refugee", "migrant", "villager", "citizen", "student")),
}


def sector(head: str) -> str | None:
    """The PLOVER sector that a noun puts an actor in."""
    return next((name for name, heads in SECTORS.items() if head in heads), None)
