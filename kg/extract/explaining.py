"""Explaining: why a claim was read, from what every layer made of its sentence. Nothing here decides anything."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from spacy.tokens import Token

from kg.extract.analysis import Analysis
from kg.extract.candidates import Candidate, hints
from kg.extract.chunks import chunks
from kg.extract.context import Context, Words, context
from kg.extract.decision import weighed
from kg.extract.discourse import Named
from kg.extract.explanation import Actor, Detail, Edge, Explanation, Learned, Lexical, Step, Voice, Weighed
from kg.extract.lexicon import Frame, Lexicon
from kg.extract.parse import Sentence
from kg.extract.phrases import Kind, Phrase
from kg.extract.predicates import Predicate, predicates
from kg.extract.reader import Reader
from kg.extract.stance import Passed
from kg.model import Claim, Entity, Modality, Polarity, Span
from kg.ontology import ontology

RIVALS, UNLIKELY = 5, 0.01
HELPERS = frozenset({"aux", "auxpass", "neg", "mark", "prt"})
NOBODY = frozenset({"no", "none", "neither", "nor", "nobody", "nothing"})
MOODS = frozenset({"det", "advmod", "amod", "preconj"})


def explained(
    claim: Claim,
    analysis: Analysis,
    *,
    extractor: str,
    threshold: float,
    lexicon: Lexicon,
    words: Words,
    reader: Reader | None,
    told: Sequence[tuple[Candidate, Claim]],
    now: Sequence[Claim],
) -> Explanation:
    """The explanation of a claim; `told` are all candidates of its sentence with what they would say, `now` the claims that
    are made of it."""
    found = max(told, key=lambda pair: _likeness(pair[1], claim), default=None)
    if found is None or not _likeness(found[1], claim)[0]:
        notes = _notes(claim, None, now, extractor, threshold)
        return Explanation(claim=claim, now=None, again=False, extractor=extractor, notes=notes, threshold=threshold, others=tuple(now))
    candidate, one = found
    one = next((made for made in now if made.id == one.id), one)
    sentence, named = analysis.sentences[candidate.sentence], analysis.named[candidate.sentence]
    subject, object_ = named[candidate.subject], named.get(candidate.object)
    lasting = ontology().relations[candidate.relation].event_type is None
    over = context(sentence, candidate.trigger, words, analysis.quotes[candidate.sentence], lasting=lasting)
    predicate, frame = _hit(lexicon, sentence, candidate, (subject.phrase, object_.phrase if object_ else None))
    weights = weighed(candidate, subject, object_)
    actors = [("subject", candidate.subject, one.subject), ("object", candidate.object, one.object)]
    return Explanation(
        claim=claim,
        now=one,
        again=claim.id in {made.id for made in now},
        extractor=extractor,
        notes=_notes(claim, one, now, extractor, threshold),
        lexical=_lexical(candidate, predicate, frame) if candidate.lexical else None,
        learned=_learned(analysis, candidate, reader) if reader is not None and candidate.learned is not None else None,
        decision=tuple(
            Weighed(feature=name, value=round(value, 3), weight=weight, adds=round(value * weight, 3))
            for name, (value, weight) in sorted(weights.items(), key=lambda item: -abs(item[1][0] * item[1][1]))
        ),
        threshold=threshold,
        actors=tuple(
            _actor(analysis, candidate, role, index, mention.entity, predicate) for role, index, mention in actors if mention is not None
        ),
        steps=tuple(_steps(over, one, candidate, lasting=lasting)),
        voices=tuple(_voices(analysis, over, one)),
        details=tuple(_details(analysis, one)),
        others=tuple(made for made in now if made.id != one.id),
    )


# ---- the claim, again -------------------------------------------------------------------------------------------------


def _likeness(one: Claim, claim: Claim) -> tuple[bool, bool, int, float]:
    """How much alike two claims of one sentence are: whether they tell the same at all, whether they are one and the same,
    how many of their parts are, and how sure the one is."""
    alike = one.relation == claim.relation and _overlap(one.subject, claim.subject) and _overlap(one.object, claim.object)
    parts = (
        one.subject.entity.id == claim.subject.entity.id,
        one.triple[2] == claim.triple[2],
        one.trigger == claim.trigger,
        one.modality is claim.modality,
        one.polarity is claim.polarity,
    )
    return alike, one.id == claim.id, sum(parts), one.confidence


def _overlap(one: Span | None, other: Span | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.start < other.end and other.start < one.end


def _notes(claim: Claim, one: Claim | None, now: Sequence[Claim], extractor: str, threshold: float) -> tuple[str, ...]:
    """What a user must know of a claim that is not, or not by the same extractor, made again."""
    notes = []
    if claim.extractor != extractor:
        notes.append(f"The claim was read by {claim.extractor}; this is what {extractor} makes of it.")
    if claim.id in {made.id for made in now}:
        return tuple(notes)
    if one is None:
        notes.append("Read again, the sentence gives no such claim, nor one like it: there is nothing more to explain.")
        return tuple(notes)
    changes = [
        f"{name} is “{new}”, was “{old}”"
        for name, new, old in (
            ("the subject", one.subject.entity.label, claim.subject.entity.label),
            ("the object", one.object and one.object.entity.label, claim.object and claim.object.entity.label),
            ("the trigger", one.trigger.text, claim.trigger.text),
            ("the modality", one.modality, claim.modality),
            ("the polarity", one.polarity, claim.polarity),
        )
        if new != old
    ]
    told = "; ".join(changes)
    if one.id in {made.id for made in now}:
        told = told or "the entities have other ids, or the words other bounds"
        notes.append(f"Read again, the sentence gives the claim otherwise: {told}.")
    elif one.confidence < threshold:
        notes.append(
            f"Read again, the claim is not made: its confidence, {one.confidence:.2f}, is below the threshold of {threshold:.2f}"
            + (f" ({told})." if told else ".")
        )
    else:
        notes.append(
            "Read again, the claim is not made: its relation does not take such things, or a surer claim of the sentence says the same"
            + (f" ({told})." if told else ".")
        )
    return tuple(notes)


# ---- predicate and lexicon --------------------------------------------------------------------------------------------


def _hit(
    lexicon: Lexicon, sentence: Sentence, candidate: Candidate, ends: tuple[Phrase, Phrase | None]
) -> tuple[Predicate | None, Frame | None]:
    """The predicate of the candidate, and the frame that fits it."""
    found = predicates(sentence)
    for hit in lexicon.hits(found):
        fits = all(
            (token is None) == (phrase is None) and (token is None or phrase is None or phrase.first <= token.i <= phrase.last)
            for token, phrase in zip((hit.subject, hit.object), ends, strict=True)
        )
        if fits and hit.frame.relation == candidate.relation and hit.predicate.head.i == candidate.trigger.i:
            return hit.predicate, hit.frame
    return next((predicate for predicate in found if predicate.head.i == candidate.trigger.i), None), None


def _lexical(candidate: Candidate, predicate: Predicate | None, frame: Frame | None) -> Lexical:
    if predicate is None:
        return Lexical(entry=candidate.frame, sure=candidate.lexical)
    return Lexical(
        entry=candidate.frame,
        sure=candidate.lexical,
        frame=frame,
        part=predicate.part,
        lemma=f"{predicate.lemma} {predicate.particle}".strip(),
        passive=predicate.passive,
        roles={role: tuple(token.text for token in tokens) for role, tokens in predicate.roles.items() if tokens},
    )


def _learned(analysis: Analysis, candidate: Candidate, reader: Reader) -> Learned | None:
    """What the reader says of a pair, in full; only the piece of the document that has it is read."""
    lexical = [hints(group) for group in analysis.lexical]
    for chunk in chunks(analysis.document, analysis.sentences, analysis.phrases, lexical):
        for row, (index, pair) in enumerate(chunk.keys):
            if (index, pair.subject, pair.object) != candidate.key[:3]:
                continue
            reading = reader.read(chunk)
            relations = dict(zip(reader.relations[1:], map(float, reading.relations[row][1:]), strict=True))
            start = chunk.start + reading.triggers[row][0]
            sentence = analysis.sentences[index]
            return Learned(
                relation=round(relations[candidate.relation], 3),
                any=round(float(1 - reading.relations[row][0]), 3),
                negative=round(float(reading.negative[row][1]), 3),
                relations=_likeliest(relations),
                modalities=_likeliest(dict(zip(reader.modalities, map(float, reading.modalities[row]), strict=True))),
                trigger=next((t.text for t in sentence.span if sentence.start(t) <= start < sentence.start(t) + len(t)), ""),
            )
    return None


def _likeliest(probabilities: Mapping[str, float]) -> dict[str, float]:
    best = sorted(probabilities.items(), key=lambda item: -item[1])[:RIVALS]
    return {name: round(value, 3) for name, value in best if value >= UNLIKELY}


# ---- who --------------------------------------------------------------------------------------------------------------


def _actor(
    analysis: Analysis, candidate: Candidate, role: str, index: int, entity: Entity, predicate: Predicate | None
) -> Actor:
    sentence, item = analysis.sentences[candidate.sentence], analysis.named[candidate.sentence][index]
    phrase = item.phrase
    link = analysis.links[candidate.sentence].get(index) if item.how == "link" else None
    before = analysis.named[link.sentence].get(link.phrase) if link else _before(analysis, candidate.sentence, item, entity)
    roles = predicate.roles.items() if predicate else ()
    stands = item.capital is not None and item.capital.entity.id == entity.id
    return Actor(
        role=role,
        words=sentence.cite(analysis.document, phrase.tokens[0], phrase.tokens[-1]),
        kind=phrase.kind.value,
        entity=entity,
        how="capital" if stands else item.how,
        antecedent=_cited(analysis, before.phrase) if before else None,
        probability=round(link.probability, 3) if link else None,
        fills=next((name for name, tokens in roles if any(phrase.first <= t.i <= phrase.last for t in tokens)), None),
        path=tuple(_path(candidate.trigger, phrase.head)),
    )


def _before(analysis: Analysis, number: int, item: Named, entity: Entity) -> Named | None:
    """The words that named the same thing last before these, a name rather than another description; for words that point
    ahead (*he ..., the minister said*) the next."""
    if item.how in ("nominal", "gazetteer", "state", "people", "place", "stands for"):
        return None
    here = (number, item.phrase.head.i)
    named = [
        other
        for group in analysis.named
        for other in group.values()
        if other is not item and other.phrase.kind is not Kind.PRONOUN and any(r.entity.id == entity.id for r in other.referents)
    ]
    placed = sorted(named, key=lambda other: (other.phrase.sentence.index, other.phrase.head.i))
    earlier = [other for other in placed if (other.phrase.sentence.index, other.phrase.head.i) < here]
    names = [other for other in earlier if other.phrase.kind is Kind.NAME]
    if earlier:
        return (names or earlier)[-1]
    later = [other for other in placed if other.phrase.sentence.index == number] if item.how != "name" else []
    return later[0] if later else None


def _cited(analysis: Analysis, phrase: Phrase) -> Span:
    return phrase.sentence.cite(analysis.document, phrase.tokens[0], phrase.tokens[-1])


def _path(start: Token, end: Token) -> Iterator[Edge]:
    """The way through the parse from one token to another."""
    above = [start, *start.ancestors]
    places = {token.i: number for number, token in enumerate(above)}
    down = [end]
    while down[-1].i not in places and down[-1].head.i != down[-1].i:
        down.append(down[-1].head)
    for lower, upper in pairwise(above[: places.get(down[-1].i, 0) + 1]):
        yield Edge(label=lower.dep_, up=True, word=upper.text)
    for token in reversed(down[:-1]):
        yield Edge(label=token.dep_, up=False, word=token.text)


# ---- how, and who says so ---------------------------------------------------------------------------------------------


def _steps(over: Context, one: Claim, candidate: Candidate, *, lasting: bool) -> Iterator[Step]:
    """Each step of modality and polarity: the words over the act, then what is made of them together."""
    modality, polarity = Modality.ASSERTED, Polarity.POSITIVE
    for passed in over.trail:
        modality = passed.mood.modality
        polarity = Polarity.NEGATIVE if passed.mood.negative else Polarity.POSITIVE
        yield Step(words=_helped(passed.word), construction=passed.construction or "act", modality=modality, polarity=polarity)
    if not over.trail and lasting:
        modality, polarity = over.modality, over.polarity
        yield Step(words=_helped(candidate.trigger), construction="lasting", modality=modality, polarity=polarity)
    if over.modality is not modality:
        yield Step(words="", construction="hearsay" if over.modality is Modality.LIKELY else "unclaimed duty",
                   modality=over.modality, polarity=polarity)
    if (one.modality, one.polarity) != (over.modality, over.polarity):
        yield Step(words="", construction="reader", modality=one.modality, polarity=one.polarity)


def _helped(word: Token) -> str:
    """A word with those that make it a modal or negative one."""
    helpers = [c for c in word.children if c.dep_ in HELPERS or (c.dep_ in MOODS and abs(c.i - word.i) < 3)]
    helpers += [t for c in word.children for t in (c, *c.children) if t.lower_ in NOBODY and c not in helpers and t not in helpers]
    return " ".join(token.text for token in sorted([*helpers, word], key=lambda token: token.i))


def _voices(analysis: Analysis, over: Context, one: Claim) -> Iterator[Voice]:
    for mention in one.attribution:
        for number, token in over.sources:
            start = analysis.sentences[number].start(token)
            if mention.start <= start < mention.end:
                by = _spoke(over.trail, token)
                yield Voice(source=mention, words=_helped(by) if by is not None else "", quoted=by is None)
                break


def _spoke(trail: Sequence[Passed], source: Token) -> Token | None:
    """The word over the act that made somebody its source."""
    return next((passed.word for passed in trail if any(token.i == source.i for token in passed.sources)), None)


def _details(analysis: Analysis, one: Claim) -> Iterator[Detail]:
    amount = one.quantity and f"{_bound(one.quantity.min)}..{_bound(one.quantity.max)} {one.quantity.unit or ''}".strip()
    found = (
        ("time", one.time, one.time.value if one.time else ""),
        ("place", one.place, one.place.entity.label if one.place else ""),
        ("quantity", one.quantity, amount or ""),
    )
    told = [sentence.cited(analysis.document) for sentence in analysis.sentences]
    for what, words, value in found:
        if words is not None:
            home = next((s for s in told if s.start <= words.start < s.end), None)
            other = home.text if home is not None and home.start != one.sentence.start else None
            yield Detail(what=what, words=Span(text=words.text, start=words.start, end=words.end), value=value, sentence=other)


def _bound(value: float | None) -> str:
    return "" if value is None else f"{value:,g}"
