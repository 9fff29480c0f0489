"""Work on a tune on its page: bars that are drawn again, notes that are written, steps back and forth."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, expect

from bot.platforms.web.adapter import WebAdapter
from tests.bot.platforms.chromium import chromium, needs_chromium, visit
from tests.bot.players import JIG, Copyist, Fiddler, core, memory_store, site_of

needs_abcjs = pytest.mark.skipif(
    not Path("node_modules/abcjs").is_dir(), reason="npm has not run: no node_modules/abcjs"
)
pytestmark = pytest.mark.asyncio(loop_scope="module")
AXE = Path("node_modules/axe-core/axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OWN = "X:1\nT:My Own\nM:2/4\nL:1/8\nK:G\nGABc|d2B2|c2A2|G4|]\n"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def fiddler() -> Fiddler:
    return Fiddler()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site(fiddler: Fiddler) -> AsyncIterator[WebAdapter]:
    store = await memory_store()
    public = "https://tunes.example.org/tunesmith"
    bot = core(store, fiddler, Copyist("mid", "mp3", "png", "svg"), public_url=public)
    site = site_of(bot, public_url=public)
    await site.start()
    yield site
    await site.stop()
    await store.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page_of(site: WebAdapter) -> str:
    """The address of a tune's page, under the path of the site."""
    async with (
        ClientSession() as web,
        web.post(f"{site.url}/tunesmith/api/chat", json={"text": "/tune key=G seed=7"}) as response,
    ):
        return f"/tunesmith/t/{(await response.json())['tune']['id']}"


def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


async def _until(page: Page, expression: str) -> None:
    """Wait until an expression is true on the page; its policy forbids Playwright's own way."""
    async with asyncio.timeout(20):
        while not await page.evaluate(expression):
            await page.wait_for_timeout(50)


async def _another_page(page: Page, before: str) -> None:
    await page.wait_for_url(lambda url: "/t/" in url and before not in url)
    await page.wait_for_selector(".bars [role=option]", state="attached")


async def test_a_form_without_scripts_draws_bars_again(
    site: WebAdapter, page_of: str, fiddler: Fiddler
) -> None:
    async with ClientSession(headers={"Origin": site.url}) as web:
        where = f"{site.url}{page_of}/redraw"
        async with web.post(where, data={"bars": "5-8"}, allow_redirects=False) as response:
            assert response.status == 303
            link = response.headers["Location"]
        assert link.startswith("/tunesmith/t/")
        assert fiddler.asked[-1][0].hold.startswith("!5-8\n")
        async with web.get(site.url + link) as response:
            page = await response.text()
        assert f'href="{page_of}"' in page  # the tune before
        assert '<details class="compose" id="compose" ' in page
        assert ' value="5-8"' in page
        async with web.post(where, data={"bars": "soon"}) as response:
            assert response.status == 400
            assert "say something like 5-8" in await response.text()
        async with web.post(where, data={"bars": " "}) as response:
            assert response.status == 400
        async with web.post(where, data={"bars": "soon"}, headers={"Accept": "application/json"}) as response:
            assert "say something like 5-8" in (await response.json())["error"]


async def test_a_form_without_scripts_keeps_what_is_written(site: WebAdapter, page_of: str) -> None:
    async with ClientSession(headers={"Origin": site.url}) as web:
        where = f"{site.url}{page_of}/keep"
        async with web.post(where, data={"abc": OWN.replace("\n", "\r\n")}) as response:
            assert response.status == 200
            assert response.url.path.startswith("/tunesmith/t/")
            assert "<h1>My Own</h1>" in await response.text()
        async with web.post(where, data={"abc": "X:1\nK:G\n"}) as response:
            assert response.status == 400


async def test_no_other_site_can_send_the_forms(site: WebAdapter, page_of: str) -> None:
    async with ClientSession() as web:
        for origin in ("https://elsewhere.example", "null"):
            async with web.post(
                f"{site.url}{page_of}/redraw", data={"bars": "5-8"}, headers={"Origin": origin}
            ) as response:
                assert response.status == 400
        async with web.post(f"{site.url}{page_of}/redraw", json={"bars": "5-8"}) as response:
            assert response.status == 415
        async with web.post(f"{site.url}{page_of}/keep", data={"bars": "5-8"}) as response:
            assert response.status == 400


