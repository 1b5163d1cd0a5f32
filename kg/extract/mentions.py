"""Mentions: which thing each phrase of a document names (coreference by sieves, from sure to unsure).

Names come first (gazetteer, acronyms, surnames of people named before), then phrases that say whose or which they are
(*Ukraine's army*, *the treaty*), then pronouns, each resolved to what was named last and fits; where nothing fits the
phrase stays a thing of its own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from spacy.tokens import Token

from kg.extract import names
from kg.extract.names import Gazetteer, Name
from kg.extract.nouns import Nouns
from kg.extract.parse import Sentence
from kg.extract.phrases import Kind, Phrase
from kg.model import Document, Entity, EntityType, content_id, slug

ACTORS = (
    EntityType.STATE,
    EntityType.ORGANIZATION,
    EntityType.ARMED_FORCE,
    EntityType.ARMED_GROUP,
    EntityType.PERSON,
    EntityType.GROUP,
)
BODIES = (EntityType.STATE, EntityType.ORGANIZATION, EntityType.ARMED_FORCE, EntityType.ARMED_GROUP)
MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})
NEUTER = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
RELATIVE = frozenset({"who", "whom", "whose", "which", "that"})
SPEAKER = frozenset({"i", "me", "my", "mine", "we", "us", "our", "ours"})
DEFINITE = frozenset({"the", "this", "that", "these", "those", "its", "his", "her", "their", "said", "such"})
NUMBERS: Mapping[str, int] = {"two": 2, "both": 2, "pair": 2, "three": 3, "trio": 3, "four": 4, "five": 5, "other": 2}
GOVERNMENTS = frozenset({"government", "regime", "administration"})
WINDOW = 4
SURE = 0.6
MAX_ALIASES = 12


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
    """The things named in one document, and the phrases that named them."""

    def __init__(self, document: Document, gazetteer: Gazetteer, nouns: Nouns) -> None:
        self.document = document
        self.gazetteer = gazetteer
        self.nouns = nouns
        self.referents: list[Referent] = []
        self.by_id: dict[str, Referent] = {}
        self.by_name: dict[str, list[Referent]] = {}
        self.sets: list[tuple[int, tuple[Referent, ...]]] = []
        self.read_so_far: list[dict[int, Named]] = []

    # ---- reading -------------------------------------------------------------------------------------------------

    def read(
        self,
        sentence: Sentence,
        phrases: Sequence[Phrase],
        types: Mapping[int, EntityType],
        found: Mapping[int, Sequence[Name]],
        links: Mapping[int, Link],
    ) -> dict[int, Named]:
        """What the phrases of the next sentence name, by index; `types` and `links` are a learned reader's guesses for
        phrases, `found` what the gazetteer knows of names, all by index."""
        named: dict[int, Named] = {}
        self.read_so_far.append(named)
        heads = {phrase.head.i: index for index, phrase in enumerate(phrases)}
        order = sorted(
            range(len(phrases)), key=lambda i: (phrases[i].kind is Kind.PRONOUN, phrases[i].kind is Kind.NOMINAL, i)
        )
        for index in order:
            phrase = phrases[index]
            linked = self._linked(links.get(index), phrase)
            if linked and phrase.kind is not Kind.NAME:
                referents, how, capital = (linked,), "link", None
            elif phrase.kind is Kind.NAME:
                referents, how, capital = self._name(phrase, found.get(index, ()), types.get(index))
            elif phrase.kind is Kind.NOMINAL:
                referents, how = self._nominal(phrase, types.get(index), named, heads)
                capital = None
            else:
                referents, how = self._pronoun(phrase, named, heads)
                capital = None
            if referents:
                named[index] = Named(phrase, referents, how, capital)
                for referent in referents:
                    self._see(referent, phrase, how)
        self._coordinated(sentence, phrases, named)
        return named

    def _linked(self, link: Link | None, phrase: Phrase) -> Referent | None:
        """What the learned reader is sure that a phrase points back to."""
        if link is None or link.phrase < 0 or link.probability < SURE or phrase.head.dep_ == "appos":
            return None
        earlier = self.read_so_far[link.sentence].get(link.phrase)
        if earlier is None or len(earlier.referents) != 1:
            return None
        return (
            earlier.capital
            if earlier.capital is not None and phrase.head.lower_ in NEUTER | PLURAL
            else earlier.referents[0]
        )

    def _see(self, referent: Referent, phrase: Phrase, how: str) -> None:
        if phrase.kind is not Kind.PRONOUN and how not in ("set", "stands for state"):
            referent.names.add(phrase.text)
        place = (phrase.sentence.index, phrase.head.i)
        if place >= referent.last or phrase.kind is not Kind.PRONOUN:
            subject = phrase.head.dep_ in ("nsubj", "nsubjpass")
            if place[0] != referent.last[0]:
                referent.subject = subject
            else:
                referent.subject = referent.subject or subject
            referent.last = max(place, referent.last)
        referent.times += 1

    def _add(self, entity: Entity, *, head: str = "", name: str = "") -> Referent:
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

    # ---- names ---------------------------------------------------------------------------------------------------

    def _name(
        self, phrase: Phrase, found: Sequence[Name], type_: EntityType | None
    ) -> tuple[tuple[Referent, ...], str, Referent | None]:
        text = re.sub(r"\s+", " ", phrase.text)
        bare = self._without_titles(text) if phrase.label == "PERSON" else text
        # A name of a person under way in the text goes before what the gazetteer knows by the same surname.
        if phrase.label in ("PERSON", "") or not found:
            if known := self._known(bare, person=phrase.label == "PERSON"):
                return (known,), "name", None
        if found:
            return self._from_gazetteer(phrase, bare, found)
        if phrase.label != "PERSON" and (state := names.state(bare)):
            people = (
                phrase.label == "NORP"
                and phrase.head.tag_ in ("NNPS", "NNS")
                and phrase.head.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj", "conj")
                and names.key(bare) not in names.key(state.label)
            )
            if people:
                entity = Entity(
                    id=f"group/{state.id.lower()}-{slug(bare)}", label=bare, type=EntityType.GROUP, country=state.id
                )
                return (self._add(entity),), "people", None
            return (self._add(state, name=bare),), "state", None
        place = names.place(bare, self.gazetteer) if phrase.label in ("GPE", "LOC", "FAC", "") or names.capital(bare) else None
        if place is not None:
            state = names.capital(bare)
            capital = None
            if state is not None:
                capital = self.by_id.get(state.id) or self._add(state)
            return (self._add(place, name=bare),), "place", capital
        guess = names.TYPES.get(phrase.label)
        kind = type_ if type_ is not None and (guess is None or phrase.label not in ("PERSON", "GPE")) else guess
        kind = kind or EntityType.THING
        if kind is EntityType.STATE:
            kind = EntityType.PLACE
        head = phrase.head.lemma_.lower()
        if noun := self.nouns.type(head, plural=False):
            kind = noun if noun in (EntityType.AGREEMENT, EntityType.PROPOSAL, EntityType.ORGANIZATION) else kind
        return (
            (
                self._add(
                    self._entity(bare, kind, phrase), head=head if kind is not EntityType.PERSON else "", name=bare
                ),
            ),
            "name",
            None,
        )

    def _entity(self, text: str, kind: EntityType, phrase: Phrase) -> Entity:
        """A new entity for a name; a lone surname means nothing outside its document."""
        name = re.sub(r"^(the|The|a|A|an) ", "", text).strip(" ,.'’\"“”")
        local = kind is EntityType.PERSON and " " not in name
        identity = f"{kind.lower()}/{slug(name)}" + (f"@{self.document.id}" if local else "")
        return Entity(id=identity, label=name or text, type=kind, country=self._country(phrase))

    def _from_gazetteer(
        self, phrase: Phrase, text: str, found: Sequence[Name]
    ) -> tuple[tuple[Referent, ...], str, Referent | None]:
        day = self.document.published.isoformat() if self.document.published else ""
        choice = next((n for n in found if n.entity.id in self.by_id), None)
        if choice is None and day:
            choice = next(
                (
                    n
                    for n in found
                    if n.term[0] and n.term[0] <= day and (not n.term[1] or day[: len(n.term[1])] <= n.term[1])
                ),
                None,
            )
        choice = choice or found[0]
        entity = choice.entity
        if entity.type is EntityType.STATE:
            return (self._add(entity, name=text),), "stands for", None
        referent = self._add(entity, name=text)
        referent.titles.update(choice.titles)
        return (referent,), "gazetteer", None

    def _without_titles(self, text: str) -> str:
        words = re.sub(r"['’]s?$", "", text).split(" ")
        while len(words) > 1 and words[0].strip(".").lower() in self.nouns.titles:
            words = words[1:]
        return " ".join(words)

    def _known(self, text: str, *, person: bool) -> Referent | None:
        """Something named before by this name, its acronym or (of people) a part of it."""
        wanted = names.key(text)
        if exact := self.by_name.get(wanted):
            return max(exact, key=lambda r: r.last)
        if text.isupper() and 2 <= len(text) <= 7:
            for referent in reversed(self.referents):
                if any(_acronym(name) == text for name in (referent.entity.label, *referent.names)):
                    self.by_name.setdefault(wanted, []).append(referent)
                    return referent
        if person:
            parts = set(re.split("[ -]", wanted))
            matches = [
                r
                for r in self.referents
                if r.entity.type is EntityType.PERSON
                and any(_same_person(parts, set(re.split("[ -]", names.key(name)))) for name in (r.entity.label, *r.names))
            ]
            if matches:
                best = max(matches, key=lambda r: r.last)
                if len(parts) > len(best.entity.label.split(" ")):
                    full = Entity(
                        id=f"person/{slug(text)}", label=text, type=EntityType.PERSON, country=best.entity.country
                    )
                    if full.id not in self.by_id and "@" in best.entity.id:
                        best.names.add(best.entity.label)
                        best.entity = full
                        self.by_id[full.id] = best
                self.by_name.setdefault(wanted, []).append(best)
                return best
        return None

    # ---- common nouns --------------------------------------------------------------------------------------------

    def _nominal(
        self, phrase: Phrase, type_: EntityType | None, named: Mapping[int, Named], heads: Mapping[int, int]
    ) -> tuple[tuple[Referent, ...], str]:
        head = phrase.head.lemma_.lower()
        plural = phrase.head.tag_ in ("NNS", "NNPS")
        first = phrase.tokens[0].lower_
        definite = first in DEFINITE or phrase.tokens[0].dep_ == "poss" or phrase.tokens[0].tag_ in ("PRP$", "WP$")
        # *Ukraine's president, Volodymyr Zelenskiy*: a noun in apposition to a name, or a name to it.
        for token in (
            *(c for c in phrase.head.children if c.dep_ == "appos"),
            *([phrase.head.head] if phrase.head.dep_ == "appos" else []),
        ):
            index = heads.get(token.i)
            other = named.get(index) if index is not None else None
            if (
                other
                and len(other.referents) == 1
                and other.phrase.kind is Kind.NAME
                and self._may_be(other.referents[0], head, plural)
            ):
                other.referents[0].titles.add(head)
                other.referents[0].heads.add(head)
                return other.referents, "apposition"
        if phrase.head.dep_ == "attr" and not plural:
            for child in phrase.head.head.children:
                index = heads.get(child.i) if child.dep_ == "nsubj" else None
                other = named.get(index) if index is not None else None
                if other and other.phrase.kind is Kind.NAME and self._may_be(other.referents[0], head, plural):
                    other.referents[0].heads.add(head)
                    return other.referents, "copula"
        kind = self.nouns.type(head, plural=plural)
        guess = type_ if type_ is not None and (kind is None or kind not in (type_,)) else kind
        if kind is not None and type_ is not None and {kind, type_} <= {EntityType.PERSON, EntityType.GROUP}:
            guess = kind
        if definite or plural:
            if members := self._parties(phrase, head, first):
                return members, "set"
        country = self._country(phrase)
        if definite and not plural:
            if antecedent := self._antecedent(phrase, head, country):
                return (antecedent,), "definite"
        kind = guess or EntityType.THING
        if head in GOVERNMENTS and (owner := self._owner(phrase, country, named, heads)):
            return (owner,), "stands for state"
        if kind is EntityType.STATE:
            kind = (
                EntityType.ORGANIZATION
                if head not in ("country", "nation")
                else EntityType.GROUP
                if plural
                else EntityType.THING
            )
        label = self._label(phrase)
        if country:
            head_slug = slug(
                " ".join(
                    t.lemma_ for t in phrase.tokens if t.pos_ in ("NOUN", "ADJ", "PROPN") and not names.state(t.text)
                )
                or head
            )
            identity = f"{kind.lower()}/{country.lower()}-{head_slug}"
            if kind is EntityType.PERSON:
                identity += f"@{self.document.id}"
        else:
            same = self._same_words(label, definite=definite)
            if same is not None:
                return (same,), "same words"
            identity = f"{kind.lower()}/{slug(label)}@{self.document.id}"
        return (
            self._add(
                Entity(id=identity, label=label, type=kind, country=country, sector=_sector(head)),
                head=head,
                name=label,
            ),
        ), "nominal"

    def _owner(
        self, phrase: Phrase, country: str | None, named: Mapping[int, Named], heads: Mapping[int, int]
    ) -> Referent | None:
        """The state whose government a phrase means (*the Syrian government*, *Mr Mugabe's government*)."""
        if country is None:
            for child in phrase.head.children:
                index = heads.get(child.i) if child.dep_ == "poss" else None
                if index is not None and index in named and len(named[index].referents) == 1:
                    owner = named[index].referents[0].entity
                    country = owner.country if owner.type in (EntityType.PERSON, EntityType.STATE) else None
        state = names.by_iso3(country)
        return self._add(state) if state is not None else None

    def _label(self, phrase: Phrase) -> str:
        words = [t for t in phrase.tokens]
        while len(words) > 1 and (
            words[0].dep_ in ("det", "predet")
            or words[0].tag_ in ("PRP$", "DT", "WP$", "POS")
            or words[0].is_punct
            or words[0].is_space
        ):
            words = words[1:]
        doc = phrase.sentence.span.doc
        return re.sub(r"\s+", " ", doc[words[0].i : words[-1].i + 1].text)

    def _same_words(self, label: str, *, definite: bool) -> Referent | None:
        known = [
            r for r in self.by_name.get(names.key(label), ()) if r.entity.type is not EntityType.PERSON or definite
        ]
        return max(known, key=lambda r: r.last) if known else None

    def _may_be(self, referent: Referent, head: str, plural: bool) -> bool:
        kind = self.nouns.type(head, plural=plural)
        if kind is None:
            return referent.entity.type not in (EntityType.PERSON, EntityType.STATE)
        if referent.entity.type is EntityType.STATE:
            return head in self.nouns.stand_for["state"]
        if kind is EntityType.PERSON or referent.entity.type is EntityType.PERSON:
            return kind is EntityType.PERSON and referent.entity.type is EntityType.PERSON
        return referent.entity.type in (
            kind,
            EntityType.THING,
            EntityType.ORGANIZATION,
            EntityType.ARMED_GROUP,
            EntityType.ARMED_FORCE,
        )

    def _antecedent(self, phrase: Phrase, head: str, country: str | None) -> Referent | None:
        """What a definite singular phrase points back to."""
        stand_for = self.nouns.stand_for
        here = phrase.sentence.index
        recent = sorted((r for r in self.referents if r.last[0] >= 0), key=lambda r: r.last, reverse=True)
        modifiers = [
            t
            for t in phrase.tokens
            if t.i != phrase.head.i
            and t.pos_ in ("ADJ", "NOUN", "PROPN")
            and t.dep_ != "poss"
            and not names.state(t.text)
        ]
        for referent in recent:
            if (
                head in referent.heads
                and (not country or referent.entity.country in (country, None))
                and not referent.plural
            ):
                if not modifiers or any(t.lemma_.lower() in " ".join(referent.names).lower() for t in modifiers):
                    return referent
        if head in stand_for["person"]:
            for referent in recent:
                if referent.entity.type is EntityType.PERSON and (
                    head in referent.titles
                    or head in referent.heads
                    or any(head in title.split(" ") for title in referent.titles)
                ):
                    if not country or referent.entity.country in (country, None):
                        return referent
            if country and not modifiers and (holder := self.gazetteer.office(country, head, self.document.published)):
                return self._add(holder)
        if country or modifiers:
            return None
        limit = 3
        for wanted, types in (
            ("state", (EntityType.STATE,)),
            ("organization", (EntityType.ORGANIZATION, EntityType.ARMED_GROUP, EntityType.ARMED_FORCE)),
            ("agreement", (EntityType.AGREEMENT,)),
            ("proposal", (EntityType.PROPOSAL, EntityType.AGREEMENT)),
            ("place", (EntityType.PLACE,)),
            ("person", (EntityType.PERSON,)),
        ):
            if head not in stand_for[wanted] or (wanted == "person" and phrase.tokens[0].lower_ != "the"):
                continue
            if (
                head
                in (
                    "neighbor",
                    "neighbour",
                    "ally",
                    "side",
                    "power",
                    "government",
                    "regime",
                    "administration",
                    "official",
                    "group",
                    "force",
                    "man",
                    "woman",
                )
                and wanted == "state"
            ):
                if head not in ("government", "regime", "administration"):
                    continue
            for referent in recent:
                if (
                    referent.entity.type in types
                    and here - referent.last[0] <= limit
                    and referent.last != (here, phrase.head.i)
                ):
                    return referent
        return None

    def _parties(self, phrase: Phrase, head: str, first: str) -> tuple[Referent, ...]:
        """The members that *both sides*, *the two leaders*, *the three countries* stand for."""
        words = [t.lower_ for t in phrase.tokens]
        number = next((NUMBERS[w] for w in words if w in NUMBERS), 0)
        if head not in self.nouns.stand_for["parties"] or (
            not number and not (first in ("the", "their", "these") and head in ("side", "party"))
        ):
            return ()
        person = self.nouns.type(head, plural=False) is EntityType.PERSON
        return self._set(phrase, number, person=person)

    def _set(self, phrase: Phrase, number: int, *, person: bool | None) -> tuple[Referent, ...]:
        def fits(referent: Referent) -> bool:
            if person is None:
                return referent.entity.type in ACTORS
            return (referent.entity.type is EntityType.PERSON) == person and referent.entity.type in (
                (EntityType.PERSON,) if person else (*BODIES, EntityType.GROUP)
            )

        for index, members in reversed(self.sets):
            if phrase.sentence.index - index > WINDOW:
                break
            if all(fits(m) for m in members) and (not number or len(members) == number):
                return members
        wanted = number or 2
        recent = sorted(
            (
                r
                for r in self.referents
                if fits(r)
                and r.last[0] >= 0
                and phrase.sentence.index - r.last[0] <= WINDOW
                and (person or r.entity.type is EntityType.STATE or r.times > 0)
            ),
            key=lambda r: (r.last[0], r.entity.type is EntityType.STATE, r.times),
            reverse=True,
        )
        if person is False and len([r for r in recent if r.entity.type is EntityType.STATE]) >= wanted:
            recent = [r for r in recent if r.entity.type is EntityType.STATE]
        return tuple(recent[:wanted]) if len(recent) >= wanted else ()

    def _coordinated(self, sentence: Sentence, phrases: Sequence[Phrase], named: Mapping[int, Named]) -> None:
        """Remembers lists of actors (*Russia and Iran*): *the two countries* points back to them."""
        heads = {phrase.head.i: index for index, phrase in enumerate(phrases)}
        for index, item in sorted(named.items()):
            token = item.phrase.head
            if token.dep_ == "conj" or item.how == "set":
                continue
            members = list(item.referents)
            for child in _listed(token):
                other = heads.get(child.i)
                if other is not None and other in named:
                    members += [r for r in named[other].referents if r not in members]
            members = [m for m in members if m.entity.type in ACTORS]
            if len(members) > 1:
                self.sets.append((sentence.index, tuple(members)))

    # ---- pronouns ------------------------------------------------------------------------------------------------

    def _pronoun(
        self, phrase: Phrase, named: Mapping[int, Named], heads: Mapping[int, int]
    ) -> tuple[tuple[Referent, ...], str]:
        word = phrase.head.lower_
        if word in RELATIVE:
            token = _antecedent_of_relative(phrase.head)
            index = heads.get(token.i) if token is not None else None
            other = named.get(index) if index is not None else None
            return (other.referents, "relative") if other else ((), "")
        if word in SPEAKER:
            return (), ""
        if phrase.text.lower() == "each other" or word in ("both", "two", "three", "four", "five"):
            if phrase.text.lower() == "each other":
                subjects = [c for c in _clause(phrase.head).children if c.dep_ == "nsubj"]
                for token in subjects:
                    index = heads.get(token.i)
                    if index is not None and index in named and len(named[index].referents) > 1:
                        return named[index].referents, "reciprocal"
            members = self._set(phrase, NUMBERS.get(word, 2), person=None)
            return (members, "set") if members else ((), "")
        if word in MASCULINE | FEMININE:
            gender = "m" if word in MASCULINE else "f"
            found = self._salient(
                phrase, named, lambda r: r.entity.type is EntityType.PERSON and r.gender in ("", gender)
            )
            if found:
                found.gender = gender
            return ((found,), "pronoun") if found else ((), "")
        if word in NEUTER:
            found = self._salient(
                phrase,
                named,
                lambda r: (
                    r.entity.type not in (EntityType.PERSON, EntityType.GROUP, EntityType.PLACE)
                    or (r.entity.type is EntityType.PLACE and phrase.head.dep_ == "poss")
                ),
            )
            return ((found,), "pronoun") if found else ((), "")
        if word in PLURAL:
            for index, members in reversed(self.sets):
                if phrase.sentence.index - index > 1:
                    break
                if any(m.subject for m in members):
                    return members, "plural pronoun"
            found = self._salient(phrase, named, lambda r: r.plural or (r.entity.type is EntityType.ORGANIZATION))
            return ((found,), "pronoun") if found else ((), "")
        return (), ""

    def _salient(self, phrase: Phrase, named: Mapping[int, Named], fits: object) -> Referent | None:
        """The best antecedent of a pronoun: the subject before it in its sentence, else the last sentence's."""
        assert callable(fits)
        here = phrase.sentence.index
        before = [
            n
            for n in named.values()
            if n.phrase.kind is not Kind.PRONOUN
            and n.phrase.head.i < phrase.head.i
            and not (n.phrase.first <= phrase.head.i <= n.phrase.last)
            and len(n.referents) == 1
            and fits(n.referents[0])
        ]
        clause = _clause(phrase.head)
        reflexive = phrase.head.tag_ == "PRP$" or phrase.head.lower_.endswith(("self", "selves"))
        if not reflexive:
            # A personal pronoun does not mean a fellow argument of its own verb.
            before = [
                n
                for n in before
                if _clause(n.phrase.head).i != clause.i or n.phrase.head.dep_ not in ("nsubj", "dobj", "nsubjpass")
            ]
        subjects = [n for n in before if n.phrase.head.dep_ in ("nsubj", "nsubjpass")]
        if subjects:
            return subjects[-1].referents[0] if reflexive else subjects[0].referents[0]
        candidates = [r for r in self.referents if fits(r) and 0 < here - r.last[0] <= WINDOW]
        candidates.sort(
            key=lambda r: (r.last[0] == here - 1 and r.subject, r.last[0], r.subject, r.times), reverse=True
        )
        if before and not (candidates and candidates[0].subject and candidates[0].last[0] == here - 1):
            return before[-1].referents[0]
        return candidates[0] if candidates else before[-1].referents[0] if before else None

    # ---- shared --------------------------------------------------------------------------------------------------

    def _country(self, phrase: Phrase) -> str | None:
        """The state that a phrase's modifiers name (*Ukraine's* army, *North Korean* troops, officials *of Iran*)."""
        for child in phrase.head.children:
            if child.dep_ in ("poss", "amod", "compound", "nmod") or (
                child.dep_ == "appos" and child.i < phrase.head.i
            ):
                text = phrase.sentence.span.doc[child.left_edge.i : child.i + 1].text
                for form in (text, child.text, f"{child.nbor(-1).text} {child.text}" if child.i > 0 else ""):
                    if state := (names.state(form) or names.capital(form)) if form[:1].isupper() else None:
                        return state.id
                    for name in self.gazetteer.get(form) if form[:1].isupper() else ():
                        if name.entity.type is EntityType.STATE:
                            return name.entity.id
            elif child.dep_ == "prep" and child.lower_ == "of":
                for inner in child.children:
                    if inner.dep_ == "pobj" and inner.text[:1].isupper():
                        text = phrase.sentence.span.doc[inner.left_edge.i : inner.i + 1].text
                        if state := names.state(text) or names.state(inner.text):
                            return state.id
        for token in phrase.tokens:
            if (
                token.i != phrase.head.i
                and token.text[:1].isupper()
                and token.dep_ in ("poss", "amod", "compound", "nmod")
                and (state := names.state(token.text))
            ):
                return state.id
        return None

    def entity(self, referent: Referent) -> Entity:
        """The entity of a referent with every name that the document calls it by."""
        seen = dict.fromkeys(
            re.sub(r"\s+", " ", n)
            for n in sorted(referent.names, key=lambda n: (len(n), n))
            if n != referent.entity.label
        )
        return referent.entity.model_copy(update={"aliases": tuple(list(seen)[:MAX_ALIASES])})


def _acronym(name: str) -> str:
    words = [w for w in re.findall(r"[\w]+", name) if w[0].isupper()]
    return "".join(w[0] for w in words) if len(words) > 1 else ""


def _same_person(parts: set[str], known: set[str]) -> bool:
    """One name is a part of the other, and they share the surname or the only name."""
    return bool(parts & known) and (parts <= known or known <= parts)


def _listed(token: Token) -> list[Token]:
    listed: list[Token] = []
    for child in token.rights:
        if child.dep_ == "conj":
            listed += [child, *_listed(child)]
    return listed


def _antecedent_of_relative(token: Token) -> Token | None:
    verb = token.head
    while verb.dep_ not in ("relcl", "acl") and verb.head.i != verb.i:
        verb = verb.head
    return verb.head if verb.dep_ in ("relcl", "acl") else None


def _clause(token: Token) -> Token:
    while token.pos_ not in ("VERB", "AUX") and token.head.i != token.i:
        token = token.head
    return token


SECTORS: Mapping[str, frozenset[str]] = {
    "GOV": frozenset(
        ["government", "official", "minister", "ministry", "president", "leader", "administration", "regime", "authority", "diplomat", "envoy", "ambassador", "spokesman", "cabinet"]
    ),
    "MIL": frozenset(["army", "troop", "soldier", "military", "force", "navy", "general", "commander"]),
    "COP": frozenset(["police", "officer"]),
    "JUD": frozenset(["court", "judge", "tribunal", "prosecutor"]),
    "LEG": frozenset(["parliament", "lawmaker", "senator", "congress", "senate", "legislature"]),
    "OPP": frozenset(["opposition", "protester", "demonstrator", "dissident", "activist"]),
    "REB": frozenset(["rebel", "insurgent", "militant", "guerrilla", "fighter", "militia"]),
    "MED": frozenset(["journalist", "reporter", "media", "newspaper", "broadcaster"]),
    "BUS": frozenset(["company", "firm", "bank", "corporation"]),
    "CVL": frozenset(["civilian", "people", "resident", "refugee", "migrant", "villager", "citizen", "student"]),
}


def _sector(head: str) -> str | None:
    return next((sector for sector, heads in SECTORS.items() if head in heads), None)


def document_key(document: Document) -> str:
    """What marks a local entity's id as belonging to a document."""
    return content_id(document.id)
