import csv
import io
import itertools
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browsing import chromium
from gold_claims import gold
from playwright.sync_api import Browser, Locator, Page, expect

from kg.assemble import assemble
from kg.graph import PropertyGraph, property_graph
from kg.model import Claim, Document, Entity, EntityType, Mention, Modality, Polarity, Quantity, Span, Time
from kg.view import view
from kg.view.layout import layout

HOSTILE = ("</script><script>window.pwned=1</script><img src=x onerror=\"window.pwned=1\"> \" ' ` & {{7*7}} {% raw %} "
           "\u2028\u2029\u202e ]]> <!-- \\u003c --> javascript:window.pwned=1")
KOREA = Entity(id="PRK", label="North Korea", type=EntityType.STATE, country="PRK", sector="GOV", wikidata="Q423",
               aliases=("DPRK", "조선", "Corée du Nord"))
RUSSIA = Entity(id="RUS", label="Russia", type=EntityType.STATE, country="RUS", sector="GOV", wikidata="Q159")
UKRAINE = Entity(id="UKR", label="Ukraine", type=EntityType.STATE, country="UKR", sector="GOV", wikidata="Q212")
TREATY = Entity(id="agreement/treaty", label="Treaty", type=EntityType.AGREEMENT)
MINISTER = Entity(id="person/minister", label="The minister", type=EntityType.PERSON, country="RUS")
AGENCY = Entity(id="organization/kcna", label="KCNA", type=EntityType.ORGANIZATION)
SPIES = Entity(id="organization/nis", label="NIS", type=EntityType.ORGANIZATION, country="KOR")
KURSK = Entity(id="place/kursk", label="Kursk", type=EntityType.PLACE, country="RUS")


def told(sentence: str, who: tuple[Entity, str], did: tuple[str, str], whom: tuple[Entity, str] | None = None,
         **more: Any) -> dict[str, Any]:
    """A sentence, with who (and the words for it) did what (relation, words) to whom."""
    return {"sentence": sentence, "who": who, "did": did, "whom": whom, **more}


def article(name: str, *sentences: dict[str, Any], **about: Any) -> tuple[Document, list[Claim]]:
    text = " ".join(one["sentence"] for one in sentences)
    document = Document.of(text, name=name, **({"title": f"About {name}"} | about))
    claims, begin = [], 0
    for one in sentences:
        begin = text.index(one["sentence"], begin)

        def cite(words: str, begin: int = begin) -> dict[str, Any]:
            at = text.index(words, begin)
            return {"text": words, "start": at, "end": at + len(words)}

        def mention(named: tuple[Entity, str] | None, cite: Callable[[str], dict[str, Any]] = cite) -> Mention | None:
            return Mention(entity=named[0], **cite(named[1])) if named else None

        when, amount = one.get("when"), one.get("amount")
        claims.append(Claim.of(
            document=document.id, subject=mention(one["who"]), relation=one["did"][0], object=mention(one["whom"]),
            event_type=one.get("event_type"), mode=one.get("mode"), modality=one.get("modality", Modality.ASSERTED),
            polarity=one.get("polarity", Polarity.POSITIVE),
            attribution=tuple(mention(source) for source in one.get("by", ())), place=mention(one.get("where")),
            time=Time(value=when[0], **cite(when[1])) if when else None,
            quantity=Quantity(**amount[0], **cite(amount[1])) if amount else None,
            sentence=Span(**cite(one["sentence"])), trigger=Span(**cite(one["did"][1])),
            confidence=one.get("confidence", 0.9), extractor=one.get("extractor", "test/1")))
    return document, claims


def graph_of(*articles: tuple[Document, list[Claim]]) -> PropertyGraph:
    documents = [document for document, _ in articles]
    claims = [claim for _, found in articles for claim in found]
    return property_graph(documents, claims, assemble(claims, documents))


