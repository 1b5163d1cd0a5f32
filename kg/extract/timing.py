"""Timing: the times of an act's own sentence, each with the features that speak for and against it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.attachment import between, finite, plans, score, tense
from kg.extract.chronicle import Dated
from kg.extract.context import Words
from kg.extract.parse import Sentence
from kg.extract.times import listed

# Odds above which other times may be counted from one.
LIKELY = 0.5
LIMITS = frozenset({"since", "by", "until", "before", "after"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A time that may be that of an act, the words it was read from, and what speaks for and against it."""

    value: str
    sentence: Sentence
    first: Token
    last: Token
    features: tuple[str, ...]


def told_of(act: Token, sentence: Sentence, own: Sequence[Dated], words: Words, about: Sequence[str]) -> Iterator[Candidate]:
    """Each time of the act's sentence; `about` says what the act is (`about_act`)."""
    nearest = min((abs(dated.first.i - act.i) for dated in own), default=0)
    now = tense(act)
    for dated in own:
        side = "before" if dated.first.i < act.i else "after"
        way = list(between(act, dated.anchor, words))
        if _of_another(act, dated, way):
            continue
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


def _of_another(act: Token, dated: Dated, way: Sequence[str]) -> bool:
    """Whether a time is surely not a verb's: it is that of the report (*..., the army said on Monday*), tells one thing from
    others (*denounced the 2015 agreement*), or is what somebody did otherwise (*the president, elected in 2019, denounced it*)."""
    if act.pos_ not in ("VERB", "AUX") or dated.anchor.i == act.i:
        return False
    reported = "up said" in way and dated.anchor.lemma_.lower() in listed("tells")
    names_it = dated.grain == "year" and dated.anchor.pos_ in ("NOUN", "PROPN") and dated.last.i < dated.anchor.i
    otherwise = any(step in ("down relative", "down relative, pluperfect") for step in way)
    return reported or names_it or (otherwise and not any(step.startswith("up ") for step in way))


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
        inside = "inside noun phrase" if dated.anchor.i != act.i else "inside act's phrase"
        yield inside
        yield f"{inside}, {dated.grain}"


def about_act(act: Token, words: Words, relation: str) -> Iterator[str]:
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


def best(act: Token, sentence: Sentence, own: Sequence[Dated], words: Words) -> Candidate | None:
    """The time of an act by its sentence alone, where it is likely enough to count from."""
    rated = [(score(c.features, "when"), c) for c in told_of(act, sentence, own, words, tuple(about_act(act, words, "")))]
    odds, candidate = max(rated, key=lambda pair: pair[0], default=(0.0, None))
    return candidate if odds > LIKELY else None
