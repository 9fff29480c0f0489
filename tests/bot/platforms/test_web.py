"""The site's API and pages, over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientSession

from bot import texts
from bot.commands import COMMANDS
from bot.platforms.web.adapter import PortTakenError, WebAdapter
from bot.platforms.web.assets import (
    ABCJS_CDN,
    ABCJS_FILE,
    ABCJS_INTEGRITY,
    ABCJS_VERSION,
    integrity,
    load_assets,
)
from bot.store import Store
from generator.errors import BusyError
from tests.bot.players import Fiddler, core, site_of

ROOT = Path(__file__).parents[3]
ABCJS = ROOT / "node_modules" / "abcjs"


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


async def _ask(browser: ClientSession, text: str) -> dict[str, Any]:
    async with browser.post("/api/chat", json={"text": text}) as response:
        assert response.status == 200
        return dict(await response.json())


async def test_a_command_gets_text_tune_files_and_buttons(browser: ClientSession) -> None:
    answer = await _ask(browser, "/tune key=G temp=0.8")
    words = {"text", "title", "facts", "notes", "missing"}
    assert set(answer) == words | {"parent", "tune", "attachments", "buttons"}
    tune = answer["tune"]
    assert set(tune) == {"id", "title", "abc", "key", "meter", "temp", "seed", "model"}
    assert (tune["key"], tune["meter"], tune["temp"], tune["model"]) == ("G", "6/8", 0.8, "jigs")
    assert [(file["kind"], set(file)) for file in answer["attachments"]] == [
        ("abc", {"name", "kind", "label", "url"}),
        ("midi", {"name", "kind", "label", "url"}),
    ]
    assert answer["title"] == tune["title"] == "The Kettle on the Hob"
    assert list(answer["facts"]) == ["type", "key", "meter", "temp", "seed"]
    assert answer["text"] == "\n".join([answer["title"], " · ".join(answer["facts"].values())])
    assert (answer["notes"], answer["missing"]) == ([], [])
    assert answer["buttons"] == [
        {"label": "Another like this", "command": f"/another {tune['id']}"},
        {"label": "Vary", "command": f"/vary {tune['id']} keep=A"},
        {"label": "See and hear it", "url": f"/t/{tune['id']}"},
    ]


async def test_the_files_are_where_the_answer_says(browser: ClientSession) -> None:
    answer = await _ask(browser, "/tune")
    abc, midi = answer["attachments"]
    async with browser.get(abc["url"]) as response:
        assert await response.text() == answer["tune"]["abc"]
        assert response.headers["Content-Type"] == "text/vnd.abc; charset=utf-8"
        assert abc["name"] in response.headers["Content-Disposition"]
    async with browser.get(midi["url"]) as response:
        assert (await response.read()).startswith(b"MThd")
        assert response.content_type == "audio/midi"
        assert "max-age" in response.headers["Cache-Control"]
    async with browser.get(answer["buttons"][-1]["url"]) as response:
        assert response.status == 200
        assert answer["tune"]["title"] in await response.text()


async def test_an_answer_without_a_tune_has_none(browser: ClientSession) -> None:
    answer = await _ask(browser, "/help")
    assert answer["tune"] is None
    assert answer["attachments"] == []
    listed = [name for name, command in COMMANDS.items() if command.listed and command.on_site]
    assert all(f"/{name}" in answer["text"] for name in listed)
    assert len(listed) >= 6


@pytest.mark.parametrize(
    ("body", "status", "part"),
    [
        (b'{"text": "/tune temp=hot"}', 400, "0.2 to 1.5"),
        (b'{"text": "/tnue"}', 400, "did you mean /tune?"),
        (b'{"text": ""}', 400, "/tune jig in G"),
        (b'{"text": "\\ud800 \\u0000"}', 400, "know"),
        (b"{", 400, "JSON"),
        (b"[" * 60_000, 400, "JSON"),
        (b"\xff\xfe", 400, "JSON"),
        (b"[]", 400, "JSON"),
        (b'{"text": 7}', 400, "JSON"),
        (b"{}", 400, "JSON"),
        (b'{"text": "' + b"x" * 30_000 + b'"}', 400, "too long"),
        (b'{"text": "' + b"x" * 70_000 + b'"}', 413, "too long"),
    ],
)
async def test_what_cannot_be_answered_is_4xx_with_a_sentence(
    browser: ClientSession, body: bytes, status: int, part: str
) -> None:
    async with browser.post("/api/chat", data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status == status
        answer = await response.json()
    assert list(answer) == ["error"]
    assert part in answer["error"]


async def test_wrong_addresses_and_methods_of_the_api_are_told_the_right_one(browser: ClientSession) -> None:
    for method, path, status in (("GET", "/api/chat", 405), ("POST", "/api/sing", 404)):
        async with browser.request(method, path) as response:
            assert response.status == status
            assert "POST /api/chat" in (await response.json())["error"]


async def test_a_form_of_another_site_cannot_ask(browser: ClientSession) -> None:
    async with browser.post(
        "/api/chat", data=b'{"text": "/tune"}', headers={"Content-Type": "text/plain"}
    ) as answer:
        assert answer.status == 415
        assert "JSON" in (await answer.json())["error"]


async def test_a_full_house_is_429_and_a_fault_of_ours_500_without_a_trace(
    browser: ClientSession, fiddler: Fiddler
) -> None:
    fiddler.trouble = BusyError("Please try again in a minute.")
    async with browser.post("/api/chat", json={"text": "/tune"}) as response:
        assert response.status == 429
    fiddler.trouble = ZeroDivisionError("deep inside")
    async with browser.post("/api/chat", json={"text": "/tune"}) as response:
        assert response.status == 500
        assert "deep inside" not in (await response.json())["error"]


async def test_health(browser: ClientSession) -> None:
    async with browser.get("/healthz") as response:
        assert (response.status, await response.json()) == (200, {"status": "ok"})


async def test_an_unknown_tune_is_a_friendly_404(browser: ClientSession) -> None:
    for path in ("/t/nonesuch", "/t/nonesuch.mid", "/t/a.b.c", "/nowhere", "/assets/../settings.py"):
        async with browser.get(path) as response:
            assert response.status == 404
            assert "Make a tune" in await response.text()


async def test_pages_run_no_foreign_and_no_inline_script(browser: ClientSession) -> None:
    answer = await _ask(browser, "/tune")
    for path in ("/", f"/t/{answer['tune']['id']}", "/nowhere"):
        async with browser.get(path) as response:
            policy = response.headers["Content-Security-Policy"]
            page = await response.text()
            assert response.headers["X-Content-Type-Options"] == "nosniff"
        directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert directives["default-src"] == "'none'"
        assert "unsafe-inline" not in policy
        assert "frame-ancestors" in directives
        assert "<script>" not in page
        assert " style=" not in page
        assert "onclick" not in page
        if ABCJS.is_dir():
            assert directives["script-src"] == "'self'"
            assert "https://cdn" not in page


async def test_what_users_write_is_text_on_a_page(browser: ClientSession) -> None:
    answer = await _ask(browser, "/abc X:1\nT:1 < 2 & <script>alert(1)</script> <script\nK:G\nG2|]")
    async with browser.get(f"/t/{answer['tune']['id']}") as response:
        page = await response.text()
    assert "<script>alert" not in page
    assert "1 &lt; 2 &amp;" in page
    assert "&lt;script" in page


async def test_assets_may_be_kept_for_ever_and_are_small(site: WebAdapter, browser: ClientSession) -> None:
    assets = load_assets(ROOT / "node_modules")
    for url in assets.urls.values():
        if url.startswith("/"):
            async with browser.get(url) as response:
                assert response.status == 200
                assert "immutable" in response.headers["Cache-Control"]
                assert response.headers["Content-Encoding"] == "gzip"


async def test_without_npm_abcjs_comes_from_a_cdn_and_is_checked(
    store: Store, fiddler: Fiddler, tmp_path: Path
) -> None:
    site = site_of(core(store, fiddler), node_modules=tmp_path)
    await site.start()
    async with ClientSession(site.url) as browser, browser.get("/") as response:
        page = await response.text()
        assert f'src="{ABCJS_CDN}" integrity="{ABCJS_INTEGRITY}" crossorigin="anonymous"' in page
        assert f"script-src 'self' {ABCJS_CDN};" in response.headers["Content-Security-Policy"]
    await site.stop()


@pytest.mark.skipif(not ABCJS.is_dir(), reason="npm has not run: no node_modules/abcjs")
def test_the_integrity_is_that_of_the_package_from_npm() -> None:
    assert json.loads((ABCJS / "package.json").read_text())["version"] == ABCJS_VERSION
    assert integrity((ABCJS / "dist" / ABCJS_FILE).read_bytes()) == ABCJS_INTEGRITY


def test_the_lock_pins_what_the_page_loads_and_names_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert lock["packages"]["node_modules/abcjs"]["version"] == ABCJS_VERSION
    assert "resolved" not in json.dumps(lock)


async def test_a_visitor_who_leaves_frees_the_composer(browser: ClientSession, fiddler: Fiddler) -> None:
    fiddler.wait.clear()
    asking = asyncio.create_task(_ask(browser, "/tune"))
    await fiddler.started.wait()
    asking.cancel()
    async with asyncio.timeout(10):
        await fiddler.gone.wait()


async def test_an_answer_that_is_being_made_is_given_before_the_site_stops(
    site: WebAdapter, browser: ClientSession, fiddler: Fiddler
) -> None:
    fiddler.wait.clear()
    asking = asyncio.create_task(_ask(browser, "/tune"))
    await fiddler.started.wait()
    stopping = asyncio.create_task(site.stop())
    await asyncio.sleep(0.05)
    fiddler.wait.set()
    assert (await asking)["tune"]
    await stopping
    with pytest.raises(aiohttp.ClientConnectorError):
        await browser.get("/healthz")


async def test_who_still_waits_when_the_site_stops_is_told_to_ask_again(
    store: Store, fiddler: Fiddler
) -> None:
    fiddler.wait.clear()
    site = site_of(core(store, fiddler), grace=0.0)
    await site.start()
    async with ClientSession(site.url) as browser:
        asking = asyncio.create_task(browser.post("/api/chat", json={"text": "/tune"}))
        await fiddler.started.wait()
        await site.stop()
        async with await asking as response:
            assert response.status == 503
            assert (await response.json())["error"] == texts.STOPPING
    assert fiddler.gone.is_set()


async def test_a_taken_port_is_said_in_one_line(site: WebAdapter, store: Store, fiddler: Fiddler) -> None:
    port = int(site.url.rpartition(":")[2])
    with pytest.raises(PortTakenError, match=f"port {port}.*set HOST or PORT") as refusal:
        await site_of(core(store, fiddler), port=port).start()
    assert "\n" not in str(refusal.value)
