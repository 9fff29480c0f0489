"""What a browser has already is not sent again, and pages are packed."""

import gzip
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.platforms.web.adapter import WebAdapter
from bot.store import Store
from generator.render.renderers import Renderers
from tests.bot.players import Copyist, Fiddler, core, site_of


@pytest.fixture
def copyist() -> Copyist:
    return Copyist("mid", "png", "svg", "mp3")


@pytest.fixture
async def site(store: Store, fiddler: Fiddler, copyist: Copyist) -> AsyncIterator[WebAdapter]:
    site = site_of(core(store, fiddler, copyist))
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
async def web(site: WebAdapter) -> AsyncIterator[ClientSession]:
    async with ClientSession(site.url, auto_decompress=False) as session:
        yield session


async def made(web: ClientSession) -> str:
    """The address of a new tune."""
    answer = web.post("/api/chat", json={"text": "/tune key=G"}, headers={"Accept-Encoding": "identity"})
    async with answer as response:
        return f"/t/{(await response.json())['tune']['id']}"


async def get(web: ClientSession, path: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with web.get(path, headers=named) as response:
        return response.status, response.headers, await response.read()


@pytest.mark.parametrize("mark", ["{}", "W/{}", '"another", {}', "*"])
@pytest.mark.parametrize("file", [".mp3", ".png", ".abc?key=D", ".svg?dark"])
async def test_a_file_that_the_browser_has_is_neither_sent_nor_made_again(
    file: str, mark: str, web: ClientSession, copyist: Copyist
) -> None:
    tune = await made(web)
    status, headers, body = await get(web, tune + file)
    assert (status, bool(body)) == (200, True)
    before = list(copyist.made)
    status, again, body = await get(web, tune + file, If_None_Match=mark.format(headers["ETag"]))
    assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
    assert again["Cache-Control"] == headers["Cache-Control"]
    assert copyist.made == before
    status, _, body = await get(web, tune + file, If_None_Match='"another"')
    assert (status, bool(body)) == (200, True)


async def test_each_file_has_a_tag_of_its_own(web: ClientSession, copyist: Copyist) -> None:
    tune, other = await made(web), await made(web)
    files = [".mp3", ".png", ".svg", ".svg?dark", ".mid", ".abc", ".abc?key=D"]
    files += [".mp3?key=D", ".mp3?key=A", ".mp3?instrument=fiddle", ".mp3?instrument=flute&key=D"]
    paths = [address + file for address in (tune, other) for file in files]
    tags = [(await get(web, path))[1]["ETag"] for path in paths]
    copyist.edition = "second"
    tags += [(await get(web, path))[1]["ETag"] for path in paths]
    assert len(set(tags)) == 4 * len(files)


async def test_a_file_is_sent_anew_when_another_version_draws_it(
    web: ClientSession, copyist: Copyist
) -> None:
    tune = await made(web)
    _, headers, _ = await get(web, f"{tune}.png")
    copyist.edition = "second"
    status, _, _ = await get(web, f"{tune}.png", If_None_Match=headers["ETag"])
    assert status == 200


async def test_a_stretch_is_of_the_edition_that_the_player_has(web: ClientSession, copyist: Copyist) -> None:
    tune = await made(web)
    _, headers, whole = await get(web, f"{tune}.mp3")
    part = await get(web, f"{tune}.mp3", Range="bytes=0-9", If_Range=headers["ETag"])
    assert (part[0], part[2]) == (206, whole[:10])
    copyist.edition = "second"
    status, _, body = await get(web, f"{tune}.mp3", Range="bytes=0-9", If_Range=headers["ETag"])
    assert (status, body) == (200, whole)


def test_the_renderers_edition_changes_with_their_soundfont(tmp_path: Path) -> None:
    assert Renderers().edition == Renderers().edition
    assert Renderers().edition != Renderers(soundfont=tmp_path / "none.sf2").edition


@pytest.mark.parametrize("accepted", ["gzip", "br, GZIP;q=0.5", "*"])
async def test_a_page_is_packed(accepted: str, web: ClientSession) -> None:
    _, plain, page = await get(web, "/", Accept_Encoding="identity")
    _, headers, packed = await get(web, "/", Accept_Encoding=accepted)
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == page
    assert len(packed) < len(page) / 2
    assert plain["Vary"] == headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "gzip; q=0.000, br"])
async def test_a_page_is_not_packed_for_who_cannot_unpack_it(accepted: str, web: ClientSession) -> None:
    _, headers, page = await get(web, "/", Accept_Encoding=accepted)
    assert "Content-Encoding" not in headers
    assert page.startswith(b"<!")
