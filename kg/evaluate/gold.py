"""Gold and silver files: what careful readers draw from articles."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ConfigDict, field_validator

from kg.model import Frozen, Modality, Polarity

_PRONOUNS = frozenset({
    "i", "we", "you", "he", "she", "it", "they", "me", "us", "him", "her", "them", "who", "whom", "which", "that",
    "this", "these", "those", "his", "hers", "its", "their", "theirs", "our", "my", "your", "both", "all", "one",
    "two", "three", "others", "another", "himself", "herself", "itself", "themselves"})


class GoldError(ValueError):
    """A gold file that cannot be used; the message says which and why."""


class Annotated(Frozen):
    """What a file of annotations has; fields that are not known are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldClaim(Annotated):
    """A claim as annotated: `s`, `o`, `by` name things of the file; `also` lists relations that are as good."""

    s: str
    r: str
    o: str | None = None
    modality: str = Modality.ASSERTED
    polarity: str = Polarity.POSITIVE
    by: tuple[str, ...] = ()
    when: str | None = None
    where: str | None = None
    required: bool = True
    also: tuple[str, ...] = ()
    sentence: str = ""

    @field_validator("by", "also", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return value or ()

    @field_validator("s", "o", "when", "where", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return value if value is None else str(value)


class Gold(Annotated):
    """What a careful reader draws from one document: its things with every name they go by, its claims, and the traps.

    `path` is the file it was read from.
    """

    document: str
    date: str | None = None
    entities: Mapping[str, tuple[str, ...]]
    claims: tuple[GoldClaim, ...]
    traps: tuple[GoldClaim, ...] = ()
    path: Path

    @field_validator("date", mode="before")
    @classmethod
    def _date_as_text(cls, value: object) -> object:
        return value if value is None else str(value)

    @field_validator("entities", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return {str(k): tuple(map(str, v or ())) for k, v in value.items()} if isinstance(value, dict) else value

    @field_validator("traps", mode="before")
    @classmethod
    def _no_traps(cls, value: object) -> object:
        return value or ()


def load(paths: Iterable[str | Path]) -> list[Gold]:
    """The gold (`.yaml`) and silver (`.jsonl`) files among the paths; of a folder its gold files, or else its silver.

    Raises GoldError where there is none, or one of them cannot be read or has not the form of such a file.
    """
    files: list[Path] = []
    for path in map(Path, paths):
        files += (sorted(path.glob("*.yaml")) or sorted(path.glob("*.jsonl"))) if path.is_dir() else [path]
    if not files:
        raise GoldError(f"no gold files (.yaml, or .jsonl for silver) in {', '.join(map(str, paths)) or 'nothing'}")
    return [_load(file) for file in files]


def _load(path: Path) -> Gold:
    try:
        text = path.read_text(encoding="utf-8")
        fields = _silver(text) if path.suffix == ".jsonl" else yaml.load(
            text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return Gold(**fields, path=path)
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        what = error.strerror if isinstance(error, OSError) else f"no gold file: {' '.join(str(error).split())[:200]}"
        raise GoldError(f"{path}: {what}") from error


def _silver(text: str) -> dict[str, Any]:
    """A silver file as a gold one: a thing answers to its name and to the words that mention it, pronouns aside."""
    head, *rows = (json.loads(line) for line in text.splitlines() if line.strip())
    names: dict[str, list[str]] = {name: [] for name in head["entities"]}
    claims = []
    for row in rows:
        subject, object = row.get("S") or row["s"], row.get("O") or row.get("o")
        for name, words in ((subject, row.get("s")), (object, row.get("o"))):
            if name:
                names.setdefault(name, []).extend([words] if words and words.lower() not in _PRONOUNS else [])
        claims.append({
            "s": subject, "r": row["r"], "o": object, "modality": row.get("m") or Modality.ASSERTED,
            "polarity": row.get("p") or Polarity.POSITIVE, "by": row.get("by"), "when": row.get("when"),
            "where": row.get("where"), "required": row.get("req", True), "sentence": row.get("sent") or ""})
    return {"document": head["doc"], "date": head.get("date"), "entities": names, "claims": claims}
