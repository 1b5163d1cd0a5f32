"""Common nouns: whether a phrase names something of its own, or what was named before (*the treaty*, *both sides*)."""

import re
from collections.abc import Mapping

from kg.extract import names
from kg.extract.discourse import ACTORS, BODIES, Discourse, Named, Referent, sector
from kg.extract.phrases import Kind, Phrase
from kg.model import Entity, EntityType, slug

DEFINITE = frozenset({"the", "this", "that", "these", "those", "its", "his", "her", "their", "said", "such"})
NUMBERS: Mapping[str, int] = {"two": 2, "both": 2, "pair": 2, "three": 3, "trio": 3, "four": 4, "five": 5, "other": 2}
GOVERNMENTS = frozenset({"government", "regime", "administration"})
# Nouns that stand for too many things to point back by themselves.
VAGUE = frozenset({"neighbor", "neighbour", "ally", "side", "power", "official", "group", "force", "man", "woman"})
STAND_FOR: tuple[tuple[str, tuple[EntityType, ...]], ...] = (
    ("state", (EntityType.STATE,)),
    ("organization", (EntityType.ORGANIZATION, EntityType.ARMED_GROUP, EntityType.ARMED_FORCE)),
    ("agreement", (EntityType.AGREEMENT,)),
    ("proposal", (EntityType.PROPOSAL, EntityType.AGREEMENT)),
    ("place", (EntityType.PLACE,)),
    ("person", (EntityType.PERSON,)),
)
NEAR = 3
WINDOW = 4


def resolve_nominal(discourse: Discourse, phrase: Phrase, type_: EntityType | None, named: Mapping[int, Named],
                    heads: Mapping[int, int]) -> tuple[tuple[Referent, ...], str]:
    """The referents of a common noun and by which sieve; `named` are the phrases of the sentence resolved so far, `heads`
    the phrases by their head's token index, `type_` what a learned reader thinks that it names."""
    head = phrase.head.lemma_.lower()
    plural = phrase.head.tag_ in ("NNS", "NNPS")
    first = phrase.tokens[0]
    definite = first.lower_ in DEFINITE or first.dep_ == "poss" or first.tag_ in ("PRP$", "WP$")
    if named_beside := _apposition(discourse, phrase, head, plural, named, heads):
        named_beside.titles.add(head)
        named_beside.heads.add(head)
        return (named_beside,), "apposition"
    if (definite or plural) and (members := _parties(discourse, phrase, head)):
        return members, "set"
    country = discourse.country(phrase)
    if definite and not plural and (antecedent := _antecedent(discourse, phrase, head, country)):
        return (antecedent,), "definite"
    if head in GOVERNMENTS and (owner := _owner(discourse, phrase, country, named, heads)):
        return (owner,), "stands for state"
    return _new(discourse, phrase, _kind(discourse, head, plural, type_), head, country, definite)


def _kind(discourse: Discourse, head: str, plural: bool, type_: EntityType | None) -> EntityType:
    known = discourse.nouns.type(head, plural=plural)
    people = (EntityType.PERSON, EntityType.GROUP)
    kind = known if type_ is None or (known in people and type_ in people) else type_
    if kind is EntityType.STATE:
        return EntityType.GROUP if plural else EntityType.THING if head in ("country", "nation") else EntityType.ORGANIZATION
    return kind or EntityType.THING


def _new(discourse: Discourse, phrase: Phrase, kind: EntityType, head: str, country: str | None,
         definite: bool) -> tuple[tuple[Referent, ...], str]:
    text = label(phrase)
    if country:
        words = (t.lemma_ for t in phrase.tokens if t.pos_ in ("NOUN", "ADJ", "PROPN") and not names.state(t.text))
        identity = f"{kind.lower()}/{country.lower()}-{slug(' '.join(words) or head)}"
        if kind is EntityType.PERSON:
            identity += f"@{discourse.document.id}"
    else:
        same = discourse.called(text)
        if same is not None and (definite or same.entity.type is not EntityType.PERSON):
            return (same,), "same words"
        identity = f"{kind.lower()}/{slug(text)}@{discourse.document.id}"
    entity = Entity(id=identity, label=text, type=kind, country=country, sector=sector(head))
    return (discourse.add(entity, head=head, name=text),), "nominal"


def label(phrase: Phrase) -> str:
    """The words of a phrase without determiners and quotation marks in front."""
    words = list(phrase.tokens)
    while len(words) > 1 and (words[0].dep_ in ("det", "predet") or words[0].tag_ in ("PRP$", "DT", "WP$", "POS")
                              or words[0].is_punct or words[0].is_space):
        words = words[1:]
    return re.sub(r"\s+", " ", phrase.sentence.span.doc[words[0].i : words[-1].i + 1].text)


