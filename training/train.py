"""Trains the reader: `python training/train.py EXAMPLES.jsonl OUT.pt [--epochs N] [--fold K] [--start MODEL.pt]`.

Seeded; about five minutes an epoch on two cores. Documents set aside and the coded sentences of fold K are left out and
scored after each epoch. The loss is that of each head added up: whether a pair states a relation (binary), which one
(with label smoothing), modality, negation, trigger, the relation of each word, phrase types, antecedents; coded
sentences train the relation head through the PLOVER type that its probabilities add up to.
"""

import argparse
import json
import math
import random
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import data
import torch
import torch.nn.functional as functional
from network import Network, encoder_path
from torch import Tensor
from transformers import AutoTokenizer

from kg.model import EntityType, Modality
from kg.ontology import ontology

SEED = 7
MAX_TOKENS = 384
CODES = [
    "ACCUSE",
    "AGREE",
    "AID",
    "ASSAULT",
    "COERCE",
    "CONSULT",
    "COOPERATE",
    "MOBILIZE",
    "PROTEST",
    "REJECT",
    "REQUEST",
    "SANCTION",
    "SUPPORT",
    "THREATEN",
    "YIELD",
]
RELATIONS = ["none", *sorted(ontology().relations)]
MODALITIES = [m.value for m in Modality]
TYPES = [t.value for t in EntityType]
PLANNED = MODALITIES.index("planned")
SMOOTHING = 0.05
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)


class Batches:
    """Examples to tensors; several chunks lie one after the other in one row of word pieces."""

    def __init__(self, features: list[str], link_features: list[str]) -> None:
        self.features = {f: i for i, f in enumerate(features, 1)}
        self.link_features = {f: i for i, f in enumerate(link_features, 1)}
        self.tokenizer = AutoTokenizer.from_pretrained(encoder_path())

    def of(self, examples: list[dict[str, Any]], *, keep_negatives: float = 1.0) -> tuple[Any, ...]:
        """(ids, mask), inputs of the heads, and the targets by name."""
        encoded = self.tokenizer(
            [e["text"] for e in examples],
            return_offsets_mapping=True,
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        )
        width = encoded["input_ids"].shape[1]
        rows: dict[str, list[Tensor]] = defaultdict(list)
        pairs: list[tuple[int, int]] = []
        sentence_of, meet_of, features, links, link_features = [], [], [], [], []
        targets: dict[str, list[Any]] = defaultdict(list)
        size: Counter[str] = Counter()
        blocks: list[tuple[slice, slice]] = []
        for number, example in enumerate(examples):
            offsets = encoded["offset_mapping"][number]
            starts, ends = offsets[:, 0], offsets[:, 1]
            meets = sorted({tuple(pair[2]) for pair in example["pairs"]})
            place = {meet: size["meet"] + i for i, meet in enumerate(meets)}
            first, begun = size["span"], len(pairs)
            for name, spans in (
                ("span", example["spans"]),
                ("head", example["heads"]),
                ("sentence", example["sentences"]),
                ("meet", meets),
            ):
                pooled = torch.zeros(len(spans), len(examples) * width)
                pooled[:, number * width : (number + 1) * width] = _pool(spans, starts, ends)
                rows[name].append(pooled)
            labels = defaultdict(list)
            words = torch.full((width,), 0 if example["kind"] != "plv" else -100)
            words[ends <= starts] = -100
            for row, *label in example["labels"]:
                labels[row].append(label)
                if label[3]:
                    words[(starts < label[3][1]) & (ends > label[3][0]) & (ends > starts)] = RELATIONS.index(label[0])
            targets["words"].append(words)
            codes = dict(example["codes"])
            for row, kind in example["types"].items():
                if kind in TYPES:
                    targets["type"].append((first + int(row), TYPES.index(kind)))
            for later, earlier, listed, right in example["antecedents"]:
                targets["link"].append((len(links), len(links) + len(earlier), right))
                links += [(first + later, first + e) for e in earlier]
                link_features += [[self.link_features[f] for f in fs if f in self.link_features] for fs in listed]
            for row, pair in enumerate(example["pairs"]):
                if example["kind"] == "plv" and row not in codes:
                    continue
                if example["kind"] != "plv" and not labels[row] and random.random() > keep_negatives:
                    continue
                here = len(pairs)
                pairs.append((first + pair[0], first + pair[1] if pair[1] >= 0 else -1))
                sentence_of.append(size["sentence"] + pair[4])
                meet_of.append(place[tuple(pair[2])])
                features.append([self.features[f] for f in pair[3] if f in self.features])
                if row in codes:
                    targets["code"].append((here, CODES.index(codes[row])))
                    continue
                targets["any"].append((here, float(bool(labels[row])), max((label[4] for label in labels[row]), default=1.0)))
                for relation, _, _, _, weight in labels[row]:
                    targets["relation"].append((here, RELATIONS.index(relation), weight / len(labels[row])))
                for _, modality, negative, trigger, _ in labels[row][:1]:
                    targets["modality"].append((here, MODALITIES.index(modality)))
                    targets["negative"].append((here, int(negative)))
                    covered = (starts < trigger[1]) & (ends > trigger[0]) & (ends > starts) if trigger else None
                    if covered is not None and covered.any():
                        targets["trigger"].append((number, here - begun, covered))
            for name, spans in (("span", example["spans"]), ("sentence", example["sentences"]), ("meet", meets)):
                size[name] += len(spans)
            blocks.append((slice(begun, len(pairs)), slice(number * width, (number + 1) * width)))
        matrix = {name: torch.cat(found) for name, found in rows.items()}
        numbers = torch.tensor(pairs).reshape(-1, 2)
        numbers[numbers < 0] = size["span"]
        inputs = (
            matrix["span"],
            matrix["head"],
            matrix["sentence"],
            matrix["meet"],
            numbers,
            torch.tensor(sentence_of),
            torch.tensor(meet_of),
            _padded(features),
            torch.tensor(links, dtype=torch.long).reshape(-1, 2),
            _padded(link_features),
            blocks,
        )
        return (encoded["input_ids"], encoded["attention_mask"]), inputs, targets


