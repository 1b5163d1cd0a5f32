"""Voices: who vouches for what a sentence says. Speakers of verbs and nouns of saying, and sources that hang beside a
clause. The words come from `lexicon/reporting.yaml`."""

from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Token

from kg.extract.arguments import SUBJECTS, TIMES, conjuncts, passive, subjects
from kg.extract.moods import Words, has, lemma, subject, verbal
from kg.extract.parse import Sentence

POINTERS = frozenset({"there", "this", "that", "these", "which"})
OWNERS = frozenset({"ORG", "GPE", "NORP", "PERSON"})
APART = frozenset({",", "”", '"', "''"})


class Source(NamedTuple):
    """One who vouches for an act: the token that heads the words for them, and the index of its sentence."""

    sentence: int
    token: Token


def speakers(word: Token, lexicon: Words) -> list[Token]:
    """Who says what a verb, noun or adjective of saying governs; an empty list where the text does not tell."""
    if verbal(word):
        word = joined(word, lexicon) or word
        said = subjects(word)
        if not said and not passive(word):
            said = [t for c in word.children if c.dep_ in SUBJECTS for t in conjuncts(c)]
        return [token for token in said if not _dumb(token, word, lexicon)]
    if word.pos_ == "ADJ":
        return speakers(word.head, lexicon) if verbal(word.head) else []
    owners = [t for owner in _owners(word, lexicon) for t in conjuncts(owner)]
    if owners or not verbal(_holder(word)):
        return owners
    if word.dep_ == "pobj" and word.head.lower_ not in ("in", "at", "with"):
        return []
    return speakers(_holder(word), lexicon)


def _owners(noun: Token, lexicon: Words) -> list[Token]:
    """Whose word a noun of saying is: *Kyiv's claim*, *a claim by Kyiv*, *a U.N. report*."""
    found = [c for c in noun.children if c.dep_ == "poss"]
    found += [g for c in noun.children if c.dep_ in ("prep", "agent") and c.lower_ in ("by", "from")
              for g in c.children if g.dep_ == "pobj"]
    return found or [
        c for c in noun.children
        if c.dep_ in ("compound", "amod", "nmod") and c.i < noun.i
        and (c.ent_type_ in OWNERS or c.lower_ in lexicon.reporting["owners"])
    ]


def _holder(noun: Token) -> Token:
    """The word that has a noun as its object, or under its preposition."""
    return noun.head.head if noun.dep_ == "pobj" else noun.head


def dismissed(noun: Token, lexicon: Words) -> Token | None:
    """The verb that dismisses what a noun of saying holds (*denied a report that*), where the noun is nobody's own."""
    owned = has(noun, ("poss",)) or has(noun, ("prep",), {"by", "from", "in", "of"})
    if owned or noun.dep_ not in ("dobj", "pobj", "nsubjpass"):
        return None
    return _holder(noun) if lemma(_holder(noun)) in lexicon.reporting["dismissing"] else None


def _dumb(token: Token, verb: Token, lexicon: Words) -> bool:
    """Whether a subject cannot vouch for anything: *it* of *it was said*, a date, a treaty's text."""
    reporting = lexicon.reporting
    thing = token.tag_ == "NN" and not token.ent_type_ and lemma(token) not in reporting["media"]
    return (
        token.dep_ == "expl"
        or token.lower_ in POINTERS
        or (token.lower_ == "it" and passive(verb))
        or token.ent_type_ in TIMES
        or lemma(token) in reporting["texts"]
        or (thing and lemma(verb) in reporting["weak"])
    )


def joined(verb: Token, lexicon: Words) -> Token | None:
    """The verb of saying that a second one shares its speaker with, where the parse joins it to what the first reports:
    *said the situation was critical and called on all to help*."""
    head, reporting = verb.head, lexicon.reporting
    if verb.dep_ != "conj" or head.dep_ != "ccomp" or subject(verb):
        return None
    if not any(lemma(verb) in reporting[name] for name in ("verbs", "charging", "demanding")):
        return None
    above = head.head
    same = above.i < head.i and above.tag_ == verb.tag_ and verb.tag_ in ("VBD", "VBZ", "VBP")
    return above if same and lemma(above) in reporting["verbs"] else None


def beside(sentence: Sentence, lexicon: Words) -> Iterator[tuple[Token, list[Token]]]:
    """Sources that hang beside a clause: *according to X*, *by X's account*, *..., X said*; each with the token that
    the clause is hung on."""
    reporting = lexicon.reporting
    for token in sentence.span:
        if token.lower_ in reporting["according"] and token.i + 1 < len(token.doc) and token.nbor(1).lower_ == "to":
            prepositions = (token, *token.children, token.nbor(1))
            found = [t for p in prepositions for c in p.children if c.dep_ == "pobj" for t in conjuncts(c)]
            if found:
                yield token, list(dict.fromkeys(found))
        elif token.dep_ == "pobj" and token.head.lower_ in ("by", "in") and lemma(token) in reporting["account"]:
            if found := [t for c in token.children if c.dep_ == "poss" for t in conjuncts(c)]:
                yield token.head, found
        elif token.pos_ == "VERB" and _parenthetical(token, sentence, lexicon):
            found = speakers(token, lexicon)
            if found and all(t.head.i == token.i or t.dep_ == "conj" for t in found):
                yield token, found


def _parenthetical(verb: Token, sentence: Sentence, lexicon: Words) -> bool:
    """Whether a verb of saying stands apart from the clause that it reports: *..., X said*, *as X said*."""
    if verb.dep_ not in ("parataxis", "ccomp", "advcl", "dep") or lemma(verb) not in lexicon.reporting["verbs"]:
        return False
    marks = {c.lower_ for c in verb.children if c.dep_ == "mark"}
    if marks - {"as"} or (marks and lemma(verb) in lexicon.reporting["demanding"]):
        return False
    left = verb.left_edge
    apart = left.text == "," or (left.i > sentence.span.start and left.nbor(-1).text in APART)
    return bool(apart) and not has(verb, ("ccomp", "dobj", "xcomp"))
