"""The ways in that keep a tune whole on Telegram: a file, a reply, a paste in two messages."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from functools import cache

import pytest

from bot import texts
from bot.core import Core
from bot.platforms.telegram import TELEGRAM
from bot.platforms.telegram import texts as own
from bot.platforms.telegram.adapter import TelegramAdapter
from generator.music.files.opened import NO_TUNE
from tests.generator.music.files.made import HOSTILE, ONE_VOICE, SCORE, TUNE, packed
from tests.platforms.band import settings
from tests.platforms.house import COMPOSERS, house
from tests.platforms.server import Request, Trouble
from tests.platforms.telegram_server import BOT, GROUP, TOKEN, TelegramServer, shown

TRUSTED = cache(ssl.create_default_context)
BARS = "GAB d2e|gfe d2B|c2A B2G|AFD G3|\n"
HEAD = "X:1\nT:The Long Gate\nM:6/8\nL:1/8\nK:G\n"
FIRST = (HEAD + BARS * 150)[:4090].rsplit("\n", 1)[0]
SECOND = BARS * 20 + "efg|]"


class Hourglass:
    """Waits that end when the test says so; all others take no time."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.waits = 0
        self.begun = asyncio.Semaphore(0)

    async def __call__(self, seconds: float) -> None:
        if seconds != 2.0:
            return
        self.waits += 1
        self.begun.release()
        await self.over.wait()


@pytest.fixture
def glass() -> Hourglass:
    return Hourglass()


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with house(COMPOSERS[0]) as core:
        yield core


