"""The whole flow on real stores: what goes in, what stays, what is said of it."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from gold_claims import GOLD, NAMES, gold

from kg.evaluate import load, score
from kg.model import Claim, Document, Entity, EntityType, Mention, Rejected, Run, Span
from kg.pipeline import CLAIM_FAULT, Progress, build, evaluate, evaluate_plv, extracted, remove, stats
from kg.store import Store

TESTS = Path(__file__).parent


class GoldExtractor:
    """Reads the claims of the gold articles off their annotations."""

    def __init__(self, name: str = "gold/1") -> None:
        self.name = name

    def __call__(self, document: Document) -> list[Claim]:
        known = gold(document.name) if document.name in NAMES else []
        found = [claim for whole, claims in known if whole.text == document.text for claim in claims]
        return [claim.model_copy(update={"document": document.id, "extractor": self.name}) for claim in found]

    def stream(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Claim]]]:
        for document in documents:
            yield document, self(document)


class Words(GoldExtractor):
    """Every *N attacked M* is an attack."""

    def __call__(self, document: Document) -> list[Claim]:
        def mention(start: int, word: str) -> Mention:
            return Mention(text=word, start=start, end=start + len(word),
                           entity=Entity(id=f"group/{word.lower()}", label=word, type=EntityType.GROUP))

        claims, position = [], 0
        for line in document.text.splitlines(keepends=True):
            words = line.split()
            if len(words) >= 3 and words[1] == "attacked":
                trigger = position + len(words[0]) + 1
                claims.append(Claim.of(
                    document=document.id, relation="attacked", event_type="ASSAULT", mode=None, extractor=self.name,
                    subject=mention(position, words[0]), object=mention(trigger + 9, words[2]),
                    sentence=Span(text=line.rstrip(), start=position, end=position + len(line.rstrip())),
                    trigger=Span(text="attacked", start=trigger, end=trigger + 8), confidence=0.9))
            position += len(line)
        return claims


def articles(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names or NAMES[:3]:
        shutil.copy(GOLD / f"{name}.txt", folder)
        shutil.copy(GOLD / f"{name}.yaml", folder)
    return folder


def run(store: Path, *inputs: str | Path, extractor: GoldExtractor | None = None) -> Run:
    with Store.open(store, create=True) as opened:
        return build(inputs, store=opened, extractor=extractor or GoldExtractor())


def holds(store: Path) -> list[str]:
    """All that a store holds, but for when it was taken in."""
    with Store.open(store, read_only=True) as opened:
        return sorted(str(quad) for quad in opened.quads() if not quad.predicate.value.endswith("ingested"))


def test_a_run_says_what_it_did(tmp_path: Path) -> None:
    folder = articles(tmp_path / "news")
    (folder / "empty.txt").write_text("")
    (folder / "undated.txt").write_text("Russia sent an envoy to Iran.")
    before = datetime.now(UTC)
    done = run(tmp_path / "store", folder)
    with Store.open(tmp_path / "store", read_only=True) as opened:
        assert done.claims == len(list(opened.claims())) > 100
        assert done.facts == len(opened.assembly().facts) > 50
        assert {d.name for d in opened.documents()} == {*NAMES[:3], "undated"}
    assert (done.documents, done.unchanged, done.replaced) == (4, 0, 0)
    assert done.undated == ("undated",)
    assert [(Path(r.source).name, r.reason) for r in done.rejected] == [("empty.txt", "empty")]
    assert done.words > 1500 and done.seconds > 0
    assert done.started is not None and before <= done.started <= datetime.now(UTC)


def test_running_again_adds_nothing(tmp_path: Path) -> None:
    folder = articles(tmp_path / "news")
    (folder / "no-claims.txt").write_text("It rained.")
    run(tmp_path / "store", folder)
    once = holds(tmp_path / "store")
    again = run(tmp_path / "store", folder)
    assert (again.documents, again.unchanged, again.claims, again.replaced) == (0, 4, 0, 0)
    assert holds(tmp_path / "store") == once


def test_the_order_of_reading_makes_no_difference(tmp_path: Path) -> None:
    folder = articles(tmp_path / "news")
    files = sorted(folder.glob("*.txt"))
    run(tmp_path / "one", *files)
    for file in reversed(files):
        run(tmp_path / "other", file)
    assert holds(tmp_path / "one") == holds(tmp_path / "other")


def test_a_changed_text_replaces_its_older_version(tmp_path: Path) -> None:
    folder = articles(tmp_path / "news")
    run(tmp_path / "store", folder)
    changed = folder / f"{NAMES[0]}.txt"
    changed.write_text(changed.read_text() + "\nNothing more was known on Monday.\n")
    again = run(tmp_path / "store", folder)
    assert (again.documents, again.unchanged, again.replaced, again.claims) == (1, 2, 1, 0)
    run(tmp_path / "anew", folder)
    assert holds(tmp_path / "store") == holds(tmp_path / "anew")


def test_changed_metadata_and_another_extractor_count_as_changes(tmp_path: Path) -> None:
    folder = articles(tmp_path / "news")
    run(tmp_path / "store", folder)
    (folder / "metadata.yaml").write_text(f"{NAMES[0]}: {{publisher: The Paper}}")
    assert run(tmp_path / "store", folder).replaced == 1
    assert run(tmp_path / "store", folder, extractor=GoldExtractor("gold/2")).replaced == 3
    assert run(tmp_path / "store", folder, extractor=GoldExtractor("gold/2")).unchanged == 3


def test_a_file_that_moved_is_the_same_article(tmp_path: Path) -> None:
    folder = articles(tmp_path / "news")
    run(tmp_path / "store", folder)
    folder.rename(tmp_path / "moved")
    assert run(tmp_path / "store", tmp_path / "moved").unchanged == 3


def test_removing_leaves_what_was_there_without_it(tmp_path: Path) -> None:
    folder = articles(tmp_path / "news")
    run(tmp_path / "store", folder)
    with Store.open(tmp_path / "store") as opened:
        removed, missing = remove([NAMES[1], "nowhere"], store=opened)
    assert ([document.name for document in removed], missing) == ([NAMES[1]], ["nowhere"])
    (folder / f"{NAMES[1]}.txt").unlink()
    run(tmp_path / "without", folder)
    assert holds(tmp_path / "store") == holds(tmp_path / "without")


def test_documents_are_removed_by_url_too(tmp_path: Path) -> None:
    line = {"id": "a", "text": "Russia sent an envoy to Iran.", "url": "https://example.org/a"}
    (tmp_path / "a.jsonl").write_text(json.dumps(line))
    run(tmp_path / "store", tmp_path / "a.jsonl")
    with Store.open(tmp_path / "store") as opened:
        assert len(remove(["https://example.org/a"], store=opened)[0]) == 1
        assert not list(opened.documents())


class Faulty(GoldExtractor):
    """One claim in each document cites what is not there."""

    def __call__(self, document: Document) -> list[Claim]:
        claims = super().__call__(document)
        misquoted = claims[0].trigger.model_copy(update={"text": "said nothing of the sort"})
        return [claims[0].model_copy(update={"trigger": misquoted}), *claims[1:]]


def test_claims_at_fault_are_named_and_left_out(tmp_path: Path) -> None:
    whole = run(tmp_path / "whole", articles(tmp_path / "news"))
    done = run(tmp_path / "store", tmp_path / "news", extractor=Faulty())
    assert done.claims == whole.claims - 3
    assert {one.reason for one in done.rejected} == {CLAIM_FAULT + "cites what the text does not say"}
    assert {one.source for one in done.rejected} == set(NAMES[:3])
    assert all("--" in one.detail for one in done.rejected)


class Failing(GoldExtractor):
    def __call__(self, document: Document) -> list[Claim]:
        if document.name == NAMES[2]:
            raise RuntimeError("no parse")
        return super().__call__(document)


def test_an_article_on_which_the_extractor_fails_costs_no_other(tmp_path: Path) -> None:
    done = run(tmp_path / "store", articles(tmp_path / "news"), extractor=Failing())
    assert done.documents == 2
    assert [(Path(r.source).stem, r.reason) for r in done.rejected] == [(NAMES[2], "extractor failed")]
    assert "no parse" in done.rejected[0].detail


class Stopped(GoldExtractor):
    def __call__(self, document: Document) -> list[Claim]:
        if document.name == "10":
            raise KeyboardInterrupt
        return super().__call__(document)


def test_a_run_that_is_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(n), "text": f"Russia sent envoy {n} to Iran."}) for n in range(12)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "store", tmp_path / "a.jsonl", extractor=Stopped())
    with Store.open(tmp_path / "store", read_only=True) as opened:
        assert len(list(opened.documents())) == 8
    run(tmp_path / "store", tmp_path / "a.jsonl")
    run(tmp_path / "whole", tmp_path / "a.jsonl")
    assert holds(tmp_path / "store") == holds(tmp_path / "whole")


_SLOW_RUN = """
import sys, time
from test_pipeline import Words
from kg.pipeline import build
from kg.store import Store

