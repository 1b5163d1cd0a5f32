"""Predicates and their arguments over a dependency parse, apart from any relation.

A predicate is a verb, a noun (an act such as *invasion*, or one who stands in a relation such as *ally*) or an
adjective; its arguments are the syntactic heads that fill its roles. Roles, in the active reading:

* of verbs `subj` (a passive's agent too), `obj`, `iobj`, `attr`, `comp`, the head of a clause that it governs, and `inf`,
  that of an infinitive;
* of nouns `poss`; `mod` and `place`, names before them (*Russian* invasion, *Paris* attacks); `kind`, other words
  before them (*phone* call); `anti` and `pro` (*anti-government* rally); `subj` and `obj` lent by a verb (*launched* or
  *suffered* an attack), which is then `via`; `self`, the noun itself (*allies* of Russia); `names`, what it describes
  (*Belarus*, an ally of Russia); `clause`, the subject of the clause that it is an adjunct of (*Xi* ... on a visit to);
* each preposition by its name (`with`, `against`, ...); `prep` is the preposition that a noun itself stands under.

Labels are ClearNLP's, as spaCy's English models use them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.extract.arguments import (
    NAMED,
    PASSIVE,
    SUBJECTS,
    classes,
    conjuncts,
    lemma,
    object_gap,
    passive,
    prepositions,
    referents,
    subjects,
    understood,
)
from kg.extract.parse import Sentence

__all__ = ["PASSIVE", "SUBJECTS", "Predicate", "conjuncts", "predicates"]

HANGING = frozenset({"by", "to", "between", "with", "from", "against", "on", "over"})
ADJUNCT = frozenset({"during", "on", "in", "after", "before", "for", "at", "through", "following", "with"})
PLACES = frozenset({"GPE", "LOC", "FAC"})
NOMINAL = frozenset({"dobj", "pobj", "nsubj", "nsubjpass", "attr", "poss", "compound"})


@dataclass(frozen=True, slots=True)
class Predicate:
    """An act or state, and the tokens that head its arguments, by role; `particle` is *out* in *carried out*.

    `part` is verb, noun or adj. `via` is the light verb that lent the subject, if one did; `passive` says that the verb
    is a passive.
    """

    sentence: Sentence
    head: Token
    lemma: str
    part: str
    roles: dict[str, list[Token]] = field(default_factory=dict)
    particle: str = ""
    via: Token | None = None
    passive: bool = False


class _Roles(defaultdict[str, list[Token]]):
    def __init__(self) -> None:
        super().__init__(list)

    def fill(self, role: str, tokens: Iterable[Token]) -> None:
        """Add what is not there yet."""
        seen = self[role]
        seen += [token for token in tokens if all(token.i != other.i for other in seen)]
        if not seen:
            del self[role]

    def borrow(self, pairs: Iterable[tuple[str, list[Token]]]) -> None:
        """Fill roles that are empty so far."""
        found = _Roles()
        for role, tokens in pairs:
            if role not in self:
                found.fill(role, tokens)
        self.update(found)


def predicates(sentence: Sentence) -> list[Predicate]:
    """All predicates of a sentence, in the order of the text."""
    found = []
    for token in sentence.span:
        if token.pos_ in ("VERB", "AUX") and token.dep_ not in ("aux", "auxpass") and not _gerund(token):
            found.append(_verb(sentence, token))
        elif token.pos_ in ("NOUN", "PROPN", "VERB", "PRON") and (token.pos_ != "PRON" or token.lower_ == "none"):
            found.append(_noun(sentence, token))
        elif token.pos_ in ("ADJ", "ADV") and token.text != "-":
            found.append(_adjective(sentence, token))
    return found


def _gerund(token: Token) -> bool:
    """A verb form in *-ing* that is used as a noun (*the shelling of the town*)."""
    if token.tag_ != "VBG" or (token.dep_ not in NOMINAL and token.head.lower_ != "under"):
        return False
    return token.head.lower_ == "under" or any(
        child.dep_ in ("det", "poss", "amod", "compound") or child.lower_ in ("of", "between")
        for child in token.children)



# ---- verbs ----------------------------------------------------------------------------------------------------------


def _verb(sentence: Sentence, verb: Token) -> Predicate:
    roles = _Roles()
    particle = ""
    turned = passive(verb)
    objects = [child for child in verb.children if child.dep_ == "dobj"]
    for child in verb.children:
        if child.dep_ in SUBJECTS:
            roles.fill("subj" if not turned else "obj", referents(child))
        elif child.dep_ in PASSIVE:
            # *Kyiv was given tanks*: who is given, gets.
            roles.fill("iobj" if objects else "obj", referents(child))
        elif child.dep_ == "dobj":
            # *the money that it gave Tuvalu*: two objects, the relative pronoun's first.
            second = child.i > verb.i and any(other.i < verb.i for other in objects)
            roles.fill("iobj" if second else "obj", referents(child))
        elif child.dep_ in ("attr", "acomp", "oprd") or (child.dep_ == "advmod" and child.tag_ == "JJ"):
            roles.fill("attr", conjuncts(child))
        elif child.dep_ in ("dative", "iobj") and child.pos_ != "ADP":
            roles.fill("iobj", referents(child))
        elif child.dep_ in ("xcomp", "ccomp"):
            roles.fill("comp", conjuncts(child, verbs=True))
            verbal = child.pos_ in ("VERB", "AUX")
            bare = (child.tag_ == "VB" and lemma(verb) in classes()["object_control"]
                    and not any(c.dep_ == "mark" or c.tag_ == "MD" for c in child.children))
            if bare or _infinitive(child):
                roles.fill("inf", conjuncts(child, verbs=True))
            if not verbal:
                roles.fill("attr", [child])
            if bare or not verbal:
                # *urged Iran to free*, parsed as a clause with a subject.
                roles.fill("obj", [t for c in child.children if c.dep_ == "nsubj" for t in referents(c)])
        elif child.dep_ == "advcl" and _infinitive(child):
            roles.fill("comp", [child])
            roles.fill("inf", [child])
            if mark := [c for c in child.children if c.dep_ == "mark" and c.lower_ == "for"]:
                roles.fill(mark[0].lower_, [t for c in child.children if c.dep_ == "nsubj" for t in referents(c)])
        if child.dep_ == "prt" or (
                child.dep_ in ("prep", "advmod", "ccomp") and child.lower_ in classes()["particles"] and child.i > verb.i
                and not any(c.dep_ == "pobj" for c in child.children)):
            particle = particle or str(child.lower_)
    for preposition, heads in prepositions(verb):
        if preposition == "by" and turned:
            roles.fill("subj", heads)
        roles.fill(preposition, heads)
    if turned:
        if "obj" not in roles or ("iobj" not in roles and objects):
            roles.fill("iobj" if objects else "obj", understood(verb))
        if verb.dep_ == "amod":
            roles.fill("subj", [t for c in verb.children if c.dep_ in ("npadvmod", "compound", "nmod", "nsubj")
                                for t in conjuncts(c)])
    else:
        if "subj" not in roles:
            roles.fill("subj", understood(verb))
        if "obj" not in roles:
            roles.fill(*object_gap(verb))
    return Predicate(sentence, verb, lemma(verb), "verb", dict(roles), particle, None, turned)


def _infinitive(verb: Token) -> bool:
    return verb.tag_ == "VB" and any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)


# ---- adjectives -----------------------------------------------------------------------------------------------------


def _adjective(sentence: Sentence, adjective: Token) -> Predicate:
    roles = _Roles()
    for preposition, heads in prepositions(adjective):
        roles.fill(preposition, heads)
    for child in adjective.children:
        if child.dep_ in ("xcomp", "ccomp", "advcl"):
            roles.fill("comp", [child])
        elif child.dep_ in ("npadvmod", "compound") and child.i < adjective.i:
            roles.fill("mod", conjuncts(child))
        elif child.dep_ == "nsubj":
            roles.fill("subj", referents(child))
    if adjective.dep_ in ("amod", "acl", "relcl", "appos") and adjective.head.pos_ in ("NOUN", "PROPN", "PRON"):
        roles.fill("subj", [adjective.head])
    elif adjective.dep_ in ("acomp", "attr", "oprd", "conj", "ccomp", "xcomp", "advmod"):
        verb = adjective
        while verb.dep_ in ("conj", "acomp", "attr", "oprd") and verb.pos_ not in ("VERB", "AUX"):
            if verb.head.i == verb.i:
                break
            verb = verb.head
        if verb.pos_ in ("VERB", "AUX"):
            roles.borrow((name, heads) for name, heads in prepositions(verb) if name not in ("by", "in"))
            objects = [t for c in verb.children if c.dep_ == "dobj" for t in referents(c)]
            roles.fill("subj", objects or subjects(verb))
    elif adjective.dep_ == "advcl":
        roles.fill("subj", understood(adjective))
    return Predicate(sentence, adjective, lemma(adjective), "adj", dict(roles))


# ---- nouns ----------------------------------------------------------------------------------------------------------


def _noun(sentence: Sentence, noun: Token) -> Predicate:
    roles = _Roles()
    roles.fill("self", [noun])
    _before(roles, noun)
    for preposition, heads in prepositions(noun):
        roles.fill(preposition, heads)
    if noun.dep_ == "conj" and "poss" not in roles and noun.head.pos_ in ("NOUN", "PROPN"):
        _before(roles, noun.head, names_only=True)
    for child in noun.children:
        if child.dep_ == "appos":
            roles.fill("names", conjuncts(child))
        elif child.dep_ in ("acl", "relcl"):
            roles.fill("comp", [child])
        elif child.dep_ == "conj" and child.pos_ == "NOUN":
            # *attacks and raids on the town*
            roles.borrow(prepositions(child))
    if noun.dep_ == "appos" or (noun.dep_ == "compound" and noun.head.pos_ == "PROPN"):
        roles.fill("names", [noun.head])
    via = _lend(roles, noun)
    # *the signing of the pact by Poland*, *a protest by miners against it*, where the last may hang on the one before
    roles.borrow((name, heads) for outer in ("of", "by") for owned in roles.get(outer, [])
                 for name, heads in prepositions(owned) if name in HANGING)
    if "by" in roles and "poss" in roles and "of" not in roles:
        # *its capture by rebels*
        roles.fill("obj", roles.pop("poss"))
    word = noun.lower_ if noun.tag_ == "VBG" else lemma(noun)
    return Predicate(sentence, noun, word, "noun", dict(roles), "", via, False)


def _before(roles: _Roles, noun: Token, *, names_only: bool = False) -> None:
    """What stands before a noun: its owner, names and other words."""
    for child in noun.lefts:
        if child.dep_ == "poss":
            roles.fill("poss", referents(child))
        elif child.dep_ in ("amod", "compound", "nmod", "npadvmod") and child.text not in ("-", "–"):
            listed = conjuncts(child) + [c for c in child.lefts if c.dep_ in ("compound", "nmod") and _hyphen(c, 1)]
            if _hyphen(child, -1) and child.i - 2 >= noun.sent.start and child.nbor(-2).lower_ in ("anti", "pro"):
                roles.fill(str(child.nbor(-2).lower_), [child])
            elif _is_name(child):
                alone = child.ent_type_ in PLACES and child.pos_ == "PROPN" and len(listed) == 1
                acts = child.text.isupper() or "." in child.text
                roles.fill("place" if alone and not acts else "mod", listed)
            elif not names_only:
                roles.fill("kind", listed)


def _hyphen(token: Token, step: int) -> bool:
    at = token.i + step
    return 0 <= at < len(token.doc) and token.doc[at].text in ("-", "–", "/")


def _is_name(token: Token) -> bool:
    return token.ent_type_ in NAMED or token.pos_ == "PROPN" or (
        token.text[:1].isupper() and not token.is_sent_start and token.pos_ in ("ADJ", "NOUN"))


def _lend(roles: _Roles, noun: Token) -> Token | None:
    """Fill what a noun gets from the words around it; the verb that gives it, if it is one."""
    site = _site(roles, noun)
    head: Token = site.head
    word = lemma(head)
    clauses: list[Token] = [*noun.children, *(site.children if site.i != noun.i else ())]
    for child in clauses:
        # *sanctions imposed on Russia*, *the talks that they held*
        if child.dep_ in ("acl", "relcl") and lemma(child) in classes()["light"] and "subj" not in roles:
            turned = passive(child)
            if turned or any(t.i == noun.i for c in child.children if c.dep_ == "dobj" for t in referents(c)) \
                    or object_gap(child)[0] == "obj":
                roles.fill("subj", subjects(child))
                roles.borrow(prepositions(child))
                return child
    if site.dep_ == "dobj" and head.pos_ in ("VERB", "AUX"):
        turned = passive(head)
        given = subjects(head) if not turned else understood(head)
        givers = [t for name, heads in _around(noun, head) if name == "from" for t in heads]
        if word in classes()["undergo"] and (givers or word not in classes()["light"]):
            roles.fill("obj", given)
            roles.fill("by", givers)
        elif word in classes()["light"]:
            roles.fill("subj" if not turned else "iobj", given)
            roles.fill("iobj", [t for c in head.children if c.dep_ in ("dative", "iobj") and c.pos_ != "ADP"
                                for t in referents(c)])
        else:
            return None
        roles.borrow(prepositions(head))
        return head
    if site.dep_ in ("nsubjpass", "nsubj"):
        for verb in (head, *(c for c in head.children if c.dep_ == "xcomp")):
            if passive(verb) and lemma(verb) in classes()["light"]:
                roles.fill("subj", subjects(verb))
                roles.borrow(prepositions(verb))
                return verb
        if not any(c.dep_ == "dobj" and c.lemma_ != "place" for c in head.children) and not passive(head):
            roles.borrow((name, heads) for name, heads in prepositions(head)
                         if name in ("between", "with", "against", "on"))
        return None
    if site.dep_ == "attr" and head.pos_ in ("AUX", "VERB"):
        if not any(c.dep_ == "expl" for c in head.children):
            roles.fill("names", subjects(head))
        roles.borrow((name, heads) for name, heads in prepositions(head) if name not in ("in", "on", "at"))
        return head
    if site.dep_ in ("pobj", "pcomp") and head.dep_ in ("prep", "agent", "dative", "advmod"):
        return _under(roles, noun, head)
    return None


def _around(noun: Token, verb: Token) -> list[tuple[str, list[Token]]]:
    return [*prepositions(noun), *prepositions(verb)]


def _site(roles: _Roles, noun: Token) -> Token:
    """The token whose place in the sentence a noun shares: the first of its list, the series that it makes up."""
    site = noun
    while True:
        head = site.head
        if site.dep_ == "conj" and head.pos_ in ("NOUN", "PROPN"):
            site = head
        elif (site.dep_ == "pobj" and head.lower_ == "of" and head.dep_ == "prep" and head.head.pos_ in ("NOUN", "NUM")
                and lemma(head.head) in classes()["carriers"]):
            site = head.head
            _before(roles, site, names_only=True)
            roles.borrow((name, heads) for name, heads in prepositions(site) if name != "of")
        else:
            return site


def _under(roles: _Roles, noun: Token, preposition: Token) -> Token | None:
    """What a noun under a preposition gets: *took part in the raid*, *responsible for it*, *came under attack*."""
    governor, name = preposition.head, str(preposition.lower_)
    word = lemma(governor)
    roles.fill("prep", [preposition])
    verb = governor if governor.pos_ in ("VERB", "AUX") else None
    if name == "as":
        roles.fill("names", [t for c in governor.children if c.dep_ in ("dobj", "nsubjpass") for t in referents(c)]
                   or (subjects(governor) if verb is not None else []))
        roles.borrow((n, heads) for n, heads in prepositions(governor) if n == "by")
    elif name == "under" and verb is not None:
        roles.fill("obj", _grammatical(verb))
        roles.fill("by", [t for n, heads in _around(noun, verb) if n in ("by", "from") for t in heads])
    elif word in classes()["blames"] and name in ("of", "for", "over", "in", "with"):
        roles.fill("subj", _blamed(governor))
    elif name in ADJUNCT and governor.pos_ in ("NOUN", "PROPN") and word not in classes()["shares"]:
        if name == "at" or noun.lemma_ == "strike":
            roles.fill("subj", [governor])
        roles.fill("clause", [governor])
    elif name == "behind" and verb is not None and word == "be":
        roles.fill("subj", _grammatical(verb))
    elif word in classes()["shares"] and name in ("in", "for", "to"):
        owners = [t for c in governor.children if c.dep_ == "poss" for t in referents(c)]
        lent = governor.dep_ in ("dobj", "pobj") and governor.head.pos_ in ("VERB", "AUX")
        roles.fill("subj", owners or (subjects(governor.head) if lent else []))
    elif verb is not None and word in classes()["partake"] and name in ("in", "into", "on", "at"):
        roles.fill("subj", _grammatical(verb))
        roles.borrow((n, heads) for n, heads in prepositions(verb) if n not in (name, "in", "on", "at"))
    elif name in ADJUNCT and verb is not None:
        roles.fill("clause", _grammatical(verb))
    return verb


def _grammatical(verb: Token) -> list[Token]:
    """Who the verb is said of, passive or not."""
    said = [t for c in verb.children if c.dep_ in ("nsubj", "nsubjpass") for t in referents(c)]
    return said or understood(verb)


def _blamed(governor: Token) -> list[Token]:
    if governor.pos_ == "ADJ":
        return _adjective_subject(governor)
    if governor.pos_ not in ("VERB", "AUX"):
        return []
    if passive(governor):
        return _grammatical(governor)
    return [t for c in governor.children if c.dep_ == "dobj" for t in referents(c)]


def _adjective_subject(adjective: Token) -> list[Token]:
    head = adjective.head
    own = [t for c in adjective.children if c.dep_ == "nsubj" for t in referents(c)]
    if adjective.dep_ in ("amod", "acl", "relcl"):
        return own or [head]
    return own or ([t for c in head.children if c.dep_ == "dobj" for t in referents(c)]
                   or subjects(head) if head.pos_ in ("VERB", "AUX") else [])

