"""A chat that cannot start yet, or whose token is taken away, goes on trying; from the platform's side."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random

import discord
import pytest
import yarl

from bot.chat_keeper import LONGEST_PAUSE, REVOKED_PAUSE, ChatKeeper
from bot.platform import Adapter, Platform
from bot.platforms.discord import DISCORD
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.telegram import TELEGRAM
from bot.platforms.telegram.adapter import TelegramAdapter
from tests.platforms import discord_server, telegram_server
from tests.platforms.band import Scripted, settings
from tests.platforms.discord_server import DiscordServer
from tests.platforms.server import Trouble
from tests.platforms.telegram_server import TelegramServer

UNAUTHORIZED = Trouble(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
BROKEN = Trouble(500, {"ok": False, "error_code": 500, "description": "Internal Server Error"})
AWAY = Trouble(503, {"message": "Service Unavailable"})


class Kept:
    """A chat in the hands of its keeper.

    Attributes:
        said: to the operator.
        pauses: between the tries, in seconds.
        done: the keeper's work.
    """

    def __init__(self) -> None:
        self.said: list[str] = []
        self.pauses: list[float] = []
        self._news = asyncio.Condition()

    async def until_said(self, count: int) -> None:
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(lambda: len(self.said) >= count)

    @asynccontextmanager
    async def keeping(self, platform: Platform, open_: Callable[[], Adapter]) -> "AsyncIterator[None]":
        told: set[asyncio.Task[None]] = set()
        real = asyncio.sleep

        async def wake() -> None:
            async with self._news:
                self._news.notify_all()

        def say(line: str) -> None:
            self.said.append(line)
            told.add(asyncio.create_task(wake()))

        async def sleep(seconds: float) -> None:
            self.pauses.append(seconds)
            await real(0)

        keeper = ChatKeeper(platform, open_, say, lambda _: None, sleep=sleep, random=Random(1))
        self.done = asyncio.create_task(keeper.run())
        try:
            yield
        finally:
            self.done.cancel()
            await asyncio.gather(self.done, return_exceptions=True)
            await keeper.stop()


@pytest.fixture
async def on_discord(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        monkeypatch.setattr(discord.http.Route, "BASE", server.root + "/api/v10")
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway))
        sleep = asyncio.sleep
        monkeypatch.setattr(asyncio, "sleep", lambda _: sleep(0))  # the library's own waits take no time
        yield server
        assert server.faults == []


@pytest.fixture
async def on_telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
        assert server.faults == []


def discord_bot(token: str = discord_server.TOKEN) -> Adapter:
    return DiscordAdapter(DISCORD, Scripted(), settings(discord_token=token), guild_ready_timeout=0.0)


def telegram_bot(server: TelegramServer, token: str = telegram_server.TOKEN) -> Adapter:
    return TelegramAdapter(TELEGRAM, Scripted(), settings(telegram_token=token), api=server.root)


@pytest.mark.parametrize("lost", [BROKEN, Trouble(0)], ids=["500", "dropped"])
async def test_telegram_out_of_reach_at_start_is_said_once_and_tried_on(
    on_telegram: TelegramServer, lost: Trouble
) -> None:
    on_telegram.trouble("/getMe", *[lost] * 8)
    kept = Kept()
    async with kept.keeping(TELEGRAM, lambda: telegram_bot(on_telegram)):
        await kept.until_said(2)
        assert "can't be reached" in kept.said[0]
        assert "keep trying" in kept.said[0]
        assert "I am @TunesmithBot" in kept.said[1]
        await on_telegram.write("/tune")
        await on_telegram.answers()
    assert len(kept.pauses) == 8
    assert kept.pauses[0] < 2
    assert LONGEST_PAUSE <= kept.pauses[-1] <= 1.25 * LONGEST_PAUSE
    assert all(later > sooner for sooner, later in zip(kept.pauses[:6], kept.pauses[1:7], strict=True))


@pytest.mark.parametrize("path", ["/users/@me", "/gateway/bot"])
async def test_discord_out_of_reach_at_start_is_said_once_and_tried_on(
    on_discord: DiscordServer, path: str
) -> None:
    on_discord.trouble(path, *[AWAY] * 10)  # the library itself tries five times
    kept = Kept()
    async with kept.keeping(DISCORD, discord_bot):
        await kept.until_said(2)
        await on_discord.until_identified(1)
        await on_discord.answers(await on_discord.slash("tune"))
    assert sum("can't be reached" in line for line in kept.said) == 1
    assert kept.said[1].startswith("Discord: I am")
    assert kept.pauses


async def test_a_refused_connection_is_tried_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:1/api/v10")
    kept = Kept()
    async with DiscordServer() as server:
        sleep = asyncio.sleep
        monkeypatch.setattr(asyncio, "sleep", lambda _: sleep(0))
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway))
        async with kept.keeping(DISCORD, discord_bot):
            await kept.until_said(1)
            monkeypatch.setattr(discord.http.Route, "BASE", server.root + "/api/v10")
            await server.until_identified(1)


async def test_a_token_refused_at_start_is_final(
    on_telegram: TelegramServer, on_discord: DiscordServer
) -> None:
    del on_discord
    kept = Kept()
    async with kept.keeping(TELEGRAM, lambda: telegram_bot(on_telegram, "1:of-another")):
        await asyncio.wait_for(kept.done, 10)
    async with kept.keeping(DISCORD, lambda: discord_bot("not.the.token")):
        await asyncio.wait_for(kept.done, 10)
    assert ["refuses TELEGRAM_TOKEN" in kept.said[0], "refuses DISCORD_TOKEN" in kept.said[1]] == [True, True]
    assert kept.pauses == []


async def test_a_token_revoked_on_telegram_is_a_sentence_and_tried_every_few_minutes(
    on_telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    kept = Kept()
    async with kept.keeping(TELEGRAM, lambda: telegram_bot(on_telegram)):
        await kept.until_said(1)
        await on_telegram.until(lambda request: request.path == "/getUpdates")
        on_telegram.trouble("/getMe", UNAUTHORIZED)
        on_telegram.trouble("/getUpdates", UNAUTHORIZED)
        await on_telegram.write("/start")  # ends the poll that is under way
        await kept.until_said(4)
        await on_telegram.write("/tune")
        await on_telegram.answers(2)
    assert "no longer takes TELEGRAM_TOKEN" in kept.said[1]
    assert kept.said[-1] == "Telegram is back."
    assert all(REVOKED_PAUSE <= pause <= 1.25 * REVOKED_PAUSE for pause in kept.pauses)
    assert "Traceback" not in caplog.text


async def test_a_token_revoked_on_discord_is_a_sentence_and_tried_every_few_minutes(
    on_discord: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    kept = Kept()
    async with kept.keeping(DISCORD, discord_bot):
        await on_discord.until_identified(1)
        await on_discord.answers(await on_discord.slash("tune"))
        await on_discord.hang_up(4004)
        await kept.until_said(3)
        await on_discord.until_identified(2)
        await on_discord.answers(await on_discord.slash("tune"))
    assert "no longer takes DISCORD_TOKEN" in kept.said[1]
    assert kept.said[2] == "Discord is back."
    assert REVOKED_PAUSE <= kept.pauses[0] <= 1.25 * REVOKED_PAUSE
    assert "Traceback" not in caplog.text
