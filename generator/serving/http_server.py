"""Compose and draw for bots on other machines: an aiohttp application over a service and its renderers."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Final

from aiohttp import web

from generator.render.renderers import Renderers
from generator.serving.service import Service
from generator.serving.station import ComposingStation, DrawingStation, facts_line

LINES: Final = "application/x-ndjson"
MOST_BYTES: Final = 1024 * 1024  # of an order


def new_app(service: Service, renderers: Renderers) -> web.Application:
    """Build the application.

    Args:
        service: composes; started.
        renderers: draw, play and read; started.
    """
    composing = ComposingStation(service)
    drawing = DrawingStation(renderers.desks, renderers.soundfont)

    async def tune(request: web.Request) -> web.StreamResponse:
        return await _send(request, composing.tune(await request.read()))

    async def job(request: web.Request) -> web.StreamResponse:
        return await _send(request, drawing.job(request.match_info["desk"], await request.read()))

    async def facts(_: web.Request) -> web.Response:
        return web.Response(body=facts_line(renderers.facts), content_type=LINES)

    async def health(_: web.Request) -> web.Response:
        well = service.condition == "ok"
        return web.json_response({"composer": service.condition}, status=200 if well else 503)

    app = web.Application(client_max_size=MOST_BYTES)
    app.add_routes(
        [
            web.post("/tune", tune),
            web.post("/jobs/{desk}", job),
            web.get("/facts", facts),
            web.get("/healthz", health),
        ]
    )
    return app


async def _send(request: web.Request, lines: AsyncGenerator[bytes, None]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": LINES})
    async with aclosing(lines):
        with suppress(ConnectionResetError):  # nobody waits for it any more
            await response.prepare(request)
            async for line in lines:
                await response.write(line)
            await response.write_eof()
    return response


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Serve an application inside this context; gives its address.

    Raises:
        OSError: if it cannot listen there.
    """
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None)  # who goes, frees their slots
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0]
        yield f"http://{bound[0]}:{bound[1]}"
    finally:
        await runner.cleanup()
