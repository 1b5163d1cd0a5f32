"""Reads articles from files, folders and streams: every one a document, or rejected with the reason.

    from kg.read import read
    for document in read(["news/", "more.jsonl", "-"], reject=print): ...

A text file (`.txt`, `.md`) is an article; a `.jsonl` file holds one a line; `-` is standard input (JSON lines where its
first line is a JSON object, else one text). A folder gives its articles in the order of their paths, those of its
subfolders too; hidden files, READMEs and files of other kinds are passed over. Metadata may stand beside a text, see
`kg.read.metadata`. The text of a document is that of its file, character by character.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from kg.model import Document, Rejected
from kg.read import text
from kg.read.article import Article, document
from kg.read.furniture import body
from kg.read.metadata import MetadataError, metadata

__all__ = ["READERS", "Article", "Reader", "body", "read", "read_file"]

READERS = {
    ".txt": "kg.read.text:articles",
    ".md": "kg.read.text:articles",
    ".jsonl": "kg.read.jsonl:articles",
    ".ndjson": "kg.read.jsonl:articles",
}
"""The formats: suffix to "module:function", a function as `Reader` says."""

_FIRST_LINE = 1 << 20


class Reader(Protocol):
    """Reads a stream of bytes into articles, or into what is wrong with them; `head` was already taken from it."""

    def __call__(self, stream: BinaryIO, where: str, *, head: bytes = b"", name: str | None = None,
                 metadata: Mapping[Any, Any] | None = None) -> Iterator[Article | Rejected]:
        """The articles of the stream."""


def read(inputs: Iterable[str | Path], *, reject: Callable[[Rejected], None]) -> Iterator[Document]:
    """The documents of the inputs, one by one; what cannot be read goes to `reject`, and the reading goes on.

    A document is named by the id that it was given, else by its file; its URL, where it has one, tells whether two are
    the same. A second document of one name or identity is rejected; the same file given twice is read once.
    """
    names: dict[str, str] = {}
    for found in _articles(inputs):
        taken = document(found) if isinstance(found, Article) else found
        if isinstance(taken, Rejected):
            reject(taken)
            continue
        where = taken.source or "-"
        before = names.get("id " + taken.id) or names.get("name " + taken.name)
        if before:
            reject(Rejected(source=where, reason="repeated document",
                            detail=f"{before} is {taken.name!r} too; give each its own name, id or URL"))
            continue
        names["id " + taken.id] = names["name " + taken.name] = where
        yield taken


def read_file(path: str | Path, *, said: Mapping[str, object]) -> Document | Rejected:
    """The document of one text file, with the metadata that is `said` of it; or why it cannot be read."""
    try:
        with Path(path).open("rb") as stream:
            found = next(text.articles(stream, str(path), name=Path(path).stem, metadata=said))
    except OSError as error:
        return Rejected(source=str(path), reason="unreadable file", detail=error.strerror or str(error))
    return document(found) if isinstance(found, Article) else found


def _articles(inputs: Iterable[str | Path]) -> Iterator[Article | Rejected]:
    seen: set[str] = set()
    for given in inputs:
        if str(given) == "-":
            yield from _stream(sys.stdin.buffer, "-")
            continue
        path = Path(given)
        if path.is_dir():
            files = [file for file in sorted(path.rglob("*")) if _readable(file.relative_to(path)) and file.is_file()]
            if not files:
                yield Rejected(source=str(path), reason="no articles", detail=f"no {_kinds()} file in this folder")
        else:
            files = [path]
        for file in files:
            if (real := os.path.realpath(file)) not in seen:
                seen.add(real)
                yield from _file(file)


def _readable(inside: Path) -> bool:
    hidden = any(part.startswith(".") for part in inside.parts)
    return inside.suffix.lower() in READERS and not hidden and inside.stem.upper() != "README"


def _file(path: Path) -> Iterator[Article | Rejected]:
    where, suffix = str(path), path.suffix.lower()
    if suffix and suffix not in READERS and path.exists():
        yield Rejected(source=where, reason="unknown kind of file", detail=f"{suffix} is not read, only {_kinds()}")
        return
    try:
        with path.open("rb") as stream:
            if suffix in READERS:
                yield from _reader(suffix)(stream, where, name=path.stem, metadata=metadata(path))
            else:
                yield from _stream(stream, where, name=path.name if path.is_file() else None)
    except FileNotFoundError:
        yield Rejected(source=where, reason="no such file", detail="nothing is there; check the path")
    except MetadataError as error:
        yield Rejected(source=where, reason="bad metadata", detail=f"{error}; mend or remove that file")
    except OSError as error:
        yield Rejected(source=where, reason="unreadable file", detail=error.strerror or str(error))


def _stream(stream: BinaryIO, where: str, *, name: str | None = None) -> Iterator[Article | Rejected]:
    """A stream of unknown kind: JSON lines where it begins with a JSON object, else one text."""
    head = stream.readline(_FIRST_LINE)
    suffix = ".jsonl" if _is_object(head) else ".txt"
    yield from _reader(suffix)(stream, where, head=head, name=name)


def _is_object(line: bytes) -> bool:
    if line.lstrip(b"\xef\xbb\xbf \t").startswith(b'{"'):
        return True
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _reader(suffix: str) -> Reader:
    module, _, function = READERS[suffix].partition(":")
    return cast(Reader, getattr(import_module(module), function))


def _kinds() -> str:
    return ", ".join(READERS)
