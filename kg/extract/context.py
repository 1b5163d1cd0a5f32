"""What stands over an act in its sentence: negation, modality, and who says so.

The words come from `lexicon/modality.yaml` and `lexicon/reporting.yaml`; the walk goes from the act's head up through
the clauses that embed it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from spacy.tokens import Span as SpacySpan
from spacy.tokens import Token

from kg.extract.predicates import PASSIVE, SUBJECTS, conjuncts
from kg.model import Frozen, Modality, Polarity
from kg.ontology import folder

EMBEDDED = frozenset({"ccomp", "xcomp", "acl", "advcl", "pcomp", "relcl", "conj", "dep", "pobj", "dobj", "prep", "nsubj", "nsubjpass",
                      "attr", "agent", "appos", "amod", "compound", "poss", "acomp", "parataxis", "csubj", "oprd"})
OPENING = "“\"‘``"
CLOSING = "”\"’''"


class Words(Frozen):
    """Lemmas of modality and reporting, by what they do."""

    modality: Mapping[str, frozenset[str]]
    reporting: Mapping[str, frozenset[str]]


@cache
def words(path: Path | None = None) -> Words:
    """The words of an ontology folder's lexicon; without one, the packaged."""
    def load(name: str) -> dict[str, frozenset[str]]:
        data = yaml.safe_load(((path or folder()) / "lexicon" / f"{name}.yaml").read_text(encoding="utf-8"))
        return {key: frozenset(str(word) for word in found) for key, found in data.items()}
    return Words(modality=load("modality"), reporting=load("reporting"))


@dataclass(frozen=True, slots=True)
class Context:
    """Modality and polarity of an act, and the heads of its sources, outermost first."""

    modality: Modality
    polarity: Polarity
    sources: tuple[Token, ...]
    quoted: bool


def context(trigger: Token, own: frozenset[int], lexicon: Words, quotes: list[tuple[int, int]]) -> Context:
    """What stands over the act that `trigger` heads; `own` are the token indices of its own arguments' heads, `quotes`
    the token ranges of quotations in the sentence's Doc."""
    modality = Modality.ASSERTED
    negative = _negated(trigger)
    sources: list[Token] = []
    modality = _strongest(modality, _own_modality(trigger, lexicon))
    for lower, upper, step in _up(trigger):
        lemma = upper.lemma_.lower()
        if upper.pos_ in ("VERB", "AUX", "ADJ") or step in ("ccomp", "acl"):
            if (step == "ccomp" and lemma in lexicon.reporting["verbs"]) or (step == "acl" and lemma in lexicon.reporting["nouns"]):
                sources = [*_speakers(upper), *sources]
                if lemma == "deny":
                    negative = not negative
                if lemma in ("warn", "fear", "worry", "threaten", "speculate") and modality is Modality.ASSERTED and not _past(lower):
                    modality = Modality.POSSIBLE
                if lemma in ("believe", "suspect", "think", "estimate") and not sources and modality is Modality.ASSERTED:
                    modality = Modality.LIKELY
                if lemma in ("demand", "insist", "urge", "ask") and lower.tag_ == "VB":
                    modality = _strongest(modality, Modality.DEMANDED)
                if lemma in ("vow", "pledge", "promise", "agree", "announce") and any(c.lower_ in ("will", "would", "to") for c in lower.children):
                    modality = _strongest(modality, Modality.PLANNED)
            elif step in ("xcomp", "ccomp", "acl", "pcomp", "prep", "dobj", "pobj", "advcl"):
                if step == "advcl" and not _conditional(lower):
                    pass
                else:
                    modality = _strongest(modality, _governed(lemma, lower, step, lexicon))
                if lemma in lexicon.modality["negating"] and step in ("xcomp", "acl", "pcomp", "dobj"):
                    negative = not negative
                if lemma in ("accuse", "charge", "blame") and step in ("pcomp", "pobj", "prep"):
                    sources = [*_speakers(upper), *sources]
                if lemma in ("say", "believe", "think", "report", "allege") and step == "xcomp" and modality is Modality.ASSERTED:
                    modality = Modality.LIKELY
            if step not in ("conj", "relcl", "advcl", "parataxis", "dep") and step in ("xcomp", "ccomp"):
                modality = _strongest(modality, _own_modality(upper, lexicon) if lemma not in lexicon.reporting["verbs"] or step == "xcomp" else Modality.ASSERTED)
                if step == "xcomp" and _negated(upper):
                    negative = not negative
        if step == "advcl" and _conditional(lower) and lower.i != upper.i:
            modality = _strongest(modality, Modality.HYPOTHETICAL)
    clause = _root(trigger)
    sources = [*_according(trigger, clause, lexicon), *sources]
    if not sources:
        sources = _parenthetical(trigger, clause, lexicon)
    quoted = any(first < trigger.i < last for first, last in quotes)
    if modality is Modality.ASSERTED and clause.doc[trigger.sent.end - 1].text == "?" and not sources:
        modality = Modality.HYPOTHETICAL
    unique = list({token.i: token for token in sources if token.i not in ()}.values())
    return Context(modality, Polarity.NEGATIVE if negative else Polarity.POSITIVE, tuple(unique), quoted)


