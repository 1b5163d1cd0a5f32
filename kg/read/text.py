"""Reads a file or a stream that holds one article as plain text."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from kg.model import Rejected
from kg.read.article import LONGEST, Article, article, decode, too_long


def articles(stream: BinaryIO, where: str, *, head: bytes = b"", name: str | None = None,
             metadata: Mapping[Any, Any] | None = None) -> Iterator[Article | Rejected]:
    """The one article of the stream; `head` was already taken from it. Reads no more than an article may have."""
    most = 4 * LONGEST
    data = head + stream.read(max(0, most + 1 - len(head)))
    if len(data) > most:
        yield too_long(where)
        return
    text = decode(data, where)
    yield text if isinstance(text, Rejected) else article(text, where, metadata or {}, name=name)
