"""What common nouns say: the kind of thing, whom they stand for, which titles head what (`lexicon/nouns.yaml`)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from kg.model import EntityType, Frozen
from kg.ontology import folder


class Nouns(Frozen):
    """`types` of a noun, `stand_for` (what it may stand for, to nouns), `heads` (what is headed, to titles), `titles`
    that precede a person's name (lower case)."""

    types: Mapping[str, tuple[EntityType, ...]]
    stand_for: Mapping[str, frozenset[str]]
    heads: Mapping[str, frozenset[str]]
    titles: frozenset[str]

    def type(self, lemma: str, *, plural: bool) -> EntityType | None:
        """The kind of thing that a noun names: a person in the singular is a group in the plural."""
        types = self.types.get(lemma, ())
        if not types:
            return None
        if plural:
            for wanted in (EntityType.ARMED_FORCE, EntityType.ARMED_GROUP, EntityType.GROUP):
                if wanted in types:
                    return wanted
            return EntityType.GROUP if types[0] is EntityType.PERSON else types[0]
        return types[0]


@cache
def nouns(path: Path | None = None) -> Nouns:
    """The common nouns of `lexicon/nouns.yaml` in an ontology folder; without one, the packaged."""
    data = yaml.safe_load(((path or folder()) / "lexicon" / "nouns.yaml").read_text(encoding="utf-8"))
    types: dict[str, list[EntityType]] = {}
    for name, lemmas in data["types"].items():
        for lemma in lemmas:
            types.setdefault(lemma, []).append(EntityType(name))
    return Nouns(
        types={lemma: tuple(found) for lemma, found in types.items()},
        stand_for={k: frozenset(v) for k, v in data["stand_for"].items()},
        heads={k: frozenset(v) for k, v in data["heads"].items()},
        titles=frozenset(title.lower() for title in data["titles"]),
    )
