"""What stands under a tune on Telegram: pages of buttons, and answers that take the tune's place."""

import json
import ssl
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import pytest

from bot import texts
from bot.core import Core
from bot.options_form import options_page
from bot.platforms.telegram import TELEGRAM
from bot.platforms.telegram import texts as own
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.platforms.telegram.page import keyboard
from bot.store import NewTune, SavedTune
from generator.music.dances import DANCES
from generator.music.keys import keys_of
from tests.platforms.band import settings
from tests.platforms.house import house
from tests.platforms.server import Request, Trouble
from tests.platforms.telegram_server import GROUP, PERSON, PRIVATE, TOKEN, TelegramServer

TRUSTED = cache(ssl.create_default_context)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramServer]:
    """Telegram, with no bot listening yet."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(ssl, "create_default_context", TRUSTED)  # half of a start is reading certificates
    async with TelegramServer() as server:
        yield server
        assert server.faults == [], "the Bot API does not know this"


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    """The bot's own core; a stand-in composes."""
    async with house("a stand-in") as core:
        yield core


def adapter(core: Core, server: TelegramServer) -> TelegramAdapter:
    return TelegramAdapter(TELEGRAM, core, settings(telegram_token=TOKEN), api=server.root)


@pytest.fixture
async def chat(server: TelegramServer, core: Core) -> AsyncIterator[TelegramServer]:
    """Telegram, with the bot listening."""
    bot = adapter(core, server)
    await bot.start()
    yield server
    await bot.stop()


def keys(message: Request) -> list[dict[str, str]]:
    """The buttons under a message."""
    return [key for row in json.loads(message.body["reply_markup"])["inline_keyboard"] for key in row]


def data(message: Request, label: str) -> str:
    return next(key["callback_data"] for key in keys(message) if key["text"] == label)


async def a_tune(chat: TelegramServer, where: dict[str, Any] = PRIVATE) -> Request:
    """Somebody asks for a tune, which comes as a message, with its MIDI below; give the message."""
    chat.requests.clear()
    chat.sent_ids.clear()
    await chat.write("/tune key=G", where)
    return (await chat.answers(2))[0]


async def turned(
    chat: TelegramServer, message: Request, label: str, where: dict[str, Any] = PRIVATE
) -> Request:
    """Press a button that turns a page under the tune; give what stands there then."""
    before = len(chat.sent("/editMessageReplyMarkup"))
    await chat.press(data(message, label), where, message_id=chat.sent_ids[0])
    page = (await chat.until(lambda r: r.path == "/editMessageReplyMarkup", before + 1))[-1]
    assert page.body["message_id"] == str(chat.sent_ids[0])
    assert all(len(key.get("callback_data", "").encode()) <= 64 for key in keys(page))
    return page


async def changed(chat: TelegramServer, command: str, where: dict[str, Any] = PRIVATE) -> Request:
    """Press a button that changes the tune; give the edit."""
    await chat.press(command, where, message_id=chat.sent_ids[0])
    return (await chat.until(lambda r: r.path == "/editMessageText"))[-1]


class TestThePages:
    async def test_turn_in_the_message_and_back(self, chat: TelegramServer) -> None:
        tune = await a_tune(chat)
        more = await turned(chat, tune, texts.BUTTON_MORE)
        labels = [key["text"] for key in keys(more)]
        assert {texts.BUTTON_TRANSPOSE, texts.BUTTON_SLOWER, texts.BUTTON_FASTER, texts.BUTTON_FILES} < set(
            labels
        )
        back = await turned(chat, more, texts.BUTTON_BACK)
        assert keys(back) == keys(tune)

    async def test_of_a_tune_that_is_gone_say_so_to_who_pressed(self, chat: TelegramServer) -> None:
        await a_tune(chat)
        await chat.press("more nonesuch", message_id=chat.sent_ids[0])
        (said,) = await chat.until(lambda r: r.path == "/answerCallbackQuery")
        assert said.body["text"] == texts.unknown_tune("nonesuch")
        assert said.body["show_alert"] == "true"

    async def test_outlive_a_restart(self, server: TelegramServer, core: Core) -> None:
        first, second = adapter(core, server), adapter(core, server)
        await first.start()
        tune = await a_tune(server)
        await first.stop()
        await second.start()
        page = await turned(server, await turned(server, tune, texts.BUTTON_MORE), texts.BUTTON_TRANSPOSE)
        edit = await changed(server, data(page, "D major"))
        assert "D major" in edit.body["text"]
        (gone,) = await server.until(lambda r: r.path == "/deleteMessages")
        assert json.loads(gone.body["message_ids"]) == [server.sent_ids[1]], "the MIDI of the old key goes"
        await second.stop()


