"""What people decide about entities: kept, replayed, and taken back."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from gold_clusters import clusters

from kg.assemble import assemble
from kg.cli import main
from kg.model import Assembly, Judgement
from kg.pipeline import refresh
from kg.store import Store, StoreError

ITEMS = {cluster.name: cluster.items for cluster in clusters()}


def judged(*verdicts: tuple[str, str, str], cluster: str = "two-harrises") -> Assembly:
    """The assembly of a cluster after (verdict, entity, other)."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    judgements = [Judgement.model_validate({"verdict": verdict, "entity": entity, "others": (other,), "at": moment})
                  for verdict, entity, other in verdicts]
    items = ITEMS[cluster]
    return assemble([claim for _, claims in items for claim in claims], [document for document, _ in items], judgements)


def people(assembly: Assembly) -> set[str]:
    return {entity.id for entity in assembly.entities if entity.type == "Person"}


BRITISH, AMERICAN = "person/john-harris/gbr", "person/john-harris/usa"


def test_two_that_are_said_to_be_one_are_one_in_every_claim() -> None:
    assert {BRITISH, AMERICAN} <= people(judged())
    merged = judged(("merge", BRITISH, AMERICAN))
    assert AMERICAN not in people(merged)
    assert {fact.object for fact in merged.facts if fact.subject == BRITISH and fact.relation == "visited"} == {"YEM", "POL"}
    assert any("merge of 2026-01-01" in merge.because for merge in merged.merges)


def test_a_merge_can_be_taken_back_and_made_again() -> None:
    back = judged(("merge", BRITISH, AMERICAN), ("split", BRITISH, AMERICAN))
    assert people(back) == people(judged())
    again = judged(("merge", BRITISH, AMERICAN), ("split", BRITISH, AMERICAN), ("merge", BRITISH, AMERICAN))
    assert people(again) == people(judged(("merge", BRITISH, AMERICAN)))


def test_a_document_can_be_taken_out_of_an_entity_and_put_back() -> None:
    apart = judged(("split", BRITISH, "document/harris-3"))
    assert f"{BRITISH}@harris-3" in people(apart)
    [visit] = [fact for fact in apart.facts if fact.subject == BRITISH and fact.relation == "visited"]
    assert visit.documents == ("harris-1",)
    back = judged(("split", BRITISH, "document/harris-3"), ("merge", BRITISH, f"{BRITISH}@harris-3"))
    assert people(back) == people(judged())


def test_what_assembly_merged_by_itself_can_be_taken_apart() -> None:
    name, described = "agreement/batumi-transit-accord", "agreement/pact@batumi-2"
    assert described not in {entity.id for entity in judged(cluster="batumi-accord").entities}
    apart = judged(("split", name, described), cluster="batumi-accord")
    assert {name, described} <= {entity.id for entity in apart.entities}


def test_a_code_stays_whichever_is_named_first() -> None:
    merged = judged(("merge", BRITISH, "GBR"))
    assert "GBR" in {entity.id for entity in merged.entities} and BRITISH not in people(merged)


def test_merges_in_a_circle_end() -> None:
    assert people(judged(("merge", BRITISH, AMERICAN), ("merge", AMERICAN, BRITISH))) == people(judged(("merge", BRITISH, AMERICAN)))


def held(path: Path) -> list[str]:
    with Store.open(path, read_only=True) as store:
        return sorted(str(quad) for quad in store.quads() if not quad.predicate.value.endswith("ingested"))


def kg(*arguments: str, store: Path) -> int:
    return main([*arguments, "--store", str(store)])


def test_the_commands_merge_split_explain_and_keep_what_was_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s"
    with Store.open(path, create=True) as store:
        store.add(ITEMS["two-harrises"], read_by="gold/1")
        refresh(store)
    before = held(path)
    assert kg("entity", "merge", BRITISH, AMERICAN, "--why", "one man", "--by", "Ada", store=path) == 0
    assert kg("show", BRITISH, store=path) == 0
    assert "by Ada: one man" in capsys.readouterr().out
    with Store.open(path, read_only=True) as store:
        assert {claim.subject.entity.id for claim in store.claims("harris-2") if claim.relation == "visited"} == {BRITISH}
        assert store.query("SELECT ?c { ?c kgo:subject <https://w3id.org/geopolitical-kg/id/entity/person/john-harris/usa> }").rows == ()
    # Read anew, the document still means whom people said.
    with Store.open(path) as store:
        [(document, claims)] = [item for item in ITEMS["two-harrises"] if item[0].id == "harris-2"]
        store.add([(document.model_copy(update={"title": "Another"}), claims[:1])], read_by="gold/2")
        refresh(store)
        assert {claim.subject.entity.id for claim in store.claims("harris-2")} == {BRITISH}
        store.add([(document, claims)], read_by="gold/1")
        refresh(store)
    assert kg("entity", "split", BRITISH, store=path) == 0
    assert AMERICAN not in capsys.readouterr().out.split("\t")[0]
    assert kg("entity", "split", BRITISH, AMERICAN, store=path) == 0
    assert held(path) == before
    assert kg("entity", "split", BRITISH, "harris-3", store=path) == 0
    assert kg("entity", "log", store=path) == 0
    assert capsys.readouterr().out.count("\n") >= 4
    assert len((path / "judgements.jsonl").read_text().splitlines()) == 3
    assert kg("entity", "split", BRITISH, "nothing", store=path) == 1
    assert kg("entity", "merge", BRITISH, "nobody", store=path) == 2


def test_a_list_of_judgements_that_is_none_is_told(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        (tmp_path / "s" / "judgements.jsonl").write_text("merge them all\n")
        with pytest.raises(StoreError, match="no list of judgements"):
            store.judgements()
