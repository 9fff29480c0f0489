"""A small Telegram: the Bot API's methods that a chat bot calls, and people who write to it.

It refuses what Telegram refuses (broken HTML, captions and button data over the limits, albums that do not
mix), with Telegram's own words.
"""

import asyncio
import html.parser
import itertools
import json
import time
from collections.abc import Callable, Mapping
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
EDITS = ("editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup")
SENDS = ("sendMessage", "sendPhoto", "sendAudio", "sendDocument", "sendMediaGroup")
KINDS = {"sendPhoto": "photos", "sendAudio": "audios", "sendDocument": "documents"}
A_MINUTE = 20  # messages in a group


class TelegramServer(Server):
    """Telegram for one bot, one person and one group.

    Args:
        clock: seconds that only grow, by which messages to a group are counted.

    Attributes:
        menus: the commands that the bot has set, by language; "" for all others.
        hook: where updates are brought to, as getWebhookInfo says; ``url`` is empty where they are fetched.
        hook_secret: what comes along with them.
        forbidden: kinds of media that groups forbid: ``photos``, ``audios``, ``documents``.
        sent_ids: of the bot's messages, in order.
        uploads: files of people, by id.
        owners: ids of those who manage groups.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.forbidden: set[str] = set()
        self.owners: set[int] = set()
        self._clock = clock
        self._to_groups: dict[int, list[float]] = {}
        self._own: dict[tuple[int, int], tuple[str, str]] = {}  # kind and content of the bot's messages
        self.menus: dict[str, list[dict[str, str]]] = {}
        self.hook: dict[str, Any] = {"url": ""}
        self.hook_secret = ""
        self.sent_ids: list[int] = []
        self.uploads: dict[str, bytes] = {}
        self._spec = TelegramSpec()
        self._ids = itertools.count(100)
        self._updates: list[dict[str, Any]] = []

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/file/bot{token}/{name}", self._upload)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        return app

    # What a person does

    async def write(self, text: str, chat: dict[str, Any] = PRIVATE, **fields: object) -> None:
        """Somebody writes a message."""
        await self._update("message", self._written(text, chat, fields))

    async def send_file(
        self, name: str, data: bytes, caption: str = "", chat: dict[str, Any] = PRIVATE, **fields: object
    ) -> None:
        """Somebody sends a file."""
        said = {"caption": caption} if caption else {}
        await self._update("message", {**self.filed(name, data, chat), "from": PERSON, **said, **fields})

    def filed(self, name: str, data: bytes, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
        """A message of somebody's with a file."""
        number = f"file-{next(self._ids)}"
        self.uploads[number] = data
        about = {"file_id": number, "file_unique_id": f"u{number}", "file_name": name, "file_size": len(data)}
        return {**self.message(chat), "document": about}

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

    async def press(
        self,
        data: str,
        chat: dict[str, Any] = PRIVATE,
        *,
        gone: bool = False,
        person: Mapping[str, object] = PERSON,
        **fields: object,
    ) -> None:
        """Somebody presses a button under a message of the bot's; gone: too old to be shown any more."""
        query = {"id": str(next(self._ids)), "from": person, "chat_instance": "1", "data": data}
        message = self.message(chat) | ({"date": 0} if gone else {"from": BOT, "text": "…"}) | fields
        await self._update("callback_query", query | {"message": message})

    async def type_inline(self, text: str) -> list[dict[str, Any]]:
        """Somebody types the bot's name and some words in any chat; what they are offered."""
        query = {"id": str(next(self._ids)), "from": PERSON, "query": text, "offset": ""}
        await self._update("inline_query", query)
        answer = (await self.until(lambda r: r.body.get("inline_query_id") == query["id"]))[0]
        offered: list[dict[str, Any]] = json.loads(answer.body["results"])
        return offered

    async def change_place(self, chat: dict[str, Any], status: str) -> None:
        """Somebody blocks the bot, or takes it out of a group, or lets it in."""
        until = {"until_date": 0} if status == "kicked" else {}
        old = {"user": BOT, "status": "member"}
        change = {"chat": chat, "from": PERSON, "date": WHEN, "old_chat_member": old}
        new = {"user": BOT, "status": status, **until}
        await self._update("my_chat_member", {**change, "new_chat_member": new})

    async def _update(self, kind: str, content: dict[str, Any], number: int | None = None) -> None:
        async with self._news:
            self._updates.append({"update_id": number or next(self._ids), kind: content})
            self._news.notify_all()

    async def answers(self, count: int = 1) -> list[Request]:
        """Wait for so many messages of the bot's, and give them all."""
        return await self.until(lambda r: r.path.endswith(SENDS + EDITS), count)

    async def taken(self) -> list[dict[str, Any]]:
        """What people did since the last time, for a test that brings it to the bot itself."""
        async with self._news:
            taken, self._updates = self._updates, []
        return taken

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
        elif refusal := self._refusal(fields) or self._refusal_by_the_chat(method, fields):
            answer = Trouble(refusal[0], _error(*refusal))
        elif wait := self._flood(method, fields):
            answer = Trouble(429, _error(429, f"Too Many Requests: retry after {wait}", retry_after=wait))
        else:
            answer = Trouble(200, {"ok": True, "result": await self._act(method, fields)})
        return await self.suffer(trouble or answer, request)

    async def _upload(self, request: web.Request) -> web.Response:
        """A file that somebody has sent."""
        name = request.match_info["name"]
        await self.record(Request("GET", f"/file/{name}", {}))
        return web.Response(body=self.uploads[name])

    def _refusal(self, fields: dict[str, Any]) -> tuple[int, str] | None:
        media = _parsed(fields, "media")
        if isinstance(media, dict):
            fields = fields | media
        mode = fields.get("parse_mode")
        keys = [key for row in _parsed(fields, "reply_markup").get("inline_keyboard", ()) for key in row]
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

    def _refusal_by_the_chat(self, method: str, fields: dict[str, Any]) -> tuple[int, str] | None:
        """What Telegram refuses for what is in the chat already, or for the chat's rules."""
        chat = int(fields.get("chat_id", 0))
        kinds = {KINDS[method]} if method in KINDS else set()
        if media := _parsed(fields, "media"):
            kinds = {f"{item['type']}s" for item in (media if isinstance(media, list) else [media])}
        if chat < 0 and (barred := kinds & self.forbidden):
            return 400, f"Bad Request: not enough rights to send {barred.pop()} to the chat"
        above = _parsed(fields, "reply_parameters")
        if (
            above
            and not above.get("allow_sending_without_reply")
            and (chat, above["message_id"]) not in self._own
        ):
            return 400, "Bad Request: message to be replied not found"
        if method not in EDITS:
            return None
        kind, content = self._own.get((chat, int(fields["message_id"])), ("", ""))
        if not kind:
            return 400, "Bad Request: message to edit not found"
        if method == "editMessageText" and kind != "text":
            return 400, "Bad Request: there is no text in the message to edit"
        if method == "editMessageCaption" and kind == "text":
            return 400, "Bad Request: there is no caption in the message to edit"
        return (400, "Bad Request: message is not modified") if content == _content(fields) else None

    def _flood(self, method: str, fields: dict[str, Any]) -> int:
        """Seconds until a message to a group may be sent; 0 if it may now, which is counted."""
        chat = int(fields.get("chat_id", 0))
        if method not in SENDS or chat >= 0:
            return 0
        now = self._clock()
        sent = self._to_groups[chat] = [at for at in self._to_groups.get(chat, []) if at > now - 60]
        count = len(_parsed(fields, "media")) if method == "sendMediaGroup" else 1
        if len(sent) + count > A_MINUTE:
            return max(1, int(sent[0] + 61 - now))
        sent += [now] * count
        return 0

    async def _act(self, method: str, fields: dict[str, Any]) -> object:
        if method == "getMe":
            return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False}
        if method == "getUpdates":
            return await self._news_since(int(fields.get("offset", 0)), float(fields.get("timeout", 0)))
        if method.endswith(("Webhook", "WebhookInfo")):
            return self._webhook(method, fields)
        if method in ("getMyCommands", "getFile", "getChatMember"):
            return self._known(method, fields)
        if method == "setMyCommands":
            self.menus[fields.get("language_code", "")] = json.loads(fields["commands"])
        if method == "sendMediaGroup":
            return [self._sent(method, fields) for _ in json.loads(fields["media"])]
        if method == "deleteMessages":
            for number in json.loads(fields["message_ids"]):
                self._own.pop((int(fields["chat_id"]), number), None)
        return self._sent(method, fields) if method in SENDS + EDITS else True

    def _known(self, method: str, fields: dict[str, Any]) -> object:
        if method == "getFile":
            number = str(fields["file_id"])
            size = len(self.uploads[number])
            return {"file_id": number, "file_unique_id": f"u{number}", "file_path": number, "file_size": size}
        if method == "getChatMember":
            user = {**PERSON, "id": int(fields["user_id"])}
            owner = {"status": "creator", "is_anonymous": False}
            return {"user": user, **(owner if user["id"] in self.owners else {"status": "member"})}
        return self.menus.get(fields.get("language_code", ""), [])

    def _webhook(self, method: str, fields: dict[str, Any]) -> object:
        if method == "getWebhookInfo":
            return {"has_custom_certificate": False, "pending_update_count": 0, **self.hook}
        self.hook = {"url": ""}
        if method == "setWebhook":
            self.hook = {"url": fields["url"], "allowed_updates": json.loads(fields["allowed_updates"])}
            self.hook_secret = fields["secret_token"]
        return True

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

    def _sent(self, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        number = int(fields["chat_id"])
        chat = GROUP if number < 0 else {**PRIVATE, "id": number}
        message = {**self.message(chat), "from": BOT, "text": fields.get("text", "")}
        if method in EDITS:
            message["message_id"] = int(fields["message_id"])
        else:
            self.sent_ids.append(message["message_id"])
        message |= self._media(method, fields, message["message_id"])
        kind = "text" if method in ("sendMessage", "editMessageText") else "media"
        if method == "editMessageReplyMarkup":
            kind = self._own[number, message["message_id"]][0]
        self._own[number, message["message_id"]] = (kind, _content(fields))
        return message

    def _media(self, method: str, fields: dict[str, Any], number: int) -> dict[str, Any]:
        """What a message with a sheet or with sound says of its file."""
        media = _parsed(fields, "media")
        kind = KINDS.get(method) or (f"{media['type']}s" if isinstance(media, dict) and media else "")
        file = {"file_id": f"{kind}-{number}", "file_unique_id": f"u{number}"}
        if kind == "photos":
            return {"photo": [{**file, "width": 90, "height": 30}]}
        return {"audio": {**file, "duration": 2}} if kind == "audios" else {}

    def message(self, chat: dict[str, Any]) -> dict[str, Any]:
        """A message as the API shows it, still without content."""
        return {"message_id": next(self._ids), "date": WHEN, "chat": chat}


def _error(code: int, description: str, **parameters: int) -> dict[str, Any]:
    error: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return error | ({"parameters": parameters} if parameters else {})


def _content(fields: dict[str, Any]) -> str:
    """What people see of a message: an edit must change it."""
    return repr([fields.get(name) for name in ("text", "caption", "media", "reply_markup", "photo", "audio")])


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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        known = {("blockquote", "expandable"), ("a", "href")}
        self.broken |= tag not in TAGS or any((tag, name) not in known for name, _ in attrs)

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
