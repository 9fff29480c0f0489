"""A command, an option, a file and a platform that are declared in one place arrive everywhere."""

import argparse
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any

import discord
import pytest
import yarl
from aiohttp import ClientSession
from pydantic import Field

from bot.asker import Asker
from bot.commands import COMMANDS, command_table
from bot.commands.command import Command, Tools
from bot.core import Core
from bot.files import FILES, FileKind, Look, file_table
from bot.platforms.discord import DISCORD
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.telegram import TELEGRAM
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.readme import with_tables
from bot.reply import Reply
from bot.store import Store
from bot.wiring import Workshop
from generator.cli import sample
from generator.compose.option import Option, Shown
from generator.compose.request import TuneRequest, options
from generator.render.renderers import Renderers
from tests.bot.players import Fiddler, core, settings, site_of
from tests.platforms.discord_server import TOKEN as DISCORD_TOKEN
from tests.platforms.discord_server import DiscordServer
from tests.platforms.telegram_server import TOKEN as TELEGRAM_TOKEN
from tests.platforms.telegram_server import TelegramServer

MARKERS = "".join(f"<!-- {name} -->\n<!-- /{name} -->\n" for name in ("commands", "files", "settings"))


@asynccontextmanager
async def on_discord(core: Core) -> AsyncIterator[DiscordServer]:
    """The bot on a local Discord."""
    with pytest.MonkeyPatch.context() as patch:
        async with DiscordServer() as server:
            patch.setattr(discord.http.Route, "BASE", server.root + "/api/v10")
            patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway))
            bot = DiscordAdapter(
                DISCORD, core, settings(discord_token=DISCORD_TOKEN), guild_ready_timeout=0.0
            )
            await bot.start()
            yield server
            await bot.stop()
            assert server.faults == []


@asynccontextmanager
async def on_telegram(core: Core) -> AsyncIterator[TelegramServer]:
    """The bot on a local Telegram."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        async with TelegramServer() as server:
            bot = TelegramAdapter(TELEGRAM, core, settings(telegram_token=TELEGRAM_TOKEN), api=server.root)
            await bot.start()
            yield server
            await bot.stop()
            assert server.faults == []


@asynccontextmanager
async def on_the_site(core: Core) -> AsyncIterator[ClientSession]:
    """A browser on the bot's site."""
    site = site_of(core)
    await site.start()
    async with ClientSession(site.url) as browser:
        yield browser
    await site.stop()


async def asked(browser: ClientSession, text: str) -> dict[str, Any]:
    async with browser.post("/api/chat", json={"text": text}) as response:
        answer: dict[str, Any] = await response.json()
        assert response.status == 200, answer
    return answer


async def shown(browser: ClientSession, path: str) -> str:
    async with browser.get(path) as response:
        assert response.status == 200
        return await response.text()


