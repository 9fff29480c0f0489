"""The site's lists: what was made, the best liked, one's own; search, likes, sound, books."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar
from playwright.async_api import Browser, expect

from bot.asker import Asker
from bot.platforms.web import texts as site_texts
from bot.platforms.web.adapter import WebAdapter
from bot.platforms.web.listings import ON_A_PAGE
from bot.platforms.web.searching import read_search
from bot.store import NewTune, SavedTune, Search, Store
from bot.store.preferences import COMMUNITY, SITE
from generator.music.pasted_tune import read_pasted
from tests.bot.platforms.chromium import chromium, needs_chromium, visit
from tests.bot.players import JIG, Copyist, Fiddler, core, memory_store, site_of

needs_abcjs = pytest.mark.skipif(
    not Path("node_modules/abcjs").is_dir(), reason="npm has not run: no node_modules/abcjs"
)
pytestmark = pytest.mark.asyncio(loop_scope="module")
TUNE = NewTune(
    platform="web", community="", place="site", user="", request={}, title="The Kettle on the Hob", abc=JIG,
    key="G", meter="6/8", rhythm="jig", temp=0.8, seed=1, model="jigs",
)  # fmt: skip


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
    site = site_of(core(store, Fiddler(), Copyist("mid", "mp3", "ogg", "png", "svg", "musicxml")))
    await site.start()
    yield site
    await site.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def web(site: WebAdapter) -> AsyncIterator[ClientSession]:
    """A browser as far as the server can tell: it has a cookie jar, and says where it is."""
    jar, headers = CookieJar(unsafe=True), {"Origin": site.url}
    async with ClientSession(site.url, cookie_jar=jar, headers=headers) as session:
        yield session


async def kept(store: Store, title: str, **more: Any) -> SavedTune:
    abc = JIG.replace(TUNE.title, title)
    return await store.add(
        replace(TUNE, **({"title": title, "abc": abc, "seed": sum(title.encode())} | more))
    )


async def page_of(web: ClientSession, path: str) -> str:
    async with web.get(path) as response:
        assert response.status == 200, path
        return await response.text()


async def liked(web: ClientSession, tune: SavedTune, *, liked: bool = True) -> dict[str, Any]:
    async with web.post("/api/like", json={"tune": tune.id, "liked": liked}) as response:
        assert response.status == 200
        return dict(await response.json())


async def test_the_same_tune_is_listed_once(store: Store, web: ClientSession) -> None:
    old, new = await kept(store, "The Gate"), await kept(store, "The Gate")
    other = await kept(store, "The Other Gate")
    page = await page_of(web, "/tunes")
    assert old.id not in page
    assert page.count(new.id) >= 1
    assert other.id in page
    for tune in (old, new):
        await liked(web, tune)
    top = await page_of(web, "/top")
    assert (old.id in top) != (new.id in top)


async def test_a_hidden_tune_does_not_hide_one_that_is_shown(store: Store, web: ClientSession) -> None:
    ours = await kept(store, "The Gate")
    await kept(store, "The Gate", platform="discord", community="7")
    assert ours.id in await page_of(web, "/tunes")


async def test_a_communitys_tunes_are_shown_where_its_managers_agreed(
    store: Store, web: ClientSession
) -> None:
    tune = await kept(store, "The Hall", platform="discord", community="7", place="8")
    await store.likes.add(tune.id, "discord", "somebody")
    for agreed in ("", "on", ""):
        await store.preferences.put("discord", COMMUNITY, "7", {SITE: agreed})
        for path in ("/tunes", "/tunes?q=hall", "/top"):
            assert (tune.id in await page_of(web, path)) == bool(agreed)


async def test_managers_agree_by_a_command(store: Store) -> None:
    async def manages() -> bool:
        return True

    bot = core(store, Fiddler())
    site = site_of(bot)
    await site.start()
    tune = await kept(store, "The Hall", platform="discord", community="7", place="8")
    manager = Asker("discord", "boss", "8", "7", manages=manages)
    async with ClientSession(site.url) as web:
        assert tune.id not in await page_of(web, "/tunes")
        await bot.answer("/settings here site=on", manager)
        assert tune.id in await page_of(web, "/tunes")
        await bot.left(manager)
        assert tune.id not in await page_of(web, "/tunes")
    await site.stop()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=Lark", {"The Lark"}),
        ("q=the+LARK", {"The Lark"}),
        ("q=hornpipe", {"The Crow"}),
        ("q=jig+in+G", {"The Lark"}),
        ("q=E+minor", {"The Wren"}),
        ("q=Em", {"The Wren"}),
        ("q=2/4", {"The Crow"}),
        ("q=A+wren", {"The Wren"}),
        ("type=hornpipe", {"The Crow"}),
        ("type=jig&key=G", {"The Lark"}),
        ("key=e+minor", {"The Wren"}),
        ("meter=4/4", {"The Rook"}),
        ("q=100%25", set()),
        ("q=%3Cb%3E", set()),
        ("", {"The Lark", "The Crow", "The Wren", "The Rook"}),
    ],
)
async def test_tunes_are_found_by_title_type_key_and_meter(
    store: Store, web: ClientSession, query: str, found: set[str]
) -> None:
    await kept(store, "The Lark")
    await kept(store, "The Crow", rhythm="two-four hornpipe", meter="2/4", key="D")
    await kept(store, "The Wren", rhythm="slip jig", meter="9/8", key="Em")
    await kept(store, "The Rook", rhythm="reel", meter="C", key="D")
    page = await page_of(web, f"/tunes?{query}")
    assert {title for title in ("The Lark", "The Crow", "The Wren", "The Rook") if title in page} == found
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("typed", "search"),
    [
        ("slip jig in E minor 9/8", Search(["slip", "jig"], key="Em", meters=["9/8"])),
        ("A wild reel", Search(["wild", "reel"])),
        ("d dorian", Search([], key="Ddor")),
        ("F# minor C|", Search(["C|"], key="F#m")),
        ("walzer in e-Moll", Search(["walzer"], key="Em")),
        ("reel  fa dièse mineur", Search(["reel"], key="F#m")),
        ("The Wind that Shakes", Search(["Wind", "that", "Shakes"])),
        ("12/7", Search(["12/7"])),
        ("", Search()),
    ],
)
async def test_a_search_is_read_as_it_is_meant(typed: str, search: Search) -> None:
    read = read_search({"q": typed})
    assert (list(read.words), read.key, list(read.meters)) == (
        list(search.words),
        search.key,
        list(search.meters),
    )


async def test_a_search_that_makes_no_sense_is_answered_by_a_sentence(web: ClientSession) -> None:
    assert "I don&#x27;t know the key" in await page_of(web, "/tunes?key=H7")
    assert "did you mean jig?" in await page_of(web, "/tunes?type=jigg")
    for path in ("/tunes?page=0", "/tunes?page=x", "/mine?what=else"):
        async with web.get(path) as response:
            assert response.status == 404
    async with web.get("/top?period=always") as response:
        assert response.status == 400
        assert "Traceback" not in await response.text()


async def test_a_long_list_has_pages(store: Store, web: ClientSession) -> None:
    for number in range(ON_A_PAGE + 1):
        await kept(store, f"Tune {number}")
    first, second = await page_of(web, "/tunes?q=Tune"), await page_of(web, "/tunes?q=Tune&page=2")
    assert 'href="/tunes?q=Tune&amp;page=2"' in first
    assert "Tune 0<" not in first
    assert "Tune 0<" in second
    assert 'href="/tunes?q=Tune&amp;page=1"' in second
    assert "page=3" not in second


async def test_likes_count_once_for_each_browser_and_can_be_taken_back(
    site: WebAdapter, store: Store, web: ClientSession
) -> None:
    one, two = await kept(store, "One"), await kept(store, "Two")
    assert await liked(web, one) == {"liked": True, "likes": 1}
    assert await liked(web, one) == {"liked": True, "likes": 1}
    jar, headers = CookieJar(unsafe=True), {"Origin": site.url}
    async with ClientSession(site.url, cookie_jar=jar, headers=headers) as other:
        assert (await liked(other, two))["likes"] == 1
        assert (await liked(other, one))["likes"] == 2
        assert "You like no tune" not in await page_of(other, "/mine?what=likes")
    assert await liked(web, two) == {"liked": True, "likes": 2}
    assert await liked(web, two, liked=False) == {"liked": False, "likes": 1}
    top = await page_of(web, "/top?period=week")
    assert top.index(one.id) < top.index(two.id)
    mine = await page_of(web, "/mine?what=likes")
    assert one.id in mine
    assert two.id not in mine


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"tune": "nonesuch", "liked": true}', "application/json", 400),
        (b'{"tune": "x"}', "application/json", 400),
        (b'{"tune": 7, "liked": true}', "application/json", 400),
        (b"[", "application/json", 400),
        (b'{"tune": "x", "liked": true}', "text/plain", 415),
    ],
)
async def test_a_like_that_makes_no_sense_is_refused(
    web: ClientSession, body: bytes, kind: str, status: int
) -> None:
    async with web.post("/api/like", data=body, headers={"Content-Type": kind}) as response:
        assert response.status == status
        assert list(await response.json()) == ["error"]


async def test_who_throws_cookies_away_cannot_like_for_ever(site: WebAdapter, store: Store) -> None:
    tune, statuses = await kept(store, "One"), []
    async with ClientSession(site.url, headers={"Origin": site.url}) as web:
        for _ in range(61):
            async with web.post("/api/like", json={"tune": tune.id, "liked": True}) as response:
                statuses.append(response.status)
    assert statuses == [200] * 60 + [429]


async def test_my_tunes_are_those_of_this_browser_until_it_is_forgotten(
    site: WebAdapter, web: ClientSession
) -> None:
    assert site_texts.MINE_EMPTY["tunes"] in await page_of(web, "/mine")
    async with web.post("/api/chat", json={"text": "/tune"}) as response:
        tune = (await response.json())["tune"]["id"]
    assert tune in await page_of(web, "/mine")
    async with ClientSession(site.url, cookie_jar=CookieJar(unsafe=True)) as other:
        assert tune not in await page_of(other, "/mine")
    await web.post("/api/chat", json={"text": "/forget yes"})
    assert tune not in await page_of(web, "/mine")
    assert tune in await page_of(web, "/tunes")


async def test_a_book_has_its_tunes_in_order_and_as_one_file(store: Store, web: ClientSession) -> None:
    one, two = await kept(store, "One <i>"), await kept(store, "Two")
    page = await page_of(web, f"/book?tunes={two.id},{one.id},nonesuch,{two.id}")
    assert page.index("Two") < page.index("One &lt;i&gt;")
    assert page.count(f'<section class="leaf" id="{two.id}"') == 1
    async with web.get(f"/book.abc?tunes={two.id},{one.id}") as response:
        assert response.content_type == "text/vnd.abc"
        abc = await response.text()
    assert [read_pasted(abc, which).title for which in (1, 2)] == ["Two", "One"]
    assert abc.startswith("X:1\nT:Two\n")
    assert "\n\nX:2\nT:One <i>\n" in abc
    for wrong in ("", "?tunes=nonesuch", "?tunes=" + ",".join(f"a{n}" for n in range(61))):
        async with web.get(f"/book{wrong}") as response:
            assert response.status == 400


@needs_chromium
@needs_abcjs
async def test_a_list_draws_how_tunes_begin_and_plays_one_at_a_time(
    site: WebAdapter, store: Store, browser: Browser
) -> None:
    await kept(store, "One")
    await kept(store, "Two")
    async with visit(browser, site.url, "/tunes") as seen:
        page, asked = seen.page, []
        page.on("request", lambda request: asked.append(request.url))
        await expect(page.locator(".incipit svg path").first).to_be_visible()
        one, two = (page.get_by_role("button", name=f"Play {title}") for title in ("One", "Two"))
        assert not [url for url in asked if ".mp3" in url]
        async with page.expect_response("**/*.mp3"):
            await one.click()
        await expect(one).to_have_attribute("aria-pressed", "true")
        async with page.expect_response("**/*.mp3"):
            await two.click()
        await expect(two).to_have_attribute("aria-pressed", "true")
        await expect(one).to_have_attribute("aria-pressed", "false")
        await two.click()
        await expect(two).to_have_attribute("aria-pressed", "false")
        await page.get_by_role("link", name="One").click()
        await page.wait_for_url("**/t/*")


@needs_chromium
@needs_abcjs
async def test_a_tune_is_liked_found_among_mine_and_put_into_a_book(
    site: WebAdapter, store: Store, browser: Browser
) -> None:
    tune = await kept(store, "The Gate")
    async with visit(browser, site.url, f"/t/{tune.id}") as seen:
        page = seen.page
        await page.get_by_role("button", name="Like", exact=True).click()
        await expect(page.get_by_role("button", name="Like, 1 so far")).to_have_attribute(
            "aria-pressed", "true"
        )
        await page.reload()
        await expect(page.get_by_role("button", name="Like, 1 so far")).to_have_attribute(
            "aria-pressed", "true"
        )
        await page.get_by_role("link", name="My tunes").click()
        await page.get_by_role("link", name="Liked by me").click()
        await expect(page.locator(".tunes")).to_contain_text("♥ 1")
        await page.get_by_role("link", name="These as a book").click()
        await expect(page.get_by_role("navigation", name="Contents")).to_contain_text("The Gate")
        await expect(page.locator(".leaf svg .abcjs-note").first).to_be_visible()
        async with page.expect_download() as download:
            await page.get_by_role("link", name="ABC of all").click()
        assert (await download.value).suggested_filename == "a-book-of-tunes.abc"


@needs_chromium
@pytest.mark.parametrize("scripts", [True, False])
async def test_a_search_is_typed_and_stays_in_its_fields(
    site: WebAdapter, store: Store, browser: Browser, *, scripts: bool
) -> None:
    await kept(store, "The Lark")
    await kept(store, "The Crow", rhythm="reel", key="D", meter="C|")
    async with visit(browser, site.url, "/tunes", java_script_enabled=scripts) as seen:
        page = seen.page
        await expect(page.locator(".tunes audio")).to_have_count(0 if scripts else 2)
        await expect(page.locator(".hear:visible")).to_have_count(2 if scripts else 0)
        await page.get_by_label("Look for").fill("crow")
        await page.get_by_label("Type").select_option("reel")
        await page.get_by_role("button", name="Search").click()
        await expect(page.locator(".tunes li")).to_have_count(1)
        await expect(page.locator(".tunes")).to_contain_text("The Crow")
        await expect(page.get_by_label("Look for")).to_have_value("crow")
        await expect(page.get_by_label("Type")).to_have_value("reel")
        await page.get_by_label("Look for").fill("dodo")
        await page.keyboard.press("Enter")
        await expect(page.locator(".tunes li")).to_have_count(0)
        await expect(page.get_by_text(site_texts.NOTHING_FOUND)).to_be_visible()


@needs_chromium
async def test_who_had_a_tune_made_can_delete_it_and_nobody_else(
    site: WebAdapter, store: Store, web: ClientSession, browser: Browser
) -> None:
    async with visit(browser, site.url) as seen:
        page = seen.page
        await page.get_by_label("Command").fill("/tune")
        await page.keyboard.press("Enter")
        link = str(await page.get_by_role("link", name="See and hear it").get_attribute("href"))
        assert 'id="delete"' not in await page_of(web, link)
        async with web.post("/api/delete", json={"tune": link.rpartition("/")[2]}) as response:
            assert response.status == 400
            assert (await response.json())["error"] == site_texts.NOT_YOURS
        await page.goto(site.url + link)
        page.once("dialog", lambda dialog: dialog.accept())
        await page.get_by_role("button", name="Delete").click()
        await page.wait_for_url("**/mine")
        assert await store.recent("web", 9) == []
