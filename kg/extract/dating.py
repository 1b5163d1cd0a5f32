"""Dating: all times that may be that of an act, told in its sentence or in those around it, whose story it goes on with."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from kg.extract import days
from kg.extract.attachment import finite, tense
from kg.extract.chronicle import MEMORY, Chronicle, Dated
from kg.extract.context import Words
from kg.extract.offsets import apart, lasting
from kg.extract.parse import Sentence
from kg.extract.times import listed
from kg.extract.timing import LIMITS, Candidate, about_act, told_of
from kg.model import Document

__all__ = ["Candidate", "Chronicle", "candidates"]

# How many sentences away a time is looked for; the first two of a document are looked at from everywhere.
BACK, AHEAD = 3, 2
FRESH = 9
OPENINGS = ("then", "later", "also", "meanwhile", "earlier", "but", "in")


def candidates(chronicle: Chronicle, sentence: Sentence, act: Token, words: Words, relation: str = "") -> Iterator[Candidate]:
    """Every time that may be that of an act (its head `act`), told in its sentence or around it."""
    own = chronicle.of(sentence)
    about = tuple(about_act(act, words, relation))
    yield from told_of(act, sentence, own, words, about)
    yield from apart(chronicle.document, act, sentence, own, words, about)
    yield from lasting(chronicle.document, act, sentence, own, words, about)
    yield from _around(chronicle, act, sentence, about)


def _around(chronicle: Chronicle, act: Token, sentence: Sentence, about: Sequence[str]) -> Iterator[Candidate]:
    """The times of sentences nearby, which an act without its own may share."""
    shared = [f"around {f}" for f in (*about, *_opening(act, sentence, dated=bool(chronicle.of(sentence))))]
    stem, now = act.lemma_.lower()[:5], tense(act)
    others = [s for s in chronicle.sentences if s.index != sentence.index and s.index <= sentence.index + AHEAD]
    told = [dated for other in others for dated in chronicle.of(other)]
    gaps = [(sentence.index - d.sentence.index, d) for d in told]
    closest = min((gap for gap, _ in gaps if gap > 0), default=0)
    current = min((gap for gap, d in gaps if gap > 0 and d.lead not in LIMITS and _standing(d.anchor) == "on main clause"), default=0)
    for gap, dated in gaps:
        other = dated.sentence
        beside = (dated.anchor, dated.anchor.head, *dated.anchor.children)
        echoes = any(t.lemma_.lower()[:5] == stem and t.pos_ in ("VERB", "NOUN") for t in beside)
        if not (echoes or -1 <= gap <= BACK or other.index < 2 or gap == current <= MEMORY):
            continue
        place = f"{gap} back" if 0 < gap <= BACK else "farther back" if gap > 0 else f"{-gap} ahead"
        age = "fresh" if _fresh(dated, chronicle.document) else "old"
        standing = _standing(dated.anchor)
        about = (place, standing, f"{standing} {place}", f"kind {dated.grain}", f"act {now} of {tense(dated.anchor)}")
        features = [*shared, *(f"around {f}" for f in (*about, f"{age} {place}", f"{age} act {now}"))]
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


def _standing(word: Token) -> str:
    verb = finite(word)
    if verb.lemma_.lower() in listed("reports"):
        return "on report"
    return "on main clause" if verb.dep_ in ("ROOT", "conj") else "on that-clause" if verb.dep_ == "ccomp" else "on side clause"


def _fresh(dated: Dated, document: Document) -> bool:
    day = document.published
    return day is not None and ".." not in dated.value and abs((days.first_day(dated.value) - day).days) < FRESH
