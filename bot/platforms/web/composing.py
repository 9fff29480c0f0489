"""Work on a tune on its page: bars that are drawn again, and notes that are written otherwise and kept.

``POST /t/k3Xw9bQzab/redraw`` with a form's ``bars=5-8``; ``POST /t/k3Xw9bQzab/keep`` with its ``abc``.
The answer leads to the page of the new tune, or gives its id as JSON to a script that accepts that.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, quote

from aiohttp import hdrs, web
from yarl import URL

from bot import texts
from bot.commands.reading import Asked
from bot.core import Core
from bot.plain_text import as_text
from bot.platforms.web import texts as site
from bot.platforms.web.composing_panel import COMPOSING
from bot.platforms.web.faults import status_of
from bot.platforms.web.house import Read
from bot.platforms.web.pages import Pages
from bot.platforms.web.visitors import Visitors
from bot.settings import Settings
from bot.translation.translator import say
from generator.errors import FriendlyError, RequestError

_ID: Final = r"{id:[A-Za-z0-9]{1,16}}"
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"


class Composing:
    """Takes what the panel sends.

    Args:
        core: draws and keeps.
        settings: of the bot.
        pages: make the HTML, by language.
        visitors: tells them apart.
        read: reads the body of a request, and no longer than one may take.
    """

    def __init__(
        self,
        core: Core,
        settings: Settings,
        pages: Mapping[str, Pages],
        visitors: Visitors,
        read: Read,
    ) -> None:
        self._core, self._settings, self._pages = core, settings, pages
        self._visitors, self._read = visitors, read

    def routes(self) -> list[web.RouteDef]:
        """List what is taken where."""
        return [web.post(f"/t/{_ID}/redraw", self._redraw), web.post(f"/t/{_ID}/keep", self._keep)]

    async def _redraw(self, request: web.Request) -> web.Response:
        bars = await self._field(request, "bars")
        values = {"tune": request.match_info["id"], "bars": bars}
        return await self._answer(request, Asked("redraw", values), bars)

    async def _keep(self, request: web.Request) -> web.Response:
        abc = (await self._field(request, "abc")).replace("\r\n", "\n")  # as forms send it
        return await self._answer(request, Asked("abc", {"abc": abc}))

    async def _answer(self, request: web.Request, asked: Asked, bars: str = "") -> web.Response:
        """Do what is asked, and lead to the tune that comes of it, with these bars chosen still."""
        bare = _JSON in request.headers.get(hdrs.ACCEPT, "")
        language = await self._visitors.language(request)
        try:
            if not next(filter(str.strip, map(str, list(asked.values.values())[-1:])), ""):
                raise RequestError(texts.NOTHING_TYPED)
            reply = await self._core.do(asked, self._visitors.meet(request))
            if not reply.tune:
                raise RequestError(as_text(reply))
        except FriendlyError as error:
            if bare:
                return web.json_response({"error": say(str(error), language)}, status=status_of(error))
            page = self._pages[language].message(site.NOT_YET, str(error))
            return web.Response(text=page, status=status_of(error), content_type="text/html")
        tune = str(reply.tune["id"])
        if bare:
            return web.json_response({"id": tune})
        where = f"{self._settings.public_path}/t/{tune}?{COMPOSING}={quote(bars)}"
        return web.Response(status=303, headers={hdrs.LOCATION: where})

    async def _field(self, request: web.Request, name: str) -> str:
        """Return a field of the form.

        Raises:
            RequestError: the form stands on another site.
            HTTPUnsupportedMediaType: it is no form.
            HTTPBadRequest: it has no such field.
        """
        ours = {request.host, URL(self._settings.public_url or "").authority}
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is not None and (origin == "null" or URL(origin).authority not in ours):
            raise RequestError(site.NOT_FROM_HERE)
        if request.content_type != _FORM:
            raise web.HTTPUnsupportedMediaType
        try:
            fields = parse_qs((await self._read(request)).decode(), keep_blank_values=True)
        except ValueError:
            raise web.HTTPBadRequest from None
        if name not in fields:
            raise web.HTTPBadRequest
        return fields[name][0]
