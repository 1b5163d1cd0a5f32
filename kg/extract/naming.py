"""Names: which stretches of a sentence are proper names, and which thing each names in its document."""

import re
from collections.abc import Sequence

from spacy.tokens import Token

from kg.extract import names
from kg.extract.discourse import Discourse, Referent
from kg.extract.names import Gazetteer, Name
from kg.extract.parse import Sentence
from kg.extract.phrases import NOT_THINGS, Phrase
from kg.model import Entity, EntityType, slug

LABELS = {
    "State": "GPE", "Place": "LOC", "Person": "PERSON", "Organization": "ORG", "ArmedForce": "ORG", "ArmedGroup": "ORG",
    "Group": "NORP", "Agreement": "LAW",
}
# States that people are called after: the parser's word that it is a person counts.
GIVEN_NAMES = frozenset({"jordan", "georgia", "chad", "israel", "india", "kenya", "german", "guinea", "cuba"})
ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "conj"})
Found = tuple[tuple[Referent, ...], str, Referent | None]


def name_spans(sentence: Sentence, gazetteer: Gazetteer) -> tuple[list[tuple[int, int, str]], dict[int, Sequence[Name]]]:
    """(first, last, label) of every proper name, without overlaps, and what the gazetteer knows, by first token."""
    spans: list[tuple[int, int, str]] = []
    known: dict[int, Sequence[Name]] = {}
    taken: set[int] = set()
    entities = [(e.start, e.end - 1, e.label_) for e in sentence.span.ents if e.label_ not in NOT_THINGS]
    doc = sentence.span.doc

    def claim(first: int, last: int, label: str) -> bool:
        while first < last and (doc[first].lower_ in ("the", "a", "an") or doc[first].is_punct or doc[first].is_space):
            first += 1
        while last > first and _trailing(doc[last]):
            last -= 1
        span = range(first, last + 1)
        if taken & set(span) or not any(doc[i].text[:1].isupper() for i in span):
            return False
        taken.update(span)
        spans.append((first, last, label))
        return True

    for first, last, found in gazetteer.find(sentence.span):
        wider = next((e for e in entities if e[0] <= first and last <= e[1] and (e[0], e[1]) != (first, last)), None)
        # *Macron* inside *Emmanuel Macron*, *EU* inside *EU Council*: the longer name is somebody's own.
        if wider and wider[2] in ("PERSON", "ORG", "FAC", "LAW", "EVENT"):
            rest = (*range(wider[0], first), *range(last + 1, wider[1] + 1))
            if any(doc[i].pos_ == "PROPN" for i in rest):
                continue
        if claim(first, last, LABELS.get(found[0].entity.type, "")):
            known[spans[-1][0]] = found
    for first, last, label in entities:
        claim(first, last, label)
    for token in sentence.span:
        if token.i in taken or not token.text[:1].isupper() or token.pos_ not in ("PROPN", "ADJ", "NOUN"):
            continue
        if names.state(token.text) and not (token.dep_ == "compound" and token.head.ent_type_ == "PERSON"):
            claim(token.i, token.i, "NORP" if token.pos_ == "ADJ" else "GPE")
    return sorted(spans), known


def _trailing(token: Token) -> bool:
    return token.text in ("'s", "’s", "'", "’") or token.is_space or token.is_punct


def resolve_name(discourse: Discourse, phrase: Phrase, found: Sequence[Name], type_: EntityType | None) -> Found:
    """The referent of a name, by which sieve, and the state that a capital's name may mean.

    `found` is what the gazetteer knows of the name, `type_` what a learned reader thinks that it is.
    """
    text = re.sub(r"\s+", " ", phrase.text)
    bare = _without_titles(discourse, text) if phrase.label == "PERSON" else text
    state = names.capital(bare)
    capital = discourse.add(state) if state is not None else None
    # A person whom the text has named goes before what the gazetteer knows by the same surname.
    if (phrase.label in ("PERSON", "") or not found) and (known := _known(discourse, bare, phrase.label == "PERSON")):
        return (known,), "name", capital if known.entity.type is EntityType.PLACE else None
    if found:
        return _from_gazetteer(discourse, bare, found)
    if (state := names.state(bare)) and (phrase.label != "PERSON" or names.key(bare) not in GIVEN_NAMES):
        if _means_people(phrase, bare, state):
            entity = Entity(id=f"group/{state.id.lower()}-{slug(bare)}", label=bare, type=EntityType.GROUP, country=state.id)
            return (discourse.add(entity),), "people", None
        return (discourse.add(state, name=bare),), "state", None
    place = names.place(bare, discourse.gazetteer) if phrase.label in ("GPE", "LOC", "FAC", "") or capital else None
    if place is not None:
        return (discourse.add(place, name=bare),), "place", capital
    kind = _kind(discourse, phrase, type_)
    head = phrase.head.lemma_.lower() if kind is not EntityType.PERSON else ""
    return (discourse.add(_entity(discourse, bare, kind, phrase), head=head, name=bare),), "name", None


