"""Explanations: what a user sees of why a claim was read."""

import json
import math
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.extract.explanation import Explanation
from kg.extract.reading import Extractor, LexiconExtractor
from kg.model import Claim, Document, Modality, Polarity

TEXT = """Ukraine's president, Volodymyr Zelenskyy, met with French President Emmanuel Macron in Paris on Monday.

Zelenskyy arrived in Warsaw. He said that Russia had not ratified the treaty.

According to Macron, Iran may have supplied up to 200 missiles to Russia.
"""
DOCUMENT = Document.of(TEXT, name="visit", published="2025-03-12")


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return LexiconExtractor()


@pytest.fixture(scope="module")
def claims(extractor: Extractor) -> list[Claim]:
    return extractor(DOCUMENT)


def one(claims: list[Claim], relation: str) -> Claim:
    return next(claim for claim in claims if claim.relation == relation)


def test_every_claim_is_found_again_and_its_figures_add_up(extractor: Extractor, claims: list[Claim]) -> None:
    for claim in claims:
        why = extractor.explain(DOCUMENT, claim)
        assert (why.again, why.now, why.notes) == (True, claim, ())
        together = 1 / (1 + math.exp(-sum(weighed.adds for weighed in why.decision)))
        assert together == pytest.approx(claim.confidence, abs=0.005)
        cited = [*(actor.words for actor in why.actors), *(detail.words for detail in why.details)]
        assert all(DOCUMENT.text[span.start:span.end] == span.text for span in cited)
        assert claim.id not in {other.id for other in why.others}


def test_predicate_frame_and_paths(extractor: Extractor, claims: list[Claim]) -> None:
    why = extractor.explain(DOCUMENT, one(claims, "ratified"))
    assert why.lexical and why.lexical.frame
    assert (why.lexical.lemma, why.lexical.roles["subj"]) == ("ratify", ("Russia",))
    assert why.lexical.frame.file.startswith("predicates-") and why.lexical.frame.example
    assert [(edge.label, edge.up, edge.word) for edge in why.actors[0].path] == [("nsubj", False, "Russia")]
    assert why.actors[0].fills == "subj"


def test_polarity_and_who_says_so(extractor: Extractor, claims: list[Claim]) -> None:
    why = extractor.explain(DOCUMENT, one(claims, "ratified"))
    assert (why.steps[0].words, why.steps[0].polarity) == ("that had not ratified", Polarity.NEGATIVE)
    assert [step.construction for step in why.steps] == ["act", "clause"]
    assert [(voice.source.text, voice.source.entity.label, voice.words) for voice in why.voices] == [("He", "Volodymyr Zelenskyy", "said")]


def test_modality_and_quantity(extractor: Extractor, claims: list[Claim]) -> None:
    why = extractor.explain(DOCUMENT, one(claims, "suppliedArmsTo"))
    assert why.steps[0].modality is Modality.POSSIBLE and "may" in why.steps[0].words
    assert why.voices[0].source.entity.label == "Emmanuel Macron" and why.voices[0].words.startswith("According")
    assert ("quantity", "up to 200 missiles") in [(detail.what, detail.words.text) for detail in why.details]


def test_coreference_says_what_the_words_go_back_to(extractor: Extractor) -> None:
    text = "Zelenskyy arrived in Warsaw on Monday. He condemned Russia."
    document = Document.of(text, name="short")
    why = extractor.explain(document, one(extractor(document), "condemned"))
    subject = why.actors[0]
    assert (subject.kind, subject.how, subject.antecedent and subject.antecedent.text) == ("pronoun", "pronoun", "Zelenskyy")


def test_the_learned_reader_tells_its_probabilities() -> None:
    reader = Extractor()
    document = Document.of("Russia condemned Ukraine on Monday.", name="short")
    why = reader.explain(document, one(reader(document), "condemned"))
    assert why.learned and why.learned.relation == why.learned.relations["condemned"]
    assert 0 < why.learned.relation <= why.learned.any <= 1 and why.learned.trigger == "condemned"


def test_a_claim_that_is_not_made_any_more_is_explained_as_far_as_it_goes(extractor: Extractor, claims: list[Claim]) -> None:
    claim = one(claims, "ratified")
    older = extractor.explain(DOCUMENT, claim.model_copy(update={"extractor": "older/0"}))
    assert older.again and "older/0" in older.notes[0]
    stricter = LexiconExtractor()
    stricter.threshold = 0.999
    unsure = stricter.explain(DOCUMENT, claim)
    assert not unsure.again and unsure.now and "below the threshold" in unsure.notes[0] and unsure.decision
    fields = {name: getattr(claim, name) for name in Claim.model_fields if name != "id"}
    otherwise = extractor.explain(DOCUMENT, Claim.of(**{**fields, "modality": Modality.PLANNED}))
    assert not otherwise.again and otherwise.now == claim and "modality" in otherwise.notes[0]
    gone = extractor.explain(DOCUMENT, Claim.of(**{**fields, "relation": "bombed"}))
    assert gone.now is None and not gone.steps and claim in gone.others and "no such claim" in gone.notes[0]


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "visit.txt").write_text(TEXT)
    run = CliRunner()
    store = ["--store", str(tmp_path / "store")]
    assert run.invoke(app, ["build", str(tmp_path / "visit.txt"), "--extractor", "lexicon", *store]).exit_code == 0
    listed = run.invoke(app, ["query", "SELECT ?c WHERE { ?c kgo:relation kgo:ratified }", *store])
    id = listed.stdout.split()[-1].rpartition("/")[2]
    said = run.invoke(app, ["explain", id[:10], *store])
    assert said.exit_code == 0
    for words in ("Norway ratified", "had not ratified", "by “said”", "lexicon verb", "nsubj", "there is no reader"):
        assert words in said.stdout
    why = Explanation.model_validate_json(run.invoke(app, ["explain", id, "--json", *store]).stdout)
    assert why.again and why.claim.id == id and not why.notes
    assert json.loads(run.invoke(app, ["explain", f"claim/{id}", "--json", *store]).stdout)["claim"]["id"] == id
    for wrong in ("0123456789abcdef", ""):
        assert run.invoke(app, ["explain", wrong, *store]).exit_code == 1
