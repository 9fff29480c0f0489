"""The real python-telegram-bot against a local Telegram that checks all it is sent against the Bot API."""

import asyncio
import io
import json
import logging
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache
from html import unescape
from typing import Any

import pytest
from PIL import Image

from bot import texts
from bot.asker import Asker
from bot.commands import COMMANDS
from bot.commands.start import COMMAND as START
from bot.core import Core
from bot.files import FILES
from bot.platform import RefusedError
from bot.platforms.telegram import TELEGRAM
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.platforms.telegram.cover import draw_cover
from bot.reply import Attachment, Button, Reply
from bot.translation import NAMES
from generator.errors import FriendlyError, RequestError
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from tests.bot.players import hum
from tests.platforms.band import ABC, LINK, MIDI, PICTURE, SOUND, TUNE, WORDS, Scripted, settings, with_
from tests.platforms.house import COMPOSERS, house, notes_in, notes_of
from tests.platforms.server import Request, Trouble
from tests.platforms.telegram_server import GROUP, TOKEN, TelegramServer, shown

TRUSTED = cache(ssl.create_default_context)
SHOWN = f"{WORDS}\n{ABC}"
MIDI_FILE = {"the-kettle-lid.mid": MIDI}


def refusal(code: int, description: str, **parameters: int) -> Trouble:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return Trouble(code, body | ({"parameters": parameters} if parameters else {}))


HUM = hum(2.0, "mp3")


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramServer]:
    """Telegram, with no bot listening yet."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(ssl, "create_default_context", TRUSTED)  # half of a start is reading certificates
    async with TelegramServer() as server:
        yield server
        assert server.faults == [], "the Bot API does not know this"


@pytest.fixture
def core() -> Scripted:
    return Scripted()


@pytest.fixture
async def chat(server: TelegramServer, core: Scripted) -> AsyncIterator[TelegramServer]:
    """Telegram, with the bot listening."""
    bot = adapter(core, server)
    await bot.start()
    yield server
    await bot.stop()


def adapter(
    core: Core, server: TelegramServer, token: str = TOKEN, patience: float = 10.0
) -> TelegramAdapter:
    return TelegramAdapter(TELEGRAM, core, settings(telegram_token=token), api=server.root, patience=patience)


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's own waits between its tries take no time."""
    sleep = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda _: sleep(0))


def keys(message: Request) -> list[dict[str, str]]:
    """The buttons under a message."""
    return [key for row in json.loads(message.body["reply_markup"])["inline_keyboard"] for key in row]


class TestATune:
    async def test_arrives_as_a_message_with_its_abc_and_the_midi_as_a_document(
        self, chat: TelegramServer, core: Scripted
    ) -> None:
        await chat.write("/tune key=G temp=0.8")
        words, file = await chat.answers(2)
        assert core.asked == [(("tune", {"key": "G", "temp": "0.8"}), Asker("telegram", "42", "42", ""))]
        assert words.path == "/sendMessage"
        assert words.body["parse_mode"] == "HTML"
        assert words.body["text"] == f"{WORDS}\n<blockquote expandable>{ABC}</blockquote>"
        assert keys(words) == [
            {"text": "Another like this", "callback_data": "/another k3Xw9bQz"},
            {"text": "See and hear it", "url": LINK},
        ]
        assert (file.path, file.files) == ("/sendDocument", MIDI_FILE)

    async def test_is_a_photo_with_sound_and_midi_silently_below_it(
        self, chat: TelegramServer, core: Scripted
    ) -> None:
        core.reply = with_(attachments=(*TUNE.attachments, PICTURE, Attachment("k.mp3", FILES["mp3"], HUM)))
        await chat.write("/tune")
        photo, audio, file = await chat.answers(3)
        assert [r.path for r in (photo, audio, file)] == ["/sendPhoto", "/sendAudio", "/sendDocument"]
        assert shown(photo.body["caption"]) == SHOWN
        assert "disable_notification" not in photo.body
        for below in (audio, file):
            assert below.body["disable_notification"] == "true"
            quoted = json.loads(below.body["reply_parameters"])
            assert quoted["message_id"] == chat.sent_ids[0]
        told = {name: audio.body[name] for name in ("title", "performer", "duration")}
        assert told == {"title": "The Kettle Lid", "performer": "Tunesmith", "duration": "2"}
        assert sorted(audio.files) == ["cover.jpg", "k.mp3"]
        cover = Image.open(io.BytesIO(audio.files["cover.jpg"]))
        assert (cover.format, cover.size) == ("JPEG", (320, 320))
        assert audio.files["cover.jpg"] == draw_cover(), "the mark has changed: see cover.py"

    async def test_that_takes_long_holds_up_nobody(self, chat: TelegramServer, core: Scripted) -> None:
        core.slow = True
        await chat.write("/tune key=G")
        await chat.write("/tune key=D", GROUP)
        await core.until_asked(2)
        core.finish.set()
        answers = await chat.answers(4)
        assert sorted(int(answer.body["chat_id"]) for answer in answers) == [GROUP["id"]] * 2 + [42] * 2

    async def test_under_way_still_goes_out_when_the_bot_stops(
        self, server: TelegramServer, core: Scripted
    ) -> None:
        bot = adapter(core, server)
        await bot.start()
        core.slow = True
        await server.write("/tune")
        await core.until_asked(1)
        stopping = asyncio.create_task(bot.stop())
        assert not (await asyncio.wait({stopping}, timeout=0.05))[0]
        core.finish.set()
        await stopping
        assert [answer.path for answer in await server.answers(2)] == ["/sendMessage", "/sendDocument"]

    async def test_asked_for_while_the_bot_was_away_is_composed_when_it_is_back(
        self, server: TelegramServer, core: Scripted
    ) -> None:
        await server.write("/tune")
        bot = adapter(core, server)
        await bot.start()
        assert len(await server.answers(2)) == 2
        await bot.stop()


