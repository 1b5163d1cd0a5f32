"""What stands over an act in its sentence: modality, negation, and who says so.

The walk (`walk`) goes from the word that heads the act up through the words that govern it; each says what it does to
the act (`moods`) and whether it is somebody's word for it (`voices`). Who speaks in a quotation may stand in another
sentence (`quotations`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.moods import Words, own, verbal, words
from kg.extract.parse import Sentence
from kg.extract.quotations import Quotation, quotations
from kg.extract.stance import Passed
from kg.extract.voices import Source
from kg.extract.walk import stance
from kg.model import Modality, Polarity

__all__ = ["Context", "Passed", "Quotation", "Source", "Words", "context", "quotations", "words"]

PREDICATES = frozenset({"attr", "acomp", "oprd"})


@dataclass(frozen=True, slots=True)
class Context:
    """Modality and polarity of an act, and its sources, outermost first; `quoted`: it stands in a quotation.

    `trail` is what the words over the act did to it, from the inside out.
    """

    modality: Modality
    polarity: Polarity
    sources: tuple[Source, ...]
    quoted: bool
    trail: tuple[Passed, ...] = ()


def context(
    sentence: Sentence, trigger: Token, lexicon: Words, quotes: Sequence[Quotation] = (), *, lasting: bool = False
) -> Context:
    """What stands over the act that `trigger` heads, `quotes` being the quotations of its sentence.

    `lasting` says that the act is a state (an office, a membership, a place in another): a noun that names one takes
    it for granted, whatever its sentence says of other things.
    """
    quote = next((q for q in quotes if q.first <= trigger.i <= q.last), None)
    if lasting and not verbal(trigger) and trigger.dep_ not in PREDICATES:
        negative = own(trigger, lexicon).negative
        return Context(Modality.ASSERTED, _polarity(negative=negative), (), quote is not None)
    over = stance(sentence, trigger, lexicon)
    sources = [Source(sentence.index, token) for token in over.sources]
    if quote is not None and all(quote.first <= source.token.i <= quote.last for source in sources):
        sources = [*quote.speakers, *sources]
    modality = over.mood.modality
    if over.obliged and not sources:
        modality = Modality.HYPOTHETICAL
    if over.mood.hearsay and not sources and modality is Modality.ASSERTED:
        modality = Modality.LIKELY
    unique = tuple({(s.sentence, s.token.i): s for s in sources}.values())
    return Context(modality, _polarity(negative=over.mood.negative), unique, quote is not None, tuple(over.trail))


def _polarity(*, negative: bool) -> Polarity:
    return Polarity.NEGATIVE if negative else Polarity.POSITIVE
