"""Reading files, folders and streams."""

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from kg.model import Document, Rejected
from kg.read import read

ARTICLE = "Russia sends envoy to Iran\n\nRussia sent an envoy to Iran on Monday, the Kremlin said in a statement.\n"


def taken(*inputs: str | Path) -> tuple[list[Document], list[Rejected]]:
    rejected: list[Rejected] = []
    return list(read(inputs, reject=rejected.append)), rejected


def one(*inputs: str | Path) -> Document:
    documents, rejected = taken(*inputs)
    assert len(documents) == 1 and not rejected, rejected
    return documents[0]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_a_text_file_is_a_document_named_by_its_file(tmp_path: Path) -> None:
    document = one(write(tmp_path / "envoy-2024.txt", ARTICLE))
    assert (document.name, document.id, document.text) == ("envoy-2024", "envoy-2024", ARTICLE)
    assert document.title == "Russia sends envoy to Iran"
    assert document.body == ((0, len(ARTICLE) - 1),)
    assert document.published is None and document.published_from is None
    assert document.source == str(tmp_path / "envoy-2024.txt")


def test_the_text_stays_as_it_is_in_the_file(tmp_path: Path) -> None:
    text = "\t Erdoğan’s “envoy” \r\n\r\nwent to\u2028 Kraków  with 🇺🇦 flags.\r\n \n"
    document = one(write(tmp_path / "a.txt", "\ufeff" + text))
    assert document.text == text


def test_folders_are_read_in_order_and_only_what_is_known(tmp_path: Path) -> None:
    for name in ("b/z.txt", "b/a.md", "a.txt", "c.jsonl", "x.pdf", ".hidden/h.txt", "README.md", "b/.h.txt"):
        write(tmp_path / name, json.dumps({"text": ARTICLE, "id": 7}) if name.endswith("l") else ARTICLE)
    documents, rejected = taken(tmp_path)
    assert [(document.name, Path(document.source or "").name) for document in documents] == [
        ("a", "a.txt"), ("z", "z.txt"), ("7", "c.jsonl:1")]
    assert [(Path(r.source).name, r.reason) for r in rejected] == [("a.md", "repeated document")]


def test_json_lines(tmp_path: Path) -> None:
    lines = [
        {"id": "first", "text": ARTICLE, "date": "2024-11-11", "title": "A title", "publisher": "The Paper", "x": 1},
        {"id": 12, "text": ARTICLE, "url": "https://example.org/2024/11/12/envoy"},
        {"text": ARTICLE, "date": "Nov 13, 2024", "url": "https://example.org/b"},
        {"text": ARTICLE},
    ]
    path = write(tmp_path / "many.jsonl", "\n\n".join(json.dumps(line) for line in lines) + "\n")
    documents, rejected = taken(path)
    assert not rejected
    assert [d.published for d in documents] == [date(2024, 11, 11), date(2024, 11, 12), date(2024, 11, 13), None]
    assert [d.published_from for d in documents] == ["metadata"] * 3 + [None]
    assert [d.name for d in documents[:3]] == ["first", "12", "https://example.org/b"]
    assert (documents[0].title, documents[0].publisher, documents[1].title) == (
        "A title", "The Paper", "Russia sends envoy to Iran")
    assert documents[3].id == documents[3].name == documents[3].sha256[:16]
    assert [d.source for d in documents] == [f"{path}:{n}" for n in (1, 3, 5, 7)]


def test_the_url_decides_what_is_the_same_article(tmp_path: Path) -> None:
    lines = [{"id": "a", "text": ARTICLE, "url": "https://example.org/x"},
             {"id": "b", "text": ARTICLE + "More.", "url": "https://example.org/x"}]
    path = write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, lines)))
    documents, rejected = taken(path)
    assert [d.name for d in documents] == ["a"]
    assert [r.source for r in rejected] == [f"{path}:2"] and str(path) + ":1" in rejected[0].detail


def test_two_files_of_one_name_are_not_mixed_up(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a/x.txt", ARTICLE), write(tmp_path / "b/x.txt", ARTICLE + "Later.")
    documents, rejected = taken(first, second)
    assert [d.source for d in documents] == [str(first)]
    assert (rejected[0].source, rejected[0].reason) == (str(second), "repeated document")
    assert str(first) in rejected[0].detail


def test_one_file_given_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "x.txt", ARTICLE)
    assert one(path, tmp_path, tmp_path / "." / "x.txt").name == "x"


