"""The site: the chat page, its API, and the pages of tunes."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Final

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError, PayloadEncodingError

from bot import texts
from bot.core import Core
from bot.platform import Platform, Started
from bot.platforms.web import machine_texts as machine
from bot.platforms.web import texts as site
from bot.platforms.web.assets import ABCJS_STYLE, Assets, load_assets
from bot.platforms.web.chat_json import as_json, text_of
from bot.platforms.web.composing import Composing
from bot.platforms.web.deeds import Deeds
from bot.platforms.web.door import Door
from bot.platforms.web.faults import sentence_for, status_of
from bot.platforms.web.house import House
from bot.platforms.web.list_pages import ListPages
from bot.platforms.web.listings import Listings
from bot.platforms.web.pages import Pages
from bot.platforms.web.papers import papers
from bot.platforms.web.request_headers import accepts_gzip, check_headers
from bot.platforms.web.shell import Shell
from bot.platforms.web.tune_pages import TunePages
from bot.platforms.web.uploads import Uploads
from bot.platforms.web.visitors import Visitors
from bot.settings import Settings
from bot.texts import community
from bot.translation import NAMES, accepted
from bot.translation.translator import say
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)
_MOST_BYTES: Final = 64 * 1024  # of a request's body
_LAST_WORDS: Final = 1.0  # seconds for telling those who still wait when the site stops
_LINGER_SECONDS: Final = 10.0  # for the rest of a request that is answered already
_SLOWEST: Final = 10_000  # bytes a second that a visitor takes in
_PACKED: Final = ("text/html", "application/json")
_YEAR: Final = "public, max-age=31536000, immutable"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PortTakenError(FriendlyError):
    """The site cannot listen where it was told to."""


class WebAdapter:
    """Serves the site.

    Args:
        platform: its declaration.
        core: answers commands.
        settings: of the bot.
        random: draws the salt of the visitors' hashes.
        node_modules: where npm has put abcjs, if it has.
        invites: labels and addresses of the bot elsewhere; may be filled after the start.
    """

    def __init__(
        self,
        platform: Platform,
        core: Core,
        settings: Settings,
        random: Random,
        node_modules: Path,
        invites: Mapping[str, str],
    ) -> None:
        self._core = core
        self._settings = settings
        self._visitors = Visitors(platform, core.chosen, settings, random)
        self._papers = papers()
        self._base = settings.public_path
        self._assets = load_assets(node_modules, settings.abcjs_folder, self._base)
        labels = {"privacy": community.PAPER_PRIVACY, "terms": community.PAPER_TERMS}
        here = {labels[page]: page for page in self._papers}
        shells = {
            language: Shell(self._assets, self._base, here, core.invites, language) for language in NAMES
        }
        options = core.commands["tune"].options
        self._pages = {language: Pages(shell, options, invites) for language, shell in shells.items()}
        self._tunes = TunePages(core, settings, self._pages, self._visitors)
        sounds = any(kind.sounds for kind in core.files.values())
        lists = {language: ListPages(shell, sounds=sounds) for language, shell in shells.items()}
        self._listings = Listings(core, lists, self._visitors, self._tunes.home)
        self._deeds = Deeds(core, self._visitors.meet, self._body_of, time.monotonic)
        self._uploads = Uploads(core, self._visitors.meet, settings.idle_seconds, self._base)
        self._composing = Composing(core, settings, self._pages, self._visitors, self._body_of)
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None
        self._under_way: set[asyncio.Timeout] = set()
        self._policy = _content_security_policy(self._assets)

    async def start(self) -> Started:
        """Start to listen; the line to print says where.

        Raises:
            PortTakenError: if the address cannot be had.
        """
        idle = self._settings.idle_seconds
        runner = web.AppRunner(
            self.app(),
            handler_cancellation=True,
            access_log=None,
            logger=_server_logger(),
            shutdown_timeout=self._settings.grace + _LAST_WORDS,
            keepalive_timeout=idle,
            lingering_time=min(idle, _LINGER_SECONDS),
        )
        await runner.setup()
        assert runner.server
        host, port = self._settings.host, self._settings.port
        loop = asyncio.get_running_loop()
        door = Door(runner.server, self._settings.site_connections, loop.time)
        try:
            self._listener = await loop.create_server(door, host, port)
        except OSError as error:
            await runner.cleanup()
            raise PortTakenError(machine.port_taken(host, port, error.strerror or str(error))) from None
        self._runner = runner
        door.watch(loop)
        return Started(machine.opened(self.url))

    async def ended(self) -> FriendlyError:
        """Wait for ever: what listens goes on until it is stopped."""
        never: asyncio.Future[FriendlyError] = asyncio.get_running_loop().create_future()
        return await never

    async def stop(self) -> None:
        """Stop listening, wait for the answers that are being made, and tell the late ones."""
        if self._runner and self._listener:
            self._listener.close()
            late = asyncio.get_running_loop().time() + self._settings.grace
            for deadline in self._under_way:
                deadline.reschedule(late)
            await self._runner.cleanup()
            self._runner = self._listener = None

    @property
    def url(self) -> str:
        """Return the site's address for a browser on this machine."""
        assert self._listener
        host, port = self._listener.sockets[0].getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
        return f"http://{host}:{port}"

    def app(self) -> web.Application:
        """Build the aiohttp application."""
        app = web.Application(middlewares=[self._guard], client_max_size=_MOST_BYTES)
        routes = [
            web.get("/", self._chat_page),
            web.post("/api/chat", self._chat),
            web.get("/assets/{name}", self._asset),
            *(web.get(f"/{page}", self._paper) for page in self._papers),
            web.get("/favicon.ico", self._icon),
            *House(self._core, self._body_of).routes(),
            *self._tunes.routes(),
            *self._listings.routes(),
            *self._deeds.routes(),
            *self._uploads.routes(),
            *self._composing.routes(),
        ]
        app.add_routes([*under(self._base, routes), *routes])
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn every fault into a page or a sentence, and add the headers that keep pages safe."""
        try:
            check_headers(request)
            response = await self._in_time(request, handler)
        except FriendlyError as error:
            response = self._sorry(request, status_of(error), str(error))
        except web.HTTPException as error:
            response = self._sorry(request, error.status, sentence_for(error, self._inside(request)))
            response.headers.update(
                {name: error.headers[name] for name in ("Allow",) if name in error.headers}
            )
        except Exception:
            _logger.exception("%s %s failed", request.method, request.path)
            response = self._sorry(request, 500, site.TRY_AGAIN)
        response.headers.setdefault("Content-Security-Policy", self._policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        self._visitors.remember(request, response)
        await self._send(request, response)
        return response

    async def _send(self, request: web.Request, response: web.StreamResponse) -> None:
        """Send an answer, packed where that is worth it; hang up on a visitor who does not take it in."""
        if response.content_type in _PACKED and response.status == 200:
            response.headers["Vary"] = "Accept-Encoding"
            if accepts_gzip(request):
                response.enable_compression(web.ContentCoding.gzip)
        patience = self._settings.idle_seconds + (response.content_length or 0) / _SLOWEST
        try:
            async with asyncio.timeout(patience):
                await response.prepare(request)
                await response.write_eof()
        except TimeoutError:
            if request.transport:
                request.transport.abort()

    async def _in_time(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer, unless the site stops and the answer is late."""
        try:
            async with asyncio.timeout(None) as deadline:
                self._under_way.add(deadline)
                return await handler(request)
        except TimeoutError:
            if not deadline.expired():
                raise
            return self._sorry(request, 503, texts.STOPPING)
        finally:
            self._under_way.discard(deadline)

    def _sorry(self, request: web.Request, status: int, sentence: str) -> web.Response:
        language = accepted(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
        if self._inside(request).startswith("/api/"):
            return web.json_response({"error": say(sentence, language)}, status=status)
        title = site.BROKEN if status >= 500 else site.NOT_FOUND
        return _html(self._pages[language].message(title, sentence), status)

    def _inside(self, request: web.Request) -> str:
        """Return the path that is asked for, without that of the site."""
        path = request.path
        return path.removeprefix(self._base) if path.startswith(f"{self._base}/") else path

    async def _chat_page(self, request: web.Request) -> web.Response:
        return _html(self._pages[await self._visitors.language(request)].chat())

    async def _paper(self, request: web.Request) -> web.Response:
        text = self._papers[request.path.rpartition("/")[2]]
        return _html(self._pages[await self._visitors.language(request)].paper(text))

    async def _chat(self, request: web.Request) -> web.Response:
        # A form on another site can post text, but JSON needs a CORS preflight, which we refuse (Fetch).
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        text = text_of(await self._body_of(request))
        reply = await self._core.answer(text, self._visitors.meet(request))
        return web.json_response(as_json(reply, self._base))

    async def _body_of(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(self._settings.idle_seconds):
                return await request.read()
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        except (web.RequestPayloadError, PayloadEncodingError) as error:  # not packed as it says
            raise web.HTTPBadRequest from error

    async def _asset(self, request: web.Request) -> web.Response:
        asset = self._assets.by_name.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": _YEAR, "Vary": "Accept-Encoding"}
        body = asset.data
        if accepts_gzip(request):
            headers["Content-Encoding"] = "gzip"
            body = asset.packed
        return web.Response(body=body, content_type=asset.media_type, charset="utf-8", headers=headers)

    async def _icon(self, request: web.Request) -> web.Response:
        """Give the icon to those who ask for it where it always was."""
        mark = self._assets.urls["mark.svg"].rpartition("/")[2]
        request.match_info["name"] = mark
        return await self._asset(request)


def under(base: str, routes: Sequence[web.RouteDef]) -> list[web.RouteDef]:
    """Return the same routes under a path too, for a proxy that passes addresses on as they are."""
    if not base:
        return []
    bare = [web.RouteDef(each.method, base, each.handler, each.kwargs) for each in routes if each.path == "/"]
    return bare + [web.RouteDef(each.method, base + each.path, each.handler, each.kwargs) for each in routes]


def _server_logger() -> logging.Logger:
    """Return aiohttp's logger; what cannot be read as HTTP is answered with 400, and is nobody's concern."""
    logger = logging.getLogger(f"{__name__}.server")
    logger.filters[:] = [lambda record: not _is_of_client(record)]
    return logger


def _is_of_client(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return isinstance(error, HttpProcessingError | web.RequestPayloadError)


def _html(page: str, status: int = 200) -> web.Response:
    return web.Response(text=page, status=status, content_type="text/html")


def _content_security_policy(assets: Assets) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *assets.foreign]),
            f"style-src 'self' '{ABCJS_STYLE}'",
            "img-src 'self' data:",
            "media-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )
