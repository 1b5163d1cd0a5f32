"""How many and how much: what the words say, and no more."""

import pytest

from kg.extract.circumstances import how_many
from kg.extract.names import gazetteer
from kg.extract.naming import name_spans
from kg.extract.parse import Sentence, parse
from kg.extract.phrases import Phrase, phrases
from kg.extract.quantities import amounts, number
from kg.model import Document, Quantity


def read(text: str) -> tuple[Document, Sentence, list[Phrase]]:
    document = Document.of(text, name="x")
    _, sentences = next(parse([document]))
    return document, sentences[0], phrases(sentences[0], name_spans(sentences[0], gazetteer())[0])


def counted(text: str, head: str) -> Quantity | None:
    """The quantity of the phrase with that head."""
    document, _, listed = read(text)
    return how_many(document, [next(phrase for phrase in listed if phrase.head.text == head)])


def done(text: str, trigger: str) -> Quantity | None:
    """The quantity of the act with that trigger, by its own object alone."""
    document, sentence, _ = read(text)
    return how_many(document, [], sentence=sentence, trigger=next(t for t in sentence.span if t.text == trigger))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("12,000", 12_000),
        ("two hundred", 200),
        ("1.5 million", 1_500_000),
        ("twenty-five", 25),
        ("half a dozen", 6),
        ("two dozen", 24),
        ("four and a half", 4.5),
        ("three thousand two hundred", 3200),
        ("Tuesday", None),
        ("", None),
    ],
)
def test_numbers_in_digits_and_words(words: str, value: float | None) -> None:
    assert number(words) == value


@pytest.mark.parametrize(
    ("text", "head", "low", "high", "approximate", "unit"),
    [
        ("Moscow sent 2,000 troops.", "troops", 2000, 2000, False, "troops"),
        ("Moscow sent up to 12,000 troops.", "troops", None, 12_000, False, "troops"),
        ("Moscow sent as many as 12,000 troops.", "troops", None, 12_000, False, "troops"),
        ("The strike killed at least five civilians.", "civilians", 5, None, False, "civilians"),
        ("The strike killed more than 40 people.", "people", 40, None, False, "people"),
        ("The strike killed some 3,000 people.", "people", 3000, 3000, True, "people"),
        ("The strike killed nearly 3,000 people.", "people", None, 3000, True, "people"),
        ("The strike killed between 20 and 30 soldiers.", "soldiers", 20, 30, False, "soldiers"),
        ("The strike killed 20 to 30 soldiers.", "soldiers", 20, 30, False, "soldiers"),
        ("The strike killed dozens of officials.", "officials", 12, None, True, "officials"),
        ("The war killed tens of thousands of people.", "people", 10_000, None, True, "people"),
        ("The army freed two dozen prisoners.", "prisoners", 24, 24, False, "prisoners"),
        ("The army freed several hundred prisoners.", "prisoners", 200, None, True, "prisoners"),
        ("The army freed thirteen of its soldiers.", "soldiers", 13, 13, False, "soldiers"),
        ("The blast killed a crowd of 40 people.", "crowd", 40, 40, False, "people"),
        ("Rebels killed three American soldiers and two nurses.", "nurses", 2, 2, False, "nurses"),
    ],
)
def test_counts_of_phrases(text: str, head: str, low: float | None, high: float | None, approximate: bool, unit: str) -> None:
    found = counted(text, head)
    assert found is not None
    assert (found.min, found.max, found.approximate, found.unit) == (low, high, approximate, unit)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("The two countries signed a treaty.", "countries"),
        ("Both sides left.", "sides"),
        ("Its three neighbours objected.", "neighbours"),
        ("The 37-year-old soldier died.", "soldier"),
        ("The MiG-21 fell.", "MiG-21"),
        ("They seized 40 percent of the land.", "land"),
        ("The soldiers of 2019 left.", "soldiers"),
        ("The G7 ministers met.", "ministers"),
        ("They drove 60 miles.", "miles"),
        ("One minister resigned.", "minister"),
    ],
)
def test_known_parties_ages_names_shares_and_lengths_are_none(text: str, head: str) -> None:
    assert counted(text, head) is None


@pytest.mark.parametrize(
    ("text", "trigger", "low", "unit"),
    [
        ("Japan promised Haiti $1.8m for shelters.", "promised", 1_800_000, "US dollars"),
        ("Germany will give its former colony €1.1bn.", "give", 1_100_000_000, "euros"),
        ("Canberra pledged A$100 million for roads.", "pledged", 100_000_000, "Australian dollars"),
        ("The bank will grant 25 million U.S. dollars.", "grant", 25_000_000, "US dollars"),
        ("He had donated about 274,500 marks.", "donated", 274_500, "marks"),
        ("Russia sent Mr. Maduro about 100 technicians.", "sent", 100, "technicians"),
        ("Guatemala sold Taiwan 4,000 tonnes of coffee.", "sold", 4000, "tonnes of coffee"),
        ("The two sides held five rounds of talks.", "talks", 5, "rounds of talks"),
        ("The court sentenced him to 14 years in prison.", "sentenced", 14, "years"),
        ("Four guards were killed.", "killed", 4, "guards"),
        ("Rebels handed over two captured soldiers.", "handed", 2, "soldiers"),
        ("Rebels handed over the bodies of 126 soldiers.", "handed", 126, "soldiers"),
        ("Ankara demanded the extradition of 120 people.", "extradition", 120, "people"),
    ],
)
def test_what_an_act_is_done_with(text: str, trigger: str, low: float, unit: str) -> None:
    found = done(text, trigger)
    assert found is not None
    assert (found.min, found.unit) == (low, unit)


def test_money_goes_before_the_count_of_those_who_get_it() -> None:
    text = "The government gave five countries $3.2 million in aid."
    document, sentence, listed = read(text)
    countries = next(phrase for phrase in listed if phrase.head.text == "countries")
    found = how_many(document, [countries], sentence=sentence, trigger=next(t for t in sentence.span if t.text == "gave"))
    assert found is not None
    assert (found.min, found.unit) == (3_200_000, "US dollars")


def test_each_of_two_acts_has_its_own_number() -> None:
    text = "Soldiers fired on the crowd, killing twelve people and wounding nine women."
    assert [quantity.min for trigger in ("killing", "wounding") if (quantity := done(text, trigger))] == [12, 9]


def test_a_number_that_is_no_quantity_leaves_nothing() -> None:
    _, sentence, _ = read("On 5 May 2019 the 12-day war ended under Resolution 2231.")
    assert [a for a in amounts(sentence.span) if a.money] == []
