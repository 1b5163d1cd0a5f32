"""Chunks: a few sentences read at once by the learned reader, in the form that its training and its use share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.pairs import Pair, pairs
from kg.extract.parse import Sentence
from kg.extract.phrases import Phrase
from kg.model import Document

LIMIT = 96


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive sentences with their phrases and pairs; offsets are relative to `start` in the document.

    `spans` and `heads` are (start, end) of each phrase and of its head; `sentences` the same for each sentence;
    `pairs` has (subject, object or -1, (start, end) of where they meet, features, index into `sentences`);
    `keys` says which pair of phrases of which sentence each is.
    """

    start: int
    text: str
    spans: tuple[tuple[int, int], ...]
    heads: tuple[tuple[int, int], ...]
    sentences: tuple[tuple[int, int], ...]
    pairs: tuple[tuple[int, int, tuple[int, int], tuple[str, ...], int], ...]
    keys: tuple[tuple[int, Pair], ...]
    phrases: tuple[tuple[int, int], ...]


def chunks(document: Document, sentences: Sequence[Sentence], phrases: Sequence[Sequence[Phrase]],
           hints: Sequence[dict[tuple[int, int], list[str]]]) -> Iterator[Chunk]:
    """The document in runs of sentences of about `LIMIT` tokens; `phrases` and `hints` (features that the lexicon adds
    to pairs) are by sentence."""
    group: list[int] = []
    size = 0
    for index, sentence in enumerate(sentences):
        if group and size + len(sentence.span) > LIMIT:
            yield _chunk(document, sentences, phrases, hints, group)
            group, size = [], 0
        group.append(index)
        size += len(sentence.span)
    if group:
        yield _chunk(document, sentences, phrases, hints, group)


def _chunk(document: Document, sentences: Sequence[Sentence], phrases: Sequence[Sequence[Phrase]],
           hints: Sequence[dict[tuple[int, int], list[str]]], group: Sequence[int]) -> Chunk:
    first, last = sentences[group[0]], sentences[group[-1]]
    start, end = first.base + first.span.start_char, last.base + last.span.end_char
    spans: list[tuple[int, int]] = []
    heads: list[tuple[int, int]] = []
    bounds: list[tuple[int, int]] = []
    found: list[tuple[int, int, tuple[int, int], tuple[str, ...], int]] = []
    keys: list[tuple[int, Pair]] = []
    where: list[tuple[int, int]] = []
    for number, index in enumerate(group):
        sentence = sentences[index]
        base = sentence.base - start
        offset = len(spans)
        bounds.append((base + sentence.span.start_char, base + sentence.span.end_char))
        for position, phrase in enumerate(phrases[index]):
            tokens = phrase.tokens
            spans.append((base + tokens[0].idx, base + tokens[-1].idx + len(tokens[-1])))
            heads.append((base + phrase.head.idx, base + phrase.head.idx + len(phrase.head)))
            where.append((index, position))
        for pair in pairs(list(phrases[index])):
            meets = (base + pair.meets.idx, base + pair.meets.idx + len(pair.meets))
            features = (*pair.features, *hints[index].get((pair.subject, pair.object), ()))
            found.append((offset + pair.subject, offset + pair.object if pair.object >= 0 else -1, meets, features, number))
            keys.append((index, pair))
    return Chunk(start, document.text[start:end], tuple(spans), tuple(heads), tuple(bounds), tuple(found), tuple(keys), tuple(where))
