"""Circumstances: the time, the place and the quantity of an act, from the words that hang on it in the parse."""

from collections.abc import Callable, Mapping, Sequence

from spacy.tokens import Token

from kg.extract import quantities, times
from kg.extract.context import Words
from kg.extract.parse import Sentence
from kg.extract.phrases import Phrase
from kg.model import Document, Quantity, Time

PLACE_PREPOSITIONS = frozenset(["in", "at", "near", "on", "off", "inside", "outside", "around", "across", "over", "along", "throughout", "within", "from"])
FAR = 6
REPORT = 20


def when(document: Document, sentence: Sentence, trigger: Token, words: Words) -> Time | None:
    """When the act that `trigger` heads took place, as far as its sentence says."""
    best: tuple[int, int, Time] | None = None
    for first, last in times.expressions(sentence.span):
        doc = sentence.span.doc
        root = doc[first:last + 1].root
        anchor = _anchor(root)
        cost = _distance(trigger, anchor, words)
        if best is not None and cost >= best[0]:
            continue
        before = doc[first - 1].lower_ if first > sentence.span.start else ""
        text = doc[first:last + 1].text
        for opening in ("since ", "until ", "till "):
            if text.lower().startswith(opening):
                before = opening.strip()
        if first > sentence.span.start and before in ("last", "next", "this", "early", "late"):
            first -= 1
            text = doc[first:last + 1].text
        value = times.resolve(text, document.published, past=not _future(anchor), before=before)
        if value is None:
            continue
        cited = sentence.cite(document, doc[first], doc[last])
        best = (cost, first, Time(text=cited.text, start=cited.start, end=cited.end, value=value))
    return best[2] if best is not None and best[0] <= FAR else None


def where(trigger: Token, phrases: Sequence[Phrase], is_place: Callable[[int], bool], words: Words, taken: frozenset[int]) -> int | None:
    """Index of the phrase that says where the act took place; `taken` are phrases that are its subject or object."""
    best: tuple[int, int] | None = None
    for index, phrase in enumerate(phrases):
        if index in taken or phrase.head.dep_ != "pobj" or phrase.head.head.lower_ not in PLACE_PREPOSITIONS or not is_place(index):
            continue
        if phrase.head.head.lower_ in ("from", "over", "on") and phrase.label not in ("GPE", "LOC", "FAC"):
            continue
        cost = _distance(trigger, _anchor(phrase.head), words)
        if best is None or cost < best[0]:
            best = (cost, index)
    return best[1] if best is not None and best[0] <= FAR else None


def how_many(document: Document, phrases: Sequence[Phrase | None]) -> Quantity | None:
    """The first quantity that one of the phrases carries."""
    for phrase in phrases:
        found = quantities.quantity(phrase) if phrase is not None else None
        if phrase is not None and found is not None:
            low, high, unit, approximate, first, last = found
            cited = phrase.sentence.cite(document, first, last)
            return Quantity(text=cited.text, start=cited.start, end=cited.end, min=low, max=high, unit=unit, approximate=approximate)
    return None


def _anchor(token: Token) -> Token:
    """The verb or noun that an adverbial hangs on."""
    while token.head.i != token.i:
        token = token.head
        if token.pos_ in ("VERB", "AUX") or (token.pos_ in ("NOUN", "PROPN") and token.ent_type_ not in ("DATE", "TIME")):
            break
    return token


def _future(anchor: Token) -> bool:
    while anchor.pos_ not in ("VERB", "AUX") and anchor.head.i != anchor.i:
        anchor = anchor.head
    return any(c.dep_ == "aux" and c.lower_ in ("will", "would", "to", "'ll", "shall", "may", "could") for c in anchor.children) or (
        anchor.tag_ == "VBG" and anchor.head.lower_ in ("before", "by"))


def _distance(trigger: Token, anchor: Token, words: Words) -> int:
    """Steps between an act and what an adverbial hangs on; crossing into what somebody says costs more than any."""
    up: Mapping[int, int] = _climb(trigger, words)
    if anchor.i in up:
        return up[anchor.i]
    down = _climb(anchor, words)
    if trigger.i in down:
        return down[trigger.i] + 1
    shared = [up[i] + down[i] + 1 for i in up if i in down]
    return min(shared, default=REPORT)


def _climb(token: Token, words: Words) -> dict[int, int]:
    costs = {token.i: 0}
    cost = 0
    while token.head.i != token.i:
        step = 1
        if token.dep_ in ("ccomp", "acl") and token.head.lemma_.lower() in words.reporting["verbs"]:
            step = REPORT
        elif token.dep_ in ("relcl", "advcl"):
            step = 3
        elif token.dep_ == "conj":
            step = 2
        elif token.dep_ in ("aux", "auxpass", "prep"):
            step = 0
        token = token.head
        cost += step
        costs[token.i] = cost
    return costs
