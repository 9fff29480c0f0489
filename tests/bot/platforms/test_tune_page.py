"""The page of a tune, its files, and what a pasted link unfolds to."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, expect

from bot.platforms.web.adapter import WebAdapter
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from generator.render.part_times import timeline
from generator.render.practice import Practice
from tests.bot.platforms.chromium import chromium, needs_chromium, visit
from tests.bot.players import BARS, JIG, Copyist, Fiddler, core, memory_store, site_of

needs_abcjs = pytest.mark.skipif(
    not Path("node_modules/abcjs").is_dir(), reason="npm has not run: no node_modules/abcjs"
)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site() -> AsyncIterator[WebAdapter]:
    store = await memory_store()
    bot = core(store, Fiddler(), Copyist("mid", "mp3", "ogg", "png", "svg", "musicxml"))
    site = site_of(bot)
    await site.start()
    yield site
    await site.stop()
    await store.close()


@pytest_asyncio.fixture(loop_scope="module")
async def web(site: WebAdapter) -> AsyncIterator[ClientSession]:
    async with ClientSession(site.url) as session:
        yield session


async def _made(web: ClientSession, command: str = "/tune key=G temp=0.8 seed=7") -> str:
    async with web.post("/api/chat", json={"text": command}) as response:
        return str((await response.json())["tune"]["id"])


async def test_a_pasted_link_unfolds_with_picture_and_sound(site: WebAdapter, web: ClientSession) -> None:
    tune = await _made(web)
    async with web.get(f"/t/{tune}") as response:
        page = await response.text()
    properties = dict(re.findall(r'<meta property="([^"]+)" content="([^"]*)">', page))
    address = f"{site.url}/t/{tune}"
    assert properties["og:title"] == "The Kettle on the Hob"
    assert properties["og:description"] == "jig · G major · 6/8"
    assert properties["og:url"] == address
    assert properties["og:image"] == f"{address}.png"
    assert properties["og:audio"] == f"{address}.mp3"
    found = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)
    assert found is not None
    async with web.get(found[1].replace("&amp;", "&")) as response:
        embed = await response.json()
    assert (embed["version"], embed["type"]) == ("1.0", "link")
    assert (embed["title"], embed["provider_name"]) == ("The Kettle on the Hob", "Tunesmith")
    assert embed["author_url"] == address


@pytest.mark.parametrize("url", ["", "https://elsewhere.example/x", "/t/nonesuch", "http://[", "/t/a/b"])
async def test_a_foreign_link_does_not_unfold(web: ClientSession, url: str) -> None:
    async with web.get(f"/oembed?url={quote(url, safe='')}") as response:
        assert response.status == 404


async def test_links_unfold_under_the_public_address() -> None:
    store = await memory_store()
    public = "https://tunes.example.org"
    site = site_of(core(store, Fiddler(), public_url=public), public_url=public)
    await site.start()
    async with ClientSession(site.url) as web:
        tune = await _made(web)
        async with web.get(f"/t/{tune}") as response:
            page = await response.text()
    assert f'content="https://tunes.example.org/t/{tune}"' in page
    assert "og:audio" not in page
    assert "no soundfont" in page
    await site.stop()
    await store.close()


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("abc", "text/vnd.abc"),
        ("mid", "audio/midi"),
        ("mp3", "audio/mpeg"),
        ("ogg", "audio/ogg"),
        ("png", "image/png"),
        ("svg", "image/svg+xml"),
        ("musicxml", "application/vnd.recordare.musicxml+xml"),
    ],
)
async def test_every_file_has_its_type_and_may_be_kept(
    web: ClientSession, suffix: str, media_type: str
) -> None:
    tune = await _made(web)
    async with web.get(f"/t/{tune}.{suffix}") as response:
        assert response.status == 200
        assert response.content_type == media_type
        assert "max-age" in response.headers["Cache-Control"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert f"the-kettle-on-the-hob.{suffix}" in response.headers["Content-Disposition"]
        assert await response.read()


async def test_a_player_may_fetch_a_stretch_of_the_sound(web: ClientSession) -> None:
    tune = await _made(web)
    async with web.get(f"/t/{tune}.mp3") as response:
        whole = await response.read()
    async with web.get(f"/t/{tune}.mp3", headers={"Range": "bytes=100-199"}) as response:
        assert response.status == 206
        assert await response.read() == whole[100:200]
        assert response.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    async with web.get(f"/t/{tune}.mp3", headers={"Range": "bytes=-10"}) as response:
        assert await response.read() == whole[-10:]
    async with web.get(f"/t/{tune}.mp3", headers={"Range": f"bytes={len(whole)}-"}) as response:
        assert response.status == 416
    async with web.get(f"/t/{tune}.mp3", headers={"Range": "bars=1-2"}) as response:
        assert response.status == 200


async def test_files_come_in_another_key_of_the_same_mode(web: ClientSession) -> None:
    tune = await _made(web)
    async with web.get(f"/t/{tune}.abc?key=Bb") as response:
        assert Tune.read(await response.text()) == Tune.read(JIG).transposed(Key("Bb")).fitted()
        assert "in-bb.abc" in response.headers["Content-Disposition"]
    async with web.get(f"/t/{tune}.abc?key=Am") as response:
        assert response.status == 400
        assert "choose another major key" in await response.text()
    async with web.get(f"/t/{tune}.abc?key=Q") as response:
        assert response.status == 400


async def test_sound_comes_slower_counted_in_and_faster_each_time(web: ClientSession) -> None:
    tune = await _made(web)
    plain, asked = midi_bytes(Tune.read(JIG)), "tempo=80&to=96&step=8&count=1&metronome=1"
    async with web.get(f"/t/{tune}.mid?{asked}") as response:
        assert await response.read() == midi_bytes(
            Tune.read(JIG), practice=Practice(80, 96, 8, 1, metronome=True)
        )
        tag = response.headers["ETag"]
    async with web.get(f"/t/{tune}.mid") as response:
        assert await response.read() == plain
        assert response.headers["ETag"] != tag
    async with web.get(f"/t/{tune}.mid?tempo=1000") as response:
        assert response.status == 400
        assert "a whole number from 30 to 300" in await response.text()


async def test_a_part_is_for_who_reads_and_the_sound_stays(web: ClientSession) -> None:
    tune = await _made(web)
    async with web.get(f"/t/{tune}.abc?part=Bb&key=C") as response:
        assert Tune.read(await response.text()).key == Key("D")
        assert "in-c-for-bb.abc" in response.headers["Content-Disposition"]
    async with web.get(f"/t/{tune}.png?part=Eb") as response:
        assert await response.text() == "png of G for Eb"
    async with web.get(f"/t/{tune}.mid?part=Eb") as response:
        assert await response.read() == midi_bytes(Tune.read(JIG))
        assert "for-eb" not in response.headers["Content-Disposition"]
    async with web.get(f"/t/{tune}.png?part=F") as response:
        assert response.status == 400
        assert "choose C, Bb or Eb" in await response.text()


async def test_recent_tunes_are_those_composed_on_the_site(web: ClientSession) -> None:
    composed = await _made(web)
    pasted = await _made(web, "/abc X:1\nT:Not for all to see\nK:G\nG2|]")
    async with web.get("/tunes") as response:
        page = await response.text()
    assert f'href="/t/{composed}"' in page
    assert pasted not in page


async def _until(page: Page, expression: str) -> None:
    """Wait until an expression is true on the page; its policy forbids Playwright's own way."""
    async with asyncio.timeout(20):
        while not await page.evaluate(expression):
            await page.wait_for_timeout(50)


