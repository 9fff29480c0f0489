"""How a reply looks on Discord, and Discord's limits on it."""

import discord
import pytest

from bot import texts
from bot.files import FILES
from bot.platforms.discord import texts as own
from bot.reply import Attachment, Button, Reply
from generator.errors import RequestError
from tests.bot.platforms.discord.bot import EPHEMERAL, SHOWN, WORDS
from tests.platforms.band import ABC, LINK, MIDI, PICTURE, SOUND, TUNE, Scripted, with_
from tests.platforms.discord_gateway import ALLOWED
from tests.platforms.discord_server import APPLICATION, DiscordServer


class TestAReply:
    async def test_to_a_wrong_wish_is_its_sentence(self, chat: DiscordServer, core: Scripted) -> None:
        core.reply = RequestError("“hot” won't do for temp; temp is a number from 0.2 to 1.5.")
        thinking, answer = await chat.answers(await chat.slash("tune"), 2)
        assert thinking.method == "DELETE"
        assert answer.body["content"] == str(core.reply)
        assert answer.body["flags"] == EPHEMERAL

    async def test_holds_picture_and_sound_in_the_same_message(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        core.reply = with_(attachments=(*TUNE.attachments, PICTURE, SOUND))
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.files == {file.name: file.data for file in (*TUNE.attachments[1:], PICTURE, SOUND)}

    async def test_has_long_abc_as_a_file(self, chat: DiscordServer, core: Scripted) -> None:
        abc = ABC + "\n" + "|:GAB d2B|c2A B2G|" * 120
        file = Attachment("long.abc", FILES["abc"], abc.encode())
        core.reply = with_(abc=abc, attachments=(file, TUNE.attachments[1]))
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.body["content"] == WORDS
        assert answer.files == {"long.abc": abc.encode(), "the-kettle-lid.mid": MIDI}

    async def test_has_tall_abc_as_a_file_so_that_picture_and_player_come_first(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        abc = ABC + "\n|:GAB d2B|c2A B2G|" * 6
        core.reply = with_(abc=abc, attachments=(PICTURE, SOUND))
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.body["content"] == WORDS
        assert list(answer.files) == [PICTURE.name, SOUND.name, "tune.abc"]

    @pytest.mark.parametrize("abc", ["K:C\n" + "C" * 2000, "K:C\n```C"], ids=["long", "breaks out"])
    async def test_has_abc_as_a_file_even_if_the_core_attached_none(
        self, chat: DiscordServer, core: Scripted, abc: str
    ) -> None:
        core.reply = with_(abc=abc, attachments=())
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.files == {"tune.abc": abc.encode()}

    async def test_has_a_link_too_long_for_a_button_in_its_text(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        link = f"{LINK}?def={'x' * 512}"
        core.reply = with_(buttons=(Button("See and hear it", url=link),))
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.body["content"] == f"{WORDS}\n[See and hear it](<{link}>)\n```\n{ABC}\n```"
        assert "components" not in answer.body

    async def test_longer_than_a_message_goes_on_in_a_file(self, chat: DiscordServer, core: Scripted) -> None:
        core.reply = Reply("la " * 1000)
        (answer,) = await chat.answers(await chat.slash("help"))
        assert len(answer.body["content"]) <= 2000
        assert answer.files == {"answer.txt": b"la " * 1000}

    async def test_does_without_a_file_that_is_too_large_and_says_so(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        chat.filesize_limit = 1000
        core.reply = with_(attachments=(Attachment("long.mp3", FILES["mp3"], bytes(1001)), PICTURE))
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.files == {PICTURE.name: PICTURE.data}
        assert "(long.mp3 is too large for this chat.)" in answer.body["content"]

    async def test_keeps_to_the_limits_on_buttons(self, chat: DiscordServer, core: Scripted) -> None:
        twice = Button("Again", command="/another k3Xw9bQz")
        long = Button("Far", command="/tune start=" + "G" * 100)
        core.reply = with_(buttons=(twice, twice, long, *TUNE.buttons[1:] * 30))
        (answer,) = await chat.answers(await chat.slash("tune"))
        rows = [row["components"] for row in answer.body["components"]]
        assert sum(map(len, rows)) == 25
        assert [item["label"] for row in rows for item in row].count("Again") == 1

    async def test_shows_a_title_as_it_is_and_pings_nobody(self, chat: DiscordServer, core: Scripted) -> None:
        core.reply = Reply("The *Starry* _Reel_ @everyone")
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.body["content"] == r"The \*Starry\* \_Reel\_ @everyone"
        assert answer.body["allowed_mentions"] == {"parse": []}

    async def test_where_files_are_not_allowed_names_the_permission_once(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        chat.allowed = discord.Permissions(view_channel=True, send_messages=True)
        core.reply = with_(attachments=(PICTURE, SOUND))
        (first,) = await chat.answers(await chat.slash("tune"))
        assert first.body["content"] == f"{SHOWN}\n{own.MAY_NOT_ATTACH}"
        assert "“Attach Files”" in own.MAY_NOT_ATTACH
        assert first.body["components"]
        (second,) = await chat.answers(await chat.slash("tune"))
        assert second.body["content"] == f"{SHOWN}\n{texts.NO_FILES}"
        chat.allowed = ALLOWED
        (third,) = await chat.answers(await chat.slash("tune"))
        assert set(third.files) == {PICTURE.name, SOUND.name}

    async def test_to_a_mention_where_files_are_not_allowed_names_the_permission(
        self, chat: DiscordServer
    ) -> None:
        chat.allowed = discord.Permissions(view_channel=True, send_messages=True)
        await chat.say(f"<@{APPLICATION}> jig in G")
        _, words = await chat.until(lambda request: request.path.endswith("/messages"), 2)
        assert words.body["content"].endswith(own.MAY_NOT_ATTACH)
        assert LINK in words.body["content"]
