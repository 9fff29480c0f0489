"""The menu of slash commands: what is registered, and what is suggested."""

from typing import Any

import discord
import pytest
from discord import app_commands

from bot.commands import COMMANDS
from bot.commands.command import Command
from bot.platforms.discord.slash_commands import Tree
from bot.platforms.discord.texts import FILE_OPTION
from generator.compose.key_suggestions import suggested_keys
from generator.compose.model import model_names
from generator.compose.option import Option
from generator.music.keys import Key
from tests.bot.platforms.discord.bot import adapter, nothing, option_of
from tests.platforms.band import Scripted
from tests.platforms.discord_server import TOKEN, DiscordServer
from tests.platforms.house import house
from tests.platforms.server import Trouble


async def never(*_: object) -> Any:
    """Answer nobody: nobody asks."""


class TestTheMenu:
    async def test_has_every_command_and_option_of_the_table(self, chat: DiscordServer) -> None:
        slash = [command for command in chat.commands if command["type"] == 1]
        assert [command["name"] for command in slash] == list(COMMANDS)
        for command in slash:
            assert command["description"] == COMMANDS[command["name"]].help
            assert set(command["contexts"]) == {0, 1, 2}
            assert set(command["integration_types"]) == {0, 1}
            table = COMMANDS[command["name"]].options
            options = {option["name"]: option for option in command["options"]}
            files = {"file": FILE_OPTION} if COMMANDS[command["name"]].takes_file else {}
            assert {name: option["description"] for name, option in options.items()} == {
                **{name: option.help for name, option in table.items()},
                **files,
            }

    async def test_has_typed_options_with_bounds_and_choices(self, chat: DiscordServer) -> None:
        temp = option_of(chat, "tune", "temp")
        assert (temp["type"], temp["min_value"], temp["max_value"]) == (10, 0.2, 1.5)
        bars = option_of(chat, "tune", "bars")
        assert (bars["type"], [choice["value"] for choice in bars["choices"]]) == (4, [4, 8, 16])  # type: ignore[attr-defined]
        assert option_of(chat, "tune", "key")["autocomplete"] is True
        assert "required" not in option_of(chat, "abc", "abc")  # or there is a form
        assert option_of(chat, "abc", "file")["type"] == 11

    async def test_takes_up_what_is_added_to_the_table(self, server: DiscordServer) -> None:
        many = tuple(f"tune book {number}" for number in range(30))
        options = {
            "volume": Option("volume", int, "how loud", 5, minimum=0, maximum=11),
            "book": Option("book", str, "where from", choices=many),
        }
        strum = Command("strum", "strum along", nothing, options, required=("volume",))
        core = Scripted(commands={**COMMANDS, "strum": strum})
        bot = adapter(core)
        await bot.start()
        assert option_of(server, "strum", "volume")["max_value"] == 11
        suggested = await server.complete("strum", "book", "book 2")
        assert [choice["value"] for choice in suggested] == [name for name in many if "book 2" in name]
        await server.answers(await server.slash("strum", volume=11, book="tune book 7"))
        assert core.asked[0][0] == ("strum", {"volume": 11, "book": "tune book 7"})
        await bot.stop()

    async def test_is_registered_again_only_when_it_changed(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        async def registrations_after_another_start() -> int:
            bot = adapter(core)
            await bot.start()
            await bot.stop()
            return sum(request.method == "PUT" for request in chat.requests)

        assert await registrations_after_another_start() == 1
        core.commands = {**COMMANDS, "help": Command("help", "what else you can ask for", nothing)}
        assert await registrations_after_another_start() == 2

    async def test_in_other_languages_is_registered_once_too(self, server: DiscordServer) -> None:
        class German(app_commands.Translator):
            async def translate(
                self, string: app_commands.locale_str, locale: discord.Locale, _: object
            ) -> str | None:
                return "lied" if locale is discord.Locale.german and string.message == "tune" else None

        for _ in range(2):
            client = discord.Client(intents=discord.Intents.none())
            await client.login(TOKEN)
            tree = Tree(client, {"tune": Command("tune", "compose", nothing)}, never, never, never)
            for command in tree.get_commands():
                if isinstance(command, app_commands.Command):
                    command._locale_name = app_commands.locale_str("tune")
            await tree.set_translator(German())
            await tree.sync_if_changed()
            await client.close()
        assert sum(request.method == "PUT" for request in server.requests) == 1
        assert server.commands[0]["name_localizations"] == {"de": "lied"}

    @pytest.mark.parametrize(
        ("typed", "first"),
        [("e m", ("E minor", "Em")), ("Bb", ("Bb major", "Bb")), ("f# d", ("F# dorian", "F#dor"))],
    )
    async def test_suggests_keys(self, chat: DiscordServer, typed: str, first: tuple[str, str]) -> None:
        choices = await chat.complete("tune", "key", typed)
        assert (choices[0]["name"], choices[0]["value"]) == first

    def test_suggests_only_keys_that_exist_and_all_of_them(self) -> None:
        found = {value for tonic in "ABCDEFG" for _, value in suggested_keys(tonic)}
        assert all(Key.read(value).abc == value for value in found)
        assert len(found) == 4 * 15  # four modes, seven flats to seven sharps
        assert suggested_keys("xyz") == []

    async def test_that_a_client_still_shows_after_a_change_is_explained(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        chat.commands.append({"id": "1", "name": "hum", "options": []})
        await chat.slash("hum")
        (answer,) = await chat.until(lambda request: request.path.endswith("/callback"))
        assert "has changed" in answer.body["data"]["content"]
        assert core.asked == []

    async def test_suggests_ones_own_tunes_by_title_where_another_wants_an_id(
        self, server: DiscordServer
    ) -> None:
        async with house("a stand-in") as core:
            bot = adapter(core)
            await bot.start()
            for key in ("G", "D"):
                await server.answers(await server.slash("tune", key=key))
            theirs = await server.complete("another", "tune", "")
            saved = [await core.saved(choice["value"]) for choice in theirs]
            by_id = await server.complete("another", "tune", theirs[1]["value"])
            none = await server.complete("another", "tune", "no tune is called so")
            await bot.stop()
        assert [tune.tune.key for tune in saved if tune] == ["D", "G"]
        assert [choice["name"] for choice in theirs] == [tune.tune.title for tune in saved if tune]
        assert by_id == theirs[1:]
        assert none == []

    async def test_suggests_the_models_that_are_installed(self, chat: DiscordServer) -> None:
        suggested = await chat.complete("tune", "model", "")
        assert [choice["value"] for choice in suggested] == list(model_names())

    @pytest.mark.parametrize(
        "trouble", [Trouble(404, {"message": "Unknown interaction", "code": 10062}), Trouble(0)]
    )
    async def test_whose_suggestions_come_too_late_says_so_without_a_trace(
        self, chat: DiscordServer, caplog: pytest.LogCaptureFixture, trouble: Trouble
    ) -> None:
        chat.trouble("/callback", trouble)
        await chat.complete("tune", "key", "G")
        await chat.answers(await chat.slash("help"))
        assert [record for record in caplog.records if record.exc_info] == []
