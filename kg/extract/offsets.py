"""Offsets: times that are told by way of another act (*hours after they agreed*) or of how long the act went on (*five days
of talks*)."""

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from kg.extract import days
from kg.extract.attachment import anchor, between, finite, tense
from kg.extract.chronicle import Dated
from kg.extract.context import Words
from kg.extract.parse import Sentence
from kg.extract.quantities import number
from kg.extract.times import listed, plain
from kg.extract.timing import Candidate, best
from kg.model import Document

OFFSET = re.compile(r"(?:(?P<count>\d+|[a-z]+) )?(?P<unit>minute|hour|day|week|month|year|decade|night|evening|moment)s?$")
FOR = re.compile(
    r"\bfor (?:(?:more than|over|nearly|almost|about|at least|some) )?(?P<count>\d+|[a-z]+) (?P<unit>day|week|month|year|decade)s?\b"
)
LASTING = re.compile(r"\b(?P<count>\d+|[a-z]+)(?: ?- ?| )(?P<unit>day|week|month)s?(?: of| -)? (?:\S+ ){0,3}\S+$")


def apart(
    document: Document, act: Token, sentence: Sentence, own: Sequence[Dated], words: Words, about: Sequence[str]
) -> Iterator[Candidate]:
    """Times that an act lies a while after or before: *hours after they agreed*, *two days before the vote*."""
    doc = sentence.span.doc
    for word in sentence.span:
        if word.lower_ not in ("after", "before", "since") or word.dep_ not in ("mark", "prep", "advmod"):
            continue
        main, later = _sides(word)
        if main.i in (word.i, later.i) or later.i == word.i:
            continue
        inside = act.i == later.i or later in act.ancestors
        if not inside and act.i != main.i and main not in act.ancestors:
            continue
        count, unit = _offset(plain(doc[max(sentence.span.start, word.i - 5) : word.i].text))
        forward = (word.lower_ != "before") != inside
        base = best(main if inside else later, sentence, own, words)
        if base is None and inside and count and unit in ("month", "year", "decade") and document.published:
            base = Candidate(document.published.isoformat(), sentence, word, word, ())
        value = days.shift(base.value, count if forward else -count, unit) if base is not None else None
        if base is None or value is None:
            continue
        way = between(act, later if inside else main, words)
        features = [
            f"offset {unit if count else 'vague'}",
            "offset from main" if inside else "offset from clause",
            *(f"offset {f}" for f in way),
            *about,
        ]
        yield Candidate(value, sentence, base.first, base.last, tuple(features))


def _sides(word: Token) -> tuple[Token, Token]:
    """The heads of what *after* or *before* stands between: the act that it dates, and the one that it counts from."""
    later = word.head if word.dep_ != "prep" else next((c for c in word.children if c.dep_ in ("pobj", "pcomp")), word)
    main = anchor(word if word.dep_ == "prep" else later)
    if word.dep_ == "prep" and main.i > word.i:
        # *a day after envoys signed*, read as *after envoys*: the clause follows.
        later, main = main, anchor(main)
    if main.lemma_.lower() in listed("reports"):
        # *..., the council said, a day after envoys signed*: hung on the report, meant of the act.
        main = next((c for c in main.children if c.dep_ == "ccomp"), main)
    return main, later


def _offset(text: str) -> tuple[int, str]:
    """Count and unit of the words before *after*; a count of 0 where they say none (*hours after*, *shortly after*)."""
    found = OFFSET.search(text)
    if not found:
        return 0, "none"
    return _count(found["count"] or "") or 0, {"night": "day", "evening": "day"}.get(found["unit"], found["unit"])


def _count(word: str) -> int | None:
    found = number(word) if word else None
    return int(found) if found is not None else 1 if word in ("a", "an", "the") else None


def lasting(
    document: Document, act: Token, sentence: Sentence, own: Sequence[Dated], words: Words, about: Sequence[str]
) -> Iterator[Candidate]:
    """The stretch that an act is told to last: *five days of talks*, *a four-day visit*, *had held it for two years*."""
    verbal = act.pos_ in ("VERB", "AUX")
    first, last = (act.i + 1, act.i + 16) if verbal else (act.i - 7, act.i + 1)
    words_around = sentence.span.doc[max(first, sentence.span.start) : min(last, sentence.span.end)]
    found = (FOR if verbal else LASTING).search(plain(words_around.text))
    count = _count(found["count"]) if found is not None else None
    if found is None or count is None:
        return
    told = [
        t for t in words_around if t.idx - words_around.start_char < found.end("unit") and t.idx - words_around.start_char >= found.start()
    ]
    if verbal:
        value = _held(document, act, count, found["unit"], sentence, own, words)
    else:
        value = _went_on(act, count, found["unit"], sentence, own, words)
    if value is not None and told:
        yield Candidate(value, sentence, told[0], told[-1], (f"lasting {found['unit']}", f"lasting {act.pos_}", *about))


def _held(document: Document, act: Token, count: int, unit: str, sentence: Sentence, own: Sequence[Dated], words: Words) -> str | None:
    """*has held it for two years*: up to the report; *had held it*: up to the time of the clause above."""
    now, clause = tense(act), act
    if now not in ("perfect", "pluperfect"):
        return None
    while clause.dep_ not in ("relcl", "advcl", "ccomp", "ROOT") and clause.head.i != clause.i:
        clause = clause.head
    base = best(clause.head, sentence, own, words) if now == "pluperfect" and clause.head.i != clause.i else None
    end = base.value.split("/")[-1] if base is not None else document.published.isoformat() if document.published else ".."
    grain = days.PARTS[{"decade": "year", "week": "month"}.get(unit, unit)]
    start = days.back(end, count, unit) if end != ".." and days.precision(end) >= grain else None
    size = (4, 7, 10)[grain - 1]
    return days.span(start[:size], end[:size]) if start else None


def _went_on(act: Token, count: int, unit: str, sentence: Sentence, own: Sequence[Dated], words: Words) -> str | None:
    """*a four-day visit ended on Friday*; ahead where it starts then."""
    base = best(act, sentence, own, words)
    if base is None or base.value.count("-") != 2:
        return None
    ahead = finite(act).lemma_.lower() in listed("starts") or tense(act) == "future"
    other = days.back(base.value, -count if ahead else count, unit, inclusive=True)
    return days.span(base.value, other) if ahead else days.span(other, base.value)