@pytest.mark.parametrize("composer", COMPOSERS)
async def test_tune_in_g_gives_a_tune_in_g_whose_file_plays_what_its_abc_says(
    server: TelegramServer, composer: str
) -> None:
    async with house(composer) as core:
        bot = adapter(core, server)
        await bot.start()
        await server.write("/tune key=G temp=0.8 seed=7")
        answer, file = await server.answers(2)
        await bot.stop()
    words, abc = answer.body["text"].removesuffix("</blockquote>").split("\n<blockquote expandable>")
    tune = Tune.read(unescape(abc))
    assert tune.key == Key("G")
    assert all(
        fact in unescape(words) for fact in (tune.title, "G major", tune.meter.abc, "temp 0.8", "seed 7")
    )
    (midi,) = file.files.values()
    assert notes_in(midi) == notes_of(tune)
    assert midi == midi_bytes(tune)
    labels = [key["text"] for key in keys(answer)]
    assert [labels[0], *labels[-2:]] == [texts.BUTTON_ANOTHER, texts.BUTTON_MORE, texts.BUTTON_LINK]


class TestAReply:
    async def test_to_a_wrong_wish_is_its_sentence(self, chat: TelegramServer, core: Scripted) -> None:
        core.reply = RequestError("“hot” won't do for temp; temp is a number from 0.2 to 1.5.")
        await chat.write("/tune temp=hot")
        (answer,) = await chat.answers()
        assert answer.body["text"] == str(core.reply)

    async def test_shows_signs_of_markup_as_they_are(self, chat: TelegramServer, core: Scripted) -> None:
        core.reply = with_(title="Tom & Jerry's <b>Reel", facts={}, abc="K:G\n(3ABc A>B <c & d_e|")
        await chat.write("/tune")
        words = (await chat.answers(2))[0]
        assert shown(words.body["text"]) == "Tom & Jerry's <b>Reel\nK:G\n(3ABc A>B <c & d_e|"

    async def test_with_a_picture_has_its_words_as_caption(
        self, chat: TelegramServer, core: Scripted
    ) -> None:
        core.reply = with_(attachments=(*TUNE.attachments, PICTURE))
        await chat.write("/tune")
        photo, file = await chat.answers(2)
        assert (photo.path, photo.files) == ("/sendPhoto", {PICTURE.name: PICTURE.data})
        assert shown(photo.body["caption"]) == SHOWN
        assert len(keys(photo)) == 2
        assert file.files == MIDI_FILE

    @pytest.mark.parametrize("extra", [(), (PICTURE,), (SOUND,)], ids=["text", "photo", "audio"])
    async def test_has_long_abc_as_a_file(
        self, chat: TelegramServer, core: Scripted, extra: tuple[Attachment, ...]
    ) -> None:
        abc = ABC + "\n" + "|:GAB d2B|c2A B2G|" * 250
        file = Attachment("long.abc", FILES["abc"], abc.encode())
        core.reply = with_(abc=abc, attachments=(file, TUNE.attachments[1], *extra))
        await chat.write("/tune")
        words, *files = await chat.answers(3 if extra == (SOUND,) else 2)
        assert words.body.get("text", words.body.get("caption")) == WORDS
        assert files[-1].files == {"long.abc": abc.encode(), **MIDI_FILE}

    async def test_longer_than_a_message_goes_on_in_a_file(
        self, chat: TelegramServer, core: Scripted
    ) -> None:
        song = "𝄞" * 2100  # two units each, as Telegram counts
        core.reply = Reply(song)
        await chat.write("/help")
        _, file = await chat.answers(2)
        assert file.files == {"answer.txt": song.encode()}

    async def test_too_long_for_a_caption_stands_on_its_own(
        self, chat: TelegramServer, core: Scripted
    ) -> None:
        core.reply = with_(title="", facts={}, text="la " * 400, attachments=(*TUNE.attachments, PICTURE))
        await chat.write("/tune")
        words, files = await chat.answers(2)
        assert shown(words.body["text"]) == f"{'la ' * 400}\n{ABC}"
        assert set(files.files) == {PICTURE.name, *MIDI_FILE}

    @pytest.mark.parametrize("link", ["http://localhost:8080/t/k3", f"https://x.example/{'x' * 2048}"])
    async def test_has_a_link_that_no_button_takes_in_its_text(
        self, chat: TelegramServer, core: Scripted, link: str
    ) -> None:
        core.reply = with_(buttons=(Button("See and hear it", url=link),))
        await chat.write("/tune")
        words = (await chat.answers(2))[0]
        assert f"See and hear it: {link}" in words.body["text"]
        assert "reply_markup" not in words.body
        assert json.loads(words.body["link_preview_options"]) == {"is_disabled": True}

    async def test_leaves_out_a_button_whose_command_is_too_long(
        self, chat: TelegramServer, core: Scripted
    ) -> None:
        core.reply = with_(buttons=(Button("Again", command="/tune start=" + "G" * 64), *TUNE.buttons))
        await chat.write("/tune")
        assert len(keys((await chat.answers(2))[0])) == 2


