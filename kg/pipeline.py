"""The whole flow: read, extract, check, store, assemble; and scoring an extractor on what comes out of the same flow.

Documents stream: a few are read, their claims extracted and checked, each is stored whole, and only then the next are
read. A run that was cut off is simply run again: what it stored is passed over.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from kg.assemble import Ledger, Totals, reading
from kg.evaluate import Claims, Coded, Fault, Gold, PlvScore, Score, faults, score, score_plv
from kg.extract import Explainer, Extractor
from kg.extract.explanation import Explanation
from kg.model import Claim, Document, Frozen, Rejected, Run
from kg.ontology import ontology
from kg.rdf import identifier, iri
from kg.read import read, read_file
from kg.sparql import Term, bind, plain
from kg.store import Store

CLAIM_FAULT = "claim at fault: "
"""How the reason of a rejected claim begins (those of documents do not): its extractor is to blame, not the input."""

_GROUP = 8
_FLUSH = 100  # documents; what Oxigraph has not yet put on disk it keeps in memory, some half a megabyte a document


class Progress(NamedTuple):
    """How far a run has come: `stage` is "reading" or "assembling", `document` the name of the last one taken."""

    stage: str
    documents: int
    claims: int
    document: str = ""


def build(inputs: Iterable[str | Path], *, store: Store, extractor: Extractor,
          progress: Callable[[Progress], None] = lambda _: None) -> Run:
    """Take the articles of the inputs into the store, and add all its claims up anew.

    An article whose text, metadata and extractor are those of the stored one is passed over; another version of it
    replaces the stored one. What cannot be read, and claims that fail the ontology's check, are in `Run.rejected`.
    Raises StoreError where the store cannot be written.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    rejected: list[Rejected] = []
    fresh = unchanged = replaced = words = claims = 0
    undated: list[str] = []

    def news() -> Iterator[Document]:
        nonlocal unchanged, replaced
        for document in read(inputs, reject=rejected.append):
            known = store.document(document.id)
            if known and _same(known, document) and store.reader(document.id) == extractor.name:
                unchanged += 1
                continue
            replaced += known is not None
            yield document

    def taken() -> Iterator[tuple[Document, list[Claim]]]:
        nonlocal fresh, words, claims
        for document, found in extracted(news(), extractor=extractor, reject=rejected.append):
            yield document, found
            fresh += 1
            claims += len(found)
            words += sum(len(document.text[start:end].split()) for start, end in document.body)
            if document.published is None:
                undated.append(document.name)
            progress(Progress("reading", fresh + unchanged, claims, document.name))
            if fresh % _FLUSH == 0:
                store.flush()

    store.add(taken(), read_by=extractor.name)
    progress(Progress("assembling", fresh + unchanged, claims))
    totals = refresh(store)
    return Run(
        documents=fresh, unchanged=unchanged, replaced=replaced, words=words, claims=claims, facts=totals.facts,
        contested=totals.contested, rejected=tuple(rejected),
        undated=tuple(undated), seconds=round(time.monotonic() - clock, 2), started=started)


def remove(documents: Iterable[str], *, store: Store) -> tuple[list[Document], list[str]]:
    """Take documents away, each given by id, name or URL, with what they alone supported.

    The documents that were removed, and those of the given ones that are not there. Raises StoreError where the store
    cannot be written.
    """
    removed, missing = [], []
    for given in documents:
        document = find_document(store, given)
        if document is None:
            missing.append(given)
        elif store.remove(document.id):
            removed.append(document)
    if removed:
        refresh(store)
    return removed, missing


def find_document(store: Store, given: str) -> Document | None:
    """The stored document of this id, name or URL."""
    return store.document(given) or next((d for d in store.documents() if given in (d.name, d.url)), None)


def refresh(store: Store) -> Totals:
    """Add up what the documents of the store say; only what changed since the last time is looked at.

    Raises StoreError where the store cannot be written.
    """
    with store.books() as books:
        ledger = Ledger(books.database)
        known, there = ledger.versions(), store.versions()
        for gone in known.keys() - there.keys():
            ledger.drop(gone)
        for id in sorted(id for id, version in there.items() if known.get(id) != version):
            if document := store.document(id):
                ledger.put(reading(document, store.claims(id, as_read=True)), version=there[id])
        ledger.judge(store.judgements())
        books.write(ledger.settle(anew=books.anew))
        return ledger.totals()