@needs_chromium
@needs_abcjs
async def test_bars_are_chosen_with_the_mouse_drawn_again_and_taken_back(
    site: WebAdapter, page_of: str, browser: Browser, fiddler: Fiddler
) -> None:
    async with visit(
        browser, site.url, f"{page_of}?compose", viewport={"width": 1100, "height": 900}
    ) as seen:
        page = seen.page
        bar = page.locator(".bars [role=option]")
        await expect(bar).to_have_count(16)
        for number, keys in ((5, []), (8, ["Shift"])):
            box = await bar.nth(number - 1).bounding_box()
            assert box
            await page.keyboard.down("Shift") if keys else None
            await page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            await page.keyboard.up("Shift") if keys else None
        await expect(page.get_by_label("Bars to draw again").last).to_have_value("5-8")
        await expect(page.locator("#said")).to_have_text("Chosen: bars 5-8")
        await expect(page.locator(".bars [aria-selected=true]")).to_have_count(4)
        assert await page.evaluate("document.getElementById('audio').paused")
        await page.get_by_role("button", name="Draw these again").click()
        await _another_page(page, page_of)
        drawn = page.url
        await expect(page.locator("#chosen")).to_have_value("5-8")  # to be drawn once more
        await expect(page.locator(".bars [aria-selected=true]")).to_have_count(4)
        assert fiddler.asked[-1][0].hold.startswith("!5-8\n")
        await page.get_by_role("button", name="Undo").click()
        await _another_page(page, drawn)
        assert page_of in page.url
        await expect(page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
        await page.keyboard.press("Control+Shift+z")
        await page.wait_for_url(lambda url: url.split("?")[0] == drawn.split("?")[0])
        await page.wait_for_selector(".bars [role=option]", state="attached")
        await page.go_back()
        await page.wait_for_url(lambda url: page_of in url)


@needs_chromium
@needs_abcjs
async def test_bars_are_chosen_with_the_keys(site: WebAdapter, page_of: str, browser: Browser) -> None:
    async with visit(browser, site.url, page_of, viewport={"width": 320, "height": 700}) as seen:
        page = seen.page
        bars = page.get_by_role("listbox", name="Bars to draw again")
        await expect(bars.get_by_role("option")).to_have_count(16)
        await bars.focus()
        for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
            await page.keyboard.press(key)
        await expect(page.locator("#chosen")).to_have_value("2-4")
        await expect(bars).to_have_attribute("aria-activedescendant", "bar-3")
        await expect(bars.get_by_role("option", name="Bar 4")).to_have_attribute("aria-selected", "true")
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("#chosen")).to_have_value("6")
        await page.keyboard.press("Escape")
        await expect(page.locator("#chosen")).to_have_value("")
        await page.locator("#chosen").fill("1-2, 9")
        await expect(bars.locator("[aria-selected=true]")).to_have_count(3)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320


@needs_chromium
@needs_abcjs
async def test_a_sentence_says_why_bars_cannot_be_drawn(
    site: WebAdapter, page_of: str, browser: Browser
) -> None:
    async with visit(browser, site.url, f"{page_of}?compose") as seen:
        await seen.page.locator("#chosen").fill("soon")
        await seen.page.keyboard.press("Enter")
        await expect(seen.page.locator("#trouble")).to_contain_text("say something like 5-8")
        seen.complaints.clear()  # the browser's own line on the 400


