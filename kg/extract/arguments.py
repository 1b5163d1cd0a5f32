"""Where a dependency parse hides the arguments of a word: lists, relative clauses, control, coordination, gaps."""

from collections.abc import Iterator, Mapping
from functools import cache

import yaml
from spacy.tokens import Token

from kg.ontology import folder

RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE = frozenset({"nsubjpass", "csubjpass"})
TIMES = frozenset({"DATE", "TIME"})
NAMED = frozenset({"GPE", "NORP", "ORG", "PERSON", "LOC", "FAC"})


@cache
def _syntax() -> Mapping[str, list[str] | dict[str, str]]:
    text = (folder() / "lexicon" / "syntax.yaml").read_text(encoding="utf-8")
    found: Mapping[str, list[str] | dict[str, str]] = yaml.safe_load(text)
    return found


@cache
def classes() -> Mapping[str, frozenset[str]]:
    """The classes of words that decide where arguments are found (`lexicon/syntax.yaml`)."""
    return {name: frozenset(words) for name, words in _syntax().items() if isinstance(words, list)}


@cache
def _misread() -> Mapping[str, str]:
    words = _syntax()["verb_lemmas"]
    return words if isinstance(words, dict) else {}


def lemma(token: Token) -> str:
    """The lemma of a word in lower case, with the prefix that a hyphen parts from it (*co-operate*)."""
    found = str(token.lemma_.lower())
    if token.pos_ == "VERB":
        found = _misread().get(found, found)
    if token.i > 1 and token.nbor(-1).text == "-" and token.nbor(-2).lower_ in classes()["prefixes"]:
        return f"{token.nbor(-2).lower_}-{found}"
    return found


def conjuncts(token: Token, *, verbs: bool = False) -> list[Token]:
    """A token and all that is coordinated with it or stands to it in a list."""
    listed = [token]
    for item in listed:
        listed += [child for child in item.rights if child.dep_ == "conj" and (verbs or child.pos_ != "VERB")]
    return listed


def referents(token: Token) -> list[Token]:
    """A relative pronoun's antecedent, else the token, with all in its list."""
    if token.lower_ in RELATIVE and token.tag_ in ("WP", "WDT", "WP$"):
        clause = token
        while clause.dep_ not in ("relcl", "acl") and clause.head.i != clause.i:
            clause = clause.head
        if clause.dep_ in ("relcl", "acl"):
            return [clause.head]
        # *it was she who arranged it*
        return [t for c in _cleft(token) for t in conjuncts(c)] or [token]
    return conjuncts(token)


def _cleft(pronoun: Token) -> list[Token]:
    clause = pronoun
    while clause.head.i != clause.i:
        clause = clause.head
        if clause.lemma_ == "be" and clause.pos_ == "AUX":
            return [c for c in clause.children if c.dep_ == "attr" and c.i < pronoun.i]
    return []


def prepositions(head: Token) -> Iterator[tuple[str, list[Token]]]:
    """Prepositions under a head with the heads of their objects; *out of*, *along with* count by the inner one too."""
    for child in head.children:
        if child.dep_ in ("prep", "agent", "dative", "advmod", "prt") and child.pos_ not in ("NOUN", "ADJ", "DET"):
            yield from _under(child, deep=child.lower_ in classes()["directions"] | classes()["particles"])


def _under(preposition: Token, *, deep: bool) -> Iterator[tuple[str, list[Token]]]:
    heads = [t for c in preposition.children if c.dep_ == "pobj" for t in referents(c) if t.ent_type_ not in TIMES]
    if heads:
        yield str(preposition.lower_), heads
    for inner in preposition.children:
        if inner.pos_ in ("ADP", "SCONJ") and (inner.dep_ == "conj" or (deep and inner.dep_ in ("prep", "pcomp"))):
            yield from _under(inner, deep=True)


def passive(verb: Token) -> bool:
    """Whether a verb is a passive: by its auxiliary or subject, or a participle on its own."""
    labels = {child.dep_ for child in verb.children}
    if labels & {"auxpass", "nsubjpass", "csubjpass"}:
        return True
    if verb.tag_ != "VBN" and not (verb.tag_ == "VBD" and verb.dep_ in ("acl", "amod")):
        return False
    if any(child.dep_ == "aux" and child.lemma_ in ("have", "'ve", "’ve") for child in verb.children):
        return False
    if "agent" in labels:
        return True
    if labels & SUBJECTS or ("dobj" in labels and lemma(verb) not in classes()["giving"]):
        return False
    if verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        return passive(verb.head)
    return True


def subjects(verb: Token) -> list[Token]:
    """Who does what a verb says: its subject, a passive's agent, or whom it shares with another clause."""
    if passive(verb):
        return [t for name, heads in prepositions(verb) if name == "by" for t in heads]
    return [t for c in verb.children if c.dep_ in SUBJECTS for t in referents(c)] or understood(verb)


