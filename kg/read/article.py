"""An article as a reader finds it, and the document that it becomes: decoded, dated, without furniture, English."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import field_validator

from kg.model import Document, Frozen, Rejected
from kg.read.dates import dateline, dates, in_url, parse
from kg.read.furniture import Layout, common_words, layout

LONGEST = 250_000
"""How many characters an article may have (about 40,000 words); more is not one article."""

_FIELDS = ("title", "url", "publisher")
_WEEKDAY_OR_LABEL = re.compile(r"publish|posted|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d[:.]\d\d", re.IGNORECASE)
_COPYRIGHT_YEAR = re.compile(r"(?:copyright|©|\(c\))\D{0,8}((?:19|20)\d\d)", re.IGNORECASE)
_ENOUGH_WORDS = 40
_ENGLISH_SHARE = 0.15


class Article(Frozen):
    """A text with what its source says of it; `where` names the source, with the line for one of a stream."""

    text: str
    where: str
    name: str | None = None
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: date | None = None

    @field_validator("name", *_FIELDS)
    @classmethod
    def _blank_is_none(cls, value: str | None) -> str | None:
        return (value or "").strip() or None


def article(text: str, where: str, metadata: Mapping[Any, Any], *, name: str | None = None) -> Article | Rejected:
    """The text with those of its `metadata` that we know (others are ignored), or what is wrong with them."""
    fields: dict[str, str] = {}
    for key in _FIELDS:
        value = metadata.get(key)
        if value is not None and not isinstance(value, str):
            return Rejected(source=where, reason="bad metadata", detail=f"{key} is to be a text, not {value!r}")
        if value:
            fields[key] = value
    if any(_unwritable(value) for value in (text, name or "", *fields.values())):
        return Rejected(source=where, reason="broken text",
                        detail="half a surrogate pair (\\ud800 to \\udfff alone) is no character; mend the file")
    day = parse(metadata.get("date"))
    if metadata.get("date") not in (None, "") and day is None:
        return Rejected(source=where, reason="bad metadata",
                        detail=f"{metadata['date']!r} is no date, or may be read in two ways; write it as 2024-11-11")
    return Article(text=text, where=where, name=name, published=day, **fields)


def decode(data: bytes, where: str) -> str | Rejected:
    """The bytes as text, a byte order mark dropped, nothing else changed; or why they are none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Rejected(source=where, reason="not UTF-8", detail="the file is UTF-16; save it as UTF-8")
    if b"\0" in data or data.startswith((b"%PDF-", b"PK\x03\x04", b"\x1f\x8b")):
        return Rejected(source=where, reason="binary file", detail="not a text; give the article as plain UTF-8 text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Rejected(source=where, reason="not UTF-8",
                        detail=f"byte {error.start} (line {line}) is 0x{data[error.start]:02x}, no UTF-8; "
                               "save the file as UTF-8")


def too_long(where: str) -> Rejected:
    """The refusal of a text that is longer than an article may be."""
    return Rejected(source=where, reason="too long",
                    detail=f"more than {LONGEST:,} characters are not one article; split it into documents")


def document(article: Article) -> Document | Rejected:
    """The article as a document, with its furniture told apart, its date and its title found; or why it is none."""
    text, where = article.text, article.where
    if not text.strip():
        return Rejected(source=where, reason="empty", detail="there is no text in it")
    if len(text) > LONGEST:
        return too_long(where)
    if "\0" in text:
        return Rejected(source=where, reason="binary file", detail="not a text; give the article as plain UTF-8 text")
    page = layout(text)
    if not page.body:
        return Rejected(source=where, reason="no article", detail="nothing but site furniture in it")
    if not _english("\n".join(text[start:end] for start, end in page.body)):
        return Rejected(source=where, reason="not English", detail="hardly any of the commonest English words in it")
    published, source = _published(article, page)
    return Document.of(text, name=article.name or article.url, url=article.url, title=article.title or page.title,
                       publisher=article.publisher, published=published, published_from=source, source=where,
                       body=page.body)


def _published(article: Article, page: Layout) -> tuple[date | None, str | None]:
    if day := article.published or in_url(article.url):
        return day, "metadata"
    datelines = [found for line in (*page.header, page.opening) if (found := dateline(line))]
    header = [line for line in page.header if not dateline(line)]
    if day := _first(sorted(header, key=lambda line: "publish" not in line.lower())):
        return day, "header"
    if day := next((found.day for found in datelines if found.day), None):
        return day, "dateline"
    footer = [line for line in page.footer if len(line) <= 120 and not _COPYRIGHT_YEAR.search(line)]
    stated = _first([line for line in footer if _WEEKDAY_OR_LABEL.search(line)]) or _first(footer)
    if stated:
        return stated, "header"
    notices = (_COPYRIGHT_YEAR.search(line) for line in (*page.header, *page.footer))
    year = next((int(match[1]) for match in notices if match), None)
    short = next((found.month_and_day for found in datelines if found.month_and_day), None)
    if year and short:
        try:
            return date(year, *short), "dateline"
        except ValueError:
            return None, None
    return None, None


def _first(lines: list[str]) -> date | None:
    return next((found.day for line in lines for found in dates(line)), None)


def _english(text: str) -> bool:
    """Whether a text of some length has its share of the commonest English words; a short one passes."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return len(words) < _ENOUGH_WORDS or sum(word in common_words() for word in words) >= _ENGLISH_SHARE * len(words)


def _unwritable(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text) if not text.isascii() else False
