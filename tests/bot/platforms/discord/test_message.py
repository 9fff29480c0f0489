"""Private messages, and those that mention the bot."""

import asyncio

import pytest

from bot import texts
from bot.asker import Asker
from tests.bot.platforms.discord.bot import (
    DROPPED_ON_THE_WAY_BACK,
    SHOWN,
)
from tests.platforms.band import MIDI, Scripted, with_
from tests.platforms.discord_server import APPLICATION, CHANNEL, DM, GUILD, USER, DiscordServer
from tests.platforms.server import Trouble


class TestAMessage:
    async def test_that_mentions_the_bot_is_answered_in_its_channel(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        await chat.say(f"<@{APPLICATION}> jig in Em")
        (answer,) = await chat.until(lambda request: request.path == f"/channels/{CHANNEL}/messages")
        assert core.asked == [
            (("tune", {"type": "jig", "key": "Em"}), Asker("discord", USER, CHANNEL, GUILD))
        ]
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
        assert core.asked == [(("tune", {"key": "G"}), Asker("discord", USER, DM, ""))]

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

    @pytest.mark.parametrize(
        "text",
        [f"<@{APPLICATION}>, a jig in Em please!", f"could you play a jig in Em, <@{APPLICATION}>?"],
    )
    async def test_is_understood_whatever_stands_around_the_order(
        self, chat: DiscordServer, core: Scripted, text: str
    ) -> None:
        await chat.say(text)
        await chat.until(lambda request: request.path.endswith("/messages"))
        assert core.asked[0][0] == ("tune", {"type": "jig", "key": "Em"})

    async def test_that_replies_to_the_bot_asks_like_one_that_mentions_it(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        await chat.say("another one please", replying=True)
        await chat.until(lambda request: request.path.endswith("/messages"))
        assert core.asked[0][0] == ("another", {})

    async def test_where_the_history_may_not_be_read_is_answered_without_a_reply(
        self, chat: DiscordServer
    ) -> None:
        refused = {"message": "Cannot reply without permission to read message history", "code": 160002}
        chat.trouble("/messages", Trouble(400, refused))
        await chat.say(f"<@{APPLICATION}> jig in G")
        _, plain = await chat.until(lambda request: request.path.endswith("/messages"), 2)
        assert "message_reference" not in plain.body
        assert plain.files == {"the-kettle-lid.mid": MIDI}


class TestTalk:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            (f"<@{APPLICATION}> you are lovely", texts.TALK),
            (f"thanks <@{APPLICATION}>!", texts.MY_PLEASURE),
            (f"<@{APPLICATION}> thank you so much", texts.MY_PLEASURE),
        ],
    )
    async def test_to_the_bot_gets_one_friendly_line(
        self, chat: DiscordServer, core: Scripted, text: str, line: str
    ) -> None:
        await chat.say(text)
        (answer,) = await chat.until(lambda request: request.path.endswith("/messages"))
        assert answer.body["content"] == line
        assert not core.asked

    async def test_of_the_bot_gets_silence(self, chat: DiscordServer, core: Scripted) -> None:
        await chat.say(f"I love <@{APPLICATION}>")
        await chat.say("what a lovely reel", replying=True)
        await chat.say(f"<@{APPLICATION}> jig in G")
        (answer,) = await chat.until(lambda request: request.path.endswith("/messages"))
        assert answer.body["content"] == SHOWN
        assert len(core.asked) == 1


class TestAnEditedMessage:
    async def test_is_answered_anew_in_place(self, chat: DiscordServer, core: Scripted) -> None:
        message = await chat.say(f"<@{APPLICATION}> jig in G")
        await chat.until(lambda request: request.path.endswith("/messages"))
        core.reply = with_(title="The Second Thought")
        await chat.edit(message, f"<@{APPLICATION}> reel in D")
        (anew,) = await chat.until(lambda request: request.method == "PATCH")
        assert core.asked[1][0] == ("tune", {"type": "reel", "key": "D"})
        assert anew.body["content"].startswith("The Second Thought")
        assert anew.files == {"the-kettle-lid.mid": MIDI}
        assert len(chat.sent("/messages")) == 1

    async def test_while_its_tune_is_composed_gets_the_new_one_alone(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        core.slow = True
        message = await chat.say(f"<@{APPLICATION}> jig in G")
        await core.until_asked(1)
        await chat.edit(message, f"<@{APPLICATION}> reel in D")
        await core.until_asked(2)
        assert core.dropped.is_set()
        core.finish.set()
        await chat.until(lambda request: request.path.endswith("/messages"))
        await chat.answers(await chat.slash("help"))
        assert len([request for request in chat.requests if "/messages" in request.path]) == 1

    async def test_that_was_talk_is_answered_once_it_is_an_order(self, chat: DiscordServer) -> None:
        message = await chat.say(f"I love <@{APPLICATION}>")
        await chat.edit(message, f"<@{APPLICATION}> jig in G")
        (answer,) = await chat.until(lambda request: request.path.endswith("/messages"))
        assert answer.body["content"] == SHOWN

    async def test_to_which_discord_only_adds_a_preview_is_left_alone(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        message = await chat.say("/tune key=G", private=True)
        await chat.until(lambda request: request.path.endswith("/messages"))
        await chat.unfurl(message)
        await chat.answers(await chat.slash("help"))
        assert [asked for asked, _ in core.asked] == [("tune", {"key": "G"}), ("help", {})]

    async def test_deleted_while_it_waits_takes_the_word_on_waiting_with_it(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        core.slow, core.news = True, "12 are before you; about 30 s to go."
        message = await chat.say(f"<@{APPLICATION}> jig in G")
        await chat.until(lambda request: request.path.endswith("/messages"))
        await chat.unsay(message)
        (gone,) = await chat.until(lambda request: request.method == "DELETE")
        assert gone.path.startswith(f"/channels/{CHANNEL}/messages/")
