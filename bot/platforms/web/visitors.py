"""Who visits the site: nobody by name, but a browser knows its own tunes again."""

import hashlib
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from random import Random
from typing import Final

from aiohttp import hdrs, web

from bot.asker import Asker
from bot.chosen import Chosen
from bot.platform import Platform
from bot.platforms.web.request_headers import visitor_address
from bot.settings import Settings
from bot.translation import accepted

COOKIE: Final = "visitor"
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_DAY: Final = 86_400  # seconds
_KEPT: Final = 400 * _DAY  # the longest that browsers keep a cookie
_MEETING: Final = web.RequestKey("meeting", str)


Chose = Callable[[Asker], Awaitable[Chosen]]


class Visitors:
    """Tells visitors apart.

    A browser that makes or likes something gets a cookie, by which it finds that again; whoever only looks
    gets none. Turns are taken by network address, so that nobody gets more of them with more cookies.

    Args:
        platform: declaration of the site.
        chosen: finds what somebody has set.
        settings: of the bot.
        random: draws cookies, and the salt of the visitors' hashes.
    """

    def __init__(self, platform: Platform, chosen: Chose, settings: Settings, random: Random) -> None:
        self._platform, self._chosen, self._settings, self._random = platform, chosen, settings, random
        self._own_salt = random.randbytes(16)

    def asker(self, request: web.Request) -> Asker:
        """Say who asks: whoever has the cookie, or else the network address, scrambled."""
        address = visitor_address(request, self._settings.proxies)
        line = hashlib.sha256(self._salt() + address.encode()).hexdigest()[:16]
        token = request.get(_MEETING) or _token_of(request)
        user = hashlib.sha256(f"visitor {token}".encode()).hexdigest()[:16] if token else line
        locale = accepted(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
        return replace(self._platform.asker(user, "site", locale=locale), line=line)

    def meet(self, request: web.Request) -> Asker:
        """Say who asks, as :meth:`asker`, where there is something by which to remember a browser."""
        if hdrs.ORIGIN in request.headers:  # which browsers send with what they post, and hardly anyone else
            request[_MEETING] = _token_of(request) or self._random.randbytes(16).hex()
        return self.asker(request)

    async def language(self, request: web.Request) -> str:
        """Return the language of a visitor's pages: what they set, or else what their browser asks for."""
        asker = self.asker(request)
        return replace(asker, chosen=await self._chosen(asker)).language

    def remember(self, request: web.Request, response: web.StreamResponse) -> None:
        """Give the browser that was met its cookie, for as long again."""
        if token := request.get(_MEETING):
            response.set_cookie(
                COOKIE,
                token,
                max_age=_KEPT,
                path=f"{self._settings.public_path}/",
                secure=(self._settings.public_url or "").startswith("https:"),
                httponly=True,
                samesite="Lax",
            )

    def _salt(self) -> bytes:
        """Return what makes addresses unreadable: until the next start; for a day where processes share."""
        url = self._settings.database_url
        return f"{url} {time.time() // _DAY}".encode() if url.startswith("postgresql") else self._own_salt


def _token_of(request: web.Request) -> str | None:
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else None
