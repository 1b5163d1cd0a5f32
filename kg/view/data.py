"""A selection as the plain values that the page's scripts work on: things, statements, claims, articles."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

from kg.graph import PropertyGraph
from kg.model import QuantityRange
from kg.ontology import ontology
from kg.view.layout import layout
from kg.view.selection import Selection
from kg.view.ties import Tie, target

Values: TypeAlias = dict[str, Any]

STATE = "lasting state"
"""The family of relations that are no act; the others are PLOVER's four quad classes."""


def page_data(graph: PropertyGraph, selection: Selection, *, title: str) -> Values:
    """Everything that the page shows, with numbers (places in these lists) where one thing points to another.

    The first things are the selected ones; `x` and `y` are those of things that are drawn. Offsets of marks count
    UTF-16 units, as JavaScript does. Lists are sorted, so that the same graph gives the same page.
    """
    return _Page(graph, selection).values(title)


class _Page:
    """Numbers what is shown as it goes, so that nothing is said twice."""

    def __init__(self, graph: PropertyGraph, selection: Selection) -> None:
        self.graph = graph
        self.selection = selection
        self.things: dict[str, int] = {thing: number for number, thing in enumerate(selection.things)}
        claims = sorted({c for tie in selection.ties for c in (*tie.claims, *tie.against)}, key=self._place)
        self.claims = {claim: number for number, claim in enumerate(claims)}
        self.documents = _numbered(target(graph, claim, "REPORTED_IN") for claim in claims)
        self.events = _numbered(event for claim in claims if (event := target(graph, claim, "ABOUT")))

    def values(self, title: str) -> Values:
        claims = [self._claim(claim) for claim in self.claims]
        statements = [self._statement(tie) for tie in self.selection.ties]
        events = [self._event(event) for event in self.events]
        focus = self.selection.focus
        return {
            "title": title,
            "leftOut": self.selection.left_out,
            "focus": self.things[focus] if focus is not None else None,
            "relations": {name: self._relation(name) for name in sorted(
                {tie.relation for tie in self.selection.ties} | {claim["relation"] for claim in claims})},
            "statements": statements,
            "claims": claims,
            "events": events,
            "documents": [self._document(document) for document in self.documents],
            "things": self._things(statements),
        }

    def _place(self, claim: str) -> tuple[str, str, int, int, str]:
        """Claims run in the order of publication, then as the articles have them."""
        about, document = self.graph.nodes[claim], target(self.graph, claim, "REPORTED_IN")
        published = self.graph.nodes[document].get("published")
        return (published.isoformat() if published else "9999", document, about["sentence_start"],
                about["trigger_start"], claim)

    def _thing(self, key: str) -> int:
        return self.things.setdefault(key, len(self.things))

    def _things(self, statements: list[Values]) -> list[Values]:
        drawn = len(self.selection.things)
        weight: Counter[int] = Counter()
        for statement in statements:
            for end in {statement["subject"], statement["object"]} - {None}:
                weight[end] += len(statement["claims"]) + len(statement["against"])
        pairs: Counter[tuple[int, int]] = Counter()
        single: list[int] = []
        for statement in statements:
            if statement["object"] is None:
                statement["end"] = drawn + len(single)
                single.append(statement["subject"])
                pairs[statement["subject"], statement["end"]] += 1
            else:
                pairs[min(statement["subject"], statement["object"]),
                      max(statement["subject"], statement["object"])] += 1
        points = layout(drawn + len(single), {pair: 1 + math.log(count) for pair, count in pairs.items()})
        things = []
        for number, key in enumerate(self.things):
            about = self.graph.nodes[key]
            place = {"x": points[number][0], "y": points[number][1], "weight": weight[number]} if number < drawn else {}
            things.append(_known({
                "id": about["id"], "label": about["label"], "type": about["labels"][-1],
                "country": about.get("country"), "sector": about.get("sector"), "wikidata": about.get("wikidata"),
                "aliases": about.get("aliases"), **place}))
        for statement in statements:
            if (end := statement.pop("end", None)) is not None:
                statement["x"], statement["y"] = points[end]
        return things

    def _relation(self, name: str) -> Values:
        relation = ontology().relations.get(name)
        event_type = relation.event_type if relation else None
        return {"label": relation.label if relation else name, "eventType": event_type,
                "symmetric": relation.symmetric if relation else False,
                "family": ontology().quads.get(event_type or "", STATE)}

    def _statement(self, tie: Tie) -> Values:
        return _known({
            "id": tie.id, "subject": self.things[tie.subject], "relation": tie.relation,
            "object": self.things[tie.object] if tie.object else None, "standing": str(tie.standing),
            "claims": sorted(self.claims[claim] for claim in tie.claims),
            "against": sorted(self.claims[claim] for claim in tie.against),
            "first": _iso(tie.first), "last": _iso(tie.last), "belief": tie.belief,
            "publishers": tie.publishers}) | ({} if tie.object else {"object": None})

    def _claim(self, key: str) -> Values:
        about = self.graph.nodes[key]
        ends: dict[str, list[tuple[int, str, Values]]] = defaultdict(list)
        for _, end, edge in self.graph.out_edges(key, data=True):
            ends[edge["type"]].append((edge.get("depth", 0), end, edge))
        cited = {role: ends[role.upper()][0][2] for role in ("subject", "object", "place") if ends[role.upper()]}
        sentence, begin = about["sentence"], about["sentence_start"]
        stretches = {"trigger": (about["trigger_start"], about["trigger_end"], about["trigger"])}
        stretches |= {role: (edge["text_start"], edge["text_end"], edge["text"]) for role, edge in cited.items()}
        stretches |= {role: (about[f"{name}_start"], about[f"{name}_end"], about[name])
                      for role, name in (("time", "time_text"), ("quantity", "quantity_text")) if name in about}
        marks, elsewhere = [], {}
        for role, (start, end, text) in stretches.items():
            if begin <= start and end <= begin + len(sentence):
                if start - begin or end - begin < len(sentence):
                    marks.append([_utf16(sentence, start - begin), _utf16(sentence, end - begin), role])
            elif role in ("subject", "object"):
                elsewhere[role] = text
        event = target(self.graph, key, "ABOUT")
        return _known({
            "subject": self._thing(ends["SUBJECT"][0][1]), "relation": about["relation"],
            "object": self._thing(ends["OBJECT"][0][1]) if ends["OBJECT"] else None,
            "document": self.documents[ends["REPORTED_IN"][0][1]], "event": self.events[event] if event else None,
            "sentence": sentence, "marks": sorted(marks), "elsewhere": elsewhere or None,
            "modality": about["modality"], "polarity": about["polarity"], "confidence": round(about["confidence"], 2),
            "sources": [self._thing(end) for _, end, _ in sorted(ends["ATTRIBUTED_TO"], key=lambda e: e[0])],
            "time": about.get("time"), "first": _iso(about.get("earliest")), "last": _iso(about.get("latest")),
            "place": self._thing(ends["PLACE"][0][1]) if ends["PLACE"] else None,
            "quantity": amount(about.get("quantity_min"), about.get("quantity_max"), about.get("quantity_unit"),
                               approximate=about.get("quantity_approximate", False)),
            "eventType": about.get("event_type"), "mode": about.get("mode"), "extractor": about["extractor"]})

    def _event(self, key: str) -> Values:
        about = self.graph.nodes[key]
        places = sorted(end for _, end, edge in self.graph.out_edges(key, data=True) if edge["type"] == "PLACE")
        quantities = [QuantityRange(**values) for values in json.loads(about.get("quantities", "[]"))]
        return _known({
            "first": _iso(about.get("earliest")), "last": _iso(about.get("latest")),
            "places": [self._thing(place) for place in places],
            "quantities": [text for q in quantities if (text := amount(q.min, q.max, q.unit))]})

    def _document(self, key: str) -> Values:
        about = self.graph.nodes[key]
        return _known({
            "title": about.get("title") or about.get("name") or about["id"], "publisher": about.get("publisher"),
            "published": _iso(about.get("published")), "url": about.get("url"), "source": about.get("read_from")})


def amount(low: float | None, high: float | None, unit: str | None, *, approximate: bool = False) -> str | None:
    """A quantity in words: "3 to 7 civilians", "up to 12,000 troops", "about 40 km"; None where no number is known."""
    if low is None and high is None:
        return None
    if low is not None and high is not None:
        words = _number(low) if low == high else f"{_number(low)} to {_number(high)}"
    else:
        words = f"at least {_number(low)}" if low is not None else f"up to {_number(high or 0)}"
    return " ".join(filter(None, ("about" if approximate else "", words, unit)))


def _number(value: float) -> str:
    return f"{int(value):,}" if math.isfinite(value) and value == int(value) else f"{value:,}"


def _utf16(text: str, index: int) -> int:
    return len(text[:index].encode("utf-16-le", "surrogatepass")) // 2


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _known(values: Mapping[str, Any]) -> Values:
    return {name: value for name, value in values.items() if value is not None}


def _numbered(keys: Iterable[str]) -> dict[str, int]:
    return {key: number for number, key in enumerate(dict.fromkeys(keys))}
