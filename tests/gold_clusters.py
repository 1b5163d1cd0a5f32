"""The clusters of `tests/clusters/` as documents and claims, and how far an assembly of them is right."""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from kg.assemble import assemble
from kg.model import Assembly, Claim, Document, Entity, EntityType, Mention, Modality, Polarity, Quantity, Span, Time, slug
from kg.ontology import ontology
from kg.rdf import canonical

FOLDER = Path(__file__).parent / "clusters"
_NUMBER = re.compile(r"(?P<bound>min|max|approx)?\s*(?P<number>\d+)\s+(?P<unit>.+)")


class Cluster(NamedTuple):
    """A cluster with its gold: what each (document, id) is, the act of each claim, and the facts with their status."""

    name: str
    held_out: bool
    items: list[tuple[Document, list[Claim]]]
    things: dict[tuple[str, str], str]
    acts: dict[str, str]
    contested: set[str]
    facts: dict[tuple[str, str, str], tuple[set[str], str]]


class Scores(NamedTuple):
    """B-cubed F1 of entities and events, the share of facts that are whole with the right status, and of events with theirs."""

    entities: float
    events: float
    facts: float
    contested: float
    wrong: list[str]


@cache
def clusters() -> list[Cluster]:
    """All clusters, by name."""
    return [_cluster(file) for file in sorted(FOLDER.glob("*.yaml"))]


def _cluster(file: Path) -> Cluster:
    said = yaml.safe_load(file.read_text("utf-8"))
    kinds = {key: spec if isinstance(spec, dict) else {"type": spec[0], "country": spec[1]} for key, spec in said["things"].items()}
    items = []
    things: dict[tuple[str, str], str] = {}
    acts: dict[str, str] = {}
    contested: set[str] = set()
    support: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    own_voice: set[tuple[str, str, str]] = set()
    for article in said["articles"]:
        document = Document.of(article["text"], name=article["id"], publisher=article["publisher"], published=article["date"],
                               published_from="metadata")
        entities = {key: _entity(key, name, kinds[key], article) for key, name in article["names"].items()}
        for key, entity in entities.items():
            known = kinds[key].get("id") or (kinds[key]["country"] if kinds[key]["type"] == "State" else "")
            things[document.id, entity.id] = known or f"{file.stem} {key}"
        claims = []
        for act, subject, relation, object, words, options in article["claims"]:
            claim = _claim(document, entities, article["names"], subject, relation, object, words, options)
            fault = ontology().fault(claim, document)
            assert fault is None, f"{article['id']}: {fault}"
            claims.append(claim)
            if act:
                acts[claim.id] = f"{file.stem} {act}"
                if act in said.get("contested_events", ()):
                    contested.add(claim.id)
            if claim.polarity is Polarity.POSITIVE and claim.modality is Modality.ASSERTED and object:
                triple = canonical(subject, relation, object)
                support[triple].add(claim.id)
                own_voice.update([] if claim.attribution else [triple])
        assert len({claim.id for claim in claims}) == len(claims), article["id"]
        items.append((document, claims))
    facts = {}
    for triple, ids in support.items():
        written = {" ".join(triple), " ".join((triple[2], triple[1], triple[0]))}
        contest = bool(written & set(said.get("contested", ())))
        quoted = bool(written & set(said.get("attributed", ())))
        assert contest or quoted == (triple not in own_voice), (file.stem, triple)
        facts[triple] = ids, "contested" if contest else "attributed" if quoted else "reported"
    return Cluster(file.stem, said.get("held_out", False), items, things, acts, contested, facts)


def _entity(key: str, name: str, kind: Mapping[str, str], article: Mapping[str, Any]) -> Entity:
    """What the extractor makes of a name: a code, an id that it knows, or type and name, of the document where that is all."""
    text = name.removeprefix("~")
    type_ = EntityType(article.get("types", {}).get(key) or kind["type"])
    known = kind.get("country") if kind.get("id") or type_ is EntityType.STATE else None
    country = article.get("countries", {}).get(key) or known
    bare = re.sub(r"^(the|a|an) ", "", text, flags=re.I)
    head = f"{type_.lower()}/"
    if type_ is EntityType.STATE:
        id = str(kind["country"])
    elif kind.get("id"):
        id = kind["id"]
    elif name.startswith("~"):
        id = f"{head}{country.lower()}-{slug(bare)}" if country and type_ is EntityType.GROUP else f"{head}{slug(bare)}@{article['id']}"
    else:
        id = head + slug(bare) + (f"@{article['id']}" if type_ is EntityType.PERSON and " " not in bare else "")
    return Entity(id=id, label=bare, type=type_, country=country)


