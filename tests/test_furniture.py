"""What of a page is article, by pages of several styles, all written for these tests."""

import warnings
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.read import read
from kg.read.dates import dateline, dates, parse
from kg.read.furniture import body, layout

SHARED = Path(__file__).parent.parent.parent / "shared"
GOLD = Path(__file__).parent / "gold"


def kept(text: str) -> str:
    return "\n".join(text[start:end] for start, end in body(text))


BROADCASTER = """\
Skip to main content
Menu
World
Politics
Live TV
Subscribe
Home > World > Africa

Kenya recalls envoy from Sudan over shelling of embassy

By Grace Otieno and Peter Maina
Published 3 March 2025, 09:14 GMT
Updated 2 hours ago

Share
Save
Facebook Twitter WhatsApp

Image source, Getty Images
Image caption, Smoke rises over Khartoum after an air strike on Sunday.

Kenya has recalled its ambassador to Sudan after the embassy in Khartoum was hit by shells, a ministry said on Monday.

Two guards were wounded. The ministry accused the Sudanese army of firing on the compound, which the army denied.

ADVERTISEMENT

"We hold the junta responsible," Foreign Minister Musalia Mudavadi said.

Read more: Sudan's army retakes the presidential palace
Related
Sudan war: a simple guide
Who are the Rapid Support Forces?

Relations between the two states have been poor since Kenya hosted leaders of the Rapid Support Forces in February.

"We hold the junta responsible"

Sudan then banned imports of Kenyan tea.

Sign up for our Africa newsletter
Get the week's best stories delivered to your inbox every Friday.
Enter your email address
By signing up you agree to our terms of use.

The African Union called on both sides to show restraint.

Grace Otieno is a Nairobi-based correspondent covering East Africa.

More on this story
Kenya hosts Sudanese rebels
3 days ago
Sudan bans Kenyan tea
12 March 2024

Comments (14)
JohnD: Kenya attacked Sudan first and everyone knows that it did so.
Reply
Copyright 2025 The Nation Group. All rights reserved.
"""

AGENCY = """\
Turkey strikes Kurdish positions in northern Iraq
Turkey strikes Kurdish positions in northern Iraq - The Daily Wire Service
ANKARA, Oct 24 (Newsdesk) - Turkish warplanes bombed positions of Kurdish militants in northern Iraq on Thursday,
killing 13 people, the defence ministry said, a day after an attack on a company.
[1/3] Turkish soldiers stand guard outside the headquarters near Ankara, Turkey, October 23. REUTERS/Someone Else
Five people died in Wednesday's attack, which Ankara blamed on the Kurdistan Workers Party.
"We will not stop," Defence Minister Yasar Guler said. (Reporting by A. Writer; Editing by B. Editor)
Our Standards: The Trust Principles.
Suggested Topics:
Middle East
Purchase Licensing Rights
© 2024 The Wire Service. All rights reserved
"""

WEEKLY = """\
Explainer
What is the Gagauz dispute, and what has Russia to do with it?
A region of 130,000 people has quarrelled with Moldova's government for three decades
Mar 28th 2025
ON MARCH 25TH police in Chisinau detained Evghenia Gutul, the governor of Gagauzia, whom Moldova accuses of theft.
Why does this matter?
Gagauzia declared independence in 1990. It returned to Moldova in 1994 in exchange for autonomy.
What does Russia want?
The Kremlin condemned the arrest and demanded her release.■
More from Europe
Serbia's students march on
A bridge too far for Kerch
"""

MARKDOWN = """\
# Ethiopia and Eritrea exchange prisoners

*By Staff Writer | Nov 2, 2023*

ADDIS ABABA — Ethiopia and Eritrea exchanged 120 prisoners of war at a border crossing on Thursday, the Red Cross said.

The exchange was the first since the two neighbours signed a peace deal in 2018. It was agreed:

- at talks in Asmara in June
- by envoys of both governments
- with the help of Qatar

Neither side commented.

---

*This article was first published by the Horn Monitor and is republished here under a Creative Commons licence.*

**Tags:** Ethiopia, Eritrea
"""


def test_a_broadcasters_page_gives_its_article_and_nothing_else() -> None:
    assert kept(BROADCASTER) == """\
Kenya recalls envoy from Sudan over shelling of embassy
Kenya has recalled its ambassador to Sudan after the embassy in Khartoum was hit by shells, a ministry said on Monday.

Two guards were wounded. The ministry accused the Sudanese army of firing on the compound, which the army denied.
"We hold the junta responsible," Foreign Minister Musalia Mudavadi said.
Relations between the two states have been poor since Kenya hosted leaders of the Rapid Support Forces in February.
Sudan then banned imports of Kenyan tea.
The African Union called on both sides to show restraint."""


