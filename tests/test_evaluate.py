"""Scoring: the figures are those of the reference scripts, and mean what they say."""

import json
import random
import subprocess
import sys
import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from gold_claims import GOLD, gold

from kg.evaluate import Cause, Coded, Gold, GoldError, faults, load, load_plv, score, score_plv
from kg.model import Claim, Considered, Entity, EntityType, Mention, Modality, Polarity, Span, Time
from kg.ontology import ontology

BENCH = Path(__file__).parent.parent.parent / "shared" / "bench"


def entity(label: str, kind: EntityType = EntityType.STATE, **fields: Any) -> Entity:
    return Entity(id=label.lower(), label=label, type=kind, **fields)


def claim(s: Entity, relation: str, o: Entity | None = None, **fields: Any) -> Claim:
    def span(text: str) -> Span:
        return Span(text=text, start=0, end=len(text))

    def mention(of: Entity) -> Mention:
        return Mention(**span(of.label).model_dump(), entity=of)

    modality, polarity = fields.get("modality", Modality.ASSERTED), fields.get("polarity", Polarity.POSITIVE)
    event, mode = ontology().event(relation, modality, polarity) if relation in ontology().relations else (None, None)
    return Claim.of(document="d", subject=mention(s), relation=relation, object=mention(o) if o else None,
                    sentence=span("It did."), trigger=span("did"), extractor="test/1",
                    **{"event_type": event, "mode": mode, "confidence": 0.9, **fields})


RUSSIA, UKRAINE, TREATY = entity("Russia", aliases=("Moscow",), country="RUS"), entity("Ukraine"), entity("the Treaty")


def gold_file(folder: Path, *claims: dict[str, Any], traps: tuple[dict[str, Any], ...] = ()) -> Gold:
    path = folder / "d.yaml"
    path.write_text(yaml.safe_dump({
        "document": "d", "date": "2024-11-11", "claims": list(claims), "traps": list(traps),
        "entities": {"Russian Federation": ["Moscow"], "Ukraine": [], "pact": ["a treaty"], "troops": []}}))
    return load([path])[0]


WAR = {"s": "Russian Federation", "r": "attacked", "o": "Ukraine"}


@pytest.mark.parametrize(("found", "recall", "precision"), [
    ([claim(RUSSIA, "attacked", UKRAINE)], 1, 1),
    ([claim(UKRAINE, "attacked", RUSSIA)], 0, 0),
    ([claim(RUSSIA, "bombed", UKRAINE)], 0, 0),
    ([claim(UKRAINE, "attackedBy", RUSSIA)], 1, 1),
    ([claim(RUSSIA, "attacked", UKRAINE), claim(RUSSIA, "attacked", UKRAINE, modality=Modality.POSSIBLE)], 1, 1),
    ([claim(RUSSIA, "attacked", UKRAINE), claim(UKRAINE, "attacked", RUSSIA)], 1, 0.5),
    ([claim(entity("Russian troops", EntityType.GROUP, country="RUS"), "attacked", UKRAINE),
      claim(RUSSIA, "invaded", UKRAINE)], 1, 0.5),
    ([], 0, 0),
])
def test_what_matches(tmp_path: Path, found: list[Claim], recall: float, precision: float) -> None:
    result = score({"d": found}, [gold_file(tmp_path, WAR)])
    assert (result.recall, result.precision) == (recall, precision)


def test_symmetric_relations_match_either_way_round_and_names_are_normal(tmp_path: Path) -> None:
    met = {"s": "Russian Federation", "r": "metWith", "o": "Ukraine"}
    signed = {"s": "Ukraine", "r": "agreedTo", "o": "pact", "also": ["signed"]}
    result = score({"d": [claim(UKRAINE, "metWith", RUSSIA), claim(UKRAINE, "signed", TREATY)]},
                   [gold_file(tmp_path, met, signed)])
    assert (result.f1, result.recall) == (1, 1)


