"""The pages in a real browser: nothing is fetched from elsewhere, nothing said on the console, nothing thrown."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browsing import chromium
from playwright.sync_api import Browser, Page, expect

FACTS = """SELECT ?subject ?relation ?object { GRAPH kgr:graph\\/assembled {
  ?fact a kgo:Fact ; kgo:subject ?subject ; kgo:relation ?relation ; kgo:object ?object } } ORDER BY ?fact LIMIT 12"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(patience=60_000) as launched:
        yield launched


@pytest.fixture
def opened(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    faults: list[str] = []
    contexts = []

    def open_page(path: str, *, wait: bool = False, **options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1360, "height": 860}} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("request", lambda request: request.url.startswith((server, "data:", "blob:")) or faults.append(f"request: {request.url}"))
        page.goto(server + path)
        if wait:
            page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield open_page
    pwned = [page.evaluate("window.pwned") for context in contexts for page in context.pages]
    for context in contexts:
        context.close()
    assert faults == []
    assert not any(pwned)


def test_ask_and_look_at_the_answer_as_a_table_and_as_a_graph(opened: Callable[..., Page]) -> None:
    # One of the names in the answer is hostile. Even without a policy nothing of it may run.
    page = opened("/", wait=True, bypass_csp=True)
    page.locator(".yasqe_queryButton").click()
    expect(page.locator(".yasr_results table tbody")).to_contain_text("Somalia")
    assert "#query=" in page.url  # a link to share
    page.evaluate("text => window.kg.yasqe.setValue(text)", FACTS)
    page.locator(".yasqe_queryButton").click()
    expect(page.locator(".yasr_results tbody tr")).to_have_count(12)
    page.locator(".select_graph").click()
    expect(page.locator(".kg-graph canvas")).to_be_visible()
    again = opened("/#" + page.url.partition("#")[2], wait=True)
    expect(again.locator(".yasr_results tbody tr")).to_have_count(12)
    again.locator(".yasr_results tbody a").first.click()
    expect(again.locator("h1")).to_be_visible()
    assert "/entity/" in again.url


def test_a_question_of_the_catalogue_is_filled_in_and_asked(opened: Callable[..., Page]) -> None:
    page = opened("/", wait=True)
    page.locator("#narrow").fill("timeline of")
    page.get_by_text("Timeline of someone").click()
    page.locator("form[data-question='timeline'] input").fill("Vladimir Putin")
    page.locator("form[data-question='timeline'] button").click()
    expect(page.locator(".yasr_results table tbody")).to_contain_text("Vietnam")


def test_our_words_are_completed(opened: Callable[..., Page]) -> None:
    page = opened("/", wait=True)
    page.evaluate("""() => { const editor = window.kg.yasqe; editor.setValue('PREFIX kgo: <https://w3id.org/geopolitical-kg/ontology#>\\n'
        + 'SELECT * { ?s kgo:ratif'); editor.focus(); editor.setCursor(editor.lastLine(), 23); editor.autocomplete(); }""")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("ratified")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_phone(opened: Callable[..., Page], scheme: str) -> None:
    for path in ("/", "/entity/PRK", "/search?q=treaty", "/entity/organization/hostile", "/ontology"):
        page = opened(path, viewport={"width": 390, "height": 844}, color_scheme=scheme)
        if path != "/ontology":  # a wide table
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_the_graph_grows_as_one_goes(opened: Callable[..., Page]) -> None:
    page = opened("/graph?thing=PRK#thing=PRK", wait=True)
    before = page.evaluate("JSON.parse(document.getElementById('data').textContent).page.things.length")
    page.locator("#search").fill("Russia")
    page.locator("#results [role=option]").first.click()
    page.get_by_role("link", name="Load more around it").click()
    page.wait_for_url("**thing=PRK&thing=RUS**")
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate("JSON.parse(document.getElementById('data').textContent).page.things.length") > before
    expect(page.locator("#panel h2")).to_have_text("Russia")
    page.get_by_role("link", name="Its page").click()
    expect(page.locator("h1")).to_have_text("Russia")
