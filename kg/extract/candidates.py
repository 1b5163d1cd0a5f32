"""Candidates: the relations that the lexicon and the learned reader see between two phrases of a sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.chunks import chunks
from kg.extract.discourse import Link
from kg.extract.lexicon import Lexicon
from kg.extract.nouns import Nouns
from kg.extract.parse import Sentence
from kg.extract.phrases import Phrase
from kg.extract.predicates import predicates
from kg.extract.reader import Reader
from kg.extract.titles import titles
from kg.model import Document, EntityType, Modality

# What the learned reader thinks less likely than this is not looked at again.
LEAST = 0.04
TYPE_THRESHOLD = 0.5
TITLE_SURE = 0.9
Key = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A relation between two phrases of a sentence, by index (`object` -1: none).

    `lexical` is how sure the lexicon is (0: it has no entry for it), `frame` what the entry was found by; `learned` is
    the reader's probability, None without a reader; with it come `modality` and `negative`, the probability that it is
    negated.
    """

    sentence: int
    subject: int
    object: int
    relation: str
    trigger: Token
    lexical: float = 0.0
    frame: str = ""
    learned: float | None = None
    any: float = 0.0
    modality: Modality | None = None
    negative: float | None = None

    @property
    def key(self) -> Key:
        """What makes it the same candidate, whoever sees it."""
        return self.sentence, self.subject, self.object, self.relation


@dataclass(frozen=True, slots=True)
class Guesses:
    """What the learned reader thinks of a document's phrases, by sentence and index."""

    types: tuple[dict[int, EntityType], ...]
    links: tuple[dict[int, Link], ...]


def lexical_candidates(sentence: Sentence, phrases: Sequence[Phrase], lexicon: Lexicon, nouns: Nouns) -> list[Candidate]:
    """What the lexicon's frames and the titles of a sentence say."""
    heads = {phrase.head.i: index for index, phrase in enumerate(phrases)}
    for index, phrase in enumerate(phrases):
        if phrase.label:
            for token in range(phrase.first, phrase.last + 1):
                heads.setdefault(token, index)
    found: dict[Key, Candidate] = {}
    for hit in lexicon.hits(predicates(sentence)):
        subject = heads.get(hit.subject.i)
        object_ = -1 if hit.object is None else heads.get(hit.object.i)
        if subject is not None and object_ is not None:
            one = Candidate(sentence.index, subject, object_, hit.frame.relation, hit.predicate.head, hit.frame.sure,
                            f"{hit.frame.part}:{hit.frame.lemma}")
            if one.key not in found or found[one.key].lexical < one.lexical:
                found[one.key] = one
    for title in titles(phrases, nouns):
        relation = "leads" if title.heads else "holdsOfficeIn"
        one = Candidate(sentence.index, title.person, title.body, relation, title.token, TITLE_SURE, f"title:{title.token.lemma_}")
        found[one.key] = one
    return list(found.values())


def hints(candidates: Iterable[Candidate]) -> dict[tuple[int, int], list[str]]:
    """What the lexicon says of each pair of phrases of a sentence, as features for the learned reader."""
    found: dict[tuple[int, int], list[str]] = {}
    for candidate in candidates:
        found.setdefault((candidate.subject, candidate.object), []).append(f"lexicon={candidate.relation}")
    return found


def learned_candidates(document: Document, sentences: Sequence[Sentence], phrases: Sequence[Sequence[Phrase]],
                       lexical: Sequence[Sequence[Candidate]], reader: Reader) -> tuple[list[Candidate], Guesses]:
    """Both's candidates with what the reader thinks of them, and its guesses of types and antecedents."""
    known: Mapping[Key, Candidate] = {c.key: c for group in lexical for c in group}
    guesses = Guesses(tuple({} for _ in sentences), tuple({} for _ in sentences))
    found: dict[Key, Candidate] = {}
    for chunk in chunks(document, sentences, phrases, [hints(group) for group in lexical]):
        if not chunk.pairs:
            continue
        reading = reader.read(chunk)
        for row, (index, position) in enumerate(chunk.phrases):
            best = int(reading.types[row].argmax())
            if reading.types[row][best] >= TYPE_THRESHOLD:
                guesses.types[index][position] = EntityType(reader.types[best])
        for later, (earlier, probability) in reading.antecedents.items():
            index, position = chunk.phrases[later]
            guesses.links[index][position] = Link(*(chunk.phrases[earlier] if earlier >= 0 else (-1, -1)), probability)
        columns = {relation: column for column, relation in enumerate(reader.relations)}
        wanted = {(chunk_row, int(column)) for chunk_row, column in zip(*(reading.relations[:, 1:] >= LEAST).nonzero(), strict=True)}
        wanted = {(row, column + 1) for row, column in wanted}
        for row, (index, pair) in enumerate(chunk.keys):
            for relation in {c.relation for c in lexical[index] if (c.subject, c.object) == (pair.subject, pair.object)}:
                if relation in columns:
                    wanted.add((row, columns[relation]))
        for row, column in sorted(wanted):
            index, pair = chunk.keys[row]
            key = (index, pair.subject, pair.object, reader.relations[column])
            lexically = known.get(key)
            trigger = lexically.trigger if lexically else _token_at(sentences[index], chunk.start + reading.triggers[row][0])
            found[key] = Candidate(
                *key, trigger if trigger is not None else pair.meets,
                lexically.lexical if lexically else 0.0, lexically.frame if lexically else "",
                float(reading.relations[row][column]), float(1 - reading.relations[row][0]),
                Modality(reader.modalities[int(reading.modalities[row].argmax())]), float(reading.negative[row][1]))
    return list({**known, **found}.values()), guesses


def _token_at(sentence: Sentence, offset: int) -> Token | None:
    for token in sentence.span:
        if sentence.start(token) <= offset < sentence.start(token) + len(token):
            return token
    return None
