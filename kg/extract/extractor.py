"""The extractor: puts the layers together, from a document's sentences to its claims."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Token

from kg.extract import circumstances
from kg.extract.chunks import chunks
from kg.extract.context import Context, Words, context, quotations, words
from kg.extract.discourse import Discourse, Link, Named, Referent
from kg.extract.lexicon import Lexicon, lexicon
from kg.extract.mentions import read_mentions
from kg.extract.names import Gazetteer, Name, gazetteer
from kg.extract.naming import name_spans
from kg.extract.nouns import Nouns, nouns
from kg.extract.parse import Sentence, model_name, parse
from kg.extract.phrases import Kind, Phrase, phrases
from kg.extract.predicates import predicates
from kg.extract.reader import Reader, reader
from kg.extract.titles import titles
from kg.model import Claim, Document, Entity, EntityType, Mention, Modality, Polarity, Span
from kg.ontology import Ontology, Relation, ontology

THRESHOLD = 0.3
TYPE_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A relation that the reader or the lexicon sees between two phrases of a sentence (`object` -1: none)."""

    sentence: int
    subject: int
    object: int
    relation: str
    score: float
    trigger: Token
    modality: Modality | None = None
    negative: bool | None = None


class Extractor:
    """Reads English documents into claims; `name` goes with every claim.

    `use_reader` False leaves the learned reader out: the lexicon alone finds the acts. `entities` is a user's own
    gazetteer file, which wins; `threshold` the least confidence of a claim; `learned` another reader than the packaged
    one; `data` another ontology folder. Raises ValueError where a file of the ontology is not of its form.
    """

    def __init__(
        self,
        *,
        use_reader: bool = True,
        entities: Path | None = None,
        threshold: float = THRESHOLD,
        learned: Reader | None = None,
        data: Path | None = None,
    ) -> None:
        self.ontology: Ontology = ontology(data)
        self.lexicon: Lexicon = lexicon(data)
        self.gazetteer: Gazetteer = gazetteer(data and data / "gazetteer", entities)
        self.nouns: Nouns = nouns(data)
        self.words: Words = words(data)
        self.reader: Reader | None = (learned or reader()) if use_reader else None
        self.threshold = threshold
        self.name = f"{self.reader.name if self.reader else 'lexicon/1'}+{model_name()}"

    def __call__(self, document: Document) -> list[Claim]:
        """The claims of one document, in the order of its text."""
        return next(self.stream([document]))[1]

    def stream(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Claim]]]:
        """Documents with their claims, read in batches."""
        for document, sentences in parse(documents):
            yield document, self._read(document, sentences)

    def _read(self, document: Document, sentences: Sequence[Sentence]) -> list[Claim]:
        found, known, hints, lexical = self.phrases(sentences)
        candidates = [c for group in lexical for c in group]
        types: list[dict[int, EntityType]] = [{} for _ in sentences]
        links: list[dict[int, Link]] = [{} for _ in sentences]
        if self.reader is not None:
            candidates = self._learned(document, sentences, found, lexical, hints, types, links)
        discourse = Discourse(document, self.gazetteer, self.nouns)
        named = [
            read_mentions(discourse, sentence, found[i], types=types[i], found=known[i], links=links[i], speakers={})
            for i, sentence in enumerate(sentences)
        ]
        claims: dict[str, Claim] = {}
        quotes = [quotations(sentence.span) for sentence in sentences]
        for candidate in candidates:
            for claim in self._claims(
                document,
                sentences[candidate.sentence],
                found[candidate.sentence],
                named[candidate.sentence],
                candidate,
                discourse,
                quotes[candidate.sentence],
            ):
                if claim.id not in claims or claims[claim.id].confidence < claim.confidence:
                    claims[claim.id] = claim
        return self._distinct(claims.values())

    def phrases(
        self, sentences: Sequence[Sentence]
    ) -> tuple[list[list[Phrase]], list[dict[int, Sequence[Name]]], list[dict[tuple[int, int], list[str]]], list[list[Candidate]]]:
        """By sentence: its phrases, what the gazetteer knows of them, the lexicon's hints on their pairs for the learned
        reader, and what the lexicon alone makes of them."""
        found, known = [], []
        for sentence in sentences:
            spans, names = name_spans(sentence, self.gazetteer)
            listed = phrases(sentence, spans)
            firsts = {phrase.first: index for index, phrase in enumerate(listed) if phrase.kind is Kind.NAME}
            found.append(listed)
            known.append({firsts[first]: who for first, who in names.items() if first in firsts})
        lexical = [self._lexical(sentence, listed) for sentence, listed in zip(sentences, found, strict=True)]
        return found, known, _hints(lexical), lexical

    # ---- candidates ----------------------------------------------------------------------------------------------

    def _lexical(self, sentence: Sentence, listed: Sequence[Phrase]) -> list[Candidate]:
        heads = {phrase.head.i: index for index, phrase in enumerate(listed)}
        for index, phrase in enumerate(listed):
            for token in range(phrase.first, phrase.last + 1):
                if phrase.label:
                    heads.setdefault(token, index)
        found = []
        for hit in self.lexicon.hits(predicates(sentence)):
            subject = heads.get(hit.subject.i)
            object_ = -1 if hit.object is None else heads.get(hit.object.i)
            if subject is not None and object_ is not None:
                found.append(
                    Candidate(sentence.index, subject, object_, hit.frame.relation, hit.frame.sure, hit.predicate.head)
                )
        for title in titles(listed, self.nouns):
            found.append(
                Candidate(
                    sentence.index,
                    title.person,
                    title.body,
                    "leads" if title.heads else "holdsOfficeIn",
                    0.85,
                    title.token,
                )
            )
        return found

    def _learned(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        found: Sequence[Sequence[Phrase]],
        lexical: Sequence[Sequence[Candidate]],
        hints: Sequence[dict[tuple[int, int], list[str]]],
        types: list[dict[int, EntityType]],
        links: list[dict[int, Link]],
    ) -> list[Candidate]:
        assert self.reader is not None
        triggers = {(c.sentence, c.subject, c.object, c.relation): c.trigger for group in lexical for c in group}
        candidates = []
        for chunk in chunks(document, sentences, found, hints):
            if not chunk.pairs:
                continue
            reading = self.reader.read(chunk)
            for row, (index, position) in enumerate(chunk.phrases):
                best = int(reading.types[row].argmax())
                if reading.types[row][best] >= TYPE_THRESHOLD:
                    types[index][position] = EntityType(self.reader.types[best])
            for later, (earlier, probability) in reading.antecedents.items():
                index, position = chunk.phrases[later]
                links[index][position] = Link(*(chunk.phrases[earlier] if earlier >= 0 else (-1, -1)), probability)
            for row in (reading.relations[:, 1:].max(axis=1) >= self.threshold / 2).nonzero()[0]:
                index, pair = chunk.keys[row]
                scores = reading.relations[row]
                for column in (scores[1:] >= self.threshold).nonzero()[0] + 1:
                    relation = self.reader.relations[column]
                    trigger = triggers.get((index, pair.subject, pair.object, relation))
                    if trigger is None:
                        trigger = _token_at(sentences[index], chunk.start + reading.triggers[row][0]) or pair.meets
                    candidates.append(
                        Candidate(
                            index,
                            pair.subject,
                            pair.object,
                            relation,
                            float(scores[column]),
                            trigger,
                            Modality(self.reader.modalities[int(reading.modalities[row].argmax())]),
                            bool(reading.negative[row][1] > 0.5),
                        )
                    )
        return candidates

    # ---- claims --------------------------------------------------------------------------------------------------

    def _claims(
        self,
        document: Document,
        sentence: Sentence,
        listed: Sequence[Phrase],
        named: Mapping[int, Named],
        candidate: Candidate,
        discourse: Discourse,
        quotes: list[tuple[int, int]],
    ) -> Iterator[Claim]:
        relation = self.ontology.relations[candidate.relation]
        subject = named.get(candidate.subject)
        object_ = named.get(candidate.object) if candidate.object >= 0 else None
        if subject is None or (candidate.object >= 0 and object_ is None):
            return
        over = context(candidate.trigger, frozenset(), self.words, quotes)
        modality = candidate.modality or over.modality
        polarity = (
            (Polarity.NEGATIVE if candidate.negative else Polarity.POSITIVE)
            if candidate.negative is not None
            else over.polarity
        )
        sources = self._sources(document, sentence, listed, named, over, discourse)
        lasting = relation.event_type is None
        time = None if lasting else circumstances.when(document, sentence, candidate.trigger, self.words)
        place = None if lasting else self._place(document, sentence, listed, named, candidate, discourse)
        counted = [listed[candidate.object] if candidate.object >= 0 else None, listed[candidate.subject]]
        quantity = None if lasting else circumstances.how_many(document, counted)
        cited = sentence.cited(document)
        trigger = sentence.cite(document, candidate.trigger, candidate.trigger)
        for one, other in _members(subject, object_, reflexive=candidate.subject == candidate.object):
            whom = self._fit(relation, one, subject, discourse, relation.domain)
            what = (
                self._fit(relation, other, object_, discourse, relation.range)
                if other is not None and object_ is not None
                else None
            )
            if whom is None or (other is not None and what is None) or (what is not None and whom.id == what.id):
                continue
            event_type, mode = self.ontology.event(relation.id, modality, polarity)
            yield Claim.of(
                document=document.id,
                relation=relation.id,
                event_type=event_type,
                mode=mode,
                polarity=polarity,
                modality=modality,
                subject=_mention(document, sentence, listed[candidate.subject], whom),
                object=_mention(document, sentence, listed[candidate.object], what) if what is not None else None,
                attribution=tuple(s for s in sources if s.entity.id != whom.id or sentence.index >= 0),
                time=time,
                place=place,
                quantity=quantity,
                sentence=cited,
                trigger=trigger,
                confidence=round(min(0.99, candidate.score), 3),
                extractor=self.name,
            )

    def _fit(
        self, relation: Relation, referent: Referent, named: Named, discourse: Discourse, allowed: frozenset[EntityType]
    ) -> Entity | None:
        """The entity as this relation takes it: a capital's name means its state where a place cannot be meant."""
        entity = discourse.entity(referent)
        if named.capital is not None and (
            EntityType.PLACE not in allowed or (allowed is relation.domain and relation.id not in ("locatedIn", "partOf"))
        ):
            state = discourse.entity(named.capital)
            return state.model_copy(update={"aliases": tuple(dict.fromkeys((*state.aliases, named.phrase.text)))})
        return entity if entity.type in allowed else None

    def _sources(
        self,
        document: Document,
        sentence: Sentence,
        listed: Sequence[Phrase],
        named: Mapping[int, Named],
        over: Context,
        discourse: Discourse,
    ) -> tuple[Mention, ...]:
        heads = {phrase.head.i: index for index, phrase in enumerate(listed)}
        found = []
        for token in over.sources:
            index = heads.get(token.i)
            item = named.get(index) if index is not None else None
            if index is not None and item is not None:
                for referent in item.referents:
                    entity = discourse.entity(item.capital or referent)
                    if entity.type not in (EntityType.PLACE,):
                        found.append(_mention(document, sentence, listed[index], entity))
        return tuple({m.entity.id: m for m in found}.values())

    def _place(
        self,
        document: Document,
        sentence: Sentence,
        listed: Sequence[Phrase],
        named: Mapping[int, Named],
        candidate: Candidate,
        discourse: Discourse,
    ) -> Mention | None:
        def is_place(index: int) -> bool:
            item = named.get(index)
            return (
                item is not None
                and len(item.referents) == 1
                and item.referents[0].entity.type in (EntityType.PLACE, EntityType.STATE)
            )

        index = circumstances.where(
            candidate.trigger, listed, is_place, self.words, frozenset({candidate.subject, candidate.object})
        )
        if index is None:
            return None
        return _mention(document, sentence, listed[index], discourse.entity(named[index].referents[0]))

    def _distinct(self, claims: Iterable[Claim]) -> list[Claim]:
        """Claims in the order of the text; of one symmetric act told both ways round, and of one act with the same
        arguments in the same sentence, the surer one."""
        best: dict[tuple[object, ...], Claim] = {}
        for claim in claims:
            one, relation, other = claim.triple
            pair = tuple(sorted((one, other))) if self.ontology.relations[relation].symmetric else (one, other)
            key = (claim.sentence.start, relation, pair)
            if key not in best or best[key].confidence < claim.confidence:
                best[key] = claim
        return sorted(
            best.values(),
            key=lambda c: (
                c.sentence.start,
                c.trigger.start,
                c.subject.start,
                c.object.start if c.object else -1,
                c.id,
            ),
        )


