"""What of a page is the article: the furniture of the site around it (menus, boxes, captions, notices) told apart.

A page is cut into units (a line, or a paragraph wrapped over several lines), and each is judged by what every newspaper
does alike: sentences are article, short lines without a final stop are links or labels unless they are the headline, a
subheading or a dateline, what is said twice counts once, and nothing of the article follows its copyright notice. The
words that give furniture away are data: `ontology/lexicon/furniture.yaml`.

Precision first: a text without such signs comes through whole.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import yaml

from kg.ontology import folder
from kg.read.dates import dateline, tells_when

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SENTENCE_END = re.compile(r"[.?!…]\W*(\([^()]*\)\W*)?$")
_ELLIPSIS = re.compile(r"(\.\.\.|…|\[…\]|\[\.\.\.\])\W*$")
_MARKUP = re.compile(r"(?:#{1,6}\s+)?(?P<mark>[*_]{1,3}(?=[^\s*_]))?(?P<line>.+?)(?(mark)(?P=mark)|)")
_LABEL = re.compile(r"^(subject|title|headline)\s*:\s*", re.IGNORECASE)
_BULLET = re.compile(r"[-–—•*·▪►]\s|\(?\d{1,2}[.)]\s")
_DATUM = re.compile(r":\s*[$€£]?\d|:$")
_BYLINE = re.compile(r"By:?\s+(?:[A-Z][\w.’'-]*|and|in|with|for|of|the|de|van|von|al|bin|,|&|\||/|[-–—])"
                     r"(?:[\s,]+(?:[A-Z][\w.’'-]*|and|in|with|for|of|the|de|van|von|al|bin|&|\||/|[-–—]))*\W*")
_ADDRESS = re.compile(r"(https?://|www\.)\S+|\S+@\S+\.\w+|@\w+", re.IGNORECASE)
_SITE = re.compile(r"\s[|–—-]\s+[^|–—]{2,40}$")
_TAIL = 500
_PARAGRAPH = 45
_DATE_WORDS = 20
_FRAGMENTS_IN_A_ROW = 3


class Unit(NamedTuple):
    """A line, or a paragraph wrapped over several: `text[start:end]`, trimmed."""

    start: int
    end: int
    text: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def key(self) -> str:
        """Its words alone, for telling what is said twice."""
        return " ".join(re.findall(r"[^\W_]+", self.text.lower()))

    @property
    def sentence(self) -> bool:
        """Whether it reads as running text rather than as a label, a link or a heading."""
        ends = (_SENTENCE_END.search(self.text), 3), (self.text.endswith((":", ";", ",")), 8), (True, 25)
        return any(end and self.words >= least for end, least in ends)

    @property
    def prose(self) -> bool:
        """Whether it is enough running text to show that the article has begun, or still goes on."""
        return self.sentence and self.words >= 8


class Layout(NamedTuple):
    """A page taken apart: the stretches of the article, its headline, and the furniture before and after its text."""

    body: tuple[tuple[int, int], ...]
    title: str | None
    opening: str
    header: tuple[str, ...]
    footer: tuple[str, ...]


def body(text: str) -> tuple[tuple[int, int], ...]:
    """The (start, end) stretches of the text that are the article: its headline once, its dateline, its paragraphs.

    In the order of the text, trimmed, never overlapping; none where the text has nothing but furniture.
    """
    return layout(text).body


def layout(text: str) -> Layout:
    """Take the page apart; see `Layout`."""
    units = list(_units(text))
    known = [_is_furniture(unit) for unit in units]
    texts = [i for i, unit in enumerate(units) if unit.prose and not known[i]]
    if not texts:
        texts = [i for i, unit in enumerate(units) if unit.sentence and not known[i]]
    if not texts:
        kept = [unit for i, unit in enumerate(_once(units)) if unit and not known[i]]
        return Layout(_stretches(text, kept), None, kept[0].text if kept else "", tuple(u.text for u in units), ())
    first, last = texts[0], _last(units, known, texts)
    headlines = _headlines(units, known, first, texts)
    listed = _listed(units, known)
    kept = []
    for i, unit in enumerate(_once(units)):
        if unit is None or known[i] or i > last:
            continue
        if i < first and not unit.sentence:
            if i in headlines or dateline(unit.text):
                kept.append(unit)
        elif i not in listed:
            kept.append(unit)
    footer = [unit.text for i, unit in enumerate(units) if i > last or (i > first and known[i])]
    title = _title(units, headlines, first, known)
    return Layout(_stretches(text, _without_tail(kept)), title, units[first].text,
                  tuple(unit.text for i, unit in enumerate(units) if i < first and unit.text != title), tuple(footer))


def _units(text: str) -> Iterator[Unit]:
    """Lines, those of a wrapped paragraph together: there, no line's first word would have fitted on the one before."""
    block: list[Unit] = []
    for start, end in _lines(text):
        line = text[start:end]
        trimmed = line.strip()
        if trimmed and (marked := _MARKUP.fullmatch(trimmed)):
            offset = start + len(line) - len(line.lstrip())
            block.append(Unit(offset + marked.start("line"), offset + marked.end("line"), marked["line"]))
        else:
            yield from _joined(text, block)
            block = []
    yield from _joined(text, block)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _joined(text: str, block: list[Unit]) -> list[Unit]:
    if len(block) < 2:
        return block
    width = max(len(unit.text) for unit in block)
    wrapped = 40 <= width <= 120 and all(
        len(line.text) + 1 + len(following.text.split()[0]) > width and not _BULLET.match(following.text)
        for line, following in pairwise(block))
    if not wrapped:
        return block
    return [Unit(block[0].start, block[-1].end, text[block[0].start:block[-1].end])]