def _pool(spans: Any, starts: Tensor, ends: Tensor) -> Tensor:
    bounds = torch.tensor(spans).reshape(-1, 2)
    inside = ((starts[None] < bounds[:, 1:]) & (ends[None] > bounds[:, :1]) & (ends > starts)[None]).float()
    inside[inside.sum(1) == 0, 0] = 1
    return inside / inside.sum(1, keepdim=True)


def _padded(listed: list[list[int]]) -> Tensor:
    width = max(1, *(len(row) for row in listed), 1)
    return torch.tensor([row + [0] * (width - len(row)) for row in listed], dtype=torch.long).reshape(-1, width)


def codes_by_relation() -> tuple[Tensor, Tensor]:
    """Which PLOVER code each relation adds to, when it is not planned and when it is."""
    known = ontology()
    plain, planned = torch.zeros(len(RELATIONS), len(CODES)), torch.zeros(len(RELATIONS), len(CODES))
    for relation in known.relations.values():
        if relation.event_type is not None:
            for table, code in ((plain, relation.event_type), (planned, known.planned_as.get(relation.event_type, relation.event_type))):
                table[RELATIONS.index(relation.id), CODES.index("YIELD" if code in ("CONCEDE", "RETREAT") else code)] = 1
    return plain, planned


PLAIN_CODES, PLANNED_CODES = codes_by_relation()


def code_probabilities(relation: Tensor, modality: Tensor) -> Tensor:
    """Probabilities of the PLOVER codes, from logits."""
    probabilities = relation[:, 1:].softmax(1)
    planned = modality.softmax(1)[:, PLANNED : PLANNED + 1]
    return probabilities @ PLAIN_CODES[1:] * (1 - planned) + probabilities @ PLANNED_CODES[1:] * planned


