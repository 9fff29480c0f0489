"""Files that are kept in a bucket: fsspec's own kinds stand for any."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.wiring import open_renderer
from generator.errors import FriendlyError
from generator.render.bucket_cache import BucketCache
from tests.bot.players import settings

fsspec = pytest.importorskip("fsspec", reason="the scale extra is not installed")
JIG = "X:1\nT:Kept\nM:6/8\nL:1/8\nK:D\n|:ABc d2e|fga f3:|\n"


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"memory://tunes-{tmp_path.name}" if request.param == "memory" else f"file://{tmp_path}/deep/files"


def test_what_one_process_keeps_another_finds(url: str) -> None:
    one, other = BucketCache(url), BucketCache(url)
    assert other.get("a.png") is None
    one.put("a.png", b"picture")
    one.put("b.mp3", b"sound")
    assert (other.get("a.png"), other.get("b.mp3"), other.get("c.mid")) == (b"picture", b"sound", None)


def test_a_bucket_that_is_away_is_said_once_and_costs_no_answer(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = BucketCache("memory://away")

    def broken(*_: object, **__: object) -> None:
        raise PermissionError("no key")

    with monkeypatch.context() as patch:
        patch.setattr(cache._files, "cat_file", broken)
        patch.setattr(cache._files, "pipe_file", broken)
        for _ in range(3):
            cache.put("a.png", b"picture")
            assert cache.get("a.png") is None
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "PermissionError" in caplog.text
    cache.put("a.png", b"picture")
    assert cache.get("a.png") == b"picture"


@pytest.mark.parametrize("url", ["nowhere://bucket", "gs3://bucket/files"])
def test_an_address_that_nobody_knows_ends_the_start_in_a_sentence(url: str) -> None:
    with pytest.raises(FriendlyError, match="FILES_URL can't be used"):
        BucketCache(url)


async def test_the_bot_finds_there_what_another_has_made(url: str) -> None:
    async with open_renderer(settings(files_url=url)) as first:
        made = await first.file(JIG, "png")
    files, folder = fsspec.core.url_to_fs(url)
    (name,) = await asyncio.to_thread(files.ls, folder, detail=False)
    assert name.endswith(".png")
    await asyncio.to_thread(files.pipe_file, name, b"from the bucket")
    async with open_renderer(settings(files_url=url)) as second:
        assert await second.file(JIG, "png") == b"from the bucket"
    assert made.startswith(b"\x89PNG")
