"""Writes a trained reader as one int8 ONNX file: `python training/export.py MODEL.pt kg/extract/reader.onnx --name NAME`."""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import onnx
import torch
from network import WIDTH, Network, encoder_path
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

INPUTS = ("ids", "span", "head", "sentence", "meet", "pairs", "sentence_of", "meet_of", "features", "links", "link_features")
OUTPUTS = ("relations", "modalities", "negative", "types", "pointers", "links_scores")
AXES = {
    "ids": {1: "tokens"},
    "span": {0: "phrases", 1: "tokens"},
    "head": {0: "phrases", 1: "tokens"},
    "sentence": {0: "sentences", 1: "tokens"},
    "meet": {0: "meets", 1: "tokens"},
    "pairs": {0: "rows"},
    "sentence_of": {0: "rows"},
    "meet_of": {0: "rows"},
    "features": {0: "rows", 1: "many"},
    "links": {0: "pointing"},
    "link_features": {0: "pointing", 1: "few"},
}


class Inference(nn.Module):
    """The network from one chunk to probabilities; the relation's is that of any relation times that of this one."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, *inputs: Tensor) -> tuple[Any, ...]:
        """Relations (the first: none), modalities, negative, types, the trigger's place over word pieces, link scores."""
        states = self.network.encode(ids, torch.ones_like(ids))
        any_, relation, modality, negative, (trigger,), types, links = self.network.heads(states, *inputs)
        some = torch.sigmoid(any_)[:, None]
        return (
            torch.cat([1 - some, some * relation[:, 1:].softmax(1)], 1),
            modality.softmax(1),
            negative.softmax(1),
            types.softmax(1),
            trigger,
            links,
        )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("model", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--name", required=True)
    given = arguments.parse_args()
    trained = torch.load(given.model, weights_only=False)
    network = Network(**trained["sizes"], attention="eager")
    network.load_state_dict(trained["state"])
    network.eval()
    tokens, phrases, rows = 20, 4, 6
    example = (
        torch.randint(5, 900, (1, tokens)),
        torch.rand(phrases, tokens),
        torch.rand(phrases, tokens),
        torch.rand(2, tokens),
        torch.rand(3, tokens),
        torch.randint(0, phrases, (rows, 2)),
        torch.zeros(rows, dtype=torch.long),
        torch.zeros(rows, dtype=torch.long),
        torch.zeros(rows, 5, dtype=torch.long),
        torch.randint(0, phrases, (7, 2)),
        torch.zeros(7, 5, dtype=torch.long),
    )
    with tempfile.TemporaryDirectory() as folder:
        full = str(Path(folder) / "full.onnx")
        torch.onnx.export(
            Inference(network),
            example,
            full,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=AXES,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(full, given.out, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"])
    model = onnx.load(given.out)
    tokenizer = json.loads((Path(encoder_path()) / "tokenizer.json").read_text(encoding="utf-8"))
    metadata = {
        "name": given.name,
        "tokenizer": json.dumps(tokenizer, ensure_ascii=False),
        **{key: json.dumps(trained[key]) for key in ("relations", "modalities", "types", "features", "link_features")},
    }
    for key, value in metadata.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.save(model, given.out)
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.1f} MB, width {WIDTH}")


if __name__ == "__main__":
    main()
