"""Dating: the times that may be that of an act, each with the features that speak for and against it.

A time is told in the act's own sentence, on the act or on another clause; as a distance from another act (*hours after they
agreed*); as how long it lasted (*five days of talks*); or in a sentence nearby, whose story the act goes on with.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.extract import days
from kg.extract.attachment import anchor, between, finite, listed, plans, score, tense
from kg.extract.clock import Clock
from kg.extract.context import Words
from kg.extract.parse import Sentence
from kg.extract.quantities import number
from kg.extract.times import Expression, expressions
from kg.model import Document

BACK = 3
MEMORY = 8
FRESH = 9
LIMITS = frozenset({"since", "by", "until", "before", "after"})
OPENINGS = ("then", "later", "also", "meanwhile", "earlier", "but", "in")
OFFSET = re.compile(r"(?:(?P<count>\d+|[a-z]+) )?(?P<unit>minute|hour|day|week|month|year|decade|night|evening|moment)s?$")
FOR = re.compile(
    r"\bfor (?:(?:more than|over|nearly|almost|about|at least|some) )?(?P<count>\d+|[a-z]+) (?P<unit>day|week|month|year|decade)s?\b"
)
LASTING = re.compile(r"\b(?P<count>\d+|[a-z]+)(?: ?- ?| )(?P<unit>day|week|month)s?(?: of| -)? (?:\S+ ){0,3}\S+$")


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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A time that may be that of an act, the words it was read from, and what speaks for and against it."""

    value: str
    sentence: Sentence
    first: Token
    last: Token
    features: tuple[str, ...]


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


def candidates(chronicle: Chronicle, sentence: Sentence, act: Token, words: Words, relation: str = "") -> Iterator[Candidate]:
    """Every time that may be that of an act (its head `act`), told in its sentence or around it."""
    own = chronicle.of(sentence)
    about = tuple(_act(act, words, relation))
    yield from _told_of(act, sentence, own, words, about)
    yield from _apart(chronicle.document, act, sentence, own, words, about)
    yield from _lasting(chronicle.document, act, sentence, own, words, about)
    yield from _around(chronicle, act, sentence, about)


# ---- the times of a sentence -----------------------------------------------------------------------------------------


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


# ---- in the act's sentence -------------------------------------------------------------------------------------------


def _told_of(act: Token, sentence: Sentence, own: Sequence[Dated], words: Words, about: Sequence[str]) -> Iterator[Candidate]:
    nearest = min((abs(dated.first.i - act.i) for dated in own), default=0)
    now = tense(act)
    for dated in own:
        side = "before" if dated.first.i < act.i else "after"
        way = list(between(act, dated.anchor, words))
        features = [
            "in sentence",
            *way,
            *(f"{side} and {f}" for f in way if f.startswith(("up ", "down "))),
            *about,
            *_order(act, dated, words),
            f"kind {dated.kind}",
            f"time {tense(dated.anchor)}",
            f"act {now}, time {tense(dated.anchor)}",
        ]
        if dated.lead in LIMITS or dated.lead in ("from", "of", "for"):
            features.append(f"lead {dated.lead}")
        if abs(dated.first.i - act.i) == nearest:
            features.append("nearest")
        if len(own) == 1:
            features.append("only one")
        yield Candidate(dated.value, sentence, dated.first, dated.last, tuple(features))


def _order(act: Token, dated: Dated, words: Words) -> Iterator[str]:
    if dated.anchor.lemma_.lower() in listed("reports") and dated.anchor.i != act.i:
        yield "of a report"
    if dated.first.i - dated.sentence.span.start < 3:
        yield "fronted"
    low, high = sorted((act.i, dated.first.i))
    stretch = dated.sentence.span.doc[low + 1 : high]
    yield "before act" if dated.first.i < act.i else "after act"
    yield f"{min(sum(t.pos_ == 'VERB' for t in stretch), 3)} verbs between"
    if any(t.text in (";", ":", "•") for t in stretch):
        yield "semicolon between"
    if any(t.text == "," for t in stretch):
        yield "comma between"
    if dated.anchor.pos_ in ("NOUN", "PROPN") and dated.last.i < dated.anchor.i:
        yield "inside noun phrase" if dated.anchor.i != act.i else "inside act's phrase"


