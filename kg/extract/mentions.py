"""Mentions: which thing each phrase of a document names (coreference by sieves, from sure to unsure).

Names come first (gazetteer, acronyms, surnames of people named before), then phrases that say whose or which they are
(*Ukraine's army*, *the treaty*), then pronouns, each resolved to what was named last and fits; where nothing fits the
phrase stays a thing of its own. What a learned reader is sure of goes before the sieves.
"""

from collections.abc import Callable, Mapping, Sequence

from spacy.tokens import Token

from kg.extract.discourse import ACTORS, Discourse, Link, Named, Referent, clause, listed
from kg.extract.names import Name
from kg.extract.naming import resolve_name
from kg.extract.nominals import GOVERNMENTS, NUMBERS, WINDOW, members, resolve_nominal
from kg.extract.parse import Sentence
from kg.extract.phrases import Kind, Phrase
from kg.model import EntityType

MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})
NEUTER = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
RELATIVE = frozenset({"who", "whom", "whose", "which", "that"})
SPEAKER = frozenset({"i", "me", "my", "mine", "we", "us", "our", "ours"})
SETS = frozenset({"both", "two", "three", "four", "five"})
SURE = 0.6


def read_mentions(discourse: Discourse, sentence: Sentence, phrases: Sequence[Phrase], *, types: Mapping[int, EntityType],
                  found: Mapping[int, Sequence[Name]], links: Mapping[int, Link]) -> dict[int, Named]:
    """What the phrases of the next sentence name, by index.

    `types` and `links` are a learned reader's guesses for phrases, `found` what the gazetteer knows of names, by index.
    Who *I* and *we* are is seen later (`kg.extract.speaking`), as a speaker may be named after the quotation.
    """
    named: dict[int, Named] = {}
    discourse.read.append(named)
    heads = {phrase.head.i: index for index, phrase in enumerate(phrases)}
    order = {Kind.NAME: 0, Kind.NOMINAL: 1, Kind.PRONOUN: 2}
    for index in sorted(range(len(phrases)), key=lambda i: (order[phrases[i].kind], i)):
        phrase = phrases[index]
        capital: Referent | None = None
        referents: tuple[Referent, ...]
        if phrase.kind is Kind.NAME:
            referents, how, capital = resolve_name(discourse, phrase, found.get(index, ()), types.get(index))
        elif (linked := _linked(discourse, links.get(index), phrase)) is not None:
            referents, how = (linked,), "link"
        elif phrase.kind is Kind.NOMINAL:
            referents, how = resolve_nominal(discourse, phrase, types.get(index), named, heads)
        elif phrase.head.lower_ in SPEAKER:
            continue
        else:
            referents, how = _pronoun(discourse, phrase, named, heads)
        if referents:
            named[index] = Named(phrase, referents, how, capital)
            for referent in referents:
                discourse.see(referent, phrase, how)
    _remember_lists(discourse, sentence, heads, named)
    return named


def _linked(discourse: Discourse, link: Link | None, phrase: Phrase) -> Referent | None:
    """What the learned reader is sure that a phrase points back to."""
    if link is None or link.phrase < 0 or link.probability < SURE or phrase.head.dep_ == "appos":
        return None
    earlier = discourse.read[link.sentence].get(link.phrase)
    if earlier is None or len(earlier.referents) != 1:
        return None
    if not (_compatible(discourse, phrase, earlier) if phrase.kind is Kind.NOMINAL else _agrees(phrase, earlier)):
        return None
    if earlier.capital is not None and phrase.head.lower_ in NEUTER | PLURAL:
        return earlier.capital
    return earlier.referents[0]


def _agrees(phrase: Phrase, earlier: Named) -> bool:
    """Whether a pronoun may stand for what was named before, going by person and number."""
    word, kind = phrase.head.lower_, earlier.referents[0].entity.type
    if word in MASCULINE | FEMININE:
        return kind is EntityType.PERSON and earlier.referents[0].gender in ("", "m" if word in MASCULINE else "f")
    return not (word in NEUTER | PLURAL and kind is EntityType.PERSON)


def _compatible(discourse: Discourse, phrase: Phrase, earlier: Named) -> bool:
    """Whether a common noun may name what was named before: by the same noun, or as a thing of its kind."""
    head = phrase.head.lemma_.lower()
    referent = earlier.referents[0]
    if any(head in known.heads and known is not referent for known in discourse.referents if not known.plural):
        return False
    kind = discourse.nouns.type(head, plural=phrase.head.tag_ in ("NNS", "NNPS"))
    if head in GOVERNMENTS and head not in referent.heads:
        return referent.entity.type is EntityType.STATE
    if kind is None or head in referent.heads or referent.entity.type is kind:
        return True
    if referent.entity.type is EntityType.STATE:
        return head in discourse.nouns.stand_for["state"]
    people = (EntityType.PERSON, EntityType.GROUP, EntityType.ARMED_FORCE, EntityType.ARMED_GROUP)
    bodies = (EntityType.ORGANIZATION, EntityType.ARMED_FORCE, EntityType.ARMED_GROUP, EntityType.GROUP)
    return any(kind in alike and referent.entity.type in alike for alike in (people[1:], bodies))