MORNING = article(
    "morning",
    told("North Korea ratified the treaty on Monday, KCNA said.", (KOREA, "North Korea"), ("ratified", "ratified"),
         (TREATY, "treaty"), by=[(AGENCY, "KCNA")], when=("2024-11-11", "Monday")),
    told("Up to 12,000 troops were sent by North Korea to Kursk, the NIS said, citing KCNA.", (KOREA, "North Korea"),
         ("sentTroopsTo", "sent"), (KURSK, "Kursk"), by=[(SPIES, "NIS"), (AGENCY, "KCNA")], where=(KURSK, "Kursk"),
         amount=({"max": 12000, "unit": "troops"}, "12,000 troops"), when=("2024-10", "sent"), confidence=0.8),
    told("Russia will visit North Korea in 2025 🚀 soon.", (RUSSIA, "Russia"), ("visited", "visit"),
         (KOREA, "North Korea"), modality=Modality.PLANNED, when=("2025", "2025")),
    told("The minister resigned.", (MINISTER, "The minister"), ("resignedFrom", "resigned")),
    publisher="Morning Post", published=date(2024, 11, 12), url="https://example.org/morning")
EVENING = article(
    "evening",
    told("Russia shelled Ukraine in March.", (RUSSIA, "Russia"), ("shelled", "shelled"), (UKRAINE, "Ukraine"),
         when=("2024-03", "March")),
    told("Moscow threatened Ukraine, and Kyiv demanded of Russia that it release prisoners.", (RUSSIA, "Moscow"),
         ("threatened", "threatened"), (UKRAINE, "Ukraine")),
    told("Ukraine asked that Russia release it.", (RUSSIA, "Russia"), ("released", "release"), (UKRAINE, "Ukraine"),
         modality=Modality.DEMANDED),
    told("Russia attacked Ukraine.", (RUSSIA, "Russia"), ("attacked", "attacked"), (UKRAINE, "Ukraine"),
         confidence=0.6),
    publisher="Evening Star", published=date(2024, 3, 20), url="javascript:window.pwned=1")
DENIAL = article(
    "denial",
    told("Russia did not shell Ukraine, it said.", (RUSSIA, "Russia"), ("shelled", "shell"), (UKRAINE, "Ukraine"),
         polarity=Polarity.NEGATIVE, by=[(RUSSIA, "it")], when=("2024-03", "Russia")),
    publisher="Daily Denial", published=date(2024, 3, 21))
