"""Phrases: the stretches of a sentence that can name a thing, before anybody asks which thing it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from spacy.tokens import Span as SpacySpan
from spacy.tokens import Token

from kg.extract.parse import Sentence

# ClearNLP dependency labels under which a noun is part of a larger name or phrase, not a thing of its own.
INNER = frozenset({"compound", "nummod", "quantmod", "advmod", "npadvmod"})
NOT_THINGS = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL", "LANGUAGE"})
PRONOUNS = frozenset(
    ["he", "she", "it", "they", "him", "her", "them", "his", "hers", "its", "their", "theirs", "himself", "herself",
     "itself", "themselves", "who", "whom", "whose", "which", "that", "i", "me", "my", "we", "us", "our", "ours"]
)
BARE = frozenset(
    ["both", "all", "some", "many", "others", "two", "three", "four", "five", "six", "seven", "several",
     "most", "another", "one", "dozens", "hundreds", "thousands", "former", "latter", "neither", "either", "those"]
)


class Kind(StrEnum):
    """How a phrase names its thing."""

    NAME = "name"
    NOMINAL = "nominal"
    PRONOUN = "pronoun"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of tokens `first..last` (indices in the sentence's Doc, both included) around a syntactic head."""

    sentence: Sentence
    head: Token
    first: int
    last: int
    kind: Kind
    label: str = ""

    @property
    def tokens(self) -> SpacySpan:
        """The tokens of the phrase."""
        return self.sentence.span.doc[self.first : self.last + 1]

    @property
    def text(self) -> str:
        """The words of the phrase."""
        return str(self.sentence.span.doc[self.first : self.last + 1].text)


def phrases(sentence: Sentence, names: Iterable[tuple[int, int, str]]) -> list[Phrase]:
    """Every phrase of a sentence that may name a thing, one for a head token, in the order of the text.

    `names` are the (first, last, label) token ranges of proper names, non-overlapping; nominal phrases run from their
    leftmost modifier to their head, so a name inside one (*Ukraine's* army) is a phrase of its own.
    """
    found: dict[int, Phrase] = {}
    doc = sentence.span.doc
    taken: set[int] = set()
    for first, last, label in names:
        head = doc[first : last + 1].root
        taken.update(range(first, last + 1))
        found[head.i] = Phrase(sentence, head, first, last, Kind.NAME, label)
    times = {token.i for entity in sentence.span.ents if entity.label_ in NOT_THINGS for token in entity}
    for token in sentence.span:
        if token.i in taken:
            continue
        lower = token.lower_
        if token.pos_ in ("NOUN", "PROPN"):
            if (
                token.dep_ in INNER
                and token.head.pos_ in ("NOUN", "PROPN", "NUM", "ADJ", "ADV")
                and token.head.i > token.i
            ):
                continue
            if token.i in times and not _counted(token):
                continue
            found[token.i] = Phrase(sentence, token, _left_edge(token, taken), token.i, Kind.NOMINAL)
        elif lower in PRONOUNS and token.pos_ in ("PRON", "DET", "SCONJ"):
            if lower == "that" and token.dep_ not in ("nsubj", "nsubjpass", "dobj", "pobj"):
                continue
            if lower == "it" and token.dep_ == "expl":
                continue
            found[token.i] = Phrase(sentence, token, token.i, token.i, Kind.PRONOUN)
        elif lower in BARE and token.dep_ in (
            "nsubj",
            "nsubjpass",
            "dobj",
            "pobj",
            "agent",
            "conj",
            "appos",
            "attr",
            "poss",
        ):
            found[token.i] = Phrase(sentence, token, _left_edge(token, taken), token.i, Kind.PRONOUN)
        elif lower == "other" and token.i > sentence.span.start and doc[token.i - 1].lower_ == "each":
            found[token.i] = Phrase(sentence, token, token.i - 1, token.i, Kind.PRONOUN)
    return [found[i] for i in sorted(found)]


def _counted(token: Token) -> bool:
    """A noun that spaCy took into a quantity or date though it heads a phrase of its own (*two soldiers*)."""
    return bool(token.pos_ == "NOUN" and token.ent_type_ in ("CARDINAL", "QUANTITY", "ORDINAL"))


def _left_edge(head: Token, taken: set[int]) -> int:
    """Index of the first token of a nominal phrase: the left modifiers of its head, in one run."""
    edge = int(head.i)
    for child in reversed(list(head.lefts)):
        if (
            child.dep_ in ("punct", "cc", "conj", "nsubj", "mark", "advcl", "relcl", "prep", "aux", "intj")
            or child.i >= edge
        ):
            if child.dep_ == "punct" and child.text in ("-", "‑", "“", '"', "‘", "'"):
                continue
            break
        edge = min(edge, int(child.left_edge.i))
    return edge
