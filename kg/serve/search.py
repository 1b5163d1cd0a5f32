"""Full-text search over sentences and names: an SQLite index (FTS5) beside the store, brought up to date as it changes.

It can be thrown away at any time: what it lacks is read from the store, document by document, and only what changed.
"""

import asyncio
import json
import logging
import re
import sqlite3
import tempfile
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from kg.model import Frozen
from kg.sparql import plain
from kg.store import Store, StoreError

FILE = "search.sqlite"

_log = logging.getLogger("kg.serve")
_FORM = 1
_TABLES = f"""
CREATE TABLE documents (id TEXT PRIMARY KEY, version TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE sentences USING fts5 (text, document UNINDEXED, claims UNINDEXED, tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE entities (id TEXT PRIMARY KEY, about TEXT NOT NULL, row INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE names USING fts5 (label, aliases, id UNINDEXED, type UNINDEXED, weight UNINDEXED, prefix = '2 3',
                                       tokenize = 'unicode61 remove_diacritics 2');
PRAGMA user_version = {_FORM};
"""
_NAMES = """SELECT ?entity ?type ?label ?alias WHERE { GRAPH kgr:graph\\/assembled {
  ?entity rdfs:label ?label ; a ?type OPTIONAL { ?entity skos:altLabel ?alias } } }"""
_WEIGHTS = """SELECT ?entity (COUNT(*) AS ?facts) WHERE { GRAPH kgr:graph\\/assembled {
  { ?fact a kgo:Fact ; kgo:subject ?entity } UNION { ?fact a kgo:Fact ; kgo:object ?entity } } } GROUP BY ?entity"""
_WORD = re.compile(r'"([^"]+)"|(\S+)')
_MARKS = "\ue000", "\ue001"  # of the private use area: no text has them


class Named(Frozen):
    """An entity that was found by a name; `facts` is how many it is in."""

    id: str
    label: str
    type: str
    aliases: tuple[str, ...]
    facts: int


class Sentence(Frozen):
    """A sentence that was found: `parts` are its text, every second one a word that was looked for."""

    document: str
    claims: tuple[str, ...]
    parts: tuple[str, ...]


class Search:
    """The index of the store in a folder; where that cannot be written to, one for the time being."""

    def __init__(self, path: Path) -> None:
        self._store = path
        self._own: tempfile.TemporaryDirectory[str] | None = None
        self.ready = False
        """Whether it has been brought up to date since it was opened."""
        try:
            self._file = path / FILE
            self._open()
        except sqlite3.OperationalError:
            self._own = tempfile.TemporaryDirectory(prefix="kg-search-")
            self._file = Path(self._own.name) / FILE
            self._open()
        self._lock = asyncio.Lock()

    def close(self) -> None:
        """Let go of the index."""
        if self._own:
            self._own.cleanup()

    async def follow(self) -> None:
        """Bring the index up to the store as it is now."""
        async with self._lock:
            try:
                await asyncio.to_thread(self._update)
            except (StoreError, sqlite3.Error):
                _log.exception("the search index could not follow the store")
            else:
                self.ready = True

    async def names(self, text: str, *, limit: int = 20) -> list[Named]:
        """Entities with a name that has all of these words, the last one perhaps only begun: those of most facts first."""
        rows = await asyncio.to_thread(self._rows, """
            SELECT id, label, type, aliases, weight FROM names WHERE names MATCH ?
            ORDER BY LOWER(label) = LOWER(?) DESC, weight DESC, label LIMIT ?""", _match(text, begun=True), text.strip(), limit)
        return [Named(id=id, label=label, type=type, aliases=tuple(filter(None, aliases.split("\n"))), facts=weight)
                for id, label, type, aliases, weight in rows]

    async def sentences(self, text: str, *, limit: int = 50, offset: int = 0) -> list[Sentence]:
        """Sentences with claims that have all of these words (a phrase in double quotes), the best fit first."""
        rows = await asyncio.to_thread(self._rows, """
            SELECT document, claims, HIGHLIGHT(sentences, 0, ?, ?) FROM sentences WHERE sentences MATCH ?
            ORDER BY RANK, rowid LIMIT ? OFFSET ?""", *_MARKS, _match(text), limit, offset)
        return [Sentence(document=document, claims=tuple(json.loads(claims)), parts=tuple(re.split("[\ue000\ue001]", marked)))
                for document, claims, marked in rows]

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=10)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def _open(self) -> None:
        """Make the index where there is none, or one of another form."""
        try:
            with closing(self._connect()) as database:
                database.execute("PRAGMA journal_mode = WAL")
                if database.execute("PRAGMA user_version").fetchone() == (_FORM,):
                    return
                if not database.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
                    database.executescript(_TABLES)
                    return
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            _log.warning("the search index is damaged, and is made anew")
        self._file.unlink()
        self._open()

    def _rows(self, query: str, *values: object) -> list[Any]:
        if "" in values:
            return []
        with closing(self._connect()) as database:
            return database.execute(query, values).fetchall()

    def _update(self) -> None:
        with Store.open(self._store, read_only=True) as store, closing(self._connect()) as database, database:
            database.execute("BEGIN IMMEDIATE")
            _sentences(store, database)
            _names(store, database)


