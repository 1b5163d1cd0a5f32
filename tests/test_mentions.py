"""Which thing a phrase names: each sieve with a text of its own, seen through the lexicon extractor's layers."""

from datetime import date

import pytest

from kg.extract.discourse import Discourse
from kg.extract.mentions import read_mentions
from kg.extract.parse import parse
from kg.extract.reading import Extractor
from kg.model import Document, Entity

READER = Extractor(use_reader=False)


def _named(text: str, *, published: date | None = date(2024, 6, 20)) -> list[tuple[str, list[Entity], str]]:
    """(words, entities, sieve) of every phrase of a text, in its order."""
    document = Document.of(text, name="d", published=published)
    _, sentences = next(iter(parse([document])))
    found, known, _ = READER.phrases(sentences)
    discourse = Discourse(document, READER.gazetteer, READER.nouns)
    read = [read_mentions(discourse, s, found[i], types={}, found=known[i], links={}) for i, s in enumerate(sentences)]
    return [(n.phrase.text, [discourse.entity(r) for r in n.referents], n.how) for named in read for _, n in sorted(named.items())]


def _labels(text: str, words: str, **options: date) -> list[str]:
    """Labels of what the last phrase with these words names."""
    return [e.label for phrase, entities, _ in _named(text, **options) if phrase == words for e in entities][-3:]


@pytest.mark.parametrize(("text", "words", "labels"), [
    ("Vladimir Putin arrived. Later Putin left.", "Putin", ["Vladimir Putin"]),
    ("The International Atomic Energy Agency met. The IAEA agreed.", "IAEA", ["International Atomic Energy Agency"]),
    ("Ukraine's president, Volodymyr Zelenskiy, spoke.", "Ukraine's president", ["Volodymyr Zelenskyy"]),
    ("Angela Merkel met Vladimir Putin. She left.", "She", ["Angela Merkel"]),
    ("Russia and Iran signed a treaty. The two countries met.", "The two countries", ["Russia", "Iran"]),
    ("Russia signed a treaty with Iran. Moscow ratified the treaty.", "the treaty", ["treaty"]),
    ("Mali expelled the envoy. The country apologised.", "The country", ["Mali"]),
    ("The Syrian government fell.", "The Syrian government", ["Syria"]),
    ("The soldiers, who fled, were arrested.", "who", ["soldiers"]),
    ("North Korean troops arrived.", "North Korean troops", ["North Korean troops"]),
])
def test_phrases_name_what_they_stand_for(text: str, words: str, labels: list[str]) -> None:
    assert _labels(text, words) == labels


def test_an_office_is_resolved_by_the_day_of_the_document() -> None:
    text = "The French president spoke."
    assert _labels(text, "The French president", published=date(2010, 5, 1)) == ["Nicolas Sarkozy"]
    assert _labels(text, "The French president", published=date(2020, 5, 1)) == ["Emmanuel Macron"]


def test_what_says_nothing_outside_its_document_belongs_to_it() -> None:
    entities = {words: found[0] for words, found, _ in _named("Kim Ji-woo left. A minister stayed. Kim called. Protesters sang.")}
    assert entities["A minister"].id.endswith("@d")
    assert entities["Protesters"].id.endswith("@d")
    assert entities["Kim"].id == entities["Kim Ji-woo"].id == "person/kim-ji-woo"


def test_forces_belong_to_their_state() -> None:
    entities = {words: found[0] for words, found, _ in _named("Ukrainian officials met North Korean troops and Iran's army.")}
    assert {words: (e.country, e.type.value) for words, e in entities.items() if len(words.split()) > 1 and words != "North Korean"} == {
        "Ukrainian officials": ("UKR", "Group"), "North Korean troops": ("PRK", "ArmedForce"), "Iran's army": ("IRN", "ArmedForce")}


def test_forces_backed_by_a_state_are_not_its_own() -> None:
    named = {words: entities for words, entities, _ in _named("US-backed forces took the town. American forces left.")}
    assert named["US-backed forces"][0].country is None
    assert named["American forces"][0].country == "USA"
    assert named["US-backed forces"][0].id != named["American forces"][0].id


def test_a_full_name_is_not_somebody_else_of_that_surname() -> None:
    text = "Peter Robinson left. Later Robinson spoke. His aide Sharon Robinson disagreed."
    named = {words: entities[0].id for words, entities, _ in _named(text)}
    assert named["Robinson"] == named["Peter Robinson"] != named["Sharon Robinson"]


def test_two_namesakes_in_one_text_are_told_apart_by_what_was_said_last() -> None:
    text = "Kim Jong Un met Kim Yong Nam. Kim Yong Nam spoke. Kim left."
    assert _labels(text, "Kim")[-1] == "Kim Yong-nam"