class TestACommand:
    @staticmethod
    async def strum(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
        assert "strum" in tools.commands
        return Reply(f"{asker.platform} strums {values['times']} times")

    @pytest.fixture
    def bot(self, store: Store, fiddler: Fiddler) -> Core:
        times = Option("times", int, "how often", minimum=1, maximum=9)
        strum = Command("strum", "strum the guitar", self.strum, {"times": times}, required=("times",))
        return core(store, fiddler, commands={**COMMANDS, "strum": strum})

    async def test_arrives_on_discord(self, bot: Core) -> None:
        async with on_discord(bot) as server:
            (answer,) = await server.answers(await server.slash("strum", times=3))
        assert answer.body["content"] == "discord strums 3 times"

    async def test_arrives_on_telegram(self, bot: Core) -> None:
        async with on_telegram(bot) as server:
            assert {"command": "strum", "description": "strum the guitar"} in server.menus[""]
            await server.write("/strum times=3")
            (answer,) = await server.answers()
        assert answer.body["text"] == "telegram strums 3 times"

    async def test_arrives_on_the_site_and_in_help(self, bot: Core) -> None:
        async with on_the_site(bot) as browser:
            assert (await asked(browser, "/strum times=3"))["text"] == "web strums 3 times"
            assert "/strum – strum the guitar" in (await asked(browser, "/help"))["text"]

    def test_arrives_in_the_readme(self, bot: Core) -> None:
        assert "| `/strum` | strum the guitar |" in with_tables(MARKERS, bot.commands)

    def test_without_an_answer_does_not_get_past_the_import(self) -> None:
        with pytest.raises(TypeError, match="answer"):
            Command("strum", "strum the guitar")  # type: ignore[call-arg]
        with pytest.raises(ValueError, match="requires an option"):
            Command("strum", "strum the guitar", self.strum, required=("times",))


class SwungRequest(TuneRequest):
    """A request with one more option."""

    swing: Annotated[int | None, Shown(("lilt",), left_out="as the type has it")] = Field(
        None, ge=50, le=75, description="percent of a beat before the off-beat"
    )


class TestAnOption:
    @pytest.fixture
    def bot(self, store: Store, fiddler: Fiddler) -> Core:
        return core(store, fiddler, commands=command_table(SwungRequest))

    async def test_arrives_on_discord_as_a_number_with_bounds(self, bot: Core, fiddler: Fiddler) -> None:
        async with on_discord(bot) as server:
            tune = next(command for command in server.commands if command["name"] == "tune")
            swing = next(option for option in tune["options"] if option["name"] == "swing")
            await server.answers(await server.slash("tune", swing=66))
        assert (swing["type"], swing["min_value"], swing["max_value"]) == (4, 50, 75)
        assert swing["description"] == "percent of a beat before the off-beat"
        assert fiddler.asked[0][0] == SwungRequest(swing=66)

    async def test_arrives_on_telegram_by_each_of_its_names(self, bot: Core, fiddler: Fiddler) -> None:
        async with on_telegram(bot) as server:
            await server.write("/tune jig swing=66")
            await server.write("/tune jig lilt 66")
            await server.write("/tune swing=99")
            answers = await server.answers(5)
        assert [request for request, _ in fiddler.asked] == [
            SwungRequest.of({"type": "jig", "swing": 66})
        ] * 2
        sentences = [answer.body.get("text") for answer in answers]
        assert "“99” won't do for swing; swing is a whole number from 50 to 75." in sentences

    async def test_arrives_on_the_site_and_in_help(self, bot: Core, fiddler: Fiddler) -> None:
        async with on_the_site(bot) as browser:
            page = await shown(browser, "/")
            first = await asked(browser, "/tune swing=66")
            await asked(browser, f"/another {first['tune']['id']}")
            assert "\nswing – percent of a beat" in (await asked(browser, "/help"))["text"]
        assert re.search(r'<input type="number" id="option-swing" name="swing"[^>]* min="50" max="75"', page)
        assert [request.model_dump()["swing"] for request, _ in fiddler.asked] == [66, 66]

    def test_arrives_in_the_readme(self, bot: Core) -> None:
        row = "| `swing` | percent of a beat before the off-beat | 50 to 75 | as the type has it |"
        assert row in with_tables(MARKERS, bot.commands)

    def test_arrives_on_the_command_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sample, "options", partial(options, SwungRequest))
        parser = argparse.ArgumentParser()
        sample.add(parser.add_subparsers())
        assert parser.parse_args(["sample", "--swing", "66"]).swing == "66"

    def test_that_says_too_little_does_not_get_past_the_start(self) -> None:
        class Unbounded(TuneRequest):
            volume: int = Field(5, description="how loud")

        class Untold(TuneRequest):
            volume: int = Field(5, ge=0, le=11)

        class Unread(TuneRequest):
            spread: list[int] = Field([], description="which strings")

        for request, fault in ((Unbounded, "bounds"), (Untold, "description"), (Unread, "Words")):
            with pytest.raises(TypeError, match=fault):
                command_table(request)


async def tablature(renderers: Renderers, abc: str, look: Look) -> bytes:
    return f"{(await renderers.desk.read(abc)).title} on the {look.instrument}".encode()


class TestAFile:
    TAB = FileKind("tab", "tablature", "text/x-tablature", "Tablature", tablature, chat_place=4)
    FILES = file_table([FILES["abc"], FILES["mid"], TAB])
    NAME = "the-kettle-on-the-hob.tab"
    DATA = b"The Kettle on the Hob on the banjo"

    @pytest.fixture
    async def bot(self, store: Store, fiddler: Fiddler) -> AsyncIterator[Core]:
        renderers = Renderers()
        renderers.desk.start()
        yield core(store, fiddler, Workshop(renderers, self.FILES), files=self.FILES)
        await renderers.stop()

    async def test_arrives_on_discord(self, bot: Core) -> None:
        async with on_discord(bot) as server:
            (answer,) = await server.answers(await server.slash("tune", instrument="banjo"))
        assert answer.files[self.NAME] == self.DATA

    async def test_arrives_on_telegram(self, bot: Core) -> None:
        async with on_telegram(bot) as server:
            await server.write("/tune banjo")
            _, files = await server.answers(2)
        assert files.files[self.NAME] == self.DATA

    async def test_arrives_on_the_site(self, bot: Core) -> None:
        async with on_the_site(bot) as browser:
            answer = await asked(browser, "/tune banjo")
            url = f"/t/{answer['tune']['id']}.tab"
            entry = {"name": self.NAME, "kind": "tablature", "label": "Tablature", "url": url}
            assert answer["attachments"][-1] == entry
            page = await shown(browser, f"/t/{answer['tune']['id']}")
            async with browser.get(url) as response:
                assert (response.content_type, await response.read()) == ("text/x-tablature", self.DATA)
        assert f'<a href="{url}" download>Tablature</a>' in page

    def test_arrives_in_the_readme(self) -> None:
        assert "| Tablature | `.tab` | yes | yes |" in with_tables(MARKERS, files=self.FILES)
