"""Assembly by keys: what came in is kept in tables, and only what a change can touch is added up again.

The tables hold nothing that the documents and claims do not say; a ledger in memory assembles once, one on disk goes on
from where it was. Both go the same way, so that what is there never depends on how it came.
"""

import json
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from sqlite3 import Connection
from typing import Any, NamedTuple

from kg.assemble.context import Profile, Row, clusters, rows
from kg.assemble.entities import merged
from kg.assemble.events import events
from kg.assemble.facts import facts
from kg.assemble.independence import Groups, Independence, bands, copied, copies
from kg.assemble.judging import Judgements
from kg.assemble.naming import Form, is_local, named, scope
from kg.assemble.told import Description, Reading, Told
from kg.model import Change, Ends, Entity, Event, Fact, FactStatus, Gone, Judgement, Merge

_TABLES = """
CREATE TABLE IF NOT EXISTS state(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document(
  id TEXT PRIMARY KEY, version TEXT, published INTEGER, publisher TEXT, signature BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS band(part BLOB, document TEXT, PRIMARY KEY(part, document)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS copy(one TEXT, other TEXT, PRIMARY KEY(one, other)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS copy_other ON copy(other);
CREATE TABLE IF NOT EXISTS claim(
  document TEXT, number INTEGER, key TEXT, told TEXT, PRIMARY KEY(document, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS claim_key ON claim(key);
CREATE TABLE IF NOT EXISTS local(
  document TEXT, id TEXT, described TEXT, bucket TEXT, type TEXT, country TEXT, label TEXT,
  named TEXT, why TEXT, entity TEXT, because TEXT, PRIMARY KEY(document, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS local_bucket ON local(bucket, id, country) WHERE bucket IS NOT NULL;
CREATE INDEX IF NOT EXISTS local_named ON local(named);
CREATE INDEX IF NOT EXISTS local_entity ON local(entity);
CREATE TABLE IF NOT EXISTS context(
  bucket TEXT, document TEXT, entity TEXT, first INTEGER, last INTEGER, published INTEGER, kind TEXT, place TEXT,
  PRIMARY KEY(document, entity)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS context_bucket ON context(bucket);
CREATE TABLE IF NOT EXISTS link(bucket TEXT, name TEXT, head TEXT, because TEXT, PRIMARY KEY(bucket, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS thing(
  id TEXT, kind TEXT, key TEXT, digest BLOB, contested INTEGER, PRIMARY KEY(kind, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS thing_key ON thing(key);
"""


class Totals(NamedTuple):
    """How much an assembly holds."""

    facts: int
    contested: int


