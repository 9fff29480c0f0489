"""The pages of single tunes, their files, and what a pasted link unfolds to."""

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from yarl import URL

from bot.core import Core
from bot.files import file_name
from bot.platforms.web import texts as site
from bot.platforms.web.composing_panel import COMPOSING
from bot.platforms.web.pages import Beheld, Pages
from bot.platforms.web.previews import Size, embed, size_of
from bot.platforms.web.visitors import Visitors
from bot.settings import Settings
from bot.store import SavedTune
from generator.errors import FriendlyError, RequestError
from generator.music.instruments import read_instrument
from generator.music.keys import Key
from generator.render.practice import Practice
from generator.render.written_parts import read_part

_ID: Final = r"{id:[A-Za-z0-9]{1,16}}"
_A_DAY: Final = "public, max-age=86400"  # a newer version may draw or play a tune otherwise
_DRAWING: Final = "svg"
_PATIENCE: Final = 1.0  # seconds that a page waits to learn how large its picture is
_TONICS: Final = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


class TunePages:
    """Handlers for everything under ``/t/`` and for ``/oembed``.

    Args:
        core: has the tunes.
        settings: of the bot.
        pages: make the HTML, by language.
        visitors: tells them apart.
    """

    def __init__(
        self,
        core: Core,
        settings: Settings,
        pages: Mapping[str, Pages],
        visitors: Visitors,
    ) -> None:
        self._visitors, self._asker = visitors, visitors.asker
        self._core = core
        self._settings = settings
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """List what is served where."""
        return [
            web.get(f"/t/{_ID}", self._page),
            web.get(f"/t/{_ID}.{{suffix:[a-z0-9]{{1,8}}}}", self._file),
            web.get("/oembed", self._oembed),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        saved = await self._saved(request.match_info["id"])
        key = Key.read(saved.tune.key)
        page = self._pages[await self._visitors.language(request)].tune(
            saved,
            await self._core.timeline(saved, user=self._asker(request).turn),
            other_keys(key),
            self._core.files,
            self.home(request),
            await self._size(saved, request),
            await self._beheld(saved, request),
            await self._core.saved(saved.tune.parent) if saved.tune.parent else None,
        )
        return web.Response(text=page, content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        saved = await self._saved(request.match_info["id"])
        suffix = request.match_info["suffix"]
        kind = self._core.files.get(suffix)
        if kind is None:
            raise web.HTTPNotFound
        key, query = _asked_key(request, saved), request.query
        instrument = read_instrument(query["instrument"]) if "instrument" in query else None
        dark, part, practice = "dark" in query, read_part(query.get("part", "")), Practice.of(query)
        what = (
            *(saved.id, suffix, key.abc if key else "", instrument or "", str(dark), part),
            *(repr(practice), self._core.edition),
        )
        etag = hashlib.sha256("\0".join(what).encode()).hexdigest()[:20]
        headers = {"Cache-Control": _A_DAY, "ETag": f'"{etag}"'}
        if any(known.value in (etag, "*") for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        user = self._asker(request).turn
        data = await self._core.file(
            saved,
            suffix,
            key=key,
            instrument=instrument,
            dark=dark,
            part=part,
            practice=practice,
            user=user,
        )
        name = file_name(saved.tune.title) + (f"-in-{file_name(key.abc)}" if key else "")
        if part and not (kind.sounds or suffix == "mid"):
            name += f"-for-{part.lower()}"
        charset = "; charset=utf-8" if suffix == "abc" else ""
        headers |= {
            "Content-Type": kind.media_type + charset,
            "Content-Disposition": f'inline; filename="{name}.{suffix}"',
        }
        return _ranged(request, data, headers)

    async def _oembed(self, request: web.Request) -> web.Response:
        """Say what a link unfolds to (oEmbed 1.0, type link)."""
        if request.query.get("format", "json") != "json":
            raise web.HTTPNotImplemented
        try:
            path = URL(request.query.get("url", "")).path
            parts = path.removeprefix(self._settings.public_path).strip("/").split("/")
        except ValueError:
            raise web.HTTPNotFound from None
        if len(parts) != 2 or parts[0] != "t":
            raise web.HTTPNotFound
        saved = await self._saved(parts[1])
        size = await self._size(saved, request)
        return web.json_response(embed(saved, self._core.files, self.home(request), size))

    async def _size(self, saved: SavedTune, request: web.Request) -> Size | None:
        """Learn how large the picture of a tune is; nothing where that takes too long."""
        if _DRAWING not in self._core.files:
            return None
        try:
            async with asyncio.timeout(_PATIENCE):
                return size_of(await self._core.file(saved, _DRAWING, user=self._asker(request).turn))
        except (TimeoutError, FriendlyError):
            return None

    async def _beheld(self, saved: SavedTune, request: web.Request) -> Beheld:
        likes, asker = self._core.store.likes, self._asker(request)
        mine = await likes.liked([saved.id], asker.platform, asker.user)
        own = (saved.tune.platform, saved.tune.user) == (asker.platform, asker.user)
        return Beheld(
            await likes.count(saved.id), saved.id in mine, own, composing=request.query.get(COMPOSING)
        )

    async def _saved(self, tune_id: str) -> SavedTune:
        saved = await self._core.saved(tune_id)
        if saved is None:
            raise web.HTTPNotFound
        return saved

    def home(self, request: web.Request) -> str:
        """Give the site's address as the outside sees it."""
        return self._settings.public_url or str(request.url.origin())


def other_keys(key: Key) -> tuple[Key, ...]:
    """List the keys of the same mode that a player may want instead, upwards from C; it is among them."""
    keys = [Key(tonic, key.mode).respelled() for tonic in _TONICS]
    return tuple(key if other.pitch_class == key.pitch_class else other for other in keys)


def _asked_key(request: web.Request, saved: SavedTune) -> Key | None:
    asked = request.query.get("key")
    if asked is None:
        return None
    key, own = Key.read(asked), Key.read(saved.tune.key)
    if key.mode != own.mode:
        raise RequestError(site.other_mode(key.name, own.mode))
    return None if key == own else key


def _ranged(request: web.Request, data: bytes, headers: dict[str, str]) -> web.Response:
    """Send the data, or the stretch of it that a player asks for when somebody skips (RFC 9110, 14.2)."""
    headers = headers | {"Accept-Ranges": "bytes"}
    if request.headers.get("If-Range", headers["ETag"]) != headers["ETag"]:  # a stretch of another edition
        return web.Response(body=data, headers=headers)
    try:
        wanted = request.http_range
        start, stop, _ = wanted.indices(len(data))
    except ValueError:
        return web.Response(body=data, headers=headers)
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=data, headers=headers)
    if start >= stop:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return web.Response(status=206, body=data[start:stop], headers=headers)
