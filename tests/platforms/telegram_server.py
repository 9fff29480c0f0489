"""A small Telegram: the Bot API's methods that a chat bot calls, and people who write to it.

It refuses what Telegram refuses (broken HTML, captions and button data over the limits, albums that do not
mix), with Telegram's own words.
"""

import asyncio
import html.parser
import itertools
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.platforms.server import Request, Server, Trouble
from tests.platforms.specs import TelegramSpec

TOKEN = "1234567:the-token_of-the-local-server"
BOT = {"id": 1234567, "is_bot": True, "first_name": "Tunesmith", "username": "TunesmithBot"}
PERSON = {"id": 42, "is_bot": False, "first_name": "Fiddler", "language_code": "en"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Fiddler"}
GROUP = {"id": -1001234, "type": "supergroup", "title": "Session", "is_forum": True}
WHEN = 1_767_225_600
TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote"}
EDITS = ("editMessageText", "editMessageCaption", "editMessageMedia")
SENDS = ("sendMessage", "sendPhoto", "sendAudio", "sendDocument", "sendMediaGroup")


class TelegramServer(Server):
    """Telegram for one bot, one person and one group.

    Attributes:
        menu: the commands that the bot has set.
        sent_ids: of the bot's messages, in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.menu: list[dict[str, str]] = []
        self.sent_ids: list[int] = []
        self._spec = TelegramSpec()
        self._ids = itertools.count(100)
        self._updates: list[dict[str, Any]] = []

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        return app

    # What a person does

    async def write(self, text: str, chat: dict[str, Any] = PRIVATE, **fields: object) -> None:
        """Somebody writes a message."""
        await self._update("message", self._written(text, chat, fields))

    async def edit(self, text: str, chat: dict[str, Any] = PRIVATE, **fields: object) -> None:
        """Somebody edits a message, whose ``message_id`` is among the fields."""
        await self._update("edited_message", self._written(text, chat, fields) | {"edit_date": WHEN})

    async def repeat(self, update_id: int, text: str) -> None:
        """Send an update that has this number, as after a restart."""
        await self._update("message", self._written(text, PRIVATE, {}), update_id)

    def _written(self, text: str, chat: dict[str, Any], fields: Mapping[str, object]) -> dict[str, Any]:
        message = {**self.message(chat), "from": PERSON, "text": text, **fields}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return message

    async def press(self, data: str, chat: dict[str, Any] = PRIVATE, *, gone: bool = False) -> None:
        """Somebody presses a button under a message of the bot's; gone: too old to be shown any more."""
        query = {"id": str(next(self._ids)), "from": PERSON, "chat_instance": "1", "data": data}
        message = self.message(chat) | ({"date": 0} if gone else {"from": BOT, "text": "…"})
        await self._update("callback_query", query | {"message": message})

    async def _update(self, kind: str, content: dict[str, Any], number: int | None = None) -> None:
        async with self._news:
            self._updates.append({"update_id": number or next(self._ids), kind: content})
            self._news.notify_all()

    async def answers(self, count: int = 1) -> list[Request]:
        """Wait for so many messages of the bot's, and give them all."""
        return await self.until(lambda r: r.path.endswith(SENDS + EDITS), count)

    # The Bot API

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fields, files = await _read(request)
        noted = Request(request.method, f"/{method}", fields, files)
        self.faults += self._spec.faults(method, fields)
        trouble = await self.record(noted)
        if trouble and not trouble.done:
            return await self.suffer(trouble, request)
        if request.match_info["token"] != TOKEN:
            answer = Trouble(401, _error(401, "Unauthorized"))
        elif refusal := self._refusal(fields):
            answer = Trouble(refusal[0], _error(*refusal))
        else:
            answer = Trouble(200, {"ok": True, "result": await self._act(method, fields)})
        return await self.suffer(trouble or answer, request)

    def _refusal(self, fields: dict[str, Any]) -> tuple[int, str] | None:
        mode = fields.get("parse_mode")
        keys = [key for row in _parsed(fields, "reply_markup").get("inline_keyboard", ()) for key in row]
        media = _parsed(fields, "media")
        album = [item["type"] for item in media] if isinstance(media, list) else []
        mixes = set(album) <= {"photo", "video"} or len(set(album)) == 1
        refusals = {
            (400, "Bad Request: message text is empty"): fields.get("text", "x") == "",
            (400, "Bad Request: message is too long"): _length(fields.get("text", ""), mode) > 4096,
            (400, "Bad Request: message caption is too long"): _length(fields.get("caption", ""), mode)
            > 1024,
            (400, "Bad Request: can't parse entities"): mode == "HTML"
            and _broken(fields.get("text") or fields.get("caption", "")),
            (400, "Bad Request: BUTTON_DATA_INVALID"): any(
                len(key.get("callback_data", "").encode()) > 64 for key in keys
            ),
            (400, "Bad Request: inline keyboard button URL is invalid"): any(
                "." not in key["url"].split("/")[2] for key in keys if "url" in key
            ),
            (400, "Bad Request: wrong media group"): album and (not 2 <= len(album) <= 10 or not mixes),
        }
        return next((refusal for refusal, applies in refusals.items() if applies), None)

    async def _act(self, method: str, fields: dict[str, Any]) -> object:
        if method == "getMe":
            return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False}
        if method == "getUpdates":
            return await self._news_since(int(fields.get("offset", 0)), float(fields.get("timeout", 0)))
        if method == "getMyCommands":
            return self.menu
        if method == "setMyCommands":
            self.menu = json.loads(fields["commands"])
        if method == "sendMediaGroup":
            return [self._sent(fields) for _ in json.loads(fields["media"])]
        if method in EDITS:
            return self._edited(fields)
        return self._sent(fields) if method in SENDS else True

    def _edited(self, fields: dict[str, Any]) -> dict[str, Any]:
        number = int(fields["message_id"])
        assert number in self.sent_ids, "an edit of a message that the bot has not sent"
        return {**self._sent(fields, note=False), "message_id": number}

    async def _news_since(self, offset: int, patience: float) -> list[dict[str, Any]]:
        """A long poll: what there is from that update on, or what comes within so many seconds."""
        async with self._news:
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            try:
                async with asyncio.timeout(patience):
                    await self._news.wait_for(lambda: bool(self._updates) or self._closing.is_set())
            except TimeoutError:
                pass
            return self._updates

    def _sent(self, fields: dict[str, Any], *, note: bool = True) -> dict[str, Any]:
        chat = next((chat for chat in (PRIVATE, GROUP) if chat["id"] == int(fields["chat_id"])), GROUP)
        message = {**self.message(chat), "from": BOT, "text": fields.get("text", "")}
        if note:
            self.sent_ids.append(message["message_id"])
        return message

    def message(self, chat: dict[str, Any]) -> dict[str, Any]:
        """A message as the API shows it, still without content."""
        return {"message_id": next(self._ids), "date": WHEN, "chat": chat}


