"""Draws claims to be judged by hand: `python benchmarks/judged.py draw SHARED OUT.jsonl`, and adds the verdicts up:
`python benchmarks/judged.py sum benchmarks/judged.jsonl`.

The claims come from the articles of the corpus that nobody annotated, so that the reader was not trained on them, by a
fixed seed. Whoever judges sees the sentence and the claim alone, and says of each whether relation, actors and modality
are right. The file of verdicts names claims by their offsets; the sentences stay where they are.
"""

import json
import random
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from kg.extract import extractor
from kg.model import Claim, Document, Mention

SEED = 20261124
SIZE = 100
NEWS = Path(__file__).parent.parent / "training" / "news"


def draw(shared: Path, out: Path) -> None:
    """Writes `SIZE` random claims with their sentences, for the eyes of a judge."""
    annotated = {file.stem for folder in (shared / "bench" / "silver", NEWS) for file in folder.glob("*.jsonl")}
    corpus = map(json.loads, (shared / "corpus" / "news-dev.jsonl").open(encoding="utf-8"))
    documents = [
        Document.of(one["text"], name=one["id"], published=date.fromisoformat(one["date"][:10]) if one.get("date") else None)
        for one in corpus
        if one["id"] not in annotated
    ]
    claims = [(document, claim) for document, found in extractor().stream(documents) for claim in found]
    chosen = random.Random(SEED).sample(claims, SIZE)
    rows = [{"number": number, **_row(document, claim)} for number, (document, claim) in enumerate(chosen, 1)]
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(claims)} claims of {len(documents)} articles, {SIZE} drawn")


def _row(document: Document, claim: Claim) -> dict[str, object]:
    def named(mention: Mention | None) -> str | None:
        return None if mention is None else f"{mention.text} = {mention.entity.label}"

    return {
        "document": document.name,
        "start": claim.sentence.start,
        "end": claim.sentence.end,
        "sentence": claim.sentence.text,
        "subject": named(claim.subject),
        "relation": claim.relation,
        "object": named(claim.object),
        "modality": claim.modality.value,
        "polarity": claim.polarity.value,
        "by": [mention.entity.label for mention in claim.attribution],
        "confidence": claim.confidence,
    }


def add_up(verdicts: Path) -> None:
    """Prints how many claims were judged right, and why the others are wrong."""
    rows = [json.loads(line) for line in verdicts.read_text(encoding="utf-8").splitlines()]
    print(f"{sum(row['right'] for row in rows)} right of {len(rows)};", dict(Counter(row["wrong"] for row in rows if not row["right"])))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["draw", shared, out]:
            draw(Path(shared), Path(out))
        case ["sum", verdicts]:
            add_up(Path(verdicts))
        case _:
            raise SystemExit(__doc__)