def loss_of(outputs: tuple[Any, ...], words_: Tensor, targets: dict[str, list[Any]]) -> Tensor:
    """The losses of all heads, added up."""
    any_, relation, modality, negative, triggers, types, links = outputs
    loss = any_.sum() * 0
    logs = functional.log_softmax(relation[:, 1:], 1)
    if targets["any"]:
        rows, right, weight = (torch.tensor(x) for x in zip(*targets["any"], strict=True))
        binary = functional.binary_cross_entropy_with_logits(any_[rows], right, reduction="none") * weight * (1 + right)
        loss = loss + binary.sum() / (right.sum() + 8)
    if targets["relation"]:
        rows, label, weight = (torch.tensor(x) for x in zip(*targets["relation"], strict=True))
        chosen = logs[rows]
        smooth = (1 - SMOOTHING) * chosen[torch.arange(len(rows)), label - 1] + SMOOTHING * chosen.mean(1)
        loss = loss - (smooth * weight).sum() / weight.sum()
    for name, logits, factor in (("modality", modality, 0.3), ("negative", negative, 0.2), ("type", types, 0.3)):
        if targets[name]:
            rows, label = (torch.tensor(x) for x in zip(*targets[name], strict=True))
            loss = loss + factor * functional.cross_entropy(logits[rows], label)
    words = torch.cat(targets["words"])
    if (words > 0).any():
        weight = torch.ones(len(RELATIONS))
        weight[0] = 0.15
        loss = loss + 0.5 * functional.cross_entropy(words_, words, weight=weight, ignore_index=-100)
    if targets["trigger"]:
        found = [-torch.log(triggers[block][row, covered].sum() + 1e-6) for block, row, covered in targets["trigger"]]
        loss = loss + 0.1 * torch.stack(found).mean()
    if targets["link"]:
        found = []
        for begin, end, right in targets["link"]:
            scores = torch.cat([links[:1], links[1:][begin:end]])
            allowed = torch.tensor([not any(right), *(bool(r) for r in right)])
            found.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[allowed], 0))
        loss = loss + 0.5 * torch.stack(found).mean()
    if targets["code"]:
        rows, label = (torch.tensor(x) for x in zip(*targets["code"], strict=True))
        probabilities = code_probabilities(relation[rows], modality[rows])
        nll = -torch.log(probabilities[torch.arange(len(rows)), label] + 1e-6).mean()
        loss = (
            loss + nll * len(rows) / (len(rows) + 4) + 0.1 * functional.binary_cross_entropy_with_logits(any_[rows], torch.ones(len(rows)))
        )
    return loss


