"""What goes wrong on the way to Discord and back."""

import pytest

from bot import texts
from bot.platforms.discord import texts as own
from tests.bot.platforms.discord.bot import DROPPED, DROPPED_ON_THE_WAY_BACK, SHOWN, SLOWER, adapter
from tests.platforms.band import LINK, MIDI, Scripted
from tests.platforms.discord_server import APPLICATION, GUILD, DiscordServer
from tests.platforms.server import Trouble


class TestTrouble:
    """What goes wrong on the way; the bot goes on, and people get what can be given."""

    @pytest.mark.parametrize("lost", [DROPPED, DROPPED_ON_THE_WAY_BACK], ids=["request", "response"])
    async def test_a_follow_up_that_was_lost_is_filled_in_and_never_doubled(
        self, chat: DiscordServer, lost: Trouble
    ) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", lost)
        post, patch = await chat.answers(token, 2)
        assert (post.method, patch.method) == ("POST", "PATCH")
        assert patch.path.endswith("/messages/@original")
        assert patch.body["content"] == SHOWN
        assert patch.files == {"the-kettle-lid.mid": MIDI}

    async def test_a_follow_up_that_is_never_confirmed_is_filled_in(
        self, server: DiscordServer, core: Scripted
    ) -> None:
        bot = adapter(core, patience=0.2)
        await bot.start()
        token = await server.slash("tune")
        server.trouble(f"/{APPLICATION}/{token}", Trouble(-1))
        _, patch = await server.answers(token, 2)
        assert patch.body["content"] == SHOWN
        await bot.stop()

    @pytest.mark.parametrize("lost", [DROPPED, DROPPED_ON_THE_WAY_BACK], ids=["request", "response"])
    async def test_an_acknowledgement_that_was_lost_is_sent_again(
        self, chat: DiscordServer, lost: Trouble
    ) -> None:
        chat.trouble("/callback", lost)
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.body["content"] == SHOWN

    async def test_an_interaction_that_is_over_asks_for_no_tune(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        chat.trouble("/callback", Trouble(404, {"message": "Unknown interaction", "code": 10062}))
        await chat.slash("tune", key="D")
        await chat.answers(await chat.slash("tune", key="G"))
        assert [asked for asked, _ in core.asked] == [("tune", {"key": "G"})]

    async def test_a_flood_is_waited_out(self, chat: DiscordServer) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", *[Trouble(429, SLOWER, {"Via": "1.1 google"})] * 3)
        assert [answer.files for answer in await chat.answers(token, 4)] == [{"the-kettle-lid.mid": MIDI}] * 4

    async def test_a_ban_from_the_door_is_not_hammered(self, chat: DiscordServer) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", Trouble(429, {"message": "You are banned for a while"}))
        await chat.answers(token)
        await chat.answers(await chat.slash("tune"))
        assert len(await chat.answers(token)) == 1

    @pytest.mark.usefixtures("no_waiting")
    async def test_a_server_error_is_tried_again(self, chat: DiscordServer) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", Trouble(500), Trouble(502))
        assert (await chat.answers(token, 3))[2].body["content"] == SHOWN

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (403, {"message": "Missing Permissions", "code": 50013}),
            (413, {"message": "Request entity too large", "code": 40005}),
            (400, {"message": "Invalid Form Body", "code": 50035}),
        ],
    )
    async def test_where_files_are_refused_the_words_and_the_link_still_come(
        self, chat: DiscordServer, status: int, error: dict[str, object]
    ) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", Trouble(status, error))
        _, words = await chat.answers(token, 2)
        assert words.body["content"].startswith(SHOWN)
        assert LINK in words.body["content"]
        note = own.MAY_NOT_ATTACH if status == 403 else texts.NO_FILES
        assert words.body["content"].endswith(note)
        assert words.files == {}

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (404, {"message": "Unknown Message", "code": 10008}),
            (404, {"message": "Unknown Channel", "code": 10003}),
            (404, {"message": "Unknown Webhook", "code": 10015}),
            (403, {"message": "Missing Access", "code": 50001}),
        ],
    )
    async def test_where_nobody_is_left_to_answer_the_next_one_is(
        self, chat: DiscordServer, status: int, error: dict[str, object]
    ) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", *[Trouble(status, error)] * 2)
        await chat.answers(token)
        assert (await chat.answers(await chat.slash("tune")))[0].body["content"] == SHOWN

    @pytest.mark.usefixtures("no_waiting")
    async def test_a_broken_gateway_is_joined_again(self, chat: DiscordServer) -> None:
        await chat.answers(await chat.slash("tune"))
        await chat.hang_up(4000)
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.body["content"] == SHOWN
        assert [data["op"] for data in chat.identified] == [2, 6]

    async def test_a_guild_that_removes_the_bot_is_let_go(self, chat: DiscordServer) -> None:
        await chat.dispatch("GUILD_DELETE", {"id": GUILD})
        (answer,) = await chat.answers(await chat.slash("tune", private=True))
        assert answer.body["content"] == SHOWN