class Ledger:
    """The tables of an assembly in a database; the caller commits. Nothing is added up before `settle`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        connection.executescript(_TABLES)
        self._changed: set[str] = set()
        self._buckets: set[str] = set()
        self._contexts: set[str] = set()
        self._keys: set[str] = set()
        self._entities: set[str] = set()
        self._gone: set[tuple[str, str]] = set()
        self._copies = copies(self._rows("SELECT one, other FROM copy"))
        self._linked = self._links()
        self._judged = "".join(text for text, in self._rows("SELECT value FROM state WHERE name = 'judgements'")) or "[]"
        self._judgements = Judgements(map(Judgement.model_validate, json.loads(self._judged)))
        self._all_dirty = False

    # ---- what comes in -----------------------------------------------------------------------------------------------

    def versions(self) -> dict[str, str]:
        """The documents that are in, each in which version."""
        return dict(self._rows("SELECT id, version FROM document"))

    def totals(self) -> Totals:
        """How many facts there are, and how many of them are contested."""
        [(number, contested)] = self._rows("SELECT COUNT(*), COALESCE(SUM(contested), 0) FROM thing WHERE kind = 'fact'")
        return Totals(number, contested)

    def judge(self, judgements: Iterable[Judgement]) -> None:
        """Put all judgements, in the order in which they were made, in the place of those before."""
        given = list(judgements)
        text = json.dumps([one.model_dump(mode="json") for one in given])
        if text != self._judged:
            self._judged, self._judgements, self._all_dirty = text, Judgements(given), True
            self._db.execute("INSERT OR REPLACE INTO state VALUES('judgements', ?)", (text,))

    def put(self, reading: Reading, *, version: str = "") -> None:
        """Take in a document, in the place of its older version."""
        document = reading.document
        self.drop(document)
        self._changed.add(document)
        self._compare(document, reading.signature)
        self._db.execute("INSERT INTO document VALUES(?, ?, ?, ?, ?)",
                         (document, version, reading.published, reading.publisher, reading.signature))
        self._db.executemany("INSERT INTO claim VALUES(?, ?, NULL, ?)", (
            (document, number, json.dumps(claim)) for number, claim in enumerate(reading.claims)))
        for id, described in reading.described.items():
            said = merged(id, described)
            here = scope(document, said)
            self._buckets.update([here.bucket] if here.bucket else ())
            self._db.execute("INSERT INTO local VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')", (
                document, id, _text(described), here.bucket, said.type.value, said.country, said.label, here.entity,
                here.because, id))
        self._entities.update(reading.described)

    def drop(self, document: str) -> None:
        """Take away a document; nothing where it is not in."""
        signatures = self._rows("SELECT signature FROM document WHERE id = ?", document)
        if not signatures:
            return
        for id, name, entity in self._rows("SELECT id, bucket, entity FROM local WHERE document = ?", document):
            self._buckets.update([name] if name else ())
            self._entities.add(entity)
            if entity != id:
                self._gone.add((document, id))
        self._keys.update(key for key, in self._rows("SELECT key FROM claim WHERE document = ?", document) if key)
        self._contexts.update(name for name, in self._rows("SELECT bucket FROM context WHERE document = ?", document))
        self._db.executemany("DELETE FROM band WHERE part = ? AND document = ?",
                             ((part, document) for part in bands(signatures[0][0])))
        self._db.execute("DELETE FROM copy WHERE one = ?1 OR other = ?1", (document,))
        for table in ("claim", "local", "context"):
            self._db.execute(f"DELETE FROM {table} WHERE document = ?", (document,))
        self._db.execute("DELETE FROM document WHERE id = ?", (document,))
        self._changed.discard(document)

    def _compare(self, document: str, signature: bytes) -> None:
        parts = list(bands(signature))
        near = {other for part in parts for other, in self._rows("SELECT document FROM band WHERE part = ?", part)}
        for other in near:
            [(theirs,)] = self._rows("SELECT signature FROM document WHERE id = ?", other)
            if copied(signature, theirs):
                self._db.execute("INSERT OR IGNORE INTO copy VALUES(?, ?)", tuple(sorted((document, other))))
        self._db.executemany("INSERT INTO band VALUES(?, ?)", ((part, document) for part in parts))

    # ---- what it adds up to ------------------------------------------------------------------------------------------

    def settle(self, *, anew: bool = False) -> Iterator[Change]:
        """Everything that is other than it was at the last time: it must be read to the end.

        With `anew`, the ends of all claims are given, whether or not they changed.
        """
        self._name()
        self._describe()
        moved = yield from self._resolve()
        resolved = self._resolved()
        self._by_key(resolved, moved)
        yield from self._ends(resolved, None if anew else moved)
        self._compare_copies()
        yield from self._add_up(resolved)
        yield from self._merge_entities()
        for touched in (self._changed, self._buckets, self._contexts, self._keys, self._entities, self._gone):
            touched.clear()
        self._all_dirty = False

    def _name(self) -> None:
        """Names of different documents that are one thing; documents in which that changed count as changed."""
        for name in self._buckets:
            forms = [Form(id, country) for id, country in self._rows(
                "SELECT DISTINCT id, country FROM local WHERE bucket = ?", name)]
            for form, (entity, because) in named(forms).items():
                self._changed.update(document for document, in self._rows(
                    "UPDATE local SET named = ?1, why = ?2 WHERE bucket = ?3 AND id = ?4 AND country IS ?5 "
                    "AND (named <> ?1 OR why <> ?2) RETURNING document", entity, because, name, form.id, form.country))

    def _describe(self) -> None:
        """Things that are known by what they are part of, and which of them are one."""
        for document in self._changed:
            self._contexts.update(name for name, in self._rows(
                "DELETE FROM context WHERE document = ? RETURNING bucket", document))
            names: dict[tuple[str, str], str] = {}
            profiles: dict[str, Profile] = {}
            for id, name, label, kind, country in self._rows(
                    "SELECT id, named, label, type, country FROM local WHERE document = ? ORDER BY id", document):
                names[document, id] = name
                profiles[name] = Profile(label, kind, country)
            [(published,)] = self._rows("SELECT published FROM document WHERE id = ?", document)
            claims = [claim.resolved(names) for claim in self._claims_in(document)]
            found = list(rows(document, published, claims, profiles))
            self._db.executemany("INSERT OR REPLACE INTO context VALUES(?, ?, ?, ?, ?, ?, ?, ?)", found)
            self._contexts.update(row.bucket for row in found)
        for name in self._contexts:
            members = [Row(*row) for row in self._rows("SELECT * FROM context WHERE bucket = ?", name)]
            self._db.execute("DELETE FROM link WHERE bucket = ?", (name,))
            for ids, because in clusters(name, members):
                self._db.executemany("INSERT INTO link VALUES(?, ?, ?, ?)", (
                    (name, id, min(ids, key=_globals_first), because) for id in ids))

    def _links(self) -> dict[str, tuple[str, str]]:
        """For each thing that is one with others by what it is part of: the one that they are, and why."""
        groups = Groups(key=_globals_first)
        why: dict[str, str] = {}
        for name, head, because in self._rows("SELECT name, head, because FROM link ORDER BY bucket, name"):
            groups.join(name, head)
            why.setdefault(name, because)
        return {name: (groups.head(name), because) for name, because in why.items()}

    def _resolve(self) -> Generator[Change, None, set[str]]:
        """What each name stands for after all; gives the documents in which that changed for some name."""
        linked = self._links()
        dirty = [name for name in {*linked, *self._linked} if linked.get(name) != self._linked.get(name)]
        self._linked = linked
        columns = "SELECT document, id, named, why, entity, because FROM local"
        if self._all_dirty:
            found = self._rows(columns)
        else:
            found = [row for document in self._changed for row in self._rows(f"{columns} WHERE document = ?", document)]
            found += [row for name in dirty for row in self._rows(f"{columns} WHERE named = ?", name)]
        moved: set[str] = set()
        for document, id, name, why, before, reason in dict.fromkeys(found):
            group, because = linked.get(name, (name, why))
            entity, judged = self._judgements.of(document, id, group)
            because = (judged or because or why) if entity != id else ""
            if (entity, because) == (before, reason):
                continue
            self._db.execute("UPDATE local SET entity = ?, because = ? WHERE document = ? AND id = ?",
                             (entity, because, document, id))
            if entity != before:
                self._entities.update((before, entity))
                moved.add(document)
            if entity != id:
                self._gone.discard((document, id))
                yield Merge(document=document, local=id, entity=entity, because=because)
            else:
                self._gone.add((document, id))
        yield from (Gone(kind="merge", document=document, id=id) for document, id in sorted(self._gone))
        return moved

    def _ends(self, resolved: Mapping[tuple[str, str], str], moved: set[str] | None) -> Iterator[Ends]:
        documents = self.versions() if moved is None else moved
        for document in sorted(documents):
            for before in self._claims_in(document):
                claim = before.resolved(resolved)
                if not claim.denial:
                    yield Ends(claim=claim.id, document=document, subject=claim.subject, relation=claim.relation,
                               object=claim.object, place=claim.place, sources=claim.sources)

    def _by_key(self, resolved: Mapping[tuple[str, str], str], moved: set[str]) -> None:
        """Under which key each claim is counted now; the keys that won or lost one are touched."""
        for document in self._changed | moved:
            for number, before, text in self._rows("SELECT number, key, told FROM claim WHERE document = ?", document):
                key = Told.load(text).resolved(resolved).key
                self._keys.update(key for key in (before, key) if key)
                if key != before:
                    self._db.execute("UPDATE claim SET key = ? WHERE document = ? AND number = ?", (key, document, number))

    def _compare_copies(self) -> None:
        """Claims of documents that are no longer, or only now, copies of others count for another number of voices."""
        now = copies(self._rows("SELECT one, other FROM copy"))
        for document in {*now, *self._copies}:
            if now.get(document) != self._copies.get(document):
                self._keys.update(key for key, in self._rows("SELECT key FROM claim WHERE document = ?", document))
        self._copies = now

    def _add_up(self, resolved: Mapping[tuple[str, str], str]) -> Iterator[Change]:
        published, publisher = {}, {}
        for document, day, by in self._rows("SELECT id, published, publisher FROM document"):
            if day is not None:
                published[document] = day
            if by is not None:
                publisher[document] = by
        sources = Independence(published, publisher, self._copies)
        for key in sorted(self._keys):
            claims = sorted(Told.load(text).resolved(resolved) for text, in self._rows(
                "SELECT told FROM claim WHERE key = ?", key))
            things: list[Event | Fact] = [*events(claims, sources), *facts(claims, sources)]
            yield from self._write(key, things)

    def _merge_entities(self) -> Iterator[Change]:
        for entity in sorted(self._entities):
            seen: Counter[Description] = Counter()
            for text, times in self._rows(
                    "SELECT described, COUNT(*) FROM local WHERE entity = ? GROUP BY described", entity):
                for (*said, aliases), count in json.loads(text):
                    label, kind, country, sector, wikidata = said
                    seen[label, kind, country, sector, wikidata, tuple(aliases)] += count * times
            yield from self._write(f"entity {entity}", [merged(entity, seen)] if seen else [])

    def _write(self, key: str, things: Sequence[Entity | Event | Fact]) -> Iterator[Change]:
        """What is other under a key than it was."""
        before = {(kind, id): digest for kind, id, digest in self._rows(
            "SELECT kind, id, digest FROM thing WHERE key = ?", key)}
        for thing in things:
            kind = type(thing).__name__.lower()
            digest = blake2b(thing.model_dump_json().encode(), digest_size=12).digest()
            if before.pop((kind, thing.id), None) != digest:
                contested = isinstance(thing, Fact) and thing.status is FactStatus.CONTESTED
                self._db.execute("INSERT OR REPLACE INTO thing VALUES(?, ?, ?, ?, ?)",
                                 (thing.id, kind, key, digest, contested))
                yield thing
        for kind, id in before:
            self._db.execute("DELETE FROM thing WHERE kind = ? AND id = ?", (kind, id))
            yield Gone(kind=kind, id=id)

    # ---- reading the tables ------------------------------------------------------------------------------------------

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._db.execute(query, values).fetchall()

    def _claims_in(self, document: str) -> list[Told]:
        return [Told.load(text) for text, in self._rows("SELECT told FROM claim WHERE document = ?", document)]

    def _resolved(self) -> dict[tuple[str, str], str]:
        """The entities of those names that stand for another than their own id says."""
        return {(document, id): entity for document, id, entity in self._rows(
            "SELECT document, id, entity FROM local WHERE entity <> id")}


def _globals_first(id: str) -> tuple[bool, str]:
    return is_local(id), id


def _text(described: Mapping[Description, int]) -> str:
    """Descriptions in an order of their own."""
    return json.dumps(sorted(([list(one), count] for one, count in described.items()), key=json.dumps))
