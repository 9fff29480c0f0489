"""Words first on Telegram, orders among talk, edits answered in place, groups spared, nobody left waiting."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot import texts
from bot.files import FILES
from bot.platforms.telegram import TELEGRAM
from bot.platforms.telegram import texts as own
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.reply import Attachment, Reply
from tests.bot.players import hum
from tests.platforms.band import PICTURE, TUNE, WORDS, Scripted, settings, with_
from tests.platforms.server import Trouble
from tests.platforms.telegram_server import BOT, GROUP, TOKEN, TelegramServer, shown

SOUND = Attachment("k.mp3", FILES["mp3"], hum(1.0, "mp3"))
WHOLE = with_(attachments=(*TUNE.attachments, PICTURE, SOUND))


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
        assert server.faults == []


@pytest.fixture
def core() -> Scripted:
    return Scripted()


def adapter(core: Scripted, server: TelegramServer, drain: float = 10.0) -> TelegramAdapter:
    return TelegramAdapter(TELEGRAM, core, settings(telegram_token=TOKEN), api=server.root, drain=drain)


@pytest.fixture
async def chat(server: TelegramServer, core: Scripted) -> AsyncIterator[TelegramServer]:
    bot = adapter(core, server)
    await bot.start()
    yield server
    await bot.stop()


async def later(ready: asyncio.Event) -> Reply:
    await ready.wait()
    return WHOLE


async def test_words_go_out_and_become_the_photo_when_the_files_are_there(
    chat: TelegramServer, core: Scripted
) -> None:
    ready = asyncio.Event()
    core.reply = replace(with_(attachments=()), later=asyncio.create_task(later(ready)))
    await chat.write("/tune")
    (words,) = await chat.answers(1)
    assert words.path == "/sendMessage"
    assert shown(words.body["text"]).startswith(WORDS)
    ready.set()
    _, photo, sound, midi = await chat.answers(4)
    assert [r.path for r in (photo, sound, midi)] == ["/editMessageMedia", "/sendAudio", "/sendDocument"]
    assert photo.body["message_id"] == str(chat.sent_ids[0])
    media = json.loads(photo.body["media"])
    assert shown(media["caption"]).startswith(WORDS)
    assert photo.body["reply_markup"] == words.body["reply_markup"]


async def test_who_waits_in_private_reads_for_how_long_and_then_the_tune_in_its_place(
    chat: TelegramServer, core: Scripted
) -> None:
    core.news = "12 are before you; about 30 s to go."
    core.reply = WHOLE
    await chat.write("/tune")
    news, tune = (await chat.answers(4))[:2]
    assert news.body["text"] == core.news
    assert (tune.path, tune.body["message_id"]) == ("/editMessageMedia", str(chat.sent_ids[0]))
    await chat.write("/tune", GROUP)
    assert (await chat.answers(7))[4].path == "/sendPhoto", "a group is not told: its messages are few"


async def test_an_edited_command_is_answered_anew_in_place(chat: TelegramServer, core: Scripted) -> None:
    await chat.write("/tune temp=hot", message_id=7)
    await chat.answers(1)
    core.reply = WHOLE
    await chat.edit("/tune temp=0.8", message_id=7)
    photo = (await chat.answers(4))[1]
    assert (photo.path, photo.body["message_id"]) == ("/editMessageMedia", str(chat.sent_ids[0]))


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("@TunesmithBot, a jig in D please", {"type": "jig", "key": "D"}),
        ("@tunesmithbot: reel!", {"type": "reel"}),
        ("jig in G, @TunesmithBot", {"type": "jig", "key": "G"}),
        ("could you play a jig in Em, @TunesmithBot?", {"type": "jig", "key": "Em"}),
        ("I love @TunesmithBot", None),
        ("a jig in D", None),
        ("@TunesmithBotany jig", None),
    ],
)
async def test_a_mention_in_a_group_is_an_order_or_silence(
    chat: TelegramServer, core: Scripted, text: str, order: dict[str, str] | None
) -> None:
    await chat.write(text, GROUP)
    await chat.write("/help@TunesmithBot", GROUP)
    await core.until_asked(2 if order else 1)
    assert [asked for asked, _ in core.asked] == ([("tune", order)] if order else []) + [("help", {})]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("@TunesmithBot you are lovely", texts.TALK),
        ("thanks @TunesmithBot!", texts.MY_PLEASURE),
    ],
)
async def test_talk_to_the_bot_in_a_group_gets_one_friendly_line(
    chat: TelegramServer, core: Scripted, text: str, line: str
) -> None:
    await chat.write(text, GROUP)
    assert [answer.body["text"] for answer in await chat.answers(1)] == [line]
    assert not core.asked


@pytest.mark.parametrize(("text", "asked"), [("waltz in Am", True), ("what a nice one", False)])
async def test_a_reply_to_the_bot_is_an_order_or_silence(
    chat: TelegramServer, core: Scripted, text: str, asked: bool
) -> None:
    above = {**chat.message(GROUP), "from": BOT, "text": "…"}
    await chat.write(text, GROUP, reply_to_message=above)
    await chat.write("/help@TunesmithBot", GROUP)
    await core.until_asked(2 if asked else 1)
    assert len(core.asked) == (2 if asked else 1)


async def test_a_button_in_a_group_names_who_pressed(chat: TelegramServer, core: Scripted) -> None:
    core.reply = WHOLE
    await chat.press("/another k3Xw9bQz", GROUP)
    photo = (await chat.answers(3))[0]
    assert shown(photo.body["caption"]).startswith(f"For Fiddler:\n{WORDS}")


async def test_where_sound_is_forbidden_it_is_said_once(chat: TelegramServer, core: Scripted) -> None:
    core.reply = WHOLE
    refused = {"ok": False, "error_code": 400}
    refused["description"] = "Bad Request: not enough rights to send audios to the chat"
    chat.trouble("/sendAudio", Trouble(400, refused))
    for _ in range(2):
        await chat.write("/tune", GROUP)
        await core.until_asked(1)
    answers = await chat.answers(6)
    assert len(chat.sent("/sendAudio")) <= 2
    said = [r for r in answers if r.path == "/sendMessage"]
    assert len(said) == 1
    assert "sound" in said[0].body["text"]


async def test_stopping_is_told_to_all_who_wait(server: TelegramServer, core: Scripted) -> None:
    core.slow = True
    bot = adapter(core, server, drain=0.0)
    await bot.start()
    for _ in range(10):
        await server.write("/tune")
    await core.until_asked(10)
    await bot.stop()
    answers = await server.answers(10)
    assert [answer.body["text"] for answer in answers] == [texts.STOPPING] * 10


async def test_an_update_answered_once_is_not_answered_again_after_a_restart(
    server: TelegramServer, core: Scripted
) -> None:
    core.seen.add(("telegram", "100"))  # the number of the first update of this server
    bot = adapter(core, server)
    await bot.start()
    await server.repeat(100, "/tune key=G")
    await server.write("/tune key=D")
    await core.until_asked(1)
    await bot.stop()
    assert [asked for asked, _ in core.asked] == [("tune", {"key": "D"})]


async def test_an_edited_command_takes_the_files_of_its_first_answer_away(
    chat: TelegramServer, core: Scripted
) -> None:
    core.reply = WHOLE
    await chat.write("/tune key=G", message_id=7)
    await chat.answers(3)
    await chat.edit("/tune key=G", message_id=7)  # as when a preview comes
    await chat.edit("/tune key=D", message_id=7)
    photo = (await chat.answers(4))[3]
    assert photo.path == "/editMessageMedia"
    assert [asked for asked, _ in core.asked] == [("tune", {"key": "G"}), ("tune", {"key": "D"})]
    (deleted,) = chat.sent("/deleteMessages")
    assert json.loads(deleted.body["message_ids"]) == chat.sent_ids[1:3]


async def test_an_edited_command_gives_up_what_is_being_composed_for_it(
    chat: TelegramServer, core: Scripted
) -> None:
    core.slow = True
    await chat.write("/tune key=G", message_id=7)
    await core.until_asked(1)
    await chat.edit("/tune key=D", message_id=7)
    await core.until_asked(2)
    async with asyncio.timeout(10):
        await core.dropped.wait()
    core.finish.set()
    await chat.answers(2)
    assert len(chat.sent("/sendMessage")) == 1


async def test_a_photo_that_has_to_become_words_goes_away(chat: TelegramServer, core: Scripted) -> None:
    core.reply = with_(attachments=(PICTURE,))
    await chat.write("/tune key=G", message_id=7)
    await chat.answers(1)
    await chat.edit("/tune temp=hot", message_id=7)
    (deleted,) = await chat.until(lambda request: request.path == "/deleteMessages")
    assert json.loads(deleted.body["message_ids"]) == chat.sent_ids[:1]
    assert (await chat.answers(3))[-1].body["text"].startswith("“hot” won't do for temp")


async def test_a_button_pressed_twice_is_answered_once(chat: TelegramServer, core: Scripted) -> None:
    core.slow = True
    below = chat.message(GROUP)["message_id"]
    await chat.press("/another k3Xw9bQz", GROUP, message_id=below)
    await core.until_asked(1)
    await chat.press("/another k3Xw9bQz", GROUP, message_id=below)
    _, second = await chat.until(lambda request: request.path == "/answerCallbackQuery", 2)
    assert second.body["text"] == own.ALREADY
    core.finish.set()
    await chat.answers(2)
    assert len(core.asked) == 1


async def test_stopping_leaves_the_words_of_a_tune_whose_files_are_late(
    server: TelegramServer, core: Scripted
) -> None:
    files = asyncio.create_task(later(asyncio.Event()))
    core.reply = replace(with_(attachments=()), later=files)
    bot = adapter(core, server, drain=0.0)
    await bot.start()
    await server.write("/tune")
    await server.answers(1)
    await bot.stop()
    assert len(await server.answers(1)) == 1
    assert files.cancelled()


async def test_where_photos_are_forbidden_the_words_keep_their_looks_and_the_sheet_is_a_file(
    chat: TelegramServer, core: Scripted
) -> None:
    chat.forbidden = {"photos"}
    ready = asyncio.Event()
    ready.set()
    core.reply = replace(with_(attachments=()), later=asyncio.create_task(later(ready)))
    await chat.write("/tune", GROUP)
    words, refused, _, sound, files = await chat.answers(5)
    assert [r.path for r in (words, refused)] == ["/sendMessage", "/editMessageMedia"]
    assert "reply_markup" in words.body
    assert sound.path == "/sendAudio"
    assert PICTURE.name in files.files
    core.reply = WHOLE
    await chat.write("/tune", GROUP)
    assert [r.path for r in (await chat.answers(8))[5:]] == ["/sendMessage", "/sendAudio", "/sendMediaGroup"]
