"""Likes of the site: ``POST /api/like`` with ``{"tune": "k3Xw9bQzab", "liked": true}``."""

import json
from collections.abc import Callable
from typing import Final

from aiohttp import web

from bot.asker import Asker
from bot.core import Core
from bot.limits import Buckets, Rate
from bot.platforms.web import texts as site
from generator.errors import BusyError

_RATE: Final = Rate(60, 3600.0)  # of one network address: who throws cookies away has no more than that


class Liking:
    """Takes likes, one of each browser, and takes them back.

    Args:
        core: keeps them.
        asker: says who likes.
        clock: seconds, never going back.
    """

    def __init__(self, core: Core, asker: Callable[[web.Request], Asker], clock: Callable[[], float]) -> None:
        self._core, self._asker = core, asker
        self._buckets = Buckets(_RATE, clock)

    def routes(self) -> list[web.RouteDef]:
        """Return where likes are taken."""
        return [web.post("/api/like", self._like)]

    async def _like(self, request: web.Request) -> web.Response:
        # As with the chat: no form on another site can send this type.
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        tune, liked = _asked(await request.read())
        saved = await self._core.saved(tune)
        if saved is None:
            raise web.HTTPNotFound
        asker, likes = self._asker(request), self._core.store.likes
        if self._buckets.wait(asker.turn):
            raise BusyError(site.TOO_MANY_LIKES)
        self._buckets.take(asker.turn)
        await (likes.add if liked else likes.remove)(saved.id, asker.platform, asker.user)
        return web.json_response({"liked": liked, "likes": await likes.count(saved.id)})


def _asked(body: bytes) -> tuple[str, bool]:
    """Read which tune is liked, or liked no more.

    Raises:
        HTTPBadRequest: the body of the request is not such JSON.
    """
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    tune, liked = (asked.get("tune"), asked.get("liked")) if isinstance(asked, dict) else (None, None)
    if not isinstance(tune, str) or not isinstance(liked, bool):
        raise web.HTTPBadRequest
    return tune, liked
