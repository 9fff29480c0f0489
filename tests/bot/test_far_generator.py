"""A bot whose tunes are composed and drawn by ``python -m generator serve``."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from bot.check import Finding, check
from bot.core import Core
from bot.health import Health
from bot.platforms.discord import DISCORD
from bot.reply import Reply
from bot.settings import Settings, SettingsError, load
from bot.store import Store
from bot.texts import operator
from bot.wiring import open_composer, open_renderer
from generator.errors import BusyError, FriendlyError
from tests.bot.players import settings

BEN = DISCORD.asker("ben", "3", "2")
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def generator() -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """One in a process of its own, and its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "generator", "serve", "--port", "0"),
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
        url = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert url, line
        yield process, url[0]
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


@asynccontextmanager
async def bot(chosen: Settings, store: Store, folder: Path) -> AsyncIterator[Core]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        async with open_composer(chosen) as composer, open_renderer(chosen) as renderer:
            health = Health()
            health.need_part("composer", composer)
            health.need_part("renderer", renderer)
            yield Core(chosen, store, composer, renderer, Random(1), health=health)


async def whole(core: Core, text: str) -> tuple[str | None, dict[str, bytes]]:
    """The ABC of an answer, and its files by kind."""
    reply: Reply = await core.answer(text, BEN)
    if reply.later:
        reply = await reply.later
    assert not reply.missing
    return reply.abc, {file.kind.suffix: file.data for file in reply.attachments}


async def test_its_tunes_and_files_are_those_of_the_bot_itself(store: Store, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "far").mkdir()
    async with bot(settings(workers=1), store, tmp_path / "here") as core:
        expected = [await whole(core, f"/tune jig seed={seed}") for seed in (1, 2)]
    async with generator() as (_, url), bot(settings(generator_url=url), store, tmp_path / "far") as core:
        found = [await whole(core, f"/tune jig seed={seed}") for seed in (1, 2)]
        assert await core.health.words() == {"composer": "ok", "renderer": "ok"}
    assert found == expected
    assert set(found[0][1]) == {"abc", "png", "mp3", "mid"}


@pytest.mark.parametrize("fallback", [True, False])
async def test_when_it_goes_the_bot_does_it_itself_or_says_so(
    store: Store, tmp_path: Path, fallback: bool
) -> None:
    async with generator() as (process, url):
        chosen = settings(generator_url=url, generator_fallback=fallback, workers=1)
        async with bot(chosen, store, tmp_path) as core:
            before = await whole(core, "/tune jig seed=1")
            process.kill()
            await process.wait()
            if fallback:
                abc, files = await whole(core, "/tune jig seed=1")
                assert (abc, files["mid"]) == (before[0], before[1]["mid"])
            else:
                with pytest.raises(BusyError, match="can't be reached"):
                    await core.answer("/tune jig seed=1", BEN)


async def test_one_that_is_not_there_ends_the_start_in_a_sentence(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FriendlyError) as refused:
        async with bot(settings(generator_url="http://127.0.0.1:9"), store, tmp_path):
            pass
    assert str(refused.value) == operator.GENERATOR_UNREACHABLE
    chosen = settings(generator_url="http://127.0.0.1:9", generator_fallback=True, workers=1)
    async with bot(chosen, store, tmp_path) as core:
        abc, files = await whole(core, "/tune jig seed=3")
    assert abc
    assert files["png"].startswith(b"\x89PNG")


async def test_the_check_asks_whether_it_is_there() -> None:
    async def found(**values: object) -> Finding:
        findings = await check(settings(database_url="sqlite:///:memory:", **values))
        return next(each for each in findings if "GENERATOR_URL" in each.text)

    async with generator() as (_, url):
        assert await found(generator_url=url) == Finding(operator.GENERATOR_FOUND)
    away = Finding(operator.GENERATOR_UNREACHABLE, well=False)
    assert await found(generator_url=url) == away
    assert (await found(generator_url=url, generator_fallback=True)).well


def test_its_settings_are_checked() -> None:
    with pytest.raises(SettingsError, match="GENERATOR_URL=there won't do"):
        load(None, {"GENERATOR_URL": "there"})
    with pytest.raises(SettingsError, match="GENERATOR_FALLBACK=perhaps won't do"):
        load(None, {"GENERATOR_FALLBACK": "perhaps"})
    assert load(None, {"GENERATOR_FALLBACK": "1"}).generator_fallback
    assert not load(None, {"GENERATOR_FALLBACK": ""}).generator_fallback


def test_a_password_in_an_address_is_a_secret() -> None:
    chosen = settings(generator_url="https://me:hidden@far.example", files_url="sftp://me:hushed@host/files")
    assert {"hidden", "hushed"} <= set(chosen.secrets)