def quotations(span: SpacySpan) -> list[tuple[int, int]]:
    """Token ranges of a sentence's quotations; one that is not closed runs to the end."""
    found: list[tuple[int, int]] = []
    start = None
    for token in span:
        if token.text in ("“", "``") or (token.text == '"' and start is None):
            start = token.i
        elif token.text in ("”", "''") or (token.text == '"' and start is not None):
            found.append((start if start is not None else span.start - 1, token.i))
            start = None
    if start is not None:
        found.append((start, span.end))
    return found


def _up(token: Token) -> Iterator[tuple[Token, Token, str]]:
    while token.head.i != token.i and token.dep_ in EMBEDDED:
        yield token, token.head, token.dep_
        token = token.head


def _root(token: Token) -> Token:
    while token.head.i != token.i:
        token = token.head
    return token


ORDER = (Modality.ASSERTED, Modality.LIKELY, Modality.POSSIBLE, Modality.PLANNED, Modality.DEMANDED, Modality.HYPOTHETICAL)


def _strongest(one: Modality, other: Modality) -> Modality:
    return max(one, other, key=ORDER.index)


def _negated(token: Token) -> bool:
    return any(c.dep_ == "neg" or (c.dep_ == "det" and c.lower_ == "no") or (c.dep_ in SUBJECTS | PASSIVE | {"dobj"} and any(
        g.lower_ in ("no", "neither", "none") for g in (c, *c.children))) for c in token.children) or (
        token.dep_ == "conj" and token.head.pos_ == "VERB" and any(c.lower_ == "nor" for c in token.head.children)) or any(
        a.lower_ == "without" for a in ([token.head] if token.dep_ in ("pcomp", "pobj") else []))


def _past(token: Token) -> bool:
    return token.tag_ in ("VBD", "VBN")


