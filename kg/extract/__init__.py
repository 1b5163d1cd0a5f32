"""The reader of English news: a document in, its claims out."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from kg.model import Claim, Document

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


def extractor(name: str = "default", *, entities: Path | None = None) -> Extractor:
    """The extractor of a name; `entities` is a user's own gazetteer file, which wins over the packaged ones.

    Raises KeyError for an unknown name, ValueError for a gazetteer or lexicon file that is not of the form.
    """
    module, _, attribute = EXTRACTORS[name].partition(":")
    return cast(Extractor, getattr(import_module(module), attribute)(entities=entities))
