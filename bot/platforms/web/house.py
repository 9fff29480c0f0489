"""What other programs ask the house: how it is, what it counts, and what they bring to its platforms."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.core import Core
from bot.hooks import PATH
from bot.metrics import CONTENT_TYPE
from bot.platforms.web.request_headers import is_neighbour

Read = Callable[[web.Request], Awaitable[bytes]]


class House:
    """Handlers for ``/healthz``, ``/readyz``, ``/metrics`` and ``/hooks/``.

    Args:
        core: knows how it is.
        read: reads the body of a request, and no longer than one may take.
    """

    def __init__(self, core: Core, read: Read) -> None:
        self._core, self._read = core, read

    def routes(self) -> list[web.RouteDef]:
        """List what is served where."""
        return [
            web.get("/healthz", self._health),
            web.get("/readyz", self._ready),
            web.get("/metrics", self._metrics),
            web.post(f"{PATH}{{name}}", self._hook),
        ]

    async def _health(self, request: web.Request) -> web.Response:  # noqa: ARG002
        well = not self._core.trouble  # whose words are the operator's, in the log
        return web.json_response({"status": "ok"} if well else {"status": "degraded", "store": "unavailable"})

    async def _ready(self, request: web.Request) -> web.Response:  # noqa: ARG002
        """Say how each part is, in a word; 503 if nobody should be sent here."""
        health = self._core.health
        words = await health.words()
        ready = health.ready(words)
        return web.json_response({"ready": ready, **words}, status=200 if ready else 503)

    async def _metrics(self, request: web.Request) -> web.Response:
        """Give the metrics to whoever comes from this machine or network, and not by way of a proxy."""
        if not is_neighbour(request):
            raise web.HTTPNotFound
        await self._core.health.words()
        return web.Response(body=self._core.health.metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    async def _hook(self, request: web.Request) -> web.Response:
        """Hand over what another service brings to a platform."""
        hook = self._core.hooks.by_name.get(request.match_info["name"])
        if hook is None:
            raise web.HTTPNotFound
        return web.Response(status=await hook(request.headers, await self._read(request)))
