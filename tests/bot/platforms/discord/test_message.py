"""Private messages, and those that mention the bot."""

import asyncio

from bot.asker import Asker
from tests.bot.platforms.discord.bot import (
    DROPPED_ON_THE_WAY_BACK,
    SHOWN,
)
from tests.platforms.band import MIDI, Scripted
from tests.platforms.discord_server import APPLICATION, CHANNEL, DM, GUILD, USER, DiscordServer


class TestAMessage:
    async def test_that_mentions_the_bot_is_answered_in_its_channel(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        await chat.say(f"<@{APPLICATION}> jig in Em")
        (answer,) = await chat.until(lambda request: request.path == f"/channels/{CHANNEL}/messages")
        assert core.asked == [("jig in Em", Asker("discord", USER, CHANNEL, GUILD))]
        assert answer.body["content"] == SHOWN
        assert answer.files == {"the-kettle-lid.mid": MIDI}

    async def test_that_is_deleted_is_composed_for_no_further(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        core.slow = True
        message = await chat.say(f"<@{APPLICATION}> jig in Em")
        await core.until_asked(1)
        await chat.unsay(message)
        async with asyncio.timeout(10):
            await core.dropped.wait()
        core.slow = False
        await chat.answers(await chat.slash("tune"))
        assert not [request for request in chat.requests if request.path == f"/channels/{CHANNEL}/messages"]

    async def test_in_private_is_answered(self, chat: DiscordServer, core: Scripted) -> None:
        await chat.say("/tune key=G", private=True)
        await chat.until(lambda request: request.path == f"/channels/{DM}/messages")
        assert core.asked == [("/tune key=G", Asker("discord", USER, DM, ""))]

    async def test_that_is_for_somebody_else_is_left_alone(self, chat: DiscordServer, core: Scripted) -> None:
        await chat.say("lovely weather")
        await chat.answers(await chat.slash("tune"))
        assert [asked for asked, _ in core.asked] == [("tune", {})]

    async def test_answered_twice_after_a_lost_connection_shows_once(self, chat: DiscordServer) -> None:
        chat.trouble("/messages", DROPPED_ON_THE_WAY_BACK)
        await chat.say("/tune", private=True)
        first, second = await chat.until(lambda request: request.path.endswith("/messages"), 2)
        assert first.body["nonce"] == second.body["nonce"]
        assert second.body["enforce_nonce"] is True
