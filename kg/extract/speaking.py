"""Speaking: who *I* and *we* are, in the words of somebody quoted."""

from collections.abc import Iterator, Mapping, Sequence

from kg.extract.candidates import Candidate
from kg.extract.discourse import BODIES, Named, Referent
from kg.extract.phrases import Phrase
from kg.extract.quotations import Quotation
from kg.model import EntityType

ALONE = frozenset({"i", "me", "my"})
TOGETHER = frozenset({"we", "us", "our", "ours"})


def bodies(titles: Sequence[Candidate], named: Sequence[Mapping[int, Named]]) -> dict[str, Referent]:
    """What each person of a document speaks for, by the person's id: the body that they are said to lead or serve."""
    found: dict[str, Referent] = {}
    for title in titles:
        person, body = named[title.sentence].get(title.subject), named[title.sentence].get(title.object)
        if person and body and len(person.referents) == len(body.referents) == 1 and body.referents[0].entity.type in BODIES:
            found.setdefault(person.referents[0].entity.id, body.referents[0])
    return found


def spoken(
    phrases: Sequence[Sequence[Phrase]],
    named: Sequence[Mapping[int, Named]],
    quotes: Sequence[Sequence[Quotation]],
    speak_for: Mapping[str, Referent],
) -> Iterator[tuple[int, int, Named]]:
    """Sentence, phrase and what it names, for each *I* and *we* in a quotation whose speaker is known."""
    for number, (listed, stretches) in enumerate(zip(phrases, quotes, strict=True)):
        for index, phrase in enumerate(listed):
            word = phrase.head.lower_
            if word not in ALONE | TOGETHER or phrase.text == "US":
                continue
            quote = next((q for q in stretches if q.first <= phrase.head.i <= q.last and len(q.speakers) == 1), None)
            who = _speaker(quote, phrases, named) if quote else None
            if who is not None and word in TOGETHER:
                who = speak_for.get(who.entity.id, who)
            if who is not None and (word in TOGETHER or who.entity.type is EntityType.PERSON):
                yield number, index, Named(phrase, (who,), "speaker")


def _speaker(quote: Quotation, phrases: Sequence[Sequence[Phrase]], named: Sequence[Mapping[int, Named]]) -> Referent | None:
    source = quote.speakers[0]
    index = next((i for i, phrase in enumerate(phrases[source.sentence]) if phrase.head.i == source.token.i), -1)
    item = named[source.sentence].get(index)
    return item.referents[0] if item is not None and len(item.referents) == 1 else None