def _hints(lexical: Sequence[Sequence[Candidate]]) -> list[dict[tuple[int, int], list[str]]]:
    """What the lexicon says of each pair of phrases, as features for the learned reader, by sentence."""
    hints: list[dict[tuple[int, int], list[str]]] = []
    for group in lexical:
        found: dict[tuple[int, int], list[str]] = {}
        for candidate in group:
            listed = found.setdefault((candidate.subject, candidate.object), [])
            if f"lexicon={candidate.relation}" not in listed:
                listed.append(f"lexicon={candidate.relation}")
        hints.append(found)
    return hints


def _members(subject: Named, object_: Named | None, *, reflexive: bool) -> Iterator[tuple[Referent, Referent | None]]:
    """The pairs that a claim is told of: each member of a set with each; a set with itself pairs up its members."""
    if reflexive:
        members = subject.referents
        yield from ((one, other) for i, one in enumerate(members) for other in members[i + 1 :])
        return
    for one in subject.referents:
        for other in object_.referents if object_ is not None else (None,):
            yield one, other


def _mention(document: Document, sentence: Sentence, phrase: Phrase, entity: Entity) -> Mention:
    cited: Span = sentence.cite(document, phrase.tokens[0], phrase.tokens[-1])
    return Mention(text=cited.text, start=cited.start, end=cited.end, entity=entity)


def _token_at(sentence: Sentence, offset: int) -> Token | None:
    for token in sentence.span:
        if sentence.start(token) <= offset < sentence.start(token) + len(token):
            return token
    return None


class LexiconExtractor(Extractor):
    """The extractor without the learned reader."""

    def __init__(self, *, entities: Path | None = None) -> None:
        super().__init__(use_reader=False, entities=entities)
