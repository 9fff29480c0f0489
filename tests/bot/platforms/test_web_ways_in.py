"""Tunes as files on the site: the address that takes them, and the page onto which they are dropped."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession
from playwright.async_api import Page, expect

from bot.platforms.web.adapter import WebAdapter
from bot.store import Store
from bot.texts import CAPTION_LEFT
from generator.music.files.opened import MOST_BYTES, TOO_LARGE
from tests.bot.platforms.chromium import chromium, needs_chromium, visit
from tests.bot.players import Fiddler, core, site_of
from tests.generator.music.files.made import HOSTILE, ONE_VOICE, SCORE, TUNE, packed

BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
async def site(store: Store, fiddler: Fiddler) -> AsyncIterator[WebAdapter]:
    site = site_of(core(store, fiddler))
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
async def browser(site: WebAdapter) -> AsyncIterator[ClientSession]:
    async with ClientSession(site.url) as session:
        yield session


async def sent(
    browser: ClientSession, data: bytes, query: str = "", status: int = 200, **headers: str
) -> dict[str, Any]:
    async with browser.post(f"/api/file?{query}", data=data, headers=BYTES | headers) as response:
        assert response.status == status
        return dict(await response.json())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (TUNE.encode(), "Café Gate"),
        (TUNE.encode("utf-16"), "Café Gate"),
        (ONE_VOICE, "it is read as G major"),
        (SCORE.encode(), "The lyrics are left out."),
        (packed(score_xml=SCORE.encode()), "The Packed Gate"),
    ],
)
async def test_a_file_is_answered_as_its_text_is(browser: ClientSession, data: bytes, words: str) -> None:
    answer = await sent(browser, data, "name=gate.abc")
    assert words in answer["text"]
    assert answer["tune"]["id"]


async def test_words_beside_a_file_say_which_tune(browser: ClientSession) -> None:
    book = (TUNE + "\n" + TUNE.replace("Café", "Second")).encode()
    assert (await sent(browser, book, "text=2"))["title"] == "Second Gate"
    assert CAPTION_LEFT in (await sent(browser, book, "text=faster"))["notes"]


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "20 MB"])
async def test_a_hostile_file_gets_one_sentence(browser: ClientSession, name: str) -> None:
    data, sentence = HOSTILE[name]
    error = (await sent(browser, data, status=400))["error"]
    assert sentence in error
    assert "\n" not in error


async def test_a_file_that_is_too_large_is_not_taken_in(site: WebAdapter, browser: ClientSession) -> None:
    head = b"POST /api/file HTTP/1.1\r\nHost: here\r\nContent-Type: application/octet-stream\r\n"
    with socket.create_connection(("127.0.0.1", int(site.url.rsplit(":", 1)[1]))) as line:
        line.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(line, head + b"Content-Length: 20000000\r\n\r\n")
        assert TOO_LARGE.encode() in await loop.sock_recv(line, 4096)
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < MOST_BYTES
    assert (await sent(browser, bomb, status=400, **{"Content-Encoding": "gzip"}))["error"] == TOO_LARGE


async def test_no_other_site_can_post_a_file_by_a_form(browser: ClientSession) -> None:
    async with browser.post("/api/file", data=b"X:1", headers={"Content-Type": "text/plain"}) as response:
        assert response.status == 415


async def dropped(page: Page, name: str, data: bytes, how: str = "drop") -> None:
    """Somebody drops or pastes a file onto the page."""
    await page.evaluate(
        """([how, name, data]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([new Uint8Array(data)], name));
            const on = document.querySelector("main");
            const given = { bubbles: true, cancelable: true };
            const event = how === "paste"
                ? new ClipboardEvent("paste", { ...given, clipboardData: dataTransfer })
                : new DragEvent(how, { ...given, dataTransfer });
            on.dispatchEvent(event);
        }""",
        [how, name, list(data)],
    )


@needs_chromium
async def test_a_file_is_dropped_pasted_and_chosen_on_the_page(site: WebAdapter) -> None:
    async with chromium() as chrome, visit(chrome, site.url) as seen:
        page = seen.page
        await dropped(page, "gate.abc", TUNE.encode(), "dragover")
        await expect(page.locator("form.dropping")).to_have_count(1)
        await dropped(page, "gate.abc", TUNE.encode())
        await expect(page.locator("form.dropping")).to_have_count(0)
        await expect(page.get_by_role("heading", name="Café Gate")).to_be_visible()
        await dropped(page, "score.musicxml", SCORE.encode(), "paste")
        await expect(page.get_by_role("heading", name="The Packed Gate")).to_be_visible()
        chosen: Any = {"name": "voice.mid", "mimeType": "audio/midi", "buffer": ONE_VOICE}
        await page.locator("#file").set_input_files(chosen)
        await expect(page.get_by_role("log")).to_contain_text("it is read as G major")
        await expect(page.get_by_role("log")).to_contain_text("voice.mid")


@needs_chromium
async def test_what_is_no_tune_says_so_on_the_page_and_a_large_file_is_not_sent(site: WebAdapter) -> None:
    async with chromium() as chrome, visit(chrome, site.url) as seen:
        page = seen.page
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        chosen: Any = {"name": "large.abc", "mimeType": "text/plain", "buffer": b"C" * (MOST_BYTES + 1)}
        await page.locator("#file").set_input_files(chosen)
        await expect(page.get_by_role("log")).to_contain_text(TOO_LARGE)
        assert not [url for url in asked if "/api/" in url]
        await dropped(page, "gate.abc", HOSTILE["a picture"][0])
        await expect(page.get_by_role("log")).to_contain_text("no tune that I can read")
        seen.complaints[:] = [text for text in seen.complaints if "400 (Bad Request)" not in text]


@needs_chromium
async def test_text_pasted_anywhere_goes_into_the_line_with_its_lines(site: WebAdapter) -> None:
    async with chromium() as chrome, visit(chrome, site.url) as seen:
        page = seen.page
        await page.evaluate(
            """(tune) => {
                const clipboardData = new DataTransfer();
                clipboardData.setData("text/plain", tune);
                document.activeElement.blur();
                document.querySelector("main").dispatchEvent(
                    new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData }));
            }""",
            TUNE,
        )
        await expect(page.get_by_label("Command")).to_have_value(TUNE)
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("heading", name="Café Gate")).to_be_visible()
