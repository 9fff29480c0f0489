"""A real Chromium for the tests of pages: what it complains of, and whom it asks, is kept."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A headless browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


class Visit:
    """One visit to a page.

    Attributes:
        page: the page.
        complaints: console warnings and errors, and uncaught errors.
        foreign: addresses on other hosts that the page asked for.
    """

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self._home = home
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self._home, "data:", "blob:")):
            self.foreign.append(url)


@asynccontextmanager
async def visit(browser: Browser, home: str, path: str = "/", **context: Any) -> AsyncIterator[Visit]:
    """Open a page; at the end nothing may have gone wrong on it."""
    settled: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"}
    tab: BrowserContext = await browser.new_context(**(settled | context))
    visit = Visit(await tab.new_page(), home)
    await visit.page.goto(home + path)
    yield visit
    await tab.close()
    assert visit.complaints == []
    assert visit.foreign == []
