"""Predicates and their arguments over a dependency parse, apart from any relation.

A predicate is a verb, a noun that names an act (*invasion*, *talks*) or an adjective; its arguments are the syntactic
heads that fill its roles. Roles are `subj` and `obj` in the active reading (a passive's agent is its `subj`), `iobj`,
`poss`, `mod` (a nationality adjective or compound before a noun), `comp` (the head of a clause that it governs) and the
bare preposition (`with`, `against`, ...) for prepositional arguments. Labels are ClearNLP's, as spaCy's English models
use them.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.extract.parse import Sentence

CLAUSES = frozenset({"xcomp", "ccomp", "advcl", "acl", "relcl", "pcomp"})
SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE = frozenset({"nsubjpass", "csubjpass"})
RELATIVE = frozenset({"who", "which", "that", "whom"})
# Verbs whose object, not subject, does what their infinitive says (*urged Iran to free*).
OBJECT_CONTROL = frozenset("""urge ask tell order force press pressure push invite allow permit let help persuade convince call
    encourage enable require compel demand want expect cause get lead authorize authorise instruct direct forbid warn beg
    plead accuse see make have advise oblige commission task assign deploy send train""".split())
# Verbs that lend their subject to the act that their object names (*launched an attack*, *held talks*).
LIGHT = frozenset("""launch conduct hold have make carry stage mount give take do begin start open resume continue end finish
    host undertake perform impose place put issue lodge file deliver extend offer provide grant voice express reach sign strike
    conclude seal broker sustain wage lead pursue commit complete announce call demand order plan suffer face pay""".split())


@dataclass(frozen=True, slots=True)
class Predicate:
    """An act or state, and the tokens that head its arguments, by role; `particle` is *out* in *carried out*.

    `via` is the light verb that lent the subject, if one did; `passive` says that the verb is a passive.
    """

    sentence: Sentence
    head: Token
    lemma: str
    part: str
    roles: dict[str, list[Token]] = field(default_factory=dict)
    particle: str = ""
    via: Token | None = None
    passive: bool = False


def predicates(sentence: Sentence) -> list[Predicate]:
    """All predicates of a sentence, in the order of the text."""
    found = []
    for token in sentence.span:
        if token.pos_ in ("VERB", "AUX") and token.dep_ not in ("aux", "auxpass"):
            found.append(_verb(sentence, token))
        elif token.pos_ in ("NOUN", "PROPN") or token.tag_ in ("JJ", "VBG", "VBN"):
            found.append(_noun(sentence, token))
    return found


def conjuncts(token: Token) -> list[Token]:
    """A token and all that is coordinated with it or stands to it in a list."""
    listed = [token]
    for item in listed:
        listed += [child for child in item.rights if child.dep_ == "conj" and child.pos_ != "VERB"]
    return listed


def _fill(roles: dict[str, list[Token]], role: str, tokens: list[Token]) -> None:
    seen = roles[role]
    seen += [token for token in tokens if all(token.i != other.i for other in seen)]


def _verb(sentence: Sentence, verb: Token) -> Predicate:
    roles: dict[str, list[Token]] = defaultdict(list)
    particle = ""
    passive = any(child.dep_ in ("auxpass", "nsubjpass", "csubjpass") for child in verb.children) or (
        verb.tag_ == "VBN" and verb.dep_ in ("acl", "relcl", "advcl", "conj") and not any(
            child.dep_ in ("aux", "dobj") and child.lemma_ in ("have", "be") for child in verb.children)
        and not any(child.dep_ == "dobj" for child in verb.children)
        and not any(child.dep_ in SUBJECTS for child in verb.children))
    for child in verb.children:
        if child.dep_ in SUBJECTS:
            _fill(roles, "subj", _referents(child))
        elif child.dep_ in PASSIVE:
            _fill(roles, "obj", _referents(child))
        elif child.dep_ in ("dobj", "oprd"):
            _fill(roles, "obj", _referents(child))
        elif child.dep_ == "attr":
            _fill(roles, "attr", conjuncts(child))
        elif child.dep_ in ("dative", "iobj"):
            _fill(roles, "iobj", [t for c in ([child] if child.pos_ != "ADP" else child.children) for t in conjuncts(c)])
        elif child.dep_ == "agent":
            _fill(roles, "subj", [t for c in child.children if c.dep_ == "pobj" for t in conjuncts(c)])
        elif child.dep_ == "prt":
            particle = child.lower_
        elif child.dep_ in ("xcomp", "ccomp"):
            _fill(roles, "comp", [child])
    for preposition, heads in _prepositions(verb):
        if preposition == "by" and passive:
            _fill(roles, "subj", heads)
        _fill(roles, preposition, heads)
    if "subj" not in roles and not passive:
        _fill(roles, "subj", _understood(verb))
    elif passive and "obj" not in roles:
        _fill(roles, "obj", _understood(verb))
    return Predicate(sentence, verb, verb.lemma_.lower(), "verb", dict(roles), particle, None, passive)


def _understood(verb: Token) -> list[Token]:
    """The subject that a verb shares with another clause: coordination, control, participles, relative clauses."""
    seen = set()
    while verb.i not in seen:
        seen.add(verb.i)
        head = verb.head
        if verb.dep_ in ("acl", "relcl") and head.pos_ in ("NOUN", "PROPN", "PRON", "NUM"):
            if head.pos_ == "NOUN" and verb.tag_ == "VB":
                # *its decision to send*, *the agreement to withdraw*: who decides, acts.
                owners = [c for c in head.children if c.dep_ == "poss"] or _lent(head)
                return [t for o in owners for t in conjuncts(o)]
            return conjuncts(head) if not _in_list(head) else [head]
        if verb.dep_ not in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "dep"):
            return []
        if head.pos_ == "ADP":
            head = head.head
        if head.pos_ == "NOUN":
            return [t for c in head.children if c.dep_ == "poss" for t in conjuncts(c)] or _lent(head)
        objects = [c for c in head.children if c.dep_ in ("dobj", "dative") and c.pos_ != "ADP"]
        if verb.dep_ in ("xcomp", "ccomp") and objects and head.lemma_ in OBJECT_CONTROL:
            return [t for o in objects for t in conjuncts(o)]
        passive = [c for c in head.children if c.dep_ in PASSIVE]
        subjects = [c for c in head.children if c.dep_ in SUBJECTS] or passive
        if subjects:
            return [t for s in subjects for t in _referents(s)]
        verb = head
    return []


def _lent(noun: Token) -> list[Token]:
    """Subjects of the light verb that a noun is the object of."""
    if noun.dep_ in ("dobj", "attr") and noun.head.pos_ in ("VERB", "AUX"):
        return [t for c in noun.head.children if c.dep_ in SUBJECTS for t in _referents(c)] or _understood(noun.head)
    return []


def _referents(token: Token) -> list[Token]:
    """A relative pronoun's antecedent, else the token, with all in its list."""
    if token.lower_ in RELATIVE and token.tag_ in ("WP", "WDT"):
        verb = token.head
        while verb.dep_ in ("conj", "ccomp", "xcomp") and verb.head.i != verb.i:
            verb = verb.head
        if verb.dep_ in ("relcl", "acl"):
            return [verb.head]
    return conjuncts(token)


