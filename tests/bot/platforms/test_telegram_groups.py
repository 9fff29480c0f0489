"""Telegram's own limits, counted by the server: 20 messages a minute in a group, kept by sending fewer."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.files import FILES
from bot.platforms.telegram import TELEGRAM, texts
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.reply import Attachment
from tests.bot.players import hum
from tests.platforms.band import PICTURE, TUNE, Scripted, settings, with_
from tests.platforms.server import Trouble
from tests.platforms.telegram_server import GROUP, TOKEN, TelegramServer, shown

WHOLE = with_(attachments=(*TUNE.attachments, PICTURE, Attachment("k.mp3", FILES["mp3"], hum(1.0, "mp3"))))


class Time:
    """A clock that goes on only while the bot pauses, in pauses that take no time.

    Attributes:
        pauses: seconds of each.
        paused: set once there was one.
        over: as long as it is not set, none ends.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []
        self.paused, self.over = asyncio.Event(), asyncio.Event()
        self.over.set()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.paused.set()
        await self.over.wait()
        self.now += max(0.0, seconds)
        await asyncio.sleep(0)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def core() -> Scripted:
    return Scripted(WHOLE)


@pytest.fixture
async def chat(core: Scripted, time: Time) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(time) as server:
        telegram = settings(telegram_token=TOKEN)
        bot = TelegramAdapter(TELEGRAM, core, telegram, api=server.root, clock=time, sleep=time.sleep)
        await bot.start()
        yield server
        await bot.stop()
        assert server.faults == []


async def test_a_busy_group_has_a_tune_in_one_message_that_says_where_the_rest_is(
    chat: TelegramServer, time: Time
) -> None:
    for count in range(1, 13):
        await chat.write("/tune", GROUP)
        await chat.until(lambda request: request.path == "/sendPhoto", count)
        if count == 1:
            await chat.answers(3)
    captions = [shown(photo.body["caption"]) for photo in chat.sent("/sendPhoto")]
    assert texts.BUSY not in captions[0]
    assert captions[-1].splitlines()[2] == texts.BUSY
    assert not time.pauses, "all within one minute's messages"
    await chat.write("/tune")
    *_, sound, midi = await chat.until(lambda request: request.body.get("chat_id") == "42", 3)
    assert [sound.path, midi.path] == ["/sendAudio", "/sendDocument"], "a private chat has no such limit"


async def test_twenty_who_ask_at_once_in_a_group_all_have_their_tune_within_its_minute(
    chat: TelegramServer, core: Scripted, time: Time
) -> None:
    core.slow = True
    for _ in range(20):
        await chat.write("/tune", GROUP)
    await core.until_asked(20)
    core.finish.set()
    await chat.until(lambda request: request.path == "/sendPhoto", 20)
    assert len(await chat.answers()) == 20
    assert not time.pauses


async def test_who_asks_beyond_a_groups_minute_waits_for_the_next(
    chat: TelegramServer, core: Scripted, time: Time
) -> None:
    core.slow = True
    for _ in range(21):
        await chat.write("/tune", GROUP)
    await core.until_asked(21)
    core.finish.set()
    await chat.until(lambda request: request.path == "/sendPhoto", 21)
    assert time.pauses == [60.0]


async def test_a_pause_that_telegram_asks_for_in_one_chat_holds_up_no_other(
    chat: TelegramServer, time: Time
) -> None:
    refusal = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 30"}
    chat.trouble("/sendPhoto", Trouble(429, refusal | {"parameters": {"retry_after": 30}}))
    time.over.clear()
    await chat.write("/tune", GROUP)
    async with asyncio.timeout(10):
        await time.paused.wait()
    await chat.write("/tune")
    await chat.until(lambda request: request.body.get("chat_id") == "42", 3)
    time.over.set()
    await chat.until(lambda request: request.path == "/sendPhoto", 3)
    assert [round(pause) for pause in time.pauses] == [30]