def _is_furniture(unit: Unit) -> bool:
    """Whether the unit alone, by its words, is a piece of furniture."""
    line, phrases = unit.text.replace("**", ""), _phrases()
    if not re.search(r"[^\W\d_]", line) or _ADDRESS.fullmatch(line):
        return True
    if unit.words <= _DATE_WORDS and tells_when(line, words=phrases["published"]):
        return True
    if dateline(line) and not unit.sentence:
        return False
    if len(line) <= 400 and (phrases["lines"].fullmatch(line) or phrases["endings"].fullmatch(line)
                             or phrases["lists"].fullmatch(line)):
        return True
    if unit.words <= _PARAGRAPH and phrases["openings"].match(line):
        return True
    if not unit.sentence and _BYLINE.fullmatch(line):
        return True
    return bool(phrases["captions"].match(line) or phrases["captions"].search(line, max(0, len(line) - 200)))


def _last(units: list[Unit], known: list[bool], texts: list[int]) -> int:
    """The last unit of the article: that of its last paragraph, or the one before a notice that ends it."""
    endings = _phrases()["endings"]
    words = {i: units[i].words for i in texts}
    total, before = sum(words.values()), 0
    last = texts[-1]
    for i, unit in enumerate(units):
        before += words.get(i, 0)
        if 2 * before > total and known[i] and len(unit.text) <= 400 and endings.fullmatch(unit.text):
            last = max(j for j in texts if j < i)
            break
    for i in range(last + 1, len(units)):
        listed = _BULLET.match(units[i].text) and (units[i - 1].text.endswith(":") or _BULLET.match(units[i - 1].text))
        if known[i] or not (listed or units[i].sentence or _DATUM.search(units[i].text)):
            break
        last = i
    return last


def _headlines(units: list[Unit], known: list[bool], first: int, texts: list[int]) -> list[int]:
    """Which of the lines above the first paragraph are headlines: those that speak of what the article speaks of."""
    lines = [i for i in range(first) if not known[i] and not units[i].sentence and not dateline(units[i].text)
             and units[i].words >= 2 and not units[i].text[0].islower()]
    told = {stem for i in texts for stem in _stems(units[i])}
    named = [i for i in lines if (stems := _stems(units[i])) and 2 * len(stems & told) >= len(stems)]
    return named or sorted(lines, key=lambda i: -units[i].words)[:1]


def _title(units: list[Unit], headlines: list[int], first: int, known: list[bool]) -> str | None:
    if not headlines:
        above = [units[i].text for i in range(first) if units[i].sentence and not known[i]]
        opening = units[first]
        if not above and opening.words <= 25 and opening.text.endswith(("?", "!")) and first + 1 < len(units):
            above = [opening.text]
        return above[0] if above else None
    said = Counter(units[i].key for i in headlines)
    best = min(headlines, key=lambda i: (-said[units[i].key], units[i].text.isupper(), units[i].words < 4, i))
    return _LABEL.sub("", units[best].text)


def _listed(units: list[Unit], known: list[bool]) -> set[int]:
    """Links amid the text: short lines under a heading of links, and runs of such lines that no sentence introduces."""
    lists = _phrases()["lists"]
    found: set[int] = set()
    i = 0
    while i < len(units):
        introduced = i > 0 and units[i - 1].text.endswith(":")
        links: list[int] = []
        headed = False
        while i < len(units) and (known[i] or not units[i].sentence or (headed and _is_question(units[i]))):
            if known[i]:
                if not headed and lists.fullmatch(units[i].text):
                    headed, links = True, []
            elif not (_DATUM.search(units[i].text) or dateline(units[i].text)
                      or (introduced and _BULLET.match(units[i].text))):
                links.append(i)
            i += 1
        if headed or len(links) >= _FRAGMENTS_IN_A_ROW:
            found.update(links)
        i += 1
    return found


