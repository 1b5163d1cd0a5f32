"""Titles and appositions: who leads what, who holds office where (*Ukraine's president, Volodymyr Zelenskiy*)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from spacy.tokens import Token

from kg.extract.nouns import Nouns
from kg.extract.phrases import Kind, Phrase
from kg.extract.predicates import conjuncts

FORMER = frozenset(
    {"former", "ex", "late", "then", "onetime", "erstwhile", "previous", "ousted", "deposed", "outgoing", "ex-"}
)
LESSER = frozenset(
    {
        "vice",
        "deputy",
        "assistant",
        "foreign",
        "defense",
        "defence",
        "interior",
        "finance",
        "justice",
        "acting",
        "energy",
        "trade",
        "information",
        "health",
        "transport",
        "education",
        "economy",
        "oil",
        "security",
        "home",
        "under",
        "special",
        "senior",
    }
)


LONGEST = 4


class Title(NamedTuple):
    """A phrase of a person, the phrase that they hold office in, the title's token, and whether they head it."""

    person: int
    body: int
    token: Token
    heads: bool


class Bare(NamedTuple):
    """A person's phrase with the words before it that may be a title, alone (*President Emmanuel Macron*)."""

    person: int
    first: Token
    last: Token
    name: str


def bare_titles(phrases: Sequence[Phrase], told: Collection[int]) -> Iterator[Bare]:
    """What may be a title before a name and does not say of what, the longest first; `told` are the people whose it is known of."""
    for index, phrase in enumerate(phrases):
        if phrase.kind is not Kind.NAME or phrase.label != "PERSON" or index in told:
            continue
        doc, start = phrase.sentence.span.doc, phrase.sentence.span.start
        for first in range(max(start, phrase.first - LONGEST), phrase.first):
            past = first > start and (doc[first - 1].lower_ in FORMER or doc[first - 1].text == "-")
            if doc[first].text[0].isupper() and not past and doc[first].lower_ not in FORMER:
                yield Bare(index, doc[first], doc[phrase.first - 1], doc[first : phrase.first].text.lower())


def titles(phrases: Sequence[Phrase], nouns: Nouns) -> Iterator[Title]:
    """Every office that the phrases of a sentence say somebody holds."""
    heads = {phrase.head.i: index for index, phrase in enumerate(phrases)}
    for index, phrase in enumerate(phrases):
        if phrase.kind is Kind.NAME and phrase.label == "PERSON":
            # *Russian President Vladimir Putin*, *IAEA chief Rafael Grossi*
            before = [
                c
                for c in phrase.head.lefts
                if c.dep_ in ("compound", "amod", "nmod", "poss", "appos") and c.i < phrase.first
            ]
            for token in before:
                if token.lemma_.lower() in _titles(nouns):
                    yield from _of(
                        index,
                        token,
                        [*before, *token.lefts, *[g for c in before for g in c.lefts]],
                        heads,
                        phrases,
                        nouns,
                    )
        elif phrase.kind is Kind.NOMINAL and phrase.head.lemma_.lower() in _titles(nouns):
            for person in _bearers(phrase.head, heads, phrases):
                yield from _of(person, phrase.head, list(phrase.head.children), heads, phrases, nouns)


def _titles(nouns: Nouns) -> frozenset[str]:
    return nouns.heads["state"] | nouns.heads["body"] | nouns.heads["office"]


def _bearers(title: Token, heads: Mapping[int, int], phrases: Sequence[Phrase]) -> Iterator[int]:
    """Phrases of the people in apposition to a title, or said to be (to have become) it."""
    linked = [c for c in title.children if c.dep_ == "appos"]
    if title.dep_ == "appos":
        linked.append(title.head)
    if title.dep_ == "attr" and title.head.lemma_ in ("be", "become", "remain"):
        linked += [c for c in title.head.children if c.dep_ == "nsubj"]
    for token in linked:
        index = heads.get(token.i)
        if index is not None and (phrases[index].label == "PERSON" or phrases[index].kind is Kind.PRONOUN):
            yield index


def _of(
    person: int,
    title: Token,
    modifiers: Sequence[Token],
    heads: Mapping[int, int],
    phrases: Sequence[Phrase],
    nouns: Nouns,
) -> Iterator[Title]:
    words = {m.lower_ for m in modifiers} | {c.lower_ for c in title.children}
    if words & FORMER:
        return
    bodies: list[Token] = []
    for token in (*modifiers, *title.children):
        if token.dep_ in ("poss", "amod", "compound", "nmod") and token.i in heads:
            bodies.append(token)
        elif token.dep_ == "prep" and token.lower_ in ("of", "to", "for", "at"):
            bodies += [t for c in token.children if c.dep_ == "pobj" for t in conjuncts(c)]
    seen = set()
    for body in bodies:
        index = heads.get(body.i)
        if (
            index is None
            or index == person
            or index in seen
            or phrases[index].label == "PERSON"
            or phrases[index].label in ("LOC", "FAC")
        ):
            continue
        seen.add(index)
        name = title.lemma_.lower()
        state = phrases[index].label in ("GPE", "NORP")
        leads = name in (nouns.heads["state"] if state else nouns.heads["body"])
        if words & LESSER or (name == "minister" and "prime" not in words):
            leads = False
        if name == "minister" and "prime" in words:
            leads = True
        yield Title(person, index, title, leads)