def _act(act: Token, words: Words, relation: str) -> Iterator[str]:
    """What the act is, apart from any time: a verb or a noun, its tense, denied or planned."""
    verbal = act.pos_ in ("VERB", "AUX")
    clause = finite(act)
    yield f"act {'verb' if verbal else act.pos_.lower()}"
    yield f"act {tense(act)}" if verbal else f"act in {tense(act)}"
    yield "act in main clause" if clause.dep_ == "ROOT" else f"act in {clause.dep_}"
    if act.lemma_.lower() in words.reporting["verbs"] | words.reporting["nouns"]:
        yield "act of speech"
    if any(c.dep_ == "neg" or c.lower_ in ("no", "any", "neither", "never") for c in act.children) or any(
        c.dep_ == "neg" for c in clause.children
    ):
        yield "act negated"
    if (plans(act.head) and act.dep_ in ("xcomp", "acl", "dobj", "pcomp")) or (act.head.dep_ == "prep" and plans(act.head.head)):
        yield "act planned"
    if not verbal:
        determiner = next((c for c in act.lefts if c.dep_ in ("det", "poss")), None)
        yield f"act bare {act.tag_}" if determiner is None else f"act with {determiner.lower_ if determiner.dep_ == 'det' else 'owner'}"
    if relation:
        yield f"relation {relation}"


def _best(act: Token, sentence: Sentence, own: Sequence[Dated], words: Words) -> Candidate | None:
    """The time of an act by its sentence alone, where it is likely enough to count from."""
    rated = [(score(c.features, "when"), c) for c in _told_of(act, sentence, own, words, tuple(_act(act, words, "")))]
    best = max(rated, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] > 0.5 else None


