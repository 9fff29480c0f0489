"""Coming into a server and going from it, and the menu on a message."""

from collections.abc import AsyncIterator

import discord
import pytest

from bot.platforms.discord import texts as own
from bot.store import Place
from bot.store.preferences import COMMUNITY
from bot.texts import community
from tests.bot.platforms.discord.bot import EPHEMERAL, adapter
from tests.bot.players import JIG
from tests.platforms.band import Scripted
from tests.platforms.discord_server import APPLICATION, CHANNEL, GUILD, DiscordServer
from tests.platforms.house import house

SPEAK = discord.Permissions(view_channel=True, send_messages=True)
LOOK = discord.Permissions(view_channel=True)
NEW = "2000000000000000009"


class TestAServerThatAddsTheBot:
    async def test_is_greeted_once_in_the_first_channel_where_it_may_speak(self, chat: DiscordServer) -> None:
        for _ in range(2):
            await chat.add_to(NEW, ("31", discord.Permissions()), ("32", LOOK), ("33", SPEAK), ("34", SPEAK))
            await chat.take_out_of(NEW)
        await chat.until(lambda request: request.path.endswith("/messages"))
        await chat.answers(await chat.slash("tune"))
        said = [request for request in chat.requests if request.path.endswith("/messages")]
        assert [(one.path, one.body["content"]) for one in said] == [("/channels/33/messages", own.JOINED)]

    async def test_that_lets_it_speak_nowhere_is_not_greeted(self, chat: DiscordServer) -> None:
        await chat.add_to(NEW, ("32", LOOK))
        await chat.answers(await chat.slash("tune"))
        assert not [request for request in chat.requests if request.path.endswith("/messages")]


async def test_what_was_a_servers_goes_when_it_takes_the_bot_out(server: DiscordServer) -> None:
    async with house("a stand-in") as core:
        bot = adapter(core)
        await bot.start()
        await server.answers(await server.slash("tune"))
        await core.store.preferences.put("discord", COMMUNITY, GUILD, {"key": "D"})
        await server.add_to(GUILD, ("31", SPEAK))
        await server.take_out_of(GUILD)
        await server.answers(await server.slash("help", guild=NEW))
        await bot.stop()
        left = await core.store.preferences.of("discord", COMMUNITY, GUILD)
        tunes = await core.store.shelf.here(Place("discord", GUILD, ""), 9)
    assert (left, tunes) == ({}, [])


class TestPlayThisAbc:
    @pytest.fixture
    async def session(self, server: DiscordServer) -> AsyncIterator[DiscordServer]:
        """Discord, with the bot's own core."""
        async with house("a stand-in") as core:
            bot = adapter(core)
            await bot.start()
            yield server
            await bot.stop()

    @pytest.mark.parametrize(
        "text",
        [JIG, f"```\n{JIG}```", f"Look at this:\n```abc\n{JIG}```\nIsn't it fine?", f"Look!\n{JIG}"],
    )
    async def test_plays_what_somebody_wrote(self, session: DiscordServer, text: str) -> None:
        (answer,) = await session.answers(await session.pick_in_menu(own.PLAY_ABC, text))
        assert answer.body["content"].startswith("The Kettle on the Hob")
        assert any(name.endswith(".mid") for name in answer.files)

    async def test_plays_a_file(self, session: DiscordServer) -> None:
        file = session.attach("kettle.abc", JIG.encode())
        (answer,) = await session.answers(await session.pick_in_menu(own.PLAY_ABC, "have a look", file))
        assert answer.body["content"].startswith("The Kettle on the Hob")

    async def test_says_to_the_asker_alone_that_there_is_none(self, session: DiscordServer) -> None:
        token = await session.pick_in_menu(own.PLAY_ABC, "See you at the Kettle on Friday?")
        (said,) = await session.until(lambda request: request.path.endswith(f"{token}/callback"))
        assert (said.body["data"]["content"], said.body["data"]["flags"]) == (own.NO_ABC, EPHEMERAL)


async def test_the_menu_on_a_message_is_for_everybody_everywhere(chat: DiscordServer, core: Scripted) -> None:
    (entry,) = [command for command in chat.commands if command["type"] == 3]
    assert (entry["name"], set(entry["contexts"]), set(entry["integration_types"])) == (
        own.PLAY_ABC,
        {0, 1, 2},
        {0, 1},
    )


@pytest.mark.parametrize("known", [True, False])
async def test_who_manages_a_server_may_set_what_counts_there_by_a_mention(
    server: DiscordServer, known: bool
) -> None:
    async with house("a stand-in") as core:
        bot = adapter(core)
        await bot.start()
        if known:  # with the person as its owner
            await server.add_to(GUILD, ("31", SPEAK))
        await server.say(f"<@{APPLICATION}> /settings here key=D")
        (answer,) = await server.until(lambda r: r.path == f"/channels/{CHANNEL}/messages")
        await bot.stop()
        assert (answer.body["content"] == community.ONLY_MANAGERS) != known
        assert await core.store.preferences.of("discord", COMMUNITY, GUILD) == ({"key": "D"} if known else {})