def _remember_lists(discourse: Discourse, sentence: Sentence, heads: Mapping[int, int], named: Mapping[int, Named]) -> None:
    """Remembers lists of actors (*Russia and Iran*): *the two countries* points back to them."""
    for _, item in sorted(named.items()):
        if item.phrase.head.dep_ == "conj" or item.how == "set":
            continue
        together = list(item.referents)
        for token in listed(item.phrase.head):
            other = heads.get(token.i)
            if other is not None and other in named:
                together += [r for r in named[other].referents if r not in together]
        actors = tuple(m for m in together if m.entity.type in ACTORS)
        if len(actors) > 1:
            discourse.sets.append((sentence.index, actors))


def _pronoun(discourse: Discourse, phrase: Phrase, named: Mapping[int, Named],
             heads: Mapping[int, int]) -> tuple[tuple[Referent, ...], str]:
    word = phrase.head.lower_
    if word in RELATIVE:
        antecedent = _antecedent_of_relative(phrase.head)
        index = heads.get(antecedent.i) if antecedent is not None else None
        return (named[index].referents, "relative") if index is not None and index in named else ((), "")
    if word == "other":
        for token in clause(phrase.head).children:
            index = heads.get(token.i) if token.dep_ == "nsubj" else None
            if index is not None and index in named and len(named[index].referents) > 1:
                return named[index].referents, "reciprocal"
    if word in SETS or word == "other":
        return members(discourse, phrase, NUMBERS.get(word, 2), person=None), "set"
    found: Referent | None = None
    if word in MASCULINE | FEMININE:
        gender = "m" if word in MASCULINE else "f"
        found = _salient(discourse, phrase, named, lambda r: r.entity.type is EntityType.PERSON and r.gender in ("", gender))
        if found:
            found.gender = gender
    elif word in NEUTER:
        found = _salient(discourse, phrase, named, lambda r: r.entity.type not in (
            EntityType.PERSON, EntityType.GROUP, EntityType.PLACE, EntityType.THING))
    elif word in PLURAL:
        for index, together in reversed(discourse.sets):
            if phrase.sentence.index - index > 1:
                break
            if any(m.subject for m in together):
                return together, "plural pronoun"
        found = _salient(discourse, phrase, named, lambda r: r.plural or r.entity.type is EntityType.ORGANIZATION)
    return ((found,), "pronoun") if found else ((), "")


def _salient(discourse: Discourse, phrase: Phrase, named: Mapping[int, Named],
             fits: Callable[[Referent], bool]) -> Referent | None:
    """The best antecedent of a pronoun: the subject before it in its sentence, else the last sentence's."""
    here = phrase.sentence.index
    before = [n for n in named.values() if n.phrase.kind is not Kind.PRONOUN and n.phrase.head.i < phrase.head.i
              and not n.phrase.first <= phrase.head.i <= n.phrase.last and len(n.referents) == 1 and fits(n.referents[0])]
    free = phrase.head.tag_ == "PRP$" or phrase.head.lower_.endswith(("self", "selves"))
    if not free:
        # A personal pronoun does not mean a fellow argument of its own verb.
        verb = clause(phrase.head).i
        before = [n for n in before if clause(n.phrase.head).i != verb or n.phrase.head.dep_ not in ("nsubj", "dobj", "nsubjpass")]
    before.sort(key=lambda n: n.phrase.head.i)
    subjects = [n for n in before if n.phrase.head.dep_ in ("nsubj", "nsubjpass")]
    if subjects:
        return subjects[-1].referents[0] if free else subjects[0].referents[0]
    earlier = [r for r in discourse.referents if fits(r) and 0 < here - r.last[0] <= WINDOW]
    earlier.sort(key=lambda r: (r.last[0] == here - 1 and r.subject, r.last[0], r.subject, r.times), reverse=True)
    if before and not (earlier and earlier[0].subject and earlier[0].last[0] == here - 1):
        return before[-1].referents[0]
    return earlier[0] if earlier else before[-1].referents[0] if before else None


def _antecedent_of_relative(token: Token) -> Token | None:
    verb = token.head
    while verb.dep_ not in ("relcl", "acl") and verb.head.i != verb.i:
        verb = verb.head
    return verb.head if verb.dep_ in ("relcl", "acl") else None