def test_optional_claims_cost_nothing_and_are_right_when_found(tmp_path: Path) -> None:
    optional = {"s": "Ukraine", "r": "attacked", "o": "Russian Federation", "required": False}
    file = gold_file(tmp_path, WAR, optional)
    assert score({"d": [claim(RUSSIA, "attacked", UKRAINE)]}, [file]).f1 == 1
    both = score({"d": [claim(RUSSIA, "attacked", UKRAINE), claim(UKRAINE, "attacked", RUSSIA)]}, [file])
    assert (both.precision, both.counts["right"], both.counts["required"]) == (1, 2, 1)


def test_traps_count_when_asserted(tmp_path: Path) -> None:
    file = gold_file(tmp_path, traps=(WAR,))
    asserted = claim(RUSSIA, "attacked", UKRAINE)
    assert score({"d": [asserted]}, [file]).traps == 1
    assert score({"d": [claim(RUSSIA, "attacked", UKRAINE, modality=Modality.PLANNED)]}, [file]).traps == 0
    assert score({"d": [claim(RUSSIA, "attacked", UKRAINE, polarity=Polarity.NEGATIVE)]}, [file]).traps == 0


def test_attributes_and_errors_are_in_the_report(tmp_path: Path) -> None:
    wanted = {**WAR, "modality": "planned", "when": "2024-11", "by": ["Ukraine"], "sentence": "It did."}
    missed = {"s": "Ukraine", "r": "ceasedFireWith", "o": "Russian Federation", "sentence": "They stopped."}
    day = Time(text="Monday", start=0, end=6, value="2024-11-11")
    source = Mention(text="Kyiv", start=0, end=4, entity=UKRAINE)
    found = [claim(RUSSIA, "attacked", UKRAINE, time=day, attribution=(source,)), claim(UKRAINE, "signed", TREATY)]
    lines = score({"d": found}, [gold_file(tmp_path, wanted, missed)], errors=5).lines
    assert lines == (
        "  missed  Ukraine --ceasedFireWith--> Russian Federation   [They stopped.]",
        "  false   Ukraine --signed--> the Treaty   [asserted: It did.]",
        f"{'d':44s} recall   1/2   precision   1/2   traps 0/0",
        "F1 0.500  recall 0.500  precision 0.500  traps 0/0  modality 0.00  polarity 1.00  attribution 1.00  "
        "time 1.00  place 0.00  documents 1")


SHIP = entity("the ship", EntityType.THING)


@pytest.mark.parametrize(("found", "weighed", "named", "cause", "told"), [
    ([claim(UKRAINE, "attacked", RUSSIA)], [], [RUSSIA, UKRAINE], Cause.TURNED, "Ukraine --attacked--> Russia"),
    ([claim(RUSSIA, "bombed", UKRAINE)], [], [RUSSIA, UKRAINE], Cause.OTHER_RELATION, "bombed"),
    ([], [claim(RUSSIA, "attacked", UKRAINE, confidence=0.2)], [RUSSIA, UKRAINE], Cause.UNSURE, "0.20"),
    ([], [claim(RUSSIA, "attacked", UKRAINE, confidence=0.9)], [RUSSIA, UKRAINE], Cause.UNFIT, "0.90"),
    ([claim(SHIP, "attacked", UKRAINE)], [], [RUSSIA, SHIP, UKRAINE], Cause.COREFERENCE, "the ship"),
    ([], [], [UKRAINE], Cause.NO_MENTION, "Russian Federation"),
    ([], [], [RUSSIA, UKRAINE], Cause.UNSEEN, ""),
])
def test_causes_of_misses(tmp_path: Path, found: list[Claim], weighed: list[Claim], named: list[Entity], cause: Cause, told: str) -> None:
    text = "It did, and Moscow said so to Ukraine."
    sentence = Span(text=text, start=0, end=len(text))
    found, weighed = ([one.model_copy(update={"sentence": sentence}) for one in some] for some in (found, weighed))
    seen = [Considered(sentence=sentence, claims=tuple(weighed),
                       mentions=tuple(claim(one, "attacked").subject for one in named))]
    listed = faults({"d": found}, [gold_file(tmp_path, {**WAR, "sentence": "It did"})], seen={"d": seen}, threshold=0.35)
    assert (listed[0].cause, listed[0].sentence, listed[0].document) == (cause, text, "d")
    assert told in listed[0].detail and "attacked" in listed[0].claim


