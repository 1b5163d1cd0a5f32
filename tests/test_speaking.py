"""Who *I* and *we* are in quotations."""

import pytest

from kg.extract.reading import LexiconExtractor
from kg.model import Document


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Slovakia’s foreign minister, Jan Petrik, spoke in Brussels. “We condemned Hungary on Monday,” Petrik said.",
            ("SVK", "condemned", "HUN"),
        ),
        ("“I condemned Hungary on Monday,” said Foreign Minister Jan Petrik.", ("person/jan-petrik", "condemned", "HUN")),
        ("Hezbollah issued a statement. “We attacked Israel on Monday,” Hezbollah said.", ("Hezbollah", "attacked", "ISR")),
        ("Jan Petrik spoke in Brussels. “Hungary threatened me,” Petrik said.", ("HUN", "threatened", "person/jan-petrik")),
    ],
)
def test_the_speaker_acts(text: str, expected: tuple[str, str, str]) -> None:
    claims = LexiconExtractor()(Document.of(text, name="a"))
    actors = {(name, c.relation, c.object and c.object.entity.id) for c in claims for name in (c.subject.entity.id, c.subject.entity.label)}
    assert expected in actors


def test_nobody_is_guessed_outside_a_quotation() -> None:
    claims = LexiconExtractor()(Document.of("Jan Petrik spoke in Brussels. We condemned Hungary on Monday.", name="a"))
    assert "condemned" not in {c.relation for c in claims}
