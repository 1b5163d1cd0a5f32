"""Debian's Chromium, for the tests that look at pages as people do."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

_CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
              "--disable-component-update", "--disable-sync"]


@contextmanager
def chromium(*, patience: int) -> Iterator[Browser]:
    """A headless browser; `patience` is how long an expectation waits, in milliseconds."""
    expect.set_options(timeout=patience)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGUMENTS)
        yield launched
        launched.close()
