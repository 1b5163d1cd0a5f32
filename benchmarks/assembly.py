"""What assembly costs: `python benchmarks/assembly.py [CLAIMS]` (100,000 unless given).

Claims are made up, with the repetition of news: few actors are in most of it, half of what an article tells was told before by
others, names vary, every twentieth article copies another. Measured are seconds of processor time (a busy machine does not
change them; wall-clock time stands beside): filling the store, assembling everything from it, and adding one document to it; and
the most memory that the process held.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from kg.model import Claim, Document, Entity, EntityType, Mention, Modality, Polarity, Quantity, Span, Time, slug
from kg.ontology import ontology
from kg.pipeline import refresh
from kg.store import Store

PER_DOCUMENT = 17
FIRST = date(2022, 1, 1)
WORDS = ("talks", "border", "envoy", "city", "night", "report", "aid", "army", "council", "vote", "river", "winter", "road", "camp")
RELATIONS = (
    "metWith", "visited", "attacked", "killed", "accused", "demandedOf", "sanctioned", "signed", "supported", "condemned",
    "suppliedArmsTo", "gaveAidTo", "warned", "negotiatedWith", "shelled", "arrested", "withdrewFrom", "leads", "holdsOfficeIn",
    "memberOf")
ENDS = {"signed": EntityType.AGREEMENT, "killed": EntityType.GROUP, "memberOf": EntityType.ORGANIZATION, "visited": EntityType.PLACE}


def made(claims: int, seed: int = 1) -> Iterator[tuple[Document, list[Claim]]]:
    """Documents with that many claims in all."""
    chance = random.Random(seed)
    states = [Entity(id=f"{a}{b}{c}", label=f"{a}{b}{c}land", type=EntityType.STATE, country=f"{a}{b}{c}", sector="GOV")
              for a in "ABCDEF" for b in "KLMNO" for c in "XYZ"]
    people = [_named(EntityType.PERSON, f"{_word(chance)} {_word(chance)}", chance.choice([None, s.id])) for s in states for _ in range(80)]
    bodies = {kind: [_named(kind, f"{_word(chance)} {_word(chance)}", None) for _ in range(900)]
              for kind in (EntityType.ORGANIZATION, EntityType.ARMED_GROUP, EntityType.PLACE)}
    acts: list[tuple[Entity, str, Entity, date]] = []
    text = ""
    for number in range(-(-claims // PER_DOCUMENT)):
        name = f"doc-{number:06}"
        day = FIRST + timedelta(days=number * 1000 // (claims // PER_DOCUMENT + 1))
        if not text or chance.random() > 0.05:
            text = " ".join(f"{chance.choice(WORDS)} {_word(chance)}" for _ in range(200))
        document = Document.of(text, name=name, publisher=f"Paper {chance.randrange(60)}", published=day)
        found = []
        for at in range(min(PER_DOCUMENT, claims - number * PER_DOCUMENT)):
            if acts and chance.random() < 0.5:
                subject, relation, object, when = acts[-1 - min(len(acts) - 1, int(chance.expovariate(1 / 300)))]
            else:
                relation = chance.choice(RELATIONS)
                personal = relation in ("leads", "holdsOfficeIn") or chance.random() < 0.2
                subject = chance.choice(people) if personal else _busy(chance, states)
                object = _object(chance, relation, name, states, bodies)
                when = day - timedelta(days=int(chance.expovariate(0.3)))
                acts.append((subject, relation, object, when))
            if "@" in object.id:
                object = object.model_copy(update={"id": object.id.partition("@")[0] + f"@{name}"})
            if subject.id != object.id:
                found.append(_claim(chance, document, at, subject, relation, object, when, people))
        yield document, found


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(3)).title()


def _busy(chance: random.Random, things: list[Entity]) -> Entity:
    """One of the things, the first far more often than the last (Zipf)."""
    return things[min(len(things) - 1, int(chance.paretovariate(0.9)) - 1)]


def _named(kind: EntityType, label: str, country: str | None) -> Entity:
    return Entity(id=f"{kind.lower()}/{slug(label)}", label=label, type=kind, country=country)


def _object(chance: random.Random, relation: str, name: str, states: list[Entity],
            bodies: dict[EntityType, list[Entity]]) -> Entity:
    kind = ENDS.get(relation)
    if kind is None:
        return _busy(chance, states) if chance.random() < 0.7 else chance.choice(bodies[EntityType.ARMED_GROUP][:40])
    if kind is EntityType.AGREEMENT:
        label = chance.choice(["treaty", "ceasefire", f"{_word(chance)} accord"])
        return Entity(id=f"agreement/{slug(label)}@{name}", label=label, type=kind)
    if kind is EntityType.GROUP:
        label = chance.choice(["civilians", "soldiers", "people", "guards"])
        return Entity(id=f"group/{label}@{name}", label=label, type=kind)
    return _busy(chance, bodies[kind])


def _claim(chance: random.Random, document: Document, at: int, subject: Entity, relation: str, object: Entity, when: date,
           people: list[Entity]) -> Claim:
    def span(place: int) -> dict[str, object]:
        start = (at * 31 + place * 7) % 300
        return {"text": document.text[start:start + 9], "start": start, "end": start + 9}

    denied = chance.random() < 0.04
    polarity = Polarity.NEGATIVE if denied else Polarity.POSITIVE
    modality = chance.choices(list(Modality), (80, 4, 4, 8, 2, 2))[0]
    event_type, mode = ontology().event(relation, modality, polarity)
    value = str(chance.randrange(1, 40))
    sources = (Mention(**span(5), entity=chance.choice(people)),) if chance.random() < 0.35 else ()
    return Claim.of(
        document=document.id, relation=relation, subject=Mention(**span(1), entity=subject), object=Mention(**span(2), entity=object),
        event_type=event_type, mode=mode, polarity=polarity, modality=modality, attribution=sources,
        time=Time(**span(3), value=when.isoformat()) if chance.random() < 0.55 else None,
        quantity=Quantity(**span(4), min=float(value), max=float(value), unit="people") if relation == "killed" else None,
        sentence=Span(**span(0)), trigger=Span(**span(6)), confidence=round(chance.uniform(0.4, 1), 3), extractor="made/1")


@contextmanager
def measured(what: str) -> Iterator[None]:
    processor, clock = time.process_time(), time.monotonic()
    yield
    spent, passed = time.process_time() - processor, time.monotonic() - clock
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{what}: {spent:.1f} s of processor time, {passed:.1f} s by the clock; most memory so far {most:.2f} GB", flush=True)


def flushed(store: Store, items: Iterator[tuple[Document, list[Claim]]]) -> Iterator[tuple[Document, list[Claim]]]:
    """As `kg build` does: what is not on disk yet is held in memory."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % 100 == 0:
            store.flush()


def main() -> None:
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        with Store.open(path, create=True) as store:
            with measured(f"making and storing {claims:,} claims"):
                store.add(flushed(store, made(claims)), read_by="made/1")
            with measured("assembling them from the store"):
                totals = refresh(store)
        print(f"{totals.facts:,} facts, {totals.contested:,} contested")
        *_, (document, found) = made(PER_DOCUMENT * 40, seed=2)
        new = document.model_copy(update={"id": "new", "name": "new"})
        with Store.open(path) as store:
            with measured(f"adding one document of {len(found)} claims"):
                again = [claim.model_copy(update={"id": f"{claim.id}n", "document": "new"}) for claim in found]
                store.add([(new, again)], read_by="made/1")
                refresh(store)
            with measured("taking it away"):
                store.remove("new")
                refresh(store)


if __name__ == "__main__":
    main()
