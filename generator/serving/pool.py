"""The workers as the service sees them: some processes, fed from one fair queue.

Grammar, judging and chords are Python, which runs one thread at a time; so each worker is a process.
One that dies is replaced, and its orders are begun again: the same seed gives the same tune.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from statistics import fmean
from typing import Final

from generator.compose.request import TuneRequest
from generator.errors import BusyError, ComposeError
from generator.fair_queue import FairQueue
from generator.music.tune import Tune
from generator.process_pool import ProcessPool
from generator.processes import Child
from generator.serving.messages import (
    Alive,
    Answer,
    Drawing,
    Drop,
    Failed,
    Given,
    Opening,
    Order,
    Ready,
    Told,
)

_logger: Final = logging.getLogger(__name__)
_REMEMBERED: Final = 8  # finished draws that the estimate of a wait looks at: in a crowd each takes longer
_TYPICAL_DRAW: Final = 2.0  # seconds, before any order is done
_LONGEST_START: Final = 300.0  # seconds; TensorFlow takes its time
_MOST_TRIES: Final = 2  # workers that may die over one order

RESTARTING: Final = "I am being restarted; please try again in a minute."
LOST: Final = "Something went wrong while I was at it; please try again."


class WorkerError(RuntimeError):
    """A fault in a worker; its text is the stack trace there."""


@dataclass(eq=False, slots=True)
class Ticket:
    """A request on its way through the pool.

    Attributes:
        request: with a seed.
        user: whose turn it takes.
        followed: whether its owner wants to hear how it goes.
        news: set when something changed: it moved up, progressed, ended.
        drawing: how far the draw is, None before it has begun or told.
        tune: the outcome.
        error: why there is none.
        dropped: nobody waits for it any more.
        tries: workers that have taken it.
        begun: when the last of them took it, on the pool's clock.
    """

    request: TuneRequest
    user: str
    followed: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)
    drawing: Drawing | None = None
    tune: Tune | None = None
    error: Exception | None = None
    dropped: bool = False
    tries: int = 0
    begun: float = 0.0

    @property
    def over(self) -> bool:
        """Tell whether there is nothing more to come."""
        return self.error is not None or self.tune is not None

    def fail(self, error: Exception) -> None:
        """Say that there will be no tune."""
        self.error = error
        self.news.set()


class Pool:
    """Workers and the queue before them. Used on one event loop."""

    def __init__(
        self,
        opening: Opening,
        workers: int,
        clock: Callable[[], float],
        *,
        queue: int = 256,
        queue_of_one: int = 16,
        silence: float = 15.0,
    ) -> None:
        """Hand in what it needs; :meth:`start` starts it.

        Args:
            opening: what every worker begins with.
            workers: processes.
            clock: seconds, never going back.
            queue: how many requests may wait.
            queue_of_one: how many of them may be one user's.
            silence: seconds without a sign of life after which a worker with orders is replaced; much shorter
                than people wait for a tune, so that another can still draw it.
        """
        self._opening, self._clock, self._silence = opening, clock, silence
        self._queue: FairQueue[Ticket] = FairQueue(queue, queue_of_one)
        self._draws: deque[float] = deque(maxlen=_REMEMBERED)  # seconds
        self._open = True
        self._numbers = count()
        self._workers: list[_Worker] = []  # those that are ready
        self._processes = ProcessPool(
            ("generator.serving.worker",),
            workers,
            longest_start=_LONGEST_START,
            open_=self._opened,
            serve=self._serve,
        )

    async def start(self) -> None:
        """Start the workers, and wait until one of them is ready.

        Raises:
            FriendlyError: if the model or the engine cannot be loaded.
            WorkerError: if something else is at fault; for the log.
        """
        self._processes.start()
        try:
            await self._processes.first_ready()
        except BaseException as error:
            await self.close()
            if isinstance(error, EOFError | OSError):
                raise WorkerError("a worker died before it was ready") from error
            raise

    def submit(self, ticket: Ticket) -> None:
        """Put a request into the queue, or at once into the slots of the least busy worker.

        Raises:
            BusyError: if the queue is full or the pool is closed.
        """
        if not self._open:
            raise BusyError(RESTARTING)
        self._queue.put(ticket.user, ticket)
        self._assign()

    def drop(self, ticket: Ticket) -> None:
        """Take a request that nobody waits for out of the queue, or free its slots at the next step."""
        ticket.dropped = True
        if self._queue.remove(ticket.user, ticket):
            self._assign()
        for worker in self._workers:
            for number, mine in worker.tickets.items():
                if mine is ticket:
                    worker.child.send(Drop(number))

    def wait_for(self, ticket: Ticket) -> tuple[int, float] | None:
        """Count who is served before this request, and the seconds until its end; None once it is drawn."""
        before = self._queue.before(ticket.user, ticket)
        if before is None:
            return None
        draw = fmean(self._draws) if self._draws else _TYPICAL_DRAW
        # While all slots are taken, each is free again once in a draw; then comes this request's own.
        candidates = sum(other.request.n for other in before) + ticket.request.n
        slots = sum(worker.slots for worker in self._workers)
        return len(before), draw * (candidates / max(slots, 1) + 1)

    @property
    def load(self) -> tuple[int, int]:
        """Return how many requests wait, and how many slots are taken."""
        return len(self._queue), sum(worker.slots - worker.free for worker in self._workers)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that are ready."""
        return [worker.child.pid for worker in self._workers]

    async def close(self) -> None:
        """Stop the workers; whatever they were at fails with BusyError."""
        self._open = False
        left = self._queue.items()
        for ticket in left:
            self._queue.remove(ticket.user, ticket)
        left += [ticket for worker in self._workers for ticket in worker.tickets.values()]
        await self._processes.stop()
        for ticket in left:
            if not ticket.over:
                ticket.fail(BusyError(RESTARTING))

    async def _opened(self, child: Child) -> int:
        """Return the slots of a new worker, once it is ready."""
        child.send(self._opening)
        ready = await child.hear()
        if isinstance(ready, Failed):
            raise ready.error or WorkerError(ready.trace)
        assert isinstance(ready, Ready)
        return ready.slots

    async def _serve(self, child: Child, slots: int) -> None:
        """Give a worker orders and hear its answers, until it ends."""
        worker = _Worker(child, slots, self._silence)
        self._workers.append(worker)
        try:
            self._assign()
            while True:
                async with worker.watched():
                    answer = await child.hear()
                self._heard(worker, answer)
        except TimeoutError:
            _logger.warning("a worker hangs; it is ended, and another takes its orders")
            child.kill()
        finally:
            self._workers.remove(worker)
            self._lost(list(worker.tickets.values()))

    def _heard(self, worker: "_Worker", answer: Answer) -> None:
        """Take an answer of a worker."""
        loading = isinstance(answer, Alive) and answer.loading
        worker.allowed = _LONGEST_START if loading else self._silence
        if isinstance(answer, Alive):
            return
        if isinstance(answer, Told):
            ticket = worker.tickets[answer.number]
            ticket.drawing = answer.drawing
            ticket.news.set()
            return
        assert answer.number is not None
        ticket = worker.tickets.pop(answer.number)
        worker.free += ticket.request.n
        if isinstance(answer, Given):
            self._draws.append(self._clock() - ticket.begun)
            ticket.tune = answer.tune
            ticket.news.set()
        elif isinstance(answer, Failed):
            ticket.fail(answer.error or WorkerError(answer.trace))
        self._assign()

    def _lost(self, tickets: list[Ticket]) -> None:
        """Give the orders of a worker that died another chance, before all others."""
        for ticket in reversed(tickets):
            ticket.drawing = None
            if not self._open or ticket.dropped:
                continue
            if ticket.tries < _MOST_TRIES:
                self._queue.put_back(ticket.user, ticket)
            else:
                ticket.fail(ComposeError(LOST))
        self._assign()

    def _assign(self) -> None:
        """Move requests from the queue to workers while the next one fits."""
        while (ticket := self._queue.peek()) is not None:
            worker = max(self._workers, key=lambda worker: worker.free, default=None)
            if worker is None or worker.free < ticket.request.n:
                break
            self._queue.take()
            ticket.tries += 1
            ticket.begun = self._clock()
            worker.takes(next(self._numbers), ticket)
        for waiting in self._queue.items():
            if waiting.followed:
                waiting.news.set()


class _Worker:
    """A process that is ready, and the tickets that it is at."""

    def __init__(self, child: Child, slots: int, silence: float) -> None:
        self.child = child
        self.slots = self.free = slots
        self.allowed = silence  # seconds that it may be silent while it has orders
        self.tickets: dict[int, Ticket] = {}
        self._watch: asyncio.Timeout | None = None

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Allow so much silence while it has orders; raises TimeoutError after more."""
        async with asyncio.timeout(self.allowed if self.tickets else None) as watch:
            self._watch = watch
            try:
                yield
            finally:
                self._watch = None

    def takes(self, number: int, ticket: Ticket) -> None:
        """Give the process an order."""
        if self._watch and not self.tickets:
            self._watch.reschedule(asyncio.get_running_loop().time() + self.allowed)
        self.tickets[number] = ticket
        self.free -= ticket.request.n
        self.child.send(Order(number, ticket.request, ticket.followed))
