"""Moods: how a single word commits a text to an act, by its own auxiliaries, adverbs and adjectives, and the words of
modality and reporting (`lexicon/modality.yaml`, `lexicon/reporting.yaml`)."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from spacy.tokens import Token

from kg.extract.arguments import PASSIVE, SUBJECTS
from kg.model import Frozen, Modality
from kg.ontology import folder

Classes = Mapping[str, frozenset[str]]
OBJECTS = frozenset({"dobj", "iobj", "dative"})
OPENERS = frozenset({"mark", "advmod"})
TENSED = frozenset({"VBD", "VBZ", "VBP"})
NONE = frozenset({"none", "nobody", "nothing", "neither"})
WOULD = frozenset({"would", "'d", "’d"})


class Words(Frozen):
    """Words of modality and reporting: `modality` by construction and then by what they say, `lists` of modality and
    `reporting` by use."""

    modality: Mapping[str, Classes]
    lists: Classes
    reporting: Classes

    def mood(self, construction: str, *words: str) -> str:
        """What the first of the words that the lexicon knows says in a construction; an empty string for none."""
        classes = self.modality[construction]
        return next((name for word in words for name, listed in classes.items() if word in listed), "")


@cache
def words(path: Path | None = None) -> Words:
    """The words of an ontology folder's lexicon; without one, the packaged."""

    def load(name: str) -> dict[str, list[str] | dict[str, list[str]]]:
        data = yaml.safe_load(((path or folder()) / "lexicon" / f"{name}.yaml").read_text(encoding="utf-8"))
        return dict(data)

    modality = load("modality")
    return Words(
        modality={
            key: {name: frozenset(listed) for name, listed in found.items()}
            for key, found in modality.items()
            if isinstance(found, dict)
        },
        lists={key: frozenset(found) for key, found in modality.items() if isinstance(found, list)},
        reporting={key: frozenset(found) for key, found in load("reporting").items()},
    )


class Mood(NamedTuple):
    """What is said of an act: its modality, whether it is denied, whether that is only hearsay."""

    modality: Modality = Modality.ASSERTED
    negative: bool = False
    hearsay: bool = False

    def under(self, outer: "Mood") -> "Mood":
        """This mood inside another: the inner modality stands where there is one, two negations cancel out."""
        modality = self.modality if self.modality is not Modality.ASSERTED else outer.modality
        return Mood(modality, self.negative != outer.negative, self.hearsay or outer.hearsay)


def own(token: Token, lexicon: Words) -> Mood:
    """The mood of a word by what hangs on it: auxiliaries, adverbs, adjectives, *no*, *never*."""
    return _verbal(token, lexicon) if verbal(token) else _nominal(token, lexicon)


def _verbal(verb: Token, lexicon: Words) -> Mood:
    modality, hearsay = Modality.ASSERTED, False
    perfect = any(lemma(c) in ("have", "'ve", "’ve") and c.dep_ == "aux" for c in verb.children)
    for child in verb.children:
        word = child.lower_
        if child.dep_ == "aux":
            name = lexicon.mood("auxiliary", word)
            if perfect and (word in WOULD or word == "could"):
                name = "hypothetical"
            elif word in ("'d", "’d") and verb.tag_ != "VB":
                name = ""
            elif perfect and name == "demanded":
                # *must have left*; *should have left*, and did not
                name = "likely" if word == "must" else ""
            if name:
                modality = Modality(name)
        elif child.dep_ == "advmod" and modality is Modality.ASSERTED:
            name = lexicon.mood("adverb", word)
            hearsay = hearsay or name == "hearsay"
            if name in ("likely", "possible"):
                modality = Modality(name)
    return Mood(modality, negated(verb, lexicon), hearsay)


def _nominal(noun: Token, lexicon: Words) -> Mood:
    mood = Mood(negative=has(noun, ("neg",)) or has(noun, ("det",), {"no", "neither"}))
    for child in noun.children:
        clause = child.dep_ == "acl" and (child.tag_ != "VBN" or has(child, {"xcomp", "agent"}))
        if child.dep_ not in ("amod", "acl", "nmod", "compound", "advmod") or clause:
            continue
        name = lexicon.mood("adjective", child.lower_)
        if name == "hearsay":
            mood = mood._replace(hearsay=True)
        elif name == "negative":
            mood = mood._replace(negative=True)
        elif name:
            mood = mood._replace(modality=Modality(name))
    return mood


