"""A small Discord: the gateway and as much of the REST API as a bot with slash commands meets.

It refuses what Discord refuses (options that no registered command has, an answer before the
acknowledgement, a second acknowledgement), with Discord's own error codes.
"""

import asyncio
import itertools
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.platforms.server import PATIENCE, Request, Server, Trouble
from tests.platforms.specs import DiscordSpec

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAx.GoodTo.ken-of-the-local-server-0000000000000"  # of this server alone
APPLICATION = "1000000000000000001"
GUILD, CHANNEL, DM, USER = "2000000000000000001", "3000000000000000001", "3000000000000000002", "40000000001"
PERSON = {"id": USER, "username": "fiddler", "discriminator": "0", "avatar": None, "global_name": "Fiddler"}
BOT = {"id": APPLICATION, "username": "tunesmith", "discriminator": "0", "avatar": None, "bot": True}
KINDS = {3: str, 4: int, 10: (int, float)}
WHEN = "2026-01-01T00:00:00+00:00"


class DiscordServer(Server):
    """Discord for one bot, one guild and one person.

    Attributes:
        commands: what the bot has registered.
        identified: the payloads of every IDENTIFY and RESUME.
    """

    def __init__(self, shards: int = 1) -> None:
        super().__init__()
        self.commands: list[dict[str, Any]] = []
        self.identified: list[dict[str, Any]] = []
        self.shards = shards
        self.filesize_limit = 10 * 1024 * 1024
        self._spec = DiscordSpec()
        self._ids = itertools.count(5_000_000_000_000_000_001)
        self._sockets: list[web.WebSocketResponse] = []
        self._open = asyncio.Event()
        self._sequence = itertools.count(1)
        self._state: dict[str, str] = {}
        self._own: set[str] = set()  # messages of the bot's in channels

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_route("*", "/api/v10/{path:.*}", self._rest)
        return app

    @property
    def gateway(self) -> str:
        """Where the gateway listens."""
        return self.root.replace("http", "ws") + "/gateway"

    # The gateway

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}})
        async for message in socket:
            data = json.loads(message.data)
            if data["op"] == 1:
                await socket.send_json({"op": 11})
            elif data["op"] in (2, 6):
                if data["d"]["token"] != TOKEN:
                    await socket.close(code=4004, message=b"Authentication failed.")
                    break
                self._sockets.append(socket)
                async with self._news:
                    self.identified.append(data)
                    self._news.notify_all()
                await self._welcome(socket, data)
        if socket in self._sockets:
            self._sockets.remove(socket)
        if not self._sockets:
            self._open.clear()
        return socket

    async def _welcome(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> None:
        if data["op"] == 6:
            await self._send(socket, "RESUMED", {})
        else:
            ready = {
                "v": 10,
                "user": BOT,
                "guilds": [{"id": GUILD, "unavailable": True}],
                "session_id": "session",
                "resume_gateway_url": self.gateway,
                "shard": data["d"].get("shard", [0, 1]),
                "application": {"id": APPLICATION, "flags": 0},
            }
            await self._send(socket, "READY", ready)
        self._open.set()

    async def _send(self, socket: web.WebSocketResponse, event: str, data: dict[str, Any]) -> None:
        await socket.send_json({"op": 0, "t": event, "s": next(self._sequence), "d": data})

    @property
    def is_open(self) -> bool:
        """Tell whether a bot is connected to the gateway."""
        return self._open.is_set()

    async def until_identified(self, count: int) -> None:
        """Wait until so many shards have come, or come back."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: len(self.identified) >= count)

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Send the bot an event."""
        await asyncio.wait_for(self._open.wait(), PATIENCE)
        await self._send(self._sockets[-1], event, data)

    async def hang_up(self, code: int) -> None:
        """Close the gateway's connection; the bot is to come back by itself."""
        self._open.clear()
        await self._sockets[-1].close(code=code)

    # What a person does

    async def slash(
        self,
        command: str,
        *,
        private: bool = False,
        guild: str = GUILD,
        person: Mapping[str, Any] = PERSON,
        **values: object,
    ) -> str:
        """Somebody picks a command and fills in options; gives the interaction's token.

        Discord's own client lets nobody send what the registered command does not allow; nor does this.
        """
        registered = next(item for item in self.commands if item["name"] == command)
        options = []
        for name, value in values.items():
            option = next(item for item in registered["options"] if item["name"] == name)
            assert isinstance(value, KINDS[option["type"]]), f"{name} is no {option['type']}"
            assert option.get("min_value", value) <= value <= option.get("max_value", value)  # type: ignore[operator]
            if option.get("choices"):
                assert value in [choice["value"] for choice in option["choices"]]
            options.append({"name": name, "type": option["type"], "value": value})
        missing = {o["name"] for o in registered.get("options", ()) if o.get("required")} - set(values)
        assert not missing
        data = {"id": registered["id"], "name": command, "type": 1, "options": options}
        return await self._interact(2, data, private, guild, person)

    async def complete(self, command: str, option: str, typed: str) -> list[dict[str, str]]:
        """Somebody types into an option with autocomplete; gives what the bot suggests."""
        registered = next(item for item in self.commands if item["name"] == command)
        options = [{"name": option, "type": 3, "value": typed, "focused": True}]
        data = {"id": registered["id"], "name": command, "type": 1, "options": options}
        token = await self._interact(4, data, private=False)
        found = await self.until(lambda r: f"/{token}/callback" in r.path)
        choices: list[dict[str, str]] = found[0].body["data"]["choices"]
        return choices

    async def press(self, label: str, *, private: bool = False) -> str:
        """Somebody presses a button of the bot's last message; gives the interaction's token."""
        rows = next(r.body["components"] for r in reversed(self.requests) if r.body.get("components"))
        button = next(item for row in rows for item in row["components"] if item["label"] == label)
        data = {"custom_id": button["custom_id"], "component_type": 2}
        return await self._interact(3, data, private, message=self.message(components=rows))

    async def say(self, text: str, *, private: bool = False) -> str:
        """Somebody writes a message, in the guild with a mention of the bot; its id."""
        message = self.message(content=text, author=PERSON, channel_id=DM if private else CHANNEL)
        if not private:
            message |= {"guild_id": GUILD, "mentions": [BOT], "member": {"roles": [], "flags": 0}}
        await self.dispatch("MESSAGE_CREATE", message)
        return str(message["id"])

    async def unsay(self, message: str) -> None:
        """Somebody deletes a message in the guild."""
        await self.dispatch("MESSAGE_DELETE", {"id": message, "channel_id": CHANNEL, "guild_id": GUILD})

    async def _interact(
        self,
        kind: int,
        data: dict[str, Any],
        private: bool,
        guild: str = GUILD,
        person: Mapping[str, Any] = PERSON,
        **more: Any,
    ) -> str:
        token = f"interaction-token-{next(self._ids)}"
        interaction: dict[str, Any] = {
            "id": str(next(self._ids)),
            "application_id": APPLICATION,
            "type": kind,
            "token": token,
            "version": 1,
            "data": data,
            "attachment_size_limit": self.filesize_limit,
            "app_permissions": "0",
            "entitlements": [],
            "authorizing_integration_owners": {"1": USER} if private or guild != GUILD else {"0": GUILD},
            "context": 1 if private else 0,
            "locale": "en-GB",
            "channel_id": DM if private else CHANNEL,
        }
        if private:
            interaction |= {"user": person, "channel": {"id": DM, "type": 1, "recipients": [person]}}
        else:
            member = {"user": person, "roles": [], "flags": 0, "permissions": "0", "joined_at": WHEN}
            channel = {"id": CHANNEL, "type": 0, "name": "session", "position": 0, "guild_id": guild}
            interaction |= {"guild_id": guild, "member": member, "channel": channel}
        await self.dispatch("INTERACTION_CREATE", interaction | more)
        return token

    # The REST API

    async def answers(self, token: str, count: int = 1) -> list[Request]:
        """Wait for the messages that answer an interaction: follow-ups and edits of the first."""
        return await self.until(lambda r: f"/{token}" in r.path and not r.path.endswith("/callback"), count)

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        body, files = await _read(request)
        path = "/" + request.match_info["path"]
        noted = Request(request.method, path, body if isinstance(body, dict) else {"": body}, files)
        self.faults += self._spec.faults(request.method, path, dict(request.query), body)
        trouble = await self.record(noted)
        if trouble and not trouble.done:
            return await self.suffer(trouble, request)
        authorised = request.headers.get("Authorization") == f"Bot {TOKEN}"
        if not authorised and not path.startswith(("/interactions", "/webhooks")):
            status, answer = 401, _error("401: Unauthorized", 0)
        else:
            status, answer = self._act(noted)
        return await self.suffer(trouble or Trouble(status, answer), request)

    def _act(self, request: Request) -> tuple[int, Any]:
        parts = request.path.strip("/").split("/")
        match request.method, *parts:
            case "GET", "users", "@me":
                answer: tuple[int, Any] = 200, BOT
            case "GET", "oauth2", "applications", "@me":
                about = {"name": "Tunesmith", "description": "", "icon": None, "verify_key": "00", "flags": 0}
                rules = {"bot_public": True, "bot_require_code_grant": False}
                answer = 200, {"id": APPLICATION, "owner": PERSON, **about, **rules}
            case "GET", "gateway", "bot":
                limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
                answer = 200, {"url": self.gateway, "shards": self.shards, "session_start_limit": limit}
            case "GET", "applications", _, "commands":
                answer = 200, self.commands
            case "PUT", "applications", _, "commands":
                self.commands = [self._registered(command) for command in request.body[""]]
                answer = 200, self.commands
            case "POST", "interactions", _, token, "callback":
                answer = self._acknowledge(token, request)
            case _, "webhooks", _, token, *_:
                answer = self._follow_up(token, request)
            case "POST", "channels", channel, "messages":
                answer = 200, self.message(channel_id=channel, **_shown(request))
                self._own.add(answer[1]["id"])
            case "PATCH", "channels", channel, "messages", message if message in self._own:
                answer = 200, self.message(channel_id=channel, **_shown(request)) | {"id": message}
            case _:
                answer = 404, _error("404: Not Found", 0)
        return answer

    def _registered(self, command: dict[str, Any]) -> dict[str, Any]:
        """A command as Discord gives it back: with an id, without what is at its default."""
        extra = {"id": str(next(self._ids)), "version": str(next(self._ids)), "application_id": APPLICATION}
        extra |= {"default_member_permissions": None, "dm_permission": True, "nsfw": False}
        options = [
            {
                name: value
                for name, value in option.items()
                if not (value is False or value is None or value == [])
            }
            for option in command["options"]
        ]
        places = ("contexts", "integration_types")
        return {**extra, **command, "options": options} | {name: sorted(command[name]) for name in places}

    def _acknowledge(self, token: str, request: Request) -> tuple[int, Any]:
        if token in self._state:
            return 400, _error("Interaction has already been acknowledged.", 40060)
        self._state[token] = "waiting"
        kind = request.body["type"]
        resource = {"type": kind, "message": self.message(flags=128)} if kind in (4, 5) else {"type": kind}
        return 200, {"interaction": {"id": token[-19:], "type": 2}, "resource": resource}

    def _follow_up(self, token: str, request: Request) -> tuple[int, Any]:
        if token not in self._state:
            return 404, _error("Unknown Webhook", 10015)
        if any(len(data) > self.filesize_limit for data in request.files.values()):
            return 413, _error("Request entity too large", 40005)
        self._state[token] = "answered"
        return 200, self.message(**_shown(request))

    def message(self, **fields: Any) -> dict[str, Any]:
        """A message as the API shows it."""
        message = {"id": str(next(self._ids)), "channel_id": CHANNEL, "author": BOT, "content": "", "type": 0}
        lists = ("mentions", "mention_roles", "attachments", "embeds", "components")
        flags = {"tts": False, "mention_everyone": False, "pinned": False, "flags": 0}
        return {
            **message,
            "timestamp": WHEN,
            "edited_timestamp": None,
            **{name: [] for name in lists},
            **flags,
            **fields,
        }


def _error(message: str, code: int) -> dict[str, Any]:
    return {"message": message, "code": code}


def _shown(request: Request) -> dict[str, Any]:
    files = [
        {"id": str(number), "filename": name, "size": len(data), "url": f"https://x.invalid/{name}"}
        | {"proxy_url": f"https://x.invalid/{name}"}
        for number, (name, data) in enumerate(request.files.items())
    ]
    return {"content": request.body.get("content") or "", "attachments": files}


async def _read(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    """The JSON of a request, and its files by name."""
    files: dict[str, bytes] = {}
    if request.content_type != "multipart/form-data":
        text = await request.text()
        return (json.loads(text) if text else None), files
    body: Any = None
    async for part in await request.multipart():
        data = bytes(await part.read())  # type: ignore[union-attr]
        if part.name == "payload_json":  # type: ignore[union-attr]
            body = json.loads(data)
        else:
            files[part.filename] = data  # type: ignore[union-attr,index]
    return body, files
