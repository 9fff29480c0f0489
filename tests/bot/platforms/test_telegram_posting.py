"""A post that answers nobody: a tune a day, in a private chat and in a group."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.telegram import TELEGRAM
from bot.platforms.telegram.adapter import TelegramAdapter
from generator.errors import FriendlyError
from tests.platforms.band import PICTURE, TUNE, WORDS, Scripted, settings, with_
from tests.platforms.server import Trouble
from tests.platforms.telegram_server import GROUP, PRIVATE, TOKEN, TelegramServer, shown

BLOCKED = Trouble(
    403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
)


@pytest.fixture
async def chat() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
        assert server.faults == []


@pytest.fixture
async def core(chat: TelegramServer) -> AsyncIterator[Scripted]:
    core = Scripted()
    bot = TelegramAdapter(TELEGRAM, core, settings(telegram_token=TOKEN), api=chat.root)
    await bot.start()
    yield core
    await bot.stop()
    assert core.posters == {}


@pytest.mark.parametrize("where", [PRIVATE, GROUP])
async def test_a_tune_is_posted_with_its_picture_and_files(
    chat: TelegramServer, core: Scripted, where: dict[str, object]
) -> None:
    reply = with_(attachments=(*TUNE.attachments, PICTURE))
    assert await core.posters["telegram"](str(where["id"]), reply)
    photo, midi = await chat.answers(2)
    assert (photo.path, midi.path) == ("/sendPhoto", "/sendDocument")
    assert photo.body["chat_id"] == str(where["id"])
    assert shown(photo.body["caption"]).startswith(WORDS)
    assert "reply_parameters" not in photo.body
    assert photo.body["reply_markup"]


async def test_a_chat_in_which_the_bot_is_blocked_is_told(chat: TelegramServer, core: Scripted) -> None:
    chat.trouble("/sendMessage", BLOCKED)
    assert not await core.posters["telegram"](str(PRIVATE["id"]), TUNE)


async def test_what_did_not_go_out_is_no_chat_that_is_gone(chat: TelegramServer, core: Scripted) -> None:
    later = Trouble(502, {"ok": False, "error_code": 502, "description": "Bad Gateway"})
    chat.trouble("/sendMessage", *[later] * 6)
    with pytest.raises(FriendlyError):
        await core.posters["telegram"](str(PRIVATE["id"]), TUNE)