def _in_list(token: Token) -> bool:
    return bool(token.dep_ == "conj")


def _prepositions(head: Token) -> Iterator[tuple[str, list[Token]]]:
    """Prepositions under a head with the heads of their objects; *out of*, *along with* count by the inner one too."""
    for child in head.children:
        if child.dep_ in ("prep", "agent") or (child.dep_ == "advmod" and any(c.dep_ == "pobj" for c in child.children)):
            name = child.lower_
            heads = [t for c in child.children if c.dep_ == "pobj" for t in conjuncts(c)]
            if heads:
                yield name, heads
            for inner in child.children:
                if inner.dep_ in ("prep", "pcomp") and inner.pos_ == "ADP":
                    yield inner.lower_, [t for c in inner.children if c.dep_ == "pobj" for t in conjuncts(c)]
                elif inner.dep_ == "conj" and inner.pos_ == "ADP":
                    yield inner.lower_, [t for c in inner.children if c.dep_ == "pobj" for t in conjuncts(c)]


def _noun(sentence: Sentence, noun: Token) -> Predicate:
    roles: dict[str, list[Token]] = defaultdict(list)
    via = None
    for child in noun.children:
        if child.dep_ == "poss":
            _fill(roles, "poss", conjuncts(child))
        elif child.dep_ in ("amod", "compound", "nmod", "nummod") and child.i < noun.i:
            _fill(roles, "mod", conjuncts(child))
        elif child.dep_ == "appos":
            _fill(roles, "appos", conjuncts(child))
        elif child.dep_ in ("acl", "relcl"):
            _fill(roles, "comp", [child])
    for preposition, heads in _prepositions(noun):
        _fill(roles, preposition, heads)
    if noun.dep_ == "appos":
        _fill(roles, "names", [noun.head])
    head = noun.head
    if noun.dep_ == "dobj" and head.pos_ == "VERB":
        if head.lemma_.lower() in LIGHT:
            via = head
            _fill(roles, "subj", _lent(noun))
            for preposition, heads in _prepositions(head):
                if preposition not in roles:
                    _fill(roles, preposition, heads)
            _fill(roles, "iobj", [t for c in head.children if c.dep_ in ("dative", "iobj")
                                  for d in ([c] if c.pos_ != "ADP" else c.children) for t in conjuncts(d)])
    elif noun.dep_ == "nsubjpass" and head.lemma_.lower() in LIGHT:
        via = head
        for preposition, heads in _prepositions(head):
            _fill(roles, "subj" if preposition == "by" else preposition, heads)
    elif noun.dep_ == "pobj" and head.dep_ == "prep" and head.head.pos_ == "VERB" and head.lower_ in ("in", "into"):
        # *took part in talks with*, *engaged in fighting*, *entered into an agreement*
        via = head.head
        subjects = [c for c in via.children if c.dep_ in SUBJECTS]
        _fill(roles, "subj", [t for c in subjects for t in _referents(c)] or _understood(via))
    return Predicate(sentence, noun, noun.lemma_.lower(), "noun", dict(roles), "", via, False)
