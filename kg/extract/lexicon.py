"""The lexicon: which predicates state which relation, and which of their roles are its subject and object.

Entries are data in `ontology/lexicon/*.yaml` (see the README there for the form).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import Field
from spacy.tokens import Token

from kg.extract.arguments import lemma
from kg.extract.predicates import Predicate
from kg.model import Frozen
from kg.ontology import folder, ontology

DEFAULT_ROLES = {
    "verb": (("subj",), ("obj",)),
    "noun": (("subj", "poss", "by", "mod", "of"), ("on", "against", "of", "with", "to", "obj", "place")),
    "adj": (("subj",), ("to", "with", "of", "for", "against")),
}
CORE = frozenset({"subj", "obj", "iobj", "comp", "attr", "via"})
PLURAL_TAGS = frozenset({"NNS", "NNPS", "DT", "CD"})
PLURAL_PRONOUNS = frozenset({"they", "them", "we", "us", "who", "which", "that"})


COUNTS = frozenset({"thousand", "hundred", "dozen", "score", "million", "number", "group", "handful", "contingent", "batch", "lot",
                    "container", "shipment", "consignment", "load", "ton", "tonne", "round", "piece", "series", "battalion"})


class Frame(Frozen):
    """One sense of a predicate: `subject` and `object` list the roles tried in turn; an empty `object` takes none.

    `particle` and `needs` (role to lemmas or labels of names, any of which must head the role; an empty list asks only
    that it be filled) must hold; `unless` (likewise) must not. `sure` is how often the frame is right where it fits, 0 to 1.
    `reciprocal` frames state a symmetric relation, which the members of one list may have with each other. `file` is the
    lexicon file that has it.
    """

    relation: str
    lemma: str
    part: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    particle: str = ""
    needs: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    optional: bool = False
    reciprocal: bool = False
    sure: float = 0.7
    example: str = ""
    file: str = ""


class Hit(NamedTuple):
    """A frame that fits a predicate: the tokens that head subject and object (None: no second party).

    Both are one token where a plural has a symmetric relation within itself (*the two sides met*).
    """

    frame: Frame
    predicate: Predicate
    subject: Token
    object: Token | None


class Lexicon:
    """All frames, found by lemma and part of speech."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        self.frames = tuple(frames)
        self._by_lemma: dict[tuple[str, str], list[Frame]] = defaultdict(list)
        for frame in self.frames:
            self._by_lemma[frame.lemma, frame.part].append(frame)

    def hits(self, predicates: Iterable[Predicate]) -> Iterator[Hit]:
        """Every way in which a frame fits one of the predicates, which are those of one sentence.

        Where several frames of a relation say the same of a predicate, the surest stands.
        """
        found = {predicate.head.i: predicate for predicate in predicates}
        for predicate in found.values():
            best: dict[tuple[str, int, int], Hit] = {}
            for frame in self._by_lemma.get((predicate.lemma, predicate.part), ()):
                for hit in _Fit(frame, predicate, found).hits():
                    key = frame.relation, hit.subject.i, -1 if hit.object is None else hit.object.i
                    if key not in best or best[key].frame.sure < frame.sure:
                        best[key] = hit
            yield from best.values()


