"""Circumstances: the time, the place and the quantity of an act, from the words that hang on it in the parse."""

from collections.abc import Callable, Sequence

from spacy.tokens import Token

from kg.extract import quantities, times
from kg.extract.attachment import FAR, anchor, distance
from kg.extract.context import Words
from kg.extract.parse import Sentence
from kg.extract.phrases import Phrase
from kg.model import Document, Quantity, Time

PLACE_PREPOSITIONS = frozenset("in at near on off inside outside around across over along throughout within from".split())
NEAR = 5.0


def when(document: Document, sentence: Sentence, trigger: Token, words: Words, *, earlier: Sequence[Sentence] = ()) -> Time | None:
    """When the act that `trigger` heads took place, as far as its sentence says."""
    best: tuple[float, int, Time] | None = None
    doc = sentence.span.doc
    for expression, first, last in times.expressions(sentence.span):
        if _dateline(sentence, first, last):
            continue
        hangs_on = anchor(doc[first.i:last.i + 1].root)
        cost = distance(trigger, hangs_on, words)
        if best is not None and cost >= best[0] or cost > NEAR:
            continue
        value = expression.resolve(times.Clock(document.published, not _future(hangs_on)))
        if value is None:
            continue
        before = doc[first.i - 1].lower_ if first.i > sentence.span.start else ""
        if before == "since":
            value = f"{value.split('/')[0]}/.."
        elif before in ("until", "till") and "/" not in value:
            value = f"../{value}"
        cited = sentence.cite(document, first, last)
        best = (cost, first.i, Time(text=cited.text, start=cited.start, end=cited.end, value=value))
    return best[2] if best is not None else None


def _dateline(sentence: Sentence, first: Token, last: Token) -> bool:
    """Whether a date stands in a dateline (*BAKU, April 6 (Reuters) -*)."""
    start = sentence.span.start
    if first.i - start > 12 or sentence.span.start_char != 0:
        return False
    after = sentence.span.doc[last.i + 1:min(last.i + 8, sentence.span.end)].text
    words = [t for t in sentence.span.doc[start:first.i] if t.is_alpha]
    return any(mark in after for mark in ("—", "–", "--", " - ", "-- ")) and bool(words) and words[0].text[:1].isupper() and all(
        t.text[:1].isupper() or t.is_punct or t.ent_type_ for t in sentence.span.doc[start:first.i])


def where(trigger: Token, phrases: Sequence[Phrase], is_place: Callable[[int], bool], words: Words, taken: frozenset[int]) -> int | None:
    """Index of the phrase that says where the act took place; `taken` are phrases that are its subject or object."""
    best: tuple[float, int] | None = None
    for index, phrase in enumerate(phrases):
        if index in taken or phrase.head.dep_ != "pobj" or phrase.head.head.lower_ not in PLACE_PREPOSITIONS or not is_place(index):
            continue
        if phrase.head.head.lower_ in ("from", "over", "on") and phrase.label not in ("GPE", "LOC", "FAC"):
            continue
        cost = distance(trigger, anchor(phrase.head), words)
        if best is None or cost < best[0]:
            best = (cost, index)
    return best[1] if best is not None and best[0] <= NEAR else None


def how_many(document: Document, phrases: Sequence[Phrase | None]) -> Quantity | None:
    """The first quantity that one of the phrases carries."""
    for phrase in phrases:
        found = quantities.quantity(phrase) if phrase is not None else None
        if phrase is not None and found is not None:
            low, high, unit, approximate, first, last = found
            cited = phrase.sentence.cite(document, first, last)
            return Quantity(text=cited.text, start=cited.start, end=cited.end, min=low, max=high, unit=unit, approximate=approximate)
    return None


def _future(anchor: Token) -> bool:
    while anchor.pos_ not in ("VERB", "AUX") and anchor.head.i != anchor.i:
        anchor = anchor.head
    return any(c.dep_ == "aux" and c.lower_ in ("will", "would", "to", "'ll", "shall", "may", "could") for c in anchor.children) or (
        anchor.tag_ == "VBG" and anchor.head.lower_ in ("before", "by"))
