"""`kg show`: all that is known of an entity, a claim, a document, an event or a fact, with the sentences behind it."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import cache

import pyoxigraph as ox
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from kg.model import Claim, Document, Entity, EntityType, Event, Fact, FactStatus, Modality, Polarity, Quantity
from kg.ontology import KGR, ontology
from kg.rdf import identifier, iri, read_assembly, term
from kg.sparql import bind
from kg.store import Store

_STYLES = {FactStatus.REPORTED: "green", FactStatus.ATTRIBUTED: "yellow", FactStatus.CONTESTED: "bold red"}
_ASSEMBLED = "GRAPH kgr:graph\\/assembled"
_DESCRIPTION = f"SELECT ?p ?o WHERE {{ {_ASSEMBLED} {{ ?node ?p ?o }} }}"
_FACTS = f"""SELECT ?s ?p ?o WHERE {{ {_ASSEMBLED} {{
  {{ ?s kgo:subject ?node }} UNION {{ ?s kgo:object ?node }} ?s a kgo:Fact ; ?p ?o }} }}"""
_CLAIMS = f"SELECT ?s WHERE {{ {_ASSEMBLED} {{ ?s kgo:event ?node }} }}"
_AMOUNTS = f"SELECT ?s ?p ?o WHERE {{ {_ASSEMBLED} {{ ?node kgo:quantity ?s . ?s ?p ?o }} }}"
_ROLES = {"subject": "kgo:subject", "object": "kgo:object", "source": "kgo:attribution/kgo:source", "place": "kgo:place"}
_NAMED = f"""SELECT DISTINCT ?entity WHERE {{
  {_ASSEMBLED} {{ ?entity rdfs:label|skos:altLabel ?name }} FILTER(LCASE(STR(?name)) = LCASE(?given)) }}"""
_LABELS = f"SELECT DISTINCT ?name WHERE {{ {_ASSEMBLED} {{ ?entity rdfs:label ?name }} }}"
_LABEL = f"SELECT ?name WHERE {{ {_ASSEMBLED} {{ ?node rdfs:label ?name }} }}"
_DOCUMENT_OF = "SELECT ?d WHERE { ?node prov:wasDerivedFrom ?d ; a kgo:Claim }"
_DOCUMENT_NAMED = """SELECT DISTINCT ?d WHERE {
  ?d a kgo:Document ; dcterms:identifier|schema:url|schema:headline ?name FILTER(STR(?name) = ?given) } ORDER BY ?d"""
PREFIX = re.compile(rf"(?:{re.escape(KGR)})?(?:claim|fact|event|document|entity)/(?=.)|{re.escape(KGR)}")


def show(store: Store, given: str, console: Console) -> str | None:
    """Show the thing of this id or name; None where it was found, else what to say of it."""
    known = _Known(store)
    given = PREFIX.sub("", given)
    for find in (known.claim, known.event, known.fact, known.document_named):
        found = find(given)
        if found is not None:
            _Page(known, console).of(found)
            return None
    entities = known.entities_named(given)
    if entities:
        _Page(known, console).of(entities[0])
        for other in entities[1:]:
            console.print(Text(f"\nAlso called {given}: {other.label}, {_kind(other)}  ({other.id})", style="dim"))
        return None
    close = get_close_matches(given, known.labels(), n=4, cutoff=0.7)
    return f"nothing here is called {given!r}" + (f"; did you mean {', '.join(close)}?" if close else "")


class _Known:
    """What the store knows of single things."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.document = cache(store.document)
        self.claims_of = cache(lambda document: tuple(store.claims(document)))
        self.name = cache(self._name)

    def _rows(self, query: str, **given: ox.NamedNode | ox.Literal) -> list[list[ox.NamedNode | ox.Literal]]:
        rows = self.store.query(bind(query, given)).rows
        return [[value for value in row if isinstance(value, ox.NamedNode | ox.Literal)] for row in rows]

    def _quads(self, query: str, node: ox.NamedNode) -> list[ox.Quad]:
        """The triples that a query gives; the subject of one that gives two columns is the node itself."""
        triples = ((node, *row) if len(row) == 2 else row for row in self._rows(query, node=node))
        return [ox.Quad(s, p, o) for s, p, o in triples if isinstance(s, ox.NamedNode) and isinstance(p, ox.NamedNode)]

    def _name(self, id: str) -> str:
        return next((row[0].value for row in self._rows(_LABEL, node=iri("entity", id))), id)

    def claim(self, id: str) -> Claim | None:
        """The claim of this id."""
        for row in self._rows(_DOCUMENT_OF, node=iri("claim", id)):
            return next((claim for claim in self.claims_of(identifier(row[0])) if claim.id == id), None)
        return None

    def event(self, id: str) -> Event | None:
        """The event of this id."""
        node = iri("event", id)
        claims = (ox.Quad(row[0], term("kgo:event"), node) for row in self._rows(_CLAIMS, node=node)
                  if isinstance(row[0], ox.NamedNode))
        quads = [*self._quads(_DESCRIPTION, node), *self._quads(_AMOUNTS, node), *claims]
        return next((event for event in read_assembly(quads).events if event.id == id), None)

    def fact(self, id: str) -> Fact | None:
        """The fact of this id."""
        return next(iter(read_assembly(self._quads(_DESCRIPTION, iri("fact", id))).facts), None)

    def document_named(self, given: str) -> Document | None:
        """The document of this id, name, URL or title."""
        found = self.document(given)
        if found is None:
            for row in self._rows(_DOCUMENT_NAMED, given=ox.Literal(given)):
                return self.document(identifier(row[0]))
        return found

    def entities_named(self, given: str) -> list[Entity]:
        """The entity of this id, or those of this name or alias, those of most facts first."""
        nodes = [iri("entity", given)] + [row[0] for row in self._rows(_NAMED, given=ox.Literal(given))
                                          if isinstance(row[0], ox.NamedNode)]
        found = {node: read_assembly(self._quads(_DESCRIPTION, node)).entities for node in nodes}
        entities = [entity for described in found.values() for entity in described]
        return sorted(entities, key=lambda e: (e.id != given, -len(self.facts_about(e.id)), e.id))

    def documents_naming(self, id: str) -> set[str]:
        """The documents whose claims name an entity in some role."""
        return {identifier(row[0]) for role in _ROLES.values() for row in self._rows(
            f"SELECT DISTINCT ?d WHERE {{ ?c {role} ?node ; prov:wasDerivedFrom ?d ; a kgo:Claim }}", node=iri("entity", id))}

    def labels(self) -> list[str]:
        """What all entities are called."""
        return [row[0].value for row in self._rows(_LABELS)]

    def facts_about(self, id: str) -> tuple[Fact, ...]:
        """The facts that an entity is part of."""
        return read_assembly(self._quads(_FACTS, iri("entity", id))).facts

    def claims_with(self, role: str, id: str) -> list[Claim]:
        """The claims in which an entity plays a role: subject, object, source or place."""
        plays: dict[str, Callable[[Claim], bool]] = {
            "subject": lambda claim: claim.subject.entity.id == id,
            "object": lambda claim: claim.object is not None and claim.object.entity.id == id,
            "source": lambda claim: any(source.entity.id == id for source in claim.attribution),
            "place": lambda claim: claim.place is not None and claim.place.entity.id == id}
        query = f"SELECT DISTINCT ?d WHERE {{ ?c {_ROLES[role]} ?node ; prov:wasDerivedFrom ?d ; a kgo:Claim }}"
        documents = [identifier(row[0]) for row in self._rows(query, node=iri("entity", id))]
        return [claim for document in documents for claim in self.claims_of(document) if plays[role](claim)]

    def claims_by_id(self, ids: Iterable[str]) -> list[Claim]:
        """The claims of these ids, the latest reports first."""
        return self.latest_first(claim for claim in map(self.claim, ids) if claim)

    def latest_first(self, claims: Iterable[Claim]) -> list[Claim]:
        """Claims by the date of their documents, the latest first, then in the order of the text."""
        def age(claim: Claim) -> tuple[int, str, int]:
            document = self.document(claim.document)
            day = document.published if document else None
            return -day.toordinal() if day else 0, claim.document, claim.sentence.start
        return sorted(claims, key=age)


