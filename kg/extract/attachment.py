"""Attachment: how far an adverbial (a time, a place) is from an act in the parse, and whether it can belong to it at all.

Costs are small for what parsers mix up (*signed a treaty in June* hung on the treaty), `FAR` or more for what belongs to
another act: the clause that reports, that is planned, that came before.
"""

from spacy.tokens import Token

from kg.extract.context import Words

FAR = 20.0
# Verbs that lend their circumstances to the infinitive or noun that they govern, and take them from it.
LIGHT = frozenset(
    "begin start continue keep go resume cease stop end finish complete conclude open hold have make take give launch carry conduct stage mount "
    "help manage fail refuse decline force seem appear prove try do be get come suffer face deliver pay undertake break erupt happen occur "
    "take_place cause see follow fall".split())
TOGETHER = frozenset({"as", "when", "while"})


def anchor(token: Token) -> Token:
    """The word that an adverbial with the head `token` hangs on: the nearest verb, noun or adjective over it that is no
    time itself."""
    while token.head.i != token.i:
        token = token.head
        if token.pos_ in ("VERB", "NOUN", "PROPN", "PRON") or (token.pos_ in ("ADJ", "AUX") and token.dep_ not in ("amod", "aux", "auxpass", "advmod")):
            if token.ent_type_ not in ("DATE", "TIME") or token.pos_ == "VERB":
                return token
    return token


def distance(act: Token, hangs_on: Token, words: Words) -> float:
    """How far the adverbials of `hangs_on` are from being those of `act`: 0 for its own."""
    up = _ways(act, words, _lends)
    down = _ways(hangs_on, words, _takes)
    return min((up[i] + down[i] for i in up if i in down), default=FAR)


def _ways(token: Token, words: Words, step: "type[object] | object") -> dict[int, float]:
    costs = {token.i: 0.0}
    cost = 0.0
    while token.head.i != token.i:
        cost += step(token, token.head, words)  # type: ignore[operator]
        token = token.head
        costs[token.i] = cost
    return costs


def _plans(upper: Token, words: Words) -> bool:
    lemma = upper.lemma_.lower()
    return lemma not in LIGHT and (lemma in words.modality["planned"] or lemma in words.modality["demanded"] or lemma in words.modality["possible"])


def _marks(clause: Token) -> set[str]:
    return {c.lower_ for c in clause.children if c.dep_ in ("mark", "advmod", "prep") and c.i < clause.i}


def _pluperfect(verb: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ in ("had", "'d") for c in verb.children) and verb.tag_ in ("VBN", "VBD")


def _lends(lower: Token, upper: Token, words: Words) -> float:
    """What it costs to take the circumstances of `upper` for those of `lower`, which it governs."""
    dep = lower.dep_
    if lower.pos_ in ("ADP", "SCONJ", "PART") and dep in ("prep", "agent", "dative", "mark", "prt"):
        return 0.0
    if dep in ("aux", "auxpass", "neg"):
        return 0.0
    if dep == "ccomp" or dep == "parataxis":
        return FAR if upper.lemma_.lower() in words.reporting["verbs"] or dep == "parataxis" else 2.0
    if dep in ("xcomp", "acl") and lower.tag_ == "VB" and _plans(upper, words):
        return FAR
    if dep == "xcomp":
        return 1.0
    if dep == "acl":
        return FAR if upper.lemma_.lower() in words.reporting["nouns"] else 4.0
    if dep == "relcl":
        return FAR if _pluperfect(lower) else 4.0
    if dep == "advcl":
        marks = _marks(lower)
        if _pluperfect(lower):
            return FAR
        if marks & TOGETHER or (not marks and lower.tag_ in ("VBG", "VBN")):
            return 1.0
        return FAR if marks & {"after", "before", "since", "until", "if", "unless", "though", "although", "because"} else 4.0
    if dep == "pcomp":
        return 1.0 if upper.lower_ in ("by", "in", "while", "with") else FAR
    if dep == "conj":
        if lower.pos_ in ("VERB", "AUX"):
            if _pluperfect(lower) != _pluperfect(upper) and _pluperfect(lower):
                return FAR
            return 3.0 if any(c.dep_ in ("nsubj", "nsubjpass") for c in lower.children) else 1.5
        return 1.0
    if dep in ("amod", "compound", "poss"):
        return 4.0
    if dep in ("appos", "dep"):
        return 3.0
    if upper.pos_ in ("VERB", "AUX"):
        # *praised the agreement on Sunday*: what is talked about has its own time.
        return 0.5 if upper.lemma_.lower() in LIGHT else 2.0
    return 1.0


def _takes(lower: Token, upper: Token, words: Words) -> float:
    """What it costs to take the circumstances of `lower` for those of `upper`, which governs it."""
    dep = lower.dep_
    if lower.pos_ in ("ADP", "SCONJ", "PART") or dep in ("aux", "auxpass"):
        return 0.0
    if dep in ("dobj", "pobj", "attr", "oprd", "dative", "acomp"):
        return 1.0
    if dep in ("nsubj", "nsubjpass"):
        return 3.0
    if dep == "xcomp":
        return FAR if _plans(upper, words) else 1.5
    if dep == "acl":
        return 1.0 if lower.tag_ in ("VBN", "VBD", "VBG") else FAR
    if dep == "relcl":
        return 3.0
    if dep == "conj":
        return 4.0
    if dep == "appos":
        return 3.0
    return FAR