@contextmanager
def as_of(store: Store, day: date) -> Iterator[Store]:
    """The store that there would be from the documents published by a day; those without a date are not in it.

    It is assembled anew, in a folder of its own that is gone afterwards. Raises StoreError where that cannot be written.
    """
    with TemporaryDirectory(prefix="kg-as-of-") as folder:
        path = Path(folder) / "store"
        with Store.open(path, create=True) as then:
            for document in store.documents():
                if document.published and document.published <= day:
                    then.add([(document, list(store.claims(document.id, as_read=True)))],
                             read_by=store.reader(document.id))
            for judgement in store.judgements():
                then.judge(judgement)
            refresh(then)
        with Store.open(path, read_only=True) as then:
            yield then


class Stats(Frozen):
    """What a store holds, in numbers; the mappings count claims, entities or facts, the most frequent first."""

    documents: int
    dated: int
    publishers: int
    first: date | None
    last: date | None
    claims: int
    events: int
    facts: int
    entities: int
    relations: Mapping[str, int]
    modalities: Mapping[str, int]
    polarities: Mapping[str, int]
    extractors: Mapping[str, int]
    types: Mapping[str, int]
    statuses: Mapping[str, int]


_DOCUMENTS = """SELECT (COUNT(?d) AS ?all) (COUNT(?day) AS ?dated) (COUNT(DISTINCT ?by) AS ?publishers)
  (MIN(?day) AS ?first) (MAX(?day) AS ?last)
WHERE { ?d a kgo:Document OPTIONAL { ?d schema:datePublished ?day } OPTIONAL { ?d schema:publisher ?by } }"""
_CLAIMS = """SELECT ?relation ?modality ?polarity ?by (COUNT(?c) AS ?n) WHERE {
  ?c prov:wasGeneratedBy ?by ; kgo:relation ?relation ; kgo:modality ?modality ; kgo:polarity ?polarity
} GROUP BY ?relation ?modality ?polarity ?by"""
_TYPES = """SELECT ?type (COUNT(?e) AS ?n) WHERE { GRAPH kgr:graph\\/assembled { ?e rdfs:label ?label ; a ?type } }
GROUP BY ?type"""
_STATUSES = """SELECT ?status (COUNT(?f) AS ?n) WHERE { GRAPH kgr:graph\\/assembled { ?f a kgo:Fact ; kgo:status ?status } }
GROUP BY ?status"""
_CALLED = """SELECT ?c ?d WHERE { ?c a kgo:Claim ; prov:wasDerivedFrom ?d FILTER(STRSTARTS(STR(?c), STR(?given))) }
ORDER BY ?c LIMIT 5"""
_EVENTS = "SELECT (COUNT(?e) AS ?n) WHERE { GRAPH kgr:graph\\/assembled { ?e a kgo:Event } }"


def stats(store: Store) -> Stats:
    """Count what the store holds."""
    documents, dated, publishers, first, last = map(plain, store.query(_DOCUMENTS).rows[0])
    counts: tuple[Counter[str], ...] = Counter(), Counter(), Counter(), Counter()
    for *names, number in store.query(_CLAIMS).rows:
        for counter, name in zip(counts, names, strict=True):
            counter[_local(name)] += int(plain(number))
    types, statuses = (Counter({_local(name): int(plain(number)) for name, number in store.query(query).rows})
                       for query in (_TYPES, _STATUSES))
    relations, modalities, polarities, extractors = (dict(counter.most_common()) for counter in counts)
    return Stats(
        documents=int(documents), dated=int(dated), publishers=int(publishers),
        first=date.fromisoformat(first) if first else None, last=date.fromisoformat(last) if last else None,
        claims=sum(relations.values()), events=int(plain(store.query(_EVENTS).rows[0][0])), facts=statuses.total(),
        entities=types.total(), relations=relations, modalities=modalities, polarities=polarities,
        extractors=extractors, types=dict(types.most_common()), statuses=dict(statuses.most_common()))


def _local(term: Term | None) -> str:
    return identifier(term) if term is not None else ""


def extracted(documents: Iterable[Document], *, extractor: Extractor,
              reject: Callable[[Rejected], None]) -> Iterator[tuple[Document, list[Claim]]]:
    """Each document with those of its claims that pass the ontology's check; the others go to `reject`.

    A document on which the extractor fails goes there too, and the others are read.
    """
    left = iter(documents)
    while group := list(islice(left, _GROUP)):
        for document, claims in _read(group, extractor, reject):
            faults = [(claim, ontology().fault(claim, document)) for claim in claims]
            for claim, fault in faults:
                if fault:
                    named = claim.object.entity.label if claim.object else ""
                    reject(Rejected(source=document.name, reason=CLAIM_FAULT + fault,
                                    detail=f"{claim.subject.entity.label} --{claim.relation}--> {named}"))
            yield document, [claim for claim, fault in faults if not fault]