class _Page:
    """Prints one thing."""

    def __init__(self, known: _Known, console: Console) -> None:
        self.known, self.console = known, console

    def of(self, thing: Entity | Claim | Document | Event | Fact) -> None:
        """Everything about the thing."""
        match thing:
            case Entity():
                self._entity(thing)
            case Claim():
                self._claim(thing)
            case Document():
                self._document(thing)
            case Event():
                self._event(thing)
            case Fact():
                self._fact(thing)

    def _title(self, title: str, *details: str | None) -> None:
        self.console.print(Text(title, style="bold"))
        self.console.print(Text(" · ".join(detail for detail in details if detail), style="dim"))

    def _heading(self, text: str) -> None:
        self.console.print()
        self.console.print(Text(text, style="bold cyan"))

    def _indented(self, line: Text) -> None:
        self.console.print(Padding(line, (0, 0, 0, 4)) if self.console.is_terminal else Text("    ") + line)

    def _field(self, name: str, value: object) -> None:
        if value not in (None, ""):
            self.console.print(Text.assemble((f"{name:<11} ", "dim"), str(value)))

    def _reading(self, subject: str, relation: str, object: str) -> str:
        return _read(relation, self.known.name(subject), self.known.name(object) if object else "")

    def _entity(self, entity: Entity) -> None:
        about = dict.fromkeys((_kind(entity), entity.country, entity.sector, entity.wikidata, entity.id))
        self._title(entity.label, *about)
        if entity.aliases:
            self._field("also called", ", ".join(entity.aliases))
        documents = self.known.documents_naming(entity.id)
        self._field("named in", f"{_many(len(documents), 'document')}, by its {'name' if '/' in entity.id else 'code'}")
        merged: dict[tuple[str, str], list[str]] = defaultdict(list)
        for merge in self.known.store.merges(entity.id):
            named = self.known.document(merge.document)
            merged[merge.local, merge.because].append(named.name if named else merge.document)
        for (local, because), names in sorted(merged.items()):
            self._field("merged", f"{local} of {', '.join(sorted(names))}: {because}")
        facts = self.known.facts_about(entity.id)
        told: set[str] = set()
        if facts:
            self._heading(f"Facts ({len(facts)})")
        for fact in sorted(facts, key=lambda fact: (-fact.belief, fact.id)):
            self._fact_line(fact)
            self._sentences(self.known.claims_by_id(fact.claims))
            self._sentences(self.known.claims_by_id(fact.against), label="against")
            told.update(fact.claims, fact.against)
        acts = [*self.known.claims_with("subject", entity.id), *self.known.claims_with("object", entity.id)]
        self._group("Not counted as facts: planned, possible, demanded, denied or unsure",
                    [claim for claim in acts if claim.id not in told])
        self._group("Said by it", self.known.claims_with("source", entity.id))
        if entity.type in (EntityType.PLACE, EntityType.STATE):
            self._group("Happened there", self.known.claims_with("place", entity.id))

    def _group(self, heading: str, claims: Iterable[Claim]) -> None:
        ordered = self.known.latest_first({claim.id: claim for claim in claims}.values())
        if ordered:
            self._heading(f"{heading} ({len(ordered)})")
        for claim in ordered:
            self.console.print(_claim_line(claim))
            self._sentences([claim])

    def _fact_line(self, fact: Fact) -> None:
        line = Text.assemble((self._reading(fact.subject, fact.relation, fact.object), "bold"))
        line.append(f"  {fact.status}", style=_STYLES[fact.status])
        said = [f"belief {fact.belief:.2f}", _many(len(fact.claims), "claim"), _many(fact.publishers, "publisher"),
                _days(fact.first, fact.last), fact.id]
        line.append("  " + " · ".join(filter(None, said)), style="dim")
        self.console.print(line)

    def _sentences(self, claims: Sequence[Claim], *, label: str = "") -> None:
        for claim in claims:
            document = self.known.document(claim.document)
            source = [document.publisher or document.name, str(document.published or "no date")] if document else []
            line = Text.assemble((f"{label}: " if label else "", "red"), marked(claim))
            by = " ← ".join(source.entity.label for source in claim.attribution)
            line.append("  " + " · ".join([*source, *([f"says {by}"] if by else []), claim.id]), style="dim")
            self._indented(line)

    def _claim(self, claim: Claim) -> None:
        document = self.known.document(claim.document)
        self._title(claim_reading(claim), f"claim {claim.id}")
        self.console.print()
        self.console.print(marked(claim))
        self.console.print()
        self._field("said by", " ← ".join(source.entity.label for source in claim.attribution) or "the article itself")
        self._field("modality", f"{claim.modality}, {claim.polarity}")
        self._field("event type", " / ".join(filter(None, (claim.event_type, claim.mode))))
        self._field("when", claim.time and f"{claim.time.value} (“{claim.time.text}”)")
        self._field("where", claim.place and f"{claim.place.entity.label} (“{claim.place.text}”)")
        self._field("how many", claim.quantity and f"{_amount(claim.quantity)} (“{claim.quantity.text}”)")
        for role, mention in (("subject", claim.subject), ("object", claim.object)):
            self._field(role, mention and f"{mention.entity.label}, {_kind(mention.entity)} (“{mention.text}”, "
                                          f"{mention.start}–{mention.end})  {mention.entity.id}")
        self._field("trigger", f"“{claim.trigger.text}”, {claim.trigger.start}–{claim.trigger.end}")
        self._field("confidence", f"{claim.confidence:.2f}")
        self._field("read by", claim.extractor)
        if document:
            told = document.title or document.name, document.publisher, str(document.published or "no date")
            self._field("document", " · ".join(filter(None, (*told, document.id))))

    def _document(self, document: Document) -> None:
        claims = self.known.claims_of(document.id)
        dated = f"{document.published} (from the {document.published_from})" if document.published else "no date"
        self._title(document.title or document.name, document.publisher, dated, document.id)
        self._field("name", document.name)
        self._field("url", document.url)
        self._field("read from", document.source)
        words = sum(len(document.text[start:end].split()) for start, end in document.body)
        self._field("holds", f"{_many(words, 'word')} of the article, {_many(len(claims), 'claim')}")
        before = None
        for claim in claims:
            if claim.sentence != before:
                self.console.print()
                self.console.print(Text(_flat(claim.sentence.text)))
                before = claim.sentence
            line = _claim_line(claim)
            by = " ← ".join(source.entity.label for source in claim.attribution)
            line.append(f"{f'  says {by}' if by else ''}  {claim.id}", style="dim")
            self._indented(line)

    def _event(self, event: Event) -> None:
        self._title(self._reading(event.subject, event.relation, event.object), f"event {event.id}")
        self._field("event type", " / ".join(filter(None, (event.event_type, event.mode))))
        self._field("modality", f"{event.modality}, {event.polarity}")
        self._field("when", _days(event.when.earliest, event.when.latest))
        self._field("where", ", ".join(self.known.name(place) for place in event.places))
        for amount in event.quantities:
            self._field("how many", _range(amount.min, amount.max, amount.unit))
        self._heading(f"Claims ({len(event.claims)})")
        self._sentences(self.known.claims_by_id(event.claims))
        if event.against:
            self._heading(f"Against it ({len(event.against)})")
            self._sentences(self.known.claims_by_id(event.against))

    def _fact(self, fact: Fact) -> None:
        self._title(self._reading(fact.subject, fact.relation, fact.object), f"fact {fact.id}")
        self.console.print(Text.assemble(("status      ", "dim"), (str(fact.status), _STYLES[fact.status])))
        self._field("belief", f"{fact.belief:.2f}")
        self._field("when", _days(fact.first, fact.last))
        self._field("publishers", fact.publishers)
        self._field("quoted", ", ".join(map(self.known.name, fact.sources)))
        for heading, ids in (("For it", fact.claims), ("Against it", fact.against)):
            if ids:
                self._heading(f"{heading} ({len(ids)})")
                self._sentences(self.known.claims_by_id(ids))


