"""What is done to a tune on its page: it is liked, or deleted by who had it made.

``POST /api/like`` with ``{"tune": "k3Xw9bQzab", "liked": true}``;
``POST /api/delete`` with ``{"tune": "k3Xw9bQzab"}``.
"""

import json
from collections.abc import Callable, Mapping
from typing import Final

from aiohttp import web

from bot import texts
from bot.asker import Asker
from bot.core import Core
from bot.limits import Buckets, Rate
from bot.platforms.web import texts as site
from bot.platforms.web.house import Read
from bot.store import SavedTune
from generator.errors import BusyError, RequestError

_RATE: Final = Rate(60, 3600.0)  # of one network address: who throws cookies away has no more than that


class Deeds:
    """Takes likes, one of each browser, and takes them back; deletes.

    Args:
        core: keeps them.
        asker: says who likes.
        read: reads the body of a request, and no longer than one may take.
        clock: seconds, never going back.
    """

    def __init__(
        self,
        core: Core,
        asker: Callable[[web.Request], Asker],
        read: Read,
        clock: Callable[[], float],
    ) -> None:
        self._core, self._asker, self._read = core, asker, read
        self._buckets = Buckets(_RATE, clock)

    def routes(self) -> list[web.RouteDef]:
        """List what is taken where."""
        return [web.post("/api/like", self._like), web.post("/api/delete", self._delete)]

    async def _like(self, request: web.Request) -> web.Response:
        asked = await self._asked(request)
        liked = asked.get("liked")
        if not isinstance(liked, bool):
            raise web.HTTPBadRequest
        saved = await self._saved(asked)
        asker, likes = self._asker(request), self._core.store.likes
        if self._buckets.wait(asker.turn):
            raise BusyError(site.TOO_MANY_LIKES)
        self._buckets.take(asker.turn)
        await (likes.add if liked else likes.remove)(saved.id, asker.platform, asker.user)
        return web.json_response({"liked": liked, "likes": await likes.count(saved.id)})

    async def _delete(self, request: web.Request) -> web.Response:
        saved, asker = await self._saved(await self._asked(request)), self._asker(request)
        if (saved.tune.platform, saved.tune.user) != (asker.platform, asker.user):
            raise RequestError(site.NOT_YOURS)
        await self._core.store.forgetting.tune(saved.id)
        return web.json_response({"deleted": saved.id})

    async def _saved(self, asked: Mapping[str, object]) -> SavedTune:
        tune = asked.get("tune")
        if not isinstance(tune, str):
            raise web.HTTPBadRequest
        saved = await self._core.saved(tune)
        if saved is None:
            raise RequestError(texts.unknown_tune(tune))
        return saved

    async def _asked(self, request: web.Request) -> Mapping[str, object]:
        """Read the JSON object that a request brings.

        Raises:
            HTTPUnsupportedMediaType: it brings something else; no form on another site can send this type.
            HTTPBadRequest: it is not such JSON.
        """
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            asked = json.loads(await self._read(request))
        except (ValueError, RecursionError):
            asked = None
        if not isinstance(asked, dict):
            raise web.HTTPBadRequest
        return asked
