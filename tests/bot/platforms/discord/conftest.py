"""A local Discord, and the bot on it."""

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest
import yarl

from tests.bot.platforms.discord.bot import adapter
from tests.platforms.band import Scripted
from tests.platforms.discord_server import DiscordServer


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    """Discord, with no bot connected yet."""
    async with DiscordServer() as server:
        monkeypatch.setattr(discord.http.Route, "BASE", server.root + "/api/v10")
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway))
        yield server
        assert server.faults == [], "Discord's specification does not know this"


@pytest.fixture
def core() -> Scripted:
    return Scripted()


@pytest.fixture
async def chat(server: DiscordServer, core: Scripted) -> AsyncIterator[DiscordServer]:
    """Discord, with the bot connected."""
    bot = adapter(core)
    await bot.start()
    yield server
    await bot.stop()


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's own waits between its tries take no time."""
    sleep = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda _: sleep(0))