class TestAGroup:
    async def test_asks_with_the_bots_name_and_gets_a_reply_to_its_message(
        self, chat: TelegramServer, core: Scripted
    ) -> None:
        await chat.write("/tune@TunesmithBot jig in Em", GROUP, message_id=7)
        words, file = await chat.answers(2)
        place = str(GROUP["id"])
        assert core.asked == [(("tune", {"type": "jig", "key": "Em"}), Asker("telegram", "42", place, place))]
        assert words.body["chat_id"] == file.body["chat_id"] == place
        quoted = json.loads(words.body["reply_parameters"])
        assert quoted == {"message_id": 7, "allow_sending_without_reply": True}

    async def test_hears_nothing_about_what_is_meant_for_others(
        self, chat: TelegramServer, core: Scripted
    ) -> None:
        for text in ("lovely weather", "/tune@OtherBot key=D", "/weather", "look: /tune"):
            await chat.write(text, GROUP)
        await chat.write("/TUNE@tunesmithbot", GROUP)
        await chat.answers(2)
        assert [asked for asked, _ in core.asked] == [("tune", {})]

    async def test_gets_its_answer_in_the_topic_where_it_asked(self, chat: TelegramServer) -> None:
        await chat.write("/tune", GROUP, message_thread_id=5, is_topic_message=True)
        assert [answer.body["message_thread_id"] for answer in await chat.answers(2)] == ["5", "5"]

    async def test_that_became_a_supergroup_is_followed(self, chat: TelegramServer) -> None:
        moved = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=GROUP["id"])
        chat.trouble("/sendMessage", moved)
        await chat.write("/tune", {"id": -55, "type": "group", "title": "Session"})
        answers = await chat.answers(3)
        assert [answer.body["chat_id"] for answer in answers] == ["-55", str(GROUP["id"]), str(GROUP["id"])]