def test_an_agencys_page_keeps_headline_once_and_dateline() -> None:
    text = kept(AGENCY)
    assert text.startswith("Turkey strikes Kurdish positions in northern Iraq\nANKARA, Oct 24 (Newsdesk) - Turkish")
    assert text.endswith("\n\"We will not stop,\" Defence Minister Yasar Guler said.")
    assert "stand guard" not in text and "Daily Wire" not in text and "Five people died" in text


def test_subheadings_and_standfirst_stay() -> None:
    text = kept(WEEKLY)
    assert text.startswith("What is the Gagauz dispute, and what has Russia to do with it?\nA region of 130,000 people")
    assert "Why does this matter?" in text and text.endswith("demanded her release.■")
    assert layout(WEEKLY).title == "What is the Gagauz dispute, and what has Russia to do with it?"


def test_lists_that_a_sentence_introduces_stay() -> None:
    text = kept(MARKDOWN)
    assert "- by envoys of both governments" in text and "Neither side commented." in text
    assert "Creative Commons" not in text and "Staff Writer" not in text
    assert layout(MARKDOWN).title == "Ethiopia and Eritrea exchange prisoners"


@pytest.mark.parametrize("line", [
    "Tags: russia ukraine", "Advertisement", "Story continues below advertisement", "Share this article",
    "Share on Facebook", "Follow us on Telegram", "Photograph: Jane Roe/The Agency",
    "Read more: Russia attacks Ukraine",
    "Sign up for our daily newsletter", "Receive breaking news and analysis - sent right to your inbox.",
    "By Jane Roe in Kyiv", "Published: 3 March 2025 at 09:14 GMT", "4 min read", "(AP Photo/Jane Roe)",
    "FILE - President Vladimir Putin, left, shakes hands with Kim Jong Un in Pyongyang, North Korea, June 19, 2024.",
    "Please review Community Guidelines before posting a comment.", "359", "https://example.org/more",
    "This story has been corrected to show that the vote took place in March, not April.",
    "We use cookies", "This website uses cookies to improve your experience.", "Watch: Russia attacks Ukraine",
])
def test_a_line_of_furniture_amid_an_article_is_left_out(line: str) -> None:
    paragraph = "Russia withdrew its last troops from the bridge on Monday, the governor said on television."
    other = "Ukraine's army said that its soldiers had already retaken the town, which lies at the mouth of the river."
    assert kept(f"{paragraph}\n\n{line}\n\n{other}") == f"{paragraph}\n{other}"


@pytest.mark.parametrize("ending", [
    "(Reporting by A. Writer in Minsk; editing by B. Editor)", "Copyright 2024 The Newspaper. All rights reserved.",
    "Leave a comment", "###", "Most viewed"])
def test_nothing_counts_after_what_ends_an_article(ending: str) -> None:
    paragraph = "Russia withdrew its last troops from the bridge on Monday, the governor said on television. " * 3
    later = "China invades the moon, say three astronomers who saw it through a telescope."
    assert kept(f"{paragraph.strip()}\n\n{ending}\n\n{later}") == paragraph.strip()


@pytest.mark.parametrize("text", [
    "Russia and Iran sign treaty",
    "Russia and Iran signed a treaty.",
    "Iran sues\n\nIran sued Canada at the court in The Hague on Friday over the seizure of an embassy.",
    "The president resigned. " * 150,
    "Russian troops left Kherson in November, he said, and\nthe army retook the city two days later, as it had\n"
    "promised to. Nobody was killed.\n\nThe mayor thanked them.",
    "HAVANA (AP) --\n\nCuba freed nine prisoners on Monday, its foreign ministry said in a statement.",
    "NATO said in a statement that it had shot down the drone.\n\nTotal dead: 192\nInjured: 4,877\n\nIt gave no names.",
    "Jane Roe is a columnist whom the court jailed on Monday for what she had written about the president.\n\n"
    "“I am innocent,” Roe said.",
])
def test_a_plain_article_comes_through_whole(text: str) -> None:
    assert body(text) == ((0, len(text.rstrip())),)


