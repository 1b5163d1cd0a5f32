"""The clock: times as words say them, reckoned into ISO 8601 values.

Three sorts of words are told apart: dates that stand alone (*5 May 2019*), those that count from the day of the report
(*Monday*, *last week*, *two years ago*), and those that count from what was told before (*two days later*, *that October*).
A value is never more exact than its words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kg.extract import days
from kg.extract.times import Expression, find, words


@dataclass(frozen=True, slots=True)
class Clock:
    """What words are reckoned against: the day of the report, whether the clause looks back or ahead (None: it does not
    say, so *Monday* is the nearest one), and the time told before, which *two days later* counts from."""

    day: date | None
    past: bool | None = True
    before: str | None = None

    def value(self, expression: Expression) -> str | None:
        """The ISO 8601 value, or None where the words (or what they count from) do not allow one."""
        return HANDLERS[expression.kind](expression.parts, self)


def resolve(text: str, day: date | None, *, past: bool | None = True, before: str | None = None) -> str | None:
    """The ISO 8601 value of the first time that some words say, or None where they say none."""
    return next((Clock(day, past, before).value(expression) for expression in find(text)), None)


def _month(name: str) -> int:
    return next(i for i, month in enumerate(words()["months"], 1) if month[:3] == name[:3])


def _number(word: str) -> int:
    return int(word) if word.isdigit() else int(words()["numbers"][word])


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


def _days(g: Mapping[str, str], clock: Clock) -> str | None:
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
    if "of" in g:
        return days.month_of(clock.day.year + {"last": -1, "this": 0, "next": 1}[g["of"]], month)
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
        last = words()["seasons"].get(g["season"], [12, 12])[1]
        rel = g.get("rel", "this" if clock.past is False or clock.day.month >= last - 2 else "last")
        year = clock.day.year
        if rel == "last" and clock.day.month <= last:
            year -= 1
        elif rel == "next":
            year += 1
    if g["season"] == "winter":
        return str(year) if "year" in g else None
    first, last = words()["seasons"][g["season"]]
    return f"{days.month_of(year, first)}/{days.month_of(year, last)}"


def _years(g: Mapping[str, str], clock: Clock) -> str | None:
    first, last = g["year"], g["last"]
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
    today = clock.day.isoformat()
    size = {"month": 7, "year": 4, "decade": 4}.get(g["unit"], 10)
    start = days.back(today, _number(g.get("count", "a")), g["unit"])
    return days.span(start[:size], today[:size]) if start else None


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
    return int(words()["weekdays"].index(name))


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
    month, number = (int(part) for part in str(words()["holidays"][g["holiday"]]).split("-"))
    if "year" in g:
        return days.day_of(int(g["year"]), month, number)
    return _month_day({"month": words()["months"][month - 1], "day": str(number)}, clock)


def _period(g: Mapping[str, str], clock: Clock) -> str | None:
    return str(words()["periods"][g["period"]])


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
    "days": _days,
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
