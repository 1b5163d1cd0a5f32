"""Analysis: what the layers made of one document, before the decision which of it becomes a claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.extract.candidates import Candidate
from kg.extract.dating import Chronicle
from kg.extract.discourse import Discourse, Link, Named
from kg.extract.parse import Sentence
from kg.extract.phrases import Phrase
from kg.extract.quotations import Quotation
from kg.model import Document


@dataclass(frozen=True, slots=True)
class Analysis:
    """By sentence: the phrases, what each names (`named`), what the learned reader thinks they point back to (`links`),
    what the lexicon alone sees (`lexical`), the quotations; and all candidates of the document."""

    chronicle: Chronicle
    phrases: Sequence[Sequence[Phrase]]
    named: Sequence[Mapping[int, Named]]
    links: Sequence[Mapping[int, Link]]
    lexical: Sequence[Sequence[Candidate]]
    quotes: Sequence[Sequence[Quotation]]
    candidates: Sequence[Candidate]
    discourse: Discourse

    @property
    def document(self) -> Document:
        """The document that was read."""
        return self.chronicle.document

    @property
    def sentences(self) -> Sequence[Sentence]:
        """Its sentences."""
        return self.chronicle.sentences