def _apart(
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
        count, unit = _offset(doc[max(sentence.span.start, word.i - 5) : word.i].text.lower())
        forward = (word.lower_ != "before") != inside
        base = _best(main if inside else later, sentence, own, words)
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


def _lasting(
    document: Document, act: Token, sentence: Sentence, own: Sequence[Dated], words: Words, about: Sequence[str]
) -> Iterator[Candidate]:
    """The stretch that an act is told to last: *five days of talks*, *a four-day visit*, *had held it for two years*."""
    doc = sentence.span.doc
    base: Candidate | None
    if act.pos_ in ("VERB", "AUX"):
        found = FOR.search(doc[act.i + 1 : min(act.i + 16, sentence.span.end)].text.lower())
        now = tense(act)
        if found is None or now not in ("perfect", "pluperfect"):
            return
        clause = act
        while clause.dep_ not in ("relcl", "advcl", "ccomp", "ROOT") and clause.head.i != clause.i:
            clause = clause.head
        base = _best(clause.head, sentence, own, words) if now == "pluperfect" and clause.head.i != clause.i else None
        end = base.value.split("/")[-1] if base is not None else document.published.isoformat() if document.published else ".."
        grain = days.PARTS.get({"decade": "year", "week": "month"}.get(found["unit"], found["unit"]), 3)
        count = _count(found["count"])
        if count is None or ".." in end or days.precision(end) < grain:
            return
        size = (4, 7, 10)[grain - 1]
        value = days.span(days.back(end, count, found["unit"])[:size], end[:size])
    else:
        found = LASTING.search(doc[max(sentence.span.start, act.i - 7) : act.i + 1].text.lower())
        count = _count(found["count"]) if found is not None else None
        base = _best(act, sentence, own, words) if count else None
        if found is None or count is None or base is None or base.value.count("-") != 2:
            return
        ahead = finite(act).lemma_.lower() in listed("starts") or tense(act) == "future"
        other = days.back(base.value, -count if ahead else count, found["unit"], inclusive=True)
        value = days.span(base.value, other) if ahead else days.span(other, base.value)
    if value is not None:
        first, last = (base.first, base.last) if base is not None else (act, act)
        yield Candidate(value, sentence, first, last, (f"lasting {found['unit']}", f"lasting {act.pos_}", *about))


# ---- around the act's sentence ---------------------------------------------------------------------------------------


def _around(chronicle: Chronicle, act: Token, sentence: Sentence, about: Sequence[str]) -> Iterator[Candidate]:
    """The times of sentences nearby, which an act without its own may share."""
    shared = [f"around {f}" for f in (*about, *_opening(act, sentence, dated=bool(chronicle.of(sentence))))]
    stem, now = act.lemma_.lower()[:5], tense(act)
    told = [
        d
        for other in chronicle.sentences
        if other.index not in (sentence.index,) and other.index <= sentence.index + 2
        for d in chronicle.of(other)
    ]
    gaps = [(sentence.index - d.sentence.index, d) for d in told]
    closest = min((gap for gap, _ in gaps if gap > 0), default=0)
    current = min((gap for gap, d in gaps if gap > 0 and d.lead not in LIMITS and _standing(d.anchor) == "on main clause"), default=0)
    for gap, dated in gaps:
        other = dated.sentence
        echoes = any(t.lemma_.lower()[:5] == stem and t.pos_ in ("VERB", "NOUN") and _touches(t, dated.anchor) for t in other.span)
        if not (echoes or -1 <= gap <= BACK or other.index < 2 or gap == current <= MEMORY):
            continue
        place = f"{gap} back" if 0 < gap <= BACK else "farther back" if gap > 0 else f"{-gap} ahead"
        age = "fresh" if _fresh(dated, chronicle.document) else "old"
        standing = _standing(dated.anchor)
        features = [
            *shared,
            *(
                f"around {f}"
                for f in (
                    place,
                    standing,
                    f"{standing} {place}",
                    f"kind {dated.grain}",
                    f"act {now} of {tense(dated.anchor)}",
                    f"{age} {place}",
                    f"{age} act {now}",
                )
            ),
        ]
        if gap == closest:
            features.append("around closest")
        if gap == current and standing == "on main clause":
            features += ["around current", f"around current, act {now}", f"around current, {age}, act {now}"]
            if other.paragraph == sentence.paragraph:
                features.append("around current of paragraph")
        if other.paragraph == sentence.paragraph:
            features += ["around paragraph", f"around paragraph {place}"]
        if other.index < 2:
            features += ["around lede", f"around {age} lede", *(["around lede, early"] if sentence.index < 5 else [])]
        if echoes:
            features += ["around echo", f"around echo of {act.pos_.lower()}"]
        if dated.lead in LIMITS:
            features.append(f"around lead {dated.lead}")
        yield Candidate(dated.value, other, dated.first, dated.last, tuple(features))


def _opening(act: Token, sentence: Sentence, *, dated: bool) -> Iterator[str]:
    yield "dated" if dated else "undated"
    if any(c.dep_ in ("nsubj", "nsubjpass") and c.pos_ == "PRON" for c in finite(act).children):
        yield "pronoun"
    first = {token.lower_ for token in sentence.span[:3]}
    yield from (f"opens with {word}" for word in OPENINGS if word in first)


def _touches(token: Token, word: Token) -> bool:
    return word.i in (token.i, token.head.i) or word.head.i == token.i


def _standing(word: Token) -> str:
    verb = finite(word)
    if verb.lemma_.lower() in listed("reports"):
        return "on report"
    return "on main clause" if verb.dep_ in ("ROOT", "conj") else "on that-clause" if verb.dep_ == "ccomp" else "on side clause"


def _fresh(dated: Dated, document: Document) -> bool:
    day = document.published
    return day is not None and ".." not in dated.value and abs((days.first_day(dated.value) - day).days) < FRESH
