"""The chronicle: the times that a document's sentences tell, with their values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.extract import days
from kg.extract.attachment import anchor, finite, plans, tense
from kg.extract.clock import Clock
from kg.extract.parse import Sentence
from kg.extract.times import Expression, expressions, listed
from kg.model import Document

MEMORY = 8


@dataclass(frozen=True, slots=True)
class Dated:
    """A time told in a sentence: its words, what they hang on, its value, and the word before it (*since*)."""

    sentence: Sentence
    kind: str
    first: Token
    last: Token
    anchor: Token
    value: str
    lead: str

    @property
    def grain(self) -> str:
        """Whether it is a day, a month, a year, an interval or open."""
        return ("open", "year", "month", "day")[days.precision(self.value)] if "/" not in self.value else "interval"


@dataclass(slots=True)
class Chronicle:
    """The times of a document's sentences, read once; `sentences` are all of them, in order."""

    document: Document
    sentences: Sequence[Sentence]
    _read: dict[int, tuple[Dated, ...]] = field(default_factory=dict)

    def of(self, sentence: Sentence) -> tuple[Dated, ...]:
        """The times that a sentence tells."""
        if sentence.index not in self._read:
            told = [dated.value for other in self.before(sentence) for dated in self.of(other) if ".." not in dated.value]
            self._read[sentence.index] = tuple(_dated(self.document, sentence, told))
        return self._read[sentence.index]

    def before(self, sentence: Sentence) -> Sequence[Sentence]:
        """The sentences that *two days later* may count from."""
        return [s for s in self.sentences if sentence.index - MEMORY <= s.index < sentence.index]


def _dated(document: Document, sentence: Sentence, told: Sequence[str]) -> Iterator[Dated]:
    doc = sentence.span.doc
    before = list(told)
    for expression, first, last in expressions(sentence.span):
        if _dateline(sentence, first, last):
            continue
        hangs_on = anchor(doc[first.i : last.i + 1].root)
        lead = doc[first.i - 1].lower_ if first.i > sentence.span.start else ""
        value = _value(expression, document, True if lead == "since" else looks_back(hangs_on), before)
        if value is None:
            continue
        before.append(value)
        if "since" in (lead, first.lower_):
            value = f"{value.split('/')[0]}/.."
        elif lead in ("until", "till") and "/" not in value:
            value = f"../{value}"
        yield Dated(sentence, expression.kind, first, last, hangs_on, value, lead)


def _value(expression: Expression, document: Document, past: bool | None, told: Sequence[str]) -> str | None:
    """*Two days later* counts from the last time told that is exact enough for it."""
    bases = (*reversed(told), None) if expression.told_before else (None,)
    values = (Clock(document.published, past, base).value(expression) for base in bases)
    return next((value for value in values if value), None)


def _dateline(sentence: Sentence, first: Token, last: Token) -> bool:
    """Whether a date stands in a dateline (*BAKU, April 6 (Reuters) -*): it is that of the report."""
    opening = sentence.span.doc[sentence.span.start : first.i]
    if sentence.span.start_char != 0 or not 0 < len(opening) < 13:
        return False
    after = sentence.span.doc[last.i + 1 : min(last.i + 8, sentence.span.end)].text
    return bool(re.search(r"—|–|--| - ", after)) and all(t.text[:1].isupper() or t.is_punct or t.ent_type_ for t in opening)


def looks_back(word: Token) -> bool | None:
    """Whether the times that hang on a word are past (True) or yet to come; None where the clause does not say."""
    verb = finite(word)
    if word.pos_ in ("NOUN", "PROPN"):
        governor = word.head
        while governor.pos_ == "ADP" and governor.head.i != governor.i:
            governor = governor.head
        if any(c.lower_ in ("planned", "scheduled", "upcoming") for c in word.children):
            return False
        if plans(governor):
            return None if tense(governor) in ("past", "pluperfect") else False
    for _ in range(6):
        now = tense(verb)
        if verb.lemma_.lower() in listed("set") and (verb.tag_ == "VBN" or verb.pos_ == "ADJ"):
            return None if _was(verb) else False
        if now == "future":
            return False
        if now == "present":
            return None
        if now not in ("infinitive", "participle") or verb.tag_ == "VBN":
            return True
        upper = verb.head
        if upper.i == verb.i:
            return None if now == "infinitive" else True
        if now == "infinitive":
            if upper.lemma_.lower() in listed("set") and (_was(upper) or _was(upper.head)):
                return None
            if upper.lemma_ == "be" or upper.pos_ == "ADJ" or plans(upper):
                return False
        verb = finite(upper)
    return True


def _was(verb: Token) -> bool:
    return any(c.lower_ in ("had", "was", "were") for c in verb.children)
