"""Times: the words for a date, resolved against the day a document was published and the tense of the clause.

The grammar is its own because general date parsers invent days that the words do not give (*in March* becomes a day,
*the Sun* a Sunday; see `dateparser`).
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from spacy.tokens import Span as SpacySpan

MONTHS: Mapping[str, int] = {name[:3]: number for number, name in enumerate(
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"], 1)}
DAYS: Mapping[str, int] = {name[:3]: number for number, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])}
NUMBERS: Mapping[str, int] = {word: number for number, word in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])} | {"a": 1, "an": 1, "several": 0, "few": 0}
SEASONS: Mapping[str, tuple[int, int]] = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
MONTH = r"(?P<month>jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
YEAR = r"(?P<year>1[6-9]\d\d|20\d\d)"
WEEKDAY = r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|weds?|thurs?|fri|sat|sun)"
COUNT = r"(?P<count>\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
UNIT = r"(?P<unit>day|week|month|year|decade)s?"
PART = r"(?:(?:the )?(?:early|late|mid|middle of|beginning of|end of|start of|first half of|second half of)[ -]?)?"

FULL = re.compile(rf"{MONTH} {DAY},? {YEAR}")
FULL_BRITISH = re.compile(rf"{DAY}(?: of)? {MONTH},? {YEAR}")
MONTH_DAY = re.compile(rf"{MONTH} {DAY}(?!\d)|{DAY.replace('day', 'day2')}(?: of)? {MONTH.replace('month', 'month2')}")
MONTH_YEAR = re.compile(rf"{MONTH}(?:,| of)? {YEAR}")
MONTH_REL = re.compile(rf"(?P<rel>last|this|next) {MONTH}\b|{MONTH.replace('month', 'month2')} (?:of )?(?P<rel2>last|this|next) year")
AGO = re.compile(rf"{COUNT} {UNIT} (?:ago|earlier)|(?:in|within) {COUNT.replace('count', 'count2')} {UNIT.replace('unit', 'unit2')}(?: time)?")
RELATIVE = re.compile(r"(?P<rel>last|this|next|past|previous|coming) (?P<unit>week|weekend|month|year|night|decade|century)")
PLAIN = re.compile(r"\b(today|tonight|yesterday|tomorrow|this (?:morning|afternoon|evening)|overnight)\b")


def expressions(sentence: SpacySpan) -> Iterator[tuple[int, int]]:
    """(first, last) token indices of the stretches that may be times."""
    taken: set[int] = set()
    for entity in sentence.ents:
        if entity.label_ in ("DATE", "TIME"):
            taken.update(range(entity.start, entity.end))
            yield entity.start, entity.end - 1
    for token in sentence:
        if token.i in taken:
            continue
        word = token.lower_
        if (word[:3] in DAYS and re.fullmatch(WEEKDAY, word) and len(word) > 4) or word in ("yesterday", "today", "tomorrow", "tonight") or (
                re.fullmatch(YEAR, word) and token.dep_ in ("pobj", "nummod", "npadvmod", "appos")) or (re.fullmatch(MONTH, word) and token.text[:1].isupper() and word not in ("may", "march")):
            yield token.i, token.i


def resolve(words: str, day: date | None, *, past: bool = True, before: str = "") -> str | None:
    """The ISO 8601 value of a time expression, or None where its words do not allow one.

    `before` is the preposition in front of it (*since* opens the end, *until* the start); `past` says whether the
    clause tells of the past, which decides for *Monday* and *June* without a year.
    """
    text = re.sub(r"\s+", " ", words.lower().replace("’", "'").strip(" ,.'\"()"))
    value = _interval(text, day, past=past) or _single(text, day, past=past)
    if value is None:
        return None
    if before == "since":
        return f"{value.split('/')[0]}/.."
    if before in ("until", "till") and "/" not in value:
        return f"../{value}"
    return value


def _interval(text: str, day: date | None, *, past: bool) -> str | None:
    years = re.fullmatch(r"(?:from |between )?(\d{4}) ?(?:-|–|to|and|until) ?(\d{4}|\d{2})", text)
    if years:
        first, last = years.groups()
        last = first[:2] + last if len(last) == 2 else last
        return f"{first}/{last}" if first <= last else None
    if decade := re.fullmatch(r"(?:the )?(early |mid-?|late )?(?:the )?(\d{3})0'?s", text):
        start = int(decade[2]) * 10
        return f"{start}/{start + 9}"
    parts = re.fullmatch(r"(?:from |between )?(.+?) (?:to|until|and|through) (.+)", text)
    if parts:
        first, last = (_single(part, day, past=past) for part in parts.groups())
        if first and last and "/" not in first + last and first < last:
            return f"{first}/{last}"
        return last or first
    return None


def _single(text: str, day: date | None, *, past: bool) -> str | None:
    if found := re.search(r"\b(\d{4}-\d\d-\d\d)\b", text):
        return found[1]
    for pattern in (FULL, FULL_BRITISH):
        if found := pattern.search(text):
            return _iso(int(found["year"]), _month(found["month"]), int(found["day"]))
    if found := MONTH_YEAR.search(text):
        return f"{found['year']}-{_month(found['month']):02}"
    if found := re.search(rf"(spring|summer|autumn|fall|winter)(?: of)? {YEAR}", text):
        first, last = SEASONS.get(found[1], (12, 12))
        return f"{found['year']}-{first:02}/{found['year']}-{last:02}" if found[1] != "winter" else found["year"]
    if re.search(r"\b(?:months|years|days|weeks|hours|minutes|decades)\b", text) and not AGO.search(text) and not re.search(YEAR, text):
        return None
    if (found := re.fullmatch(rf"{PART}(?:the year )?{YEAR}", text)) or (found := re.search(rf"\b(?:in|of|year) {YEAR}\b", text)) or (
            found := re.fullmatch(rf".*?\b{YEAR}", text)):
        return found["year"]
    if day is None:
        return None
    if found := MONTH_REL.search(text):
        month, rel = _month(found["month"] or found["month2"]), found["rel"] or found["rel2"]
        if found["rel2"]:
            return f"{day.year + {'last': -1, 'this': 0, 'next': 1}[rel]}-{month:02}"
        return _near_month(month, day, past=rel != "next")
    if found := MONTH_DAY.search(text):
        month = _month(found["month"] or found["month2"])
        return _near_day(month, int(found["day"] or found["day2"]), day, past=past)
    if found := PLAIN.search(text):
        step = {"yesterday": -1, "tomorrow": 1}.get(found[1], 0)
        return (day + timedelta(step)).isoformat()
    if found := AGO.search(text):
        return _ago(found, day)
    if found := re.search(rf"\b(?:(?P<rel>last|next|this) )?{WEEKDAY}\b", text):
        return _weekday(DAYS[found["weekday"][:3]], found["rel"] or "", day, past=past)
    if found := RELATIVE.search(text):
        return _relative(found["rel"], found["unit"], day)
    if found := re.fullmatch(rf"{PART}(?:the month of )?{MONTH}", text):
        return _near_month(_month(found["month"]), day, past=past)
    if found := re.search(r"(?:earlier |later )?this (week|month|year)", text):
        return _relative("this", found[1], day)
    return None


def _month(name: str) -> int:
    return MONTHS[name[:3]]


def _iso(year: int, month: int, day: int) -> str | None:
    return f"{year}-{month:02}-{day:02}" if day <= monthrange(year, month)[1] else None


def _near_month(month: int, day: date, *, past: bool) -> str:
    year = day.year
    if past and month > day.month:
        year -= 1
    elif not past and month < day.month:
        year += 1
    return f"{year}-{month:02}"


def _near_day(month: int, number: int, day: date, *, past: bool) -> str | None:
    year = day.year
    if number <= monthrange(year, month)[1]:
        ahead = (date(year, month, number) - day).days
        if past and ahead > 1:
            year -= 1
        elif not past and ahead < -1:
            year += 1
    return _iso(year, month, number)


def _weekday(number: int, rel: str, day: date, *, past: bool) -> str:
    back = (day.weekday() - number) % 7
    if rel == "last":
        return (day - timedelta(back or 7)).isoformat()
    if rel == "next" or (not past and rel != "last"):
        ahead = (number - day.weekday()) % 7
        return (day + timedelta(ahead or (7 if rel == "next" else 0))).isoformat()
    return (day - timedelta(back)).isoformat()


def _ago(found: re.Match[str], day: date) -> str | None:
    ahead = bool(found["count2"])
    word, unit = (found["count2"], found["unit2"]) if ahead else (found["count"], found["unit"])
    count = int(word) if word.isdigit() else NUMBERS[word]
    sign = 1 if ahead else -1
    if unit == "day":
        return (day + timedelta(sign * count)).isoformat()
    if unit == "week":
        middle = day + timedelta(sign * 7 * count)
        monday = middle - timedelta(middle.weekday())
        return f"{monday}/{monday + timedelta(6)}"
    if unit == "month":
        months = day.year * 12 + day.month - 1 + sign * count
        return f"{months // 12}-{months % 12 + 1:02}"
    return str(day.year + sign * count * (10 if unit == "decade" else 1))


def _relative(rel: str, unit: str, day: date) -> str | None:
    step = {"last": -1, "previous": -1, "past": -1, "this": 0, "next": 1, "coming": 1}[rel]
    if unit == "night":
        return (day - timedelta(1)).isoformat() if step < 0 else day.isoformat()
    if unit in ("week", "weekend"):
        monday = day - timedelta(day.weekday()) + timedelta(7 * step)
        if unit == "weekend":
            saturday = day - timedelta((day.weekday() - 5) % 7) if step <= 0 else monday + timedelta(5)
            return f"{saturday}/{saturday + timedelta(1)}"
        return f"{monday}/{monday + timedelta(6)}"
    if unit == "month":
        months = day.year * 12 + day.month - 1 + step
        return f"{months // 12}-{months % 12 + 1:02}"
    return str(day.year + step) if unit == "year" else None
