"""The folder of a store: what makes it one, what else lies in it, and what its failures mean."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FORMAT = 2
"""The version of the layout of a store; one of another version is refused."""
DATA = "oxigraph"
JUDGEMENTS = "judgements.jsonl"
LEDGER = "ledger.sqlite"
UNSETTLED = "ledger.unsettled"
"""There while an assembly is being written: where it is found, the ledger no longer says what the store holds."""

_MARKER = "kg-store.json"
_MARKER_DRAFT = ".kg-store.json"


class StoreError(Exception):
    """A store that cannot be used as asked; the message says why and what to do."""


def is_store(path: Path) -> bool:
    """Whether there is a store at a path; False where one could be made.

    Raises StoreError where there is something else, or a store that this version cannot read.
    """
    marker = path / _MARKER
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path} is a file; a store is a folder")
    if not marker.exists():
        if path.is_dir() and {entry.name for entry in path.iterdir()} - {_MARKER_DRAFT}:
            raise StoreError(f"{path} holds other files and is no store: name an empty or a new folder")
        return False
    try:
        version = int(json.loads(marker.read_text("utf-8"))["format"])
    except (ValueError, KeyError, TypeError):
        raise StoreError(f"the store at {path} is damaged ({_MARKER} cannot be read): bring back a copy of it, or "
                         "build it anew in another folder") from None
    if version > FORMAT:
        raise StoreError(f"the store at {path} was made by a newer version of kg (format {version}, this one reads "
                         f"{FORMAT}): update kg, or build another store")
    if version < FORMAT:
        raise StoreError(f"the store at {path} was made by an older version of kg (format {version}, this one reads "
                         f"{FORMAT}): build it anew in another folder")
    return True


def mark(path: Path) -> None:
    """Make a folder one of a store."""
    path.mkdir(parents=True, exist_ok=True)
    draft = path / _MARKER_DRAFT
    draft.write_text(json.dumps({"format": FORMAT}) + "\n", "utf-8")
    draft.replace(path / _MARKER)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what Oxigraph and the system say of a failure into what it means for the store."""
    try:
        yield
    except (OSError, RuntimeError, sqlite3.Error) as error:
        said = str(error)
        if any(words in said for words in ("No space left", "Disk quota", "disk is full")):
            reason = "the disk is full: free some space and run this again; the documents written so far are kept"
        elif "LOCK" in said or "lock hold" in said:
            reason = "it is in use by another process that writes: wait for that to end, or open it read-only"
        elif isinstance(error, PermissionError) or "Permission denied" in said or "Read-only file system" in said:
            reason = f"this user may not use the folder ({said})"
        elif "read-write instances" in said:
            reason = "it was opened read-only"
        else:
            reason = f"it is damaged: bring back a copy of it, or build it anew in another folder ({said})"
        raise StoreError(f"cannot use the store at {path}: {reason}") from error