async def _bars(page: Page) -> int:
    return await page.evaluate(
        """() => new Set([...document.querySelectorAll("#staff svg .abcjs-note")].map((note) =>
            [...note.classList].filter((name) => /^abcjs-(l|m)\\d+$/.test(name)).join(" "))).size"""
    )  # type: ignore[no-any-return]


@needs_chromium
@needs_abcjs
async def test_the_tune_is_engraved_with_all_its_bars(
    site: WebAdapter, web: ClientSession, browser: Browser
) -> None:
    tune = await _made(web)
    for width, height in ((390, 844), (1280, 800)):
        viewport = {"width": width, "height": height}
        async with visit(browser, site.url, f"/t/{tune}", viewport=viewport) as seen:
            await seen.page.wait_for_selector("#staff svg .abcjs-note")
            assert await _bars(seen.page) == BARS
            assert await seen.page.evaluate("document.documentElement.scrollWidth") <= width


@needs_chromium
@needs_abcjs
async def test_it_plays_and_the_cursor_moves(site: WebAdapter, web: ClientSession, browser: Browser) -> None:
    tune = await _made(web)
    async with visit(browser, site.url, f"/t/{tune}") as seen:
        page = seen.page
        await page.get_by_role("button", name="Play").click()
        await _until(page, "document.getElementById('audio').currentTime > 0.3")
        await expect(page.locator(".cursor")).to_have_attribute("visibility", "visible")
        first = await page.locator(".cursor").get_attribute("x1")
        await _until(page, f"document.querySelector('.cursor').getAttribute('x1') !== '{first}'")
        await expect(page.locator(".now").first).to_be_visible()
        await page.get_by_role("button", name="Pause").click()
        assert await page.evaluate("document.getElementById('audio').paused")