def _kind(entity: Entity) -> str:
    known = ontology().classes.get(entity.type)
    return known.label if known else str(entity.type)


def _read(relation: str, subject: str, object: str) -> str:
    known = ontology().relations.get(relation)
    return known.read(subject, object) if known else f"{subject} {relation} {object}".strip()


def claim_reading(claim: Claim) -> str:
    """What a claim says, as a sentence."""
    return _read(claim.relation, claim.subject.entity.label, claim.object.entity.label if claim.object else "")


def _claim_line(claim: Claim) -> Text:
    """What a claim says, with what keeps it from being a plain fact."""
    line = Text.assemble((claim_reading(claim), "bold"))
    but = [str(claim.modality)] if claim.modality is not Modality.ASSERTED else []
    but += ["denied"] if claim.polarity is Polarity.NEGATIVE else []
    if but:
        line.append(f"  {', '.join(but)}", style="yellow")
    line.append(f"{f'  {claim.time.value}' if claim.time else ''}  {claim.confidence:.2f}", style="dim")
    return line


def marked(claim: Claim) -> Text:
    """The sentence, with its subject, trigger and object marked where they stand in it."""
    text = Text(_flat(claim.sentence.text))
    for span, style in ((claim.trigger, "underline"), (claim.subject, "bold cyan"), (claim.object, "bold magenta")):
        if span:
            text.stylize(style, max(0, span.start - claim.sentence.start), max(0, span.end - claim.sentence.start))
    return text


def _flat(text: str) -> str:
    """The text in one line, every character in its place."""
    return "".join(" " if character.isspace() else character for character in text)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _days(first: object, last: object) -> str:
    if first and last:
        return str(first) if first == last else f"{first} to {last}"
    return f"since {first}" if first else f"until {last}" if last else ""


def _amount(quantity: Quantity) -> str:
    about = "about " if quantity.approximate else ""
    return about + _range(quantity.min, quantity.max, quantity.unit)


def _range(least: float | None, most: float | None, unit: str | None) -> str:
    low, high = (f"{bound:,g}" if bound is not None else "" for bound in (least, most))
    if low and high:
        return f"{low if low == high else f'{low} to {high}'} {unit or ''}".strip()
    return f"{f'at least {low}' if low else f'up to {high}' if high else ''} {unit or ''}".strip()
