"""The annotated documents that the learned reader is trained on, all in one form.

Four sources: `articles/` (written for this project; `NAME.txt` and `NAME.jsonl` in the format below), and, where a
`shared` folder is given, silver annotations of real news, our own annotations of further real news (`news/`, which holds
offsets in place of words), and coded sentences (PLV); the texts of others are never copied here.

A JSONL file begins with `{"doc", "date", "entities": {name: type}}`; each further line is a claim: `s`, `o`, `t` the
words of subject, object and trigger in the sentence that begins with `sent`; `S`, `O` the names of the things (default
`s`, `o`); `r` relation, `m` modality, `p` polarity, `by`, `when`, `where`, `q`; `req` false where it is debatable.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ARTICLES = Path(__file__).parent / "articles"
NEWS = Path(__file__).parent / "news"
DEFAULTS: dict[str, Any] = {
    "o": None,
    "t": None,
    "m": "asserted",
    "p": "positive",
    "by": [],
    "when": None,
    "where": None,
    "q": None,
    "req": True,
}
ABBREVIATION = re.compile(
    r"(\b[A-Z]|\b(Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sgt|Sen|Rep|Gov|St|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|No|vs|Inc|Corp|Co))\.$"
)


def set_aside(name: str) -> bool:
    """Whether a silver document is never trained on: a fifth of them, by a hash of their ids."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 5 == 0


def fold(name: str) -> int:
    """Which of five folds a coded sentence belongs to."""
    return int(hashlib.sha256(f"f{name}".encode()).hexdigest(), 16) % 5


def own() -> Iterator[dict[str, Any]]:
    """The project's own articles."""
    for file in sorted(ARTICLES.glob("*.jsonl")):
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        text = file.with_suffix(".txt").read_text(encoding="utf-8")
        yield _document(lines, text, lines[0]["date"], kind="own", aside=False)


def silver(shared: Path) -> Iterator[dict[str, Any]]:
    """Real news articles with claims annotated by a strong reader."""
    corpus = {d["id"]: d for d in map(json.loads, (shared / "corpus" / "news-dev.jsonl").open(encoding="utf-8"))}
    for file in sorted((shared / "bench" / "silver").glob("*.jsonl")):
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        document = corpus[lines[0]["doc"]]
        yield _document(lines, document["text"], document.get("date"), kind="silver", aside=set_aside(document["id"]))


def for_decision(name: str) -> bool:
    """Whether a document of `news/` is kept from the reader, to fit the decision on: an eighth of them."""
    return int(hashlib.sha256(f"decision {name}".encode()).hexdigest(), 16) % 8 == 0


def news(shared: Path) -> Iterator[dict[str, Any]]:
    """Real news articles with claims annotated for this project, each as far as it was annotated (`upto`)."""
    corpus = {d["id"]: d for d in map(json.loads, (shared / "corpus" / "news-dev.jsonl").open(encoding="utf-8"))}
    for file in sorted(NEWS.glob("*.jsonl")):
        head, *lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        text = corpus[head["doc"]]["text"][: head["upto"]]
        if hashlib.sha256(text.encode()).hexdigest()[:16] != head["sha256"]:
            raise ValueError(f"{file}: was annotated on another text of {head['doc']}")
        claims = [_worded(text, DEFAULTS | line) for line in lines]
        yield {
            "id": head["doc"], "date": head["date"], "text": text, "entities": head["entities"], "claims": claims, "kind": "silver",
            "aside": for_decision(head["doc"]),
        }  # fmt: skip


def _worded(text: str, claim: dict[str, Any]) -> dict[str, Any]:
    """The claim with the words that stand at its offsets."""
    spans = {role: tuple(claim[role]) for role in ("s", "o", "t") if claim[role]}
    return {**claim, **{role: text[slice(*span)] for role, span in spans.items()}, "spans": spans}


def coded(shared: Path) -> Iterator[dict[str, Any]]:
    """Sentences coded with source, target and PLOVER event type."""
    rows: dict[str, list[Any]] = {}
    for row in map(json.loads, (shared / "bench" / "plv-dev.gold.jsonl").open(encoding="utf-8")):
        rows.setdefault(row["id"], []).append(row)
    for document in map(json.loads, (shared / "bench" / "plv-dev.docs.jsonl").open(encoding="utf-8")):
        yield {"id": document["id"], "text": document["text"], "kind": "plv", "rows": rows.get(document["id"], [])}


def _document(lines: list[dict[str, Any]], text: str, date: str | None, **fields: Any) -> dict[str, Any]:
    head = lines[0]
    claims = [claim for line in lines[1:] if (claim := _located(text, DEFAULTS | line)) is not None]
    return {"id": head["doc"], "date": date, "text": text, "entities": head["entities"], "claims": claims, **fields}


def _located(text: str, claim: dict[str, Any]) -> dict[str, Any] | None:
    """The claim with the offsets of its words; None where they do not stand in the text."""
    claim.setdefault("S", claim["s"])
    claim.setdefault("O", claim["o"])
    begin = _flexible(claim["sent"]).search(text)
    if begin is None:
        return None
    start, end = begin.start(), _sentence_end(text, begin.start())
    spans: dict[str, tuple[int, int]] = {}
    for role in ("s", "o", "t"):
        if claim[role]:
            words = _flexible(claim[role])
            found = words.search(text, start, end) or words.search(text, start, min(len(text), start + 1200))
            if found is None:
                return None
            spans[role] = found.span()
    return {**claim, "spans": spans}


def _flexible(words: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"\s+".join(re.escape(word) for word in words.split()) + r"(?!\w)", re.IGNORECASE)


def _sentence_end(text: str, start: int) -> int:
    for end in re.finditer(r"[.!?][\"”’')]*\s+(?=[\"“‘'(]*[A-Z0-9])|\n\s*\n", text[start:]):
        if not ABBREVIATION.search(text[: start + end.start() + 1]):
            return start + end.end()
    return len(text)
