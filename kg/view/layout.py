"""Where things stand on the page: computed beforehand and the same at every run, so that the page need not."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import networkx as nx
import numpy as np
import numpy.typing as npt

Points: TypeAlias = npt.NDArray[np.float64]

SPACING = 110.0
"""The distance that two joined things should have, in pixels at full size."""
_ROOM = np.array([96.0, 58.0])
_CORE = 300
_STEPS = 40
_PUSHES = 150
_SLACK = 0.5
_SAMPLE = 2000


def layout(size: int, pairs: Mapping[tuple[int, int], float]) -> list[tuple[float, float]]:
    """Positions of the things 0 .. size-1, joined in `pairs` (smaller number first) with a weight.

    Every connected part is laid out by springs and repulsion, no label runs into another, and the parts are packed
    beside one another, the largest first.
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_weighted_edges_from((a, b, weight) for (a, b), weight in sorted(pairs.items()) if a != b)
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part))
    places = [_spread(_part(graph, part)) for part in parts]
    points: Points = np.zeros((size, 2))
    for part, place in zip(parts, _packed(places), strict=True):
        points[part] = place
    return [(round(float(x), 1), round(float(y), 1)) for x, y in points]


def _part(graph: "nx.Graph[int]", part: Sequence[int]) -> Points:
    """One connected part: its best-joined things by stress, the rest around those that they are joined to."""
    ranked = sorted(part, key=lambda node: (-graph.degree(node), node))
    core = graph.subgraph(ranked[:_CORE])
    points: dict[int, npt.NDArray[np.float64]] = {}
    for piece in sorted(map(sorted, nx.connected_components(core)), key=len, reverse=True):
        points.update(zip(piece, _stress(nx.Graph(core.subgraph(piece)), piece), strict=True))
    turn = np.pi * (3 - np.sqrt(5))
    for number, node in enumerate(ranked[_CORE:]):
        near = [points[other] for other in sorted(graph[node]) if other in points]
        centre = np.mean(near, axis=0) if near else np.zeros(2)
        points[node] = centre + SPACING * np.array([np.cos(turn * number), np.sin(turn * number)])
    return np.array([points[node] for node in part])


def _stress(graph: "nx.Graph[int]", nodes: Sequence[int]) -> Points:
    """Stress majorization (Gansner, Koren and North 2004): distances on the page follow steps through the graph.

    It starts from classical scaling, which needs no random numbers. The ends of a line stand the further apart the more
    lines they have, so that busy things get room.
    """
    count = len(nodes)
    if count == 1:
        return np.zeros((1, 2))
    for a, b, about in graph.edges(data=True):
        about["length"] = 1 + np.log1p(min(graph.degree(a), graph.degree(b)) - 1) / 2
    steps = np.asarray(nx.floyd_warshall_numpy(graph, nodelist=nodes, weight="length"))
    middle = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(middle @ (-0.5 * steps ** 2) @ middle)
    points = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0))
    angle = np.arange(count) * np.pi * (3 - np.sqrt(5))
    points = points + 0.05 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    np.fill_diagonal(steps, np.inf)
    weights = 1 / steps ** 2
    np.fill_diagonal(steps, 0)
    inverse = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights, hermitian=True)
    for _ in range(_STEPS):
        ratio = -weights * steps / _gaps(points)
        np.fill_diagonal(ratio, -ratio.sum(axis=1))
        points = inverse @ (ratio @ points)
    return np.asarray(points * SPACING, dtype=np.float64)


def _spread(points: Points) -> Points:
    """The points, pushed apart until each has room for its name."""
    points = _scaled(points)
    for _ in range(_PUSHES):
        order = np.argsort(points[:, 0], kind="stable")
        sorted_points = points[order]
        moves = np.zeros_like(points)
        for ahead in range(1, len(points)):
            gap = sorted_points[ahead:] - sorted_points[:-ahead]
            if gap[:, 0].min() >= _ROOM[0]:
                break
            overlap = np.maximum(_ROOM - np.abs(gap), 0)
            overlap[overlap.min(axis=1) <= _SLACK] = 0
            sideways = overlap[:, 0] / _ROOM[0] < overlap[:, 1] / _ROOM[1]
            overlap[np.stack([~sideways, sideways], axis=1)] = 0
            push = overlap / 2 * np.where(gap >= 0, 1, -1)
            moves[ahead:] += push
            moves[:-ahead] -= push
        if not moves.any():
            break
        points[order] += moves * 0.6
    return points


def _scaled(points: Points) -> Points:
    """The points, so far apart that half of them have their nearest neighbour within a label's width."""
    if len(points) < 2:
        return points
    gaps = _gaps(points[:_SAMPLE])
    np.fill_diagonal(gaps, np.inf)
    usual = float(np.median(gaps.min(axis=1)))
    scaled: Points = points * (_ROOM[0] / max(usual, 1e-6)) * np.array([1.15, 1.0])
    return scaled


def _gaps(points: Points) -> Points:
    """The distances of all from all, never quite none."""
    squares = np.einsum("ij,ij->i", points, points)
    gaps: Points = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * points @ points.T, 1e-12))
    return gaps


def _packed(places: Sequence[Points]) -> list[Points]:
    """The parts on shelves: the first as it is, the others in rows as wide as it, below."""
    if not places:
        return []
    margin = _ROOM * 1.4
    area = sum(float(np.prod(np.ptp(place, axis=0) + margin)) for place in places)
    width = max(float(np.ptp(places[0][:, 0])) + margin[0], np.sqrt(area) * 1.1)
    packed, x, y, tall = [], 0.0, 0.0, 0.0
    for place in places:
        wide, high = np.ptp(place, axis=0) + margin
        if x and x + wide > width:
            x, y, tall = 0.0, y + tall, 0.0
        packed.append(place - place.min(axis=0) + np.array([x, y]) + margin / 2)
        x, tall = x + wide, max(tall, high)
    return packed
