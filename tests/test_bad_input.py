"""Input that cannot be read: each is refused by name, with the reason and what to do, and the rest is read."""

import contextlib
import json
from pathlib import Path

import pytest
from disks import small_disk

from kg.cli import main
from kg.model import Rejected
from kg.read import read
from kg.store import Store

GOOD = "Russia sent an envoy to Iran on Monday, the Kremlin said in a statement."


def readings(folder: Path, *names: str) -> tuple[list[str], list[Rejected]]:
    rejected: list[Rejected] = []
    documents = [document.name for document in read([folder / name for name in names], reject=rejected.append)]
    return documents, rejected


@pytest.mark.parametrize(("name", "content", "reason", "told"), [
    ("bad.txt", b"", "empty", ""),
    ("bad.txt", b" \n\t\r\n", "empty", ""),
    ("bad.txt", b"\xef\xbb\xbf", "empty", ""),
    ("bad.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary file", "UTF-8"),
    ("bad.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "binary file", ""),
    ("bad.txt", b"Fine.\nM\xfcnchen", "not UTF-8", "byte 7 (line 2)"),
    ("bad.txt", GOOD.encode("utf-16"), "not UTF-8", "UTF-16"),
    ("bad.txt", b"The army attacked. " * 263_158, "too long", "250,000"),
    ("bad.jsonl", json.dumps({"text": "The army attacked. " * 263_158}).encode(), "too long", "250,000"),
    ("bad.txt", b"Advertisement\n\nShare this\n", "no article", ""),
    ("bad.pdf", b"%PDF", "unknown kind of file", ".txt"),
    ("bad.jsonl", b"[1, 2]\n", "broken JSON", "object"),
    ("bad.jsonl", b'{"id": 1}\n', "no text", '"text"'),
    ("bad.jsonl", b'{"text": 5}\n', "no text", '"text"'),
    ("bad.jsonl", b'{"text": "a", "id": [1]}\n', "bad metadata", "id"),
    ("bad.jsonl", b'{"text": "a", "date": "11/12/2024"}\n', "bad metadata", "2024-11-11"),
    ("bad.jsonl", b'{"text": "a", "title": {}}\n', "bad metadata", "title"),
    ("bad.jsonl", b'{"text": "a \\ud800 b"}\n', "broken text", "surrogate"),
    ("bad.jsonl", b'{"text": "a \\u0000 b"}\n', "binary file", ""),
    ("bad.jsonl", b"[" * 100_000 + b"\n", "broken JSON", ""),
])
def test_a_bad_file_among_good_ones(tmp_path: Path, name: str, content: bytes, reason: str, told: str) -> None:
    (tmp_path / "first.txt").write_text(GOOD)
    (tmp_path / name).write_bytes(content)
    (tmp_path / "last.txt").write_text(GOOD)
    documents, rejected = readings(tmp_path, "first.txt", name, "last.txt")
    assert documents == ["first", "last"]
    assert len(rejected) == 1
    assert rejected[0].reason == reason and told in rejected[0].detail and rejected[0].detail
    assert rejected[0].source.startswith(str(tmp_path / name))


def test_a_missing_file_among_good_ones(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    documents, rejected = readings(tmp_path, "nowhere.txt", "no/such/folder", "a.txt")
    assert documents == ["a"]
    assert [r.reason for r in rejected] == ["no such file"] * 2


def test_a_folder_without_articles(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    documents, rejected = readings(tmp_path, "x")
    assert not documents and rejected[0].reason == "no articles" and ".txt" in rejected[0].detail


def test_a_broken_line_in_the_middle_names_its_number(tmp_path: Path) -> None:
    lines = [json.dumps({"id": n, "text": f"{GOOD} {n}"}).encode() for n in range(5)]
    lines[2] = lines[2][:-9]
    lines.insert(4, b'{"id": 9, "text": "M\xfcnchen"}')
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    documents, rejected = readings(tmp_path, "a.jsonl")
    assert documents == ["0", "1", "3", "4"]
    assert [(r.source.rpartition(":")[2], r.reason) for r in rejected] == [("3", "broken JSON"), ("5", "not UTF-8")]
    assert "column" in rejected[0].detail


def test_a_file_that_is_no_json_lines_at_all_is_told_once_more_not_a_million_times(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps([{"text": GOOD}] * 1000, indent=1))
    documents, rejected = readings(tmp_path, "a.jsonl")
    assert not documents and len(rejected) == 20 and rejected[-1].reason == "not JSON lines"


@pytest.mark.parametrize("content", ["title: [", "- a\n- b\n", "a: b: c", "\x00"])
def test_broken_metadata_keeps_its_text_out(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    (tmp_path / "a.yaml").write_text(content)
    (tmp_path / "b.txt").write_text(GOOD)
    documents, rejected = readings(tmp_path, "a.txt", "b.txt")
    assert documents == ["b"]
    assert rejected[0].reason == "bad metadata" and "a.yaml" in rejected[0].detail and "\n" not in rejected[0].detail


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_text(GOOD)
    documents, rejected = readings(tmp_path, "a.txt", "b.txt")
    assert documents == ["b"] and len(rejected) == 1


# ---- stores that cannot be used, as the command tells it; tests/test_store.py has what becomes of the data --------------


def failed(folder: Path, store: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What a build says that ends with exit code 2: one line."""
    capsys.readouterr()
    assert main(["build", str(folder), "--extractor", "lexicon", "--store", str(store)]) == 2
    told = capsys.readouterr()
    lines = [line for line in told.err.splitlines() if line.startswith("kg: ")]
    assert len(lines) == 1 and not told.out and "Traceback" not in told.err
    return lines[0]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(GOOD)
    return tmp_path / "news"


def test_a_damaged_store(news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Store.open(tmp_path / "store", create=True).close()
    for file in (tmp_path / "store").rglob("CURRENT"):
        file.write_bytes(b"?")
    assert "damaged" in failed(news, tmp_path / "store", capsys)


def test_a_store_in_use_by_another_process(news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(tmp_path / "store", create=True):
        assert "in use by another process" in failed(news, tmp_path / "store", capsys)


def test_a_folder_that_is_no_store(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no store" in failed(news, news, capsys)
    assert sorted(path.name for path in news.iterdir()) == ["a.txt"]


def test_a_full_disk(news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with small_disk(tmp_path / "disk", size="8m") as disk:
        Store.open(disk / "store", create=True).close()
        with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while filler.write(b"x" * 4096):
                pass
        assert "disk is full: free some space" in failed(news, disk / "store", capsys)
        (disk / "filler").unlink()
        assert main(["build", str(news), "--extractor", "lexicon", "--store", str(disk / "store")]) == 0
