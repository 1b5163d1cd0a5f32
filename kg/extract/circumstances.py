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
from kg.model import Document, Quantity, Time

PLACE_PREPOSITIONS = frozenset("in at near on off inside outside around across over along throughout within from".split())
# How likely a time must be to be given as told, and, where that is less likely, to be given by its month.
SURE, LIKELY = 0.35, 0.16


def when(document: Document, sentence: Sentence, trigger: Token, words: Words, *, chronicle: Chronicle | None = None, relation: str = "") -> Time | None:
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


def where(trigger: Token, phrases: Sequence[Phrase], is_place: Callable[[int], bool], words: Words, taken: frozenset[int]) -> int | None:
    """Index of the phrase that says where the act took place; `taken` are phrases that are its subject or object."""
    return None


def how_many(document: Document, phrases: Sequence[Phrase | None]) -> Quantity | None:
    """The first quantity that one of the phrases carries."""
    for phrase in phrases:
        found = quantities.quantity(phrase) if phrase is not None else None
        if phrase is not None and found is not None:
            low, high, unit, approximate, first, last = found
            cited = phrase.sentence.cite(document, first, last)
            return Quantity(text=cited.text, start=cited.start, end=cited.end, min=low, max=high, unit=unit, approximate=approximate)
    return None
