"""Scores an extractor's claims against gold and silver files, by the names that things go by."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import Field

from kg.evaluate.gold import Gold, GoldClaim, GoldError
from kg.model import Claim, EntityType, Frozen, Mention, Modality, Polarity, Time
from kg.ontology import ontology

Claims = Mapping[str, Sequence[Claim]]
"""The claims of each document, by its name."""

_ATTRIBUTES = ("modality", "polarity", "attribution", "time", "place")
_OVERLONG = 90


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


def score(claims: Claims, gold: Iterable[Gold], *, errors: int = 0) -> Score:
    """Score the claims against the gold files; see `score_gold.py` for what each figure means.

    `errors` is how many misses and false claims a document the report lists. Raises GoldError where a gold claim names
    a thing that its file does not have.
    """
    told_of = {document: stated(found) for document, found in claims.items()}
    states = state_names(one for found in told_of.values() for one in found)
    total: Counter[str] = Counter()
    lines: list[str] = []
    files = 0
    for file in gold:
        files += 1
        count, told = _score_document(told_of.get(file.document, []), file, states, errors)
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


class Stated(Frozen):
    """A claim with its relation in the active direction."""

    claim: Claim
    relation: str
    subject: Mention | None
    object: Mention | None

    @classmethod
    def of(cls, claim: Claim, turned: Mapping[str, str]) -> "Stated":
        """The claim, its relation turned where it has an active inverse."""
        if claim.relation in turned:
            return cls(claim=claim, relation=turned[claim.relation], subject=claim.object, object=claim.subject)
        return cls(claim=claim, relation=claim.relation, subject=claim.subject, object=claim.object)

    @property
    def triple(self) -> tuple[str | None, str, str | None]:
        """Ids of subject, relation and object."""
        return (self.subject.entity.id if self.subject else None, self.relation,
                self.object.entity.id if self.object else None)


def stated(claims: Iterable[Claim]) -> list[Stated]:
    """Claims in the active direction."""
    turned = {relation.inverse: name for name, relation in ontology().relations.items() if relation.inverse}
    return [Stated.of(claim, turned) for claim in claims]


def state_names(stated: Iterable[Stated]) -> dict[str, set[str]]:
    """The names of each state among the claims, by its code."""
    states: dict[str, set[str]] = defaultdict(set)
    for one in stated:
        for mention in (one.subject, one.object):
            if mention and mention.entity.type is EntityType.STATE and mention.entity.country:
                states[mention.entity.country] |= names_of(mention)
    return states


def _score_document(mine: list[Stated], gold: Gold, states: Mapping[str, set[str]],
                    errors: int) -> tuple[Counter[str], list[str]]:
    called = names_called(gold)
    missing = {name for one in (*gold.claims, *gold.traps) for name in (one.s, one.o) if name} - called.keys()
    if missing:
        raise GoldError(f"{gold.path}: claims of {', '.join(sorted(missing))}, not among its entities")

    count: Counter[str] = Counter()
    lines: list[str] = []
    matched: set[int] = set()
    for wanted in gold.claims:
        hits = [(i, one) for i, one in enumerate(mine) if agrees(one, wanted, {wanted.r, *wanted.also}, called, states)]
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
            agrees(one, trap, {trap.r}, called, states) and one.claim.modality in (Modality.ASSERTED, Modality.LIKELY)
            and one.claim.polarity is Polarity.POSITIVE for one in mine)
    return count, lines


def names_called(gold: Gold) -> dict[str, set[str]]:
    """The names that each thing of a gold file answers to."""
    return {name: {normal(string) for string in (name, *others)} for name, others in gold.entities.items()}


def agrees(one: Stated, wanted: GoldClaim, relations: set[str], called: Mapping[str, set[str]],
            states: Mapping[str, set[str]]) -> bool:
    """Whether a claim has one of the relations and the pair that a gold claim has."""
    if one.relation not in relations:
        return False
    s, o = names_of(one.subject, states), names_of(one.object, states)
    ways = [(s, o), (o, s)] if ontology().relations[one.relation].symmetric else [(s, o)]
    return any(a & called[wanted.s] and (not wanted.o or b & called[wanted.o]) for a, b in ways)


def verdicts(claims: Iterable[Claim], gold: Gold) -> dict[str, bool]:
    """Whether each claim of one document, by id, matches a gold claim, required or not."""
    told = stated(claims)
    states = state_names(told)
    called = names_called(gold)
    return {one.claim.id: any(agrees(one, wanted, {wanted.r, *wanted.also}, called, states) for wanted in gold.claims) for one in told}


def _attributes(hits: Sequence[Claim], wanted: GoldClaim,
                called: Mapping[str, set[str]]) -> Iterator[tuple[str, list[bool]]]:
    """For each attribute that the gold claim has: which of the claims that match it have it right."""
    yield "modality", [claim.modality == wanted.modality for claim in hits]
    yield "polarity", [claim.polarity == wanted.polarity for claim in hits]
    yield "attribution", [
        (not wanted.by and not claim.attribution)
        or any({normal(source.entity.label), normal(source.text)} & called.get(name, {normal(name)})
               for source in claim.attribution for name in wanted.by) for claim in hits]
    if wanted.when:
        yield "time", [_same_day(wanted.when, claim.time) for claim in hits]
    if wanted.where:
        names = called.get(wanted.where, set()) | {normal(wanted.where)}
        yield "place", [bool(names_of(claim.place) & names) for claim in hits]


def _false(one: Stated) -> str:
    claim, subject, object = one.claim, one.subject, one.object
    return (f"  false   {subject.entity.label if subject else None} --{one.relation}--> "
            f"{object.entity.label if object else None}   "
            f"[{claim.modality}: {claim.sentence.text[:_OVERLONG]}]")


def normal(text: str) -> str:
    """A name without case, punctuation, possessive and leading article."""
    name = " ".join(re.findall(r"[^\W_]+", text.lower().replace("’s", "").replace("'s", "")))
    return next((name[len(article):] for article in ("the ", "a ", "an ") if name.startswith(article)), name)


def names_of(mention: Mention | None, states: Mapping[str, set[str]] | None = None) -> set[str]:
    """The names of a thing; a group or force with a country answers to its state's names as well."""
    if not mention:
        return set()
    entity = mention.entity
    names = {normal(name) for name in (entity.label, mention.text, *entity.aliases) if name}
    if states and entity.type in (EntityType.GROUP, EntityType.ARMED_FORCE):
        names |= states.get(entity.country or "", set())
    return names


def _same_day(wanted: str, time: Time | None) -> bool:
    """A coarser or finer date than the one wanted counts when the one begins with the other."""
    found = time.value if time else ""
    return bool(found) and (wanted.startswith(found) or found.startswith(wanted)
                            or wanted.split("/")[0] == found.split("/")[0])