def negated(verb: Token, lexicon: Words) -> bool:
    """Whether a verb is denied: *not*, *never*, *no longer*, *nor*, or a *no* or *none* among its arguments."""
    for child in verb.children:
        before = child.dep_ in ("advmod", "cc", "preconj") and child.i < verb.i
        if child.dep_ == "neg" or (before and child.lower_ in lexicon.modality["adverb"]["negative"]):
            return True
        if child.lower_ == "longer" and has(child, (), {"no"}):
            return True
        if child.dep_ in SUBJECTS | PASSIVE | OBJECTS | {"attr"} and (
            _nobody(child) or has(child, ("det", "preconj", "cc"), {"no", "neither"})
        ):
            return True
        if child.dep_ in ("prep", "agent", "dative") and any(c.dep_ == "pobj" and _nobody(c) for c in child.children):
            return True
    edge = verb.left_edge
    return bool(edge.lower_ == "nor" or (edge.i > edge.sent.start and edge.nbor(-1).lower_ == "nor"))


def _nobody(token: Token) -> bool:
    return token.lower_ in NONE or (token.lower_ == "one" and has(token, (), {"no"}))


def conditional(verb: Token, lexicon: Words) -> str:
    """The word that makes a clause a condition: *if they attack*, *should they attack*; an empty string for none."""
    for child in verb.children:
        if child.dep_ in OPENERS and child.i < verb.i:
            only = child.lower_ in ("when", "after") and child.i > 0 and child.nbor(-1).lower_ == "only"
            if only or child.lower_ in lexicon.lists["condition"]:
                return str(child.lower_)
    if verb.dep_ == "advcl" and verb.head.lower_ == "long":
        return "as long as"
    subject = next((c for c in verb.children if c.dep_ in SUBJECTS | PASSIVE), None)
    if subject is not None and verb.dep_ in ("advcl", "ccomp") and verb.sent[-1].text != "?":
        for child in verb.children:
            inverted = child.dep_ in ("aux", "auxpass") and child.i < subject.i
            if inverted and child.lower_ in ("should", "had", "were"):
                return str(child.lower_)
    return ""


# ---- parts of a parse -----------------------------------------------------------------------------------------------


def lemma(token: Token) -> str:
    """A token's lemma in lower case."""
    return str(token.lemma_).lower() or str(token.lower_)


def verbal(token: Token) -> bool:
    """Whether a token is a verb or an auxiliary."""
    return token.pos_ in ("VERB", "AUX")


def has(token: Token, labels: Collection[str], words: Collection[str] = ()) -> bool:
    """Whether one of a token's children has one of the labels (any, where none are given) and is one of the words."""
    return any((not labels or c.dep_ in labels) and (not words or c.lower_ in words) for c in token.children)


def subject(verb: Token) -> bool:
    """Whether a verb has a subject of its own."""
    return has(verb, SUBJECTS | PASSIVE)


def phrasal(verb: Token) -> str:
    """A verb's lemma with its particle (*call off*)."""
    particle = next((c.lower_ for c in verb.children if c.dep_ == "prt"), "")
    return f"{lemma(verb)} {particle}".strip()


def infinitive(verb: Token) -> bool:
    """Whether a verb is an infinitive with *to*."""
    return has(verb, ("aux",), {"to"})


def modal(verb: Token) -> bool:
    """Whether a verb has a modal auxiliary."""
    return any(c.dep_ == "aux" and c.tag_ == "MD" for c in verb.children)


def finite(verb: Token) -> bool:
    """Whether a verb has a tense or a modal auxiliary of its own."""
    return verb.tag_ in TENSED or any(
        c.dep_ in ("aux", "auxpass") and c.tag_ in TENSED | {"MD"} for c in verb.children
    )