def _claim(document: Document, entities: Mapping[str, Entity], names: Mapping[str, str], subject: str, relation: str, object: str | None,
           words: str, options: Mapping[str, Any]) -> Claim:
    start = document.text.index(words)
    end = document.text.find(". ", start) + 1 or len(document.text)
    sentence = Span(text=document.text[start:end], start=start, end=end)

    def span(text: str) -> Span:
        for first, last in ((sentence.start, sentence.end), (0, len(document.text))):
            at = document.text.lower().find(text.lower(), first, last)
            if at >= 0:
                return Span(text=document.text[at:at + len(text)], start=at, end=at + len(text))
        return sentence

    def mention(key: str) -> Mention:
        return Mention(**dict(span(names[key].removeprefix("~"))), entity=entities[key])

    modality = Modality(options.get("modality", "asserted"))
    polarity = Polarity.NEGATIVE if options.get("denied") else Polarity.POSITIVE
    event_type, mode = ontology().event(relation, modality, polarity)
    quantity = None
    if number := _NUMBER.fullmatch(options.get("n", "")):
        value = float(number["number"])
        quantity = Quantity(min=None if number["bound"] == "max" else value, max=None if number["bound"] == "min" else value,
                            unit=number["unit"], approximate=number["bound"] == "approx", **dict(span(number["number"])))
    return Claim.of(
        document=document.id, relation=relation, subject=mention(subject), object=mention(object) if object else None,
        event_type=event_type, mode=mode, modality=modality, polarity=polarity,
        attribution=tuple(mention(source) for source in options.get("by", ())),
        time=Time(value=str(options["when"]), **dict(sentence)) if "when" in options else None,
        place=mention(options["where"]) if "where" in options else None, quantity=quantity, sentence=sentence,
        trigger=Span(text=sentence.text.split()[0], start=start, end=start + len(sentence.text.split()[0])), confidence=0.9,
        extractor="gold/1")


def assembled(found: Iterable[Cluster]) -> Assembly:
    """All clusters in one graph, so that what one takes from another counts against it."""
    items = [item for cluster in found for item in cluster.items]
    return assemble([claim for _, claims in items for claim in claims], [document for document, _ in items])


def scored(found: Iterable[Cluster], assembly: Assembly) -> Scores:
    """How far an assembly is right about some clusters."""
    found = list(found)
    merges = {(merge.document, merge.local): merge.entity for merge in assembly.merges}
    gold_things = {item: key for cluster in found for item, key in cluster.things.items()}
    things = {item: merges.get(item, item[1]) for item in gold_things}
    gold_acts = {id: act for cluster in found for id, act in cluster.acts.items()}
    events = {id: event for event in assembly.events for id in event.claims}
    acts = {id: events[id].id for id in gold_acts}
    facts = {id: fact for fact in assembly.facts for id in fact.claims}
    wrong = [f"entity {item} is {things[item]}" for item in gold_things if not _same(item, gold_things, things)]
    wrong += [f"event of {gold_acts[id]}" for id in gold_acts if not _same(id, gold_acts, acts)]
    right = total = 0
    for cluster in found:
        for triple, (claims, status) in cluster.facts.items():
            told = {facts[id].id: facts[id] for id in claims if id in facts}
            total += 1
            if len(told) == 1 and set(next(iter(told.values())).claims) == claims and next(iter(told.values())).status == status:
                right += 1
            else:
                wrong.append(f"fact {cluster.name} {triple}: {[str(fact.status) for fact in told.values()]}, not {status}")
    contested = [bool(events[id].against) == (id in cluster.contested) for cluster in found for id in cluster.acts]
    wrong += [f"contest of {cluster.acts[id]}" for cluster in found for id in cluster.acts
              if bool(events[id].against) != (id in cluster.contested)]
    return Scores(b_cubed(gold_things, things), b_cubed(gold_acts, acts), right / total, sum(contested) / len(contested), wrong)


def _same(item: Any, gold: Mapping[Any, str], found: Mapping[Any, str]) -> bool:
    return {one for one in gold if gold[one] == gold[item]} == {one for one in gold if found[one] == found[item]}


def b_cubed(gold: Mapping[Any, Hashable], found: Mapping[Any, Hashable]) -> float:
    """F1 of B-cubed precision and recall (Bagga and Baldwin, 1998), each item counting alike."""
    both = Counter((gold[item], found[item]) for item in gold)
    by_gold, by_found = Counter(gold.values()), Counter(found[item] for item in gold)
    precision = sum(both[gold[item], found[item]] / by_found[found[item]] for item in gold) / len(gold)
    recall = sum(both[gold[item], found[item]] / by_gold[gold[item]] for item in gold) / len(gold)
    return 2 * precision * recall / (precision + recall)
