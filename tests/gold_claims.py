"""Documents and claims made out of the gold files, for all tests that work below the extractor.

Spans are found by simple means (the sentence by its first words, a thing by its names in the sentence, else where it is
first named), so they are right about the text but not always the words that a reader would choose.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rigour.territories import lookup_territory

from kg.model import Claim, Document, Entity, EntityType, Mention, Modality, Polarity, Quantity, Span, Time, slug
from kg.ontology import ontology

GOLD = Path(__file__).parent / "gold"
NAMES = tuple(sorted(path.stem for path in GOLD.glob("*.yaml")))

_ABBREVIATED = r"(?<!\b[A-Z])(?<!\b(?:Gen|Nov|Dec|Jan|Feb|Aug|Sep|Oct|Sgt|Col|Rep|Sen))(?<!\b(?:Mr|Dr|St|Lt))(?<!Sept)"
_SENTENCE_END = re.compile(rf"{_ABBREVIATED}[.!?][\"”’)]*(?=\s+[A-Z\"“•\d]|\s*\n|\s*$)|(?=\n)|$")
_TIME_WORDS = re.compile(
    r"\b(?:(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\.|Feb\.|Aug\."
    r"|Sept\.|Oct\.|Nov\.|Dec\.)(?: \d{1,2})?(?:,? \d{4})?|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:19|20)\d\d"
    r"|yesterday|today|last (?:week|month|year))\b")
_QUANTITY = re.compile(r"^(?P<bound>min|max|approx)?\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<scale>million|billion|bn|m|)\b"
                       r"\s*(?P<unit>.+)?$")
_SCALES = {"": 1, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9}
_CLUES = (
    (EntityType.AGREEMENT, r"treaty|agreement|deal|pact|truce|accord|ceasefire|decree|declaration|memorandum|protocol"),
    (EntityType.PROPOSAL, r"resolution|bill|draft|plan|proposal|text|package|mandate"),
    (EntityType.OFFICE, r"presidency|office of"),
    (EntityType.ORGANIZATION, r"ministry|council|union|agency|party|court|tribunal|parliament|government|agence|news|"
                              r"commission|committee|company|firms?|bank|nations|NATO|EU|UN|IAEA|ICC|KCNA|congress"),
    (EntityType.ARMED_FORCE, r"army|navy|air force|coast guard|armed forces|military|national guard"),
    (EntityType.ARMED_GROUP, r"hamas|hezbollah|houthis?|rapid support|shabaab|m23|militants?|rebels?"),
    (EntityType.GROUP, r"troops|soldiers|forces|officials?|protesters|people|civilians|crowds?|police|officers|"
                       r"supporters|hostages|prisoners|families|workers|residents|\w+ians|\w+ers"),
)
_ORDER = (EntityType.ORGANIZATION, EntityType.GROUP, EntityType.PERSON, EntityType.PLACE, EntityType.THING,
          EntityType.AGREEMENT, EntityType.PROPOSAL, EntityType.OFFICE, EntityType.ARMED_GROUP,
          EntityType.ARMED_FORCE, EntityType.STATE)
_LOCAL = (EntityType.AGREEMENT, EntityType.PROPOSAL, EntityType.THING, EntityType.GROUP)


def gold_documents() -> list[Document]:
    """The gold articles, by name."""
    return [document for document, _ in gold()]


def gold_claims() -> list[Claim]:
    """The claims of all gold articles, required and optional."""
    return [claim for _, claims in gold() for claim in claims]


def gold(*names: str) -> list[tuple[Document, list[Claim]]]:
    """Each gold article (those named, or all) with its claims; all of them pass the ontology's check."""
    return [(document, list(claims)) for document, claims in map(_load, names or NAMES)]


@cache
def _load(name: str) -> tuple[Document, tuple[Claim, ...]]:
    annotated = yaml.safe_load((GOLD / f"{name}.yaml").read_text("utf-8"))
    text = (GOLD / f"{name}.txt").read_text("utf-8")
    document = Document.of(
        text, name=name, title=text.split("\n", 1)[0], published=annotated["date"], published_from="metadata",
        publisher=f"Sample: {re.split(r'[- ;,]', annotated['style'])[0]}", source=f"tests/gold/{name}.txt")
    reader = _Reader(document, annotated)
    claims = {claim.id: claim for claim in map(reader.claim, annotated["claims"])}
    return document, tuple(c for c in claims.values() if ontology().fault(c, document) is None)