@pytest.mark.parametrize(("file", "content"), [
    ("metadata.yaml", "x:\n  title: Envoy\n  date: 2024-11-11\n  url: https://example.org/x\n  publisher: The Paper\n"),
    ("x.yaml", "title: Envoy\ndate: '2024-11-11'\nurl: https://example.org/x\npublisher: The Paper\nclaims: []\n"),
    ("x.json", '{"title": "Envoy", "date": "2024-11-11", "url": "https://example.org/x", "publisher": "The Paper"}'),
])
def test_metadata_beside_a_text(tmp_path: Path, file: str, content: str) -> None:
    write(tmp_path / "x.txt", ARTICLE)
    write(tmp_path / file, content)
    document = one(tmp_path)
    assert (document.title, document.published, document.published_from, document.url, document.publisher) == (
        "Envoy", date(2024, 11, 11), "metadata", "https://example.org/x", "The Paper")
    assert document.name == "x" and document.id != "x"


@pytest.mark.parametrize(("text", "day", "source"), [
    ("Envoy goes to Iran\n\nMonday, 11 November 2024 11:01 PM EST\n\nTEHRAN — Russia sent an envoy to Iran, it said.",
     date(2024, 11, 11), "header"),
    ("Envoy goes to Iran\n\nBy Jane Roe | Nov 12, 2024\n\nRussia sent an envoy to Iran on 3 May 2023, it said.",
     date(2024, 11, 12), "header"),
    ("TEHRAN, Nov. 11, 2024 (Agency) — Russia sent an envoy to Iran on Monday, it said.",
     date(2024, 11, 11), "dateline"),
    ("TEHRAN, Nov. 11 (Agency) - Russia sent an envoy to Iran on Monday, it said.\n\nCopyright 2024 The Agency",
     date(2024, 11, 11), "dateline"),
    ("TEHRAN, Nov. 11 (Agency) - Russia sent an envoy to Iran on Monday, it said, as in 2019.", None, None),
    ("Russia sent an envoy to Iran on 3 May 2023, the Kremlin said in a statement.", None, None),
    ("Russia sent an envoy to Iran, it said in a statement.\n\n2024-01-11\nPublished 3 May 2023\n", date(2023, 5, 3),
     "header"),
])
def test_where_the_date_comes_from(tmp_path: Path, text: str, day: date | None, source: str | None) -> None:
    document = one(write(tmp_path / "x.txt", text))
    assert (document.published, document.published_from) == (day, source)


@pytest.mark.parametrize(("given", "names"), [
    (json.dumps({"id": "a", "text": ARTICLE}) + "\n" + json.dumps({"id": "b", "text": ARTICLE}) + "\n", ["a", "b"]),
    ("\ufeff" + json.dumps({"id": "a", "text": ARTICLE}), ["a"]),
    (ARTICLE, [None]),
])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, given: str, names: list[str | None]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    documents, rejected = taken("-")
    assert not rejected
    assert [d.name for d in documents] == [name or documents[0].sha256[:16] for name in names]
    assert all(d.text == ARTICLE for d in documents)


def test_long_lines_and_texts_near_the_limit_are_read(tmp_path: Path) -> None:
    text = "The army attacked the town on the river. " * 6_000
    line = json.dumps({"id": "escaped", "text": "\u00e9" + text})
    path = write(tmp_path / "a.jsonl", line + "\n" + json.dumps({"id": "next", "text": ARTICLE}))
    assert [d.name for d in taken(path)[0]] == ["escaped", "next"]


def test_documents_come_one_by_one(tmp_path: Path) -> None:
    """The first document is there before the rest of a stream is written."""
    program = ("import sys; from kg.read import read\n"
               "for document in read(['-'], reject=print): print(document.name, flush=True)")
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        for name in (b"one", b"two"):
            process.stdin.write(json.dumps({"id": name.decode(), "text": ARTICLE}).encode() + b"\n")
            process.stdin.flush()
            assert process.stdout.readline().strip() == name
        process.stdin.close()


def test_short_and_odd_english_is_taken_and_other_languages_are_not(tmp_path: Path) -> None:
    texts = {
        "german": "Die Regierung in Berlin hat am Montag den Botschafter aus Moskau abberufen und zugleich neue "
                  "Maßnahmen gegen den Export von Waffen beschlossen, die der Bundestag noch billigen muss, wie ein "
                  "Sprecher sagte. Die Opposition kritisierte ihn als zu spät und warf dem Kanzler vor, er habe "
                  "die Lage nicht erkannt und das Land isoliert.",
        "russian": "Правительство России в понедельник отозвало своего посла из Лондона. " * 8,
        "short": "Moskau zieht Botschafter ab.",
        "terse": "Russia quits Kherson",
    }
    for name, text in texts.items():
        write(tmp_path / f"{name}.txt", text)
    documents, rejected = taken(tmp_path)
    assert [d.name for d in documents] == ["short", "terse"]
    assert [Path(r.source).stem for r in rejected] == ["german", "russian"]
    assert {r.reason for r in rejected} == {"not English"}
