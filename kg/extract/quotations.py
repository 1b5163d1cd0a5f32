"""Quotations: the quoted stretches of a document's sentences, and who speaks in them, be it in another sentence."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from spacy.tokens import Token

from kg.extract.moods import Words, has, lemma
from kg.extract.parse import Sentence
from kg.extract.voices import Source, beside, speakers

OPENING = frozenset({"“", "``"})
CLOSING = frozenset({"”", "''", "’’"})

Stretch = tuple[int, int]


class Quotation(NamedTuple):
    """A quoted stretch of one sentence, the token indices `first` and `last` both inside it, and who speaks there."""

    first: int
    last: int
    speakers: tuple[Source, ...] = ()


def quotations(sentences: Sequence[Sentence], lexicon: Words) -> list[tuple[Quotation, ...]]:
    """The quotations in each sentence of a document, with their speakers.

    A quotation that runs over several sentences has one speaker: whom a sentence of it names, else the next sentence
    where the quotation opens the paragraph, else who spoke last before it.
    """
    stretches = _stretches(sentences)
    named = [_named(sentence, stretches[n], lexicon) for n, sentence in enumerate(sentences)]
    found: list[tuple[Quotation, ...]] = []
    last: tuple[Source, ...] = ()
    while len(found) < len(sentences):
        run = _run(len(found), sentences, stretches)
        who = next((named[n] for n in run if named[n]), ())
        if not who and stretches[run[0]]:
            who = _around(run, sentences, named) or last
        found += [tuple(Quotation(first, end, who) for first, end in stretches[n]) for n in run]
        last = who or last
    return found


def _run(start: int, sentences: Sequence[Sentence], stretches: Sequence[Sequence[Stretch]]) -> list[int]:
    """The sentences from one on that a single quotation holds together, by index."""
    run = [start]
    while run[-1] + 1 < len(sentences) and stretches[run[-1]] and stretches[run[-1] + 1]:
        sentence, following = sentences[run[-1]], sentences[run[-1] + 1]
        open_end = stretches[run[-1]][-1][1] == sentence.span.end - 1
        if not open_end or (sentence.paragraph == following.paragraph
                            and stretches[run[-1] + 1][0][0] != following.span.start):
            break
        run.append(run[-1] + 1)
    return run


def _around(
    run: Sequence[int], sentences: Sequence[Sentence], named: Sequence[tuple[Source, ...]]
) -> tuple[Source, ...]:
    """The speaker of a quotation whose own sentences name none, from the sentences beside it."""
    before, after, paragraph = run[0] - 1, run[-1] + 1, sentences[run[0]].paragraph
    opens = before < 0 or sentences[before].paragraph != paragraph
    if opens and after < len(sentences) and sentences[after].paragraph == paragraph and named[after]:
        return named[after]
    return named[before] if before >= 0 else ()


def _stretches(sentences: Sequence[Sentence]) -> list[list[Stretch]]:
    """Quoted token ranges of each sentence. A quotation goes on over the sentences of its paragraph until it is closed;
    one that is never closed goes on to the end of the paragraph where the next one opens with a quotation mark, else
    to the end of its sentence."""
    found: list[list[Stretch]] = [[] for _ in sentences]
    for _, group in groupby(range(len(sentences)), key=lambda n: sentences[n].paragraph):
        listed = list(group)
        start: Stretch | None = None
        for n in listed:
            for token in sentences[n].span:
                if start is None and _mark(token, OPENING):
                    start = n, token.i + 1
                elif start is not None and _mark(token, CLOSING):
                    _fill(found, sentences, start, (n, token.i - 1))
                    start = None
        if start is not None:
            following = listed[-1] + 1
            goes_on = following < len(sentences) and _mark(sentences[following].span[0], OPENING)
            last = listed[-1] if goes_on else start[0]
            _fill(found, sentences, start, (last, sentences[last].span.end - 1))
    return found


def _mark(token: Token, marks: frozenset[str]) -> bool:
    doubled = marks is CLOSING and token.text == "’" and token.i + 1 < len(token.doc) and token.nbor(1).text == "’"
    return token.text in marks or token.text == '"' or doubled


def _fill(found: list[list[Stretch]], sentences: Sequence[Sentence], start: Stretch, end: Stretch) -> None:
    for n in range(start[0], end[0] + 1):
        first = start[1] if n == start[0] else sentences[n].span.start
        last = end[1] if n == end[0] else sentences[n].span.end - 1
        if first <= last:
            found[n].append((first, last))


def _named(sentence: Sentence, stretches: Sequence[Stretch], lexicon: Words) -> tuple[Source, ...]:
    """Who a sentence says is speaking, outside its quotations: the subject of its outermost verb of saying."""

    def outside(token: Token) -> bool:
        return not any(first <= token.i <= last for first, last in stretches)

    verbs = [t for t in sentence.span if t.pos_ == "VERB" and lemma(t) in lexicon.reporting["verbs"] and outside(t)]
    for verb in sorted(verbs, key=lambda t: sum(1 for _ in t.ancestors)):
        found = [t for t in speakers(verb, lexicon) if outside(t)]
        if found and (stretches or not has(verb, ("nsubjpass", "csubjpass"))):
            return tuple(Source(sentence.index, t) for t in found)
    heads = next((heads for token, heads in beside(sentence, lexicon) if token.pos_ != "VERB"), [])
    return tuple(Source(sentence.index, t) for t in heads)
