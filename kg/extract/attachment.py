"""Attachment: what stands between an act and a word in its sentence, as features that weights turn into a probability.

A time or a place hangs on one word of the sentence; whether it is that of another one depends on the clauses between: an
infinitive shares its verb's time (*began to withdraw on Monday*), a planned one does not (*agreed on Monday to withdraw*).
The features name these constructions; `lexicon/circumstances.yaml` has what each counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import exp

import yaml
from spacy.tokens import Token

from kg.extract.context import Words
from kg.extract.times import listed
from kg.ontology import folder

CLAUSES = frozenset({"ccomp", "xcomp", "acl", "relcl", "advcl", "pcomp", "conj", "parataxis", "csubj"})
SAME_TIME = frozenset({"as", "when", "while"})
NO_FINITE = frozenset({"VBG", "VBN", "VB"})


@cache
def weights(name: str) -> Mapping[str, float]:
    """The weights for one decision (`when`, `where`)."""
    data = yaml.safe_load((folder() / "lexicon" / "circumstances.yaml").read_text(encoding="utf-8"))
    found: Mapping[str, float] = data[name]
    return found


def score(features: Iterable[str], name: str) -> float:
    """The odds of a candidate with these features, against that of none (1) and those of the others."""
    known = weights(name)
    return exp(sum(known.get(feature, 0.0) for feature in features))


def anchor(token: Token) -> Token:
    """The word that an adverbial with the head `token` hangs on: the nearest verb, noun or adjective over it that is no
    time itself."""
    while token.head.i != token.i:
        token = token.head
        clausal = token.pos_ in ("ADJ", "AUX") and token.dep_ not in ("amod", "aux", "auxpass", "advmod")
        if token.pos_ == "VERB" or ((clausal or token.pos_ in ("NOUN", "PROPN", "PRON")) and token.ent_type_ not in ("DATE", "TIME")):
            return token
    return token


def between(act: Token, word: Token, words: Words) -> Iterator[str]:
    """The features of the way through the parse from an act to the word that an adverbial hangs on."""
    over = [act, *act.ancestors]
    places = {token.i: n for n, token in enumerate(over)}
    down = [word]
    while down[-1].i not in places and down[-1].head.i != down[-1].i:
        down.append(down[-1].head)
    if down[-1].i not in places:
        yield "unrelated"
        return
    meet = places[down[-1].i]
    ups = [_step(lower, words) for lower in over[:meet]]
    downs = [_step(lower, words) for lower in down[:-1]]
    ups, downs = [s for s in ups if s], [s for s in downs if s]
    if not ups and not downs:
        yield "own"
        yield "0 steps"
        return
    yield from sorted({f"up {step}" for step in ups})
    yield from sorted({f"down {step}" for step in downs})
    if ups:
        yield f"up {ups[0]} first, {tense(act)}"
    if downs:
        yield f"down {downs[-1]} last, {tense(word)}"
    if ups and downs:
        yield "across"
    yield f"way {', '.join(ups)} | {', '.join(downs)}"
    yield f"{min(len(ups) + len(downs), 5)} steps"


def _step(lower: Token, words: Words) -> str:
    """The construction by which a token hangs on its head; "" for function words."""
    dep, upper = lower.dep_, lower.head
    if dep in ("prep", "agent", "dative", "mark", "prt", "aux", "auxpass", "advmod", "npadvmod", "quantmod") and lower.pos_ not in (
        "VERB",
        "NOUN",
    ):
        return ""
    lemma = upper.lemma_.lower()
    if dep in ("ccomp", "parataxis"):
        return "said" if lemma in words.reporting["verbs"] or dep == "parataxis" else "that-clause"
    if dep == "xcomp" or (dep == "acl" and lower.tag_ == "VB"):
        return "planned" if plans(upper) else "infinitive"
    if dep == "acl":
        return "participle of a report" if lemma in words.reporting["nouns"] else "participle"
    if dep == "relcl":
        if pluperfect(lower):
            return "relative, pluperfect"
        return "where-clause" if any(c.lower_ in ("where", "when") for c in lower.lefts) else "relative"
    if dep == "advcl":
        return _adverbial(lower)
    if dep == "pcomp":
        return f"{upper.lower_} -ing" if upper.lower_ in ("after", "before", "by", "of", "for", "in", "since") else "gerund"
    if dep == "conj":
        if lower.pos_ not in ("VERB", "AUX"):
            return "list"
        own = any(c.dep_ in ("nsubj", "nsubjpass", "expl") for c in lower.children)
        return "and, pluperfect" if pluperfect(lower) and not pluperfect(upper) else "and, own subject" if own else "and"
    if dep in ("amod", "compound", "poss", "appos", "nsubj", "nsubjpass", "dobj", "attr", "nmod"):
        return dep.removesuffix("pass")
    if dep == "pobj":
        return (
            f"under {upper.lower_}"
            if upper.lower_ in ("of", "after", "before", "during", "since", "until", "at", "for", "to")
            else "under preposition"
        )
    return "other"


def _adverbial(clause: Token) -> str:
    marks = {c.lower_ for c in clause.lefts if c.dep_ in ("mark", "advmod", "prep")}
    for word in ("after", "before", "since", "until", "if", "unless"):
        if word in marks:
            return f"{word}-clause"
    if pluperfect(clause):
        return "clause, pluperfect"
    if marks & SAME_TIME:
        return "when-clause"
    if clause.tag_ in NO_FINITE and not any(c.dep_ in ("nsubj", "nsubjpass") for c in clause.lefts):
        return "purpose" if clause.tag_ == "VB" else "participle clause"
    return "other clause"


def plans(word: Token) -> bool:
    """Whether what a verb or noun governs is yet to come: planned, demanded or possible."""
    return word.lemma_.lower() in listed("ahead")


def pluperfect(verb: Token) -> bool:
    """Whether a verb stands in the pluperfect."""
    return any(c.dep_ == "aux" and c.lower_ in ("had", "'d", "’d") for c in verb.children) and verb.tag_ in ("VBN", "VBD")


def finite(token: Token) -> Token:
    """The verb of the clause that a token stands in."""
    while token.pos_ not in ("VERB", "AUX") and token.head.i != token.i:
        token = token.head
    return token


def tense(token: Token) -> str:
    """The tense of the clause that a token stands in: past, pluperfect, perfect, present, future, infinitive, participle, none."""
    verb = finite(token)
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    words = {c.lower_ for c in helpers}
    if verb.pos_ not in ("VERB", "AUX"):
        return "none"
    if words & {"had", "'d"} and verb.tag_ in ("VBN", "VBD"):
        return "pluperfect"
    if words & {"will", "'ll", "shall", "would", "may", "might", "could", "can", "should", "must", "’ll"}:
        return "future" if not words & {"have"} else "past"
    if words & {"has", "have", "'ve", "’ve"}:
        return "perfect"
    if words & {"was", "were", "did"}:
        return "past"
    if words & {"is", "are", "'s", "'re", "does", "do", "am"}:
        return "present"
    if "to" in words:
        return "infinitive"
    if verb.tag_ == "VBN" and any(c.dep_ == "nsubj" for c in verb.lefts):
        # Taken for a participle by the tagger: *said that the council approved it*.
        return "past"
    return {"VBD": "past", "VBZ": "present", "VBP": "present", "VBG": "participle", "VBN": "participle"}.get(verb.tag_, "infinitive")