def _own_modality(token: Token, lexicon: Words) -> Modality:
    """What a verb's own auxiliaries and adverbs say."""
    found = Modality.ASSERTED
    for child in token.children:
        word = child.lower_
        perfect = any(c.lemma_ == "have" and c.dep_ == "aux" for c in token.children)
        if child.dep_ == "aux":
            if word in ("will", "'ll", "’ll", "shall", "wo"):
                found = _strongest(found, Modality.PLANNED)
            elif word in ("may", "might", "could") or word in ("can", "ca"):
                found = _strongest(found, Modality.POSSIBLE)
            elif word in ("should", "must", "ought"):
                found = _strongest(found, Modality.DEMANDED)
            elif word in ("would", "'d", "’d"):
                found = _strongest(found, Modality.HYPOTHETICAL if perfect else Modality.PLANNED)
        elif child.dep_ in ("advmod", "amod") and word in lexicon.modality["likely"]:
            found = _strongest(found, Modality.LIKELY)
        elif child.dep_ in ("advmod", "amod") and word in ("possibly", "perhaps", "maybe", "possible", "potential", "potentially"):
            found = _strongest(found, Modality.POSSIBLE)
        elif child.dep_ == "amod" and word in ("planned", "proposed", "upcoming", "future", "promised", "threatened", "impending", "looming"):
            found = _strongest(found, Modality.PLANNED)
        elif child.dep_ == "mark" and word in ("if", "unless", "whether"):
            found = _strongest(found, Modality.HYPOTHETICAL)
    return found


def _governed(lemma: str, lower: Token, step: str, lexicon: Words) -> Modality:
    if step in ("dobj", "pobj", "prep") and lemma not in ("plan", "demand", "seek", "propose", "urge", "threaten", "plot", "prepare", "schedule", "request", "consider", "promise", "pledge", "fear", "want", "offer", "expect"):
        return Modality.ASSERTED
    for name in ("demanded", "planned", "likely", "possible"):
        if lemma in lexicon.modality[name] and (step != "ccomp" or name == "likely"):
            if step in ("xcomp", "acl", "pcomp") or step in ("dobj", "pobj", "prep"):
                return Modality(name)
    if lemma in ("right", "able", "entitle", "allow", "permit", "enable", "oblige", "willing") and step in ("xcomp", "acl"):
        return Modality.HYPOTHETICAL
    return Modality.ASSERTED


def _conditional(token: Token) -> bool:
    return any(c.dep_ == "mark" and c.lower_ in ("if", "unless", "lest", "until", "once") for c in token.children)


def _speakers(token: Token) -> list[Token]:
    """Who speaks: the subjects of a reporting verb, the owner or author of a report."""
    if token.pos_ in ("VERB", "AUX"):
        found = [c for c in token.children if c.dep_ in SUBJECTS] or [
            g for c in token.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
        if not found and token.dep_ in ("conj", "advcl", "xcomp") and token.head.i != token.i:
            return _speakers(token.head) if token.head.pos_ in ("VERB", "AUX") else []
        if not found and token.dep_ in ("relcl", "acl"):
            found = [token.head]
        return [t for f in found for t in conjuncts(f)]
    found = [c for c in token.children if c.dep_ in ("poss",)] + [
        g for c in token.children if c.dep_ == "prep" and c.lower_ in ("by", "from", "of") for g in c.children if g.dep_ == "pobj"]
    return [t for f in found for t in conjuncts(f)]


def _according(trigger: Token, root: Token, lexicon: Words) -> list[Token]:
    """The sources of *according to ...* in the sentence, where they govern the trigger's clause."""
    found = []
    for token in root.sent:
        if token.lower_ == "according" and token.i + 1 < token.doc.__len__() and token.nbor(1).lower_ == "to":
            for preposition in (token, *token.children):
                for child in preposition.children:
                    if child.dep_ == "pobj":
                        found += conjuncts(child)
    return found


def _parenthetical(trigger: Token, root: Token, lexicon: Words) -> list[Token]:
    """*..., state media said*: a reporting verb that hangs beside the clause instead of over it."""
    for token in root.sent:
        if token.pos_ == "VERB" and token.lemma_.lower() in lexicon.reporting["verbs"] and token.dep_ in ("parataxis", "ccomp", "advcl") and token.i != trigger.i:
            # Parsers often hang the reporting clause under the reported one; a comma parts them.
            subjects = [c for c in token.children if c.dep_ in SUBJECTS]
            if token.dep_ == "parataxis" and subjects and not any(c.dep_ == "ccomp" for c in token.children):
                return [t for s in subjects for t in conjuncts(s)]
    return []
