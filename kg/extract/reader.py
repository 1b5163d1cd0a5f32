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
    """Probabilities for one chunk: relations, modalities and negation by pair; entity types by phrase; the (start, end)
    of the most likely trigger by pair, relative to the chunk; and for phrases that point back, the phrase named before
    that they most likely point to (-1: none of the chunk) with its probability."""

    relations: Array
    modalities: Array
    negative: Array
    types: Array
    triggers: tuple[tuple[int, int], ...]
    antecedents: Mapping[int, tuple[int, float]]


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
        self._features = _index(json.loads(metadata["features"]))
        self._link_features = _index(json.loads(metadata["link_features"]))
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
        pairs = np.array([[p[0], p[1] if p[1] >= 0 else len(chunk.spans)] for p in chunk.pairs], dtype=np.int64)
        inputs: dict[str, Any] = {
            "ids": np.array([encoding.ids], dtype=np.int64),
            "span": _pool(chunk.spans, starts, ends, real),
            "head": _pool(chunk.heads, starts, ends, real),
            "sentence": _pool(chunk.sentences, starts, ends, real),
            "meet": _pool(meets, starts, ends, real),
            "pairs": pairs,
            "sentence_of": np.array([p[4] for p in chunk.pairs], dtype=np.int64),
            "meet_of": np.array(meet_of, dtype=np.int64),
            "features": _padded([pair[3] for pair in chunk.pairs], self._features),
            "links": np.array([link[:2] for link in chunk.links], dtype=np.int64).reshape(-1, 2),
            "link_features": _padded([link[2] for link in chunk.links], self._link_features),
        }
        relations, modalities, negative, types, pointers, links = self._session.run(None, inputs)
        inside = np.array([chunk.sentences[p[4]] for p in chunk.pairs])
        allowed = (starts[None, :] >= inside[:, :1]) & (ends[None, :] <= inside[:, 1:]) & real[None, :]
        best = np.where(allowed, pointers, -np.inf).argmax(axis=1)
        triggers = tuple((int(starts[i]), int(ends[i])) for i in best)
        return Reading(relations, modalities, negative, types, triggers, _antecedents(chunk, links))


def _antecedents(chunk: Chunk, scores: Array) -> dict[int, tuple[int, float]]:
    """The best antecedent of each phrase that points back; `scores[0]` is that of having none."""
    rows: dict[int, list[int]] = {}
    for row, (later, _, _) in enumerate(chunk.links):
        rows.setdefault(later, []).append(row)
    best = {}
    for later, listed in rows.items():
        logits = np.concatenate([scores[:1], scores[1:][listed]])
        weights = np.exp(logits - logits.max())
        weights /= weights.sum()
        top = int(weights.argmax())
        best[later] = (chunk.links[listed[top - 1]][1] if top else -1, float(weights[top]))
    return best


def _index(features: Sequence[str]) -> Mapping[str, int]:
    return {feature: number for number, feature in enumerate(features, 1)}


def _padded(features: Sequence[Sequence[str]], index: Mapping[str, int]) -> npt.NDArray[np.int64]:
    """Feature numbers, a row each, filled up with 0."""
    known = [[index[f] for f in listed if f in index] for listed in features]
    padded = np.zeros((len(known), max(1, *(len(row) for row in known), 1)), dtype=np.int64)
    for row, found in enumerate(known):
        padded[row, : len(found)] = found
    return padded


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
