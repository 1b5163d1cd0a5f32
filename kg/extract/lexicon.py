"""The lexicon: which predicates state which relation, and which of their roles are its subject and object.

Entries are data in `ontology/lexicon/*.yaml` (see the README there for the form).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from spacy.tokens import Token

from kg.extract.predicates import Predicate
from kg.model import Frozen
from kg.ontology import folder

DEFAULT_ROLES = {
    "verb": (("subj",), ("obj",)),
    "noun": (("subj", "poss", "by", "mod", "of"), ("on", "against", "of", "with", "to")),
}


class Frame(Frozen):
    """One sense of a predicate: `subject` and `object` list the roles tried in turn; an empty `object` takes none.

    `particle` and `needs` (role to lemmas, any of which must head the role; an empty list asks only that it be filled)
    must hold; `unless` (likewise) must not. `sure` is how often the frame is right where it fits, 0 to 1.
    """

    relation: str
    lemma: str
    part: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    particle: str = ""
    needs: dict[str, tuple[str, ...]] = {}
    unless: dict[str, tuple[str, ...]] = {}
    optional: bool = False
    sure: float = 0.7
    example: str = ""


class Hit(NamedTuple):
    """A frame that fits a predicate: the tokens that head subject and object (None: no second party)."""

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
        """Every way in which a frame fits one of the predicates."""
        for predicate in predicates:
            for frame in self._by_lemma.get((predicate.lemma, predicate.part), ()):
                if _fits(frame, predicate):
                    yield from _joined(frame, predicate)


def _fits(frame: Frame, predicate: Predicate) -> bool:
    if frame.particle != predicate.particle and (frame.particle or frame.part == "verb" and predicate.particle):
        return False
    if any(not _filled(predicate, role, lemmas) for role, lemmas in frame.needs.items()):
        return False
    return not any(_filled(predicate, role, lemmas) for role, lemmas in frame.unless.items())


def _filled(predicate: Predicate, role: str, lemmas: tuple[str, ...]) -> bool:
    if role == "via":
        return predicate.via is not None and (not lemmas or predicate.via.lemma_.lower() in lemmas)
    tokens = predicate.roles.get(role, [])
    return any(not lemmas or token.lemma_.lower() in lemmas for token in tokens)


def _joined(frame: Frame, predicate: Predicate) -> Iterator[Hit]:
    subjects = _tokens(frame.subject, predicate)
    taken = {token.i for token in subjects}
    objects = [t for t in _tokens(frame.object, predicate, used=frame.subject if subjects else ()) if t.i not in taken]
    for subject in subjects:
        for object_ in objects:
            yield Hit(frame, predicate, subject, object_)
        if not objects and (frame.optional or not frame.object):
            yield Hit(frame, predicate, subject, None)
        if not objects and not frame.object and len(subjects) == 1:
            yield Hit(frame, predicate, subject, subject)


def _tokens(roles: tuple[str, ...], predicate: Predicate, used: tuple[str, ...] = ()) -> list[Token]:
    for role in roles:
        if found := predicate.roles.get(role):
            return found
    return []


@cache
def lexicon(path: Path | None = None) -> Lexicon:
    """The lexicon in a folder of YAML files; without one, the packaged one.

    Raises ValueError naming the file and entry where one is not of the form.
    """
    frames = []
    for file in sorted((path or folder() / "lexicon").glob("predicates-*.yaml")):
        for relation, entries in (yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}).items():
            for entry in entries:
                try:
                    frames += _frames(relation, entry)
                except (KeyError, TypeError, ValueError) as error:
                    raise ValueError(f"{file}: {relation}: {entry}: {error}") from error
    return Lexicon(frames)


def _frames(relation: str, entry: dict[str, Any]) -> Iterator[Frame]:
    """The frames of one entry, one for each of its words."""
    fields = dict(entry)
    for part in ("verb", "noun"):
        words = fields.pop(part, [])
        for word in [words] if isinstance(words, str) else words:
            lemma, _, particle = word.partition(" ")
            subject, object_ = DEFAULT_ROLES[part]
            options = {key: value for key, value in fields.items() if key not in ("s", "o", "needs", "unless")}
            yield Frame(
                relation=relation, lemma=lemma, part=part, particle=particle,
                subject=_listed(fields.get("s", subject)), object=_listed(fields.get("o", object_)),
                needs={k: _listed(v) for k, v in fields.get("needs", {}).items()},
                unless={k: _listed(v) for k, v in fields.get("unless", {}).items()}, **options)


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())
