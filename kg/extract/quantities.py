"""Quantities: how many or how much the text says of a thing or an act (*up to 12,000 troops*, *dozens of officials*, *$3.5bn*)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import yaml
from spacy.tokens import Span as SpacySpan
from spacy.tokens import Token

from kg.extract.phrases import Phrase
from kg.extract.times import plain
from kg.ontology import folder

DEFINITE = frozenset({"the", "these", "those", "both", "all", "other"})
SMALL = 6


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a sentence with its bounds, from its first to its last token; `noun` is what it counts, `unit` its name
    (a plural noun or a currency)."""

    low: float | None
    high: float | None
    approximate: bool
    unit: str | None
    first: Token
    last: Token
    noun: Token | None
    money: bool

    @property
    def tokens(self) -> range:
        """Indices of the tokens that it spans."""
        return range(self.first.i, self.last.i + 1)


@cache
def _words() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((folder() / "lexicon" / "quantities.yaml").read_text(encoding="utf-8"))
    return data


def number(text: str) -> float | None:
    """The number that digits or words write (*12,000*, *two hundred*, *1.5 million*); None for anything else."""
    numbers, scales = _words()["numbers"], _words()["scales"]
    total, current, seen = 0.0, 0.0, False
    for word in re.findall(r"\d[\d,]*(?:\.\d+)?|[a-z]+", text.lower().replace("-", " ")):
        if word[0].isdigit():
            current, seen = current + float(word.replace(",", "")), True
        elif word in numbers:
            current, seen = current + numbers[word], True
        elif word in scales and (seen or len(word) > 2):
            current, seen = (current or 1) * scales[word], True
            if scales[word] >= 1000:
                total, current = total + current, 0.0
        elif word == "half":
            current += 0.5
        elif word not in ("and", "a", "an"):
            return None
    return total + current if seen else None


def amounts(sentence: SpacySpan) -> list[Amount]:
    """Every number of a sentence that counts or pays for something; dates, ages, lengths and shares are none."""
    found = []
    for start, end, low, high, about, unit in _find(sentence.text):
        base = sentence.start_char
        tokens = [t for t in sentence if t.idx - base < end and t.idx - base + len(t) > start]
        if tokens:
            found += list(_amount(sentence, tokens, low, high, about, unit))
    return found


def of_phrase(phrase: Phrase) -> Amount | None:
    """The amount that a phrase carries; None where it has none, or only tells known parties apart (*the two sides*)."""
    for amount in amounts(phrase.sentence.span):
        if phrase.head.i in amount.tokens or (amount.noun is not None and phrase.head.i == amount.noun.i) or _member(phrase.head, amount):
            return None if _known_parties(amount) else amount
    return None


def of_act(sentence: SpacySpan, act: Token) -> tuple[Amount | None, Amount | None]:
    """The amount that is the act's own object (*sent about 100 technicians*, *five rounds of talks*, *sentenced to 14
    years*), and money that it is about (*a deal worth $2bn*)."""
    within = [amount for amount in amounts(sentence) if not _known_parties(amount)]
    return next((a for a in within if _object_of(a, act)), None), next((a for a in within if a.money and _under(a, act)), None)


# ---- finding numbers -------------------------------------------------------------------------------------------------


@cache
def _pattern() -> re.Pattern[str]:
    words = _words()
    one_of = {
        key: "|".join(re.escape(w) for w in sorted(map(str, words[key]), key=len, reverse=True))
        for key in ("numbers", "vague", "most", "least", "about", "nearly", "currencies")
    }
    scale = r"(?:(?: |-)?(?:hundred|thousand|million|billion|trillion|dozen)|(?:bn|tn|m|k)(?!\w))"
    digits = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\d|,\d)(?:{scale})*"
    spelled = rf"(?:(?:half a |a |an )?(?:{one_of['numbers']}|hundred|thousand|million|billion|dozen)(?:(?:-| and | )(?:{one_of['numbers']}|hundred|thousand|million|billion|dozen))*)"
    several = r"(?:several|a few) (?:hundred|thousand|million|billion|dozen)"
    value = rf"(?:{digits}|{spelled}(?: and a half)?(?!\w))"
    symbol = r"(?:(?:us|au?|c|nz|hk|u\.s\.)?\$|[€£¥₩₽₹₪]|dlrs |usd |eur |rmb )"
    return re.compile(
        rf"(?<![\w.,$€£/-])(?:(?P<bound>{one_of['most']}|{one_of['least']}|{one_of['about']}|{one_of['nearly']}) )?(?:(?:a total of|another|the|an additional|an estimated) )?"
        rf"(?P<symbol>{symbol})?(?:(?P<vague>{one_of['vague']})|(?P<several>{several})|(?:between |from )?(?P<one>{value})(?:(?: to | and |-)(?:{symbol})?(?P<two>{digits}|(?<=to ){spelled}))?)(?![\w]|[.,/]\d)"
        rf"(?P<more> or more| or so)?(?P<currency>(?: |-)(?:{one_of['currencies']})(?!\w))?"
    )