@torch.no_grad()
def evaluate(network: Network, batches: Batches, examples: list[dict[str, Any]]) -> dict[str, float]:
    """Best F1 of relations over pairs, with its threshold; accuracy of modality and antecedents; of codes, macro-F1."""
    network.eval()
    scored, hits = [], defaultdict(list)
    coded: Counter[tuple[int, int]] = Counter()
    for start in range(0, len(examples), 12):
        tokens, inputs, targets = batches.of(examples[start : start + 12])
        if not len(inputs[4]):
            continue
        any_, relation, modality, _, _, _, links = network.heads(network.encode(*tokens), *inputs)
        right = defaultdict(set)
        for row, label, _ in targets["relation"]:
            right[row].add(label)
        probabilities = torch.sigmoid(any_)[:, None] * relation[:, 1:].softmax(1)
        for row, _, _ in targets["any"]:
            if right[row] or any_[row] > -4:
                scored.append((probabilities[row], right[row]))
        hits["modality"] += [int(modality[row].argmax()) == label for row, label in targets["modality"]]
        for begin, end, good in targets["link"]:
            best = int(torch.cat([links[:1], links[1:][begin:end]]).argmax())
            hits["antecedent"].append(bool([not any(good), *good][best]))
        for row, label in targets["code"]:
            coded[label, int(code_probabilities(relation[row : row + 1], modality[row : row + 1]).argmax())] += 1
    report = {name: round(sum(found) / len(found), 3) for name, found in hits.items()}
    best = (0.0, 0.0)
    for threshold in THRESHOLDS:
        true = wrong = missed = 0
        for probabilities, good in scored:
            found = {int(i) + 1 for i in (probabilities >= threshold).nonzero()[:, 0]}
            true, wrong, missed = true + len(found & good), wrong + len(found - good), missed + len(good - found)
        best = max(best, (2 * true / max(1, 2 * true + wrong + missed), threshold))
    report["f1"], report["threshold"] = round(best[0], 3), best[1]
    if coded:

        def f1(code: int) -> float:
            true = coded[code, code]
            return 2 * true / max(1, sum(n for (a, b), n in coded.items() if code in (a, b)) + true)

        report["codes"] = round(sum(map(f1, range(len(CODES)))) / len(CODES), 3)
    return report


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("examples", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--rate", type=float, default=1.5e-4, help="learning rate of the encoder")
    arguments.add_argument("--epochs", type=int, default=8)
    arguments.add_argument("--batch", type=int, default=10)
    arguments.add_argument("--fold", type=int, default=-1, help="leave out this fold of the coded sentences")
    arguments.add_argument("--start", type=Path, help="go on from this model, at 0.7 of the speed")
    given = arguments.parse_args()
    random.seed(SEED)
    torch.manual_seed(SEED)
    examples = [json.loads(line) for line in given.examples.open(encoding="utf-8")]
    held = [e for e in examples if e["aside"] or (e["kind"] == "plv" and data.fold(e["document"]) == given.fold)]
    train = [e for e in examples if not e["aside"] and not (e["kind"] == "plv" and data.fold(e["document"]) == given.fold)]
    counts = Counter(f for e in train for pair in e["pairs"] for f in set(pair[3]))
    features = [f for f, n in counts.most_common(4000) if n >= 20 or (f.startswith("lexicon=") and n >= 3)]
    counts = Counter(f for e in train for _, _, listed, _ in e["antecedents"] for fs in listed for f in fs)
    link_features = [f for f, n in counts.most_common(1500) if n >= 15]
    sizes = {
        "features": len(features),
        "link_features": len(link_features),
        "relations": len(RELATIONS),
        "modalities": len(MODALITIES),
        "types": len(TYPES),
    }
    start = torch.load(given.start, weights_only=False) if given.start else None
    if start is not None:
        features, link_features = start["features"], start["link_features"]
        sizes |= {"features": len(features), "link_features": len(link_features)}
    network, batches = Network(**sizes), Batches(features, link_features)
    if start is not None:
        network.load_state_dict(start["state"], strict=False)
    speed = 0.7 if given.start else 1.0
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    rest = [p for n, p in network.named_parameters() if not n.startswith("encoder.")]
    rates = [{"params": encoder, "lr": given.rate * speed}, {"params": rest, "lr": 1e-3 * speed}]
    optimizer = torch.optim.AdamW(rates, weight_decay=0.01, fused=True)
    steps = given.epochs * math.ceil(len(train) / given.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min((s + 1) / (0.1 * steps), max(0.0, (steps - s) / (0.9 * steps))))
    print(json.dumps({"train": len(train), "held": len(held), **sizes}), flush=True)
    begun = time.time()
    for epoch in range(given.epochs):
        network.train()
        order = sorted(train, key=lambda e: len(e["text"]) + random.random() * 150)
        groups = [order[i : i + given.batch] for i in range(0, len(order), given.batch)]
        random.shuffle(groups)
        total = 0.0
        for group in groups:
            tokens, inputs, targets = batches.of(group, keep_negatives=0.4)
            if len(inputs[4]):
                states = network.encode(*tokens)
                loss = loss_of(network.heads(states, *inputs), network.trigger(states), targets)
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
                total += loss.item()
            schedule.step()
        report = evaluate(network, batches, held) if held and epoch >= given.epochs - 3 else {}
        print(
            json.dumps({"epoch": epoch, "loss": round(total / len(groups), 3), "seconds": round(time.time() - begun), **report}), flush=True
        )
        torch.save(
            {
                "state": network.state_dict(),
                "sizes": sizes,
                "features": features,
                "link_features": link_features,
                "relations": RELATIONS,
                "modalities": MODALITIES,
                "types": TYPES,
            },
            given.out,
        )


if __name__ == "__main__":
    main()