class TestAButton:
    async def test_runs_its_command(self, chat: TelegramServer, core: Scripted) -> None:
        await chat.press("/another k3Xw9bQz")
        assert len(await chat.answers(2)) == 2
        assert core.asked == [(("another", {"tune": "k3Xw9bQz"}), Asker("telegram", "42", "42", ""))]
        assert chat.sent("/answerCallbackQuery")

    async def test_pressed_too_long_ago_still_runs(self, chat: TelegramServer) -> None:
        chat.trouble("/answerCallbackQuery", refusal(400, "Bad Request: query is too old"))
        await chat.press("/another k3Xw9bQz")
        assert len(await chat.answers(2)) == 2

    async def test_under_a_message_that_is_gone_does_no_harm(
        self, chat: TelegramServer, core: Scripted
    ) -> None:
        await chat.press("/another k3Xw9bQz", gone=True)
        await chat.write("/tune")
        await chat.answers(2)
        assert len(core.asked) == 2


class TestTrouble:
    """What goes wrong on the way; the bot goes on, and people get what can be given."""

    async def test_a_flood_is_waited_out(self, server: TelegramServer, core: Scripted) -> None:
        waits = []

        async def sleep(seconds: float) -> None:
            waits.append(round(seconds))

        telegram = settings(telegram_token=TOKEN)
        bot = TelegramAdapter(TELEGRAM, core, telegram, api=server.root, sleep=sleep)
        await bot.start()
        slower = refusal(429, "Too Many Requests: retry after 7", retry_after=7)
        server.trouble("/sendMessage", slower, slower)
        await server.write("/tune")
        assert [r.path for r in await server.answers(4)] == ["/sendMessage"] * 3 + ["/sendDocument"]
        await bot.stop()
        assert waits == [7, 7]

    @pytest.mark.parametrize(
        "lost", [Trouble(0), refusal(500, "Internal Server Error"), refusal(502, "Bad Gateway")]
    )
    async def test_what_was_not_taken_is_sent_again(self, chat: TelegramServer, lost: Trouble) -> None:
        chat.trouble("/sendMessage", lost)
        chat.trouble("/sendDocument", lost)
        await chat.write("/tune")
        paths = [answer.path for answer in await chat.answers(4)]
        assert paths == ["/sendMessage", "/sendMessage", "/sendDocument", "/sendDocument"]

    async def test_what_timed_out_is_not_sent_twice(self, server: TelegramServer, core: Scripted) -> None:
        bot = adapter(core, server, patience=0.3)
        await bot.start()
        server.trouble("/sendMessage", Trouble(-1))
        await server.write("/tune")
        assert [answer.path for answer in await server.answers(2)] == ["/sendMessage", "/sendDocument"]
        await bot.stop()

    @pytest.mark.parametrize(
        "description",
        [
            "Bad Request: PHOTO_INVALID_DIMENSIONS",
            "Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL",
        ],
    )
    async def test_where_the_looks_are_refused_bare_words_and_the_link_still_come(
        self, chat: TelegramServer, core: Scripted, description: str
    ) -> None:
        core.reply = with_(attachments=(*TUNE.attachments, PICTURE))
        chat.trouble("/sendPhoto", refusal(400, description))
        await chat.write("/tune")
        _, words, picture, file = await chat.answers(4)
        assert words.path == "/sendMessage"
        assert words.body["text"] == f"{SHOWN}\nSee and hear it: {LINK}"
        assert (picture.files, file.files) == ({PICTURE.name: PICTURE.data}, MIDI_FILE)

    async def test_where_a_picture_is_refused_in_any_form_the_midi_still_comes(
        self, chat: TelegramServer, core: Scripted
    ) -> None:
        core.reply = with_(attachments=(*TUNE.attachments, PICTURE))
        for path in ("/sendPhoto", "/sendDocument"):
            chat.trouble(path, refusal(400, "Bad Request: IMAGE_PROCESS_FAILED"))
        await chat.write("/tune")
        answers = await chat.answers(4)
        assert [a.path for a in answers] == ["/sendPhoto", "/sendMessage", "/sendDocument", "/sendDocument"]
        assert answers[3].files == MIDI_FILE

    @pytest.mark.parametrize(
        ("trouble", "tries"),
        [
            (refusal(403, "Forbidden: bot was kicked from the supergroup chat"), 1),
            (refusal(403, "Forbidden: bot was blocked by the user"), 1),
            (refusal(400, "Bad Request: chat not found"), 3),
            (refusal(400, "Bad Request: not enough rights to send text messages to the chat"), 3),
        ],
        ids=["kicked", "blocked", "no chat", "no rights"],
    )
    async def test_where_nobody_can_be_answered_the_next_one_is(
        self, chat: TelegramServer, trouble: Trouble, tries: int
    ) -> None:
        for path in ("/sendMessage", "/sendMessage", "/sendDocument")[:tries]:
            chat.trouble(path, trouble)
        await chat.write("/tune", GROUP)
        await chat.answers(tries)
        await chat.write("/tune")
        answers = (await chat.answers(tries + 2))[tries:]
        assert [(a.path, a.body["chat_id"]) for a in answers] == [
            ("/sendMessage", "42"),
            ("/sendDocument", "42"),
        ]

    async def test_where_documents_are_refused_the_words_stay(
        self, chat: TelegramServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        chat.trouble("/sendDocument", refusal(400, "Bad Request: not enough rights to send documents"))
        await chat.write("/tune")
        assert "may not send files here" in (await chat.answers(3))[2].body["text"]
        await chat.write("/tune")
        await chat.write("/tune")
        await chat.answers(5)
        assert len(chat.sent("/sendDocument")) == 1, "what is forbidden is not tried again at once"
        assert not [record for record in caplog.records if record.exc_info]

    @pytest.mark.usefixtures("no_waiting")
    @pytest.mark.parametrize(
        ("trouble", "sentence"),
        [
            (refusal(409, "Conflict: terminated by other getUpdates request"), "Another program reads"),
            (refusal(502, "Bad Gateway"), "Telegram can't be reached"),
            (Trouble(0), "Telegram can't be reached"),
        ],
        ids=["second reader", "502", "dropped"],
    )
    async def test_that_keeps_messages_from_coming_in_is_said_once_and_waited_out(
        self, chat: TelegramServer, caplog: pytest.LogCaptureFixture, trouble: Trouble, sentence: str
    ) -> None:
        await chat.write("/tune")
        await chat.answers(2)
        polls = len(chat.sent("/getUpdates"))
        chat.trouble("/getUpdates", trouble, trouble, trouble)
        await chat.write("/tune")  # wakes the poll that is open; those after it fail
        await chat.until(lambda request: request.path == "/getUpdates", polls + 4)
        await chat.write("/tune")
        await chat.answers(6)
        (said,) = [record for record in caplog.records if record.name.startswith("bot.")]
        assert said.getMessage().startswith(sentence)
        assert said.exc_info is None

    @pytest.mark.usefixtures("no_waiting")
    async def test_that_keeps_messages_from_coming_in_shows_in_its_condition(
        self, server: TelegramServer, core: Scripted
    ) -> None:
        bot = adapter(core, server)
        await bot.start()
        seen: list[str] = []
        fetch = bot._news.do_request

        async def fetched(*args: Any, **options: Any) -> tuple[int, bytes]:
            try:
                return await fetch(*args, **options)
            finally:
                seen.append(bot.condition)

        bot._news.do_request = fetched  # type: ignore[method-assign]
        polls = len(server.sent("/getUpdates"))
        server.trouble("/getUpdates", Trouble(0), refusal(502, "Bad Gateway"))
        await server.write("/tune")  # ends the poll that is open
        await server.until(lambda request: request.path == "/getUpdates", polls + 3)
        await server.write("/tune")
        await server.answers(4)
        await bot.stop()
        assert seen.count("reconnecting") == 2
        assert seen[-1] == bot.condition == "connected"

    async def test_a_token_that_is_revoked_right_after_the_greeting_ends_it(
        self, server: TelegramServer, core: Scripted
    ) -> None:
        server.trouble("/deleteWebhook", refusal(401, "Unauthorized"))
        bot = adapter(core, server)
        await bot.start()
        assert isinstance(await asyncio.wait_for(bot.ended(), 10), RefusedError)
        await bot.stop()


class TestStarting:
    async def test_prints_the_bots_link(self, server: TelegramServer, core: Scripted) -> None:
        bot = adapter(core, server)
        started = await bot.start()
        await bot.stop()
        assert started.invite == "https://t.me/TunesmithBot"
        assert started.line.endswith(started.invite)
        assert "\n" not in started.line

    async def test_sets_the_menu_of_commands_once(self, server: TelegramServer, core: Scripted) -> None:
        async def settings_after_another_start() -> int:
            bot = adapter(core, server)
            await bot.start()
            await bot.stop()
            return len(server.sent("/setMyCommands"))

        languages = len(NAMES)
        assert [await settings_after_another_start() for _ in range(2)] == [languages] * 2
        assert server.menus[""] == [{"command": c.name, "description": c.help} for c in COMMANDS.values()]
        core.commands = {**COMMANDS, "strum": replace(START, name="strum", help="strum along")}
        assert await settings_after_another_start() == 2 * languages
        assert server.menus["de"][0] == {"command": "tune", "description": "ein neues Stück erfinden"}
        assert server.menus.keys() == {"", "de", "fr", "es", "ga"}
        assert server.menus[""][-1] == {"command": "strum", "description": "strum along"}

    @pytest.mark.parametrize("token", ["1234567:of-somebody-else", "nonsense", "1 2\n3"])
    async def test_with_a_wrong_token_says_so_in_one_line(
        self, server: TelegramServer, core: Scripted, token: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        bot = adapter(core, server, token)
        with pytest.raises(FriendlyError, match="refuses TELEGRAM_TOKEN") as caught:
            await bot.start()
        assert "\n" not in str(caught.value)
        assert token not in str(caught.value) + caplog.text
        await bot.stop()

    @pytest.mark.parametrize("lost", [Trouble(0), refusal(502, "Bad Gateway")], ids=["dropped", "502"])
    async def test_with_telegram_out_of_reach_says_so_in_one_line(
        self, server: TelegramServer, core: Scripted, lost: Trouble
    ) -> None:
        server.trouble("/getMe", lost)
        bot = adapter(core, server)
        with pytest.raises(FriendlyError, match="can't be reached"):
            await bot.start()
        await bot.stop()

    @pytest.mark.usefixtures("no_waiting")
    async def test_a_server_error_after_the_greeting_is_waited_out(
        self, server: TelegramServer, core: Scripted
    ) -> None:
        server.trouble("/deleteWebhook", refusal(500, "Internal Server Error"), Trouble(0))
        server.trouble("/getMyCommands", refusal(500, "Internal Server Error"))
        bot = adapter(core, server)
        await bot.start()
        await server.write("/tune")
        assert len(await server.answers(2)) == 2
        await bot.stop()

    async def test_can_be_stopped_before_it_began(self, server: TelegramServer, core: Scripted) -> None:
        await adapter(core, server).stop()

    async def test_that_never_comes_to_an_end_can_be_stopped(
        self, server: TelegramServer, core: Scripted
    ) -> None:
        server.trouble("/deleteWebhook", Trouble(-1))
        bot = adapter(core, server)
        await bot.start()
        await server.until(lambda request: request.path == "/deleteWebhook")
        await bot.stop()
        assert not server.sent("/sendMessage")

    @pytest.mark.usefixtures("no_waiting")
    async def test_no_token_reaches_the_log(
        self, server: TelegramServer, core: Scripted, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        for name in ("httpx", "httpcore", "telegram"):
            logging.getLogger(name).setLevel(logging.NOTSET)
        bot = adapter(core, server)
        await bot.start()
        server.trouble("/sendMessage", Trouble(0), refusal(500, "Internal Server Error"))
        server.trouble("/sendDocument", refusal(403, "Forbidden: bot was kicked"))
        server.trouble("/getUpdates", Trouble(0), refusal(409, "Conflict: terminated by other getUpdates"))
        await server.write("/tune")
        await server.answers(2)
        await bot.stop()
        assert caplog.records
        assert TOKEN not in caplog.text
        assert TOKEN.split(":")[1] not in caplog.text
