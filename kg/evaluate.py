"""Scores an extractor's claims against what people annotated: gold files, silver files, and coded sentences (PLV).

The figures are those of the reference scripts `score_gold.py` and `score_plv.py`, line by line: a run here and a run of
theirs on the exported claims say the same. Claims are given by the name of their document.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ConfigDict, Field, field_validator

from kg.model import Claim, EntityType, Frozen, Mention, Modality, Polarity, Time
from kg.ontology import ontology

Claims = Mapping[str, Sequence[Claim]]
"""The claims of each document, by its name."""

_ATTRIBUTES = ("modality", "polarity", "attribution", "time", "place")
_OVERLONG = 90
_PRONOUNS = frozenset({
    "i", "we", "you", "he", "she", "it", "they", "me", "us", "him", "her", "them", "who", "whom", "which", "that",
    "this", "these", "those", "his", "hers", "its", "their", "theirs", "our", "my", "your", "both", "all", "one",
    "two", "three", "others", "another", "himself", "herself", "itself", "themselves"})

PLV_TYPES = ("ACCUSE", "AGREE", "AID", "ASSAULT", "COERCE", "CONSULT", "COOPERATE", "MOBILIZE", "PROTEST", "REJECT",
             "REQUEST", "SANCTION", "SUPPORT", "THREATEN", "YIELD")
"""The event types of PLV, which knows CONCEDE and RETREAT as YIELD."""

_PLV_SYMMETRIC = frozenset({
    "agreedWith", "metWith", "phoned", "negotiatedWith", "establishedTiesWith", "cooperatedWith", "heldJointDrillsWith",
    "ceasedFireWith", "foughtWith"})
_PLV_STOP = frozenset({"the", "a", "an", "of", "in", "on", "s", "and", "to", "for", "its", "his", "her", "their"})


class GoldError(ValueError):
    """A gold file that cannot be used; the message says which and why."""


class _Annotated(Frozen):
    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldClaim(_Annotated):
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


class Gold(_Annotated):
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


class Coded(_Annotated):
    """A sentence of PLV with what one coder saw in it: who did what (a PLOVER event type) to whom."""

    id: str
    source: str
    target: str | None = None
    event: str


class Score(Frozen):
    """Counts over all documents, and the report in the words of the reference script, its last line the summary."""

    counts: Mapping[str, int] = Field(repr=False)
    lines: tuple[str, ...] = Field(repr=False)
    f1: float
    recall: float
    precision: float
    traps: int

    def __str__(self) -> str:
        return "\n".join(self.lines)


class PlvScore(Frozen):
    """Scores over coded sentences, and the report in the words of the reference script."""

    lines: tuple[str, ...] = Field(repr=False)
    macro_f1: float
    accuracy: float
    coverage: float
    precision: float

    def __str__(self) -> str:
        return "\n".join(self.lines)


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


def score(claims: Claims, gold: Iterable[Gold], *, errors: int = 0) -> Score:
    """Score the claims against the gold files; see `score_gold.py` for what each figure means.

    `errors` is how many misses and false claims a document the report lists. Raises GoldError where a gold claim names
    a thing that its file does not have.
    """
    stated = {document: _stated(found) for document, found in claims.items()}
    states = _state_names(one for found in stated.values() for one in found)
    total: Counter[str] = Counter()
    lines: list[str] = []
    files = 0
    for file in gold:
        files += 1
        count, told = _score_document(stated.get(file.document, []), file, states, errors)
        total.update(count)
        lines += told
        lines.append(f"{file.document[:44]:44s} recall {count['found']:3d}/{count['required']:<3d} "
                     f"precision {count['right']:3d}/{count['claimed']:<3d} traps {count['traps']}/{count['traps.of']}")
    recall = total["found"] / max(1, total["required"])
    precision = total["right"] / max(1, total["claimed"])
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    attributes = "  ".join(f"{name} {total[name] / max(1, total[name + '.of']):.2f}" for name in _ATTRIBUTES)
    lines.append(f"F1 {f1:.3f}  recall {recall:.3f}  precision {precision:.3f}  "
                 f"traps {total['traps']}/{total['traps.of']}  {attributes}  documents {files}")
    return Score(counts=total, lines=tuple(lines), f1=f1, recall=recall, precision=precision, traps=total["traps"])


class _Stated(Frozen):
    """A claim with its relation in the active direction."""

    claim: Claim
    relation: str
    subject: Mention | None
    object: Mention | None

    @classmethod
    def of(cls, claim: Claim, turned: Mapping[str, str]) -> "_Stated":
        if claim.relation in turned:
            return cls(claim=claim, relation=turned[claim.relation], subject=claim.object, object=claim.subject)
        return cls(claim=claim, relation=claim.relation, subject=claim.subject, object=claim.object)

    @property
    def triple(self) -> tuple[str | None, str, str | None]:
        return (self.subject.entity.id if self.subject else None, self.relation,
                self.object.entity.id if self.object else None)


def _stated(claims: Iterable[Claim]) -> list[_Stated]:
    turned = {relation.inverse: name for name, relation in ontology().relations.items() if relation.inverse}
    return [_Stated.of(claim, turned) for claim in claims]


def _state_names(stated: Iterable[_Stated]) -> dict[str, set[str]]:
    """The names of each state among the claims, by its code."""
    states: dict[str, set[str]] = defaultdict(set)
    for one in stated:
        for mention in (one.subject, one.object):
            if mention and mention.entity.type is EntityType.STATE and mention.entity.country:
                states[mention.entity.country] |= _strings(mention)
    return states


def _score_document(mine: list[_Stated], gold: Gold, states: Mapping[str, set[str]],
                    errors: int) -> tuple[Counter[str], list[str]]:
    called = {name: {_norm(string) for string in (name, *others)} for name, others in gold.entities.items()}
    missing = {name for one in (*gold.claims, *gold.traps) for name in (one.s, one.o) if name} - called.keys()
    if missing:
        raise GoldError(f"{gold.path}: claims of {', '.join(sorted(missing))}, not among its entities")

    count: Counter[str] = Counter()
    lines: list[str] = []
    matched: set[int] = set()
    for wanted in gold.claims:
        hits = [(i, one) for i, one in enumerate(mine) if _agrees(one, wanted, {wanted.r, *wanted.also}, called, states)]
        matched.update(i for i, _ in hits)
        if not wanted.required:
            continue
        count["required"] += 1
        count["found"] += bool(hits)
        if hits:
            for name, answers in _attributes([one.claim for _, one in hits], wanted, called):
                count[name + ".of"] += 1
                count[name] += any(answers)
        elif len(lines) < errors:
            lines.append(f"  missed  {wanted.s} --{wanted.r}--> {wanted.o}   [{wanted.sentence}]")
    triples: dict[tuple[str | None, str, str | None], list[int]] = defaultdict(list)
    for i, one in enumerate(mine):
        triples[one.triple].append(i)
    false = [group[0] for group in triples.values() if not matched.intersection(group)]
    count["claimed"] = len(triples)
    count["right"] = len(triples) - len(false)
    lines += [_false(mine[i]) for i in false[:errors]]
    for trap in gold.traps:
        count["traps.of"] += 1
        count["traps"] += any(
            _agrees(one, trap, {trap.r}, called, states) and one.claim.modality in (Modality.ASSERTED, Modality.LIKELY)
            and one.claim.polarity is Polarity.POSITIVE for one in mine)
    return count, lines


def _agrees(one: _Stated, wanted: GoldClaim, relations: set[str], called: Mapping[str, set[str]],
            states: Mapping[str, set[str]]) -> bool:
    if one.relation not in relations:
        return False
    s, o = _strings(one.subject, states), _strings(one.object, states)
    ways = [(s, o), (o, s)] if ontology().relations[one.relation].symmetric else [(s, o)]
    return any(a & called[wanted.s] and (not wanted.o or b & called[wanted.o]) for a, b in ways)


def verdicts(claims: Iterable[Claim], gold: Gold) -> dict[str, bool]:
    """Whether each claim of one document, by id, matches a gold claim, required or not."""
    stated = _stated(claims)
    states = _state_names(stated)
    called = {name: {_norm(string) for string in (name, *others)} for name, others in gold.entities.items()}
    return {one.claim.id: any(_agrees(one, wanted, {wanted.r, *wanted.also}, called, states) for wanted in gold.claims) for one in stated}


def _attributes(hits: Sequence[Claim], wanted: GoldClaim,
                called: Mapping[str, set[str]]) -> Iterator[tuple[str, list[bool]]]:
    """For each attribute that the gold claim has: which of the claims that match it have it right."""
    yield "modality", [claim.modality == wanted.modality for claim in hits]
    yield "polarity", [claim.polarity == wanted.polarity for claim in hits]
    yield "attribution", [
        (not wanted.by and not claim.attribution)
        or any({_norm(source.entity.label), _norm(source.text)} & called.get(name, {_norm(name)})
               for source in claim.attribution for name in wanted.by) for claim in hits]
    if wanted.when:
        yield "time", [_same_day(wanted.when, claim.time) for claim in hits]
    if wanted.where:
        names = called.get(wanted.where, set()) | {_norm(wanted.where)}
        yield "place", [bool(_strings(claim.place) & names) for claim in hits]


def _false(one: _Stated) -> str:
    claim, subject, object = one.claim, one.subject, one.object
    return (f"  false   {subject.entity.label if subject else None} --{one.relation}--> "
            f"{object.entity.label if object else None}   "
            f"[{claim.modality}: {claim.sentence.text[:_OVERLONG]}]")


def _norm(text: str) -> str:
    """A name without case, punctuation, possessive and leading article."""
    name = " ".join(re.findall(r"[^\W_]+", text.lower().replace("’s", "").replace("'s", "")))
    return next((name[len(article):] for article in ("the ", "a ", "an ") if name.startswith(article)), name)


def _strings(mention: Mention | None, states: Mapping[str, set[str]] | None = None) -> set[str]:
    """The names of a thing; a group or force with a country answers to its state's names as well."""
    if not mention:
        return set()
    entity = mention.entity
    names = {_norm(name) for name in (entity.label, mention.text, *entity.aliases) if name}
    if states and entity.type in (EntityType.GROUP, EntityType.ARMED_FORCE):
        names |= states.get(entity.country or "", set())
    return names


