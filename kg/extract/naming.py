"""Name spans of a sentence: what the gazetteer knows, what spaCy's entity recogniser finds, and capitalised adjectives."""

from collections.abc import Sequence

from spacy.tokens import Token

from kg.extract import names
from kg.extract.names import Gazetteer, Name
from kg.extract.parse import Sentence
from kg.extract.phrases import NOT_THINGS

LABELS = {
    "State": "GPE",
    "Place": "LOC",
    "Person": "PERSON",
    "Organization": "ORG",
    "ArmedForce": "ORG",
    "ArmedGroup": "ORG",
    "Group": "NORP",
    "Agreement": "LAW",
}


def name_spans(
    sentence: Sentence, gazetteer: Gazetteer
) -> tuple[list[tuple[int, int, str]], dict[int, Sequence[Name]]]:
    """(first, last, label) of every proper name, without overlaps, and what the gazetteer knows, by first token."""
    spans: list[tuple[int, int, str]] = []
    known: dict[int, Sequence[Name]] = {}
    taken: set[int] = set()
    entities = [(e.start, e.end - 1, e.label_) for e in sentence.span.ents if e.label_ not in NOT_THINGS]
    doc = sentence.span.doc

    def claim(first: int, last: int, label: str) -> bool:
        while first < last and (doc[first].lower_ in ("the", "a", "an") or doc[first].is_punct or doc[first].is_space):
            first += 1
        while last > first and (
            doc[last].text in ("'s", "’s", "'", "’")
            or doc[last].is_space
            or (doc[last].is_punct and doc[last].text != ".")
        ):
            last -= 1
        if taken & set(range(first, last + 1)) or not any(doc[i].text[:1].isupper() for i in range(first, last + 1)):
            return False
        taken.update(range(first, last + 1))
        spans.append((first, last, label))
        return True

    for first, last, found in gazetteer.find(sentence.span):
        wider = next((e for e in entities if e[0] <= first and last <= e[1] and (e[0], e[1]) != (first, last)), None)
        # *Macron* inside *Emmanuel Macron*, *EU* inside *EU Council*: the longer name is somebody's own.
        if (
            wider
            and wider[2] in ("PERSON", "ORG", "FAC", "LAW", "EVENT")
            and any(
                doc[i].pos_ == "PROPN" and doc[i].lower_ not in ("the",)
                for i in (*range(wider[0], first), *range(last + 1, wider[1] + 1))
            )
        ):
            continue
        if claim(first, last, LABELS.get(found[0].entity.type, "")):
            known[spans[-1][0]] = found
    for first, last, label in entities:
        claim(first, last, label)
    for token in sentence.span:
        if token.i not in taken and token.text[:1].isupper() and token.pos_ in ("PROPN", "ADJ", "NOUN"):
            if names.state(token.text) and not _begins_longer(token):
                claim(token.i, token.i, "NORP" if token.pos_ == "ADJ" else "GPE")
    return sorted(spans), known


def _begins_longer(token: Token) -> bool:
    return bool(token.dep_ == "compound" and token.head.ent_type_ == "PERSON")