@needs_chromium
@needs_abcjs
async def test_what_is_written_is_drawn_played_and_kept(
    site: WebAdapter, page_of: str, browser: Browser
) -> None:
    async with visit(browser, site.url, f"{page_of}?compose") as seen:
        page = seen.page
        text = page.get_by_label("Write the notes yourself, in ABC")
        await expect(text).to_have_value(JIG)
        await text.fill(OWN)
        await expect(page.locator("#draft svg .abcjs-note")).to_have_count(9)
        await page.get_by_role("button", name="Hear your notes").click()
        await expect(page.locator("#hear")).to_have_attribute("aria-pressed", "true")
        await page.get_by_role("button", name="Hear your notes").click()
        await expect(page.locator("#hear")).to_have_attribute("aria-pressed", "false")
        await text.fill(OWN.replace("c2A2", "c2?A2"))
        await expect(page.locator("#faults button").first).to_contain_text("Line 6: I can't read “?” here.")
        await page.locator("#faults button").first.click()
        chosen = "document.getElementById('text')"
        assert (
            await page.evaluate(f"{chosen}.value.slice({chosen}.selectionStart, {chosen}.selectionEnd)")
            == "?"
        )
        await text.fill("X:1\nK:G\n")
        await expect(page.locator("#faults")).to_contain_text("There are no notes yet")
        await text.fill(OWN)
        await page.get_by_role("button", name="Keep this").click()
        await _another_page(page, page_of)
        await expect(page.get_by_role("heading", level=1)).to_have_text("My Own")
        await expect(page.locator("#abc")).to_contain_text("GA Bc|d2 B2|c2 A2|G4|]")


@needs_chromium
@needs_abcjs
async def test_each_step_of_writing_has_its_link_and_is_taken_back(
    site: WebAdapter, page_of: str, browser: Browser
) -> None:
    async with visit(browser, site.url, f"{page_of}?compose") as seen:
        page = seen.page
        text = page.locator("#text")
        await text.fill(OWN)
        await _until(page, "location.hash.startsWith('#abc=')")
        link = page.url
        await text.fill(OWN.replace("G4", "g4"))
        await _until(page, f"location.href !== {link!r}")
        await text.focus()
        await page.keyboard.press("Control+z")
        await expect(text).to_have_value(OWN)
        await page.get_by_role("button", name="Undo").click()
        await expect(text).to_have_value(JIG)
        await expect(page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
        await page.get_by_role("button", name="Redo").click()
        await page.get_by_role("button", name="Redo").click()
        await expect(text).to_have_value(OWN.replace("G4", "g4"))
        await page.go_back()
        await expect(text).to_have_value(OWN)
    async with visit(browser, site.url, f"{page_of}#abc={quote(OWN)}") as seen:
        await expect(seen.page.locator("#text")).to_have_value(OWN)
        await expect(seen.page.locator("#draft svg .abcjs-note")).to_have_count(9)
        await seen.page.keyboard.press("Control+z")
        await expect(seen.page.locator("#text")).to_have_value(JIG)


@needs_chromium
@needs_abcjs
@pytest.mark.skipif(not AXE.is_file(), reason="npm has not run: no node_modules/axe-core")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_breaks_no_rule_and_nothing_moves(
    site: WebAdapter, page_of: str, browser: Browser, scheme: str
) -> None:
    where, small = f"{page_of}?compose", {"width": 320, "height": 800}
    async with visit(browser, site.url, where, color_scheme=scheme, viewport=small) as seen:
        page = seen.page
        await expect(page.locator(".bars [role=option]")).to_have_count(16)
        await page.evaluate(
            """() => new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) window.shift = (window.shift || 0) + entry.value;
            }).observe({ type: "layout-shift", buffered: true })"""
        )
        await page.locator(".bars").focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.locator("#chosen")).to_have_value("1")
        assert await page.evaluate("window.shift || 0") < 0.01
        await page.locator("#text").fill(OWN.replace("c2A2", "c2?A2"))
        await expect(page.locator("#faults button")).to_have_count(1)
        await page.evaluate(_axe())
        found = await page.evaluate(f"axe.run({{runOnly: {RULES}}})")
        assert [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in found["violations"]] == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320


@needs_chromium
async def test_without_scripts_the_forms_stand_there(
    site: WebAdapter, page_of: str, browser: Browser
) -> None:
    async with visit(browser, site.url, page_of, java_script_enabled=False) as seen:
        page = seen.page
        await page.get_by_text("Change this tune").click()
        await expect(page.get_by_role("button", name="Undo")).to_be_hidden()
        await page.locator("#chosen").fill("B")
        await page.get_by_role("button", name="Draw these again").click()
        await page.wait_for_url(lambda url: "/t/" in url and page_of not in url)
        await page.locator("#text").fill(OWN)
        await page.get_by_role("button", name="Keep this").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("My Own")
