"""A post that answers nobody: a tune a day."""

import pytest

from generator.errors import FriendlyError
from tests.bot.platforms.discord.bot import SHOWN, adapter
from tests.platforms.band import TUNE, Scripted
from tests.platforms.discord_server import CHANNEL, DiscordServer
from tests.platforms.server import Trouble

PATH = f"/channels/{CHANNEL}/messages"


async def test_a_tune_is_posted_with_its_files_and_buttons(chat: DiscordServer, core: Scripted) -> None:
    assert await core.posters["discord"](CHANNEL, TUNE)
    (posted,) = await chat.until(lambda request: request.path == PATH)
    assert posted.body["content"] == SHOWN
    assert posted.files
    assert posted.body["components"]
    assert "message_reference" not in posted.body


@pytest.mark.parametrize(("status", "code"), [(404, 10003), (403, 50001)])
async def test_a_channel_that_is_gone_is_told(
    chat: DiscordServer, core: Scripted, status: int, code: int
) -> None:
    trouble = Trouble(status, {"code": code, "message": "no"})
    chat.trouble("/messages", trouble, trouble)
    assert not await core.posters["discord"](CHANNEL, TUNE)


async def test_where_files_are_forbidden_the_words_go_out(chat: DiscordServer, core: Scripted) -> None:
    chat.trouble("/messages", Trouble(403, {"code": 50013, "message": "Missing Permissions"}))
    assert await core.posters["discord"](CHANNEL, TUNE)
    _, words = await chat.until(lambda request: request.path == PATH, 2)
    assert words.body["content"].startswith(SHOWN[:20])
    assert not words.files


async def test_what_did_not_go_out_is_no_place_that_is_gone(
    chat: DiscordServer, core: Scripted, no_waiting: None
) -> None:
    chat.trouble("/messages", *[Trouble(500, {"message": "later"})] * 5)
    with pytest.raises(FriendlyError):
        await core.posters["discord"](CHANNEL, TUNE)


async def test_a_bot_that_stopped_posts_nothing(server: DiscordServer, core: Scripted) -> None:
    bot = adapter(core)
    await bot.start()
    assert "discord" in core.posters
    await bot.stop()
    assert core.posters == {}
