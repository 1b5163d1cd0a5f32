"""Who published what, and which documents copy one another: how many voices stand behind a claim."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from datasketch import MinHash, MinHashLSH

from kg.model import Claim, Document
from kg.rdf import canonical

COPIED = 0.3
"""Share of five-word shingles (Jaccard) from which on two texts count as copies.

Articles written apart share next to none, even on one event; a wire story that was cut or given another lead keeps
a third or more.
"""
_PERMUTATIONS = 128
_SEED = 1
_SHINGLE = 5


@dataclass(frozen=True)
class Independence:
    """Publication day, publisher and copies of documents."""

    published: Mapping[str, date] = field(default_factory=dict)
    publisher: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)

    def groups(self, documents: Collection[str]) -> dict[str, str]:
        """The independent voice that each document belongs to.

        Documents of one publisher are one voice, and so are copies of one text; a document without a publisher is a
        voice of its own.
        """
        groups = _Groups()
        for document in documents:
            groups.join(f"document {document}", f"copy {self.copies.get(document, document)}")
            if document in self.publisher:
                groups.join(f"document {document}", f"publisher {self.publisher[document]}")
        return {document: groups.head(f"document {document}") for document in documents}


def independence(claims: Sequence[Claim], documents: Iterable[Document]) -> Independence:
    """Look at documents once; only texts of those that share a triple with another are compared."""
    by_triple: dict[tuple[str, str, str], set[str]] = {}
    for claim in claims:
        by_triple.setdefault(canonical(*claim.triple), set()).add(claim.document)
    shared = {document for together in by_triple.values() if len(together) > 1 for document in together}
    published: dict[str, date] = {}
    publisher: dict[str, str] = {}
    signatures: dict[str, MinHash] = {}
    for document in documents:
        if document.published:
            published[document.id] = document.published
        if document.publisher:
            publisher[document.id] = " ".join(document.publisher.casefold().split())
        if document.id in shared and document.id not in signatures and (shingles := _shingles(document)):
            signatures[document.id] = MinHash(num_perm=_PERMUTATIONS, seed=_SEED)
            signatures[document.id].update_batch(shingles)
    return Independence(published, publisher, _copies(signatures))


def _shingles(document: Document) -> list[bytes]:
    words = [word for start, end in document.body for word in document.text[start:end].casefold().split()]
    runs = (words[i:i + _SHINGLE] for i in range(max(1, len(words) - _SHINGLE + 1)))
    return sorted({" ".join(run).encode("utf-8", "replace") for run in runs if run})


def _copies(signatures: Mapping[str, MinHash]) -> dict[str, str]:
    """For each document the first, by id, of the documents that it is joined to by copying."""
    index = MinHashLSH(threshold=COPIED, num_perm=_PERMUTATIONS)
    groups = _Groups()
    for document, signature in sorted(signatures.items()):
        for other in index.query(signature):
            if signature.jaccard(signatures[other]) >= COPIED:
                groups.join(document, other)
        index.insert(document, signature)
    return {document: groups.head(document) for document in signatures}


class _Groups:
    """Names joined into groups; the head of a group is its first name."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def head(self, name: str) -> str:
        parent = self._parent.get(name, name)
        while parent != name:
            name, parent = parent, self._parent.get(parent, parent)
        return name

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.head(one), self.head(other)))
        self._parent[second] = first
