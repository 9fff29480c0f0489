"""A browser knows again what was said in a tab and what it made; nobody gets more turns by it."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar
from playwright.async_api import Browser, expect

from bot.platforms.web.adapter import WebAdapter
from bot.platforms.web.papers import as_html
from bot.store import Store
from tests.bot.platforms.chromium import chromium, needs_chromium, visit
from tests.bot.players import Fiddler, core, memory_store, site_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
INVITES = {"Add to my server": "https://discord.com/x", "Add to my group": "https://t.me/x?startgroup=1"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def store() -> AsyncIterator[Store]:
    store = await memory_store()
    yield store
    await store.close()


@pytest_asyncio.fixture(loop_scope="module")
async def site(store: Store) -> AsyncIterator[WebAdapter]:
    bot = core(store, Fiddler())
    bot.invites.update(INVITES)
    site = site_of(bot, invites={"Add to Discord": "https://discord.com/x"})
    await site.start()
    yield site
    await site.stop()


@needs_chromium
async def test_the_chat_is_there_again_after_a_reload(site: WebAdapter, browser: Browser) -> None:
    async with visit(browser, site.url) as seen:
        page = seen.page
        for command in ("/tune key=G", "/tnue"):
            await page.get_by_label("Command").fill(command)
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("button", name="Send")).to_be_enabled()
        await page.reload()
        await expect(page.get_by_role("heading", name="The Kettle on the Hob")).to_be_visible()
        await expect(page.locator(".paper svg .abcjs-note").first).to_be_visible()
        await expect(page.locator(".sorry")).to_contain_text("did you mean /tune?")
        await expect(page.locator(".from-you")).to_have_text(["/tune key=G", "/tnue"])
        await page.get_by_label("Command").press("ArrowUp")
        await expect(page.get_by_label("Command")).to_have_value("/tnue")
        await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
        seen.complaints[:] = [text for text in seen.complaints if "400 (Bad Request)" not in text]
    async with visit(browser, site.url) as other:
        await expect(other.page.locator(".from-you")).to_have_count(0)


@needs_chromium
async def test_a_browser_gets_a_cookie_when_it_makes_something(
    site: WebAdapter, store: Store, browser: Browser
) -> None:
    async with visit(browser, site.url) as seen:
        assert await seen.page.context.cookies() == []
        await seen.page.get_by_label("Command").fill("/tune")
        await seen.page.keyboard.press("Enter")
        await expect(seen.page.locator(".with-tune")).to_have_count(1)
        (cookie,) = await seen.page.context.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        (first,) = await store.recent("web", 1)
        await seen.page.get_by_label("Command").fill("/tune")
        await seen.page.keyboard.press("Enter")
        await expect(seen.page.locator(".with-tune")).to_have_count(2)
        mine = await store.of_person("web", first.tune.user, 9)
    assert len(mine) == 2
    assert str(cookie["value"]) not in first.tune.user


async def test_more_cookies_give_no_more_turns(store: Store) -> None:
    fiddler = Fiddler()
    site = site_of(core(store, fiddler))
    await site.start()
    jars = (CookieJar(unsafe=True), CookieJar(unsafe=True))
    for jar in jars:
        async with ClientSession(site.url, cookie_jar=jar, headers={"Origin": site.url}) as web:
            await web.post("/api/chat", json={"text": "/tune"})
    one, two = await store.recent("web", 2)
    assert one.tune.user != two.tune.user
    (_, first), (_, second) = fiddler.asked
    assert first == second
    await site.stop()


@pytest.mark.parametrize("cookie", ["", "x", "a" * 33, "../../x"])
async def test_a_cookie_that_is_none_of_ours_counts_for_nothing(
    site: WebAdapter, store: Store, cookie: str
) -> None:
    async with ClientSession(site.url) as web:
        for headers in ({"Cookie": f"visitor={cookie}"}, {}):
            await web.post("/api/chat", json={"text": "/tune"}, headers=headers)
    one, two = await store.recent("web", 2)
    assert one.tune.user == two.tune.user


async def test_every_page_leads_to_the_papers_and_to_where_the_bot_can_be_added(site: WebAdapter) -> None:
    async with ClientSession(site.url) as web:
        for path in ("/", "/tunes", "/privacy", "/terms"):
            async with web.get(path) as response:
                page = await response.text()
                assert response.status == 200
            for label, url in INVITES.items():
                assert re.search(f'href="{re.escape(url)}"[^>]*>{label}<', page)
            assert 'href="/privacy"' in page
            assert 'href="/terms"' in page
        async with web.get("/privacy") as response:
            assert "<h1>Privacy</h1>" in await response.text()
        async with web.get("/terms") as response:
            assert '<a href="privacy">PRIVACY.md</a>' in await response.text()


async def test_a_paper_is_turned_into_html() -> None:
    text = "# A <b>\n\nOne\ntwo `x` **y**.\n\n## C\n\n- [T](TERMS.md)\n- d\n  e\n"
    assert as_html(text) == (
        "<h1>A &lt;b&gt;</h1>\n<p>One two <code>x</code> <strong>y</strong>.</p>\n<h2>C</h2>\n"
        '<ul><li><a href="terms">T</a></li><li>d e</li></ul>'
    )
