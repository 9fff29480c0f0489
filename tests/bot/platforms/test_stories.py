"""One story on each platform, from adding the bot to taking it out, on one database through a restart."""

import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

import discord
import pytest
import yarl

from bot import texts
from bot.core import Core
from bot.daily import Daily
from bot.platform import Adapter
from bot.platforms.discord import texts as on_discord
from bot.platforms.telegram import TELEGRAM
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.store import Place, Store
from bot.texts import community
from bot.translation.translator import say
from tests.bot.platforms.discord.bot import adapter as discord_adapter
from tests.bot.players import Clock, Copyist, Fiddler, settings
from tests.platforms.discord_server import CHANNEL, GUILD, DiscordServer
from tests.platforms.server import Request
from tests.platforms.telegram_server import GROUP, PERSON, PRIVATE, TOKEN, TelegramServer

TRUSTED = cache(ssl.create_default_context)
DAY = 86_400.0
SPEAK = discord.Permissions(view_channel=True, send_messages=True, attach_files=True)


@asynccontextmanager
async def running(folder: Path, clock: Clock, adapter_of: Callable[[Core], Adapter]) -> AsyncIterator[Core]:
    """The bot, from its start to its stop, on the database in a folder."""
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'tunes.db'}", clock, Random(clock.now))
    core = Core(settings(), store, Fiddler(), Copyist(), Random(7), calendar=clock)
    bot = adapter_of(core)
    await bot.start()
    try:
        yield core
    finally:
        await bot.stop()
        await store.close()


async def nights(core: Core, clock: Clock, posted: Callable[[], int]) -> list[int]:
    """Count what is posted after a midnight, when the clock is put back then, and after the next midnight."""
    before, counts = posted(), []
    midnight = (clock.now // DAY + 1) * DAY  # which is Dublin's in winter
    for moment in (midnight + 2000, midnight - 1000, midnight + DAY + 2000):
        clock.now = moment
        await Daily(core, core.posters, clock).turn()
        counts.append(posted() - before)
    return counts


class OnDiscord:
    """A server of people there, and what they see."""

    def __init__(self, server: DiscordServer) -> None:
        self.server = server

    async def says(self, command: str, **options: object) -> str:
        (answer,) = await self.server.answers(await self.server.slash(command, **options))  # type: ignore[arg-type]
        return str(answer.body["content"])

    async def presses(self, label: str, of: int = -1) -> str:
        (answer,) = await self.server.answers(await self.server.press(label, of=of))
        return str(answer.body["content"])

    async def turns(self, label: str, of: int = -1) -> dict[str, Any]:
        token = await self.server.press(label, of=of)
        (answer,) = await self.server.until(lambda r: r.path.endswith(f"{token}/callback"))
        page: dict[str, Any] = answer.body["data"]
        return page


@pytest.mark.parametrize("language", ["en", "de"])
async def test_on_discord(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    clock, said = Clock(), partial(say, language=language)
    async with DiscordServer() as server:
        server.locale = {"en": "en-GB"}.get(language, language)
        monkeypatch.setattr(discord.http.Route, "BASE", server.root + "/api/v10")
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway))
        people = OnDiscord(server)
        async with running(tmp_path, clock, discord_adapter):
            await server.add_to(GUILD, (CHANNEL, SPEAK))
            (hello,) = await server.until(lambda r: r.path == f"/channels/{CHANNEL}/messages")
            assert hello.body["content"] == on_discord.JOINED

            assert said("G major") in await people.says("tune", key="G", type="jig")
            await people.turns(said(texts.BUTTON_MORE))
            form = await people.turns(said(texts.BUTTON_OPTIONS))
            (reel,) = await server.answers(await server.fill_in_fields(form, key="Em", type="reel", line=""))
            assert said("E minor") in reel.body["content"]
            varied = await people.presses(said(texts.BUTTON_VARY))
            assert said("Kept: part A.") in varied
            assert said("From “x”").split("x")[0] in varied
            page = await people.turns(said(texts.like(0)))
            labels = [item["label"] for row in page["components"] for item in row["components"]]
            assert said(texts.like(1)) in labels

        async with running(tmp_path, clock, discord_adapter) as core:
            await people.turns(said(texts.BUTTON_MORE))
            await people.turns(said(texts.BUTTON_TRANSPOSE))
            (changed,) = await server.answers(await server.choose(said("A major")))
            assert said("A major") in changed.body["content"]
            assert "♥ 1" in await people.says("top")
            (book,) = await server.answers(await server.slash("book", what="here"))
            assert said("Our best tunes") in book.body["content"]
            assert sorted(name[-4:] for name in book.files) == [".abc", ".mid", ".pdf"]
            assert said("1 like") in await people.says("forget", sure="yes")
            assert await people.says("top") == said(community.NO_LIKES_HERE)
            assert "1. " in await people.says("recent"), "the music stays"

            manages = str(discord.Permissions(manage_guild=True).value)
            await people.says("settings", whose="here", zone="Europe/Dublin", permissions=manages)
            assert "0:30" in await people.says("daily", at="00:30", permissions=manages)
            posted = f"/channels/{CHANNEL}/messages"
            assert await nights(core, clock, lambda: len(server.sent(posted))) == [1, 1, 2]

            await server.take_out_of(GUILD)
            await server.answers(await server.slash("help", private=True))
        async with running(tmp_path, clock, discord_adapter) as core:
            assert await core.store.shelf.here(Place("discord", GUILD, CHANNEL), 9) == []
        assert server.faults == []