@needs_chromium
@needs_abcjs
async def test_a_part_is_repeated_and_the_tempo_changed(
    site: WebAdapter, web: ClientSession, browser: Browser
) -> None:
    tune = await _made(web)
    time = timeline(Tune.read(JIG))
    async with visit(browser, site.url, f"/t/{tune}") as seen:
        page = seen.page
        await page.get_by_label("Repeat").select_option(label="Part B")
        await page.get_by_label("Tempo").fill("150")
        await expect(page.locator("#bpm")).to_have_text("168")
        await page.get_by_role("button", name="Play").click()
        begin, end = time.parts[1].start, time.parts[1].end
        where = "document.getElementById('audio').currentTime"
        await _until(page, f"{where} > {begin}")
        assert await page.evaluate("document.getElementById('audio').playbackRate") == 1.5
        await page.evaluate(f"{where} = {end - 0.2}")
        await _until(page, f"{where} >= {begin} && {where} < {begin + 3}")


@needs_chromium
@needs_abcjs
async def test_it_is_shown_and_downloaded_in_another_key(
    site: WebAdapter, web: ClientSession, browser: Browser
) -> None:
    tune = await _made(web)
    async with visit(browser, site.url, f"/t/{tune}") as seen:
        page = seen.page
        await page.wait_for_selector("#staff svg .abcjs-note")
        await page.get_by_label("Key", exact=True).select_option(label="A major")
        await expect(page.locator("#abc")).to_contain_text("K:A")
        await expect(page.locator("#staff svg .abcjs-key-signature path")).to_have_count(3 * 8)
        async with page.expect_download() as download:
            await page.get_by_role("link", name="ABC").click()
        file = await download.value
        assert file.suggested_filename == "the-kettle-on-the-hob-in-a.abc"
        assert Tune.read((await file.path()).read_text()).key == Key("A")


@needs_chromium
@needs_abcjs
async def test_a_copied_link_has_the_key_and_the_instrument_that_were_chosen(
    site: WebAdapter, web: ClientSession, browser: Browser
) -> None:
    tune = await _made(web)
    async with visit(browser, site.url, f"/t/{tune}") as seen:
        await seen.page.wait_for_selector("#staff svg .abcjs-note")
        await expect(seen.page.locator(".facts")).to_contain_text("G major")
        await seen.page.get_by_label("Instrument").select_option("harp")
        await seen.page.get_by_label("Key", exact=True).select_option(label="A major")
        await expect(seen.page.locator(".facts")).to_contain_text("A major")
        link = seen.page.url.removeprefix(site.url)
    assert link == f"/t/{tune}?key=A&instrument=harp"
    async with visit(browser, site.url, link) as seen:
        await expect(seen.page.locator("#abc")).to_contain_text("K:A")
        await expect(seen.page.locator(".facts")).to_contain_text("A major")
        await expect(seen.page.get_by_label("Instrument")).to_have_value("harp")
        await expect(seen.page.locator("#audio source").first).to_have_attribute(
            "src", f"/t/{tune}.mp3?key=A&instrument=harp"
        )
    async with visit(browser, site.url, f"/t/{tune}?key=Q&instrument=kazoo") as seen:
        await expect(seen.page.get_by_label("Key", exact=True)).to_have_value("G")
        await expect(seen.page.get_by_label("Instrument")).to_have_value("fiddle")


@needs_chromium
@needs_abcjs
async def test_another_like_it_opens_its_own_page(
    site: WebAdapter, web: ClientSession, browser: Browser
) -> None:
    tune = await _made(web)
    async with visit(browser, site.url, f"/t/{tune}") as seen:
        await seen.page.get_by_role("button", name="Another like this").click()
        await seen.page.wait_for_url(lambda url: "/t/" in url and not url.endswith(tune))
        await seen.page.wait_for_selector("#staff svg .abcjs-note")


@needs_chromium
@needs_abcjs
async def test_the_list_of_recent_tunes_shows_how_they_begin(
    site: WebAdapter, web: ClientSession, browser: Browser
) -> None:
    await _made(web)
    async with visit(browser, site.url, "/tunes") as seen:
        await seen.page.wait_for_selector(".incipit svg path")
        await seen.page.get_by_role("link", name="The Kettle on the Hob").first.click()
        await seen.page.wait_for_url("**/t/*")


@needs_chromium
async def test_where_abcjs_cannot_be_had_the_servers_drawing_stands_in(
    site: WebAdapter, web: ClientSession, browser: Browser
) -> None:
    tune = await _made(web)
    page = await browser.new_page()
    await page.route("**/*abcjs*", lambda route: route.abort())
    await page.goto(f"{site.url}/t/{tune}")
    await expect(page.locator("#staff img")).to_have_attribute("src", f"/t/{tune}.svg")
    await page.close()