@pytest.mark.parametrize(("found", "cause"), [
    (claim(UKRAINE, "bombed", RUSSIA), Cause.FALSE_TRAP),
    (claim(UKRAINE, "attacked", RUSSIA), Cause.FALSE_TURNED),
    (claim(RUSSIA, "invaded", UKRAINE), Cause.FALSE_RELATION),
    (claim(SHIP, "attacked", UKRAINE), Cause.FALSE_ENTITY),
    (claim(SHIP, "resigned"), Cause.FALSE_NEW),
])
def test_causes_of_false_claims(tmp_path: Path, found: Claim, cause: Cause) -> None:
    trap = {"s": "Ukraine", "r": "bombed", "o": "Russian Federation"}
    file = gold_file(tmp_path, {**WAR, "sentence": "It did"}, traps=(trap,))
    claims = {"d": [claim(RUSSIA, "attacked", UKRAINE), found]}
    [fault] = faults(claims, [file], seen={}, threshold=0.35)
    assert (fault.cause, cause.false) == (cause, True)
    result = score(claims, [file])
    assert result.counts["claimed"] - result.counts["right"] == 1


def test_every_miss_and_every_false_claim_of_the_score_has_a_cause() -> None:
    claims, files = disturbed(), load([GOLD])
    counts, listed = score(claims, files).counts, faults(claims, files, seen={}, threshold=0.35)
    assert sum(not fault.cause.false for fault in listed) == counts["required"] - counts["found"]
    assert sum(fault.cause.false for fault in listed) == counts["claimed"] - counts["right"]


def test_silver_files_are_scored_by_names(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, [
        {"doc": "d", "date": "2024-11-11", "entities": {"Russian Federation": "State", "Ukraine": "State"}},
        {"sent": "It did.", "s": "Moscow", "S": "Russian Federation", "r": "attacked", "o": "its neighbour",
         "O": "Ukraine", "t": "did", "m": "asserted", "p": "positive", "by": [], "when": None, "where": None},
        {"sent": "It did.", "s": "it", "S": "Ukraine", "r": "resigned", "t": "did", "req": False}])))
    files = load([tmp_path])
    assert files[0].entities["Ukraine"] == ("its neighbour",)
    assert (len(files[0].claims), files[0].claims[1].required) == (2, False)
    assert score({"d": [claim(RUSSIA, "attacked", UKRAINE)]}, files).f1 == 1
    assert score({"d": [claim(entity("it"), "attacked", UKRAINE)]}, files).f1 == 0


