"""The chat page in a real browser: type a command, see the tune."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot import texts
from bot.platforms.web.adapter import WebAdapter
from bot.store import Store
from tests.bot.platforms.chromium import chromium, needs_chromium, visit
from tests.bot.players import BARS, Fiddler, core, memory_store, site_of

pytestmark = [
    needs_chromium,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        not Path("node_modules/abcjs").is_dir(), reason="npm has not run: no node_modules/abcjs"
    ),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def site(fiddler: Fiddler) -> AsyncIterator[WebAdapter]:
    store: Store = await memory_store()
    site = site_of(core(store, fiddler))
    await site.start()
    yield site
    await site.stop()
    await store.close()


async def _say(page: Page, command: str) -> None:
    await page.get_by_label("Command").fill(command)
    await page.keyboard.press("Enter")


async def _bars(page: Page) -> int:
    """Bars that abcjs has drawn with notes in them."""
    return await page.evaluate(
        """() => new Set([...document.querySelectorAll(".paper svg .abcjs-note")].map((note) =>
            [...note.classList].filter((name) => /^abcjs-(l|m)\\d+$/.test(name)).join(" "))).size"""
    )  # type: ignore[no-any-return]


async def test_a_typed_command_shows_the_staff_the_facts_and_the_midi(
    site: WebAdapter, browser: Browser
) -> None:
    async with visit(browser, site.url) as seen:
        page = seen.page
        await _say(page, "/tune key=G temp=0.8")
        await expect(page.get_by_role("heading", name="The Kettle on the Hob")).to_be_visible()
        await page.wait_for_selector(".paper svg .abcjs-note")
        assert await _bars(page) == BARS
        await expect(page.locator(".with-tune .facts")).to_contain_text("G major")
        await expect(page.get_by_role("img", name="Sheet music of The Kettle on the Hob")).to_be_visible()
        async with page.expect_download() as download:
            await page.get_by_role("link", name=re.compile("MIDI")).click()
        file = await download.value
        assert file.suggested_filename == "the-kettle-on-the-hob.mid"
        assert (await file.path()).read_bytes().startswith(b"MThd")


async def test_a_changed_tune_links_the_one_that_it_comes_from(site: WebAdapter, browser: Browser) -> None:
    async with visit(browser, site.url) as seen:
        await _say(seen.page, "/tune key=G")
        await expect(seen.page.get_by_role("heading", name="The Kettle on the Hob")).to_be_visible()
        await _say(seen.page, "/transpose D")
        link = seen.page.get_by_role("link", name=texts.comes_from("The Kettle on the Hob"))
        await expect(link).to_be_visible()
        address = await link.get_attribute("href")
        await seen.page.goto(f"{site.url}{address}")
        await expect(seen.page.get_by_role("heading", name="The Kettle on the Hob")).to_be_visible()
        await expect(seen.page.get_by_text("G major").first).to_be_visible()


async def test_all_of_it_works_from_the_keyboard(site: WebAdapter, browser: Browser) -> None:
    async with visit(browser, site.url, is_mobile=True, has_touch=True) as seen:
        page = seen.page
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        chip = page.get_by_role("button", name="Surprise me")
        for _ in range(10):
            await page.keyboard.press("Tab")
            if await chip.evaluate("(chip) => chip === document.activeElement"):
                break
        await page.keyboard.press("Enter")
        another = page.get_by_role("button", name="Another like this")
        await another.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".with-tune")).to_have_count(2)
        await page.get_by_label("Command").press("ArrowUp")
        await expect(page.get_by_label("Command")).to_have_value(re.compile("^/another "))


async def test_a_wrong_command_is_answered_by_a_sentence(site: WebAdapter, browser: Browser) -> None:
    async with visit(browser, site.url) as seen:
        await _say(seen.page, "/tune kye=G")
        await expect(seen.page.get_by_role("log")).to_contain_text("did you mean key?")
        seen.complaints[:] = [text for text in seen.complaints if "400 (Bad Request)" not in text]


async def test_wishes_write_the_command_that_they_stand_for(
    site: WebAdapter, browser: Browser, fiddler: Fiddler
) -> None:
    async with visit(browser, site.url) as seen:
        page = seen.page
        await page.get_by_text("Choose key, type and more").click()
        await page.locator("#option-key").fill("F#m")
        await page.locator("#option-type").select_option("slip jig")
        await page.locator("#option-temp").fill("1.2")
        await page.get_by_text("More wishes").click()
        await page.locator("#option-start").fill("FAc f2e|")
        command = page.get_by_label("Command")
        await expect(command).to_have_value('/tune key=F#m type="slip jig" temp=1.2 start="FAc f2e|"')
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("heading", name="The Kettle on the Hob")).to_be_visible()
    (request, _), *_ = fiddler.asked
    assert request.key is not None
    assert request.type is not None
    assert (request.key.name, request.type.name, request.temp) == ("F# minor", "slip jig", 1.2)
    assert request.start == "FAc f2e|"


async def test_on_a_wide_screen_the_lines_are_as_the_abc_has_them(site: WebAdapter, browser: Browser) -> None:
    async with visit(browser, site.url, viewport={"width": 1280, "height": 800}) as seen:
        await _say(seen.page, "/tune")
        await seen.page.wait_for_selector(".paper svg .abcjs-note")
        wide = await seen.page.locator(".paper svg .abcjs-staff-wrapper").count()
        await seen.page.set_viewport_size({"width": 390, "height": 844})
        await expect(seen.page.locator(".paper svg .abcjs-staff-wrapper")).to_have_count(2 * wide)
        assert await _bars(seen.page) == BARS


async def test_nothing_is_wider_than_a_small_phone(site: WebAdapter, browser: Browser) -> None:
    async with visit(browser, site.url, viewport={"width": 320, "height": 640}) as seen:
        await _say(seen.page, "/tune")
        await seen.page.wait_for_selector(".paper svg .abcjs-note")
        await seen.page.get_by_text("Choose key, type and more").click()
        assert await seen.page.evaluate("document.documentElement.scrollWidth") <= 320
