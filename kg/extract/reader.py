"""The learned reader: for every pair of phrases of a sentence, which relation the text states of them, if any.

One ONNX file holds the encoder, the heads and, in its metadata, the tokenizer, the labels and the features; it is
trained by `training/`. The extractor works without the file, on the lexicon alone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from kg.extract.chunks import Chunk

Array = npt.NDArray[np.float32]
FILE = Path(__file__).parent / "reader.onnx"
MAX_TOKENS = 384


@dataclass(frozen=True, slots=True)
class Reading:
    """Probabilities for one chunk: relations, modalities and negation by pair; entity types by phrase; and the (start,
    end) of the most likely trigger by pair, relative to the chunk."""

    relations: Array
    modalities: Array
    negative: Array
    types: Array
    triggers: tuple[tuple[int, int], ...]


class Reader:
    """A trained reader; `relations[0]` is the label for no relation."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        metadata: Mapping[str, str] = self._session.get_modelmeta().custom_metadata_map
        self.name: str = metadata["name"]
        self.relations: Sequence[str] = json.loads(metadata["relations"])
        self.modalities: Sequence[str] = json.loads(metadata["modalities"])
        self.types: Sequence[str] = json.loads(metadata["types"])
        self._features: Mapping[str, int] = {f: i + 1 for i, f in enumerate(json.loads(metadata["features"]))}
        self._tokenizer = Tokenizer.from_str(metadata["tokenizer"])
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def read(self, chunk: Chunk) -> Reading:
        """What the reader thinks of one chunk."""
        encoding = self._tokenizer.encode(chunk.text)
        offsets = np.array(encoding.offsets, dtype=np.int64)
        starts, ends = offsets[:, 0], offsets[:, 1]
        real = ends > starts
        meets, meet_of = _unique([pair[2] for pair in chunk.pairs])
        features = [[self._features[f] for f in pair[3] if f in self._features] for pair in chunk.pairs]
        width = max(1, *(len(f) for f in features))
        padded = np.zeros((len(features), width), dtype=np.int64)
        for row, found in enumerate(features):
            padded[row, :len(found)] = found
        pairs = np.array([[p[0], p[1] if p[1] >= 0 else len(chunk.spans)] for p in chunk.pairs], dtype=np.int64)
        inputs: dict[str, Any] = {
            "ids": np.array([encoding.ids], dtype=np.int64),
            "span": _pool(chunk.spans, starts, ends, real), "head": _pool(chunk.heads, starts, ends, real),
            "sentence": _pool(chunk.sentences, starts, ends, real), "meet": _pool(meets, starts, ends, real),
            "pairs": pairs, "sentence_of": np.array([p[4] for p in chunk.pairs], dtype=np.int64),
            "meet_of": np.array(meet_of, dtype=np.int64), "features": padded,
        }
        relations, modalities, negative, types, pointers = self._session.run(None, inputs)
        inside = np.array([chunk.sentences[p[4]] for p in chunk.pairs])
        allowed = (starts[None, :] >= inside[:, :1]) & (ends[None, :] <= inside[:, 1:]) & real[None, :]
        best = np.where(allowed, pointers, -np.inf).argmax(axis=1)
        triggers = tuple((int(starts[i]), int(ends[i])) for i in best)
        return Reading(relations, modalities, negative, types, triggers)


def _unique(items: Sequence[tuple[int, int]]) -> tuple[list[tuple[int, int]], list[int]]:
    seen: dict[tuple[int, int], int] = {}
    index = [seen.setdefault(item, len(seen)) for item in items]
    return list(seen), index


def _pool(spans: Sequence[tuple[int, int]], starts: Any, ends: Any, real: Any) -> Array:
    """A row a span that averages its word pieces; the first piece ([CLS]) where it has none."""
    bounds = np.array(spans, dtype=np.int64).reshape(-1, 2)
    inside = ((starts[None, :] < bounds[:, 1:]) & (ends[None, :] > bounds[:, :1]) & real[None, :]).astype(np.float32)
    inside[inside.sum(axis=1) == 0, 0] = 1
    pooled: Array = inside / inside.sum(axis=1, keepdims=True)
    return pooled


@cache
def reader(path: Path = FILE) -> Reader | None:
    """The reader in a file; None where there is no such file."""
    return Reader(path) if path.is_file() else None