@pytest.mark.parametrize(("name", "content", "told"), [
    ("a.yaml", "a: [", "a.yaml"), ("a.yaml", "document: d\n", "entities"), ("a.yaml", "- 1\n", "a.yaml"),
    ("a.jsonl", "{}\n", "a.jsonl"), ("a.yaml", "", "a.yaml"),
    ("a.yaml", "document: d\nentities: {A: []}\nclaims: [{s: B, r: attacked, o: A}]\n", "B"),
])
def test_broken_gold_files_are_named(tmp_path: Path, name: str, content: str, told: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(GoldError, match=told):
        score({}, load([tmp_path]))


def test_nothing_to_score_is_said(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no gold files"):
        load([tmp_path])
    with pytest.raises(GoldError, match="nowhere"):
        load([tmp_path / "nowhere.yaml"])
    with pytest.raises(GoldError, match="nowhere"):
        load_plv(tmp_path / "nowhere.jsonl")


def test_coded_sentences() -> None:
    rows = [Coded(id="1", source="Russia", target="Ukraine", event="ASSAULT"),
            Coded(id="2", source="Russia", target="the Ukraine army", event="YIELD"),
            Coded(id="3", source="Ukraine", target=None, event="CONSULT"),
            Coded(id="4", source="Ukraine", target="Iran", event="AID")]
    result = score_plv({
        "1": [claim(RUSSIA, "attacked", UKRAINE, confidence=0.8), claim(RUSSIA, "accused", UKRAINE, confidence=0.7)],
        "2": [claim(RUSSIA, "withdrewFrom", UKRAINE)],
        "3": [claim(RUSSIA, "metWith", UKRAINE)],
        "4": [claim(UKRAINE, "gaveAidTo", RUSSIA)]}, rows, errors=3)
    assert (result.accuracy, result.coverage, result.precision) == (0.75, 0.75, 1)
    assert len(result.lines) == 3 and '"answer": null' in result.lines[1]
    assert result.lines[-1].startswith("macro-F1 0.200  accuracy 0.750") and result.lines[-1].endswith("rows 4")


def interchange(one: Claim, name: str) -> dict[str, Any]:
    """The fields of the interchange file (spec: claims.md) that the reference scripts read."""
    def thing(mention: Mention | None) -> dict[str, Any] | None:
        return mention and {**mention.entity.model_dump(mode="json"), "text": mention.text}

    return {"document": name, "subject": thing(one.subject), "relation": one.relation, "object": thing(one.object),
            "event_type": one.event_type, "modality": one.modality, "polarity": one.polarity,
            "attribution": [{"label": m.entity.label, "text": m.text} for m in one.attribution],
            "time": one.time and {"value": one.time.value}, "place": thing(one.place),
            "sentence": {"text": one.sentence.text}, "confidence": one.confidence}


def disturbed() -> dict[str, list[Claim]]:
    """The gold claims, with every sort of mistake in a part of them."""
    dice = random.Random(7)
    found: dict[str, list[Claim]] = defaultdict(list)
    inverse = {name: relation.inverse for name, relation in ontology().relations.items()}
    for document, claims in gold():
        for one in claims:
            changes: list[dict[str, Any]] = [
                {}, {}, {}, {"modality": Modality.POSSIBLE}, {"polarity": Polarity.NEGATIVE}, {"attribution": ()},
                {"time": None}, {"place": None}, {"relation": "accused"}]
            if one.object:
                changes.append({"subject": one.object, "object": one.subject})
                if inverse[one.relation]:
                    changes.append({"relation": inverse[one.relation], "subject": one.object, "object": one.subject})
            if dice.random() < 0.8:
                found[document.name].append(one.model_copy(update=dice.choice(changes)))
    return found


def reference(script: str, tmp_path: Path, claims: dict[str, list[Claim]], *arguments: str) -> tuple[str, ...]:
    path = tmp_path / "claims.jsonl"
    path.write_text("".join(json.dumps(interchange(c, name)) + "\n" for name in claims for c in claims[name]))
    ran = subprocess.run([sys.executable, str(BENCH / script), str(path), *arguments],
                         capture_output=True, text=True, check=True)
    return tuple(ran.stdout.splitlines())


def test_the_figures_are_those_of_score_gold(tmp_path: Path) -> None:
    claims = disturbed()
    result = score(claims, load([GOLD]), errors=4)
    assert 0.3 < result.f1 < 0.9
    if not BENCH.exists():
        warnings.warn("../shared/bench is not here: no comparison with score_gold.py", stacklevel=1)
        return
    assert result.lines == reference("score_gold.py", tmp_path, claims, str(GOLD), "--errors", "4")
    assert score({}, load([GOLD])).lines == reference("score_gold.py", tmp_path, {}, str(GOLD))


def test_the_figures_are_those_of_score_plv(tmp_path: Path) -> None:
    dice = random.Random(3)
    known = [one for _, claims in gold() for one in claims if one.event_type and one.object]
    rows = [Coded(id=f"row-{n}", source=one.subject.text, target=one.object and one.object.text,
                  event=one.event_type or "") for n, one in enumerate(known[:300])]
    claims = {row.id: [known[n], *dice.sample(known, 2)][n % 2:] for n, row in enumerate(rows)}
    result = score_plv(claims, rows, errors=4)
    assert 0.1 < result.macro_f1 < 0.9
    if not BENCH.exists():
        warnings.warn("../shared/bench is not here: no comparison with score_plv.py", stacklevel=1)
        return
    (tmp_path / "gold.jsonl").write_text("".join(row.model_dump_json() + "\n" for row in rows))
    assert result.lines == reference("score_plv.py", tmp_path, claims, str(tmp_path / "gold.jsonl"), "--errors", "4")
