"""Turns annotated documents into what the reader sees: `python training/prepare.py OUT.jsonl [--shared ../shared]`."""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import data

from kg.extract import names
from kg.extract.candidates import hints
from kg.extract.chunks import Chunk, chunks
from kg.extract.parse import Sentence, parse
from kg.extract.phrases import Phrase
from kg.extract.reading import Extractor
from kg.model import Document


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--shared", type=Path)
    given = arguments.parse_args()
    documents = list(data.own())
    if given.shared:
        documents += [*data.silver(given.shared), *data.news(given.shared), *data.coded(given.shared)]
    count: Counter[str] = Counter()
    extractor = Extractor(use_reader=False)
    with given.out.open("w", encoding="utf-8") as out:
        parsed = parse(Document.of(d["text"], name=d["id"]) for d in documents)
        for source, (document, sentences) in zip(documents, parsed, strict=True):
            found, _, lexical = extractor.phrases(sentences)
            for chunk in chunks(document, sentences, found, [hints(group) for group in lexical]):
                if chunk.pairs:
                    example = _example(chunk, source)
                    filled = _coded if source["kind"] == "plv" else _annotated
                    count += filled(example, chunk, sentences, found, source)
                    count["chunks"] += 1
                    out.write(json.dumps(example, ensure_ascii=False) + "\n")
    print(dict(count))


def _example(chunk: Chunk, source: dict[str, Any]) -> dict[str, Any]:
    return {
        "document": source["id"],
        "kind": source["kind"],
        "aside": source.get("aside", False),
        "text": chunk.text,
        "spans": chunk.spans,
        "heads": chunk.heads,
        "sentences": chunk.sentences,
        "pairs": chunk.pairs,
        "labels": [],
        "types": {},
        "antecedents": [],
        "codes": [],
    }


def _annotated(
    example: dict[str, Any], chunk: Chunk, sentences: Sequence[Sentence], found: Sequence[Sequence[Phrase]], source: dict[str, Any]
) -> Counter[str]:
    """Puts the claims of a document that fall into a chunk into its example."""
    index = {(number, pair.subject, pair.object): row for row, (number, pair) in enumerate(chunk.keys)}
    position = {where: row for row, where in enumerate(chunk.phrases)}
    called: dict[int, set[str]] = defaultdict(set)
    count: Counter[str] = Counter()
    for claim in source["claims"]:
        number = _sentence_of(claim["spans"]["s"][0], {where[0] for where in chunk.phrases}, sentences)
        if number is None:
            continue
        count["claims"] += 1
        roles = []
        for role in ("s", "o"):
            if claim[role] is None:
                roles.append(-1)
                continue
            phrase = _aligned(found[number], sentences[number], claim["spans"][role])
            roles.append(phrase if phrase is not None else -2)
            if phrase is not None and (number, phrase) in position:
                row = position[number, phrase]
                called[row].add(claim[role.upper()])
                example["types"][row] = source["entities"].get(claim[role.upper()])
        subject, object_ = roles
        if (number, subject, object_) not in index:
            count["lost"] += 1
            continue
        trigger = claim["spans"].get("t")
        inside = trigger and chunk.start <= trigger[0] < chunk.start + len(chunk.text)
        label = [
            claim["r"],
            claim["m"],
            claim["p"] == "negative",
            [trigger[0] - chunk.start, trigger[1] - chunk.start] if trigger and inside else None,
            1.0 if claim["req"] else 0.6,
        ]
        example["labels"].append([index[number, subject, object_], *label])
        turned = (number, object_, subject)
        if claim["r"] in SYMMETRIC and object_ >= 0 and subject != object_ and turned in index:
            example["labels"].append([index[turned], *label])
    links: dict[int, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
    for later, earlier, features in chunk.links:
        links[later].append((earlier, features))
    for row, things in called.items():
        if row in links and len(things) == 1:
            thing = next(iter(things))
            right = [
                thing in called.get(earlier, ()) or _names(found[chunk.phrases[earlier][0]][chunk.phrases[earlier][1]], thing)
                for earlier, _ in links[row]
            ]
            example["antecedents"].append([row, [e for e, _ in links[row]], [f for _, f in links[row]], right])
    return count


def _coded(
    example: dict[str, Any], chunk: Chunk, sentences: Sequence[Sentence], found: Sequence[Sequence[Phrase]], source: dict[str, Any]
) -> Counter[str]:
    index = {(number, pair.subject, pair.object): row for row, (number, pair) in enumerate(chunk.keys)}
    count: Counter[str] = Counter()
    for row in source["rows"]:
        spans = [
            (start, start + len(words)) if words and (start := source["text"].find(words)) >= 0 else None
            for words in (row["source"], row["target"])
        ]
        number = _sentence_of(spans[0][0], {where[0] for where in chunk.phrases}, sentences) if spans[0] else None
        if number is None or spans[0] is None:
            continue
        subject = _aligned(found[number], sentences[number], spans[0])
        object_ = _aligned(found[number], sentences[number], spans[1]) if spans[1] else -1
        if (number, subject, object_) in index:
            example["codes"].append([index[number, subject, object_], row["event"]])
            count["codes"] += 1
    return count


def _sentence_of(offset: int, among: set[int], sentences: Sequence[Sentence]) -> int | None:
    return next(
        (n for n in among if sentences[n].base + sentences[n].span.start_char <= offset < sentences[n].base + sentences[n].span.end_char),
        None,
    )


def _aligned(phrases: Sequence[Phrase], sentence: Sentence, span: tuple[int, int]) -> int | None:
    """The phrase that a span of the document means: by its head, else one inside, else one around it."""
    tokens = [t for t in sentence.span if span[0] < sentence.start(t) + len(t) and sentence.start(t) < span[1]]
    inside = {t.i for t in tokens}
    heads = {t.i for t in tokens if t.head.i not in inside or t.head.i == t.i}

    def candidates() -> Iterator[int]:
        yield from (i for i, p in enumerate(phrases) if p.head.i in heads)
        yield from (i for i, p in enumerate(phrases) if p.head.i in inside)
        yield from (i for i, p in enumerate(phrases) if any(p.first <= h <= p.last for h in heads))

    return next(candidates(), None)


def _names(phrase: Phrase, thing: str) -> bool:
    """Whether the words of a phrase name a thing, going by the names alone."""
    one, other = names.key(phrase.text), names.key(thing)
    if one == other or (len(one) > 2 and (other.endswith(" " + one) or one.endswith(" " + other))):
        return True
    state = names.state(phrase.text)
    return state is not None and state == names.state(thing)


SYMMETRIC = frozenset(relation.id for relation in Extractor(use_reader=False).ontology.relations.values() if relation.symmetric)

if __name__ == "__main__":
    main()
