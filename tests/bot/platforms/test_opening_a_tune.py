"""What happens while a page of the site opens: nothing jumps, nothing is sent too early, nothing is dead."""

import asyncio
import re
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, Route, expect

from bot.platforms.web.adapter import WebAdapter
from bot.platforms.web.previews import Size, size_of
from generator.music.tune import Tune
from generator.render.sheet import png, svg
from tests.bot.platforms.chromium import chromium, needs_chromium, visit
from tests.bot.players import JIG, Copyist, Fiddler, core, memory_store, site_of

KINDS = ("mid", "mp3", "ogg", "png", "svg", "musicxml")
SHIFTS = """new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shift = (window.shift || 0) + entry.value;
}).observe({ type: "layout-shift", buffered: true });"""
PAINTED = "new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))"
WIDER = """[...document.querySelectorAll("body *")].filter((each) =>
    !each.closest(".visually-hidden, pre, svg") && each.getBoundingClientRect().right > innerWidth + 0.5)
    .map((each) => each.outerHTML.slice(0, 80))"""
LONG = (
    "/abc X:1\nT:" + "Donaudampfschifffahrtsgesellschaftskapitänsmützenpolka" * 2 + "\nM:2/4\nK:C#\nC2E2|G4|]"
)
needs_abcjs = pytest.mark.skipif(
    not Path("node_modules/abcjs").is_dir(), reason="npm has not run: no node_modules/abcjs"
)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def copyist() -> Copyist:
    return Copyist(*KINDS)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site(copyist: Copyist) -> AsyncIterator[WebAdapter]:
    store = await memory_store()
    site = site_of(core(store, Fiddler(), copyist))
    await site.start()
    yield site
    await site.stop()
    await store.close()


async def made(site: WebAdapter, command: str = "/tune key=G temp=0.8 seed=7", base: str = "") -> str:
    async with (
        ClientSession() as web,
        web.post(f"{site.url}{base}/api/chat", json={"text": command}) as response,
    ):
        return str((await response.json())["tune"]["id"])


class Held:
    """Keeps abcjs from a page until it is let go."""

    def __init__(self) -> None:
        self._free = asyncio.Event()

    async def on(self, page: Page) -> None:
        await page.route("**/abcjs*", self._wait)

    async def _wait(self, route: Route) -> None:
        await self._free.wait()
        await route.continue_()

    def let_go(self) -> None:
        self._free.set()


@needs_chromium
@needs_abcjs
@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_the_servers_picture_stands_until_abcjs_comes_and_nothing_moves(
    site: WebAdapter, browser: Browser, width: int
) -> None:
    tune = await made(site)
    tab = await browser.new_context(viewport={"width": width, "height": 800})
    page, abcjs = await tab.new_page(), Held()
    await page.add_init_script(SHIFTS)
    await abcjs.on(page)
    await page.goto(f"{site.url}/t/{tune}", wait_until="commit")
    picture = page.locator("#staff img")
    await expect(picture).to_have_js_property("complete", value=True)
    assert await picture.evaluate("(image) => image.naturalWidth > 0 && image.clientHeight > 100")
    abcjs.let_go()
    await expect(page.locator("#staff svg .abcjs-note").first).to_be_visible()
    await expect(picture).to_have_count(0)
    await page.evaluate(PAINTED)
    assert await page.evaluate("window.shift || 0") < 0.05
    await tab.close()


@needs_chromium
@needs_abcjs
@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_lists_and_books_keep_the_place_of_what_abcjs_draws(
    site: WebAdapter, browser: Browser, width: int
) -> None:
    tunes = [await made(site, f"/tune key={key}") for key in ("G", "D", "A", "F")]
    for path, drawn in (
        ("/tunes", ".incipit svg path"),
        (f"/book?tunes={','.join(tunes)}", ".leaf .abcjs-note"),
    ):
        tab = await browser.new_context(viewport={"width": width, "height": 800})
        page, abcjs = await tab.new_page(), Held()
        await page.add_init_script(SHIFTS)
        await abcjs.on(page)
        await page.goto(site.url + path, wait_until="commit")
        await expect(page.get_by_role("contentinfo")).to_be_attached()
        abcjs.let_go()
        await expect(page.locator(drawn).first).to_be_visible()
        await page.evaluate(PAINTED)
        assert await page.evaluate("window.shift || 0") < 0.05
        await tab.close()


