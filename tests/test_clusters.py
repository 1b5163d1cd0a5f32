"""How far assembly is right on the clusters of `tests/clusters/`; the floors are never lowered silently."""

import random

import pytest
from gold_clusters import assembled, b_cubed, clusters, scored
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.assemble import assemble
from kg.model import Claim, Document
from kg.rdf import assembly_quads


def test_there_are_clusters_enough() -> None:
    assert len(clusters()) >= 12
    assert sum(cluster.held_out for cluster in clusters()) == 3
    assert all(3 <= len(cluster.items) <= 5 for cluster in clusters())


@pytest.mark.parametrize("held_out", [False, True])
def test_entities_events_and_facts_of_the_clusters_are_right(held_out: bool) -> None:
    assembly = assembled(clusters())
    scores = scored([cluster for cluster in clusters() if cluster.held_out is held_out], assembly)
    assert scores.entities >= 0.92, scores.wrong
    assert scores.events >= 0.85, scores.wrong
    assert scores.facts >= 0.95, scores.wrong
    assert scores.contested >= 0.95, scores.wrong


def test_b_cubed_counts_what_is_together_and_what_is_apart() -> None:
    gold = {1: "a", 2: "a", 3: "b"}
    assert b_cubed(gold, {1: "x", 2: "x", 3: "y"}) == 1
    assert b_cubed(gold, {1: "x", 2: "x", 3: "x"}) == pytest.approx(2 * (5 / 9) / (1 + 5 / 9))
    assert b_cubed(gold, {1: "x", 2: "y", 3: "z"}) == pytest.approx(2 * (2 / 3) / (1 + 2 / 3))


def quads(items: list[tuple[Document, list[Claim]]]) -> list[str]:
    claims = [claim for _, found in items for claim in found]
    return sorted(map(str, assembly_quads(assemble(claims, [document for document, _ in items]))))


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=5)
@given(st.randoms())
def test_any_order_of_the_clusters_gives_the_same_bytes(chance: random.Random) -> None:
    items = [item for cluster in clusters() for item in cluster.items]
    once = quads(items)
    again = [(document, chance.sample(claims, len(claims))) for document, claims in items]
    chance.shuffle(again)
    assert quads([*again, *again[:3]]) == once
