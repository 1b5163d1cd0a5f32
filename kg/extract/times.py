"""Times: the words for a date, resolved against the day a document was published and the tense of the clause.

The grammar is its own because general date parsers invent days that the words do not give (*in March* becomes a day,
*the Sun* a Sunday; see `dateparser`). Three sorts of words are told apart: dates that stand alone (*5 May 2019*), those
that count from the day of the report (*Monday*, *last week*, *two years ago*), and those that count from what was told
before (*two days later*, *that October*).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

import yaml
from spacy.tokens import Span as SpacySpan
from spacy.tokens import Token

from kg.extract import days
from kg.ontology import folder


@cache
def _words() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((folder() / "lexicon" / "times.yaml").read_text(encoding="utf-8"))
    return data


def _one_of(words: list[str] | Mapping[str, Any]) -> str:
    return "|".join(re.escape(str(word)).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Clock:
    """What words are resolved against: the day of the report, whether the clause looks back or ahead (None: it does not
    say, so *Monday* is the nearest one), and the time told before, which *two days later* counts from."""

    day: date | None
    past: bool | None = True
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """A stretch of text that says a time: its offsets in the sentence and the kind of words it is."""

    start: int
    end: int
    kind: str
    groups: tuple[tuple[str, str], ...]

    @property
    def told_before(self) -> bool:
        """Whether it counts from what was told before."""
        return self.kind in ("later", "that", "that_month", "adjacent", "then") or (self.kind, "that") in (
            (self.kind, k) for k, _ in self.groups if self.kind == "full"
        )

    def resolve(self, clock: Clock) -> str | None:
        """Its ISO 8601 value, or None where the words (or what they count from) do not allow one."""
        handler: Callable[[Mapping[str, str], Clock], str | None] = HANDLERS[self.kind]
        return handler(dict(self.groups), clock)


def expressions(sentence: SpacySpan) -> list[tuple[Expression, Token, Token]]:
    """Every time in a sentence, in order, with its first and last token."""
    text = sentence.text
    base = sentence.start_char
    found = []
    for expression in find(text):
        tokens = [t for t in sentence if t.idx - base < expression.end and t.idx - base + len(t) > expression.start]
        if tokens and _plausible(expression, tokens, text):
            found.append((expression, tokens[0], tokens[-1]))
    return found


@lru_cache(maxsize=4096)
def find(text: str) -> tuple[Expression, ...]:
    """Every time in a text, the longest first where two overlap; in the order of the text."""
    plain = text.lower().replace("’", "'").replace("–", "-").replace("‑", "-").replace("\xa0", " ")
    hits = [
        Expression(m.start(), m.end(), kind, tuple((k, v) for k, v in m.groupdict().items() if v is not None))
        for kind, pattern in _grammar()
        for m in pattern.finditer(plain)
    ]
    taken: list[Expression] = []
    for hit in sorted(hits, key=lambda e: (e.start - e.end, e.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in taken):
            taken.append(hit)
    return tuple(sorted(taken, key=lambda e: e.start))


def resolve(words: str, day: date | None, *, past: bool = True, before: str | None = None) -> str | None:
    """The ISO 8601 value of the first time that some words say, or None where they say none.

    `past` says whether the clause tells of the past, which decides for *Monday* and *June* without a year; `before` is the
    time told before, which *two days later* counts from.
    """
    return next((e.resolve(Clock(day, past, before)) for e in find(words)), None)


# ---- grammar ---------------------------------------------------------------------------------------------------------


@cache
def _grammar() -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = _words()
    month = (
        "(?:"
        + "|".join(
            name
            if len(name) < 5
            else rf"{name}|{name[:4]}\.|{name[:3]}\.?(?![a-z])"
            if name[:4] == "sept"
            else rf"{name}|{name[:3]}\.?(?![a-z])"
            for name in words["months"]
        )
        + ")"
    )
    day = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\d,]*\d)(?!:\d)"
    year = r"(?:1[5-9]\d\d|20\d\d)(?!,?\d)"
    weekday = "(?:" + _one_of(words["weekdays"]) + ")"
    number = rf"(?:\d+|{_one_of(words['numbers'])})"
    unit = r"(?:day|week|month|year|decade)"
    season = f"(?:{_one_of(words['seasons'])}|winter)"
    part = r"(?:(?:the )?(?:early|late|mid|middle of|beginning of|end of|start of|first half of|second half of|first half|second half)[ -](?:of )?(?:the )?)?"
    about = r"(?:(?:about|around|some|nearly|almost|more than|over|at least|less than|barely|only|just|roughly|exactly|under) )?"
    rel = r"(?:last|this|next|past|coming|previous)"
    daypart = r"(?: (?:morning|afternoon|evening|night|midnight|noon|lunchtime))?"
    comma = rf"(?:{weekday},? )?"
    patterns: dict[str, str | tuple[str, ...]] = {
        "iso": r"(?P<iso>\d{4}-\d\d-\d\d)",
        "full": (
            rf"{comma}(?P<month>{month}) (?P<day>{day}),? (?P<year>{year})",
            rf"{comma}(?:the )?(?P<day>{day})(?: of)? (?P<month>{month}),? (?P<year>{year})",
            rf"(?P<day>{day})(?: of)? (?P<month>{month}) (?P<that>of that year|that year)",
        ),
        "month_days": (
            rf"(?P<month>{month}) (?P<day>{day}) ?(?:-|to|and|through) ?(?P<day2>{day})(?:,? (?P<year>{year}))?",
            rf"(?P<day>{day}) ?(?:-|to|and) ?(?P<day2>{day})(?: of)? (?P<month>{month})(?:,? (?P<year>{year}))?",
            rf"(?P<month>{month}) (?P<day>{day}) ?(?:-|to|and|through) ?(?P<month2>{month}) (?P<day2>{day})(?:,? (?P<year>{year}))?",
            rf"(?P<day>{day}) (?P<month>{month}) ?(?:-|to|and|through) ?(?P<day2>{day}) (?P<month2>{month})(?:,? (?P<year>{year}))?",
        ),
        "month_year": rf"{part}(?P<month>{month})(?:,| of)? (?P<year>{year})",
        "months": rf"(?<=from |ween )(?P<month>{month}) (?:to|and|until|through) (?P<month2>{month})(?:,? (?P<year>{year}))?",
        "month_day": (rf"{comma}(?P<month>{month}) (?P<day>{day})", rf"{comma}(?:the )?(?P<day>{day})(?: of)? (?P<month>{month})"),
        "month_of": (
            rf"(?P<rel>last|this|next) (?P<month>{month})(?![a-z])",
            rf"(?P<month>{month}) (?:of )?(?P<year_rel>last|this|next) year",
        ),
        "month": rf"{part}(?:the month of )?(?P<month>{month})(?![a-z])",
        "season": (
            rf"(?P<season>{season})(?: of)? (?P<year>{year})",
            rf"{part}(?P<rel>last|this|next) (?P<season>{season})",
            rf"(?:this year's|the) (?P<season>{season})",
        ),
        "years": (
            rf"(?P<first>{year}) ?(?:-|to|and|until) ?(?P<last>{year}|\d\d(?!\d))",
            r"(?<=from |ween )(?P<first>\d{4}) (?:to|and|until) (?P<last>\d{4})",
        ),
        "decade": r"(?:the )?(?:early |mid-?|late )?(?:the )?(?P<decade>(?:1[5-9]|20)\d)0'?s",
        "year": rf"{part}(?:the year )?(?P<year>{year})",
        "ago": rf"{about}(?P<count>{number}) (?P<unit>{unit})s? ago",
        "ahead": (
            rf"(?:in|within) {about}(?P<count>{number}) (?P<unit>{unit})s?'?(?: time)?(?= *[.,;:)]|$| from now)",
            rf"within {about}(?:the next )?(?P<count>{number}) (?P<unit>{unit})s?",
        ),
        "stretch": rf"(?:over|in|during|for|throughout|within) (?:the )?(?:past|last|previous) (?:{about}(?P<count>{number}) )?(?P<unit>{unit})s?",
        "later": (
            rf"{about}(?P<count>{number}) (?P<unit>{unit})s? (?P<way>later|earlier|before|previously|afterwards?|after)(?= *[.,;:)—-]|$| (?!the|a|an|his|her|its|their|he|she|it|they))",
            rf"{about}(?P<count>{number}) (?P<unit>{unit})s? (?P<way>later|earlier)",
            r"(?P<unit>hour|minute)s (?P<way>later|earlier|afterwards)",
        ),
        "relative": (
            rf"{part}(?:(?:earlier|later|late|early|sometime|on) )?(?P<rel>{rel}) (?P<unit>week|weekend|month|year|night|decade)(?!'s? (?:old|long))",
            r"(?:at|over|during|on) the (?P<unit>weekend)",
        ),
        "end": r"(?:the )?(?P<edge>end|start|beginning|close) of (?:the|this) (?P<unit>week|month|year)",
        "today": r"today|tonight|this (?:morning|afternoon|evening)|overnight|(?:earlier|later) in the day|(?:in|during) the night",
        "yesterday": r"yesterday(?: (?:morning|afternoon|evening|night))?",
        "tomorrow": r"tomorrow(?: (?:morning|afternoon|evening|night))?",
        "weekday": (
            rf"(?:(?:late|early|the night to|the night of|the early hours of|the morning of) (?:on )?)?(?:(?P<rel>last|next|this|this past|this coming) )?(?P<weekday>{weekday}){daypart}(?: (?P<week>last week|this week|next week))?",
            rf"(?P<week>last week|this week|next week) on (?P<weekday>{weekday})",
        ),
        "weekdays": rf"(?:(?<=from )|(?<=between )|(?<=on )|(?<=late ))(?P<weekday>{weekday}) (?:to|and|until|through) (?P<weekday2>{weekday})",
        "holiday": rf"(?P<holiday>{_one_of(words['holidays'])})(?: (?P<year>{year}))?(?![a-z-]| (?:market|truce|party|carol|gift|tree|present|shop|sale|cake|dinner|speech|message|address|holiday|card))",
        "period": rf"(?P<period>{_one_of(words['periods'])})",
        "that": r"(?:at the end of |late |later |early |earlier |earlier in |later in )?(?:on )?(?P<which>that|the same|that same) (?P<unit>day|night|morning|evening|afternoon|week|weekend|month|year)",
        "that_month": rf"that (?:same )?(?P<month>{month})(?![a-z])|(?P<month2>{month}) (?:of )?(?:that|the same) year",
        "adjacent": (
            r"the (?P<way>next|following|previous|preceding) (?P<unit>day|night|morning|evening|afternoon|week|weekend|month|year)",
            r"the (?P<unit>day|night|week|month|year|evening) (?P<way>before|after|afterwards)(?= *[.,;:)—-]|$| (?:that|and|but|in|at|to|by|on)\b)",
            rf"the (?P<way>following|previous|next) (?:(?P<month>{month})|(?P<season>{season}))",
        ),
        "then": r"at the time|since then",
    }
    return tuple(
        (kind, re.compile(rf"(?<![\w$€£-])(?:{form})(?![\w])"))
        for kind, forms in patterns.items()
        for form in ([forms] if isinstance(forms, str) else forms)
    )


def _plausible(expression: Expression, tokens: list[Token], text: str) -> bool:
    """Whether the words are a time here, and no name, count or verb that looks like one."""
    first, last = tokens[0], tokens[-1]
    if expression.kind == "month" and first.i == last.i:
        # *may* and *march* are more often no months; in the beginning of a sentence their capital says nothing.
        if not first.text[:1].isupper() or (
            first.lower_ in ("may", "march", "august") and (first.pos_ in ("AUX", "VERB", "ADJ") or first.is_sent_start)
        ):
            return False
        if first.ent_type_ == "PERSON" or (
            first.i > 0 and first.nbor(-1).pos_ == "PROPN" and first.nbor(-1).ent_type_ not in ("DATE", "TIME", "")
        ):
            return False
        if (
            first.i + 1 < len(first.doc)
            and first.dep_ == "compound"
            and first.head.pos_ == "PROPN"
            and first.head.ent_type_ in ("PERSON", "ORG")
        ):
            return False
    if (
        expression.kind in ("month", "month_day", "month_of", "month_year")
        and text[expression.start : expression.end].islower()
        and "." not in text[expression.start : expression.end]
    ):
        return not re.search(r"\b(?:may|march)\b", text[expression.start : expression.end])
    if expression.kind in ("weekday", "season") and first.ent_type_ in ("PERSON", "ORG", "WORK_OF_ART"):
        return False
    if expression.kind == "weekday" and not any(t.text[:1].isupper() for t in tokens):
        return False
    if expression.kind == "year" and first.i == last.i:
        before = first.nbor(-1) if first.i > 0 else None
        if first.dep_ == "nummod" and first.head.tag_ in ("NNS", "NNPS") and first.ent_type_ != "DATE":
            return False
        if (
            before is not None
            and before.pos_ == "PROPN"
            and before.ent_type_ not in ("DATE", "TIME")
            and first.head.i == before.i
            and first.ent_type_ != "DATE"
        ):
            return False
        if before is not None and before.lower_ in (
            "resolution",
            "no",
            "no.",
            "number",
            "article",
            "flight",
            "about",
            "some",
            "nearly",
            "almost",
            "than",
            "least",
            "another",
            "#",
            "over",
            "around",
        ):
            return False
    return True


# ---- resolution ------------------------------------------------------------------------------------------------------


def _month(name: str) -> int:
    return next(i for i, month in enumerate(_words()["months"], 1) if month[:3] == name[:3])


def _number(word: str) -> int:
    return int(word) if word.isdigit() else int(_words()["numbers"][word])


def _day_number(word: str) -> int:
    return int(re.sub(r"\D", "", word))


def _iso(g: Mapping[str, str], clock: Clock) -> str | None:
    try:
        return date.fromisoformat(g["iso"]).isoformat()
    except ValueError:
        return None


def _full(g: Mapping[str, str], clock: Clock) -> str | None:
    if "year" in g:
        return days.day_of(int(g["year"]), _month(g["month"]), _day_number(g["day"]))
    return (
        days.day_of(int(clock.before[:4]), _month(g["month"]), _day_number(g["day"])) if clock.before and clock.before[:2] != ".." else None
    )


def _month_days(g: Mapping[str, str], clock: Clock) -> str | None:
    last = {"month": g.get("month2", g["month"]), "day": g["day2"]}
    end = _full({**last, "year": g["year"]}, clock) if "year" in g else _month_day(last, clock)
    if end is None:
        return None
    year = int(end[:4]) - (_month(g["month"]) > _month(last["month"]))
    start = days.day_of(year, _month(g["month"]), _day_number(g["day"]))
    return days.span(start, end) if start else None


def _month_day(g: Mapping[str, str], clock: Clock) -> str | None:
    month, number = _month(g["month"]), _day_number(g["day"])
    day = clock.day
    if day is None:
        return None
    candidates = [date.fromisoformat(value) for year in range(day.year - 1, day.year + 2) if (value := days.day_of(year, month, number))]
    if not candidates:
        return None
    if clock.past is None:
        return min(candidates, key=lambda c: abs((c - day).days)).isoformat()
    # A day of the report's own time zone may be one ahead or behind.
    fit = [c for c in candidates if ((c - day).days <= 1 if clock.past else (c - day).days >= -1)]
    return (max(fit) if clock.past else min(fit)).isoformat() if fit else None


def _month_year(g: Mapping[str, str], clock: Clock) -> str | None:
    return days.month_of(int(g["year"]), _month(g["month"]))


def _months(g: Mapping[str, str], clock: Clock) -> str | None:
    end = _month_year({"month": g["month2"], "year": g["year"]}, clock) if "year" in g else _month_alone({"month": g["month2"]}, clock)
    if end is None:
        return None
    return days.span(days.month_of(int(end[:4]) - (_month(g["month"]) > _month(g["month2"])), _month(g["month"])), end)


def _month_of(g: Mapping[str, str], clock: Clock) -> str | None:
    if clock.day is None:
        return None
    month = _month(g["month"])
    if "year_rel" in g:
        return days.month_of(clock.day.year + {"last": -1, "this": 0, "next": 1}[g["year_rel"]], month)
    if g["rel"] == "this":
        return days.month_of(clock.day.year, month)
    if g["rel"] == "last":
        return days.month_of(clock.day.year - (month >= clock.day.month), month)
    return days.month_of(clock.day.year + (month <= clock.day.month), month)


def _month_alone(g: Mapping[str, str], clock: Clock) -> str | None:
    if clock.day is None:
        return None
    month, year, now = _month(g["month"]), clock.day.year, clock.day.month
    if clock.past is None:
        return days.month_of(year, min((month - 12, month, month + 12), key=lambda m: abs(m - now)))
    return days.month_of(year - (month > clock.day.month) if clock.past else year + (month < clock.day.month), month)


def _season(g: Mapping[str, str], clock: Clock) -> str | None:
    year = int(g["year"]) if "year" in g else None
    if year is None:
        if clock.day is None:
            return None
        last = _words()["seasons"].get(g["season"], [12, 12])[1]
        rel = g.get("rel", "this" if clock.past is False or clock.day.month >= last - 2 else "last")
        year = clock.day.year
        if rel == "last" and clock.day.month <= last:
            year -= 1
        elif rel == "next":
            year += 1
    if g["season"] == "winter":
        return str(year) if "year" in g else None
    first, last = _words()["seasons"][g["season"]]
    return f"{days.month_of(year, first)}/{days.month_of(year, last)}"


def _years(g: Mapping[str, str], clock: Clock) -> str | None:
    first, last = g["first"], g["last"]
    last = first[:2] + last if len(last) == 2 else last
    return f"{first}/{last}" if first < last and int(last) - int(first) < 400 else None


def _decade(g: Mapping[str, str], clock: Clock) -> str | None:
    start = int(g["decade"]) * 10
    return f"{start}/{start + 9}"


def _year(g: Mapping[str, str], clock: Clock) -> str | None:
    return g["year"]


def _moved(g: Mapping[str, str], clock: Clock, sign: int) -> str | None:
    return days.shift(clock.day.isoformat(), sign * _number(g["count"]), g["unit"]) if clock.day else None


def _ago(g: Mapping[str, str], clock: Clock) -> str | None:
    return _moved(g, clock, -1)


def _ahead(g: Mapping[str, str], clock: Clock) -> str | None:
    return None if clock.past else _moved(g, clock, 1)


def _stretch(g: Mapping[str, str], clock: Clock) -> str | None:
    if clock.day is None:
        return None
    count, unit = _number(g.get("count", "a")), g["unit"]
    if unit in ("day", "week"):
        return f"{clock.day - timedelta(count * (7 if unit == 'week' else 1))}/{clock.day}"
    start = days.shift(clock.day.isoformat(), -count, unit)
    return days.span(start, clock.day.isoformat()[: len(start)]) if start else None


def _later(g: Mapping[str, str], clock: Clock) -> str | None:
    ahead = g["way"] in ("later", "after", "afterward", "afterwards")
    if "count" not in g:
        return days.shift(clock.before, 0, g["unit"]) if clock.before else None
    if clock.before is None:
        return None if ahead else _moved(g, clock, -1)
    return days.shift(clock.before, _number(g["count"]) * (1 if ahead else -1), g["unit"])


def _relative(g: Mapping[str, str], clock: Clock) -> str | None:
    if clock.day is None:
        return None
    unit = g["unit"]
    step = {"last": -1, "previous": -1, "past": -1, "this": 0, "next": 1, "coming": 1}[
        g.get("rel", "past" if clock.past is not False else "this")
    ]
    if unit == "night":
        return (clock.day + timedelta(min(step, 0))).isoformat()
    if unit == "week":
        return days.week_of(clock.day + timedelta(7 * step))
    if unit == "weekend":
        back = clock.day.weekday() - 5 if clock.day.weekday() > 4 else 7
        return days.weekend_of(
            clock.day - timedelta(back if "rel" not in g or back == 7 else 7) if step < 0 else clock.day + timedelta(7 * step)
        )
    if unit == "month":
        return days.month_of(clock.day.year, clock.day.month + step)
    return str(clock.day.year + step) if unit == "year" else None


def _end(g: Mapping[str, str], clock: Clock) -> str | None:
    return _relative({"rel": "this", "unit": g["unit"]}, clock)


def _today(g: Mapping[str, str], clock: Clock) -> str | None:
    return clock.day.isoformat() if clock.day else None


def _yesterday(g: Mapping[str, str], clock: Clock) -> str | None:
    return (clock.day - timedelta(1)).isoformat() if clock.day else None


def _tomorrow(g: Mapping[str, str], clock: Clock) -> str | None:
    return (clock.day + timedelta(1)).isoformat() if clock.day else None


def _weekday_number(name: str) -> int:
    return int(_words()["weekdays"].index(name))


def _weekday(g: Mapping[str, str], clock: Clock) -> str | None:
    if clock.day is None:
        return None
    number, rel = _weekday_number(g["weekday"]), g.get("rel", "")
    if "week" in g:
        monday = clock.day - timedelta(clock.day.weekday() + {"last week": 7, "this week": 0, "next week": -7}[g["week"]])
        return (monday + timedelta(number)).isoformat()
    back, ahead = (clock.day.weekday() - number) % 7, (number - clock.day.weekday()) % 7
    if rel in ("last", "this past"):
        return (clock.day - timedelta(back or 7)).isoformat()
    if rel in ("next", "this coming"):
        return (clock.day + timedelta(ahead or 7)).isoformat()
    past = clock.past if clock.past is not None else back <= ahead
    return (clock.day - timedelta(back) if past else clock.day + timedelta(ahead)).isoformat()


def _weekdays(g: Mapping[str, str], clock: Clock) -> str | None:
    last = _weekday({"weekday": g["weekday2"]}, clock)
    if last is None:
        return None
    back = (_weekday_number(g["weekday2"]) - _weekday_number(g["weekday"])) % 7
    return days.span((date.fromisoformat(last) - timedelta(back)).isoformat(), last)


def _holiday(g: Mapping[str, str], clock: Clock) -> str | None:
    month, number = (int(part) for part in str(_words()["holidays"][g["holiday"]]).split("-"))
    if "year" in g:
        return days.day_of(int(g["year"]), month, number)
    return _month_day({"month": _words()["months"][month - 1], "day": str(number)}, clock)


def _period(g: Mapping[str, str], clock: Clock) -> str | None:
    return str(_words()["periods"][g["period"]])


def _that(g: Mapping[str, str], clock: Clock) -> str | None:
    if not clock.before or ".." in clock.before:
        return None
    unit = {"night": "day", "morning": "day", "evening": "day", "afternoon": "day"}.get(g["unit"], g["unit"])
    have = days.precision(clock.before)
    if unit == "day":
        return clock.before if have == 3 and "/" not in clock.before else None
    if unit in ("week", "weekend"):
        return days.week_of(days.first_day(clock.before)) if have == 3 else None
    return clock.before.split("/")[0][: 7 if unit == "month" else 4] if have >= days.PARTS[unit] else None


def _that_month(g: Mapping[str, str], clock: Clock) -> str | None:
    name = g.get("month") or g["month2"]
    return days.month_of(int(clock.before[:4]), _month(name)) if clock.before and clock.before[:2] != ".." else None


def _adjacent(g: Mapping[str, str], clock: Clock) -> str | None:
    if not clock.before or ".." in clock.before:
        return None
    step = 1 if g["way"] in ("next", "following", "after", "afterwards") else -1
    if "season" in g:
        year = int(clock.before[:4]) + (
            step
            if days.precision(clock.before) == 1
            or (step > 0 and days.first_day(clock.before).month > 6)
            or (step < 0 and days.first_day(clock.before).month < 6)
            else 0
        )
        return _season({"season": g["season"], "year": str(year)}, clock)
    if "month" in g:
        year, month = days.first_day(clock.before).year, _month(g["month"])
        told = days.month_number(clock.before)
        if told is None:
            return None
        return days.month_of(year + (step if ((month <= told[1]) == (step > 0) and month != told[1]) or month == told[1] else 0), month)
    unit = g["unit"] if g["unit"] in ("week", "month", "year") else "week" if g["unit"] == "weekend" else "day"
    return days.shift(clock.before.split("/")[-1] if step > 0 and unit == "day" else clock.before, step, unit)


def _then(g: Mapping[str, str], clock: Clock) -> str | None:
    return clock.before


HANDLERS: Mapping[str, Callable[[Mapping[str, str], Clock], str | None]] = {
    "iso": _iso,
    "full": _full,
    "month_days": _month_days,
    "month_year": _month_year,
    "months": _months,
    "month_day": _month_day,
    "month_of": _month_of,
    "month": _month_alone,
    "season": _season,
    "years": _years,
    "decade": _decade,
    "year": _year,
    "ago": _ago,
    "ahead": _ahead,
    "stretch": _stretch,
    "later": _later,
    "relative": _relative,
    "end": _end,
    "today": _today,
    "yesterday": _yesterday,
    "tomorrow": _tomorrow,
    "weekday": _weekday,
    "weekdays": _weekdays,
    "holiday": _holiday,
    "period": _period,
    "that": _that,
    "that_month": _that_month,
    "adjacent": _adjacent,
    "then": _then,
}
