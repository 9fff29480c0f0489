"""Services and renderers that are reached over HTTP, made as the ones of this process are."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from random import Random
from time import monotonic
from typing import Any

from generator.render.renderers import Renderers
from generator.serving.far_line import FarLine
from generator.serving.far_service import FarService, elsewhere, facts_of
from generator.serving.http_server import new_app, serving
from generator.serving.service import Service
from tests.generator.stand_ins import Hall


class Seen(FarService):
    """Shows the load of the service at the other end."""

    there: Service

    @property
    def load(self) -> tuple[int, int]:
        return self.there.load

    @property
    def workers(self) -> list[int]:
        return self.there.workers


@dataclass(frozen=True)
class FarHall:
    """Makes services on stand-ins, each behind an HTTP server."""

    hall: Hall

    @asynccontextmanager
    async def service(self, **options: Any) -> AsyncIterator[FarService]:
        service = self.hall.service(**options)
        async with AsyncExitStack() as stack:
            url = await stack.enter_async_context(serving(new_app(service, Renderers()), "127.0.0.1", 0))
            line = FarLine(url, monotonic, Random(1))
            stack.push_async_callback(line.close)
            far = Seen(line, Random(1))
            far.there = service
            await stack.enter_async_context(far)
            await stack.enter_async_context(service)
            yield far


@asynccontextmanager
async def far_renderers(there: Renderers, **options: Any) -> AsyncIterator[Renderers]:
    """Renderers whose files are made by others, which are started."""
    service = Service(_never, "none", Random(1))
    async with serving(new_app(service, there), "127.0.0.1", 0) as url:
        line = FarLine(url, monotonic, Random(1))
        try:
            async with Renderers(elsewhere=elsewhere(line, await facts_of(line), None), **options) as far:
                yield far
        finally:
            await line.close()


def _never(name: str) -> Any:
    raise AssertionError(name)