def _same_day(wanted: str, time: Time | None) -> bool:
    """A coarser or finer date than the one wanted counts when the one begins with the other."""
    found = time.value if time else ""
    return bool(found) and (wanted.startswith(found) or found.startswith(wanted)
                            or wanted.split("/")[0] == found.split("/")[0])


def load_plv(path: str | Path) -> list[Coded]:
    """The coded sentences of a file, one JSON object a line.

    Raises GoldError where it cannot be read or has not that form.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        return [Coded.model_validate_json(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise GoldError(f"{path}: {' '.join(str(error).split())[:200]}") from error


def score_plv(claims: Claims, gold: Sequence[Coded], *, errors: int = 0) -> PlvScore:
    """Score the claims of single sentences against their coding; see `score_plv.py` for what each figure means."""
    tp: Counter[str] = Counter()
    fp: Counter[str] = Counter()
    fn: Counter[str] = Counter()
    answered = right = typed = paired = 0
    misses: list[str] = []
    for row in gold:
        found = [claim for claim in claims.get(row.id, ()) if _coded(claim) in PLV_TYPES]
        joined = sorted((claim for claim in found if _joins(claim, row)), key=lambda claim: -claim.confidence)
        answer = _coded(joined[0]) if joined else None
        typed += any(_coded(claim) == row.event for claim in found)
        paired += bool(joined)
        answered += answer is not None
        if answer == row.event:
            right += 1
            tp[row.event] += 1
            continue
        fn[row.event] += 1
        if answer:
            fp[answer] += 1
        misses.append(json.dumps({
            "gold": row.model_dump(), "answer": answer,
            "found": [[c.subject.entity.label, c.relation, c.object.entity.label if c.object else None] for c in found],
        }, ensure_ascii=False))
    f1 = {kind: 2 * tp[kind] / max(1, 2 * tp[kind] + fp[kind] + fn[kind]) for kind in PLV_TYPES}
    rows = max(1, len(gold))
    macro, accuracy, coverage = sum(f1.values()) / len(PLV_TYPES), right / rows, answered / rows
    precision = right / max(1, answered)
    return PlvScore(macro_f1=macro, accuracy=accuracy, coverage=coverage, precision=precision, lines=(
        " ".join(f"{kind} {f1[kind]:.2f}" for kind in PLV_TYPES),
        *misses[:errors],
        f"macro-F1 {macro:.3f}  accuracy {accuracy:.3f}  coverage {coverage:.3f}  precision {precision:.3f}  "
        f"type {typed / rows:.3f}  pair {paired / rows:.3f}  rows {len(gold)}"))


def _coded(claim: Claim) -> str | None:
    return "YIELD" if claim.event_type in ("CONCEDE", "RETREAT") else claim.event_type


def _joins(claim: Claim, row: Coded) -> bool:
    """Whether the claim joins the pair of the row."""
    s, o = (_words(mention.text) | _words(mention.entity.label) if mention else set()
            for mention in (claim.subject, claim.object))
    source, target = _words(row.source), _words(row.target or "")
    ways = [(s, o), (o, s)] if claim.relation in _PLV_SYMMETRIC else [(s, o)]
    return any(a & source and (not target or b & target) for a, b in ways)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W_]+", text.lower()) if word not in _PLV_STOP}
