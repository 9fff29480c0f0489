"""The site speaks the language that a browser asks for, or that was set in the chat."""

import re
from collections.abc import AsyncIterator
from html import unescape

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, expect

from bot.platforms.web.adapter import WebAdapter
from bot.platforms.web.shell import SCRIPTS, TEMPLATES, script_sentences, template_sentences
from bot.translation import ENGLISH, NAMES
from bot.translation.translator import say
from tests.bot.platforms.chromium import chromium, needs_chromium, visit
from tests.bot.players import Copyist, Fiddler, core, memory_store, site_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
OTHERS = [language for language in NAMES if language != ENGLISH]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site() -> AsyncIterator[WebAdapter]:
    store = await memory_store()
    site = site_of(core(store, Fiddler(), Copyist("mid", "mp3", "png", "svg")))
    await site.start()
    yield site
    await site.stop()
    await store.close()


@pytest.mark.parametrize("language", OTHERS)
async def test_every_page_is_in_the_language_of_the_browser(site: WebAdapter, language: str) -> None:
    async with ClientSession(site.url, headers={"Accept-Language": language}) as web:
        async with web.post("/api/chat", json={"text": "/tune"}) as response:
            tune = (await response.json())["tune"]["id"]
        heads = {
            "/": "New folk tunes, made on the spot.",
            "/tunes": "Tunes",
            "/top": "The best liked",
            "/mine": "My tunes",
            f"/book?tunes={tune}": "A book of tunes",
            "/nowhere": "There is nothing here",
            f"/t/{tune}": "Take it with you",
        }
        for path, english in heads.items():
            async with web.get(path) as response:
                page = unescape(await response.text())
            assert f'<html lang="{language}"' in page
            assert say(english, language) in re.findall("<h[12][^>]*>([^<]*)<", page)
            assert "{{" not in page


async def test_nothing_that_pages_say_is_left_out_of_the_catalogs() -> None:
    for path in TEMPLATES.glob("*.html"):
        bare = re.sub(r"\{\{.+?\}\}|<[^>]*?>", " ", path.read_text("utf-8"))
        bare = re.sub(r'(?:aria-label|placeholder|title)="[^"{$]*"', lambda found: found[0], bare)
        assert not re.findall(r"(?<![$\w])[A-Za-z]{4,}", re.sub(r"\$\w+", "", bare)), path.name
        for said in re.findall(r'(?:aria-label|alt)="([^"]+)"', path.read_text("utf-8")):
            assert said.startswith(("{{", "$")), (path.name, said)
    assert "Copied" in script_sentences()
    assert "Copy link" in template_sentences()
    assert (SCRIPTS / "tune.js").is_file()


@needs_chromium
async def test_scripts_say_it_in_the_language_of_the_page(site: WebAdapter, browser: Browser) -> None:
    async with visit(browser, site.url, locale="de-AT") as seen:
        page = seen.page
        await page.get_by_label("Befehl").fill("/tune")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("img", name="Noten von The Kettle on the Hob")).to_be_visible()
        await page.get_by_role("link", name=say("See and hear it", "de")).evaluate(
            "(link) => link.removeAttribute('target')"
        )
        await page.get_by_role("link", name=say("See and hear it", "de")).click()
        await expect(page.get_by_label("Tempo")).to_have_attribute(
            "aria-valuetext", "112 Schläge in der Minute"
        )
        await expect(page.locator("#fact-key")).to_have_text("G-Dur")
        await page.get_by_role("button", name="Gefällt mir", exact=True).click()
        await expect(page.get_by_role("button", name="Gefällt mir, bisher 1")).to_be_visible()
        await page.goto(f"{site.url}/tunes?q=g-dur")
        await expect(page.locator(".tunes li").first).to_contain_text("G-Dur")


@needs_chromium
async def test_a_language_that_was_set_in_the_chat_holds_for_the_pages(
    site: WebAdapter, browser: Browser
) -> None:
    async with visit(browser, site.url, locale="en-GB") as seen:
        page = seen.page
        await page.get_by_label("Command").fill("/settings language=ga")
        await page.keyboard.press("Enter")
        await expect(page.locator(".from-bot")).to_have_count(1)
        await expect(page.get_by_role("button", name="Send")).to_be_enabled()
        await page.goto(f"{site.url}/top")
        await expect(page.locator("html")).to_have_attribute("lang", "ga")