def _sentences(store: Store, database: sqlite3.Connection) -> None:
    """Take in the sentences of documents that are new or changed, and forget those of documents that are gone."""
    there = store.versions()
    known = {id: (version, first, last) for id, version, first, last in database.execute("SELECT * FROM documents")}
    for id, (version, first, last) in known.items():
        if there.get(id) != version:
            database.execute("DELETE FROM sentences WHERE rowid BETWEEN ? AND ?", (first, last))
            database.execute("DELETE FROM documents WHERE id = ?", (id,))
    [[end]] = database.execute("SELECT COALESCE(MAX(rowid), 0) FROM sentences")
    for id, version in there.items():
        if id in known and known[id][0] == version:
            continue
        claims: dict[tuple[int, str], list[str]] = defaultdict(list)
        for claim in store.claims(id):
            claims[claim.sentence.start, claim.sentence.text].append(claim.id)
        first = end + 1
        for (_, text), ids in claims.items():
            end += 1
            database.execute("INSERT INTO sentences (rowid, text, document, claims) VALUES (?, ?, ?, ?)",
                             (end, text, id, json.dumps(ids)))
        database.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", (id, version, first, end))


def _names(store: Store, database: sqlite3.Connection) -> None:
    """Take in what entities are called now."""
    about: dict[str, tuple[str, str, set[str]]] = {}
    for entity, kind, name, alias in store.query(_NAMES).rows:
        entry = about.setdefault(plain(entity), (plain(name), plain(kind).removeprefix("kgo:"), set()))
        if alias is not None:
            entry[2].add(plain(alias))
    weights = Counter({plain(entity): int(plain(facts)) for entity, facts in store.query(_WEIGHTS).rows})
    now = {id: (label, "\n".join(sorted(aliases)), type, weights[id]) for id, (label, type, aliases) in about.items()}
    known = {id: (json.loads(said), row) for id, said, row in database.execute("SELECT id, about, row FROM entities")}
    for id, (said, row) in known.items():
        if id not in now or list(now[id]) != said:
            database.execute("DELETE FROM names WHERE rowid = ?", (row,))
            database.execute("DELETE FROM entities WHERE id = ?", (id,))
    for id, (label, joined, type, weight) in now.items():
        if id in known and known[id][0] == [label, joined, type, weight]:
            continue
        row = database.execute("INSERT INTO names (label, aliases, id, type, weight) VALUES (?, ?, ?, ?, ?)",
                               (label, joined, id, type, weight)).lastrowid
        database.execute("INSERT INTO entities VALUES (?, ?, ?)", (id, json.dumps([label, joined, type, weight]), row))


def _match(text: str, *, begun: bool = False) -> str:
    """What FTS5 is to look for: words and phrases, each quoted, so that none is read as its syntax."""
    words = [phrase or word for phrase, word in _WORD.findall(text.replace("\0", " "))]
    quoted = ['"' + word.replace('"', '""') + '"' for word in words if re.search(r"\w", word)]
    return " ".join(quoted) + ("*" if begun and quoted else "")

