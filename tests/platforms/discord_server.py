"""A small Discord: the gateway and as much of the REST API as a bot with slash commands meets.

It refuses what Discord refuses (options that no registered command has, an answer before the
acknowledgement, a second acknowledgement), with Discord's own error codes.
"""

import json
from typing import Any

from aiohttp import web

from tests.platforms.discord_gateway import (
    APPLICATION,
    BOT,
    CHANNEL,
    DM,
    GUILD,
    PERSON,
    TOKEN,
    USER,
    WHEN,
    DiscordGateway,
)
from tests.platforms.server import Request, Trouble
from tests.platforms.specs import DiscordSpec

__all__ = ["APPLICATION", "BOT", "CHANNEL", "DM", "GUILD", "PERSON", "TOKEN", "USER", "WHEN", "DiscordServer"]


class DiscordServer(DiscordGateway):
    """The gateway, and the REST API beside it."""

    def __init__(self, shards: int = 1) -> None:
        super().__init__(shards)
        self._spec = DiscordSpec()
        self._state: dict[str, str] = {}
        self._own: set[str] = set()  # messages of the bot's in channels

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/cdn/{name}", self._upload)
        app.router.add_route("*", "/api/v10/{path:.*}", self._rest)
        return app

    async def _upload(self, request: web.Request) -> web.Response:
        """A file that somebody has uploaded."""
        name = request.match_info["name"]
        self.fetched.append(name)
        return web.Response(body=self.uploads[name]) if name in self.uploads else web.Response(status=404)

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
            if request.method == "GET" and not request.query.get("with_localizations"):
                answer = _without_localizations(answer)
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
            case method, "channels", channel, "messages", *message:
                answer = self._in_channel(method, channel, request, *message)
            case _:
                answer = 404, _error("404: Not Found", 0)
        return answer

    def _in_channel(self, method: str, channel: str, request: Request, message: str = "") -> tuple[int, Any]:
        """Show, edit or delete a message of the bot's."""
        if request.files and not self.allowed.attach_files:
            return 403, _error("Missing Permissions", 50013)
        if method == "POST":
            shown = self.message(channel_id=channel, **_shown(request))
            self._own.add(shown["id"])
            return 200, shown
        if message not in self._own:
            return 404, _error("Unknown Message", 10008)
        if method == "DELETE":
            self._own.discard(message)
            return 204, None
        return 200, self.message(channel_id=channel, **_shown(request)) | {"id": message}

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
            for option in command.get("options", ())
        ]
        places = ("contexts", "integration_types")
        extra |= {"description": ""}  # of what stands in a context menu
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
        if request.files and not self.allowed.attach_files:
            return 403, _error("Missing Permissions", 50013)
        if any(len(data) > self.filesize_limit for data in request.files.values()):
            return 413, _error("Request entity too large", 40005)
        self._state[token] = "answered"
        return 200, self.message(**_shown(request))


def _without_localizations(value: Any) -> Any:
    """What Discord gives of commands to who does not ask for their names in other languages."""
    if isinstance(value, list):
        return [_without_localizations(item) for item in value]
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if not name.endswith("_localizations")}
        return {name: _without_localizations(item) for name, item in kept.items()}
    return value


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
