"""The gateway of a small Discord, and what people do there."""

import asyncio
import itertools
import json
from collections.abc import Mapping
from typing import Any

import discord
from aiohttp import web

from tests.platforms.server import PATIENCE, Server

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAx.GoodTo.ken-of-the-local-server-0000000000000"  # of this server alone
APPLICATION = "1000000000000000001"
GUILD, CHANNEL, DM, USER = "2000000000000000001", "3000000000000000001", "3000000000000000002", "40000000001"
PERSON = {"id": USER, "username": "fiddler", "discriminator": "0", "avatar": None, "global_name": "Fiddler"}
BOT = {"id": APPLICATION, "username": "tunesmith", "discriminator": "0", "avatar": None, "bot": True}
KINDS = {3: str, 4: int, 10: (int, float), 11: dict}
WHEN = "2026-01-01T00:00:00+00:00"
ALLOWED = discord.Permissions(view_channel=True, send_messages=True, attach_files=True, embed_links=True)


class DiscordGateway(Server):
    """Discord for one bot, one guild and its people.

    Attributes:
        commands: what the bot has registered.
        identified: the payloads of every IDENTIFY and RESUME.
        filesize_limit: bytes that a file may have.
        allowed: what the bot may do in the channel.
        uploads: files of people, by name.
        fetched: names of those that the bot has fetched.
    """

    def __init__(self, shards: int = 1) -> None:
        super().__init__()
        self.commands: list[dict[str, Any]] = []
        self.identified: list[dict[str, Any]] = []
        self.shards = shards
        self.filesize_limit = 10 * 1024 * 1024
        self.allowed = ALLOWED
        self.locale = "en-GB"  # of whoever asks
        self._ids = itertools.count(5_000_000_000_000_000_001)
        self._sockets: list[web.WebSocketResponse] = []
        self._shard_of: dict[web.WebSocketResponse, list[int]] = {}
        self._open = asyncio.Event()
        self._sequence = itertools.count(1)
        self.uploads: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self._said: dict[str, dict[str, Any]] = {}  # by people, by id

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
                if data["op"] == 2:
                    self._shard_of[socket] = data["d"].get("shard", [0, 1])
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
        """Send the bot an event, to the shard whose it is; to all connections if that is asked for."""
        await asyncio.wait_for(self._open.wait(), PATIENCE)
        everywhere = data.pop("everywhere", False)
        for socket in list(self._sockets) if everywhere else [self._socket_for(data.get("guild_id"))]:
            await self._send(socket, event, data)

    def _socket_for(self, guild: str | None) -> web.WebSocketResponse:
        """The newest connection of the shard that a guild is on; private chats are on the first."""
        for socket in reversed(self._sockets):
            number, count = self._shard_of.get(socket, [0, 1])
            if number == (int(guild or 0) >> 22) % count:
                return socket
        return self._sockets[-1]

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
        everywhere: bool = False,
        permissions: str = "0",
        **values: object,
    ) -> str:
        """Somebody picks a command and fills in options; gives the interaction's token.

        ``everywhere``: it comes to every connection, as while one session of a shard follows another.

        Discord's own client lets nobody send what the registered command does not allow; nor does this.
        """
        registered = next(item for item in self.commands if item["name"] == command)
        options = []
        for name, value in values.items():
            option = next(item for item in registered["options"] if item["name"] == name)
            assert isinstance(value, KINDS[option["type"]]), f"{name} is no {option['type']}"
            if not isinstance(value, dict):
                assert option.get("min_value", value) <= value <= option.get("max_value", value)  # type: ignore[operator]
            if option.get("choices"):
                assert value in [choice["value"] for choice in option["choices"]]
            options.append({"name": name, "type": option["type"], "value": value})
        missing = {o["name"] for o in registered.get("options", ()) if o.get("required")} - set(values)
        assert not missing
        data: dict[str, Any] = {"id": registered["id"], "name": command, "type": 1, "options": options}
        for option in options:
            if option["type"] == 11:
                file: Any = option["value"]
                option["value"] = file["id"]
                data["resolved"] = {"attachments": {file["id"]: file}}
        more = {"everywhere": True} if everywhere else {}
        return await self._interact(2, data, private, guild, person, permissions, **more)

    async def complete(self, command: str, option: str, typed: str) -> list[dict[str, str]]:
        """Somebody types into an option with autocomplete; gives what the bot suggests."""
        registered = next(item for item in self.commands if item["name"] == command)
        options = [{"name": option, "type": 3, "value": typed, "focused": True}]
        data = {"id": registered["id"], "name": command, "type": 1, "options": options}
        token = await self._interact(4, data, private=False)
        found = await self.until(lambda r: f"/{token}/callback" in r.path)
        choices: list[dict[str, str]] = found[0].body["data"]["choices"]
        return choices

    async def press(
        self,
        label: str,
        *,
        private: bool = False,
        of: int = -1,
        person: Mapping[str, Any] = PERSON,
        permissions: str = "0",
    ) -> str:
        """Somebody presses a button of the bot's last message, or an earlier one; the interaction's token."""
        at, rows = self._under[of]
        button = next(item for row in rows for item in row["components"] if item.get("label") == label)
        data = {"custom_id": button["custom_id"], "component_type": 2}
        return await self._press(at, rows, data, private, person, permissions)

    async def choose(self, label: str, *, private: bool = False, of: int = -1) -> str:
        """Somebody picks from the list under a message of the bot's; the interaction's token."""
        at, rows = self._under[of]
        found = next(item for row in rows for item in row["components"] if item["type"] == 3)
        value = next(option["value"] for option in found["options"] if option["label"] == label)
        data = {"custom_id": found["custom_id"], "component_type": 3, "values": [value]}
        return await self._press(at, rows, data, private)

    @property
    def _under(self) -> list[tuple[int, Any]]:
        """What stood under messages of the bot's, by the number of the request that put it there."""
        bodies = [(at, r.body.get("data") or r.body) for at, r in enumerate(self.requests)]
        return [(at, body["components"]) for at, body in bodies if _has_buttons(body)]

    async def _press(
        self,
        at: int,
        rows: Any,
        data: dict[str, Any],
        private: bool,
        person: Mapping[str, Any] = PERSON,
        permissions: str = "0",
    ) -> str:
        message = self.message(id=str(6_000_000_000_000_000_001 + at), components=rows)
        return await self._interact(3, data, private, person=person, permissions=permissions, message=message)

    async def pick_in_menu(self, name: str, text: str, *files: dict[str, Any]) -> str:
        """Somebody picks an entry of the menu on somebody's message; the interaction's token."""
        registered = next(item for item in self.commands if item["name"] == name)
        assert registered["type"] == 3
        message = self.message(content=text, author={**PERSON, "id": "40000000002"}, attachments=list(files))
        found = {"messages": {message["id"]: message}}
        data = {"id": registered["id"], "name": name, "type": 3, "target_id": message["id"]}
        return await self._interact(2, {**data, "resolved": found}, private=False)

    async def add_to(self, guild: str, *channels: tuple[str, discord.Permissions]) -> None:
        """Somebody adds the bot to a server with these channels, in each of which it may do so much."""
        everyone = {"id": guild, "name": "@everyone", "permissions": "0", "position": 0, "color": 0}
        flags = {"hoist": False, "managed": False, "mentionable": False}
        shown = [
            {
                "id": channel,
                "type": 0,
                "name": f"channel-{place}",
                "position": place,
                "permission_overwrites": [{"id": guild, "type": 0, "allow": str(may.value), "deny": "0"}],
            }
            for place, (channel, may) in enumerate(channels)
        ]
        me = {"user": BOT, "roles": [], "joined_at": WHEN, "flags": 0}
        about: dict[str, Any] = {"id": guild, "name": "Session", "owner_id": USER, "member_count": 2}
        lists = {name: [] for name in ("emojis", "stickers", "features", "voice_states", "presences")}
        lists |= {name: [] for name in ("threads", "stage_instances", "guild_scheduled_events")}
        levels = dict.fromkeys(("verification_level", "nsfw_level", "premium_tier", "mfa_level"), 0)
        guild_now = {**about, **lists, **levels, "roles": [{**everyone, **flags}], "members": [me]}
        await self.dispatch("GUILD_CREATE", {**guild_now, "channels": shown})

    async def take_out_of(self, guild: str) -> None:
        """Somebody takes the bot out of a server."""
        await self.dispatch("GUILD_DELETE", {"id": guild})

    async def fill_in(self, form: dict[str, Any], text: str) -> str:
        """Somebody fills in a form that the bot has shown, which has one text; the interaction's token."""
        label = form["components"][0]
        field = label["component"]
        assert field["type"] == 4
        assert field.get("min_length", 0) <= len(text) <= field["max_length"]
        filled = {"type": 4, "id": 2, "custom_id": field["custom_id"], "value": text}
        data = {"custom_id": form["custom_id"], "components": [{"type": 18, "id": 1, "component": filled}]}
        return await self._interact(5, data, private=False)

    async def fill_in_fields(self, form: dict[str, Any], **changes: str) -> str:
        """Somebody changes some fields of a form that the bot has shown, and sends it in; the token."""
        filled = []
        for number, label in enumerate(form["components"]):
            field = label["component"]
            name = field["custom_id"]
            if field["type"] == 3:
                old = [option["value"] for option in field["options"] if option.get("default")]
                new = [changes.pop(name)] if name in changes else old
                assert set(new) <= {option["value"] for option in field["options"]}
                value: dict[str, Any] = {"type": 3, "values": new}
            else:
                text = changes.pop(name, field.get("value") or "")
                assert len(text) <= field["max_length"]
                value = {"type": 4, "value": text}
            filled.append(
                {"type": 18, "id": number, "component": {**value, "id": 10 + number, "custom_id": name}}
            )
        assert not changes
        data = {"custom_id": form["custom_id"], "components": filled}
        return await self._interact(5, data, private=False)

    def attach(self, name: str, data: bytes, size: int | None = None) -> dict[str, Any]:
        """Somebody uploads a file; gives what the API shows of it."""
        self.uploads[name] = data
        address = f"{self.root}/cdn/{name}"
        shown = {"id": str(next(self._ids)), "filename": name, "url": address, "proxy_url": address}
        return {**shown, "size": len(data) if size is None else size}

    async def say(
        self, text: str, *files: dict[str, Any], private: bool = False, replying: bool = False
    ) -> str:
        """Somebody writes a message, in the guild or to the bot alone, or replies to it; the message's id."""
        message = self.message(content=text, author=PERSON, channel_id=DM if private else CHANNEL)
        message["attachments"] = list(files)
        if replying:
            message |= {"type": 19, "message_reference": {"message_id": "7", "channel_id": CHANNEL}}
        if not private:
            named = [BOT] if replying or f"<@{APPLICATION}>" in text else []
            message |= {"guild_id": GUILD, "mentions": named, "member": {"roles": [], "flags": 0}}
        self._said[message["id"]] = message
        await self.dispatch("MESSAGE_CREATE", message)
        return str(message["id"])

    async def edit(self, message: str, text: str) -> None:
        """Somebody edits what they wrote."""
        self._said[message] |= {"content": text, "edited_timestamp": WHEN}
        await self.dispatch("MESSAGE_UPDATE", self._said[message])

    async def unfurl(self, message: str) -> None:
        """Discord adds a preview of a link to what somebody wrote."""
        await self.dispatch("MESSAGE_UPDATE", self._said[message] | {"embeds": [{"type": "link"}]})

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
        permissions: str = "0",
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
            "app_permissions": str(self.allowed.value),
            "entitlements": [],
            "authorizing_integration_owners": {"1": USER} if private or guild != GUILD else {"0": GUILD},
            "context": 1 if private else 0,
            "locale": self.locale,
            "channel_id": DM if private else CHANNEL,
        }
        if private:
            interaction |= {"user": person, "channel": {"id": DM, "type": 1, "recipients": [person]}}
        else:
            member = {"user": person, "roles": [], "flags": 0, "permissions": permissions, "joined_at": WHEN}
            channel = {"id": CHANNEL, "type": 0, "name": "session", "position": 0, "guild_id": guild}
            interaction |= {"guild_id": guild, "member": member, "channel": channel}
        await self.dispatch("INTERACTION_CREATE", interaction | more)
        return token

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


def _has_buttons(body: object) -> bool:
    """Tell whether a message that is sent or edited has buttons; a form has fields."""
    rows = body.get("components") if isinstance(body, dict) else None
    return bool(rows) and "title" not in body  # type: ignore[operator]
