"""Quantities: how many or how much a phrase says (*up to 12,000 troops*, *dozens of officials*, *at least five*)."""

import re
from collections.abc import Mapping

from spacy.tokens import Token

from kg.extract.phrases import Phrase

WORDS: Mapping[str, float] = {word: number for number, word in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"])} | {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "a": 1, "half": 0.5}
SCALES: Mapping[str, float] = {"hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "bn": 1e9, "m": 1e6, "trillion": 1e12, "dozen": 12}
# *Dozens* is at least two dozen, *thousands* at least two thousand; nothing bounds them above.
VAGUE: Mapping[str, float] = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "millions": 2e6, "billions": 2e9}
AT_MOST = re.compile(r"\b(up to|at most|no more than|as many as|fewer than|less than|under|a maximum of|not more than)\b")
AT_LEAST = re.compile(r"\b(more than|at least|over|no fewer than|no less than|upwards of|above|a minimum of|in excess of)\b")
ABOUT = re.compile(r"\b(about|around|some|nearly|almost|roughly|approximately|an estimated|estimated|close to|or so|circa)\b")
CURRENCIES: Mapping[str, str] = {"$": "US dollars", "us$": "US dollars", "€": "euros", "£": "pounds", "¥": "yen"}


def number(text: str) -> float | None:
    """The number that digits or words write (*12,000*, *two hundred*, *1.5 million*); None for anything else."""
    total, current, seen = 0.0, 0.0, False
    for word in re.findall(r"\d[\d,]*(?:\.\d+)?|[a-z]+", text.lower().replace("-", " ")):
        if word[0].isdigit():
            current, seen = current + float(word.replace(",", "")), True
        elif word in WORDS and word != "a":
            current, seen = current + WORDS[word], True
        elif word in SCALES and (seen or word in ("hundred", "thousand", "dozen", "million", "billion")):
            current, seen = (current or 1) * SCALES[word], True
            if SCALES[word] >= 1000:
                total, current = total + current, 0.0
        elif word not in ("and", "a"):
            return None
    return total + current if seen else None


def quantity(phrase: Phrase) -> tuple[float | None, float | None, str | None, bool, Token, Token] | None:
    """(min, max, unit, approximate, first token, last token) of the count that a phrase carries; None where it has none."""
    head = phrase.head
    doc = phrase.sentence.span.doc
    counts = [c for c in head.children if c.dep_ == "nummod"]
    if head.lower_ in VAGUE or (head.lemma_.lower() in ("dozen", "hundred", "thousand", "million") and any(c.dep_ == "prep" for c in head.children)):
        of = next((g for c in head.children if c.dep_ == "prep" and c.lower_ == "of" for g in c.children if g.dep_ == "pobj"), None)
        low = VAGUE.get(head.lower_)
        if low is not None:
            return low, None, of.lower_ if of is not None else None, True, doc[phrase.first], of if of is not None else head
    if not counts:
        vague = head.head if head.dep_ == "pobj" and head.head.lower_ == "of" else None
        if vague is not None and vague.head.lower_ in VAGUE:
            return VAGUE[vague.head.lower_], None, head.lower_, True, vague.head, head
        return None
    count = counts[0]
    first = count.left_edge
    if count.i - first.i > 5 or (not any(ch.isdigit() for ch in count.text) and number(doc[first.i:count.i + 1].text) is None and number(count.text) is None):
        return None
    digits = doc[first.i:count.i + 1].text
    start = max(phrase.sentence.span.start, first.i - 3)
    before = doc[start:count.i + 1].text.lower()
    value = number(re.sub(r"[^\d.,\w\s-]", " ", " ".join(t.text for t in count.subtree if t.like_num or t.lower_ in SCALES))) or number(count.text)
    if value is None or (count.ent_type_ == "DATE") or re.fullmatch(r"(19|20)\d\d", count.text):
        return None
    unit = CURRENCIES.get(next((t.text for t in count.subtree if t.text in CURRENCIES), ""), head.lower_)
    if AT_MOST.search(before):
        return None, value, unit, False, first, head
    if AT_LEAST.search(before):
        return value, None, unit, False, first, head
    return value, value, unit, bool(ABOUT.search(before)) or "about" in digits, first, head