class _Fit(NamedTuple):
    """A frame held against a predicate, among all predicates of the sentence by the index of their head."""

    frame: Frame
    predicate: Predicate
    others: Mapping[int, Predicate]

    def hits(self) -> Iterator[Hit]:
        frame, predicate = self.frame, self.predicate
        if frame.particle != predicate.particle and (frame.particle or frame.part == "verb"):
            return
        if any(not self._filled(role, lemmas) for role, lemmas in frame.needs.items()):
            return
        if any(self._filled(role, lemmas) for role, lemmas in frame.unless.items()):
            return
        for subject, object_ in self._pairs():
            yield Hit(frame, predicate, subject, object_)

    def _filled(self, role: str, lemmas: tuple[str, ...]) -> bool:
        tokens = [part for token in self._role(role, self.predicate) for part in (token, *_parts(token))]
        return any(not lemmas or lemma(token) in lemmas or token.ent_type_ in lemmas for token in tokens)

    def _pairs(self) -> Iterator[tuple[Token, Token | None]]:
        """Subjects and objects; the object takes its role first, for *of* and *between* may serve as either."""
        frame = self.frame
        taken, objects = self._first(frame.object, without="")
        _, subjects = self._first(frame.subject, without=taken)
        if taken in frame.subject[:1] or (not subjects and taken in frame.subject):
            # *between A and B*: one role for both
            subjects, objects = objects, []
        both = {token.i for token in subjects}
        objects = [token for token in objects if token.i not in both]
        if objects:
            yield from ((subject, object_) for subject in subjects for object_ in objects)
        elif frame.reciprocal and len(subjects) > 1:
            yield from ((a, b) for n, a in enumerate(subjects) for b in subjects[n + 1:])
        elif frame.reciprocal and len(subjects) == 1 and _plural(subjects[0]):
            yield subjects[0], subjects[0]
        elif frame.optional or not (frame.object or frame.reciprocal):
            yield from ((subject, None) for subject in subjects)

    def _first(self, roles: tuple[str, ...], *, without: str) -> tuple[str, list[Token]]:
        for role in roles:
            if role != without and (found := self._role(role, self.predicate)):
                return role, found
        return "", []

    def _role(self, role: str, predicate: Predicate) -> list[Token]:
        """What fills a role; `in.poss` is what fills `poss` of what fills `in`. An idiom's preposition may hang on the
        object that the idiom needs (*severed ties with*)."""
        name, _, rest = role.partition(".")
        found = predicate.roles.get(name, []) if name != "via" else [predicate.via] if predicate.via else []
        idiom = "obj" in self.frame.needs or name in self.frame.needs
        if not found and predicate is self.predicate and idiom and name not in CORE:
            found = self._role(f"obj.{name}", predicate)
        if rest:
            return [token for head in found if head.i in self.others and self.others[head.i] is not predicate
                    for token in self._role(rest, self.others[head.i])]
        return found


def _parts(token: Token) -> list[Token]:
    """What a count is of (*thousands of troops*, *a group of soldiers*)."""
    if token.pos_ != "NUM" and lemma(token) not in COUNTS:
        return []
    return [inner for child in token.children if child.dep_ == "prep" and child.lower_ == "of"
            for inner in child.children if inner.dep_ == "pobj"]


def _plural(token: Token) -> bool:
    return token.tag_ in PLURAL_TAGS or token.lower_ in PLURAL_PRONOUNS


@cache
def lexicon(path: Path | None = None) -> Lexicon:
    """The lexicon of an ontology folder; without one, the packaged one.

    Raises ValueError naming the file and entry where one is not of the form.
    """
    frames: list[Frame] = []
    for file in sorted(((path or folder()) / "lexicon").glob("predicates-*.yaml")):
        for relation, entries in (yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) or {}).items():
            if relation == "lists":
                continue
            for entry in entries:
                try:
                    frames += _frames(relation, entry, file=file.name, reciprocal=ontology(path).relations[relation].symmetric)
                except (KeyError, TypeError, ValueError) as error:
                    raise ValueError(f"{file}: {relation}: {entry}: {error}") from error
    return Lexicon(frames)


def _frames(relation: str, entry: dict[str, Any], *, file: str, reciprocal: bool) -> Iterator[Frame]:
    """The frames of one entry, one for each of its words."""
    fields = dict(entry)
    for part in DEFAULT_ROLES:
        for word in _listed(fields.pop(part, None)):
            head, _, particle = word.partition(" ")
            subject, object_ = DEFAULT_ROLES[part]
            options = {key: value for key, value in fields.items() if key in ("optional", "sure", "example")}
            yield Frame(
                relation=relation, lemma=head, part=part, particle=particle, reciprocal=reciprocal, file=file,
                subject=_listed(fields.get("s", subject)), object=_listed(fields.get("o", object_)),
                needs={k: _listed(v) for k, v in fields.get("needs", {}).items()},
                unless={k: _listed(v) for k, v in fields.get("unless", {}).items()}, **options)


def _listed(value: Any) -> tuple[str, ...]:
    """A word or a list of words and lists of them (an alias of `lists` among them) as one tuple."""
    if isinstance(value, str):
        return (value,)
    return tuple(word for item in value or () for word in _listed(item))
