"""Circumstances: the time, the place and the quantity of an act, from the words that hang on it in the parse."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from spacy.tokens import Token

from kg.extract import days, quantities
from kg.extract.attachment import score
from kg.extract.context import Words
from kg.extract.dating import Candidate, Chronicle, candidates
from kg.extract.parse import Sentence
from kg.extract.phrases import Phrase
from kg.extract.placing import named_before, points, reported_from, spots
from kg.model import Document, Quantity, Span, Time

# How likely a time must be to be given as told, and, where that is less likely, to be given by its month.
SURE, LIKELY = 0.35, 0.14
THERE = 0.15


def when(
    document: Document, sentence: Sentence, trigger: Token, words: Words, *, chronicle: Chronicle | None = None, relation: str = ""
) -> Time | None:
    """When the act that `trigger` heads took place, as far as the text says; a time that is less than likely is given by its month.

    Without the document's `chronicle` only the act's own sentence is read. `relation` helps to tell acts, which have a
    time, from states, which seldom do.
    """
    chronicle = chronicle or Chronicle(document, (sentence,))
    found = choose(list(candidates(chronicle, sentence, trigger, words, relation)))
    if found is None:
        return None
    value, candidate = found
    cited = candidate.sentence.cite(document, candidate.first, candidate.last)
    return Time(text=cited.text, start=cited.start, end=cited.end, value=value)


def choose(found: Sequence[Candidate]) -> tuple[str, Candidate] | None:
    """The likeliest time, if it is likely enough, and the candidate that speaks for it most."""
    odds = [score(candidate.features, "when") for candidate in found]
    total = 1 + sum(odds)
    for limit, rounded in ((SURE, str), (LIKELY, days.coarse)):
        sums: dict[str, float] = defaultdict(float)
        for candidate, one in zip(found, odds, strict=True):
            sums[rounded(candidate.value)] += one / total
        value = max(sums, key=lambda v: sums[v], default="")
        if value and sums[value] >= limit:
            best = max((n for n, candidate in enumerate(found) if rounded(candidate.value) == value), key=lambda n: odds[n])
            return value, found[best]
    return None


def where(
    trigger: Token, phrases: Sequence[Phrase], is_place: Callable[[int], bool], words: Words, taken: frozenset[int], *, relation: str = ""
) -> int | None:
    """Index of the phrase of the act's sentence that says where it took place; `taken` are its subject and object.

    A name that `is_place` does not know may be chosen where the words around it leave no other sense (*near Maroun*).
    """
    known = frozenset(phrase for index, phrase in enumerate(phrases) if is_place(index))
    found = place(
        trigger, phrases, known.__contains__, words, frozenset(phrases[index] for index in taken if index >= 0), relation=relation
    )
    return phrases.index(found) if found is not None else None


def place(
    trigger: Token,
    phrases: Sequence[Phrase],
    is_place: Callable[[Phrase], bool],
    words: Words,
    taken: frozenset[Phrase],
    *,
    relation: str = "",
    earlier: Sequence[Phrase] = (),
) -> Phrase | None:
    """The phrase that says where the act took place: of its sentence, or, for *there*, the place named last before
    (`earlier` are the phrases of the sentences before)."""
    said = points(trigger)
    if said == "there":
        return named_before([*earlier, *(phrase for phrase in phrases if phrase.last < trigger.i)], is_place)
    if said == "here":
        return None
    found = list(spots(trigger, phrases, is_place, words, taken, relation))
    odds = [score(spot.features, "where") for spot in found]
    best = max(range(len(found)), key=lambda n: odds[n], default=None)
    return found[best].phrase if best is not None and odds[best] / (1 + sum(odds)) >= THERE else None


def here(document: Document, sentence: Sentence, trigger: Token) -> Span | None:
    """The place of the dateline, if the act is said to have taken place *here*; its words alone, as no phrase names it."""
    return reported_from(document, sentence) if points(trigger) == "here" else None


def how_many(
    document: Document, phrases: Sequence[Phrase | None], *, sentence: Sentence | None = None, trigger: Token | None = None
) -> Quantity | None:
    """How many or how much: what the act's own object says, else the first of the phrases that carries a quantity.

    `phrases` are the claim's object and subject; with `sentence` and `trigger` amounts beside them count too (*gave Kyiv
    $3 billion*).
    """
    found = [(phrase.sentence, quantities.of_phrase(phrase)) for phrase in phrases if phrase is not None]
    if sentence is not None and trigger is not None:
        direct, paid = quantities.of_act(sentence.span, trigger)
        found.insert(0 if direct is not None and direct.money else len(found), (sentence, direct))
        found.append((sentence, paid))
    counted = next(((told, amount) for told, amount in found if amount is not None), None)
    if counted is None:
        return None
    told, amount = counted
    cited = told.cite(document, amount.first, amount.last)
    return Quantity(
        text=cited.text, start=cited.start, end=cited.end, min=amount.low, max=amount.high, unit=amount.unit, approximate=amount.approximate
    )