def _apposition(discourse: Discourse, phrase: Phrase, head: str, plural: bool, named: Mapping[int, Named],
                heads: Mapping[int, int]) -> Referent | None:
    """What a noun beside a name, or said to be one, names (*Ukraine's president, Volodymyr Zelenskiy*)."""
    beside = [c for c in phrase.head.children if c.dep_ == "appos"]
    if phrase.head.dep_ == "appos":
        beside.append(phrase.head.head)
    if phrase.head.dep_ == "attr" and not plural:
        beside += [c for c in phrase.head.head.children if c.dep_ == "nsubj"]
    for token in beside:
        index = heads.get(token.i)
        other = named.get(index) if index is not None else None
        if other and len(other.referents) == 1 and other.phrase.kind is Kind.NAME and _may_be(discourse, other.referents[0], head, plural):
            return other.referents[0]
    return None


def _may_be(discourse: Discourse, referent: Referent, head: str, plural: bool) -> bool:
    kind = discourse.nouns.type(head, plural=plural)
    type_ = referent.entity.type
    if kind is None:
        return type_ not in (EntityType.PERSON, EntityType.STATE)
    if type_ is EntityType.STATE:
        return head in discourse.nouns.stand_for["state"]
    if EntityType.PERSON in (kind, type_):
        return kind is type_
    return type_ in (kind, EntityType.THING, EntityType.ORGANIZATION, EntityType.ARMED_GROUP, EntityType.ARMED_FORCE)


def _antecedent(discourse: Discourse, phrase: Phrase, head: str, country: str | None) -> Referent | None:
    """What a definite singular phrase points back to."""
    stand_for = discourse.nouns.stand_for
    recent = discourse.recent()
    modifiers = [t for t in phrase.tokens if t.i != phrase.head.i and t.pos_ in ("ADJ", "NOUN", "PROPN")
                 and t.dep_ != "poss" and not names.state(t.text)]
    for referent in recent:
        if head in referent.heads and not referent.plural and (not country or referent.entity.country in (country, None)):
            called = " ".join(referent.names).lower()
            if not modifiers or any(t.lemma_.lower() in called for t in modifiers):
                return referent
    if head in stand_for["person"]:
        for referent in recent:
            bears = head in referent.titles | referent.heads or any(head in title.split(" ") for title in referent.titles)
            if referent.entity.type is EntityType.PERSON and bears and (
                    not country or referent.entity.country in (country, None)):
                return referent
        if country and not modifiers:
            holder = discourse.gazetteer.office(country, head, discourse.document.published)
            if holder is not None:
                return discourse.add(holder)
    if country or modifiers or (head in VAGUE and head not in stand_for["organization"]):
        return None
    for wanted, types in STAND_FOR:
        if head not in stand_for[wanted] or (wanted == "state" and head in VAGUE) or (
                wanted == "person" and (phrase.tokens[0].lower_ != "the" or head in VAGUE)):
            continue
        for referent in recent:
            near = phrase.sentence.index - referent.last[0] <= NEAR
            if referent.entity.type in types and near and referent.last != (phrase.sentence.index, phrase.head.i):
                return referent
    return None


def _owner(discourse: Discourse, phrase: Phrase, country: str | None, named: Mapping[int, Named],
           heads: Mapping[int, int]) -> Referent | None:
    """The state whose government a phrase means (*the Syrian government*, *Mr Mugabe's government*)."""
    if country is None:
        for child in phrase.head.children:
            index = heads.get(child.i) if child.dep_ == "poss" else None
            if index is not None and index in named and len(named[index].referents) == 1:
                owner = named[index].referents[0].entity
                country = owner.country if owner.type in (EntityType.PERSON, EntityType.STATE) else None
    state = names.by_iso3(country)
    return discourse.add(state) if state is not None else None


def _parties(discourse: Discourse, phrase: Phrase, head: str) -> tuple[Referent, ...]:
    """The members that *both sides*, *the two leaders*, *the three countries* stand for."""
    number = next((NUMBERS[t.lower_] for t in phrase.tokens if t.lower_ in NUMBERS), 0)
    sides = phrase.tokens[0].lower_ in ("the", "their", "these") and head in ("side", "party") and phrase.head.tag_ == "NNS"
    if head not in discourse.nouns.stand_for["parties"] or not (number or sides):
        return ()
    return members(discourse, phrase, number, person=discourse.nouns.type(head, plural=False) is EntityType.PERSON)


def members(discourse: Discourse, phrase: Phrase, number: int, *, person: bool | None) -> tuple[Referent, ...]:
    """The last list of `number` actors (people, others, or either) near a phrase, else the last that many named."""
    here = phrase.sentence.index

    def fits(referent: Referent) -> bool:
        if person is None:
            return referent.entity.type in ACTORS
        return referent.entity.type in ((EntityType.PERSON,) if person else (*BODIES, EntityType.GROUP))

    for index, listed in reversed(discourse.sets):
        if here - index > WINDOW:
            break
        if all(fits(m) for m in listed) and (not number or len(listed) == number):
            return listed
    wanted = number or 2
    recent = [r for r in discourse.recent() if fits(r) and here - r.last[0] <= WINDOW]
    states = [r for r in recent if r.entity.type is EntityType.STATE]
    if person is False and len(states) >= wanted:
        recent = states
    return tuple(recent[:wanted]) if len(recent) >= wanted else ()
