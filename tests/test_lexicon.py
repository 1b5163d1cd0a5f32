"""The lexicon: every entry is read as its example says, and every word of it is a lemma."""

import shutil
from pathlib import Path

import pytest
import yaml

from kg.extract.arguments import classes
from kg.extract.lexicon import Hit, lexicon
from kg.extract.parse import parse, pipeline
from kg.extract.predicates import predicates
from kg.model import Document
from kg.ontology import folder, ontology

FRAMES = lexicon().frames
EXAMPLES = sorted({frame.example for frame in FRAMES})


# Senses that careless readers take for another: what must not be read in them.
TRAPS = {
    "Japan and Korea struck a deal on fishing.": {"attacked", "bombed"},
    "The club fired the coach on Monday.": {"attacked", "shelled", "expelled"},
    "The general launched a book about the war.": {"attacked", "testedWeapon"},
    "The minister called it off.": {"phoned"},
    "The director shot a film in Kyiv.": {"attacked", "killed"},
    "The senator attacked the proposal.": {"attacked", "bombed"},
    "The firm met its target for the year.": {"metWith"},
    "Haiti held an election in May.": {"arrested", "captured", "metWith"},
    "The governor took a seat in the second row.": {"captured", "abducted"},
    "France left the door open to talks.": {"withdrewFrom", "leftAgreement"},
    "The agency raised the alarm over the harvest.": {"threatened", "attacked"},
    "Brazil beat Germany in the final.": {"abused", "foughtWith"},
    "The company won a concession to drill for oil.": {"gaveInTo"},
    "Drought threatened the harvest.": {"threatened"},
    "The resort was invaded by tourists.": {"invaded"},
    "Tourists invaded the resort.": {"invaded"},
    "The ministry released a report on the harvest.": {"released"},
    "He signed the goalkeeper for three years.": {"signed"},
    "The press attacked the plan.": {"attacked"},
    "The storm killed nine people.": {"killed"},
    "Prices fell to a record low.": {"captured"},
    "The court dismissed the charge.": {"expelled"},
    "The bank charged a fee.": {"charged", "attacked"},
    "The new law hit exports.": {"attacked", "bombed"},
    "Deputies shot down the proposal.": {"shotDown"},
    "The minister admitted a mistake.": {"allowedAccessTo"},
}


@pytest.fixture(scope="module")
def traps() -> dict[str, set[str]]:
    """The relations that are read in every trap."""
    texts = list(TRAPS)
    found: dict[str, set[str]] = {}
    for _, sentences in parse([Document.of("\n\n".join(texts), name="traps")]):
        for sentence in sentences:
            relations = found.setdefault(texts[sentence.paragraph], set())
            relations |= {hit.frame.relation for hit in lexicon().hits(predicates(sentence))}
    return found


@pytest.fixture(scope="module")
def read() -> dict[str, list[Hit]]:
    """The hits in every example."""
    document = Document.of("\n\n".join(EXAMPLES), name="examples")
    found: dict[str, list[Hit]] = {}
    for parsed, sentences in parse([document]):
        for sentence in sentences:
            paragraph = found.setdefault(EXAMPLES[sentence.paragraph], [])
            paragraph += lexicon().hits(predicates(sentence))
        assert parsed == document
    return found


def test_every_relation_has_entries() -> None:
    assert {frame.relation for frame in FRAMES} == set(ontology().relations)


def test_every_entry_has_an_example() -> None:
    assert [frame for frame in FRAMES if not frame.example] == []


def test_every_example_is_read(read: dict[str, list[Hit]]) -> None:
    entries: dict[tuple[str, str], set[str]] = {}
    for frame in FRAMES:
        entries.setdefault((frame.relation, frame.example), set()).add(frame.lemma)
    missed = [entry for entry, words in entries.items() if not any(
        hit.frame.relation == entry[0] and hit.frame.lemma in words for hit in read[entry[1]])]
    assert missed == []


def test_wrong_senses_are_not_read(traps: dict[str, set[str]]) -> None:
    assert {text: traps[text] & wrong for text, wrong in TRAPS.items() if traps[text] & wrong} == {}


def test_every_word_is_a_lemma() -> None:
    lemmatizer = pipeline().get_pipe("lemmatizer")
    known = lemmatizer.lookups.get_table("lemma_index")
    inflected = []
    for part, pos in (("verb", "VERB"), ("noun", "NOUN"), ("adj", "ADJ")):
        index = set(known[pos.lower()])
        for word in sorted({frame.lemma for frame in FRAMES if frame.part == part}):
            doc = pipeline().make_doc(word)
            doc[-1].pos_ = pos
            lemma = lemmatizer.rule_lemmatize(doc[-1])[0]
            if doc[-1].text not in index and lemma != doc[-1].text and lemma in index:
                inflected.append(f"{part} {word}: {lemma}")
            assert len(doc) == 1 or doc[0].text in classes()["prefixes"], word
    assert inflected == []


def test_every_frame_is_as_sure_as_a_guess_may_be() -> None:
    assert all(0 < frame.sure < 1 for frame in FRAMES)


def test_a_faulty_entry_is_named(tmp_path: Path) -> None:
    shutil.copy(folder() / "kg.ttl", tmp_path)
    (tmp_path / "lexicon").mkdir()
    faulty = {"attacked": [{"verb": "raid", "sure": "often"}]}
    (tmp_path / "lexicon" / "predicates-x.yaml").write_text(yaml.safe_dump(faulty))
    with pytest.raises(ValueError, match="raid"):
        lexicon(tmp_path)
