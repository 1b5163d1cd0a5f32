"""What people decided about entities, replayed over what assembly found by itself; the later decision counts."""

from collections.abc import Iterable
from typing import NamedTuple

from kg.model import Judgement

DOCUMENT = "document/"


class Verdict(NamedTuple):
    """The entity that a name of a document stands for, and which judgement says so ("" for none)."""

    entity: str
    because: str


class Judgements:
    """Judgements, in the order in which they were made."""

    def __init__(self, judgements: Iterable[Judgement] = ()) -> None:
        self._into: dict[str, Verdict] = {}
        self._apart: dict[tuple[str, str], Verdict] = {}
        for judgement in judgements:
            said = f"{judgement.verdict} of {judgement.at:%Y-%m-%d}" + (f" by {judgement.by}" if judgement.by else "")
            said += f": {judgement.why}" if judgement.why else ""
            (self._merge if judgement.verdict == "merge" else self._split)(judgement, said)

    def of(self, document: str, local: str, found: str) -> Verdict:
        """What a name of a document stands for, that was found to stand for `found`."""
        verdict = Verdict(found, "")
        if local != found and (found, local) in self._apart:
            verdict = self._apart[found, local]
        seen: set[str] = set()
        while verdict.entity not in seen:
            seen.add(verdict.entity)
            verdict = self._apart.get((verdict.entity, DOCUMENT + document), verdict)
            verdict = self._into.get(verdict.entity, verdict)
        return verdict

    def _head(self, entity: str) -> str:
        while entity in self._into:
            entity = self._into[entity].entity
        return entity

    def _merge(self, judgement: Judgement, said: str) -> None:
        for other in judgement.others:
            for pair, split in list(self._apart.items()):
                if set(pair) == {judgement.entity, other} or (pair[0] == judgement.entity and split.entity == other):
                    del self._apart[pair]
            keep, gone = self._head(judgement.entity), self._head(other)
            # A code says for certain what a thing is; it stays, whichever of the two was named first.
            if "/" in keep and "/" not in gone:
                keep, gone = gone, keep
            if keep != gone:
                self._into[gone] = Verdict(keep, said)

    def _split(self, judgement: Judgement, said: str) -> None:
        documents = sorted(other for other in judgement.others if other.startswith(DOCUMENT))
        for document in documents:
            # What several documents call so, taken out together, is one thing.
            name = f"{judgement.entity}@{documents[0].removeprefix(DOCUMENT)}"
            self._apart[judgement.entity, document] = Verdict(name, said)
        for other in set(judgement.others) - set(documents):
            for one, joined in ((other, judgement.entity), (judgement.entity, other)):
                if one in self._into and self._head(one) == self._head(joined):
                    del self._into[one]
                self._apart[joined, one] = Verdict(one, said)
