"""What the extractor makes of whole documents, whichever reader is in it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.extract import Extractor, extractor
from kg.model import Claim, Document
from kg.ontology import ontology
from kg.read import read

SHARED = Path(__file__).parents[2] / "shared"
EXTRACTORS = ("default", "lexicon")
TEXT = """Kyiv says Russian forces shelled Kharkiv on Monday

KYIV, Ukraine (Example Wire) — Russian forces shelled Kharkiv on Monday, killing at least five civilians, Ukraine’s army said.

French President Emmanuel Macron condemned the attack and urged Russia to withdraw its troops from Ukraine. “Côte d’Ivoire stands with
Kyiv,” its foreign ministry said. 🇺🇦 Turkey will host talks between Russia and Ukraine next week. Poland did not expel the ambassador.
"""


@pytest.fixture(scope="module", params=EXTRACTORS)
def reader(request: pytest.FixtureRequest) -> Extractor:
    return extractor(request.param)


@pytest.fixture(scope="module")
def claims(reader: Extractor) -> list[Claim]:
    return reader(_document())


def _document() -> Document:
    return Document.of(TEXT, name="kharkiv", published=date(2024, 5, 15))


def _told(claims: list[Claim]) -> set[tuple[str, str, str]]:
    return {(c.subject.entity.label, c.relation, c.object.entity.label if c.object else "") for c in claims}


def test_claims_cite_the_text_as_it_stands(claims: list[Claim]) -> None:
    assert claims
    assert [ontology().fault(claim, _document()) for claim in claims] == [None] * len(claims)


def test_acts_are_found_with_their_actors(claims: list[Claim]) -> None:
    told = _told(claims)
    assert ("Emmanuel Macron", "leads", "France") in told
    assert any(s == "Russian forces" and r == "shelled" and "Kharkiv" in o for s, r, o in told)
    assert any(s == "Emmanuel Macron" and r == "demandedOf" and o == "Russia" for s, r, o in told)


def test_who_says_so_when_and_how_surely(claims: list[Claim]) -> None:
    shelled = next(c for c in claims if c.relation == "shelled" and "killing" in c.sentence.text)
    assert [(a.text, a.entity.country) for a in shelled.attribution] == [("Ukraine’s army", "UKR")]
    assert shelled.time is not None and shelled.time.value == "2024-05-13"
    demanded = [c for c in claims if c.relation == "withdrewFrom"]
    assert all(c.modality == "demanded" for c in demanded)
    assert all(c.modality != "asserted" for c in claims if c.relation in ("hosted", "negotiatedWith"))
    assert all(c.polarity == "negative" for c in claims if c.relation == "expelled")


def test_reading_twice_gives_the_same_claims(reader: Extractor) -> None:
    assert reader(_document()) == reader(_document())


def test_documents_do_not_know_of_each_other(reader: Extractor) -> None:
    other = Document.of("Iran released the crew. The country apologised.", name="other", published=date(2020, 1, 1))
    streamed = {document.name: claims for document, claims in reader.stream([_document(), other, _document()])}
    assert streamed["kharkiv"] == reader(_document())
    assert streamed["other"] == reader(other)


def test_furniture_makes_no_claims(reader: Extractor) -> None:
    start, end = TEXT.index("French"), TEXT.index("“Côte")
    document = _document().model_copy(update={"body": ((start, end),)})
    assert {start <= c.sentence.start and c.sentence.end <= end for c in reader(document)} == {True}


@pytest.mark.parametrize("text", ["", " \n\n ", ".", "…", "123 456", "Б" * 50, "a" * 2000, "Russia " * 300])
def test_odd_texts_are_read_without_complaint(reader: Extractor, text: str) -> None:
    document = Document.of(text, name="odd")
    assert [ontology().fault(c, document) for c in reader(document)] == [None] * len(reader(document))


WORDS = (
    "Russia",
    "Ukraine’s army",
    "Macron",
    "the treaty",
    "it",
    "both sides",
    "shelled",
    "signed",
    "said",
    "that",
    "“",
    "”",
    ",",
    ".",
    "\n\n",
    "not",
    "in June",
    "🇺🇦",
    "Côte d’Ivoire",
    "\u202e",
    "\t",
    "who",
    "on Monday",
    "at least five civilians",
    "and",
    "of",
    "killed",
    "to",
    "é",
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_every_cited_span_is_the_documents_text_whatever_the_text(words: list[str]) -> None:
    document = Document.of(" ".join(words), name="any", published=date(2024, 5, 15))
    for claim in extractor("default")(document):
        assert ontology().fault(claim, document) is None
        assert all(document.text[span.start : span.end] == span.text for span in claim.spans)


def test_the_article_that_the_project_began_with() -> None:
    file = SHARED / "seeds" / "ap-2024-11-12-north-korea-russia-treaty.txt"
    if not file.is_file():
        pytest.skip(f"{file} is not here: it belongs to others and is not copied into the project")
    document = next(iter(read([file], reject=print)))
    assert document.published == date(2024, 11, 11)
    claims = [c for c in extractor()(document) if c.polarity == "positive" and c.modality in ("asserted", "likely")]
    found = {(c.subject.entity.id, c.relation) for c in claims}
    assert {("PRK", "ratified"), ("RUS", "ratified"), ("person/vladimir-putin", "signed"), ("person/kim-jong-un", "signed")} <= found
    troops = [c for c in claims if c.relation == "sentTroopsTo" and c.object and c.object.entity.id == "RUS"]
    assert any(c.quantity and c.quantity.max == 12000 for c in troops)
    assert {"USA", "KOR", "UKR"} <= {a.entity.country for c in troops for a in c.attribution}
    shelled = [c for c in claims if c.relation == "shelled" and c.subject.entity.country == "UKR"]
    assert any(a.entity.country == "UKR" for c in shelled for a in c.attribution) and any(
        c.place and "Kursk" in c.place.text for c in shelled
    )
    arms = [c for c in claims if c.relation == "suppliedArmsTo" and c.triple[0] == "PRK"]
    assert any(c.quantity and c.quantity.min == 13000 and c.attribution for c in arms)