class _Reader:
    """Finds what one gold file names in the text of its document."""

    def __init__(self, document: Document, annotated: dict[str, Any]) -> None:
        self.document = document
        self.names = {key: [key, *map(str, names or [])] for key, names in annotated["entities"].items()}
        allowed: dict[str, list[frozenset[EntityType]]] = defaultdict(list)
        people = set()
        for row in annotated["claims"]:
            relation = ontology().relations[row["r"]]
            allowed[row["s"]].append(relation.domain)
            allowed[row["o"]].append(relation.range)
            if row["r"] in ("leads", "holdsOfficeIn") and len(row["s"].split()) > 1:
                people.add(row["s"])
        self.entities = {key: self._entity(key, allowed[key], key in people) for key in self.names}

    def _entity(self, key: str, allowed: list[frozenset[EntityType]], person: bool) -> Entity:
        votes = {kind: sum(kind in types for types in allowed) for kind in EntityType}
        best = [kind for kind in _ORDER if votes[kind] == max(votes.values())]
        territory = lookup_territory(key) if len(key) > 3 else None
        aliases = tuple(sorted(name for name in set(self.names[key][1:]) - set(self.names) if name[0].isupper()))
        if EntityType.STATE in best and territory and territory.alpha3 and key not in territory.places:
            return Entity(id=territory.alpha3.upper(), label=key, type=EntityType.STATE, sector="GOV",
                          country=territory.alpha3.upper(), wikidata=territory.qid, aliases=aliases)
        clue = next((kind for kind, words in _CLUES if kind in best and re.search(rf"\b({words})\b", key, re.I)), None)
        named_like_one = re.fullmatch(r"[A-Z][\w'’-]+( [\w'’-]+)? [A-Z][\w'’-]+", key) is not None
        if clue is None and EntityType.PERSON in best and (person or named_like_one):
            clue = EntityType.PERSON
        elif clue is None and EntityType.GROUP in best and re.search(r"\ws$", key):
            clue = EntityType.GROUP
        kind = clue or best[0]
        aliases = tuple(alias for alias in aliases if not lookup_territory(alias))
        local = f"@{self.document.id}" if kind in _LOCAL else ""
        return Entity(id=f"{kind.lower()}/{slug(key)}{local}", label=key, type=kind, aliases=aliases)

    def claim(self, row: dict[str, Any]) -> Claim:
        """The claim of one row of the gold file."""
        sentence = self._sentence(row["sentence"])
        modality, polarity = Modality(row["modality"]), Polarity(row["polarity"])
        event_type, mode = ontology().event(row["r"], modality, polarity)
        return Claim.of(
            document=self.document.id, relation=row["r"], event_type=event_type, mode=mode, modality=modality,
            polarity=polarity, subject=self._mention(row["s"], sentence), object=self._mention(row["o"], sentence),
            attribution=tuple(self._mention(source, sentence) for source in row["by"]),
            time=self._time(row["when"], sentence), place=self._place(row["where"], sentence),
            quantity=self._quantity(row["quantity"], sentence), sentence=sentence,
            trigger=self._trigger(row["r"], sentence), confidence=0.9 if row["required"] else 0.6, extractor="gold/1")

    def _span(self, start: int, end: int) -> Span:
        return Span(text=self.document.text[start:end], start=start, end=end)

    def _sentence(self, first_words: str) -> Span:
        start = self.document.text.index(first_words)
        end = _SENTENCE_END.search(self.document.text, start + len(first_words))
        return self._span(start, end.end() if end else len(self.document.text))

    def _find(self, names: Iterable[str], sentence: Span) -> Span | None:
        """The longest of the names that the sentence has, else the one that the document has first."""
        longest_first = sorted(names, key=lambda name: (-len(name), name))
        for start, end in ((sentence.start, sentence.end), (0, len(self.document.text))):
            for name in longest_first:
                pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.I)
                if found := pattern.search(self.document.text, start, end):
                    return self._span(*found.span())
        return None

    def _mention(self, key: str, sentence: Span) -> Mention:
        span = self._find(self.names[key], sentence) or sentence
        return Mention(**span.model_dump(), entity=self.entities[key])

    def _trigger(self, relation: str, sentence: Span) -> Span:
        label = ontology().relations[relation].label
        for word in label.split():
            if len(word) > 3 and (found := re.search(rf"\b{word[:4]}\w*", sentence.text, re.I)):
                return self._span(sentence.start + found.start(), sentence.start + found.end())
        return self._span(sentence.start, sentence.start + len(sentence.text.split()[0]))

    def _time(self, value: str | None, sentence: Span) -> Time | None:
        if value is None:
            return None
        found = _TIME_WORDS.search(sentence.text)
        start, end = found.span() if found else (0, len(sentence.text))
        return Time(value=str(value), **self._span(sentence.start + start, sentence.start + end).model_dump())

    def _place(self, name: str | None, sentence: Span) -> Mention | None:
        if name is None:
            return None
        if name in self.names:
            return self._mention(name, sentence)
        span = self._find([name], sentence) or sentence
        return Mention(**span.model_dump(), entity=Entity(id=f"place/{slug(name)}", label=name, type=EntityType.PLACE))

    def _quantity(self, words: str | None, sentence: Span) -> Quantity | None:
        parsed = _QUANTITY.match(words or "")
        if parsed is None:
            return None
        number = float(parsed["number"]) * _SCALES[parsed["scale"]]
        plain = re.escape(f"{int(float(parsed['number'])):,}")
        found = re.search(rf"(?<!\w){plain}\b", sentence.text)
        start, end = found.span() if found else (0, len(sentence.text))
        return Quantity(
            min=None if parsed["bound"] == "max" else number, max=None if parsed["bound"] == "min" else number,
            unit=parsed["unit"], approximate=parsed["bound"] == "approx",
            **self._span(sentence.start + start, sentence.start + end).model_dump())