def _read(group: Sequence[Document], extractor: Extractor,
          reject: Callable[[Rejected], None]) -> Iterator[tuple[Document, list[Claim]]]:
    try:
        yield from list(extractor.stream(group))
        return
    except Exception:  # one article's trouble, whatever it is, must not cost the others: find it by reading one by one
        pass
    for document in group:
        try:
            yield document, extractor(document)
        except Exception as error:
            reject(Rejected(source=document.source or document.name, reason="extractor failed",
                            detail=f"{type(error).__name__}: {error}; please report it with the article"))


def _same(one: Document, other: Document) -> bool:
    """Whether two documents are the same but for where they were read from."""
    return one.model_copy(update={"source": None}) == other.model_copy(update={"source": None})


def evaluate(gold: Sequence[Gold], *, extractor: Extractor, texts: Sequence[str | Path] = (),
             reject: Callable[[Rejected], None], errors: int = 0) -> Score:
    """Score the extractor on gold (or silver) files.

    Their articles stand beside them (`NAME.txt`) or in `texts`: folders with such files, or JSON lines. One that is
    nowhere goes to `reject` and counts as an article without claims.
    """
    return score(_by_name(_texts(gold, texts, reject), extractor, reject), gold, errors=errors)


def evaluate_plv(gold: Sequence[Coded], *, extractor: Extractor, texts: Iterable[str | Path],
                 reject: Callable[[Rejected], None], errors: int = 0) -> PlvScore:
    """Score the extractor on coded sentences, which are the articles of `texts`."""
    return score_plv(_by_name(read(texts, reject=reject), extractor, reject), gold, errors=errors)


def errors(gold: Sequence[Gold], *, extractor: Explainer, texts: Sequence[str | Path] = (),
           reject: Callable[[Rejected], None]) -> tuple[Score, tuple[Fault, ...]]:
    """Score the extractor as `evaluate` does, and say of each miss and each false claim what went wrong."""
    documents = list(_texts(gold, texts, reject))
    claims = _by_name(documents, extractor, reject)
    seen = {document.name: extractor.considered(document) for document in documents}
    return score(claims, gold), faults(claims, gold, seen=seen, threshold=extractor.threshold)


def explain(given: str, *, store: Store, extractors: Iterable[Callable[[], Explainer]]) -> Explanation:
    """Why a stored claim, given by its id or the beginning of it, was read: its document is read again.

    That does the first of the extractors that made the claim, else the first of all. Raises LookupError where no claim, or
    several, have such an id.
    """
    found = [(identifier(row[0]), identifier(row[1])) for row in store.query(bind(_CALLED, {"given": iri("claim", given)})).rows
             if row[0] is not None and row[1] is not None]
    if len(found) > 1:
        raise LookupError(f"several claims begin with {given!r}: {', '.join(id for id, _ in found)}")
    claims = ((store.document(home), claim) for id, home in found for claim in store.claims(home, as_read=True) if claim.id == id)
    document, claim = next(claims, (None, None))
    if document is None or claim is None:
        raise LookupError(f"no claim has the id {given!r}")
    first: Explainer | None = None
    for make in extractors:
        one = make()
        if one.name == claim.extractor:
            return one.explain(document, claim)
        first = first or one
    if first is None:
        raise LookupError("no extractor to read it with")
    return first.explain(document, claim)


def _by_name(documents: Iterable[Document], extractor: Extractor, reject: Callable[[Rejected], None]) -> Claims:
    return {document.name: sorted(claims, key=_place)
            for document, claims in extracted(documents, extractor=extractor, reject=reject)}


def _place(claim: Claim) -> tuple[int, int, int, str]:
    """The order of claims in the interchange file."""
    return claim.sentence.start, claim.trigger.start, claim.subject.start, claim.id


def _texts(gold: Sequence[Gold], texts: Sequence[str | Path], reject: Callable[[Rejected], None]) -> Iterator[Document]:
    folders = [Path(path) for path in texts if Path(path).is_dir()]
    wanted: dict[str, Gold] = {}
    for file in gold:
        places = (file.path.with_name(f"{file.document}.txt"), *(folder / f"{file.document}.txt" for folder in folders))
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            wanted[file.document] = file
            continue
        document = read_file(found, said={"date": file.date})
        if isinstance(document, Rejected):
            reject(document)
        else:
            yield document
    streams = [path for path in texts if not Path(path).is_dir()]
    for document in read(streams if wanted else (), reject=reject):
        if wanted.pop(document.name, None):
            yield document
    for name, file in wanted.items():
        reject(Rejected(source=str(file.path), reason="no text", detail=f"no {name}.txt beside it; say where it is"))
