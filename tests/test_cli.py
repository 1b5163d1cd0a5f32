"""The command, as a person or a script uses it, with the real extractor on real stores."""

import csv
import io
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from gold_claims import GOLD

from kg.cli import main
from kg.evaluate import load, score
from kg.export import interchange
from kg.ontology import ontology
from kg.store import Store

SEEDS = GOLD.parent.parent / "seeds"
BENCH = GOLD.parent.parent.parent / "shared" / "bench"
ARTICLES = ("pyongyang-ratifies", "pyongyang-denies", "sudan-veto-wire", "sudan-veto-harbour")


class Said:
    """What a command printed, and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def rows(self) -> list[list[str]]:
        return [line.split("\t") for line in self.out.splitlines()]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of four articles; tests only read it."""
    folder = tmp_path_factory.mktemp("cli")
    for name in ARTICLES:
        (folder / f"{name}.txt").write_bytes((SEEDS / f"{name}.txt").read_bytes())
    (folder / "metadata.yaml").write_bytes((SEEDS / "metadata.yaml").read_bytes())
    assert main(["build", str(folder), "--store", str(folder / "store")]) == 0
    return folder


@pytest.fixture
def kg(built: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Runs the command on the store of the fixture `built`, unless it names another."""
    monkeypatch.setenv("KG_STORE", str(built / "store"))

    def run(*arguments: str | Path) -> Said:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err and "\x1b" not in captured.out + captured.err
        return Said(code, captured.out, captured.err)

    yield run


def test_build_says_what_it_did_and_a_second_time_that_nothing_is_new(kg, built: Path, tmp_path: Path) -> None:
    first = kg("build", built, "--store", tmp_path / "store")
    assert first.code == 0
    assert first.out.startswith("Read 4 documents (4 new, 0 changed), ")
    assert "facts" in first.out and str(tmp_path / "store") in first.out
    second = kg("build", built, "--store", tmp_path / "store")
    assert second.code == 0
    assert second.out.startswith("Nothing new.\nUnchanged, and not read again: 4 documents.")


def test_build_tells_a_machine(kg, built: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "undated.txt").write_text("Russia condemned the attack.")
    said = kg("build", built / "pyongyang-ratifies.txt", tmp_path, "--store", tmp_path / "store", "--json")
    told = json.loads(said.out)
    assert said.code == 1
    assert (told["documents"], told["undated"], told["reasons"]) == (2, ["undated"], {"empty": 1})
    assert told["claims"] > 0 and told["facts"] > 0 and told["words"] > 100 and told["seconds"] > 0


def test_what_is_refused_is_one_line_each_and_the_rest_goes_in(kg, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Russia condemned the attack.")
    (tmp_path / "bad.txt").write_bytes(b"Fine.\nM\xfcnchen")
    said = kg("build", tmp_path / "nowhere.txt", tmp_path, "--store", tmp_path / "store")
    assert said.code == 1
    lines = [line for line in said.err.splitlines() if line.startswith("kg: ")]
    assert len(lines) == 2
    assert lines[0] == f"kg: {tmp_path}/nowhere.txt: no such file: nothing is there; check the path"
    assert "bad.txt: not UTF-8: byte 7 (line 2)" in lines[1]
    assert "Read 1 document (1 new, 0 changed), 4 words, " in said.out
    assert "Refused: 2 (1 no such file, 1 not UTF-8)." in said.out and "Without a date: good." in said.out


def test_articles_come_from_standard_input(tmp_path: Path) -> None:
    line = {"id": "piped", "text": "Russia condemned the attack.", "date": "2024-11-11"}
    ran = subprocess.run([sys.executable, "-m", "kg", "build", "-", "--json"], input=json.dumps(line), text=True,
                         capture_output=True, env={**os.environ, "KG_STORE": str(tmp_path / "store")}, check=True)
    assert json.loads(ran.stdout)["documents"] == 1
    with Store.open(tmp_path / "store", read_only=True) as store:
        assert [document.name for document in store.documents()] == ["piped"]


def test_the_source_file_is_left_alone_and_a_removed_document_is_gone(kg, built: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    kg("build", built, "--store", store)
    said = kg("remove", "pyongyang-denies", "nowhere", "--store", store)
    assert (said.code, said.out) == (1, "Removed pyongyang-denies.\n")
    assert said.err == f"kg: nowhere: no document of this id, name or URL in {store}\n"
    assert kg("show", "pyongyang-denies", "--store", store).code == 1
    assert (built / "pyongyang-denies.txt").exists()


def test_a_query_gives_rows(kg) -> None:
    query = "SELECT ?s ?name WHERE { ?s a kgo:State ; rdfs:label ?name } ORDER BY ?name"
    said = kg("query", query)
    assert said.code == 0
    assert said.rows[0] == ["s", "name"] and ["PRK", "North Korea"] in said.rows
    rows = list(csv.reader(io.StringIO(kg("query", query, "--format", "csv").out)))
    assert len(rows) == len(said.rows) and rows[0] == ["s", "name"]
    assert json.loads(kg("query", query, "-F", "json").out)["head"]["vars"] == ["s", "name"]
    assert kg("query", query, "-F", "xml").out.startswith("<?xml")


def test_a_query_comes_from_a_file_and_may_be_a_question_or_give_a_graph(kg, tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("ASK { ?c a kgo:Claim }")
    assert (kg("query", "-f", tmp_path / "a.rq").out, kg("query", "ASK { ?c a kgo:Nothing }").out) == ("yes\n", "no\n")
    assert "kgo:State" in kg("query", "CONSTRUCT { ?s a kgo:State } WHERE { ?s a kgo:State }").out


def test_questions_of_the_catalogue(kg) -> None:
    listed = kg("queries")
    assert listed.rows[0] == ["name", "asks", "parameters"] and len(listed.rows) > 12
    told = json.loads(kg("queries", "--json").out)
    assert [question["name"] for question in told] == [row[0] for row in listed.rows[1:]]
    assert "# title: " in kg("queries", "actions-of").out
    rows = kg("query", "--name", "actions-of", "--param", "actor=north korea").rows
    assert any(row[1] == "defence treaty" for row in rows)
    for arguments, code, said in ((["-n", "actions-of"], 2, "actor"), (["-n", "action-of"], 2, "actions-of"),
                                  (["-n", "actions-of", "-p", "actor"], 2, "KEY=VALUE"), (["ASK {}", "-p", "a=b"], 2, "--name")):
        failed = kg("query", *arguments)
        assert failed.code == code and said in failed.err
    missing = kg("queries", "actions")
    assert missing.code == 1 and "actions-of" in missing.err


@pytest.mark.parametrize(("arguments", "code", "told"), [
    (["SELECT ?x WHERE { ?x a kgo:Nothing }"], 1, "nothing was found"),
    (["SELECT"], 2, "not a query"),
    (["INSERT DATA { kgr:a a kgo:State }"], 2, "INSERT"),
    (["SELECT * WHERE { SERVICE <http://localhost/> { ?s ?p ?o } }"], 2, "SERVICE"),
    (["SELECT ?x FROM <file:///etc/passwd> WHERE { ?x ?p ?o }"], 2, "FROM"),
    (["SELECT * WHERE { ?s ?p ?o }", "--format", "nonsense"], 2, "nonsense"),
    ([], 2, "one query"),
    (["-f", "/nowhere.rq"], 2, "/nowhere.rq"),
])
def test_queries_that_fail_say_why(kg, arguments: list[str], code: int, told: str) -> None:
    said = kg("query", *arguments)
    assert said.code == code and told in said.err


def test_a_query_is_stopped_after_its_time(kg) -> None:
    said = kg("query", "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--timeout", "0.5")
    assert said.code == 2 and "stopped after 0.5 seconds" in said.err


@pytest.mark.parametrize("given", ["North Korea", "PRK", "north korea"])
def test_show_an_entity_by_name_or_id(kg, given: str) -> None:
    said = kg("show", given)
    assert said.code == 0
    assert said.out.startswith("North Korea\nState · PRK")
    assert "Facts (" in said.out and "belief" in said.out
    assert "ratified its defence treaty with Russia" in said.out and "Meridian Wire · 2024-11-12" in said.out


def test_show_documents_claims_facts_and_events(kg, built: Path) -> None:
    with Store.open(built / "store", read_only=True) as store:
        claims, assembly = list(store.claims("pyongyang-ratifies")), store.assembly()
    page = kg("show", "pyongyang-ratifies").out
    assert page.startswith("North Korea ratifies defence treaty with Russia as Seoul counts troops\nMeridian Wire")
    assert all(claim.id in page and " ".join(claim.sentence.text.split()) in page for claim in claims)
    assert kg("show", "North Korea ratifies defence treaty with Russia as Seoul counts troops").out == page
    one = next(claim for claim in claims if claim.attribution and claim.object)
    shown = kg("show", one.id).out
    assert one.object is not None
    for part in (one.sentence.text, one.trigger.text, one.subject.entity.id, one.object.entity.id, one.extractor,
                 one.attribution[0].entity.label, f"{one.confidence:.2f}", "pyongyang-ratifies"):
        assert part in shown
    fact = next(fact for fact in assembly.facts if len(fact.claims) > 1)
    shown = kg("show", f"fact/{fact.id}").out
    assert f"For it ({len(fact.claims)})" in shown and all(id in shown for id in fact.claims)
    event = next(event for event in assembly.events if event.when.earliest)
    shown = kg("show", event.id).out
    assert str(event.when.earliest) in shown and all(id in shown for id in event.claims)


def test_show_says_when_there_is_no_such_thing(kg) -> None:
    said = kg("show", "North Koreaa")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("kg: nothing here is called 'North Koreaa'; did you mean North Korea")
    assert said.err.count("\n") == 1


def test_stats_for_people_and_machines(kg, built: Path) -> None:
    counts = json.loads(kg("stats", "--json").out)
    with Store.open(built / "store", read_only=True) as store:
        assert counts["claims"] == len(list(store.claims()))
    assert (counts["documents"], counts["first"], counts["last"]) == (4, "2024-10-22", "2024-11-19")
    rows = kg("stats").rows
    assert rows[0] == ["what", "how many", "of them"]
    assert rows[1] == ["documents", "4", "4 dated, 2024-10-22 to 2024-11-19"]


def test_schema_lists_every_relation_and_class_with_counts(kg, tmp_path: Path) -> None:
    told = json.loads(kg("schema", "--json").out)
    assert {relation["id"] for relation in told["relations"]} == set(ontology().relations)
    counts = json.loads(kg("stats", "--json").out)["relations"]
    assert {r["id"]: r["claims"] for r in told["relations"] if r["claims"]} == counts
    rows = kg("schema").rows
    assert ["ratified", "S ratified O"] in [row[:2] for row in rows] and "claims" in rows[0]
    assert "claims" not in kg("schema", "--store", tmp_path / "none").rows[0]


def test_schema_shows_one(kg) -> None:
    assert ["reads", "SUBJECT ratified OBJECT"] in kg("schema", "ratified").rows
    assert "ratified" in dict(row[:2] for row in kg("schema", "State").rows)["does"]
    said = kg("schema", "ratifed")
    assert said.code == 1 and "did you mean ratified" in said.err


def test_view_writes_one_page(kg, tmp_path: Path) -> None:
    said = kg("view", "--out", tmp_path / "new" / "graph.html", "--title", "Treaties & <wars>")
    page = (tmp_path / "new" / "graph.html").read_text()
    assert said.code == 0 and str(tmp_path) in said.err
    assert "North Korea" in page and "<wars>" not in page


def test_export_writes_files_and_streams(kg, tmp_path: Path) -> None:
    assert kg("export", "facts", "--out", tmp_path / "facts.csv").code == 0
    rows = list(csv.DictReader((tmp_path / "facts.csv").open()))
    assert len(rows) == json.loads(kg("stats", "--json").out)["facts"]
    assert kg("export", "facts").out == (tmp_path / "facts.csv").read_bytes().decode()
    said = kg("export", "docx")
    assert said.code == 2 and "nquads" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["facts.csv"]


def test_eval_scores_the_extractor(kg, tmp_path: Path) -> None:
    for suffix in ("txt", "yaml"):
        (tmp_path / f"sudan-veto.{suffix}").write_bytes((GOLD / f"sudan-veto.{suffix}").read_bytes())
    said = kg("eval", tmp_path)
    assert said.code == 0
    line = said.out.splitlines()[-1]
    assert line.startswith("F1 0.") and line.endswith("documents 1")
    kg("build", tmp_path, "--store", tmp_path / "store")
    kg("export", "claims", "--store", tmp_path / "store", "--out", tmp_path / "claims.jsonl")
    with Store.open(tmp_path / "store", read_only=True) as store:
        claims = {"sudan-veto": list(store.claims())}
    assert line == score(claims, load([tmp_path])).lines[-1]
    assert [json.loads(row) for row in (tmp_path / "claims.jsonl").open()] == [
        interchange(claim, "sudan-veto") for claim in sorted(claims["sudan-veto"], key=lambda c: (
            c.sentence.start, c.trigger.start, c.subject.start, c.id))]
    if not BENCH.exists():
        warnings.warn("../shared/bench is not here: no comparison with score_gold.py", stacklevel=1)
        return
    ran = subprocess.run([sys.executable, str(BENCH / "score_gold.py"), str(tmp_path / "claims.jsonl"), str(tmp_path)],
                         capture_output=True, text=True, check=True)
    assert ran.stdout == said.out


def test_eval_lists_errors_by_cause(kg, tmp_path: Path) -> None:
    for suffix in ("txt", "yaml"):
        (tmp_path / f"sudan-veto.{suffix}").write_bytes((GOLD / f"sudan-veto.{suffix}").read_bytes())
    said = kg("eval", tmp_path, "--errors", "--extractor", "lexicon", "--most", "2")
    assert said.code == 0
    header, *rows = said.out.split("\n\n")[0].splitlines()
    assert header.split("\t") == ["what", "cause", "how many", "share"]
    last = said.out.splitlines()[-1]
    assert last == kg("eval", tmp_path, "--extractor", "lexicon").out.splitlines()[-1]
    counts = load([tmp_path])[0].claims
    missed = sum(int(row.split("\t")[2]) for row in rows if row.startswith("missed"))
    assert f"recall {sum(c.required for c in counts) - missed:3d}/" in said.out
    assert "\n\nMissed: " in said.out and "\n\nFalse: " in said.out and " more\n" in said.out


def test_eval_of_coded_sentences(kg, tmp_path: Path) -> None:
    text = "Russian President Vladimir Putin condemned the United States on Monday."
    (tmp_path / "some.docs.jsonl").write_text(json.dumps({"id": "1", "text": text}))
    row = {"id": "1", "source": "Russian President Vladimir Putin", "target": "the United States", "event": "ACCUSE"}
    (tmp_path / "some.gold.jsonl").write_text(json.dumps(row))
    said = kg("eval", "--plv", tmp_path)
    assert said.code == 0 and said.out.splitlines()[-1].startswith("macro-F1 ") and "rows 1" in said.out
    assert kg("eval", "--plv", tmp_path / "nowhere.jsonl").code == 2


def test_eval_says_what_is_missing(kg, tmp_path: Path) -> None:
    assert kg("eval", tmp_path).code == 2
    (tmp_path / "a.yaml").write_text("document: a\nentities: {}\nclaims: []\n")
    said = kg("eval", tmp_path)
    assert said.code == 1 and "no text" in said.err and said.out.splitlines()[-1].startswith("F1 0.000")


@pytest.mark.parametrize("arguments", [
    ["build"], ["build", "a.txt", "--extractor", "oracle"], ["export"], ["nonsense"], ["query", "--nonsense"],
    ["build", "a.txt", "--entities", "/nowhere.yaml"]])
def test_wrong_usage(kg, tmp_path: Path, arguments: list[str]) -> None:
    said = kg(*arguments, *(["--store", tmp_path / "store"] if arguments != ["nonsense"] else []))
    assert said.code == 2 and said.err and not said.out


@pytest.mark.parametrize("arguments", [
    ["query", "ASK { }"], ["show", "x"], ["stats"], ["view"], ["export", "facts"], ["remove", "x"]])
def test_without_a_store_it_says_so(kg, tmp_path: Path, arguments: list[str]) -> None:
    said = kg(*arguments, "--store", tmp_path / "none")
    assert said.code == 2
    assert said.err.startswith("kg: ") and str(tmp_path / "none") in said.err and said.err.count("\n") == 1
    assert not (tmp_path / "none").exists()


def test_help_and_version() -> None:
    for arguments, told in ((["--help"], "build"), (["--version"], "kg 0."), (["build", "-h"], "KG_STORE")):
        ran = subprocess.run([sys.executable, "-m", "kg", *arguments], capture_output=True, text=True, check=True)
        assert told in ran.stdout


def test_a_reader_that_goes_away_ends_it_quietly(built: Path) -> None:
    ran = subprocess.run(f"{sys.executable} -m kg export nquads --store {built / 'store'} | head -1", shell=True,
                         capture_output=True, text=True, check=True)
    assert ran.stdout.count("\n") == 1 and "Traceback" not in ran.stderr
