"""The extractor: puts the layers together, from a document's sentences to its claims."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kg.extract import circumstances
from kg.extract.analysis import Analysis
from kg.extract.candidates import TITLE_SURE, Candidate, Guesses, learned_candidates, lexical_candidates
from kg.extract.context import Context, Quotation, Words, context, quotations, words
from kg.extract.dating import Chronicle
from kg.extract.decision import probability
from kg.extract.discourse import Discourse, Named, Referent
from kg.extract.explaining import explained
from kg.extract.explanation import Explanation
from kg.extract.lexicon import Lexicon, lexicon
from kg.extract.mentions import read_mentions
from kg.extract.names import Gazetteer, Name, gazetteer
from kg.extract.naming import name_spans
from kg.extract.nouns import Nouns, nouns
from kg.extract.parse import Sentence, model_name, parse
from kg.extract.phrases import Kind, Phrase, phrases
from kg.extract.reader import Reader, reader
from kg.extract.speaking import bodies, spoken
from kg.extract.titles import bare_titles
from kg.model import Claim, Considered, Document, Entity, EntityType, Mention, Modality, Polarity, Span
from kg.ontology import Ontology, Relation, ontology

THRESHOLD = 0.35
NEGATED = 0.6


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

    def explain(self, document: Document, claim: Claim) -> Explanation:
        """Why a claim was read from a document, whoever read it: what of it this extractor finds there, and by what."""
        analysis = self._analyse(document, next(parse([document]))[1])
        here = [c for c in analysis.candidates if analysis.sentences[c.sentence].cited(document).start == claim.sentence.start]
        return explained(
            claim, analysis, extractor=self.name, threshold=self.threshold, lexicon=self.lexicon, words=self.words, reader=self.reader,
            told=[(candidate, one) for candidate in here for one in self._of(analysis, candidate, strict=False)],
            now=[one for one in self._decided(analysis) if one.sentence.start == claim.sentence.start],
        )

    def considered(self, document: Document) -> list[Considered]:
        """What was weighed in each sentence of a document."""
        analysis = self._analyse(document, next(parse([document]))[1])
        claims: dict[int, list[Claim]] = defaultdict(list)
        for candidate in analysis.candidates:
            claims[candidate.sentence] += self._of(analysis, candidate, strict=False)
        return [
            Considered(
                sentence=sentence.cited(document),
                mentions=tuple(
                    _mention(document, sentence, item.phrase, analysis.discourse.entity(referent))
                    for _, item in sorted(analysis.named[i].items())
                    for referent in (*item.referents, *filter(None, [item.capital]))
                ),
                claims=tuple(claims[i]),
            )
            for i, sentence in enumerate(analysis.sentences)
        ]

    def _read(self, document: Document, sentences: Sequence[Sentence]) -> list[Claim]:
        return self._decided(self._analyse(document, sentences))

    def _decided(self, analysis: Analysis) -> list[Claim]:
        claims = [claim for candidate in analysis.candidates for claim in self._of(analysis, candidate)]
        return self._distinct([*claims, *self._bare_titles(analysis, {claim.triple for claim in claims})])

    def _bare_titles(self, analysis: Analysis, told: set[tuple[str, str, str]]) -> Iterator[Claim]:
        """Who leads or serves what by a title that does not name it (*President Emmanuel Macron*), where the gazetteer knows
        that the person held that office on the document's day; once a document, unless told otherwise."""
        document = analysis.chronicle.document
        titled = defaultdict(set)
        for candidate in _titles(analysis.lexical):
            titled[candidate.sentence].add(candidate.subject)
        for sentence, listed, named in zip(analysis.sentences, analysis.phrases, analysis.named, strict=True):
            for title in bare_titles(listed, titled[sentence.index]) if document.published else ():
                item = named.get(title.person)
                person = analysis.discourse.entity(item.referents[0]) if item is not None and len(item.referents) == 1 else None
                body = self.gazetteer.served(person, title.name, document.published) if person else None
                if person is None or body is None:
                    continue
                head = title.name in self.nouns.heads["state" if body.type is EntityType.STATE else "body"]
                relation = "leads" if head else "holdsOfficeIn"
                if (person.id, relation, body.id) in told:
                    continue
                told.add((person.id, relation, body.id))
                words = sentence.cite(document, title.first, title.last)
                yield Claim.of(
                    document=document.id, relation=relation, event_type=None, mode=None, polarity=Polarity.POSITIVE,
                    modality=Modality.ASSERTED, subject=_mention(document, sentence, listed[title.person], person),
                    object=Mention(text=words.text, start=words.start, end=words.end, entity=body), attribution=(), time=None,
                    place=None, quantity=None, sentence=sentence.cited(document), trigger=words, confidence=TITLE_SURE,
                    extractor=self.name,
                )  # fmt: skip

    def _analyse(self, document: Document, sentences: Sequence[Sentence]) -> Analysis:
        found, known, lexical = self.phrases(sentences)
        candidates = [candidate for group in lexical for candidate in group]
        guesses = Guesses(tuple({} for _ in sentences), tuple({} for _ in sentences))
        if self.reader is not None:
            candidates, guesses = learned_candidates(document, sentences, found, lexical, self.reader)
        discourse = Discourse(document, self.gazetteer, self.nouns)
        named = [
            read_mentions(discourse, sentence, found[i], types=guesses.types[i], found=known[i], links=guesses.links[i])
            for i, sentence in enumerate(sentences)
        ]
        quotes = quotations(sentences, self.words)
        for i, index, who in list(spoken(found, named, quotes, bodies(_titles(lexical), named))):
            named[i][index] = who
        return Analysis(Chronicle(document, sentences), found, named, guesses.links, lexical, quotes, candidates, discourse)

    def phrases(
        self, sentences: Sequence[Sentence]
    ) -> tuple[list[list[Phrase]], list[dict[int, Sequence[Name]]], list[list[Candidate]]]:
        """By sentence: its phrases, what the gazetteer knows of them, and what the lexicon makes of them."""
        found, known = [], []
        for sentence in sentences:
            spans, names = name_spans(sentence, self.gazetteer)
            listed = phrases(sentence, spans)
            firsts = {phrase.first: index for index, phrase in enumerate(listed) if phrase.kind is Kind.NAME}
            found.append(listed)
            known.append({firsts[first]: who for first, who in names.items() if first in firsts})
        lexical = [
            lexical_candidates(sentence, listed, self.lexicon, self.nouns)
            for sentence, listed in zip(sentences, found, strict=True)
        ]
        return found, known, lexical

    # ---- claims --------------------------------------------------------------------------------------------------

    def _of(self, analysis: Analysis, candidate: Candidate, *, strict: bool = True) -> Iterator[Claim]:
        """The claims of a candidate; not `strict`: however unlikely, and whatever its relation takes."""
        options = {} if strict else {"strict": False}
        return self._claims(
            analysis.chronicle, analysis.phrases, analysis.named, candidate, analysis.discourse, analysis.quotes[candidate.sentence],
            **options,
        )

    def _claims(
        self,
        chronicle: Chronicle,
        phrases: Sequence[Sequence[Phrase]],
        names: Sequence[Mapping[int, Named]],
        candidate: Candidate,
        discourse: Discourse,
        quotes: Sequence[Quotation],
        *,
        strict: bool = True,
    ) -> Iterator[Claim]:
        document, sentences = chronicle.document, chronicle.sentences
        sentence, listed, named = sentences[candidate.sentence], phrases[candidate.sentence], names[candidate.sentence]
        relation = self.ontology.relations[candidate.relation]
        subject = named.get(candidate.subject)
        object_ = named.get(candidate.object) if candidate.object >= 0 else None
        if subject is None or (candidate.object >= 0 and object_ is None):
            return
        confidence = probability(candidate, subject, object_)
        if strict and confidence < self.threshold:
            return
        reflexive = candidate.subject == candidate.object
        pairs = list(self._pairs(relation, subject, object_, discourse, reflexive=reflexive, strict=strict))
        if not pairs:
            return
        lasting = relation.event_type is None
        over = context(sentence, candidate.trigger, self.words, quotes, lasting=lasting)
        modality = over.modality
        if over.modality is Modality.ASSERTED and candidate.modality is not None:
            modality = candidate.modality
        negated = over.polarity is Polarity.NEGATIVE or (candidate.negative or 0) > NEGATED
        polarity = Polarity.NEGATIVE if negated else Polarity.POSITIVE
        counted = [listed[candidate.object] if candidate.object >= 0 else None, listed[candidate.subject]]
        event_type, mode = self.ontology.event(relation.id, modality, polarity)
        for whom, what in pairs:
            yield Claim.of(
                document=document.id,
                relation=relation.id,
                event_type=event_type,
                mode=mode,
                polarity=polarity,
                modality=modality,
                subject=_mention(document, sentence, listed[candidate.subject], whom),
                object=_mention(document, sentence, listed[candidate.object], what) if what is not None else None,
                attribution=self._sources(document, sentences, phrases, names, over, discourse),
                time=None if lasting else circumstances.when(
                    document, sentence, candidate.trigger, self.words, chronicle=chronicle, relation=relation.id
                ),
                place=None if lasting else self._place(document, sentence, listed, named, candidate, discourse),
                quantity=None if lasting else circumstances.how_many(
                    document, counted, sentence=sentence, trigger=candidate.trigger
                ),
                sentence=sentence.cited(document),
                trigger=sentence.cite(document, candidate.trigger, candidate.trigger),
                confidence=round(confidence, 3),
                extractor=self.name,
            )

    def _pairs(
        self, relation: Relation, subject: Named, object_: Named | None, discourse: Discourse, *, reflexive: bool,
        strict: bool,
    ) -> Iterator[tuple[Entity, Entity | None]]:
        """The entities that a claim is told of: each member of a set with each, as far as the relation takes them."""
        for one, other in _members(subject, object_, reflexive=reflexive):
            whom = self._fit(relation, one, subject, discourse, relation.domain)
            if whom is None and not strict:
                whom = discourse.entity(one)
            if whom is None:
                continue
            if other is None or object_ is None:
                yield whom, None
                continue
            what = self._fit(relation, other, object_, discourse, relation.range)
            if what is None and not strict:
                what = discourse.entity(other)
            if what is not None and what.id != whom.id:
                yield whom, what

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
        sentences: Sequence[Sentence],
        phrases: Sequence[Sequence[Phrase]],
        names: Sequence[Mapping[int, Named]],
        over: Context,
        discourse: Discourse,
    ) -> tuple[Mention, ...]:
        found = []
        for number, token in over.sources:
            index = next((i for i, phrase in enumerate(phrases[number]) if phrase.head.i == token.i), -1)
            item = names[number].get(index)
            if item is not None:
                for referent in item.referents:
                    entity = discourse.entity(item.capital or referent)
                    if entity.type is not EntityType.PLACE:
                        found.append(_mention(document, sentences[number], phrases[number][index], entity))
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
            candidate.trigger,
            listed,
            is_place,
            self.words,
            frozenset({candidate.subject, candidate.object}),
            relation=candidate.relation,
        )
        if index is None:
            return None
        spot = named.get(index)
        if spot is None or len(spot.referents) != 1:
            return None
        return _mention(document, sentence, listed[index], discourse.entity(spot.referents[0]))

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
        dated = {(claim.triple, claim.polarity, claim.modality): claim.time for claim in best.values() if claim.time}
        told = [
            claim if claim.time or (claim.triple, claim.polarity, claim.modality) not in dated
            # The act told again, without its time.
            else claim.model_copy(update={"time": dated[claim.triple, claim.polarity, claim.modality]})
            for claim in best.values()
        ]
        return sorted(
            told,
            key=lambda c: (
                c.sentence.start,
                c.trigger.start,
                c.subject.start,
                c.object.start if c.object else -1,
                c.id,
            ),
        )


def _titles(lexical: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    return [candidate for group in lexical for candidate in group if candidate.frame.startswith("title:")]


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


class LexiconExtractor(Extractor):
    """The extractor without the learned reader."""

    def __init__(self, *, entities: Path | None = None) -> None:
        super().__init__(use_reader=False, entities=entities)
