"""Times: the words of a sentence that say one, by a grammar of their own (`lexicon/times.yaml`).

General date parsers find days where the words give none (*in March*, *the Sun*; see `dateparser`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import yaml
from spacy.tokens import Span as SpacySpan
from spacy.tokens import Token

from kg.ontology import folder

MONTHLY = frozenset({"month", "month_day", "month_of", "month_year"})
PLAIN = str.maketrans({"’": "'", "–": "-", "‑": "-", "\xa0": " "})
TIMES = frozenset({"DATE", "TIME"})


@cache
def words() -> Mapping[str, Any]:
    """The words and the grammar of times."""
    data: Mapping[str, Any] = yaml.safe_load((folder() / "lexicon" / "times.yaml").read_text(encoding="utf-8"))
    return data


@cache
def listed(name: str) -> frozenset[str]:
    """A list of those words: what looks `ahead`, what can `set` a day, what says that something `starts`, what `reports`."""
    return frozenset(words()[name])


@dataclass(frozen=True, slots=True)
class Expression:
    """A stretch of text that says a time: its offsets, the kind of words it is, and their parts by name."""

    start: int
    end: int
    kind: str
    parts: Mapping[str, str]

    @property
    def told_before(self) -> bool:
        """Whether it counts from what was told before (*two days later*)."""
        return self.kind in ("later", "that", "that_month", "adjacent", "then") or "that" in self.parts


def expressions(sentence: SpacySpan) -> list[tuple[Expression, Token, Token]]:
    """Every time in a sentence, in order, with its first and last token."""
    base = sentence.start_char
    found = []
    for expression in find(sentence.text):
        start, end = base + expression.start, base + expression.end
        tokens = [token for token in sentence if token.idx < end and token.idx + len(token) > start]
        if tokens and _plausible(expression, tokens[0], tokens[-1], sentence.text[expression.start : expression.end]):
            found.append((expression, tokens[0], tokens[-1]))
    return found


def plain(text: str) -> str:
    """A text in lower case with plain quotes, dashes and spaces, each character in its place."""
    lower = text.lower()
    if len(lower) != len(text):
        # *İ* has two characters in lower case.
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lower.translate(PLAIN)


@lru_cache(maxsize=4096)
def find(text: str) -> tuple[Expression, ...]:
    """Every time in a text, the longest where two overlap; in the order of the text."""
    lower = plain(text)
    hits = [
        Expression(match.start(), match.end(), kind, {k: v for k, v in match.groupdict().items() if v is not None})
        for kind, pattern in _grammar()
        for match in pattern.finditer(lower)
    ]
    taken: list[Expression] = []
    for hit in sorted(hits, key=lambda e: (e.start - e.end, e.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in taken):
            taken.append(hit)
    return tuple(sorted(taken, key=lambda e: e.start))


@cache
def _grammar() -> tuple[tuple[str, re.Pattern[str]], ...]:
    data = words()
    pieces = {
        "month": _months(data["months"]),
        "weekday": _one_of(data["weekdays"]),
        "season": _one_of((*data["seasons"], "winter")),
        "number": rf"(?:\d+|{_one_of(data['numbers'])})",
        "holiday": _one_of(data["holidays"]),
        "period": _one_of(data["periods"]),
        **data["pieces"],
    }

    def fill(match: re.Match[str]) -> str:
        name, second = match[1], match[2]
        piece = re.sub(r"\{([a-z]+)(\d?)\}", lambda inner: str(pieces[inner[1]]), pieces[name])
        return f"(?P<{name}{second}>{piece})" if name in data["groups"] else piece

    return tuple(
        (kind, re.compile(r"(?<![\w$€£-])(?<!\d[,.])(?:" + re.sub(r"\{([a-z]+)(\d?)\}", fill, pattern) + r")(?!\w)"))
        for kind, patterns in data["patterns"].items()
        for pattern in patterns
    )


def _one_of(names: Iterable[str]) -> str:
    escaped = (re.escape(str(name)).replace(r"\ ", " ") for name in sorted(names, key=len, reverse=True))
    return "(?:" + "|".join(escaped) + ")"


def _months(names: Iterable[str]) -> str:
    """Months in full and shortened (*Sept.*, *Nov*)."""
    short = {name: rf"{name[:4]}\.|{name[:3]}\.?(?![a-z])" if name == "september" else rf"{name[:3]}\.?(?![a-z])" for name in names}
    return "(?:" + "|".join(name if len(name) < 5 else f"{name}|{short[name]}" for name in names) + ")"


# ---- names, counts and verbs that look like times --------------------------------------------------------------------


def _plausible(expression: Expression, first: Token, last: Token, text: str) -> bool:
    if expression.kind in MONTHLY and text.islower() and "." not in text and re.search(r"\b(?:may|march)\b", text):
        return False
    if expression.kind == "month" and first.i == last.i:
        return _is_month(first)
    if expression.kind == "weekday":
        return text != text.lower() and first.ent_type_ not in ("PERSON", "ORG", "WORK_OF_ART")
    if expression.kind == "year" and first.i == last.i:
        return _is_year(first)
    return True


def _is_month(word: Token) -> bool:
    # *May* and *March* are more often verbs; at the beginning of a sentence their capital says nothing.
    if not word.text[:1].isupper():
        return False
    if word.lower_ in ("may", "march", "august") and (word.is_sent_start or word.pos_ in ("AUX", "VERB", "ADJ")):
        return False
    before = word.nbor(-1) if word.i > 0 else None
    if before is not None and before.pos_ == "PROPN" and before.ent_type_ not in TIMES:
        return False
    named = word.head if word.dep_ == "compound" else word
    return word.ent_type_ != "PERSON" and not (named.pos_ == "PROPN" and named.ent_type_ in ("PERSON", "ORG"))


def _is_year(word: Token) -> bool:
    if word.ent_type_ not in TIMES and word.dep_ == "nummod" and word.head.tag_ in ("NNS", "NNPS"):
        return False
    before = word.nbor(-1) if word.i > 0 else None
    if before is None:
        return True
    # *Vision 2030*
    of_name = before.pos_ == "PROPN" and before.ent_type_ not in TIMES and word.head.i == before.i and word.ent_type_ not in TIMES
    return not of_name and before.lower_ not in words()["no_year"]
