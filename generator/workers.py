"""The workers: one thread for each core, each with slots of its own, fed from one fair queue.

Threads are enough: nearly all of a step is spent in the engine's code, which holds no lock of
Python's. They share one copy of the weights, and a cancelled request is a flag away.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Final

from generator.admission import FairQueue
from generator.errors import BusyError
from generator.sampler import Job, Sampler

_logger: Final = logging.getLogger(__name__)
_PROGRESS_STEPS: Final = 8  # steps between two reports on a job that is followed
_REMEMBERED: Final = 32  # finished jobs that the estimate of a wait looks at

SamplerMaker = Callable[[], Sampler]


@dataclass(eq=False, slots=True)
class Ticket:
    """A job on its way through the pool.

    Attributes:
        job: what to draw.
        model: name of the model that draws it.
        user: whose turn it takes.
        tell: called from a worker's thread when something changed: it moved up, progressed, ended.
            It must return at once.
        followed: whether ``tell`` is wanted before the end.
        so_far: what each unfinished candidate has drawn, while followed.
        drawing: whether it has left the queue.
        error: why it failed.
    """

    job: Job
    model: str
    user: str
    tell: Callable[[], None]
    followed: bool = False
    so_far: list[str] = field(default_factory=list)
    drawing: bool = False
    error: BaseException | None = None

    @property
    def over(self) -> bool:
        """Whether there is nothing more to come."""
        return self.error is not None or self.job.done


class Pool:
    """Workers and the queue before them. Any thread may call it."""

    def __init__(
        self,
        workers: int,
        slots: int,
        clock: Callable[[], float],
        *,
        queue: int = 256,
        queue_of_one: int = 16,
    ) -> None:
        """Start the workers; they wait for work.

        Args:
            workers: threads.
            slots: in each of them, over all models together.
            clock: seconds, never going back.
            queue: how many jobs may wait.
            queue_of_one: how many of them may be one user's.
        """
        self._changed = Condition()
        self._queue: FairQueue[Ticket] = FairQueue(queue, queue_of_one)
        self._makers: dict[str, SamplerMaker] = {}
        self._clock = clock
        self._ends: deque[float] = deque(maxlen=_REMEMBERED)
        self._open = True
        self._workers = [_Worker(self, number, slots) for number in range(workers)]
        for worker in self._workers:
            worker.thread.start()

    def add_model(self, name: str, maker: SamplerMaker) -> None:
        """Let jobs name this model; each worker makes its own sampler when it first needs one."""
        with self._changed:
            self._makers[name] = maker

    def submit(self, ticket: Ticket) -> None:
        """Put a job into the queue, or at once into the slots of the least busy worker.

        Raises:
            BusyError: if the queue is full or the pool is closed.
        """
        with self._changed:
            if not self._open:
                raise BusyError("I am being restarted; please try again in a minute.")
            self._queue.put(ticket.user, ticket)
            self._assign()

    def drop(self, ticket: Ticket) -> None:
        """Nobody waits for this job any more: it leaves the queue, or its slots at the next step."""
        with self._changed:
            ticket.job.dropped = True
            if self._queue.remove(ticket.user, ticket):
                self._assign()

    def wait_for(self, ticket: Ticket) -> tuple[int, float] | None:
        """How many are served before this job and for about how long, in seconds; None once it draws."""
        with self._changed:
            ahead = self._queue.ahead(ticket.user, ticket)
            if ahead is None:
                return None
            pace = 1.0
            if len(self._ends) > 1:
                pace = (self._ends[-1] - self._ends[0]) / (len(self._ends) - 1)
            return ahead, (ahead + 1) * pace

    @property
    def load(self) -> tuple[int, int]:
        """How many jobs wait, and how many slots are taken."""
        with self._changed:
            return len(self._queue), sum(worker.slots - worker.free for worker in self._workers)

    def close(self) -> None:
        """Stop the workers; whatever they were at fails with BusyError."""
        with self._changed:
            self._open = False
            left = self._queue.items()
            for ticket in left:
                self._queue.remove(ticket.user, ticket)
            self._changed.notify_all()
        for worker in self._workers:
            worker.thread.join()
            left += worker.tickets
        for ticket in left:
            ticket.error = BusyError("I am being restarted; please try again in a minute.")
            ticket.tell()

    def _assign(self) -> None:
        """Move jobs from the queue to workers while the next one fits. Needs the lock."""
        moved = False
        while (ticket := self._queue.peek()) is not None:
            worker = max(self._workers, key=lambda worker: worker.free)
            if worker.free < ticket.job.n:
                break
            self._queue.take()
            ticket.drawing = True
            worker.free -= ticket.job.n
            worker.inbox.append(ticket)
            moved = True
        if moved:
            self._changed.notify_all()
        for waiting in self._queue.items():
            if waiting.followed:
                waiting.tell()

    def sampler(self, model: str) -> Sampler:
        """A new sampler of a model; workers call this in their own threads."""
        with self._changed:
            maker = self._makers[model]
        return maker()

    def work(self, worker: "_Worker") -> list[Ticket] | None:
        """What a worker is to begin now; waits while it has nothing to do. None means stop."""
        with self._changed:
            while self._open and not worker.inbox and not worker.tickets:
                self._changed.wait()
            taken, worker.inbox = worker.inbox, []
            worker.tickets += taken
            return taken if self._open else None

    def freed(self, worker: "_Worker", slots: int, ended: list[Ticket]) -> None:
        """A worker has so many slots free again, and these tickets have left it."""
        now = self._clock()
        with self._changed:
            self._ends.extend(now for ticket in ended if ticket.job.done)
            worker.free = slots - sum(ticket.job.n for ticket in worker.inbox)
            self._assign()


class _Worker:
    """One thread, its samplers, and the tickets in them."""

    def __init__(self, pool: Pool, number: int, slots: int) -> None:
        self.slots = self.free = slots
        self.inbox: list[Ticket] = []
        self.tickets: list[Ticket] = []
        self._pool = pool
        self._samplers: dict[str, Sampler] = {}
        self._steps = 0
        self.thread = Thread(target=self._run, name=f"sampler {number}", daemon=True)

    def _run(self) -> None:
        while (begin := self._pool.work(self)) is not None:
            for ticket in begin:
                self._begin(ticket)
            for model, sampler in self._samplers.items():
                if sampler.busy:
                    self._step(model, sampler)
            self._report()

    def _begin(self, ticket: Ticket) -> None:
        try:
            if ticket.model not in self._samplers:
                self._samplers[ticket.model] = self._pool.sampler(ticket.model)
            if not ticket.job.dropped:
                self._samplers[ticket.model].begin(ticket.job)
        except Exception as error:  # noqa: BLE001 - whoever waits for it must hear of it
            ticket.error = error

    def _step(self, model: str, sampler: Sampler) -> None:
        try:
            sampler.step()
        except Exception as error:
            _logger.exception("a step of the model %s failed", model)
            for ticket in self.tickets:
                if ticket.model == model and not ticket.over:
                    ticket.error = error
                    ticket.job.dropped = True
            self._samplers[model] = self._pool.sampler(model)

    def _report(self) -> None:
        """Tell whoever waits, and give free slots back to the pool."""
        self._steps += 1
        if any(ticket.job.dropped for ticket in self.tickets):
            for sampler in self._samplers.values():
                sampler.sweep()
        ended = [ticket for ticket in self.tickets if ticket.over or ticket.job.dropped]
        free = self.slots - sum(sampler.taken for sampler in self._samplers.values())
        if ended or free != self.free:
            self.tickets = [ticket for ticket in self.tickets if not (ticket.over or ticket.job.dropped)]
            self._pool.freed(self, free, ended)
        for ticket in ended:
            ticket.tell()
        if self._steps % _PROGRESS_STEPS == 0:
            for ticket in self.tickets:
                if ticket.followed:
                    ticket.so_far = self._samplers[ticket.model].so_far(ticket.job)
                    ticket.tell()
