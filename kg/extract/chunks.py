"""Chunks: a few sentences read at once by the learned reader, in the form that its training and its use share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.pairs import Pair, pairs
from kg.extract.parse import Sentence
from kg.extract.phrases import Kind, Phrase
from kg.model import Document

LIMIT = 128


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive sentences with their phrases and pairs; offsets are relative to `start` in the document.

    `spans` and `heads` are (start, end) of each phrase and of its head; `sentences` the same for each sentence;
    `pairs` has (subject, object or -1, (start, end) of where they meet, features, index into `sentences`);
    `keys` says which pair of phrases of which sentence each is. `links` has (phrase, phrase named before it, features)
    for every phrase that may point back and everything that it may point back to; `phrases` says which phrase of which
    sentence each is.
    """

    start: int
    text: str
    spans: tuple[tuple[int, int], ...]
    heads: tuple[tuple[int, int], ...]
    sentences: tuple[tuple[int, int], ...]
    pairs: tuple[tuple[int, int, tuple[int, int], tuple[str, ...], int], ...]
    keys: tuple[tuple[int, Pair], ...]
    phrases: tuple[tuple[int, int], ...]
    links: tuple[tuple[int, int, tuple[str, ...]], ...]


def chunks(
    document: Document,
    sentences: Sequence[Sentence],
    phrases: Sequence[Sequence[Phrase]],
    hints: Sequence[dict[tuple[int, int], list[str]]],
) -> Iterator[Chunk]:
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


def _chunk(
    document: Document,
    sentences: Sequence[Sentence],
    phrases: Sequence[Sequence[Phrase]],
    hints: Sequence[dict[tuple[int, int], list[str]]],
    group: Sequence[int],
) -> Chunk:
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
            found.append(
                (offset + pair.subject, offset + pair.object if pair.object >= 0 else -1, meets, features, number)
            )
            keys.append((index, pair))
    return Chunk(
        start,
        document.text[start:end],
        tuple(spans),
        tuple(heads),
        tuple(bounds),
        tuple(found),
        tuple(keys),
        tuple(where),
        tuple(
            _links(
                [
                    (number, phrases[index][position])
                    for number, index in enumerate(group)
                    for position in range(len(phrases[index]))
                ]
            )
        ),
    )


def _links(listed: Sequence[tuple[int, Phrase]]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Pairs of a phrase that may point back and a phrase before it that it may point to."""
    for later, (sentence, phrase) in enumerate(listed):
        if not points_back(phrase):
            continue
        word = phrase.head.lower_ if phrase.kind is Kind.PRONOUN else phrase.kind.value
        number = (
            "plural"
            if phrase.head.tag_ in ("NNS", "NNPS") or word in ("they", "their", "them", "we", "both")
            else "singular"
        )
        for earlier in range(later - 1, -1, -1):
            before, other = listed[earlier]
            if (
                other.kind is Kind.PRONOUN
                or other.head.i == phrase.head.i
                or phrase.first <= other.head.i <= phrase.last
            ):
                continue
            role = (
                other.head.dep_
                if other.head.dep_
                in ("nsubj", "nsubjpass", "dobj", "pobj", "poss", "appos", "conj", "compound", "amod")
                else "other"
            )
            kind = other.label or other.kind.value
            tag = other.head.tag_
            distance = min(4, sentence - before)
            nearer = min(6, (later - earlier).bit_length())
            same = "same-head" if other.head.lemma_.lower() == phrase.head.lemma_.lower() else "other-head"
            yield (
                later,
                earlier,
                (
                    f"a={word}",
                    f"c={kind}",
                    f"{word}~{kind}",
                    f"c^{role}",
                    f"d={distance}",
                    f"n={nearer}",
                    f"d={distance}^{role}",
                    f"{number}~{tag}",
                    same,
                    f"a^{phrase.head.dep_}",
                    f"a^{phrase.head.dep_}~{role}~{distance}",
                ),
            )


def points_back(phrase: Phrase) -> bool:
    """Whether a phrase may name something that was named before: a pronoun or a definite description."""
    if phrase.kind is Kind.PRONOUN:
        return phrase.head.lower_ not in ("who", "which", "whom", "whose", "that", "other")
    if phrase.kind is Kind.NOMINAL:
        first = phrase.tokens[0]
        return bool(
            first.lower_
            in ("the", "this", "these", "that", "those", "both", "its", "his", "her", "their", "said", "such")
        )
    return False
