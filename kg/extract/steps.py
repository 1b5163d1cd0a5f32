"""Steps: the way up a dependency parse from a word to what governs it, by construction, past what parsers get wrong."""

from enum import Enum, auto
from typing import NamedTuple

from spacy.tokens import Token

from kg.extract.moods import TENSED, Words, finite, has, infinitive, lemma, subject, verbal
from kg.extract.voices import joined

PARTS = frozenset({"appos", "poss", "compound", "nmod", "amod", "npadvmod", "nummod", "quantmod", "case", "det"})
CLAUSES = frozenset({"ccomp", "xcomp", "acl", "csubj", "oprd", "acomp"})
PREPOSITIONS = frozenset({"ADP", "SCONJ"})
NESTED = frozenset({"prep", "pcomp", "pobj", "conj"})
COMPOUND = frozenset({"instead of", "rather than"})
LOOSE = frozenset({"ccomp", "advcl", "dep", "parataxis", "conj"})


class Kind(Enum):
    """How a word stands under another."""

    CLAUSE = auto()
    INFINITIVE = auto()
    GOVERNED = auto()
    OBJECT = auto()
    SUBJECT = auto()
    ATTRIBUTE = auto()
    ADVERBIAL = auto()
    RELATIVE = auto()
    PART = auto()
    LIST = auto()
    OTHER = auto()


class Step(NamedTuple):
    """One step up from a word: to what governs it, how, and by which preposition."""

    upper: Token
    kind: Kind
    preposition: str = ""


LABELS = {
    "dobj": Kind.OBJECT,
    "iobj": Kind.OBJECT,
    "dative": Kind.OBJECT,
    "nsubjpass": Kind.OBJECT,
    "nsubj": Kind.SUBJECT,
    "csubj": Kind.SUBJECT,
    "attr": Kind.ATTRIBUTE,
    **dict.fromkeys(PARTS, Kind.PART),
}


def step(token: Token, lexicon: Words) -> Step | None:
    """The step up from a token; None at the root of its sentence, or where a semicolon parts it from what follows."""
    head, label = token.head, token.dep_
    if head.i == token.i:
        return None
    if label in LOOSE and any(t.text == ";" for t in token.doc[min(token.i, head.i) : max(token.i, head.i)]):
        return None
    if label in ("pobj", "pcomp") or (head.dep_ in ("prep", "agent") and head.pos_ in PREPOSITIONS):
        return _governed(head)
    if label == "conj":
        return Step(_listed(token, lexicon), Kind.LIST)
    if label in LABELS:
        return Step(head, LABELS[label])
    if label in CLAUSES:
        return Step(head, _clause(token))
    if label == "advcl":
        return Step(head, Kind.INFINITIVE if infinitive(token) else Kind.ADVERBIAL)
    if label == "relcl":
        return Step(head, Kind.INFINITIVE if infinitive(token) else Kind.RELATIVE)
    told = label in ("parataxis", "dep") and verbal(token) and lemma(head) in lexicon.reporting["verbs"]
    return Step(head, Kind.CLAUSE if told else Kind.OTHER)


def _governed(preposition: Token) -> Step | None:
    """The step over a preposition; one that hangs on another (*of*, *out of*) goes with it."""
    outer = preposition
    while outer.head.i != outer.i and outer.head.pos_ in PREPOSITIONS and outer.dep_ in NESTED:
        outer = outer.head
    if outer.head.i == outer.i:
        return None
    compound = f"{outer.lower_} {preposition.lower_}" in COMPOUND
    return Step(outer.head, Kind.GOVERNED, str((outer if compound else preposition).lower_))


def _clause(token: Token) -> Kind:
    label, head = token.dep_, token.head
    if not verbal(token) and label != "ccomp":
        return Kind.ATTRIBUTE
    if label == "acl" and token.tag_ in ("VBN", "VBG") and not finite(token):
        return Kind.RELATIVE
    bare = label == "ccomp" and lemma(head) in ("let", "make", "help", "see") and not has(token, ("mark",))
    if bare or infinitive(token) or (label == "xcomp" and token.tag_ in ("VB", "VBG", "VBN") and not finite(token)):
        return Kind.INFINITIVE
    return Kind.CLAUSE


def _listed(token: Token, lexicon: Words) -> Token:
    """What a member of a list goes with; the parse may join it to a verb that it does not share a subject with."""
    head, verbs = token.head, lexicon.reporting["verbs"]
    if not verbal(token) or subject(token):
        return head
    if above := joined(token, lexicon):
        return above
    if lemma(head) in verbs and lemma(token) not in verbs:
        # *they were refused, the ministry said, and were put on a flight*
        told = next((c for c in head.children if c.dep_ == "ccomp" and c.i < head.i), None)
        if told is not None:
            return told
    if token.tag_ in TENSED:
        # *refused to sign and boycotted the ceremony*
        while not finite(head) and head.dep_ in ("xcomp", "advcl", "pcomp", "acl", "conj") and verbal(head.head):
            head = head.head
    return head
