"""Which part of a graph a page shows, and what it says of the rest."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from kg.graph import PropertyGraph
from kg.model import Frozen
from kg.view.ties import Tie, target, ties


class Selection(Frozen):
    """The ties to draw and the things that they join, the most claimed first; `left_out` says what is missing."""

    things: tuple[str, ...]
    ties: tuple[Tie, ...]
    focus: str | None = None
    left_out: tuple[str, ...] = ()


def select(graph: PropertyGraph, *, focus: str | None = None, depth: int = 1, since: date | None = None,
           until: date | None = None, relation: str | Collection[str] | None = None,
           max_nodes: int | None = None) -> Selection:
    """The part of the graph within `depth` steps of `focus`, between two days, of some relations, of the main things.

    The steps are counted over what the other options leave. A tie falls between the days by when its act took place,
    else by when it was published; where neither is known it stays.

    Raises LookupError where nothing is called `focus`, ValueError where an option makes no sense.
    """
    if depth < 1:
        raise ValueError(f"depth must be 1 or more, not {depth}")
    if max_nodes is not None and max_nodes < 1:
        raise ValueError(f"max_nodes must be 1 or more, not {max_nodes}")
    if since and until and since > until:
        raise ValueError(f"since {since} is later than until {until}")
    every = ties(graph)
    wanted = {relation} if isinstance(relation, str) else set(relation or ())
    kept = [tie for tie in every if (not wanted or tie.relation in wanted) and _between(graph, tie, since, until)]
    left_out = []
    if len(kept) < len(every):
        left_out.append(f"{len(every) - len(kept)} of {len(every)} statements are of other relations or days.")
    centre = _named(graph, focus) if focus is not None else None
    if centre is not None:
        near = _near(centre, kept, depth)
        inside = [tie for tie in kept if set(tie.ends) <= near]
        if len(inside) < len(kept):
            steps = "step" if depth == 1 else "steps"
            left_out.append(f"{len(kept) - len(inside)} statements lie further than {depth} {steps} from "
                            f"{graph.nodes[centre]['label']}.")
        kept = inside
    things = _by_weight(kept, centre)
    if max_nodes is not None and len(things) > max_nodes:
        drawn = set(things[:max_nodes])
        inside = [tie for tie in kept if set(tie.ends) <= drawn]
        fewer = _by_weight(inside, centre)
        left_out.append(
            f"{len(things) - len(fewer)} of {len(things)} things and {len(kept) - len(inside)} of {len(kept)} "
            f"statements are left out: this page shows the {max_nodes} things with the most claims.")
        things, kept = fewer, inside
    return Selection(things=tuple(things), ties=tuple(kept), focus=centre, left_out=tuple(left_out))


def _between(graph: PropertyGraph, tie: Tie, since: date | None, until: date | None) -> bool:
    first, last = tie.first or tie.last, tie.last or tie.first
    if first is None or last is None:
        reported = [day for claim in tie.claims
                    if (day := graph.nodes[target(graph, claim, "REPORTED_IN")].get("published")) is not None]
        if not reported:
            return True
        first, last = min(reported), max(reported)
    return (since is None or last >= since) and (until is None or first <= until)


def _named(graph: PropertyGraph, name: str) -> str:
    """The entity of that id, else label, else alias; the one with the most relationships where several share it."""
    wanted = name.casefold()
    best: list[tuple[int, int, str]] = []
    for key, about in graph.nodes(data=True):
        if "Entity" not in about["labels"]:
            continue
        names = [about["id"].casefold(), about["label"].casefold(), *(a.casefold() for a in about.get("aliases", ()))]
        if wanted in names:
            best.append((min(names.index(wanted), 2), -graph.degree(key), key))
    if not best:
        raise LookupError(f"nothing in the graph is called {name!r}")
    return min(best)[2]


def _near(centre: str, kept: Sequence[Tie], depth: int) -> set[str]:
    neighbours: dict[str, set[str]] = defaultdict(set)
    for tie in kept:
        for end in tie.ends:
            neighbours[end].update(tie.ends)
    near = {centre}
    for _ in range(depth):
        near |= {other for thing in near for other in neighbours[thing]}
    return near


def _by_weight(kept: Sequence[Tie], centre: str | None) -> list[str]:
    """The things that ties join, those with most claims first, the centre before all."""
    weight: Counter[str] = Counter()
    for tie in kept:
        for end in tie.ends:
            weight[end] += len(tie.claims) + len(tie.against)
    if centre is not None:
        weight.setdefault(centre, 0)
    return sorted(weight, key=lambda thing: (thing != centre, -weight[thing], thing))