@needs_chromium
@needs_abcjs
async def test_opening_a_page_makes_and_sends_no_sound(
    site: WebAdapter, browser: Browser, copyist: Copyist
) -> None:
    tune = await made(site)
    async with visit(browser, site.url, "/tunes") as seen:
        asked: list[str] = []
        seen.page.on("request", lambda request: asked.append(request.url))
        copyist.made.clear()
        await seen.page.goto(f"{site.url}/t/{tune}", wait_until="networkidle")
        await expect(seen.page.locator("#staff svg .abcjs-note").first).to_be_visible()
        assert [url for url in asked if url.endswith((".mp3", ".ogg"))] == []
        assert {suffix for suffix, _ in copyist.made} <= {"svg"}
        async with seen.page.expect_request("**/*.mp3"):
            await seen.page.get_by_role("button", name="Play").click()


@needs_chromium
async def test_without_scripts_there_is_a_player_and_nothing_dead(site: WebAdapter, browser: Browser) -> None:
    tune = await made(site)
    plain = {"java_script_enabled": False}
    async with visit(browser, site.url, f"/t/{tune}", **plain) as seen:
        page = seen.page
        await expect(page.locator("audio.native")).to_be_visible()
        await expect(page.locator("audio.native source").first).to_have_attribute("src", f"/t/{tune}.mp3")
        await expect(page.locator("#staff img")).to_be_visible()
        for dead in ("button:visible", "input:visible", "select:visible"):
            await expect(page.locator(dead)).to_have_count(0)
        await expect(page.get_by_role("link", name="MIDI")).to_be_visible()
    async with visit(browser, site.url, "/", **plain) as seen:
        for dead in ("button:visible", "input:visible", "textarea:visible"):
            await expect(seen.page.locator(dead)).to_have_count(0)
        await seen.page.get_by_role("link", name="recent tunes").first.click()
        await expect(seen.page.locator(".tunes a").first).to_be_visible()


@needs_chromium
async def test_the_clock_is_silent_and_the_tempo_is_said_in_beats(site: WebAdapter, browser: Browser) -> None:
    tune = await made(site)
    async with visit(browser, site.url, f"/t/{tune}") as seen:
        live = seen.page.locator(".player :is(output, [aria-live], [role=status], [role=timer])")
        await expect(live).to_have_count(0)
        tempo = seen.page.get_by_label("Tempo")
        await expect(tempo).to_have_attribute("aria-valuetext", "112 beats a minute")
        await tempo.fill("150")
        await expect(tempo).to_have_attribute("aria-valuetext", "168 beats a minute")


@needs_chromium
@needs_abcjs
@pytest.mark.parametrize("width", [320, 360])
async def test_no_page_is_wider_than_a_small_phone(site: WebAdapter, browser: Browser, width: int) -> None:
    tune, long = await made(site), await made(site, LONG)
    lists = ("/tunes", "/top", "/mine", f"/book?tunes={tune},{long}", "/privacy", "/terms")
    for path in ("/", *lists, f"/t/{tune}", f"/t/{long}", "/nowhere"):
        viewport = {"width": width, "height": 640}
        async with visit(browser, site.url, path, viewport=viewport) as seen:
            if path.startswith("/t/"):
                await seen.page.wait_for_selector("#staff svg .abcjs-note")
            assert await seen.page.evaluate("document.documentElement.scrollWidth") <= width
            assert await seen.page.evaluate(WIDER) == []
            seen.complaints[:] = [text for text in seen.complaints if "404" not in text]


async def test_a_page_says_what_it_is(site: WebAdapter) -> None:
    tune = await made(site)
    address = f"{site.url}/t/{tune}"
    async with ClientSession() as web:
        async with web.get(address + "?key=A") as response:
            page = await response.text()
        assert f'<link rel="canonical" href="{address}">' in page
        found = re.search(r'<meta name="description" content="([^"]*)">', page)
        assert found
        for fact in ("The Kettle on the Hob", "jig", "G major", "6/8"):
            assert fact in found[1]
        assert '<meta property="og:image:width" content="9">' in page
        assert '<meta property="og:image:height" content="9">' in page
        async with web.get(f"{site.url}/oembed?url={address}") as response:
            embed = await response.json()
        assert embed["thumbnail_url"] == f"{address}.png"
        assert (embed["thumbnail_width"], embed["thumbnail_height"]) == (9, 9)
        async with web.get(f"{site.url}/favicon.ico") as response:
            assert response.content_type == "image/svg+xml"
            assert b"<svg" in await response.read()