def object_gap(verb: Token) -> tuple[str, list[Token]]:
    """The role that an object outside its clause fills, and that object: *the town Russia shelled*, *the man they met
    with*, *shelled and bombed the town*; an empty list where there is none."""
    children = list(verb.children)
    if verb.dep_ == "relcl" and any(c.dep_ in SUBJECTS for c in children):
        before = [t for t in verb.subtree if t.i < verb.i]
        if not any(t.lower_ in RELATIVE | {"where", "when", "why"} and t.tag_[0] == "W" for t in before):
            for child in children:
                if (child.dep_ == "prep" and child.i > verb.i and child.lower_ not in classes()["particles"]
                        and not any(True for _ in child.children)):
                    return str(child.lower_), [verb.head]
            timed = lemma(verb.head) in classes()["circumstances"] or verb.head.ent_type_ in TIMES
            if not timed and not any(
                    c.dep_ in ("dobj", "ccomp", "xcomp", "acomp", "attr") for c in children):
                return "obj", [verb.head]
    if not any(c.dep_ in ("dobj", "ccomp", "xcomp", "prep", "attr", "acomp", "oprd", "advcl") for c in children):
        for child in children:
            if child.dep_ == "conj" and child.pos_ == "VERB" and child.i > verb.i and not any(
                    c.dep_ in SUBJECTS | PASSIVE for c in child.children):
                return "obj", [t for c in child.children if c.dep_ == "dobj" for t in referents(c)]
    return "obj", []


def understood(verb: Token) -> list[Token]:
    """The subject that a verb or adjective shares with another clause: lists, control, participles, relatives."""
    seen = set()
    while verb.i not in seen:
        seen.add(verb.i)
        head = verb.head
        if verb.dep_ in ("acl", "relcl", "amod") and head.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "DET"):
            if verb.tag_ == "VB" and head.pos_ == "NOUN":
                return _decides(head)
            return conjuncts(head) if head.dep_ != "conj" and verb.dep_ != "amod" else [head]
        if verb.dep_ not in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "dep", "acomp", "oprd", "pobj"):
            return []
        if verb.dep_ == "advcl" and verb.tag_ != "VB" and any(
                c.dep_ == "mark" and c.lower_ == "as" for c in verb.children):
            # *regards them as linked to*
            held = [c for c in head.children if c.dep_ in ("dobj", "nsubjpass")]
            return [t for h in held for t in referents(h)] or subjects(head)
        if head.pos_ in ("ADP", "SCONJ") and verb.dep_ in ("pcomp", "pobj"):
            controlled = (lemma(head.head) in classes()["gerund_control"]
                          and head.lower_ in ("of", "for", "with", "from", "into", "over"))
            head = head.head
        else:
            controlled = verb.dep_ in ("xcomp", "ccomp") and lemma(head) in classes()["object_control"]
        if head.pos_ == "NOUN":
            return _decides(head)
        objects = [c for c in head.children if c.dep_ in ("dobj", "dative", "iobj") and c.pos_ != "ADP"]
        if controlled and objects:
            return [t for o in objects for t in referents(o)]
        if controlled and verb.dep_ in ("xcomp", "ccomp"):
            # *called on Israel to stop*, *appealed to Russia to stop*
            asked = [t for name, heads in prepositions(head) if name in ("on", "upon", "to", "for") for t in heads]
            if asked and not any(c.dep_ in PASSIVE for c in head.children):
                return asked
        own = [c for c in head.children if c.dep_ in SUBJECTS | PASSIVE]
        if own:
            return [t for s in own for t in referents(s)]
        verb = head
    return []


def _decides(noun: Token) -> list[Token]:
    """Who does what a noun's infinitive or gerund says: *its decision to send*, *the first country to recognise*."""
    if any(c.lower_ in classes()["self_infinitive"] for c in noun.children if c.dep_ in ("amod", "nummod")):
        return [noun]
    if lemma(noun) in classes()["demands"]:
        around = [*prepositions(noun), *(prepositions(noun.head) if noun.dep_ == "dobj" else ())]
        if asked := [t for name, heads in around if name in ("on", "to", "for") for t in heads]:
            return asked
    owners = [t for c in noun.children if c.dep_ == "poss" for t in referents(c)]
    if not owners:
        owners = [t for name, heads in prepositions(noun) if name == "by" for t in heads]
    if not owners:
        owners = [c for c in noun.children if c.dep_ in ("amod", "compound") and c.ent_type_ in NAMED]
    if not owners and noun.dep_ in ("dobj", "attr") and noun.head.pos_ in ("VERB", "AUX"):
        owners = subjects(noun.head)
    return owners
