"""The interchange file of claims.md: a claim a line, keys exactly as there."""

import json
from collections.abc import Mapping
from typing import IO, Any

from kg.export.error import ExportError
from kg.model import Claim, Entity, EntityType, Mention, Modality, Polarity, Quantity, Span, Time
from kg.store import Store


def claims(store: Store, stream: IO[bytes]) -> None:
    """The interchange file of claims.md: a claim a line, sorted by document and offset."""
    for name, id in sorted((document.name, document.id) for document in store.documents()):
        ordered = sorted(store.claims(id), key=lambda c: (c.sentence.start, c.trigger.start, c.subject.start, c.id))
        for claim in ordered:
            try:
                line = json.dumps(interchange(claim, name), ensure_ascii=False, allow_nan=False)
            except ValueError:
                raise ExportError(f"JSON cannot hold a number without end, as claim {claim.id} has one") from None
            stream.write(line.encode() + b"\n")


def interchange(claim: Claim, name: str) -> dict[str, Any]:
    """A claim as a line of the interchange file (claims.md), `name` being that of its document.

    All keys are there; what has no value is None. Of a source it holds id, label and where it is named, nothing more.
    """
    return {
        "id": claim.id, "document": name, "subject": _mention(claim.subject), "relation": claim.relation,
        "object": _mention(claim.object) if claim.object else None, "event_type": claim.event_type, "mode": claim.mode,
        "polarity": str(claim.polarity), "modality": str(claim.modality),
        "attribution": [{"id": source.entity.id, "label": source.entity.label, **_span(source)}
                        for source in claim.attribution],
        "time": {"value": claim.time.value, **_span(claim.time)} if claim.time else None,
        "place": _mention(claim.place) if claim.place else None,
        "quantity": {"min": claim.quantity.min, "max": claim.quantity.max, "unit": claim.quantity.unit,
                     "approximate": claim.quantity.approximate, **_span(claim.quantity)} if claim.quantity else None,
        "sentence": _span(claim.sentence), "trigger": _span(claim.trigger), "confidence": claim.confidence,
        "extractor": claim.extractor}


def from_interchange(record: Mapping[str, Any], *, document: str | None = None,
                     entities: Mapping[str, Entity] | None = None) -> Claim:
    """The claim of a line of the interchange file.

    `document` is the id of its document, the name in the line unless given. A source, of which the line holds little,
    is looked up by id in `entities` and among what the line names itself; else its type is taken from its id, and
    Organization where that says nothing. Raises KeyError where a key is missing, pydantic's ValidationError (a
    ValueError) where a value is none of its kind.
    """
    mentions = {role: _from_mention(record[role]) for role in ("subject", "object", "place") if record[role]}
    known = {m.entity.id: m.entity for m in mentions.values()} | dict(entities or {})
    sources = tuple(
        Mention(entity=known.get(source["id"]) or Entity(id=source["id"], label=source["label"],
                                                          type=_type_of(source["id"])), **_from_span(source))
        for source in record["attribution"])
    time, quantity = record["time"], record["quantity"]
    return Claim(
        id=record["id"], document=document or record["document"], subject=mentions["subject"],
        relation=record["relation"], object=mentions.get("object"), event_type=record["event_type"],
        mode=record["mode"], polarity=Polarity(record["polarity"]), modality=Modality(record["modality"]),
        attribution=sources, time=Time(**time) if time else None, place=mentions.get("place"),
        quantity=Quantity(**quantity) if quantity else None, sentence=Span(**record["sentence"]),
        trigger=Span(**record["trigger"]), confidence=record["confidence"], extractor=record["extractor"])


def _span(span: Span) -> dict[str, Any]:
    return {"text": span.text, "start": span.start, "end": span.end}


def _mention(mention: Mention) -> dict[str, Any]:
    entity = mention.entity
    return {"id": entity.id, "label": entity.label, "type": str(entity.type), "country": entity.country,
            "sector": entity.sector, "wikidata": entity.wikidata, "aliases": list(entity.aliases), **_span(mention)}


def _from_span(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: record[key] for key in ("text", "start", "end")}


def _from_mention(record: Mapping[str, Any]) -> Mention:
    about = {key: record[key] for key in ("id", "label", "type", "country", "sector", "wikidata", "aliases")}
    return Mention(entity=Entity(**about), **_from_span(record))


def _type_of(id: str) -> EntityType:
    """The type that an id made of type and name begins with."""
    head = id.partition("/")[0].replace("-", "").lower()
    return next((kind for kind in EntityType if kind.lower() == head), EntityType.ORGANIZATION)