class Slow(Words):
    def __call__(self, document):
        time.sleep(0.05)
        return super().__call__(document)

with Store.open(sys.argv[1], create=True) as store:
    build([sys.argv[2]], store=store, extractor=Slow(), progress=lambda step: print(step.documents, flush=True))
"""


@pytest.mark.parametrize("after", [1, 9, 20])
def test_a_killed_run_leaves_a_store_that_can_be_used(tmp_path: Path, after: int) -> None:
    many, store = tmp_path / "many.jsonl", tmp_path / "store"
    many.write_text("\n".join(json.dumps({"id": str(n), "text": f"G{n} attacked H{n}.\nH{n} attacked G{n} at once."})
                              for n in range(20)))
    with subprocess.Popen([sys.executable, "-c", _SLOW_RUN, str(store), str(many)], stdout=subprocess.PIPE,
                          cwd=TESTS) as process:
        assert process.stdout
        for _ in range(after):
            process.stdout.readline()
        process.kill()
    with Store.open(store) as opened:
        assert {len(list(opened.claims(document.id))) for document in opened.documents()} <= {2}
    run(store, many, extractor=Words())
    run(tmp_path / "whole", many, extractor=Words())
    assert holds(store) == holds(tmp_path / "whole")


def test_progress_is_told(tmp_path: Path) -> None:
    steps: list[Progress] = []
    with Store.open(tmp_path / "store", create=True) as opened:
        build([articles(tmp_path / "news")], store=opened, extractor=GoldExtractor(), progress=steps.append)
    assert [step.stage for step in steps] == ["reading"] * 3 + ["assembling"]
    assert [step.documents for step in steps] == [1, 2, 3, 3]
    assert steps[0].document == NAMES[0] and steps[-1].claims > 100


def test_stats_count_what_is_there(tmp_path: Path) -> None:
    done = run(tmp_path / "store", articles(tmp_path / "news"))
    with Store.open(tmp_path / "store", read_only=True) as opened:
        counts, claims, assembly = stats(opened), list(opened.claims()), opened.assembly()
    assert (counts.documents, counts.dated, counts.claims, counts.facts) == (3, 3, done.claims, done.facts)
    assert counts.entities == len(assembly.entities) == sum(counts.types.values())
    assert counts.events == len(assembly.events)
    assert counts.modalities["asserted"] == sum(claim.modality == "asserted" for claim in claims)
    assert counts.extractors == {"gold/1": done.claims}
    assert counts.first is not None and counts.last is not None and counts.first < counts.last


def test_an_empty_store_has_stats_too(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", create=True) as opened:
        counts = stats(opened)
    assert (counts.documents, counts.claims, counts.first, counts.relations) == (0, 0, None, {})


def test_gold_articles_are_read_and_scored(tmp_path: Path) -> None:
    refused: list[Rejected] = []
    files = load([GOLD])
    scored = evaluate(files, extractor=GoldExtractor(), reject=refused.append)
    claims = {document.name: claims for document, claims in gold()}
    assert scored.lines == score(claims, files).lines and scored.recall > 0.95 and not refused
    (tmp_path / "a.yaml").write_text("document: elsewhere\nentities: {}\nclaims: []\n")
    evaluate(load([tmp_path]), extractor=GoldExtractor(), reject=refused.append)
    assert [one.reason for one in refused] == ["no text"]
    for place in ("texts", "texts.jsonl"):
        where = tmp_path / place
        if where.suffix:
            where.write_text(json.dumps({"id": "elsewhere", "text": "Russia sent an envoy to Iran."}))
        else:
            articles(where, NAMES[0])
            (where / "elsewhere.txt").write_text("Russia sent an envoy to Iran.")
        evaluate(load([tmp_path / "a.yaml"]), extractor=GoldExtractor(), texts=[where], reject=refused.append)
    assert len(refused) == 1


def test_gold_articles_are_read_with_their_date() -> None:
    seen: dict[str, str] = {}

    class Dated(GoldExtractor):
        def __call__(self, document: Document) -> list[Claim]:
            seen[document.name] = str(document.published)
            return []

    files = load([GOLD])
    evaluate(files, extractor=Dated(), reject=print)
    assert seen == {file.document: file.date for file in files}


def test_coded_sentences_are_read_and_scored(tmp_path: Path) -> None:
    from kg.evaluate import Coded
    (tmp_path / "docs.jsonl").write_text(json.dumps({"id": "1", "text": "Troops attacked rebels"}))
    scored = evaluate_plv([Coded(id="1", source="troops", target="rebels", event="ASSAULT")], extractor=Words(),
                          texts=[tmp_path / "docs.jsonl"], reject=print)
    assert scored.accuracy == 1


def test_extraction_reads_only_a_few_documents_ahead() -> None:
    taken: list[int] = []

    def many() -> Iterator[Document]:
        for number in range(1000):
            taken.append(number)
            yield Document.of(f"Troops attacked rebels {number} times.", name=f"d-{number}")

    stream = extracted(many(), extractor=Words(), reject=print)
    next(stream)
    assert len(taken) <= 20


_MANY = """
import json, resource, sys
from test_pipeline import Words
from kg.pipeline import build
from kg.store import Store

def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

peaks = {}
with Store.open(sys.argv[1], create=True) as store:
    build([sys.argv[2]], store=store, extractor=Words(),
          progress=lambda step: peaks.setdefault(step.documents, peak()) if step.stage == "reading" else None)
print(json.dumps([peaks[200], peaks[1000]]))
"""


@pytest.mark.slow
def test_memory_stays_flat_over_a_thousand_documents(tmp_path: Path) -> None:
    with (tmp_path / "many.jsonl").open("w") as lines:
        for n in range(1000):
            sentences = [f"Group{n}of{i} attacked Group{i}of{n} on the river in the north, it said in a statement."
                         for i in range(4)]
            lines.write(json.dumps({"id": f"article-{n}", "text": "\n".join(sentences), "date": "2024-11-11"}) + "\n")
    started = time.monotonic()
    ran = subprocess.run([sys.executable, "-c", _MANY, str(tmp_path / "store"), str(tmp_path / "many.jsonl")],
                         capture_output=True, text=True, check=True, cwd=TESTS)
    early, late = json.loads(ran.stdout)
    print(f"{early:.0f} MB after 200 documents, {late:.0f} MB after 1,000; {time.monotonic() - started:.0f} s")
    assert late - early < 60