class OnTelegram:
    """A group of people there, and what they see."""

    def __init__(self, server: TelegramServer) -> None:
        self.server = server
        self._seen = 0

    async def says(self, text: str, chat: dict[str, Any] = GROUP) -> Request:
        self._seen = len(self.server.requests)
        await self.server.write(text, chat)
        return await self.answer()

    async def presses(self, message: Request, label: str, under: int) -> Request:
        """Press a button of a message, which has this id; give what is sent or edited then."""
        self._seen = len(self.server.requests)
        data = next(key["callback_data"] for key in keys(message) if key["text"] == label)
        await self.server.press(data, GROUP, message_id=under)
        return await self.answer()

    async def answer(self) -> Request:
        """Wait for words or buttons that have come since the last time."""
        paths = ("/sendMessage", "/sendPhoto", "/editMessageText", "/editMessageReplyMarkup")
        found = await self.server.until(lambda r: r.path in paths and self._is_new(r))
        return found[0]

    def _is_new(self, request: Request) -> bool:
        return any(request is each for each in self.server.requests[self._seen :])


def keys(message: Request) -> list[dict[str, str]]:
    return [key for row in json.loads(message.body["reply_markup"])["inline_keyboard"] for key in row]


@pytest.mark.parametrize("language", ["en", "de"])
async def test_on_telegram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    clock, said = Clock(), partial(say, language=language)
    monkeypatch.setitem(PERSON, "language_code", language)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(ssl, "create_default_context", TRUSTED)
    async with TelegramServer() as server:

        def adapter_of(core: Core) -> TelegramAdapter:
            return TelegramAdapter(TELEGRAM, core, settings(telegram_token=TOKEN), api=server.root)

        people = OnTelegram(server)
        async with running(tmp_path, clock, adapter_of):
            tune = await people.says("/tune jig in G")
            assert said("G major") in tune.body["text"]
            first = server.sent_ids[-1]
            await server.until(lambda r: r.path == "/sendDocument")
            page = await people.presses(tune, said(texts.BUTTON_MORE), first)
            page = await people.presses(page, said(texts.BUTTON_OPTIONS), first)
            page = await people.presses(page, said("Key") + ": G", first)
            page = await people.presses(page, "Em", first)
            other = await people.presses(page, said(texts.BUTTON_MAKE_IT), first)
            assert said("E minor") in other.body["text"]
            await server.until(lambda r: r.path == "/sendDocument", 2)
            other = await people.presses(other, said(texts.BUTTON_VARY), server.sent_ids[-2])
            assert said("Kept: part A.") in other.body["text"]
            second = server.sent_ids[-1]
            await server.until(lambda r: r.path == "/sendDocument", 3)
            page = await people.presses(other, said(texts.like(0)), second)
            assert said(texts.like(1)) in [key["text"] for key in keys(page)]

        async with running(tmp_path, clock, adapter_of) as core:
            page = await people.presses(page, said(texts.BUTTON_MORE), second)
            page = await people.presses(page, said(texts.BUTTON_TRANSPOSE), second)
            changed = await people.presses(page, said("A major"), second)
            assert (changed.path, changed.body["message_id"]) == ("/editMessageText", str(second))
            assert said("A major") in changed.body["text"]
            assert "♥ 1" in (await people.says("/top")).body["text"]
            assert said("Our best tunes") in (await people.says("/book here")).body["text"]
            await server.until(lambda r: r.path == "/sendMediaGroup")
            assert said("1 like") in (await people.says("/forget yes")).body["text"]
            assert (await people.says("/top")).body["text"] == said(community.NO_LIKES_HERE)
            assert "1. " in (await people.says("/recent")).body["text"], "the music stays"

            server.owners = {PERSON["id"]}
            await people.says("/settings here zone=Europe/Dublin")
            assert "0:30" in (await people.says("/daily 00:30")).body["text"]
            assert await nights(core, clock, lambda: len(server.sent("/sendMessage"))) == [1, 1, 2]

            await server.change_place(GROUP, "kicked")
            assert (await people.says("/help", PRIVATE)).body["chat_id"] == "42"
        async with running(tmp_path, clock, adapter_of) as core:
            assert await core.store.shelf.here(Place("telegram", str(GROUP["id"]), ""), 9) == []
        assert server.faults == []
