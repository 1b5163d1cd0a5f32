"""Who published what, and which documents copy one another: how many voices stand behind a claim."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy
from datasketch import MinHash

from kg.model import Document

COPIED = 0.3
"""Share of five-word shingles (Jaccard) from which on two texts count as copies.

Articles written apart share next to none, even on one event; a wire story that was cut or given another lead keeps
a third or more.
"""
_PERMUTATIONS = 128
_SEED = 1
_SHINGLE = 5
_ROWS = 2  # of a band: two texts at the limit share one of the 64 bands with a chance of 0.998


@dataclass(frozen=True)
class Independence:
    """Publication day (ordinal), publisher and copies of documents."""

    published: Mapping[str, int] = field(default_factory=dict)
    publisher: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)

    def groups(self, documents: Collection[str]) -> dict[str, str]:
        """The independent voice that each document belongs to.

        Documents of one publisher are one voice, and so are copies of one text; a document without a publisher is a
        voice of its own.
        """
        groups = Groups()
        for document in documents:
            groups.join(f"document {document}", f"copy {self.copies.get(document, document)}")
            if document in self.publisher:
                groups.join(f"document {document}", f"publisher {self.publisher[document]}")
        return {document: groups.head(f"document {document}") for document in documents}


def signature(document: Document) -> bytes:
    """What of a text is compared with others: a MinHash; nothing where it has no words."""
    words = [word for start, end in document.body for word in document.text[start:end].casefold().split()]
    runs = (words[i:i + _SHINGLE] for i in range(max(1, len(words) - _SHINGLE + 1)))
    shingles = sorted({" ".join(run).encode("utf-8", "replace") for run in runs if run})
    if not shingles:
        return b""
    hashed = MinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    hashed.update_batch(shingles)
    return numpy.asarray(hashed.hashvalues, dtype="<u4").tobytes()


def bands(signature: bytes) -> Iterator[bytes]:
    """Parts of a signature: texts that have none of them in common are no copies."""
    step = 4 * _ROWS
    yield from (bytes([start // step]) + signature[start:start + step] for start in range(0, len(signature), step))


def copied(one: bytes, other: bytes) -> bool:
    """Whether two texts of these signatures are copies."""
    return bool(numpy.mean(numpy.frombuffer(one, "<u4") == numpy.frombuffer(other, "<u4")) >= COPIED)


def copies(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each document of the pairs of copies the first, by id, of those that it is joined to."""
    groups = Groups()
    names: set[str] = set()
    for one, other in pairs:
        groups.join(one, other)
        names.update((one, other))
    return {name: groups.head(name) for name in names}


class Groups:
    """Names joined into groups; the head of a group is its first name, in the order that `key` gives."""

    def __init__(self, key: Callable[[str], Any] | None = None) -> None:
        self._parent: dict[str, str] = {}
        self._key = key

    def head(self, name: str) -> str:
        """The first name of the group that a name is in."""
        parent = self._parent.get(name, name)
        while parent != name:
            name, parent = parent, self._parent.get(parent, parent)
        return name

    def join(self, one: str, other: str) -> None:
        """Make one group of the groups of two names."""
        first, second = sorted((self.head(one), self.head(other)), key=self._key)
        if first != second:
            self._parent[second] = first