def _is_question(unit: Unit) -> bool:
    return unit.words <= 14 and unit.text.endswith(("?", "!"))


def _once(units: list[Unit]) -> list[Unit | None]:
    """The units, with None for one that says again what another said: headlines, teasers, pull quotes."""
    keys = [unit.key for unit in units]
    everything = "\n".join(keys)
    seen: set[str] = set()
    once: list[Unit | None] = []
    for unit, key in zip(units, keys, strict=True):
        words = key.split()
        again = len(words) >= 3 and key in seen
        if len(words) >= 8 and _ELLIPSIS.search(unit.text):
            again = again or everything.count(" ".join(words[:8])) > 1
        if 5 <= len(words) <= 40 and unit.text[0] in "\"“‘'«":
            again = again or everything.count(key) > 1
        if not unit.sentence and (site := _SITE.search(unit.text)):
            again = again or Unit(0, 0, unit.text[:site.start()]).key in seen
        seen.add(key)
        once.append(None if again else unit)
    return once


def _without_tail(kept: list[Unit]) -> list[Unit]:
    """The units without what the last of them carries at its end: credits, notices, a line about the author."""
    while kept:
        unit = kept[-1]
        start = max(0, len(unit.text) - _TAIL)
        told = "\n".join(other.text for other in kept[:-1])
        cut = min((at for at in (_notice(unit.text, start), _author(unit.text, start, told)) if at is not None),
                  default=None)
        if cut is None:
            return kept
        left = unit.text[:cut].rstrip(" \t\u00a0•*·|–—-")
        kept = kept[:-1] + ([Unit(unit.start, unit.start + len(left), left)] if left else [])
    return kept


def _notice(text: str, start: int) -> int | None:
    tails: re.Pattern[str] = _phrases()["tails"]
    return next((match.end("before") for match in tails.finditer(text, start)), None)


def _author(text: str, start: int, told: str) -> int | None:
    """Where the line about the author begins: *NAME is a ... columnist*, a NAME that the article does not tell of."""
    authors: re.Pattern[str] = _phrases()["authors"]
    for match in authors.finditer(text, start):
        name = match["name"].split()[-1]
        if not re.search(rf"\b{re.escape(name)}\b", told + text[:match.start("name")]):
            return match.end("before")
    return None


def _stems(unit: Unit) -> set[str]:
    common = _phrases()["common"]
    return {word[:5] for word in unit.key.split() if word not in common and len(word) > 1}


def _stretches(text: str, kept: list[Unit]) -> tuple[tuple[int, int], ...]:
    """The kept units, those with nothing but white space between them joined."""
    found: list[tuple[int, int]] = []
    for unit in kept:
        if found and not text[found[-1][1]:unit.start].strip():
            found[-1] = (found[-1][0], unit.end)
        else:
            found.append((unit.start, unit.end))
    return tuple(found)


def common_words() -> frozenset[str]:
    """The words that are in every English text."""
    words: frozenset[str] = _phrases()["common"]
    return words


@cache
def _phrases() -> Mapping[str, Any]:
    given = yaml.safe_load((folder() / "lexicon" / "furniture.yaml").read_text(encoding="utf-8"))

    def one_of(name: str, *, flags: int = re.IGNORECASE) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{phrase})" for phrase in given[name]), flags)

    before = r"(?P<before>^|[.?!…][\"”’')]*(?=\s)|(?=\s[•|]\s))\s*[•*·|–—(-]*\s*"
    tails = "|".join(f"(?:{phrase})" for phrase in given["tails"])
    name = r"(?P<name>(?:Dr |Prof |Sir )?[A-Z][\w’'-]+(?: [A-Z][\w.’'-]*)+)"
    trades = "|".join(given["authors"])
    authors = rf"{name} (?:is|was|works|writes)\b[^.]{{0,200}}\b(?:{trades})s?\b[^.]{{0,200}}\.?\s*$"
    return {
        **{name: one_of(name) for name in ("lines", "openings", "captions", "endings", "lists")},
        "tails": re.compile(f"{before}(?:{tails})$", re.IGNORECASE),
        "authors": re.compile(before + authors),
        "published": given["published"],
        "common": frozenset(given["common"].split()),
    }
