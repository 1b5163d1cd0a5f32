"""Pairs of phrases as the learned reader sees them: where two phrases meet in the parse, and how one gets there."""

from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Token

from kg.extract.phrases import Phrase

STEPS = 4
PLURAL = frozenset({"NNS", "NNPS", "PRP", "DT", "CD", "PRP$", "WP", "WDT", "JJ"})


class Pair(NamedTuple):
    """Two phrases of a sentence by index (`object` -1: no second party), the token where their paths to the root
    meet, and features: the steps of both paths, the kinds of both phrases, their order and distance."""

    subject: int
    object: int
    meets: Token
    features: tuple[str, ...]


def pairs(phrases: list[Phrase]) -> Iterator[Pair]:
    """All ordered pairs of the phrases of one sentence, each phrase with itself where it may name several things
    (*the two sides met*), and each alone."""
    paths = [_path(phrase.head) for phrase in phrases]
    own = [_own(phrase) for phrase in phrases]
    for i, subject in enumerate(phrases):
        alone = [f"s^{step}" for _, step in paths[i][:STEPS]]
        meets = paths[i][0][0].head if paths[i] else subject.head
        yield Pair(i, -1, meets, (*alone, *(f"s={o}" for o in own[i]), "alone"))
        for j, object_ in enumerate(phrases):
            if i == j and (subject.head.tag_ not in PLURAL):
                continue
            yield _pair(i, j, subject, object_, paths, own)


def _pair(
    i: int, j: int, subject: Phrase, object_: Phrase, paths: list[list[tuple[Token, str]]], own: list[list[str]]
) -> Pair:
    up = {token.i: n for n, (token, _) in enumerate(paths[i])}
    up[_top(subject.head, paths[i]).i] = len(paths[i])
    steps_down = 0
    meets = _top(object_.head, paths[j])
    for n, (token, _) in enumerate([*paths[j], (meets, "")]):
        if token.i in up:
            steps_down, meets = n, token
            break
    left = [step for _, step in paths[i][: up.get(meets.i, len(paths[i]))]]
    right = [step for _, step in paths[j][:steps_down]]
    distance = object_.head.i - subject.head.i
    features = [f"s^{step}" for step in left[:STEPS]] + [f"o^{step}" for step in right[:STEPS]]
    if len(left) <= STEPS and len(right) <= STEPS:
        features.append(">".join(left) + "|" + ">".join(reversed(right)))
    if left:
        features.append("s1^" + left[-1])
    if right:
        features.append("o1^" + right[-1])
    features += [f"s={o}" for o in own[i]] + [f"o={o}" for o in own[j]]
    features.append("same" if distance == 0 else f"{'+' if distance > 0 else '-'}{min(5, abs(distance).bit_length())}")
    features.append(
        "in"
        if object_.first <= subject.head.i <= object_.last
        else "around"
        if subject.first <= object_.head.i <= subject.last
        else "apart"
    )
    return Pair(i, j, meets, tuple(features))


def _path(head: Token) -> list[tuple[Token, str]]:
    """The tokens from a head up to (not with) the root of its sentence, each with the label of its step."""
    path = []
    token = head
    while token.head.i != token.i:
        step = token.dep_
        if step in ("pobj", "pcomp"):
            step = f"{step}:{token.head.lower_}"
        path.append((token, step))
        token = token.head
    return path


def _top(head: Token, path: list[tuple[Token, str]]) -> Token:
    return path[-1][0].head if path else head


def _own(phrase: Phrase) -> list[str]:
    tags = [phrase.kind.value, phrase.label or "-", phrase.head.tag_]
    if phrase.kind == "pronoun":
        tags.append(phrase.head.lower_)
    return tags
