"""Calendar arithmetic on ISO 8601 values that may be a day, a month, a year or an interval of these."""

from calendar import monthrange
from datetime import date, timedelta

PARTS = {"day": 3, "month": 2, "year": 1}
# News tells of no others.
YEARS = range(1000, 3000)


def day_of(year: int, month: int, number: int) -> str | None:
    """A day's value; None where the calendar has no such day."""
    return f"{year}-{month:02}-{number:02}" if 1 <= number <= monthrange(year, month)[1] else None


def month_of(year: int, month: int) -> str:
    """A month's value; months beyond 1..12 run into the years beside it."""
    count = year * 12 + month - 1
    return f"{count // 12}-{count % 12 + 1:02}"


def week_of(day: date) -> str:
    """The Monday to Sunday that a day lies in."""
    monday = day - timedelta(day.weekday())
    return f"{monday}/{monday + timedelta(6)}"


def weekend_of(day: date) -> str:
    """The Saturday and Sunday of the week that a day lies in."""
    saturday = day + timedelta(5 - day.weekday())
    return f"{saturday}/{saturday + timedelta(1)}"


def precision(value: str) -> int:
    """How many parts the first bound of a value has: 1 for a year, 2 for a month, 3 for a day, 0 where it is open."""
    first = value.split("/")[0]
    return 0 if first == ".." else first.count("-") + 1


def first_day(value: str) -> date:
    """The first day of a value with a closed start."""
    parts = [int(part) for part in value.split("/")[0].split("-")]
    return date(*(*parts, 1, 1)[:3])


def month_number(value: str) -> tuple[int, int] | None:
    """Year and month of a value that lies in one month."""
    ends = value.split("/")
    return (int(ends[0][:4]), int(ends[0][5:7])) if all(end[:7] == ends[0][:7] and len(end) > 4 for end in ends) else None


def shift(value: str, count: int, unit: str) -> str | None:
    """What lies `count` units after a value (before it where negative), no more exact than value and unit are; None where
    the value is too coarse for the unit."""
    if ".." in value or not _near(count, unit, value):
        return None
    have = precision(value)
    if unit in ("hour", "minute", "moment"):
        return value if have == 3 or count == 0 else None
    if count == 0 and have <= 3:
        return value if have < PARTS.get(unit, 3) or unit == "day" else None
    if unit in ("day", "week"):
        if have < 3 or ("/" in value and unit == "day"):
            return None
        day = first_day(value) + timedelta(count * (7 if unit == "week" else 1))
        return day.isoformat() if unit == "day" else week_of(day)
    if unit == "month":
        return month_of(first_day(value).year, first_day(value).month + count) if have > 1 else None
    return str(first_day(value).year + count * (10 if unit == "decade" else 1)) if unit in ("year", "decade") else None


def _near(count: int, unit: str, value: str) -> bool:
    """Whether what lies that many units away still lies in years that a value can name."""
    years = abs(count) * {"decade": 10, "year": 1}.get(unit, 0) + abs(count) // {"month": 12, "week": 52, "day": 365}.get(unit, 10**9)
    year = int(value[:4])
    return year - years - 1 in YEARS and year + years + 1 in YEARS


def span(first: str | None, last: str | None) -> str | None:
    """The interval between two values; None where one is missing or it runs backwards."""
    if first is None or last is None:
        return None
    first, last = first.split("/")[0], last.split("/")[-1]
    if ".." in (first, last):
        return None
    return f"{first}/{last}" if first[: len(last)] <= last and first != last else first if first == last else None


def back(value: str, count: int, unit: str, *, inclusive: bool = False) -> str | None:
    """The day `count` units before a value's first day (after it where negative), if there is such a day; with
    `inclusive` that first day counts too."""
    if not _near(count, unit, value):
        return None
    day = first_day(value)
    if unit in ("day", "week"):
        step = count * (7 if unit == "week" else 1)
        return (day - timedelta(step - (step > 0) + (step < 0) if inclusive else step)).isoformat()
    months = day.year * 12 + day.month - 1 - count * {"month": 1, "year": 12, "decade": 120}[unit]
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1])).isoformat()


def coarse(value: str) -> str:
    """The month that a value lies in; values that lie in none, or are coarser, stay as they are."""
    month = month_number(value) if ".." not in value else None
    return month_of(*month) if month else value