class TestAChange:
    async def test_of_key_is_picked_from_all_of_the_mode_and_takes_the_tunes_place(
        self, chat: TelegramServer
    ) -> None:
        tune = await a_tune(chat)
        page = await turned(chat, await turned(chat, tune, texts.BUTTON_MORE), texts.BUTTON_TRANSPOSE)
        labels = [key["text"] for key in keys(page)]
        assert labels == [*(key.name for key in keys_of("major") if key.abc != "G"), texts.BUTTON_BACK]
        edit = await changed(chat, data(page, "D major"))
        assert edit.body["message_id"] == str(chat.sent_ids[0])
        assert "D major" in edit.body["text"]
        assert f">{texts.comes_from('The Kettle on the Hob')}</a>" in edit.body["text"]
        (gone,) = await chat.until(lambda r: r.path == "/deleteMessages")
        assert json.loads(gone.body["message_ids"]) == [chat.sent_ids[1]], "the MIDI of the old key goes"
        assert len(await chat.until(lambda r: r.path == "/sendDocument", 2)) == 2, "and that of the new comes"

    async def test_in_a_group_names_who_asked(self, chat: TelegramServer) -> None:
        page = await turned(chat, await a_tune(chat, GROUP), texts.BUTTON_MORE, GROUP)
        edit = await changed(chat, data(page, texts.BUTTON_SLOWER), GROUP)
        assert edit.body["text"].startswith("For Fiddler:")
        assert "Now at 84 beats a minute." in edit.body["text"]

    async def test_of_instrument_takes_the_tunes_place(self, chat: TelegramServer) -> None:
        page = await turned(chat, await a_tune(chat), texts.BUTTON_MORE)
        page = await turned(chat, page, texts.BUTTON_INSTRUMENT)
        edit = await changed(chat, data(page, "whistle"))
        assert "recorder" in edit.body["text"]

    async def test_that_fails_leaves_the_tune(self, chat: TelegramServer) -> None:
        await a_tune(chat)
        await chat.press("/transpose tune=nonesuch D", message_id=chat.sent_ids[0])
        said = (await chat.answers(3))[2]
        assert (said.path, said.body["text"]) == ("/sendMessage", texts.unknown_tune("nonesuch"))

    async def test_into_another_tune_is_a_message_of_its_own(self, chat: TelegramServer) -> None:
        tune = await a_tune(chat)
        await chat.press(data(tune, texts.BUTTON_ANOTHER), message_id=chat.sent_ids[0])
        assert (await chat.answers(4))[2].path == "/sendMessage"


class TestOptions:
    async def test_are_filled_in_changed_in_pages_and_make_a_tune(
        self, chat: TelegramServer, core: Core
    ) -> None:
        page = await turned(chat, await a_tune(chat), texts.BUTTON_MORE)
        page = await turned(chat, page, texts.BUTTON_OPTIONS)
        filled = [key["text"] for key in keys(page)]
        assert filled[:4] == ["Key: G", "Type: jig", "Temperature: 0.8", "Instrument: fiddle"]
        for label, value in (("Key: G", "Em"), ("Type: jig", "slip jig"), ("Temperature: 0.8", "1")):
            page = await turned(chat, await turned(chat, page, label), value)
        page = await turned(chat, await turned(chat, page, "Instrument: fiddle"), "concertina")
        await chat.press(data(page, texts.BUTTON_MAKE_IT), message_id=chat.sent_ids[0])
        await chat.until(lambda r: r.path == "/sendMessage", 2)  # another tune is a new message
        (newest,) = await core.recent("telegram", 1)
        asked = {name: newest.tune.request[name] for name in ("key", "type", "temp", "instrument")}
        assert asked == {"key": "Em", "type": "slip jig", "temp": "1.0", "instrument": "concertina"}

    @pytest.mark.parametrize("dance", list(DANCES))
    async def test_fit_into_the_data_of_buttons(self, dance: str) -> None:
        longest = {"key": "C#mix", "type": dance, "temp": "0.85", "instrument": "concertina"}
        saved = SavedTune("k3Xw9bQzab", 0.0, NewTune("", "", "", "", longest, "", "", "", "", "", 1, 1, ""))
        for word in ("options", "o-key", "o-type", "o-temp", "o-instrument"):
            menu = options_page(word, ",".join(longest.values()), saved).menu
            assert menu
            shown = keyboard(menu)
            assert shown
            assert sum(map(len, shown.inline_keyboard)) == len(menu.buttons + menu.choices)


