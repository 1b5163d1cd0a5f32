"""Documents, claims and assemblies made up by Hypothesis: any text, any ids, every field."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from kg.model import (
    Assembly,
    Claim,
    DateRange,
    Document,
    Entity,
    EntityType,
    Event,
    Fact,
    FactStatus,
    Mention,
    Merge,
    Modality,
    Polarity,
    Quantity,
    QuantityRange,
    Span,
    Time,
)
from kg.ontology import ontology

# Everything but surrogates, which are no characters; control characters and the far planes included.
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
IDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
AMOUNTS = st.none() | st.floats(min_value=0, allow_nan=False)
RELATIONS = sorted(ontology().relations)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def times() -> st.SearchStrategy[str]:
    """ISO 8601 days, months, years and intervals of days, open ones too."""
    intervals = st.tuples(DAYS, DAYS).map(sorted)
    return st.one_of(
        DAYS.map(date.isoformat), DAYS.map(lambda day: f"{day:%Y-%m}"), DAYS.map(lambda day: f"{day:%Y}"),
        DAYS.map(lambda day: f"{day}/.."), DAYS.map(lambda day: f"../{day}"),
        intervals.map(lambda pair: f"{pair[0]}/{pair[1]}"))


@st.composite
def entities(draw: st.DrawFn) -> Entity:
    return Entity(
        id=draw(IDS), label=draw(TEXT), type=draw(st.sampled_from(EntityType)), country=draw(st.none() | TEXT),
        sector=draw(st.none() | TEXT), wikidata=draw(st.none() | IDS), aliases=tuple(draw(st.lists(TEXT, max_size=3))))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60))
    optional = st.none() | TEXT
    return Document.of(
        text, name=draw(IDS), url=draw(st.none() | IDS), title=draw(optional), publisher=draw(st.none() | IDS),
        published=draw(st.none() | DAYS), published_from=draw(optional), language=draw(IDS), source=draw(optional),
        body=tuple(draw(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3))))


@st.composite
def claims(draw: st.DrawFn, document: Document, things: list[Entity]) -> Claim:
    def span() -> dict[str, Any]:
        start = draw(st.integers(0, len(document.text)))
        end = draw(st.integers(start, len(document.text)))
        return {"text": document.text[start:end], "start": start, "end": end}

    def mention() -> Mention:
        return Mention(**span(), entity=draw(st.sampled_from(things)))

    def maybe(build: Any) -> Any:
        return build() if draw(st.booleans()) else None

    return Claim.of(
        document=document.id, subject=mention(), relation=draw(st.sampled_from(RELATIONS) | IDS), object=maybe(mention),
        event_type=draw(st.none() | IDS), mode=draw(st.none() | TEXT), polarity=draw(st.sampled_from(Polarity)),
        modality=draw(st.sampled_from(Modality)), attribution=tuple(mention() for _ in range(draw(st.integers(0, 2)))),
        time=maybe(lambda: Time(value=draw(times()), **span())), place=maybe(mention),
        quantity=maybe(lambda: Quantity(min=draw(AMOUNTS), max=draw(AMOUNTS), unit=draw(st.none() | TEXT),
                                        approximate=draw(st.booleans()), **span())),
        sentence=Span(**span()), trigger=Span(**span()), confidence=draw(st.floats(0, 1)), extractor=draw(IDS))


@st.composite
def read_documents(draw: st.DrawFn, *, most: int = 4) -> tuple[Document, list[Claim]]:
    """A document with claims of it, each id once."""
    document = draw(documents())
    things = draw(st.lists(entities(), min_size=1, max_size=4))
    found = draw(st.lists(claims(document, things), max_size=most, unique_by=lambda claim: claim.id))
    return document, found


@st.composite
def assemblies(draw: st.DrawFn) -> Assembly:
    """An assembly of any content: what it says need not follow from claims."""
    def some_ids() -> tuple[str, ...]:
        return tuple(sorted(draw(st.sets(IDS, max_size=2))))

    def fact(id: str) -> Fact:
        return Fact(
            id=id, subject=draw(IDS), relation=draw(st.sampled_from(RELATIONS)), object=draw(IDS),
            status=draw(st.sampled_from(FactStatus)), claims=some_ids(), against=some_ids(), documents=some_ids(),
            publishers=draw(st.integers(0, 9)), sources=some_ids(), belief=draw(st.floats(0, 1)),
            first=draw(st.none() | DAYS), last=draw(st.none() | DAYS))

    def event(id: str) -> Event:
        when = DateRange(earliest=draw(st.none() | DAYS), earliest_claim=draw(st.none() | IDS),
                         latest=draw(st.none() | DAYS), latest_claim=draw(st.none() | IDS))
        amounts = tuple(QuantityRange(unit=draw(st.none() | TEXT), min=draw(AMOUNTS), min_claim=draw(st.none() | IDS),
                                      max=draw(AMOUNTS), max_claim=draw(st.none() | IDS))
                        for _ in range(draw(st.integers(0, 2))))
        return Event(
            id=id, subject=draw(IDS), relation=draw(st.sampled_from(RELATIONS)), object=draw(st.just("") | IDS),
            event_type=draw(st.none() | IDS), mode=draw(st.none() | TEXT), modality=draw(st.sampled_from(Modality)),
            polarity=draw(st.sampled_from(Polarity)), when=when, places=some_ids(), quantities=amounts,
            claims=some_ids(), against=some_ids(), documents=some_ids())

    def merge(ids: tuple[str, str]) -> Merge:
        return Merge(document=ids[0], local=ids[1], entity=draw(IDS), because=draw(TEXT))

    things = {thing.id: thing.model_copy(update={"aliases": tuple(sorted(set(thing.aliases)))})
              for thing in draw(st.lists(entities(), max_size=3))}
    return Assembly(entities=tuple(things[id] for id in sorted(things)),
                    events=tuple(map(event, sorted(draw(st.sets(IDS, max_size=2))))),
                    facts=tuple(map(fact, sorted(draw(st.sets(IDS, max_size=2))))),
                    merges=tuple(map(merge, sorted(draw(st.sets(st.tuples(IDS, IDS), max_size=2))))))