def _means_people(phrase: Phrase, text: str, state: Entity) -> bool:
    return (phrase.label == "NORP" and phrase.head.tag_ in ("NNPS", "NNS") and phrase.head.dep_ in ARGUMENTS
            and names.key(text) not in names.key(state.label))


def _kind(discourse: Discourse, phrase: Phrase, type_: EntityType | None) -> EntityType:
    guess = names.TYPES.get(phrase.label)
    kind = type_ if type_ is not None and (guess is None or phrase.label not in ("PERSON", "GPE")) else guess
    if kind is EntityType.STATE:
        kind = EntityType.PLACE
    noun = discourse.nouns.type(phrase.head.lemma_.lower(), plural=False)
    if noun in (EntityType.AGREEMENT, EntityType.PROPOSAL, EntityType.ORGANIZATION):
        kind = noun
    return kind or EntityType.THING


def _entity(discourse: Discourse, text: str, kind: EntityType, phrase: Phrase) -> Entity:
    """A new entity for a name; a lone surname means nothing outside its document."""
    name = re.sub(r"^(the|The|a|A|an) ", "", text).strip(" ,.'’\"“”")
    local = kind is EntityType.PERSON and " " not in name
    identity = f"{kind.lower()}/{slug(name)}" + (f"@{discourse.document.id}" if local else "")
    return Entity(id=identity, label=name or text, type=kind, country=discourse.country(phrase))


def _from_gazetteer(discourse: Discourse, text: str, found: Sequence[Name]) -> Found:
    day = discourse.document.published.isoformat() if discourse.document.published else ""
    named = next((n for n in found if n.entity.id in discourse.by_id), None)
    serving = next((n for n in found if day and n.term[0] and n.term[0] <= day and (
        not n.term[1] or day[: len(n.term[1])] <= n.term[1])), None)
    choice = named or serving or found[0]
    referent = discourse.add(choice.entity, name=text)
    if choice.entity.type is EntityType.STATE:
        return (referent,), "stands for", None
    referent.titles.update(choice.titles)
    return (referent,), "gazetteer", None


def _without_titles(discourse: Discourse, text: str) -> str:
    words = re.sub(r"['’]s?$", "", text).split(" ")
    while len(words) > 1 and words[0].strip(".").lower() in discourse.nouns.titles:
        words = words[1:]
    return " ".join(words)


def _known(discourse: Discourse, text: str, person: bool) -> Referent | None:
    """Something named before by this name, its acronym or (of people) a part of it."""
    if exact := discourse.called(text):
        return exact
    known = discourse.by_name
    wanted = names.key(text)
    if text.isupper() and 2 <= len(text) <= 7 and names.state(text) is None:
        for referent in reversed(discourse.referents):
            if any(_acronym(name) == text for name in (referent.entity.label, *referent.names)):
                known.setdefault(wanted, []).append(referent)
                return referent
    if not person:
        return None
    parts = set(re.split("[ -]", wanted))
    matches = [r for r in discourse.referents if r.entity.type is EntityType.PERSON and _same_person(parts, r)]
    if not matches:
        return None
    best = max(matches, key=lambda r: r.last)
    if len(parts) > len(best.entity.label.split(" ")) and "@" in best.entity.id:
        # The full name comes after the surname: from here on the document knows who it is.
        full = Entity(id=f"person/{slug(text)}", label=text, type=EntityType.PERSON, country=best.entity.country)
        if full.id not in discourse.by_id:
            best.names.add(best.entity.label)
            best.entity = full
            discourse.by_id[full.id] = best
    known.setdefault(wanted, []).append(best)
    return best


def _acronym(name: str) -> str:
    words = [word for word in re.findall(r"\w+", name) if word[0].isupper()]
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _same_person(parts: set[str], referent: Referent) -> bool:
    """Whether a name is a part of a person's, or the other way round; *Sharon Robinson* is not the *Robinson* who was Peter."""
    called = [set(re.split("[ -]", names.key(name))) for name in (referent.entity.label, *referent.names)]
    full = [known for known in called if len(known) > 1]
    return any(parts & known and (parts <= known or known <= parts) for known in (full if len(parts) > 1 and full else called))
