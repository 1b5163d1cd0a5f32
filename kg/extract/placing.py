"""Placing: the phrases that may say where an act took place, each with the features that speak for and against it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import yaml
from spacy.tokens import Token

from kg.extract.attachment import anchor, between, finite, tense
from kg.extract.context import Words
from kg.extract.parse import DATELINE, Sentence
from kg.extract.phrases import Kind, Phrase
from kg.model import Document, Span
from kg.ontology import folder

# Where an adjective or a genitive of a place stands, it says whose a thing is, not where an act was.
WHOSE = frozenset({"amod", "poss"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A phrase that may say where an act took place, and what speaks for and against it."""

    phrase: Phrase
    features: tuple[str, ...]


@cache
def listed(name: str) -> frozenset[str]:
    """Words of `lexicon/places.yaml`: `parts` of places (*town of*), prepositions after which a name is `surely` a place."""
    data = yaml.safe_load((folder() / "lexicon" / "places.yaml").read_text(encoding="utf-8"))
    return frozenset(data[name])


def spots(
    act: Token, phrases: Sequence[Phrase], is_place: Callable[[Phrase], bool], words: Words, taken: frozenset[Phrase], relation: str = ""
) -> Iterator[Spot]:
    """Every phrase of an act's sentence that may say where it took place; `taken` are its subject and object."""
    about = [
        f"act {'verb' if act.pos_ in ('VERB', 'AUX') else 'noun'}",
        f"act {tense(act)}",
        *([f"relation {relation}"] if relation else []),
    ]
    heads = {phrase.head.i: phrase for phrase in phrases}
    for phrase in phrases:
        top, preposition = _place(phrase)
        if not _possible(phrase, top, preposition, is_place):
            continue
        hangs_on = anchor(top)
        way = list(between(act, hangs_on, words))
        sort = next((name for name in ("static", "goal", "source") if preposition in listed(name)), "other")
        steps = next((f for f in way if f.endswith(" steps")), "unrelated")
        features = [
            "in sentence",
            sort,
            f"{sort}, {steps}",
            f"{sort}, {phrase.label or phrase.kind}",
            f"{sort}, {'act noun' if act.pos_ == 'NOUN' else 'act verb'}",
            *way,
            *about,
            *_sort(phrase, top, preposition, is_place),
            f"prep {preposition}, {'own' if 'own' in way else 'other'}",
            *(f"prep {preposition}, {f}" for f in way if f.startswith("way ")),
            *(f"prep and {f}" for f in way if f.startswith(("up ", "down "))),
        ]
        if phrase in taken:
            features += ["argument", f"argument of {relation}"]
        inner = heads.get(hangs_on.i)
        if hangs_on.i != act.i and (hangs_on.lemma_.lower() in listed("parts") or (inner is not None and is_place(inner))):
            features.append("place of a place")
        if _dateline(phrase):
            features.append("dateline")
        if phrase.head.i < act.i:
            features.append("before act")
        if phrase.first - phrase.sentence.span.start < 3:
            features.append("fronted")
        yield Spot(phrase, tuple(features))


def points(act: Token) -> str:
    """*here* or *there*, where one of them stands on the act or its verb; else nothing."""
    said = (c.lower_ for c in (*act.children, *finite(act).children) if c.dep_ == "advmod")
    return next((word for word in said if word in ("here", "there")), "")


def named_before(phrases: Sequence[Phrase], is_place: Callable[[Phrase], bool]) -> Phrase | None:
    """The place that was named last: what *there* points to."""
    return next((p for p in reversed(phrases) if is_place(p) and _possible(p, *_place(p), is_place)), None)


def reported_from(document: Document, sentence: Sentence) -> Span | None:
    """The place in the dateline over a sentence, from where the report comes: what *here* points to."""
    start = sentence.base + int(sentence.span.start_char)
    lines = list(re.finditer(rf"(?:^|\n[ \t\r]*\n)\s*(?P<line>{DATELINE.pattern})", document.text[:start]))
    found = re.match(r"[^,/(—–-]*[^,/(—–\s-]", lines[-1]["line"]) if lines else None
    if found is None:
        return None
    first = lines[-1].start("line")
    return Span(text=found.group(), start=first, end=first + len(found.group()))


def _possible(phrase: Phrase, top: Token, preposition: str, is_place: Callable[[Phrase], bool]) -> bool:
    if phrase.kind is Kind.PRONOUN or phrase.label == "NORP" or top.dep_ in WHOSE:
        return False
    if is_place(phrase):
        return True
    # A name that nobody knows.
    return (phrase.kind is Kind.NAME or phrase.head.pos_ == "PROPN") and (
        preposition in listed("surely") or (top.i != phrase.head.i and top.lemma_.lower() in listed("parts"))
    )


def _sort(phrase: Phrase, top: Token, preposition: str, is_place: Callable[[Phrase], bool]) -> Iterator[str]:
    yield f"prep {preposition}"
    yield f"label {phrase.label or phrase.kind}"
    if not is_place(phrase):
        yield "unknown name"
    if top.i != phrase.head.i:
        yield "part of a place" if top.lemma_.lower() in listed("parts") else "beside a name"


def _place(phrase: Phrase) -> tuple[Token, str]:
    """The noun that a place's name stands for or beside (*the village of Sireha*, *the town, Hajin*, *the Hajin camp*), and
    the preposition over it, or how else it hangs."""
    token = phrase.head
    while True:
        if token.dep_ in ("appos", "compound", "nmod", "conj") and token.head.pos_ in ("NOUN", "PROPN") and token.head.i != token.i:
            token = token.head
        elif token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.lemma_.lower() in listed("parts"):
            token = token.head.head
        else:
            return token, token.head.lower_ if token.dep_ == "pobj" else token.dep_


def _dateline(phrase: Phrase) -> bool:
    """Whether a phrase stands in a dateline (*BAKU, April 6 (Reuters) -*): the report comes from there."""
    span = phrase.sentence.span
    opening = span.doc[span.start : min(span.start + 16, span.end)].text
    cut = min((opening.find(mark) for mark in ("—", "--", " – ", " - ") if mark in opening), default=-1)
    return phrase.first - span.start < 6 and 0 < phrase.head.idx - span.start_char + 1 < cut and span.start_char == 0