@lru_cache(maxsize=4096)
def _find(text: str) -> tuple[tuple[int, int, float | None, float | None, bool, str | None], ...]:
    words = _words()
    found = []
    for match in _pattern().finditer(plain(text)):
        values = _values(match)
        if values is None:
            continue
        low, high, about = values
        bound = match["bound"] or ""
        if match["more"]:
            high, about = (None, about) if "more" in match["more"] else (high, True)
        if bound in words["most"]:
            low = None
        elif bound in words["least"]:
            high = None
        elif bound in words["nearly"]:
            low, about = None, True
        elif bound in words["about"]:
            about = True
        money = (match["symbol"] or match["currency"] or "").strip(" -")
        start = match.start()
        if not match["two"] and match["one"] and not bound and not match["symbol"]:
            start = match.start("one")
        found.append((start, match.end(), low, high, about, words["currencies"].get(money)))
    return tuple(found)


def _values(match: re.Match[str]) -> tuple[float | None, float | None, bool] | None:
    """Lowest and highest value of a match, and whether they are vague."""
    words = _words()
    if match["vague"]:
        return float(words["vague"][match["vague"]]), None, True
    if match["several"]:
        return 2 * float(words["scales"][match["several"].split()[-1]]), None, True
    one = number(match["one"])
    if one is None:
        return None
    if not match["two"]:
        return one, one, False
    two = number(match["two"])
    if two is None or two < one:
        # *3 to 4 million*: the scale stands once.
        return None
    scale = re.search(r"(?:hundred|thousand|million|billion|bn|m|k)$", match["two"])
    if scale and not re.search(r"[a-z]", match["one"]):
        one *= float(words["scales"][scale[0]])
    return (one, two, False) if one < two else (two, two, False)


def _amount(
    sentence: SpacySpan, tokens: list[Token], low: float | None, high: float | None, about: bool, unit: str | None
) -> Iterator[Amount]:
    first, last = tokens[0], tokens[-1]
    if unit is not None:
        yield Amount(low, high, about, unit, first, last, _paid(last), True)
        return
    if first.dep_ == "prt":
        # *handed over two soldiers*
        first, low, high = tokens[1], low if low is not None else high, high if high is not None else low
    noun = _counted(tokens, sentence)
    if any(t.ent_type_ in ("DATE", "TIME", "PERCENT", "ORDINAL") for t in tokens if t.like_num) and not (
        _counts_people(last) or (noun is not None and _sentenced(noun))
    ):
        return
    after = last.nbor(1) if last.i + 1 < sentence.end else None
    before = first.nbor(-1) if first.i > sentence.start else None
    if (
        after is not None
        and (
            after.text in ("%", ":")
            or after.lower_ in ("percent", "per", "%", "years", "year-old", "st", "th")
            or (after.text == "-" and _hyphen(after) != "strong")
        )
        and not (after.lower_ == "years" and _sentenced(after))
    ):
        return
    if before is not None and (
        before.text in ("-", "#", "/", "No.")
        or (before.pos_ == "PROPN" and first.is_digit and before.ent_type_ not in ("", "GPE", "NORP", "CARDINAL"))
    ):
        return
    if noun is not None and noun.lemma_.lower() in _words()["measured"] and not _sentenced(noun):
        return
    if (
        low == high
        and low is not None
        and first.i == last.i
        and re.fullmatch(r"(19|20)\d\d", last.text)
        and (noun is None or noun.tag_ not in ("NNS", "NNPS"))
    ):
        return
    if noun is None and last.head.dep_ == "appos" and last.dep_ == "nummod":
        return
    if low == high == 1 and first.lower_ in ("one", "a"):
        return
    end = noun if noun is not None and noun.i > last.i else last
    yield Amount(low, high, about, _unit(noun), first, end, noun, False)


def _hyphen(dash: Token) -> str:
    return str(dash.nbor(1).lower_) if dash.i + 1 < len(dash.doc) else ""


def _counts_people(token: Token) -> bool:
    return token.head.tag_ == "NNS" and token.dep_ == "nummod" and token.head.lemma_.lower() not in _words()["measured"]