def _error(code: int, description: str) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": description}


def _parsed(fields: dict[str, Any], name: str) -> Any:
    return json.loads(fields.get(name) or "{}")


class _Html(html.parser.HTMLParser):
    """Telegram's HTML: few tags, all closed, the rest escaped."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []
        self.broken = False
        self.feed(text)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.open.append(tag)
        self.broken |= tag not in TAGS

    def handle_endtag(self, tag: str) -> None:
        self.broken |= not self.open or self.open.pop() != tag


def shown(text: str) -> str:
    """What people see of a text in Telegram's HTML."""
    return _Html(text).text


def _broken(text: str) -> bool:
    parsed = _Html(text)
    return parsed.broken or bool(parsed.open)


def _length(text: str, mode: str | None) -> int:
    return len((shown(text) if mode == "HTML" else text).encode("utf-16-le")) // 2


async def _read(request: web.Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The fields of a call, and its files by name; a file that another field attaches is no field itself."""
    form = await request.post()
    sent = {name: value.file.read() for name, value in form.items() if isinstance(value, web.FileField)}
    fields: dict[str, Any] = {name: value for name, value in form.items() if name not in sent}
    attached = {name for name in sent if any(f"attach://{name}" in value for value in fields.values())}
    names = {name: value.filename for name, value in form.items() if isinstance(value, web.FileField)}
    files = {names[name]: data for name, data in sent.items()}
    return fields | {name: data for name, data in sent.items() if name not in attached}, files
