"""The claims of a document in one string, as they were read: compact, fast to read back, and without loss.

Claims as RDF are for asking; what they join changes as documents come and go. The record does not.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from kg.model import Claim, Entity, Mention, Span

_Stretch = list[Any]


def record(claims: Iterable[Claim], text: str) -> str:
    """The record of claims of a document with this text."""
    entities: dict[Entity, int] = {}

    def span(one: Span | None) -> _Stretch | None:
        if one is None:
            return None
        return [one.start, one.end, *([] if text[one.start:one.end] == one.text else [one.text])]

    def mention(one: Mention | None) -> list[Any] | None:
        return None if one is None else [entities.setdefault(one.entity, len(entities)), span(one)]

    rows = [[
        claim.id, claim.relation, claim.event_type, claim.mode, claim.polarity, claim.modality, claim.confidence,
        claim.extractor, span(claim.sentence), span(claim.trigger), mention(claim.subject), mention(claim.object),
        mention(claim.place), [mention(source) for source in claim.attribution],
        claim.time and [claim.time.value, span(claim.time)],
        claim.quantity and [claim.quantity.min, claim.quantity.max, claim.quantity.unit, claim.quantity.approximate,
                            span(claim.quantity)],
    ] for claim in sorted(claims, key=lambda claim: claim.id)]
    return json.dumps({"entities": [list(entity.model_dump().values()) for entity in entities], "claims": rows},
                      separators=(",", ":"))


def from_record(record: str, *, document: str, text: str, name: Callable[[str], str] = str) -> list[Claim]:
    """The claims of a record, sorted by place in the text and id; `name` says what an entity's id is to be."""
    read = json.loads(record)
    entities = [Entity.model_validate(dict(zip(Entity.model_fields, values, strict=True))) for values in read["entities"]]
    entities = [entity if (id := name(entity.id)) == entity.id else entity.model_copy(update={"id": id}) for entity in entities]

    def span(one: _Stretch) -> dict[str, Any]:
        start, end, *said = one
        return {"start": start, "end": end, "text": said[0] if said else text[start:end]}

    def mention(one: list[Any] | None) -> dict[str, Any] | None:
        return None if one is None else {"entity": entities[one[0]], **span(one[1])}

    claims = []
    for (id, relation, event_type, mode, polarity, modality, confidence, extractor, sentence, trigger, subject, object,
         place, sources, time, quantity) in read["claims"]:
        claims.append(Claim.model_validate({
            "id": id, "document": document, "subject": mention(subject), "relation": relation, "object": mention(object),
            "event_type": event_type, "mode": mode, "polarity": polarity, "modality": modality,
            "attribution": tuple(map(mention, sources)), "time": time and {"value": time[0], **span(time[1])},
            "place": mention(place), "quantity": quantity and {
                "min": quantity[0], "max": quantity[1], "unit": quantity[2], "approximate": quantity[3], **span(quantity[4])},
            "sentence": span(sentence), "trigger": span(trigger), "confidence": confidence, "extractor": extractor}))
    return sorted(claims, key=lambda claim: (claim.sentence.start, claim.trigger.start, claim.id))
