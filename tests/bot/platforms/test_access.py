"""The pages can be used by everybody: axe-core's rules for WCAG 2.2 A and AA, by day and by night."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser

from bot.platforms.web.adapter import WebAdapter
from tests.bot.platforms.chromium import chromium, needs_chromium, visit
from tests.bot.players import Copyist, Fiddler, core, memory_store, site_of

AXE = Path("node_modules/axe-core/axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
pytestmark = [
    needs_chromium,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not AXE.is_file(), reason="npm has not run: no node_modules/axe-core"),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site() -> AsyncIterator[WebAdapter]:
    store = await memory_store()
    invites = {"Add to Discord": "https://discord.com/x", "Open in Telegram": "https://t.me/x"}
    bot = core(store, Fiddler(), Copyist("mid", "mp3", "ogg", "png", "svg", "musicxml"))
    site = site_of(bot, invites=invites)
    await site.start()
    yield site
    await site.stop()
    await store.close()


def _script() -> str:
    return AXE.read_text(encoding="utf-8")


async def _faults(page: Any) -> list[str]:
    await page.evaluate(_script())
    found = await page.evaluate(f"axe.run({{runOnly: {RULES}}})")
    return [
        f"{fault['impact']}: {fault['id']}: {fault['help']} ({node['html'][:120]})"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tunes",
        "/tunes?key=H7",
        "/top",
        "/mine",
        "/book?tunes={tune}",
        "/t/{tune}",
        "/privacy",
        "/terms",
        "talking",
    ],
)
async def test_a_page_breaks_no_rule(site: WebAdapter, browser: Browser, path: str, scheme: str) -> None:
    async with ClientSession(site.url, headers={"Origin": site.url}) as web:
        async with web.post("/api/chat", json={"text": "/tune"}) as response:
            tune = (await response.json())["tune"]["id"]
        await web.post("/api/like", json={"tune": tune, "liked": True})
    where = "/" if path == "talking" else path.format(tune=tune)
    async with visit(browser, site.url, where, color_scheme=scheme) as seen:
        if path == "talking":
            await seen.page.get_by_label("Command").fill("/tune")
            await seen.page.keyboard.press("Enter")
            await seen.page.wait_for_selector(".with-tune svg .abcjs-note")
            await seen.page.get_by_text("Choose key, type and more").click()
            await seen.page.get_by_text("More wishes").click()
        assert await _faults(seen.page) == []