class TestDelete:
    async def test_takes_away_message_and_files_for_who_asked(self, chat: TelegramServer) -> None:
        page = await turned(chat, await a_tune(chat, GROUP), texts.BUTTON_MORE, GROUP)
        sent = list(chat.sent_ids)
        await chat.press(data(page, texts.BUTTON_DELETE), GROUP, message_id=sent[0])
        (gone,) = await chat.until(lambda r: r.path == "/deleteMessages")
        assert json.loads(gone.body["message_ids"]) == sent

    async def test_goes_by_the_buttons_that_are_there(self, chat: TelegramServer) -> None:
        """A client may be made to claim any button; only those of the message count."""
        page = await turned(chat, await a_tune(chat, GROUP), texts.BUTTON_MORE, GROUP)
        shown = json.loads(page.body["reply_markup"])
        mine = data(page, texts.BUTTON_DELETE)
        await chat.press("delete another000", GROUP, message_id=chat.sent_ids[0], reply_markup=shown)
        await chat.press(mine, GROUP, message_id=chat.sent_ids[0], reply_markup=shown)
        (gone,) = await chat.until(lambda r: r.path == "/deleteMessages")
        assert json.loads(gone.body["message_ids"]) == chat.sent_ids
        said = [r.body.get("text") for r in chat.sent("/answerCallbackQuery")]
        assert texts.unknown_tune("another000") not in said

    async def test_of_an_old_message_says_that_telegram_does_not_let_it(self, chat: TelegramServer) -> None:
        page = await turned(chat, await a_tune(chat), texts.BUTTON_MORE)
        body = {"ok": False, "error_code": 400, "description": "Bad Request: message can't be deleted"}
        chat.trouble("/deleteMessages", Trouble(400, body))
        before = len(chat.sent("/answerCallbackQuery"))
        await chat.press(data(page, texts.BUTTON_DELETE), message_id=chat.sent_ids[0])
        said = (await chat.until(lambda r: r.path == "/answerCallbackQuery", before + 1))[-1]
        assert said.body["text"] == own.NOT_DELETED

    @pytest.mark.parametrize("owner", [True, False])
    async def test_is_for_managers_and_nobody_else(self, chat: TelegramServer, owner: bool) -> None:
        page = await turned(chat, await a_tune(chat, GROUP), texts.BUTTON_MORE, GROUP)
        other = {**PERSON, "id": 77}
        chat.owners = {77} if owner else set()
        before = len(chat.sent("/answerCallbackQuery"))
        await chat.press(data(page, texts.BUTTON_DELETE), GROUP, message_id=chat.sent_ids[0], person=other)
        said = (await chat.until(lambda r: r.path == "/answerCallbackQuery", before + 1))[-1]
        assert said.body.get("text") == (None if owner else texts.NOT_YOURS)
        if owner:
            await chat.until(lambda r: r.path == "/deleteMessages")
        assert len(chat.sent("/deleteMessages")) == owner


async def test_a_like_is_counted_and_said_to_who_pressed(chat: TelegramServer, core: Core) -> None:
    tune = await a_tune(chat, GROUP)
    page = await turned(chat, tune, texts.like(0), GROUP)
    assert texts.like(1) in [key["text"] for key in keys(page)]
    said = chat.sent("/answerCallbackQuery")[-1]
    assert said.body["text"] == texts.LIKED
    page = await turned(chat, page, texts.like(1), GROUP)
    assert texts.like(0) in [key["text"] for key in keys(page)]
    page = await turned(chat, await turned(chat, page, texts.BUTTON_MORE, GROUP), texts.BUTTON_BACK, GROUP)
    assert keys(page) == keys(tune)