SMALL = graph_of(MORNING, EVENING, DENIAL)
GOLD = graph_of(*gold())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(patience=30_000) as launched:
        yield launched


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a page in a real browser. In the end nothing may have been fetched, said on the console or thrown."""
    faults: list[str] = []
    contexts = []

    def open_page(html: str, *, fragment: str = "", **options: Any) -> Page:
        file = tmp_path / "graph.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: request.url.partition("#")[0] == file.as_uri()
                or request.url.startswith(("data:", "blob:")) or faults.append(f"request: {request.url}"))
        page.goto(file.as_uri() + fragment)
        page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def at(page: Page, kind: str, number: int) -> None:
    """Click where something is drawn."""
    place = page.evaluate("what => window.kg.whereabouts(what)", {"kind": kind, "number": number})
    page.locator("#network canvas").click(position=place)


def data(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("JSON.parse(document.getElementById('data').textContent).page")
    return found


def number_of(page: Page, relation: str) -> int:
    return next(number for number, one in enumerate(data(page)["statements"]) if one["relation"] == relation)


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=name, exact=True)


def shown(page: Page) -> str:
    return page.locator("#counts").inner_text()


# ---- what is on the page ---------------------------------------------------------------------------------------------


def test_a_click_on_a_line_shows_the_sentence_behind_it_marked_and_sourced(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL, title="Sample"))
    at(page, "statement", number_of(page, "sentTroopsTo"))
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_have_text(re.compile("North Korea.*sent troops to.*Kursk"))
    expect(panel.locator("blockquote")).to_have_text(
        "Up to 12,000 troops were sent by North Korea to Kursk, the NIS said, citing KCNA.")
    for role, words in {"trigger": "sent", "subject": "North Korea", "quantity": "12,000 troops"}.items():
        expect(panel.locator(f"blockquote mark.is-{role}")).to_have_text(words)
    expect(panel.locator("blockquote mark.is-object")).to_have_text("Kursk")
    expect(panel.locator(".chain")).to_have_text("according toNISquotingKCNA")
    expect(panel.locator(".evidence footer")).to_have_text(re.compile("Morning Post.*12 Nov 2024.*About morning"))
    expect(panel.locator(".evidence footer a")).to_have_attribute("href", "https://example.org/morning")
    expect(panel.locator(".evidence .confidence")).to_have_text("0.80")
    for said in ("up to 12,000 troops", "Oct 2024", "Kursk"):
        expect(panel.locator(".evidence .chips")).to_contain_text(said)
    expect(panel.locator(".standing-line")).to_contain_text("Attributed")


def test_a_click_on_a_thing_shows_what_it_is_its_names_and_its_facts_in_time(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    at(page, "thing", next(n for n, one in enumerate(data(page)["things"]) if one["id"] == "PRK"))
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_have_text("North Korea")
    expect(panel.locator(".kicker")).to_have_text("State · PRK · GOV")
    for alias in KOREA.aliases:
        expect(panel.locator(".aliases")).to_contain_text(alias)
    assert panel.locator(".year h4").all_inner_texts() == ["2024", "2025"]
    expect(panel.locator(".row").first).to_contain_text("sent troops to")
    expect(panel.locator(".row").last).to_have_text(re.compile("Russia visited North Korea.*Planned.*2025"))
    expect(panel.get_by_role("link", name="Wikidata Q423")).to_have_attribute(
        "href", "https://www.wikidata.org/wiki/Q423")


def test_a_contested_fact_shows_both_sides(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    page.locator("#panel .row", has_text="Contested").click()
    expect(page.locator("#panel .side.for blockquote")).to_have_text("Russia shelled Ukraine in March.")
    expect(page.locator("#panel .side.against blockquote")).to_have_text("Russia did not shell Ukraine, it said.")
    expect(page.locator("#panel .side.against .chips")).to_contain_text("said not to be so")


def test_an_act_without_a_second_party_is_drawn_and_told(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    at(page, "statement", number_of(page, "resignedFrom"))
    expect(page.locator("#panel h2")).to_have_text(re.compile("The minister.*resigned from.*no one named"))
    expect(page.locator("#panel blockquote")).to_have_text("The minister resigned.")


def test_marks_stand_where_they_should_beyond_the_basic_plane(opened: Callable[..., Page]) -> None:
    before = article("emoji", told("🚀🚀 Russia 🚀 visited Ukraine.", (RUSSIA, "Russia"), ("visited", "visited"),
                                   (UKRAINE, "Ukraine")))
    page = opened(view(graph_of(before)))
    at(page, "statement", 0)
    assert page.locator("#panel blockquote mark").all_inner_texts() == ["Russia", "visited", "Ukraine"]


def test_every_standing_differs_in_dash_or_mark_not_in_colour_alone(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    rows = page.locator("#filters .facet li:has(.sample)")
    names = rows.locator(".row-text").all_inner_texts()
    looks = page.eval_on_selector_all("#filters .sample", """samples => samples.map(one =>
        [one.querySelector('.stroke').getAttribute('stroke-dasharray'), one.textContent,
         Boolean(one.querySelector('.halo'))].join('|'))""")
    assert {"Reported", "Attributed", "Contested", "Planned", "Demanded"} <= set(names)
    assert len(set(looks)) == len(names)


def test_every_claim_can_be_reached() -> None:
    articles = gold("putin-kim-treaty", "ukraine-war-summary", "hasina-verdict")
    html = view(graph_of(*articles), max_nodes=None)
    known = json.loads(html.partition('id="data">')[2].partition("</script>")[0])["page"]
    behind = {claim for one in known["statements"] for claim in (*one["claims"], *one["against"])}
    assert behind == set(range(len(known["claims"])))
    assert len(behind) == sum(len(claims) for _, claims in articles)


def test_the_empty_graph_says_that_it_is_empty(opened: Callable[..., Page]) -> None:
    page = opened(view(graph_of()))
    expect(page.locator("#panel h2")).to_have_text("Nothing to show")
    expect(page.locator("#nothing")).to_be_visible()


# ---- controls --------------------------------------------------------------------------------------------------------


def test_filters_combine_counts_follow_and_the_address_keeps_them(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    everything = shown(page)
    box(page, "Planned").uncheck()
    expect(page.locator("#counts")).to_contain_text("7 statements")
    page.locator("#filters summary", has_text="Publisher").click()
    box(page, "Evening Star").uncheck()
    expect(page.locator("#counts")).to_contain_text("4 statements")
    fewer = shown(page)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert shown(page) == fewer
    expect(box(page, "Planned")).not_to_be_checked()
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("#counts")).to_have_text(everything)


def test_confidence_hides_what_is_less_sure(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    page.locator("#filters summary", has_text="Confidence").click()
    page.locator("#confidence").fill("0.85")
    expect(page.locator("#confidence-value")).to_have_text("at least 0.85")
    expect(page.locator("#counts")).to_contain_text("6 statements")


def test_a_family_is_switched_as_one_or_relation_by_relation(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    box(page, "Deeds in conflict").uncheck()
    expect(page.locator("#counts")).to_contain_text("6 statements")
    page.locator(".family > summary", has_text="Deeds in conflict").locator(".row-text").click()
    box(page, "shelled").check()
    expect(page.locator("#counts")).to_contain_text("7 statements")
    assert box(page, "Deeds in conflict").evaluate("box => box.indeterminate")


def test_the_timeline_narrows_to_days_and_keeps_the_undated_on_demand(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    expect(page.locator("#timeline output")).to_have_text("Mar 2024 to Jan 2025")
    page.get_by_role("slider", name="Until").fill("0")
    expect(page.locator("#timeline output")).to_have_text("Mar 2024")
    expect(page.locator("#counts")).to_contain_text("5 statements")
    page.get_by_label(re.compile("undated")).uncheck()
    expect(page.locator("#counts")).to_contain_text("1 statement ")
    page.get_by_label("Which date counts").select_option("report")
    expect(page.locator("#counts")).to_contain_text("8 statements")


@pytest.mark.parametrize("wanted", ["dprk", "조선", "coree du", "PRK"])
def test_search_finds_a_thing_by_any_of_its_names(opened: Callable[..., Page], wanted: str) -> None:
    page = opened(view(SMALL))
    page.keyboard.press("/")
    page.keyboard.type(wanted)
    expect(page.locator("#results li").first).to_contain_text("North Korea")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("North Korea")


def test_search_finds_relations_and_sentences(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    page.fill("#search", "shelled")
    expect(page.locator("#results li").first).to_have_text("Russia shelled Ukraine")
    page.fill("#search", "troops were sent")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_contain_text("sent troops to")


def test_the_table_sorts_and_is_walked_by_keyboard(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    page.get_by_role("button", name="Table").click()
    page.locator("#table th button", has_text="Did what").click()
    column = page.locator("#table td.of-relation")
    assert column.all_inner_texts() == sorted(column.all_inner_texts())
    page.locator("#table tbody tr[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .reading .relation")).to_have_text(column.nth(1).inner_text())
    expect(page.locator("#table tr[aria-selected=true]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel h2")).to_contain_text("Who did what to whom")


def test_a_neighbourhood_grows_by_steps_and_back_leads_back(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    everything = shown(page)
    at(page, "thing", next(n for n, one in enumerate(data(page)["things"]) if one["id"] == "agreement/treaty"))
    page.get_by_role("button", name="Show its neighbourhood").click()
    expect(page.locator("#counts")).to_contain_text("2 things · 1 statement")
    page.get_by_role("button", name="One step more").click()
    expect(page.locator("#counts")).to_contain_text("4 things · 3 statements")
    page.go_back()
    expect(page.locator("#counts")).to_contain_text("2 things · 1 statement")
    page.get_by_role("button", name="Leave the neighbourhood").click()
    expect(page.locator("#counts")).to_have_text(everything)


def test_what_is_shown_can_be_saved_as_picture_and_table(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL))
    box(page, "Planned").uncheck()
    expect(page.locator("#counts")).to_contain_text("7 statements")
    with page.expect_download() as table:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(table.value.path().read_text("utf-8-sig"), newline="")))
    assert len(rows) == 7
    assert {"Who": "Russia", "Did what": "shelled", "To whom": "Ukraine", "Stands as": "Contested"}.items() <= next(
        row for row in rows if row["Did what"] == "shelled").items()
    with page.expect_download() as picture:
        page.get_by_role("button", name="PNG").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")


def test_light_and_dark_follow_the_system_and_the_button(opened: Callable[..., Page]) -> None:
    page = opened(view(SMALL), color_scheme="dark")
    ground = "getComputedStyle(document.getElementById('graph')).backgroundColor"
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate(ground) != dark


def test_a_phone_shows_one_part_at_a_time_and_nothing_sticks_out(opened: Callable[..., Page]) -> None:
    page = opened(view(GOLD), viewport={"width": 390, "height": 844}, has_touch=True)
    for tab, part in {"Table": "#table tbody tr", "Filters": "#filters details", "Details": "#panel h2"}.items():
        page.locator("#tabs").get_by_role("button", name=tab).click()
        expect(page.locator(part).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#panel .row").first.click()
    expect(page.locator("#panel blockquote").first).to_be_visible()


# ---- safety ----------------------------------------------------------------------------------------------------------


def hostile() -> PropertyGraph:
    def bad(name: str, **about: Any) -> Entity:
        return Entity(id=f"{name}{HOSTILE}", label=f"{name}{HOSTILE}", **about)

    who = bad("who", type=EntityType.STATE, country=HOSTILE, sector=HOSTILE, wikidata=HOSTILE, aliases=(HOSTILE,))
    whom, place = bad("whom", type=EntityType.AGREEMENT), bad("where", type=EntityType.PLACE, country=HOSTILE)
    sentence = told(
        HOSTILE, (who, HOSTILE), ("ratified", HOSTILE), (whom, HOSTILE), by=[(who, HOSTILE), (place, HOSTILE)],
        where=(place, HOSTILE), when=("2024-11-11", HOSTILE), amount=({"min": 3, "unit": HOSTILE}, HOSTILE),
        event_type=HOSTILE, mode=HOSTILE, extractor=HOSTILE)
    denied = sentence | {"polarity": Polarity.NEGATIVE}
    planned = sentence | {"modality": Modality.PLANNED, "who": (place, HOSTILE), "did": (HOSTILE, HOSTILE)}
    about = {"publisher": HOSTILE, "title": HOSTILE, "url": f"javascript:{HOSTILE}", "source": HOSTILE}
    return graph_of(article(HOSTILE, sentence, planned, sentence | {"whom": None, "did": ("resignedFrom", HOSTILE)},
                            **about), article(f"not {HOSTILE}", denied, **(about | {"url": HOSTILE})))


def test_nothing_out_of_an_article_runs_or_loads(opened: Callable[..., Page]) -> None:
    page = opened(view(hostile(), title=HOSTILE))
    assert page.title() == re.sub(r"\s+", " ", HOSTILE) or HOSTILE in page.title()
    known = data(page)
    for kind in ("thing", "statement"):
        for number in range(len([one for one in known[f"{kind}s"] if kind == "statement" or "x" in one])):
            at(page, kind, number)
            expect(page.locator("#panel h2")).to_contain_text("window.pwned=1")
            assert set(page.locator("#panel blockquote").all_text_contents()) <= {HOSTILE}
            page.keyboard.press("Escape")
    page.locator("#network canvas").hover(position=page.evaluate("window.kg.whereabouts({kind: 'thing', number: 0})"))
    expect(page.locator("#tip")).to_contain_text("<img src=x")
    page.get_by_role("button", name="Both").click()
    page.fill("#search", "script")
    expect(page.locator("#results li").first).to_contain_text("<script>")
    assert page.locator("a[href^='javascript' i]").count() == 0
    assert page.locator("#panel img, #table img, #results img, #panel script").count() == 0
    assert page.evaluate("window.pwned") is None


def test_the_page_forbids_scripts_and_connections_of_others(opened: Callable[..., Page], browser: Browser) -> None:
    html = view(SMALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    context = browser.new_context()
    page = context.new_page()
    page.set_content(html)
    page.evaluate("""() => { const one = document.createElement('script'); one.textContent = 'window.pwned = 1';
                            document.body.append(one); }""")
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'went', () => 'refused')") == "refused"
    context.close()


def test_no_address_of_another_host_is_loaded_by_the_page() -> None:
    html = view(SMALL)
    assert re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", html.split('<script>')[0]) == []
    assert "cdn" not in html.split('<script>')[0]


# ---- options ---------------------------------------------------------------------------------------------------------


def titles(html: str) -> set[str]:
    return set(re.findall(r'"id": "([^"]+)", "label"', html.partition('id="data">')[2]))


def test_the_same_graph_gives_the_same_page_whatever_the_order_of_its_parts() -> None:
    assert view(graph_of(*gold()[::-1])) == view(GOLD)


@pytest.mark.parametrize("name", ["PRK", "north korea", "dprk"])
def test_focus_shows_what_lies_around_a_thing_by_id_label_or_alias(name: str) -> None:
    assert titles(view(SMALL, focus=name)) >= {"PRK", "RUS", "agreement/treaty", "place/kursk"}
    assert "UKR" not in titles(view(SMALL, focus=name))
    assert "UKR" in titles(view(SMALL, focus=name, depth=2))


def test_since_and_until_go_by_the_act_and_for_the_undated_by_publication() -> None:
    spring = view(SMALL, until=date(2024, 6, 30))
    assert '"relation": "shelled"' in spring
    assert '"relation": "threatened"' in spring
    assert '"relation": "ratified"' not in spring
    autumn = view(SMALL, since=date(2024, 7, 1))
    assert '"relation": "ratified"' in autumn
    assert '"relation": "threatened"' not in autumn
    assert "statements are of other relations or days" in autumn


def test_relation_shows_only_some_relations() -> None:
    page = view(SMALL, relation=["shelled", "ratified"])
    assert set(re.findall(r'"relation": "(\w+)"', page)) == {"shelled", "ratified"}


def test_max_nodes_keeps_the_most_claimed_and_says_what_it_left_out() -> None:
    html = view(GOLD, max_nodes=10)
    assert "RUS" in titles(html)
    assert re.search(r"\d+ of \d+ things and \d+ of \d+ statements are left out", html)
    assert "left out" not in view(SMALL).partition('id="data">')[2].partition("</script>")[0]


def test_a_wrong_option_is_named() -> None:
    with pytest.raises(LookupError, match="'Atlantis'"):
        view(SMALL, focus="Atlantis")
    with pytest.raises(ValueError, match="depth"):
        view(SMALL, focus="Russia", depth=0)
    with pytest.raises(ValueError, match="max_nodes"):
        view(SMALL, max_nodes=0)
    with pytest.raises(ValueError, match="later"):
        view(SMALL, since=date(2025, 1, 1), until=date(2024, 1, 1))


# ---- layout ----------------------------------------------------------------------------------------------------------


def test_no_thing_stands_on_anothers_name() -> None:
    hub = {(0, other): 1.0 for other in range(1, 60)}
    ring = {(60 + one, 61 + one): 1.0 for one in range(20)}
    points = layout(90, hub | ring)
    for (x, y), (u, v) in itertools.combinations(points, 2):
        assert abs(x - u) > 60 or abs(y - v) > 36


def test_the_layout_is_the_same_at_every_run_and_keeps_neighbours_near() -> None:
    pairs = {(0, 1): 1.0, (1, 2): 1.0, (2, 3): 1.0, (3, 4): 1.0}
    points = layout(5, pairs)
    assert points == layout(5, pairs)

    def apart(a: int, b: int) -> float:
        return sum((p - q) ** 2 for p, q in zip(points[a], points[b], strict=True))

    assert apart(0, 4) > max(apart(a, b) for a, b in pairs)


def test_the_layout_of_nothing_is_empty() -> None:
    assert layout(0, {}) == []
    assert len(layout(3, {})) == 3
