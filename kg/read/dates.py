"""The day a text was published, where a line of its page or its dateline says so.

A grammar of the ways in which newspapers write a full date finds the candidate; nothing is guessed. What could be read
in two ways (11/12/2024), and a day whose year stands nowhere, is no date.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

_MONTHS = {name.lower(): number for table in (calendar.month_name, calendar.month_abbr)
           for number, name in enumerate(table) if name} | {"sept": 9}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = tuple(re.compile(form, re.IGNORECASE) for form in (
    rf"\b{_YEAR}[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)(?!\d)",
    rf"\b{_DAY}[ \u00a0-](?:of )?{_MONTH}[, \u00a0-]+{_YEAR}\b",
    rf"\b{_MONTH}[ \u00a0]{_DAY},?[ \u00a0]+{_YEAR}\b",
    r"\b(?P<first>[0-3]?\d)(?P<mark>[/.])(?P<second>[0-3]?\d)(?P=mark)(?P<year>(?:19|20)\d\d)\b",
))
_YEARLESS = tuple(re.compile(form, re.IGNORECASE) for form in (
    rf"\b{_MONTH}[ \u00a0]{_DAY}\b(?!,? ?\d)", rf"\b{_DAY}[ \u00a0](?:of )?{_MONTH}(?!,? ?\d)"))
_CLOCK = re.compile(r"T?\b\d{1,2}(?:[:.h]\d{2}){1,2}(?:\.\d+)?\s*(?:Z\b|[+-]\d\d:?\d\d)?(?:\s*[ap]\.?m\b\.?)?"
                    r"|\b\d{1,2}\s*[ap]\.?m\b\.?|\b\d{4}\s?(?:GMT|UTC|hrs|hours)\b"
                    r"|\b\d{1,2}(?= ?-?(?:min|hour|hr|day))", re.IGNORECASE)
_WEEKDAY = re.compile(rf"\b({'|'.join((*calendar.day_name, *calendar.day_abbr))})\b\.?", re.IGNORECASE)
_ZONE = re.compile(r"\b(?:[A-Z]{1,4}T|GMT|UTC|[A-Z][a-z]+ time)\b(?:[+-]\d+)?")
_DATELINE = re.compile(
    r"\s*(?P<place>[A-Z](?:[^\W\d_]|[.’' /-]){1,40}?(?:, [A-Z](?:[^\W\d_]|[.’' ]){1,30}?)?)\s*"
    r"(?P<when>[,(] ?\(?[^()—–]{0,30}?\d[^()—–]{0,12}?\)?)?\s*(?P<agency>\([^()]{2,40}\))?\s*(?P<dash>--|[-—–_:]|$)")
_URL = re.compile(r"/(?P<year>(?:19|20)\d\d)[-/](?P<month>[01]\d)[-/](?P<day>[0-3]\d)(?!\d)")


class Found(NamedTuple):
    """A date and where in the text it stands."""

    start: int
    end: int
    day: date


def dates(text: str) -> Iterator[Found]:
    """Every full date in the text, in the order of the text."""
    found = (Found(*match.span(), day) for form in _FORMS for match in form.finditer(text) if (day := _day(match)))
    return iter(sorted(found))


def parse(value: object) -> date | None:
    """A date given as metadata: a date, a datetime, or a text that is a date and nothing else; None for all others."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError:
        found = list(dates(value))
        return found[0].day if len(found) == 1 and tells_when(value, words="at|on") else None


def in_url(url: str | None) -> date | None:
    """The date in the path of an address (`/2024/11/11/`), where newspapers put the day of publication."""
    match = _URL.search(url or "")
    return _day(match) if match else None


def tells_when(line: str, *, words: str) -> bool:
    """Whether the line says when, and nothing else: dates, times, weekdays, zones; `words`, a regex, may stand by."""
    rest = line
    for found in reversed(list(dates(line))):
        rest = rest[:found.start] + " " + rest[found.end:]
    for pattern in (_CLOCK, *_YEARLESS, _WEEKDAY, _ZONE):
        rest = pattern.sub(" ", rest)
    said = rest != line
    return said and not re.sub(rf"\b(?:{words})\b|[\W_]", "", rest, flags=re.IGNORECASE)


class Dateline(NamedTuple):
    """The words at the start of a report that say where and when it was filed: `day` if the year is there too."""

    end: int
    day: date | None
    month_and_day: tuple[int, int] | None


def dateline(paragraph: str) -> Dateline | None:
    """The dateline that the paragraph begins with, or is: *SEOUL, Nov. 11 (Reuters) -*, *Taipei, 27 October 2024*."""
    match = _DATELINE.match(paragraph[:160])
    if not match:
        return None
    place, when, agency = match["place"], match["when"] or "", match["agency"] or ""
    inside = f"{when} {agency}" if re.search(r"\d", agency) else when
    day = next((found.day for found in dates(inside)), None)
    short = next((m for form in _YEARLESS for m in form.finditer(inside)), None)
    capital = place.split(",")[0]
    if _WEEKDAY.fullmatch(capital.strip()):
        return None
    marked = agency or match["dash"] in ("—", "–", "--", "-")
    if not (day or short or (marked and capital.isupper() and match["dash"])):
        return None
    return Dateline(match.end(), day, (_MONTHS[short["month"].lower()], int(short["day"])) if short else None)


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        if first != second and max(first, second) <= 12:
            return None
        month, day = (second, first) if first > 12 or first == second else (first, second)
    else:
        month = int(parts["month"]) if parts["month"].isdigit() else _MONTHS[parts["month"].lower()]
        day = int(parts["day"])
    try:
        return date(int(parts["year"]), month, day)
    except ValueError:
        return None
