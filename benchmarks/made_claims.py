"""A store of made-up claims of any size, for measuring: `python benchmarks/made_claims.py STORE [CLAIMS]`.

Actors are few and busy or many and rare, as in news (Zipf), each relation joins what the ontology allows, and every sentence
differs. The same size gives the same store.
"""

import random
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from kg.assemble import assemble
from kg.model import Claim, Document, Entity, EntityType, Mention, Modality, Polarity, Quantity, Span, Time, slug
from kg.ontology import Relation, ontology
from kg.store import Store

PER_DOCUMENT = 20
SYLLABLES = ("ka", "lo", "mir", "tan", "ves", "or", "bel", "du", "shi", "ren", "pa", "gor", "al", "ne", "qu", "zha", "il", "sto")
FILLER = ("after days of talks", "despite warnings from allies", "as winter set in along the frontier", "in a move that few expected",
          "hours before a summit was due to open", "while mediators waited for an answer", "for the first time since the truce")
PUBLISHERS = tuple(f"{name} {kind}" for name in ("Harbour", "Meridian", "Northern", "Civic", "Capital", "Delta", "Union", "Valley")
                   for kind in ("Post", "Wire", "Herald", "Courier", "Times"))
KINDS = {EntityType.STATE: 150, EntityType.PERSON: 4000, EntityType.ORGANIZATION: 900, EntityType.PLACE: 1500,
         EntityType.GROUP: 1200, EntityType.ARMED_GROUP: 150, EntityType.ARMED_FORCE: 150, EntityType.AGREEMENT: 400,
         EntityType.PROPOSAL: 300, EntityType.OFFICE: 100, EntityType.THING: 900}


def made(claims: int, seed: int = 7) -> Iterator[tuple[Document, list[Claim]]]:
    """Documents with about that many claims in all."""
    chance = random.Random(seed)
    world = _world(chance)
    relations = [relation for relation in ontology().relations.values() if relation.domain and relation.range]
    weights = [1 / (rank + 1) for rank in range(len(relations))]
    for number in range(-(-claims // PER_DOCUMENT)):
        yield _document(number, min(PER_DOCUMENT, claims - number * PER_DOCUMENT), chance, world,
                        chance.choices(relations, weights, k=PER_DOCUMENT))


def store(path: str | Path, claims: int) -> None:
    """Make a store of so many claims, and assemble it."""
    items = list(made(claims))
    with Store.open(path, create=True) as opened:
        opened.add(items)
        every = [claim for _, found in items for claim in found]
        opened.replace_assembly(assemble(every, [document for document, _ in items]), every)


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).title()


def _world(chance: random.Random) -> dict[EntityType, list[Entity]]:
    world: dict[EntityType, list[Entity]] = {}
    seen: set[str] = set()
    for kind, count in KINDS.items():
        entities = []
        while len(entities) < count:
            label = f"{_name(chance)} {_name(chance)}" if kind is EntityType.PERSON else _name(chance)
            if label in seen:
                continue
            seen.add(label)
            code = f"X{len(entities):03d}" if kind is EntityType.STATE else None
            entities.append(Entity(id=code or f"{kind.lower()}/{slug(label)}", label=label, type=kind,
                                   country=code, aliases=(label.upper(),)))
        world[kind] = entities
    return world


def _pick(chance: random.Random, world: dict[EntityType, list[Entity]], kinds: frozenset[EntityType]) -> Entity:
    allowed = sorted(kinds & set(world))
    kind = EntityType.STATE if EntityType.STATE in allowed and chance.random() < 0.5 else chance.choice(allowed)
    entities = world[kind]
    return entities[min(int(len(entities) * chance.random() ** 3), len(entities) - 1)]


def _document(number: int, count: int, chance: random.Random, world: dict[EntityType, list[Entity]],
              relations: list[Relation]) -> tuple[Document, list[Claim]]:
    published = date(2020, 1, 1) + timedelta(days=chance.randrange(1800))
    rows, text = [], ""
    for relation in relations[:count]:
        subject, object, source = (_pick(chance, world, kinds) for kinds in (relation.domain, relation.range,
                                                                           frozenset({EntityType.PERSON, EntityType.ORGANIZATION})))
        if subject.id == object.id:
            continue
        begin = len(text)
        pieces: dict[str, tuple[int, int]] = {}
        day = published - timedelta(days=chance.randrange(30))
        amount = chance.randrange(2, 900)
        for role, words in (("subject", subject.label), ("", " "), ("trigger", relation.label), ("", " "), ("object", object.label),
                            ("", " on "), ("time", f"{day:%d %B %Y}"), ("", " with "), ("quantity", f"{amount} people"),
                            ("", f" {chance.choice(FILLER)}, "), ("source", source.label), ("", " said.")):
            if role:
                pieces[role] = len(text), len(text) + len(words)
            text += words
        rows.append((relation, subject, object, source, day, amount, begin, len(text), pieces))
        text += " "
    document = Document.of(text, name=f"made-{number:06d}", title=f"Report {number}: {_name(chance)} and {_name(chance)}",
                           url=f"https://example.org/{number}", publisher=chance.choice(PUBLISHERS), published=published)
    claims = []
    for relation, subject, object, source, day, amount, begin, end, pieces in rows:
        def span(role: str, at: dict[str, tuple[int, int]] = pieces) -> dict[str, object]:
            start, stop = at[role]
            return {"text": text[start:stop], "start": start, "end": stop}

        modality = chance.choices(list(Modality), (80, 4, 4, 6, 2, 4))[0]
        polarity = Polarity.NEGATIVE if chance.random() < 0.05 else Polarity.POSITIVE
        event_type, mode = ontology().event(relation.id, modality, polarity)
        claims.append(Claim.of(
            document=document.id, subject=Mention(entity=subject, **span("subject")), relation=relation.id,
            object=Mention(entity=object, **span("object")), event_type=event_type, mode=mode, polarity=polarity,
            modality=modality, attribution=(Mention(entity=source, **span("source")),) if chance.random() < 0.5 else (),
            time=Time(value=day.isoformat(), **span("time")),
            quantity=Quantity(min=amount, max=amount, unit="people", **span("quantity")) if chance.random() < 0.3 else None,
            sentence=Span(text=text[begin:end], start=begin, end=end), trigger=Span(**span("trigger")),
            confidence=round(chance.uniform(0.4, 0.99), 3), extractor="made/1"))
    return document, claims


if __name__ == "__main__":
    begun = time.monotonic()
    store(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
    print(f"{time.monotonic() - begun:.0f} s")
