"""Words a second of the whole extractor beside the bare spaCy pipeline on the same texts, in one run.

`python benchmarks/speed.py [TEXT.txt ...]`; without arguments it reads the project's own training articles. The runs alternate, so that
a busy machine slows both; the figure is the ratio.
"""

import sys
import time
from pathlib import Path

from kg.extract import extractor
from kg.extract.parse import parse
from kg.model import Document

ROUNDS = 3
OWN = Path(__file__).parents[1] / "training" / "articles"


def main() -> None:
    files = [Path(name) for name in sys.argv[1:]] or sorted((Path(__file__).parents[1] / "training" / "articles").glob("*.txt"))
    documents = [Document.of(file.read_text(encoding="utf-8"), name=file.stem) for file in files]
    words = sum(len(document.text.split()) for document in documents)
    reader = extractor()
    reader(documents[0])
    bare, whole = [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in parse(documents):
            pass
        between = time.perf_counter()
        for _ in reader.stream(documents):
            pass
        bare.append(between - begun)
        whole.append(time.perf_counter() - between)
    print(
        f"{words} words; spaCy {words / min(bare):.0f} words/s, extractor {words / min(whole):.0f} words/s, "
        f"ratio {min(bare) / min(whole):.2f}"
    )


if __name__ == "__main__":
    main()
