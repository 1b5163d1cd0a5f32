"""The reader of English news: a document in, its claims out."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from kg.model import Claim, Considered, Document

if TYPE_CHECKING:
    from kg.extract.explanation import Explanation

EXTRACTORS: Mapping[str, str] = {
    "default": "kg.extract.reading:Extractor",
    "lexicon": "kg.extract.reading:LexiconExtractor",
}


class Extractor(Protocol):
    """What reads documents: `name` says which extractor, reader and parser made a claim."""

    name: str

    def __call__(self, document: Document) -> list[Claim]:
        """The claims of one document, in the order of its text."""
        ...

    def stream(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Claim]]]:
        """Documents with their claims; reads ahead by a small batch at most."""
        ...


class Explainer(Extractor, Protocol):
    """An extractor that can say why; a claim less likely than `threshold` is not made."""

    threshold: float

    def explain(self, document: Document, claim: Claim) -> "Explanation":
        """Why a claim was read from a document, whoever read it: what of it this extractor finds there, and by what."""
        ...

    def considered(self, document: Document) -> list[Considered]:
        """What was weighed in each sentence of a document."""
        ...


def extractor(name: str = "default", *, entities: Path | None = None) -> Explainer:
    """The extractor of a name; `entities` is a user's own gazetteer file, which wins over the packaged ones.

    Raises KeyError for an unknown name, ValueError for a gazetteer or lexicon file that is not of the form.
    """
    module, _, attribute = EXTRACTORS[name].partition(":")
    return cast(Explainer, getattr(import_module(module), attribute)(entities=entities))
