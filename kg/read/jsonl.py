"""Reads JSON lines, an article each: `{"id", "text", "date", "title", "url", "publisher"}`, all but `text` optional."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from kg.model import Rejected
from kg.read.article import LONGEST, Article, article, decode, too_long

_LONGEST_LINE = 8 * LONGEST
_BROKEN_FROM_THE_START = 20


def articles(stream: BinaryIO, where: str, *, head: bytes = b"", name: str | None = None,
             metadata: Mapping[Any, Any] | None = None) -> Iterator[Article | Rejected]:
    """The articles of the stream, line by line; `head` is what was already taken from it.

    A line that cannot be read is rejected by its number, and the next one is read. A file whose first lines are all
    broken is given up. `metadata` holds for every line that does not say otherwise; `name` is not used.
    """
    good, broken = 0, 0
    for number, line in _lines(stream, head):
        read = _article(line, f"{where}:{number}", metadata or {})
        if isinstance(read, Rejected):
            broken += 1
            if not good and broken == _BROKEN_FROM_THE_START:
                yield Rejected(source=where, reason="not JSON lines",
                               detail=f"the first {broken} lines are all broken (the last: {read.detail}); "
                                      "a file of JSON lines has one JSON object a line")
                return
        else:
            good += 1
        yield read


def _lines(stream: BinaryIO, head: bytes) -> Iterator[tuple[int, bytes | None]]:
    """The lines that are not blank, with their numbers; None for one that is too long to be an article."""
    number = 0
    while line := head or stream.readline(_LONGEST_LINE + 1):
        if head and not head.endswith(b"\n"):
            line = head + stream.readline(max(0, _LONGEST_LINE + 1 - len(head)))
        head = b""
        number += 1
        if len(line) > _LONGEST_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(1 << 20)
            yield number, None
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            yield number, line


def _article(line: bytes | None, where: str, metadata: Mapping[Any, Any]) -> Article | Rejected:
    if line is None:
        return too_long(where)
    text = decode(line, where)
    if isinstance(text, Rejected):
        return text
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        what = "nested too deeply"
        if isinstance(error, json.JSONDecodeError):
            what = f"{error.msg} at column {error.colno}"
        return Rejected(source=where, reason="broken JSON", detail=f"{what}; the line was left out")
    if not isinstance(fields, dict):
        return Rejected(source=where, reason="broken JSON", detail='not an object; a line is {"text": "...", ...}')
    if not isinstance(fields.get("text"), str):
        return Rejected(source=where, reason="no text", detail='the field "text" is missing or not a text')
    name = fields.get("id")
    if name is not None and (isinstance(name, bool) or not isinstance(name, str | int | float)):
        return Rejected(source=where, reason="bad metadata", detail=f"id is to be a text or a number, not {name!r}")
    return article(fields["text"], where, {**metadata, **fields}, name=None if name is None else str(name))
