"""Stance: what is known of an act while the words over it are read, one after the other, from the inside out."""

from collections.abc import Sequence
from typing import NamedTuple

from spacy.tokens import Token

from kg.extract.moods import Mood, Words, conditional, has, lemma, modal, negated, own, verbal
from kg.extract.voices import speakers
from kg.model import Modality

POWERS = frozenset({"may", "can", "could", "might"})


class Passed(NamedTuple):
    """A word that the walk came by, in what construction, and what was known of the act after it."""

    word: Token
    construction: str
    mood: Mood
    sources: tuple[Token, ...]


class Stance:
    """The mood of an act and who vouches for it.

    `sources` are outermost first. `obliged` says that the modality is that of *must* or *unless*: a demand only where
    somebody makes it. `closed` says that nothing further up bears on the mood, `silent` that nobody further up vouches
    for the act, `priced` that the act is the price of what governs it. `trail` is the way that led here.
    """

    def __init__(self, lexicon: Words) -> None:
        self.lexicon = lexicon
        self.mood = Mood()
        self.sources: list[Token] = []
        self.obliged = False
        self.closed = False
        self.silent = False
        self.priced = False
        self.trail: list[Passed] = []

    def passed(self, word: Token, construction: str) -> None:
        """Remember what is known after a word."""
        self.trail.append(Passed(word, construction, self.mood, tuple(self.sources)))

    def set(self, mood: Mood, *, last: bool = False) -> None:
        """Say what the act is, whatever was said so far; `last`: and nothing further up bears on it."""
        if not self.closed:
            self.mood = mood
            self.closed = last

    def lay(self, name: str, *, negative: bool = False) -> None:
        """Take in what the class of a governing word says."""
        if name == "negative":
            self.set(self.mood.under(Mood(negative=not negative)))
        elif name:
            self.set(self.mood.under(Mood(Modality(name), negative)))

    def own(self, word: Token) -> None:
        """Take in what a word says by what hangs on it, and by conditions beside it."""
        outer = own(word, self.lexicon)
        asserted = self.mood.modality is Modality.ASSERTED and not self.closed
        self.obliged |= asserted and outer.modality is Modality.DEMANDED
        self.set(self.mood.under(outer))
        self.condition(word)

    def clausal(self, verb: Token, *, deny: bool = True) -> None:
        """Take in a verb's own mood for the noun under it; the *no* of one noun shows on both and counts once."""
        outer = own(verb, self.lexicon)
        self.set(self.mood.under(outer._replace(negative=deny and outer.negative and not self.mood.negative)))
        self.condition(verb)

    def condition(self, verb: Token) -> None:
        """A clause that is a condition, or has one beside it, does not say that anything happened."""
        lists = self.lexicon.lists
        if not verbal(verb):
            return
        hypothetical = Mood(Modality.HYPOTHETICAL, self.mood.negative)
        if word := conditional(verb, self.lexicon):
            if word in lists["price"]:
                self.obliged = self.priced = not self.closed
                hypothetical = Mood(Modality.DEMANDED, self.mood.negative)
            self.set(hypothetical, last=True)
        elif modal(verb) or verb.tag_ in ("VBZ", "VBP", "VB"):
            for child in verb.children:
                word = conditional(child, self.lexicon) if child.dep_ == "advcl" else ""
                ruled = child.lower_ == "under" and any(lemma(c) in lists["rule"] for c in child.children)
                if (word and word not in lists["unconditional"]) or (ruled and has(verb, ("aux",), POWERS)):
                    self.set(hypothetical)

    def any(self, noun: Token) -> None:
        """*Any* before an act: under a negation there is none, under a modal it is no more than imagined."""
        verb = next((t for t in noun.ancestors if verbal(t)), None)
        if verb is None or not has(noun, ("det",), {"any"}):
            return
        if negated(verb, self.lexicon):
            self.set(Mood(negative=True), last=True)
        elif noun.dep_ != "nsubj" and own(verb, self.lexicon).modality is not Modality.ASSERTED:
            self.lay("hypothetical")

    def vouch(self, found: Sequence[Token]) -> None:
        """Further sources, outside those so far."""
        if not self.silent:
            self.sources = [*found, *self.sources]

    def claim(self, word: Token) -> None:
        """Who asks for, threatens or tells of the act itself is its source."""
        if not self.closed or self.priced:
            self.vouch(speakers(word, self.lexicon))
            self.priced = False
