"""Composing, drawing and reading on other machines, behind the interfaces of those that do it here."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from random import Random
from types import TracebackType
from typing import Any, Final, Self

from generator.compose.request import TuneRequest
from generator.errors import BusyError, FriendlyError, RenderError
from generator.music.tune import Tune
from generator.render.renderers import Elsewhere, Facts
from generator.render.workers.jobs import DESKS
from generator.render.workers.pool import Desk
from generator.serving.far_line import FarLine, LostError
from generator.serving.messages import Progress
from generator.serving.pool import RESTARTING
from generator.serving.service import SEEDS, Service
from generator.serving.wire import packed

UNREACHABLE: Final = "What composes for me can't be reached; please try again in a minute."
_UNDRAWN: Final = "What draws and plays for me can't be reached; the ABC text has the whole tune."
_PATIENCE: Final = 120.0  # seconds for a file, its turn included

Embedded = Callable[[], AbstractAsyncContextManager[Service]]


class FarService:
    """Composes like :class:`Service`, on other machines. Use it as ``async with FarService(...) as service``.

    Args:
        line: to the other machines; closing it is the caller's.
        random: draws the seeds that requests leave open, so that an order gives the same tune each time.
        embedded: makes an engine here, to be started when the others cannot be reached; None for none.
        patience: seconds that a request may take unless it says otherwise.
        clock: seconds, never going back.
    """

    def __init__(
        self,
        line: FarLine,
        random: Random,
        *,
        embedded: Embedded | None = None,
        patience: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line, self._random, self._embedded = line, random, embedded
        self._patience, self._clock = patience, clock
        self._open = AsyncExitStack()
        self._starting = asyncio.Lock()
        self._here: Service | None = None
        self._under_way = 0
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the engine here, if it was started; requests under way fail with BusyError."""
        self._closed = True
        await self._open.aclose()

    @property
    def condition(self) -> str:
        """Return ``ok``, ``embedded`` while the engine here composes, or ``unreachable``."""
        if self._line.circuit.closed:
            return "ok"
        return "embedded" if self._embedded else "unreachable"

    @property
    def load(self) -> tuple[int, int]:
        """Return how many requests are under way, and how many slots are taken here."""
        return self._under_way, self._here.load[1] if self._here else 0

    async def compose(self, request: TuneRequest, *, user: str = "", deadline: float | None = None) -> Tune:
        """Compose a tune; see :meth:`Service.compose`."""
        async with aclosing(self._events(request, user, deadline, followed=False)) as events:
            async for event in events:
                if isinstance(event, Tune):
                    return event
        raise AssertionError("an answer ends with a tune or an error")

    def follow(
        self, request: TuneRequest, *, user: str = "", deadline: float | None = None
    ) -> AsyncGenerator[Progress | Tune, None]:
        """Compose a tune, and tell how it goes; see :meth:`Service.follow`."""
        return self._events(request, user, deadline, followed=True)

    async def _events(
        self, request: TuneRequest, user: str, deadline: float | None, *, followed: bool
    ) -> AsyncGenerator[Progress | Tune, None]:
        patience = self._patience if deadline is None else deadline
        due = self._clock() + patience
        if request.seed is None:
            request = request.model_copy(update={"seed": self._random.randrange(SEEDS)})
        content = {"request": packed(request), "user": user, "followed": followed}

        def order(left: float) -> Any:
            return content | {"deadline": left}

        self._under_way += 1
        try:
            try:
                async with aclosing(self._line.events("/tune", order, patience)) as events:
                    async for event in events:
                        yield event
            except LostError:
                here = await self._service_here()
            else:
                return
            left = due - self._clock()
            async with aclosing(here.follow(request, user=user, deadline=left)) as events:
                async for event in events:
                    if followed or isinstance(event, Tune):
                        yield event
        finally:
            self._under_way -= 1

    async def _service_here(self) -> Service:
        """Return the engine here, started when it is first needed.

        Raises:
            BusyError: there is to be none, or none any more.
        """
        if self._closed:
            raise BusyError(RESTARTING)
        if self._embedded is None:
            raise BusyError(UNREACHABLE)
        async with self._starting:
            if self._here is None:
                self._here = await self._open.enter_async_context(self._embedded())
            return self._here


class FarDesk:
    """Draws, plays or reads on other machines, as :class:`WorkerPool` does here.

    Args:
        line: to the other machines; closing it is the caller's.
        name: of the desk.
        here: such a desk here, to be started when the others cannot be reached; None for none.
    """

    def __init__(self, line: FarLine, name: str, here: Desk | None = None) -> None:
        self._line, self._name, self._here = line, name, here
        self._started = False

    def start(self) -> None:
        """Do nothing: the other machines are up, or not."""

    async def stop(self) -> None:
        """End the desk here, if it was started."""
        if self._here and self._started:
            await self._here.stop()

    @property
    def pids(self) -> frozenset[int]:
        """Return the process ids of those that work here."""
        return self._here.pids if self._here else frozenset()

    @property
    def condition(self) -> str:
        """Return ``ok``, ``embedded`` while the desk here does the work, or ``unreachable``."""
        if self._line.circuit.closed:
            return "ok"
        return "embedded" if self._here else "unreachable"

    async def run(
        self, job: str, *args: object, user: str = "", begun: asyncio.Event | None = None, **wishes: object
    ) -> Any:
        """Have a job done; see :meth:`WorkerPool.run`.

        Raises:
            FriendlyError: as the job raises it.
            RenderError: if nobody can be reached who could do it.
        """
        content = {
            "job": packed((job, *args)),
            "wishes": {name: packed(value) for name, value in wishes.items()},
            "user": user,
        }
        path = f"/jobs/{self._name}"
        try:
            async with aclosing(self._line.events(path, lambda _: content, _PATIENCE)) as events:
                async for event in events:
                    return event
        except LostError:
            if self._here is None:
                raise RenderError(_UNDRAWN) from None
        assert self._here
        if not self._started:
            self._started = True
            self._here.start()
        return await self._here.run(job, *args, user=user, begun=begun, **wishes)


def elsewhere(line: FarLine, facts: Facts, here: Mapping[str, Desk] | None) -> Elsewhere:
    """Return the desks of other machines.

    Args:
        line: to them.
        facts: what they say of themselves.
        here: desks here by name, to be started when the others cannot be reached; None for none.
    """
    desks = {name: FarDesk(line, name, here[name] if here else None) for name in DESKS}
    return Elsewhere(desks["engrave"], desks["play"], desks["read"], facts)


async def facts_of(line: FarLine) -> Facts:
    """Ask the other machines what bots have to know.

    Raises:
        FriendlyError: they cannot be reached.
    """
    try:
        facts = await line.facts()
    except LostError as error:
        raise FriendlyError(UNREACHABLE) from error
    assert isinstance(facts, Facts)
    return facts