async def test_a_page_does_not_wait_for_a_picture_that_does_not_come() -> None:
    store, copyist = await memory_store(), Copyist(*KINDS)
    copyist.slow = {"svg"}
    site = site_of(core(store, Fiddler(), copyist))
    await site.start()
    tune = await made(site)
    async with ClientSession() as web:
        async with web.get(f"{site.url}/t/{tune}") as response:
            assert "og:image:width" not in await response.text()
        async with web.get(f"{site.url}/oembed?url={site.url}/t/{tune}") as response:
            assert "thumbnail_url" not in await response.json()
    await site.stop()
    await store.close()


@pytest.mark.parametrize("abc", [JIG, JIG.replace("The Kettle on the Hob", "Lid"), JIG + "|:g2f edc:|\n" * 9])
async def test_the_size_that_is_said_is_that_of_the_picture(abc: str) -> None:
    tune = Tune.read(abc)
    assert size_of(svg(tune).encode()) == Size(*struct.unpack(">II", png(tune)[16:24]))


async def _round(page: Page, home: str) -> None:
    """Like a tune on its page, and go through the lists."""
    await page.get_by_role("button", name="Like", exact=True).click()
    await expect(page.get_by_role("button", name="Like, 1 so far")).to_be_visible()
    await page.get_by_role("link", name="My tunes").click()
    await page.wait_for_url(f"{home}/mine")
    await expect(page.locator(".tunes li")).to_have_count(2)
    await page.get_by_role("link", name="These as a book").click()
    await page.wait_for_selector(".leaf svg .abcjs-note")
    await page.get_by_role("link", name="Top").click()
    await page.get_by_role("link", name="This week").click()
    await expect(page.locator(".tunes li")).to_have_count(1)
    await page.get_by_role("link", name="Privacy").click()
    await page.get_by_role("link", name="Terms").click()


@needs_chromium
@needs_abcjs
@pytest.mark.parametrize("stripped", [True, False], ids=["the proxy takes the path away", "it leaves it"])
async def test_the_site_works_under_a_path(browser: Browser, *, stripped: bool) -> None:
    store, public = await memory_store(), "https://example.org/folk"
    bot = core(store, Fiddler(), Copyist(*KINDS), public_url=public)
    site = site_of(bot, public_url=public)
    await site.start()
    home = f"{site.url}/folk"  # whatever else a page asked for would count as foreign

    async def proxied(route: Route) -> None:
        inside = route.request.url.replace("/folk/", "/", 1)
        answer = await route.fetch(url=inside if stripped else route.request.url)
        await route.fulfill(response=answer)

    async with visit(browser, home, "/") as seen:
        page = seen.page
        await page.route("**/folk/**", proxied)
        await page.goto(f"{home}/")
        await page.get_by_label("Command").fill("/tune")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".paper svg .abcjs-note")
        midi = str(await page.get_by_role("link", name=re.compile("MIDI")).get_attribute("href"))
        assert midi.startswith("/folk/t/")
        await page.get_by_role("navigation").get_by_role("link", name="Tunes", exact=True).click()
        await page.wait_for_url(f"{home}/tunes")
        await page.locator(".tunes a").first.click()
        await page.wait_for_selector("#staff svg .abcjs-note")
        await page.get_by_label("Key", exact=True).select_option(label="A major")
        await expect(page.locator("#abc")).to_contain_text("K:A")
        await page.get_by_role("button", name="Another like this").click()
        await page.wait_for_url(re.compile(rf"{home}/t/\w+$"))
        found = page.locator('link[rel="canonical"]')
        await expect(found).to_have_attribute("href", re.compile(rf"{public}/t/\w+"))
        await _round(page, home)
        await page.locator("a.brand").click()
        await page.wait_for_url(f"{home}/")
    async with ClientSession() as web:
        tune = await made(site, base="/folk")
        async with web.get(f"{site.url}/oembed?url={public}/t/{tune}") as response:
            assert (await response.json())["title"] == "The Kettle on the Hob"
        for path in ("/folk", "/folk/", "/folk/tunes", "/folk/healthz", f"/folk/t/{tune}.abc"):
            async with web.get(site.url + path) as response:
                assert response.status == 200
        async with web.get(f"{site.url}/folk/t/nonesuch") as response:
            assert response.status == 404
            assert "No tune has this address" in await response.text()
    await site.stop()
    await store.close()
