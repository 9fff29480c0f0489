"""Composing and drawing on a Ray cluster: ``serve run generator.serving.cluster:app``.

Three deployments. The door speaks HTTP as :mod:`generator.serving.http_server` does, so that bots see no
difference, and hands orders on; each replica of the other two has worker processes of its own.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from random import SystemRandom
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from ray import serve
from ray.serve.exceptions import BackPressureError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from generator.compose.loaded_model import open_model
from generator.compose.request import DEFAULT_MODEL
from generator.errors import BusyError
from generator.network import SLOTS
from generator.render.renderers import Renderers
from generator.serving.service import Service
from generator.serving.station import ComposingStation, DrawingStation, facts_line, line_of
from generator.serving.wire import packed_error

LINES: Final = "application/x-ndjson"
MOST_BYTES: Final = 1024 * 1024  # of an order
ENGINE: Final = "fast"
USUAL_CANDIDATES: Final = 4
FULL: Final = "The queue is full just now; please try again in a minute."
_DRAIN: Final = 60.0  # seconds that a replica gets to finish what it is at, before another takes its place


class Plan(BaseModel):
    """How large the cluster's deployments may be; every field can be given as ``serve run ... name=value``.

    Attributes:
        model: composes where a request names none.
        workers: processes that compose in each replica, each on a core of its own.
        composers: replicas that compose, at most.
        drawers: replicas that draw and play, at most.
        doors: replicas that speak HTTP, at most.
        fewest: replicas of each kind, at least.
        apart: whether no two replicas of a kind are on one node.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = DEFAULT_MODEL
    workers: int = Field(1, ge=1, le=64)
    composers: int = Field(8, ge=1)
    drawers: int = Field(8, ge=1)
    doors: int = Field(4, ge=1)
    fewest: int = Field(1, ge=1)
    apart: bool = False

    @property
    def orders_at_once(self) -> int:
        """Return how many usual orders fill the slots of a replica; more wait before it, and it is full."""
        return self.workers * SLOTS[ENGINE] // USUAL_CANDIDATES


class Composing:
    """A replica that composes.

    Args:
        model: that composes where a request names none.
        workers: processes.
    """

    def __init__(self, model: str, workers: int) -> None:
        self._model, self._workers = model, workers
        self._open = AsyncExitStack()
        self._service: Service | None = None

    async def reconfigure(self, _: dict[str, Any]) -> None:
        """Start the service; Ray calls this before the replica is given anything."""
        if self._service is None:
            load = partial(open_model, engine=ENGINE)
            service = Service(load, self._model, SystemRandom(), workers=self._workers)
            self._service = await self._open.enter_async_context(service)

    async def tune(self, order: bytes) -> AsyncGenerator[bytes, None]:
        """Compose; see :meth:`ComposingStation.tune`."""
        assert self._service
        async for line in ComposingStation(self._service).tune(order):
            yield line

    def check_health(self) -> None:
        """Raise unless a worker is there; Ray then replaces the replica."""
        if self._service is None or self._service.condition != "ok":
            raise RuntimeError("no worker composes")

    async def __del__(self) -> None:
        """End the workers; Ray calls this once all orders are answered."""
        await self._open.aclose()


class Drawing:
    """A replica that draws, plays and reads."""

    def __init__(self) -> None:
        self._renderers: Renderers | None = None

    async def reconfigure(self, _: dict[str, Any]) -> None:
        """Start the processes; Ray calls this before the replica is given anything."""
        if self._renderers is None:
            self._renderers = Renderers()
            await self._renderers.start()

    async def job(self, desk: str, order: bytes) -> AsyncGenerator[bytes, None]:
        """Do a job; see :meth:`DrawingStation.job`."""
        assert self._renderers
        station = DrawingStation(self._renderers.desks, self._renderers.soundfont)
        async for line in station.job(desk, order):
            yield line

    async def facts(self) -> bytes:
        """Return what bots have to know before they send anything."""
        assert self._renderers
        return facts_line(self._renderers.facts)

    async def __del__(self) -> None:
        """End the processes."""
        if self._renderers:
            await self._renderers.stop()


class Door:
    """Speaks HTTP, and hands orders on.

    Args:
        composing: handle of the replicas that compose.
        drawing: handle of those that draw.
    """

    def __init__(self, composing: Any, drawing: Any) -> None:
        self._composing, self._drawing = composing, drawing

    async def __call__(self, request: Request) -> Response:
        """Answer a request as :mod:`generator.serving.http_server` does."""
        path = request.url.path.rstrip("/")
        if request.method == "GET" and path == "/facts":
            return Response(await self._drawing.facts.remote(), media_type=LINES)
        if request.method == "GET" and path == "/healthz":
            return JSONResponse({"composer": "ok"})
        desk = path.removeprefix("/jobs/")
        if request.method != "POST" or (path != "/tune" and (desk == path or "/" in desk)):
            return Response(status_code=404)
        order = await request.body()
        if len(order) > MOST_BYTES:
            return Response(status_code=413)
        if path == "/tune":
            lines = self._composing.options(stream=True).tune.remote(order)
        else:
            lines = self._drawing.options(stream=True).job.remote(desk, order)
        return StreamingResponse(_kindly(lines), media_type=LINES)


async def _kindly(lines: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Pass lines on; where the queue before the replicas is full, say so in words.

    When a replica dies the answer breaks off, and the bot sends the order again.
    """
    try:
        async for line in lines:
            yield line
    except BackPressureError:
        yield line_of(packed_error(BusyError(FULL)))


def app(plan: Plan) -> Any:
    """Bind the deployments together, for ``serve run`` and ``serve deploy``.

    Args:
        plan: how large they may be.
    """

    def deployment(kind: type, most: int, at_once: int, cores: float, queue: int) -> Any:
        options: dict[str, Any] = {
            "max_ongoing_requests": at_once,
            "max_queued_requests": queue,
            "ray_actor_options": {"num_cpus": cores},
            "graceful_shutdown_timeout_s": _DRAIN,
            "health_check_period_s": 5,
            "health_check_timeout_s": 15,
            "autoscaling_config": {
                "min_replicas": plan.fewest,
                "max_replicas": max(most, plan.fewest),
                "target_ongoing_requests": max(1, at_once // 2),
            },
        }
        if hasattr(kind, "reconfigure"):
            options["user_config"] = {}  # which has Ray call it
        if plan.apart:
            options["max_replicas_per_node"] = 1
        return serve.deployment(**options)(kind)

    at_once = plan.orders_at_once
    composing = deployment(Composing, plan.composers, at_once, plan.workers, 256)
    drawing = deployment(Drawing, plan.drawers, 16, 1, 2000)
    door = deployment(Door, plan.doors, 1000, 0, 4000)  # two cores are enough for one of each
    return door.bind(composing.bind(plan.model, plan.workers), drawing.bind())