@pytest.fixture
async def chat(
    core: Core, glass: Hourglass, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TelegramServer]:
    """Telegram, with the bot listening."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(ssl, "create_default_context", TRUSTED)  # half of a start is reading certificates
    async with TelegramServer() as server:
        bot = TelegramAdapter(
            TELEGRAM, core, settings(telegram_token=TOKEN), api=server.root, patience=10.0, sleep=glass
        )
        await bot.start()
        yield server
        await bot.stop()
        assert server.faults == [], "the Bot API does not know this"


async def said(chat: TelegramServer) -> str:
    """What is answered first."""
    answer, *_ = await chat.until(lambda asked: asked.path in ("/sendMessage", "/sendPhoto"))
    return words_of(answer)


def words_of(answer: Request) -> str:
    return shown(str(answer.body.get("text") or answer.body.get("caption")))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("café.abc", TUNE.encode(), "|:GAB d2e|gfe d2B:|"),
        ("gate.abc", TUNE.encode("utf-16"), "Café Gate"),
        ("gate.txt", TUNE.encode("latin-1"), "Café Gate"),
        ("voice.mid", ONE_VOICE, "it is read as G major"),
        ("score.musicxml", SCORE.encode(), "The lyrics are left out."),
        ("score.mxl", packed(score_xml=SCORE.encode()), "The Packed Gate"),
    ],
)
async def test_a_file_is_shown_with_and_without_a_caption(
    chat: TelegramServer, name: str, data: bytes, words: str
) -> None:
    await chat.send_file(name, data)
    assert words in await said(chat)
    chat.requests.clear()
    await chat.send_file(name, data, "/abc@TunesmithBot", GROUP)
    assert words in await said(chat)


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_gets_one_sentence(chat: TelegramServer, name: str) -> None:
    data, sentence = HOSTILE[name]
    await chat.send_file("gate.abc", data)
    answer = await said(chat)
    assert sentence in answer
    assert "\n" not in answer
    fetched = [request for request in chat.requests if request.path.startswith("/file/")]
    assert len(fetched) == (0 if name in ("20 MB", "empty") else 1)


async def test_a_file_whose_size_comes_late_is_not_fetched_if_it_is_large(chat: TelegramServer) -> None:
    message = chat.filed("gate.abc", HOSTILE["20 MB"][0])
    del message["document"]["file_size"]
    await chat.write("/abc", reply_to_message=message)
    assert HOSTILE["20 MB"][1] in await said(chat)
    assert not [request for request in chat.requests if request.path.startswith("/file/")]


async def test_a_midi_file_that_comes_as_audio_is_read(chat: TelegramServer) -> None:
    message = chat.filed("voice.mid", ONE_VOICE)
    audio = message.pop("document") | {"duration": 3}
    await chat.send_file("voice.mid", ONE_VOICE, document=None, audio=audio)
    assert "it is read as G major" in await said(chat)


async def test_a_caption_says_which_tune_and_other_words_are_not_lost(chat: TelegramServer) -> None:
    book = (TUNE + "\n" + TUNE.replace("Café", "Second")).encode()
    await chat.send_file("book.abc", book, "2")
    assert "Second Gate" in await said(chat)
    chat.requests.clear()
    await chat.send_file("book.abc", book, "my favourite, faster please")
    assert texts.CAPTION_LEFT in await said(chat)


async def test_another_kind_of_file_alone_is_answered_and_in_a_group_left_alone(chat: TelegramServer) -> None:
    await chat.send_file("letter.pdf", b"%PDF-1.7", chat=GROUP)
    await chat.send_file("letter.pdf", b"%PDF-1.7")
    assert await said(chat) == NO_TUNE
    assert [int(answer.body["chat_id"]) for answer in await chat.answers()] == [42]


async def test_a_file_that_cannot_be_had_says_so(chat: TelegramServer) -> None:
    chat.trouble(
        "/getFile", Trouble(400, {"ok": False, "error_code": 400, "description": "Bad Request: gone"})
    )
    await chat.send_file("gate.abc", TUNE.encode())
    assert await said(chat) == texts.NOT_FETCHED


@pytest.mark.parametrize("order", ["/abc", "/abc@TunesmithBot", "/abc 1"])
async def test_slash_abc_in_reply_shows_the_tune_of_that_message(chat: TelegramServer, order: str) -> None:
    person = {"id": 43, "is_bot": False, "first_name": "Piper"}
    above = {**chat.message(GROUP), "from": person, "text": TUNE}
    await chat.write(order, GROUP, reply_to_message=above)
    assert "|:GAB d2e|gfe d2B:|" in await said(chat)


async def test_slash_abc_in_reply_takes_a_file_and_what_is_quoted(chat: TelegramServer) -> None:
    await chat.write("/abc", GROUP, reply_to_message=chat.filed("gate.abc", TUNE.encode(), GROUP))
    assert "Café Gate" in await said(chat)
    chat.requests.clear()
    above = {
        **chat.message(GROUP),
        "from": BOT,
        "text": f"The tune:\n{TUNE}\n{TUNE.replace('Café', 'Second')}",
    }
    quote = {"text": TUNE.replace("Café", "Quoted"), "position": 10}
    await chat.write("/abc", GROUP, reply_to_message=above, quote=quote)
    assert "Quoted Gate" in await said(chat)


async def test_a_paste_in_two_messages_is_one_tune(chat: TelegramServer, glass: Hourglass) -> None:
    await chat.write(FIRST)
    await glass.begun.acquire()
    assert chat.sent("/sendMessage") == []
    await chat.write(SECOND)
    assert letters(await abc_sent(chat)) == letters(FIRST + SECOND)
    assert glass.waits == 1


async def test_a_paste_in_three_messages_cut_within_a_line_is_one_tune(
    chat: TelegramServer, glass: Hourglass
) -> None:
    whole = HEAD + BARS.strip() * 300
    whole = whole[:9000].rsplit("|", 1)[0] + "|]"
    for start in (0, 4096, 8192):
        await chat.write(whole[start : start + 4096].strip())
        if start < 8192:
            await glass.begun.acquire()
    assert letters(await abc_sent(chat)) == letters(whole)


async def abc_sent(chat: TelegramServer) -> str:
    """The ABC of an answer whose tune is too long for a message: it waits under a button."""
    (answer,) = await chat.until(lambda asked: asked.path == "/sendMessage")
    assert "The Long Gate" in words_of(answer)
    keys = [key for row in json.loads(answer.body["reply_markup"])["inline_keyboard"] for key in row]
    more = next(key["callback_data"] for key in keys if key["text"] == texts.BUTTON_MORE)
    await chat.press(more, message_id=chat.sent_ids[-1])
    (page,) = await chat.until(lambda asked: asked.path == "/editMessageReplyMarkup")
    keys = [key for row in json.loads(page.body["reply_markup"])["inline_keyboard"] for key in row]
    await chat.press(next(key["callback_data"] for key in keys if key["text"] == texts.BUTTON_FILES))
    asked = (await chat.until(lambda asked: any(name.endswith(".abc") for name in asked.files)))[0]
    return next(data.decode() for name, data in asked.files.items() if name.endswith(".abc"))


def letters(abc: str) -> list[str]:
    """The notes of a tune, without their lengths."""
    return [sign for sign in abc.partition("K:G\n")[2] if sign.isalpha()]


async def test_half_a_tune_is_never_shown_as_whole(chat: TelegramServer, glass: Hourglass) -> None:
    glass.over.set()
    await chat.write((HEAD + BARS.strip() * 150)[:4096])
    assert await said(chat) == own.CUT_OFF
    chat.requests.clear()
    await chat.write(FIRST)
    assert own.MAY_GO_ON in await said(chat)


async def test_nobody_else_and_no_command_goes_on_with_a_paste(
    chat: TelegramServer, glass: Hourglass
) -> None:
    await chat.write("/abc " + FIRST, GROUP)
    await glass.begun.acquire()
    piper = {"id": 43, "is_bot": False, "first_name": "Piper"}
    await chat.write("and what do you all think?", GROUP, **{"from": piper})
    await chat.write("/help key", GROUP)
    assert "/tune key=" in await said(chat)
    chat.requests.clear()
    glass.over.set()
    assert "The Long Gate" in await said(chat)
