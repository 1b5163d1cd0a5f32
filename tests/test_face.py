"""`import kg`: the small public face, as its docstring shows it."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from gold_claims import gold
from test_pipeline import GoldExtractor, Words

import kg

ARTICLE = {"id": "a", "text": "Troops attacked rebels.\nRebels attacked Troops at once.", "date": "2024-11-11"}


def test_from_articles_to_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(ARTICLE))
    run = kg.build([tmp_path / "a.jsonl"], store=tmp_path / "store", extractor=Words())
    assert (run.documents, run.claims, run.facts) == (1, 2, 2)
    with kg.open(tmp_path / "store", read_only=True) as store:
        assert len(store.query("SELECT ?s ?o WHERE { ?s kgo:attacked ?o }").rows) == 2
        assert "Troops" in kg.page(store, title="War")
        stream = io.BytesIO()
        kg.write(store, "nquads", stream)
        assert b"attacked" in stream.getvalue()


def test_step_by_step(tmp_path: Path) -> None:
    document, claims = gold()[0]
    (tmp_path / f"{document.name}.txt").write_text(document.text)
    documents = list(kg.documents([tmp_path]))
    read = GoldExtractor()
    assembly = kg.assembly([claim for one in documents for claim in read(one)], documents)
    assert isinstance(assembly, kg.Assembly) and assembly.facts
    assert len(assembly.entities) > 10 and len(claims) > 10


def test_what_cannot_be_read_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere\.txt: no such file"):
        list(kg.documents([tmp_path / "nowhere.txt"]))
    refused: list[kg.Rejected] = []
    assert not list(kg.documents([tmp_path / "nowhere.txt"], reject=refused.append)) and len(refused) == 1


def test_extractors_can_be_had_again_and_again() -> None:
    document = next(kg.documents([Path(__file__).parent.parent / "seeds" / "pyongyang-ratifies.txt"]))
    first, second = kg.extractor("lexicon"), kg.extractor("lexicon")
    assert first(document) == second(document) != []


def test_importing_it_is_cheap_and_does_nothing() -> None:
    program = "import sys, kg; print([m for m in ('spacy', 'pyoxigraph', 'rdflib', 'networkx') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
