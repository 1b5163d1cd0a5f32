"""What is said of a text beside it: `NAME.yaml` or `NAME.json`, or the folder's `metadata.yaml` under the key NAME.

Each gives `title`, `date`, `url` and `publisher`, all optional; other keys are ignored. NAME is the base name of the
text without its suffix, and its own file goes before that of the folder.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_OF_A_FOLDER = "metadata.yaml"


class MetadataError(ValueError):
    """A metadata file that cannot be read; the message says which and why."""


def metadata(text: Path) -> Mapping[Any, Any]:
    """What is said of the text at this path; empty where nothing is.

    Raises MetadataError where a file that should say it cannot be read.
    """
    folder = text.parent / _OF_A_FOLDER
    found = dict(_mapping(_load(folder, _stamp(folder)).get(text.stem), folder))
    for suffix in (".json", ".yaml"):
        own = text.with_suffix(suffix)
        found.update(_load(own, _stamp(own)))
    return found


def _stamp(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


@lru_cache(maxsize=8)
def _load(path: Path, stamp: int | None) -> Mapping[Any, Any]:
    """The mapping in the file; `stamp` is when it was last changed (None: there is no such file)."""
    if stamp is None:
        return {}
    try:
        return _mapping(yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), path)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise MetadataError(f"{path}: {' '.join(str(error).split())}") from error


def _mapping(value: object, path: Path) -> Mapping[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MetadataError(f"{path}: fields with their values are wanted, as in `title: ...`")
    return value
