"""The service: a request in, a tune out, many at once, and the event loop never waits."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from random import Random
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from generator.compose.request import TuneRequest
from generator.errors import BusyError
from generator.music.tune import Tune
from generator.serving.messages import Drawing, Opening, Progress, Waiting
from generator.serving.pool import Pool, Ticket

if TYPE_CHECKING:  # the workers load models, not this process
    from generator.compose.loaded_model import LoadedModel

__all__ = ["Drawing", "Progress", "Service", "Waiting"]

SEEDS: Final = 1_000_000  # short enough to read out


class Service:
    """Composes tunes. Use it as ``async with Service(...) as service``."""

    def __init__(
        self,
        load: "Callable[[str], LoadedModel]",
        model: str,
        random: Random,
        *,
        workers: int = 2,
        patience: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Hand in what it needs; nothing is loaded before it is entered.

        Args:
            load: loads a model by name, as :func:`generator.compose.loaded_model.open_model` does. Every
                worker gets a pickle of it: a function of a module, or a partial of one.
            model: the one that composes where a request names none.
            random: draws the seeds that requests leave open.
            workers: processes that compose; one for each core.
            patience: seconds that a request may take unless it says otherwise.
            clock: seconds, never going back.
        """
        self._random, self._patience, self._clock = random, patience, clock
        self._pool = Pool(Opening(load, model), workers, clock)

    async def __aenter__(self) -> Self:
        """Start the workers, each of which loads the default model.

        Raises:
            FriendlyError: if the model or the engine cannot be loaded.
            WorkerError: if something else is at fault; for the log.
        """
        await self._pool.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the workers; requests under way fail with BusyError."""
        await self._pool.close()

    @property
    def load(self) -> tuple[int, int]:
        """Return how many requests wait, and how many slots are taken: for the operator."""
        return self._pool.load

    @property
    def condition(self) -> str:
        """Return ``ok``, or ``starting`` while no worker is ready: for the operator."""
        return "ok" if self._pool.pids else "starting"

    @property
    def workers(self) -> list[int]:
        """Process ids of the workers that are ready: for the operator."""
        return self._pool.pids

    async def compose(self, request: TuneRequest, *, user: str = "", deadline: float | None = None) -> Tune:
        """Compose a tune; a cancelled call frees its slots at the next step.

        Args:
            request: what is wished for.
            user: whose turn it takes in the queue.
            deadline: seconds that it may take; None for the service's patience.

        Returns:
            The best of ``request.n`` candidates, with its origin; where all of them repeat a known tune,
            they are drawn again, a few times. The same request and seed give the same tune.

        Raises:
            BusyError: if the queue is full or the deadline has passed.
            FriendlyError: if the request cannot be met.
            WorkerError: if something in a worker is at fault; for the log.
        """
        async with aclosing(self._events(request, user, deadline, followed=False)) as events:
            async for event in events:
                if isinstance(event, Tune):
                    return event
        raise AssertionError("a draw ends with a tune or an error")

    def follow(
        self, request: TuneRequest, *, user: str = "", deadline: float | None = None
    ) -> AsyncGenerator[Progress | Tune, None]:
        """Like :meth:`compose`, but tells how it goes: progress as it comes, the tune at the end.

        Who leaves early should close the iterator (``contextlib.aclosing``), which frees the slots.
        """
        return self._events(request, user, deadline, followed=True)

    async def _events(
        self, request: TuneRequest, user: str, deadline: float | None, *, followed: bool
    ) -> AsyncGenerator[Progress | Tune, None]:
        patience = self._patience if deadline is None else deadline
        due = self._clock() + patience
        if request.seed is None:
            request = request.model_copy(update={"seed": self._random.randrange(SEEDS)})
        ticket = Ticket(request, user, followed)
        self._pool.submit(ticket)
        last: Progress | None = None
        try:
            while not ticket.over:
                if followed and (now := self._progress(ticket)) not in (None, last):
                    assert now is not None
                    last = now
                    yield now
                try:
                    async with asyncio.timeout(due - self._clock()):
                        await ticket.news.wait()
                except TimeoutError:
                    raise _late(patience) from None
                ticket.news.clear()
        finally:
            self._pool.drop(ticket)
        if ticket.tune is None:
            assert ticket.error is not None
            raise ticket.error
        yield ticket.tune

    def _progress(self, ticket: Ticket) -> Progress | None:
        place = self._pool.wait_for(ticket)
        return ticket.drawing if place is None else Waiting(*place)


def _late(patience: float) -> BusyError:
    return BusyError(
        f"That took longer than {patience:.3g} seconds, so I stopped; please try again in a minute."
    )