@pytest.mark.parametrize("path", sorted(GOLD.glob("*.txt")), ids=lambda path: path.stem)
def test_every_paragraph_of_our_own_articles_is_kept(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    article = kept(text)
    for paragraph in text.split("\n\n"):
        if len(paragraph.split()) > 30 and "eporting by" not in paragraph:
            assert paragraph.strip() in article


@given(st.text(alphabet=st.sampled_from("ab. \n\r#*|-–—:?A1©\"”(🇰é\u2028"), max_size=400))
def test_stretches_are_in_order_and_trimmed(text: str) -> None:
    end_before = 0
    for start, end in body(text):
        assert end_before <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        end_before = end


def test_hostile_pages_take_bounded_time() -> None:
    for text in ("Share on " * 25_000, "By A\n" * 20_000, "(" * 200_000, "Nov 11, 2024\n" * 15_000, "*" * 200_000):
        layout(text)


def test_the_delivered_article_loses_all_its_furniture() -> None:
    pages = list((SHARED / "seeds").glob("*.txt"))
    if not pages:
        warnings.warn("../shared/seeds is not here: the delivered article was not read", stacklevel=1)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        paragraphs = kept(text).split("\n\n")
        assert len(paragraphs) == 9 and all(len(paragraph.split()) > 20 for paragraph in paragraphs)
        headline, first = paragraphs[0].split("\n")
        assert len(headline.split()) == 8 and first.startswith("SEOUL, South Korea (AP) — ")
        assert not any(word in kept(text) for word in ("Tags", "Newsmax", "Copyright", "EST", "GlobalTalk"))
        document = next(read([page], reject=print))
        assert (document.published, document.published_from) == (date(2024, 11, 11), "header")


def test_nearly_all_articles_of_the_corpus_come_through_whole() -> None:
    corpus = SHARED / "corpus" / "news-dev.jsonl"
    if not corpus.exists():
        warnings.warn("../shared/corpus is not here: its articles were not read", stacklevel=1)
        return
    rejected: list[object] = []
    documents = list(read([corpus], reject=rejected.append))
    lost = [len(d.text) - sum(end - start for start, end in d.body) for d in documents]
    assert not rejected
    assert sum(characters > 2 for characters in lost) <= 16 and max(lost) < 400


@pytest.mark.parametrize(("text", "day"), [
    ("Monday, 11 November 2024 11:01 PM EST", date(2024, 11, 11)), ("Nov 11, 2024", date(2024, 11, 11)),
    ("2024-11-11T23:01:00Z", date(2024, 11, 11)), ("November 11th, 2024", date(2024, 11, 11)),
    ("11.11.2024", date(2024, 11, 11)), ("25/12/2024", date(2024, 12, 25)), ("12/25/2024", date(2024, 12, 25)),
    ("Sept. 5, 2024", date(2024, 9, 5)), ("11/12/2024", None), ("30 February 2024", None), ("in March", None),
    ("the Sun", None), ("May 2024", None), ("version 2024.11", None),
])
def test_a_date_is_read_only_where_it_is_full_and_clear(text: str, day: date | None) -> None:
    assert next((found.day for found in dates(text)), None) == day


@pytest.mark.parametrize(("text", "day"), [
    (date(2024, 11, 11), date(2024, 11, 11)), ("2024-11-11", date(2024, 11, 11)),
    ("Mon, 11 Nov 2024 23:01:00 GMT", date(2024, 11, 11)), ("sometime in 2024", None), (20241111.5, None), (True, None),
])
def test_metadata_dates(text: object, day: date | None) -> None:
    assert parse(text) == day


@pytest.mark.parametrize(("text", "day", "short"), [
    ("SEOUL, Nov. 11 (Reuters) - South Korea said", None, (11, 11)),
    ("SEOUL, South Korea (AP) — North Korea said", None, None),
    ("SEOUL, South Korea (June 20, 2024) — Russia said", date(2024, 6, 20), None),
    ("LUXEMBOURG/MOSCOW, June 25 (Newsdesk) - The EU", None, (6, 25)),
    ("Taipei, 27 October 2024", date(2024, 10, 27), None),
    ("DHAKA, Nov 18, 2025 — Bangladesh has", date(2025, 11, 18), None),
])
def test_datelines(text: str, day: date | None, short: tuple[int, int] | None) -> None:
    found = dateline(text)
    assert found is not None and (found.day, found.month_and_day) == (day, short)


@pytest.mark.parametrize("text", [
    "Monday, 11 November 2024 11:01 PM EST", "On Monday, 11 people died - all of them soldiers.",
    "Kim said - wrongly - so.",
    "NATO said that Russia had left.", "In May, 3 men - all Iranians - were tried."])
def test_what_is_no_dateline(text: str) -> None:
    assert dateline(text) is None