def _counted(tokens: list[Token], sentence: SpacySpan) -> Token | None:
    """The noun that a number counts: over it, under its *of*, or next to it."""
    inside = {t.i for t in tokens}
    for token in reversed(tokens):
        if (
            token.dep_ in ("nummod", "quantmod", "compound", "amod", "advmod", "npadvmod", "det")
            and token.head.i not in inside
            and token.head.i > token.i
            and (token.head.pos_ in ("NOUN", "PROPN") or token.head.lower_ in _words()["casualties"])
        ):
            return token.head
    for token in reversed(tokens):
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "of" and child.i > tokens[-1].i:
                return next((c for c in child.children if c.dep_ == "pobj" and c.pos_ in ("NOUN", "PROPN")), None)
    after = tokens[-1].nbor(1) if tokens[-1].i + 1 < sentence.end else None
    if after is not None and after.text == "-" and _hyphen(after) == "strong":
        head = after.nbor(1).head
        return head if head.pos_ in ("NOUN", "PROPN") else None
    return None


def _paid(last: Token) -> Token | None:
    """What money is a part of, or pays: *a $2bn deal*."""
    return (
        last.head
        if last.dep_ in ("nummod", "compound", "quantmod", "amod", "nmod") and last.head.pos_ == "NOUN" and last.head.i > last.i
        else None
    )


def _unit(noun: Token | None) -> str | None:
    if noun is None:
        return None
    if noun.lower_ in _words()["casualties"]:
        return "people"
    of = next((g for c in noun.children if c.dep_ == "prep" and c.lower_ == "of" for g in c.children if g.dep_ == "pobj"), None)
    if of is not None and noun.lemma_.lower() in _words()["measures"]:
        return f"{noun.lower_} of {of.lower_}"
    return str(noun.lower_)


# ---- whose number it is ----------------------------------------------------------------------------------------------


def _member(head: Token, amount: Amount) -> bool:
    """*a force of 500*, *a crowd of 2,000 people*."""
    if head.lemma_.lower() not in _words()["collections"]:
        return False
    of = next((c for c in head.children if c.dep_ == "prep" and c.lower_ == "of"), None)
    return of is not None and any(c.i in amount.tokens or (amount.noun is not None and c.i == amount.noun.i) for c in of.children)


def _known_parties(amount: Amount) -> bool:
    noun = amount.noun
    if amount.money or (amount.low or 0) > SMALL:
        return False
    if noun is None:
        return amount.first.lower_ == "the" or any(c.lower_ in DEFINITE for c in amount.last.lefts)
    return noun.lemma_.lower() in _words()["parties"] and any(c.lower_ in DEFINITE or c.dep_ == "poss" for c in noun.lefts)


def _object_of(amount: Amount, act: Token) -> bool:
    """Whether an amount is what an act is done to or with: its object, the years of a sentence, its rounds."""
    head = amount.noun if amount.noun is not None else amount.last
    while head.dep_ in ("nummod", "quantmod", "compound") and head.head.i in amount.tokens:
        head = head.head
    if (
        head.dep_ == "pobj"
        and head.head.lower_ == "of"
        and (head.head.head.i in amount.tokens or (head.head.head.lemma_.lower() in _words()["carriers"] and head.head.head.i != act.i))
    ):
        # *thirty of the soldiers*, *the bodies of 126 soldiers*
        head = head.head.head
    if act.pos_ in ("VERB", "AUX"):
        if head.dep_ in ("dobj", "attr") and head.head.i == act.i:
            return True
        if act.dep_ in ("acl", "relcl") and act.head.i == head.i:
            return amount.money or act.tag_ == "VBN"
        if head.dep_ == "pobj" and _sentenced(head):
            return act.i in (head.head.head.i, head.head.head.head.i)
        verb = act
        while verb.dep_ == "conj" and not any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children) and verb.head.i != verb.i:
            verb = verb.head
        return head.dep_ == "nsubjpass" and head.head.i == verb.i
    # *five rounds of talks*, *a $2bn deal*, *the extradition of 120 people*
    if head.i == act.i or (act.dep_ == "pobj" and act.head.lower_ == "of" and act.head.head.i == head.i):
        return True
    return head.dep_ == "pobj" and head.head.lower_ == "of" and head.head.head.i == act.i


def _under(amount: Amount, act: Token) -> bool:
    """Whether money belongs to an act: below it, with no other clause between."""
    token = amount.noun if amount.noun is not None else amount.last
    verb = act if act.pos_ in ("VERB", "AUX") else next((a for a in act.ancestors if a.pos_ in ("VERB", "AUX")), act)
    for _ in range(8):
        if token.i in (act.i, verb.i):
            return True
        if token.dep_ in ("relcl", "advcl", "ccomp", "acl", "conj", "pcomp", "xcomp", "ROOT", "parataxis") and token.pos_ in (
            "VERB",
            "AUX",
        ):
            return False
        token = token.head
    return False


def _sentenced(noun: Token) -> bool:
    """Whether years are those that a court gives."""
    return noun.lemma_.lower() in ("year", "month") and any(
        a.lemma_.lower() in _words()["sentences"] or a.lemma_.lower() in ("prison", "jail")
        for a in (*list(noun.ancestors)[:3], *noun.subtree)
    )
