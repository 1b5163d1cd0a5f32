"""What the page draws as one line: a fact, or what is said of a triple that no fact covers (planned, denied, ...)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from kg.graph import PropertyGraph
from kg.model import Frozen, Modality, Polarity, content_id
from kg.ontology import ontology


class Standing(StrEnum):
    """How a tie stands: the statuses of a fact, and for the rest how its claims commit themselves."""

    REPORTED = "reported"
    ATTRIBUTED = "attributed"
    CONTESTED = "contested"
    PLANNED = "planned"
    DEMANDED = "demanded"
    POSSIBLE = "possible"
    HYPOTHETICAL = "hypothetical"
    DENIED = "denied"
    UNSURE = "unsure"


_SURE = 0.5
"""The confidence from which on an assertion counts, as graph.md has it for facts."""
_OF_MODALITY = {Modality.PLANNED: Standing.PLANNED, Modality.DEMANDED: Standing.DEMANDED,
                Modality.HYPOTHETICAL: Standing.HYPOTHETICAL, Modality.LIKELY: Standing.POSSIBLE,
                Modality.POSSIBLE: Standing.POSSIBLE, Modality.ASSERTED: Standing.UNSURE}


class Tie(Frozen):
    """One line between two things, or at one thing where no second party is named (`object` is "").

    `subject`, `object`, `claims` and `against` are nodes of the graph; `first` and `last` bound the days of the act.
    """

    id: str
    subject: str
    relation: str
    object: str
    standing: Standing
    claims: tuple[str, ...]
    against: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    belief: float | None = None
    publishers: int = 0

    @property
    def ends(self) -> tuple[str, ...]:
        """The things it joins."""
        return (self.subject, self.object) if self.object else (self.subject,)


def ties(graph: PropertyGraph) -> list[Tie]:
    """The ties of a property graph, sorted: its facts, then its claims that stand behind or against none of them.

    Those are gathered by triple and standing: denied where they are negative, else as planned, demanded and so on;
    what is asserted with too little confidence to make a fact is unsure.
    """
    found = list(_facts(graph))
    covered = {claim for tie in found for claim in (*tie.claims, *tie.against)}
    rest: dict[tuple[str, str, str, Standing], list[str]] = defaultdict(list)
    for claim, about in graph.nodes(data=True):
        if "Claim" in about["labels"] and claim not in covered:
            subject, object = target(graph, claim, "SUBJECT"), target(graph, claim, "OBJECT")
            relation = ontology().relations.get(about["relation"])
            if relation and relation.symmetric and object:
                subject, object = sorted((subject, object))
            rest[subject, about["relation"], object, _standing(graph, claim)].append(claim)
    for (subject, name, object, standing), claims in rest.items():
        first, last = _days(graph, claims)
        publishers = {graph.nodes[target(graph, claim, "REPORTED_IN")].get("publisher") for claim in claims}
        found.append(Tie(
            id=content_id(subject, name, object, standing), subject=subject, relation=name, object=object,
            standing=standing, claims=tuple(sorted(claims)), first=first, last=last, publishers=len(publishers)))
    return sorted(found, key=lambda tie: (tie.subject, tie.object, tie.relation, tie.standing, tie.id))


def target(graph: PropertyGraph, node: str, type: str) -> str:
    """Where the node's relationship of that type leads, "" where it has none."""
    return next((end for _, end, edge in graph.out_edges(node, data=True) if edge["type"] == type), "")


def _days(graph: PropertyGraph, claims: Iterable[str]) -> tuple[date | None, date | None]:
    """The first and the last day that the claims give."""
    about = [graph.nodes[claim] for claim in claims]
    bounds = [day for node in about for name in ("earliest", "latest") if (day := node.get(name)) is not None]
    return min(bounds, default=None), max(bounds, default=None)


def _facts(graph: PropertyGraph) -> Iterator[Tie]:
    for subject, object, about in graph.edges(data=True):
        if "fact_id" in about:
            yield Tie(
                id=about["fact_id"], subject=subject, relation=about["relation"], object=object,
                standing=Standing(about["status"]), claims=tuple(f"claim/{c}" for c in about.get("supported_by", ())),
                against=tuple(f"claim/{c}" for c in about.get("contradicted_by", ())), first=about.get("first"),
                last=about.get("last"), belief=about["belief"], publishers=about["publishers"])


def _standing(graph: PropertyGraph, claim: str) -> Standing:
    """How a claim stands that no fact covers. An act without a second party makes no fact, however sure it is."""
    about = graph.nodes[claim]
    if about["polarity"] == Polarity.NEGATIVE:
        return Standing.DENIED
    if about["modality"] == Modality.ASSERTED and about["confidence"] >= _SURE and not target(graph, claim, "OBJECT"):
        return Standing.ATTRIBUTED if target(graph, claim, "ATTRIBUTED_TO") else Standing.REPORTED
    return _OF_MODALITY[about["modality"]]
