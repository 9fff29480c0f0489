"""Processes that draw, play and read, kept ready; one that dies or hangs costs one job."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from generator.errors import BusyError, RenderError
from generator.fair_queue import FairQueue
from generator.process_pool import ProcessPool
from generator.processes import Child

_logger = logging.getLogger(__name__)

_LONGEST_START: Final = 120.0  # seconds
_MOST: Final = 2000  # jobs in line
_MOST_OF_ONE: Final = 64

# How a process answers; the result, the error or the words follow.
DONE: Final = "done"
REFUSED: Final = "refused"  # with a FriendlyError
FAILED: Final = "failed"  # with a traceback


@dataclass(frozen=True, slots=True)
class Sentences:
    """What people are told where a job comes to nothing.

    Attributes:
        slow: it takes too long.
        broken: something is wrong with us.
        crowded: too many wait.
    """

    slow: str = "That took too long to draw or play; the ABC text has the whole tune."
    broken: str = "That could not be drawn or played; the ABC text has the whole tune."
    crowded: str = "Many files are being waited for already; please try again in a minute."


@dataclass(eq=False, slots=True)
class _Job:
    """Something to do.

    Attributes:
        name: at its desk.
        message: what the process is sent.
        begun: set once a process has it.
        result: what comes of it; cancelled where nobody waits any more.
    """

    name: str
    message: object
    begun: asyncio.Event
    result: "asyncio.Future[Any]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def fail(self, error: Exception) -> None:
        """Say that nothing will come of it."""
        if not self.result.done():
            self.result.set_exception(error)


class Desk(Protocol):
    """Where jobs of one kind are done: in processes here, or on another machine."""

    def start(self) -> None:
        """Begin to get ready; jobs wait until it is."""

    async def stop(self) -> None:
        """End; jobs under way fail."""

    @property
    def pids(self) -> frozenset[int]:
        """Return the process ids of those that work here."""

    @property
    def condition(self) -> str:
        """Return ``ok``, or another word."""

    async def run(
        self, job: str, *args: object, user: str = "", begun: asyncio.Event | None = None, **wishes: object
    ) -> Any:
        """Have a job done; see :meth:`WorkerPool.run`."""


class WorkerPool:
    """Some processes of one kind, and the jobs before them.

    Args:
        desk: which jobs they do, a name in :mod:`generator.render.workers.jobs`.
        count: how many processes.
        limit: seconds a job may take; then its process is ended.
        patience: seconds a job may wait for a free process.
        sentences: what people are told where a job comes to nothing.
    """

    def __init__(
        self, desk: str, count: int, *, limit: float, patience: float, sentences: Sentences = Sentences()
    ) -> None:
        self._limit, self._patience, self._sentences = limit, patience, sentences
        self._line: FairQueue[_Job] = FairQueue(_MOST, _MOST_OF_ONE)
        self._arrived = asyncio.Event()  # a job has come into the line
        self._processes = ProcessPool(
            ("generator.render.workers", desk),
            count,
            longest_start=_LONGEST_START,
            open_=Child.hear,
            serve=self._serve,
        )

    def start(self) -> None:
        """Begin to start the processes; jobs wait until one is ready."""
        self._processes.start()

    async def stop(self) -> None:
        """End all processes; jobs under way fail."""
        await self._processes.stop()
        while self._line.peek():
            self._line.take().fail(RenderError(self._sentences.broken))

    @property
    def pids(self) -> frozenset[int]:
        """Return the process ids of those that are alive, idle or busy."""
        return self._processes.pids

    @property
    def condition(self) -> str:
        """Return ``ok``, or ``starting`` while no process is there."""
        return "ok" if self.pids else "starting"

    async def run(
        self, job: str, *args: object, user: str = "", begun: asyncio.Event | None = None, **wishes: object
    ) -> Any:
        """Have a job done; a cancelled call takes it out of line, or ends the process that is at it.

        Args:
            job: its name at this desk.
            args: for the job; they are pickled.
            user: whose turn it takes.
            begun: set once a process has it.
            wishes: for the job likewise, by name.

        Raises:
            FriendlyError: as the job raises it.
            RenderError: if it fails, takes too long, or waits too long for its turn.
        """
        asked = _Job(job, (job, args, wishes), begun or asyncio.Event())
        try:
            self._line.put(user, asked)
        except BusyError:
            raise RenderError(self._sentences.crowded) from None
        self._arrived.set()
        try:
            async with asyncio.timeout(self._patience):
                await asked.begun.wait()
            return await asked.result
        except TimeoutError:
            raise RenderError(self._sentences.slow) from None
        finally:
            asked.result.cancel()
            self._line.remove(user, asked)

    async def _serve(self, child: Child, _: object) -> None:
        """Give a process one job after the other, until it is of no more use."""
        while True:
            job = await self._next(child)
            if job is None:
                return  # it has died idle, which costs nothing
            if not await self._do(job, child):
                child.kill()
                return

    async def _next(self, child: Child) -> _Job | None:
        """Wait for the job that is next; None if the process ends first."""
        ended = asyncio.ensure_future(child.ended())
        try:
            while not ended.done():
                if self._line.peek():
                    return self._line.take()
                self._arrived.clear()
                arrived = asyncio.ensure_future(self._arrived.wait())
                try:
                    await asyncio.wait({ended, arrived}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    arrived.cancel()
            return None
        finally:
            ended.cancel()

    async def _do(self, job: _Job, child: Child) -> bool:
        """Have a process do a job; tell whether it can do another."""
        job.begun.set()
        try:
            child.send(job.message)
        except Exception as error:  # noqa: BLE001 - it cannot be pickled, which whoever asked must hear
            job.fail(error)
            return True
        hearing = asyncio.ensure_future(child.hear())
        try:
            async with asyncio.timeout(self._limit):
                await asyncio.wait({hearing, job.result}, return_when=asyncio.FIRST_COMPLETED)
            if not hearing.done():  # nobody waits for it any more
                return False
            status, answer = hearing.result()
        except asyncio.CancelledError:  # the pool stops
            job.fail(RenderError(self._sentences.broken))
            raise
        except TimeoutError:
            _logger.warning("a %s took more than %g s; its process is ended", job.name, self._limit)
            job.fail(RenderError(self._sentences.slow))
            return False
        except (OSError, EOFError):
            _logger.warning("the process that made a %s has died", job.name)
            job.fail(RenderError(self._sentences.broken))
            return False
        finally:
            hearing.cancel()
        if status == REFUSED:
            job.fail(answer)
        elif status == FAILED:
            _logger.warning("a %s failed:\n%s", job.name, answer)
            job.fail(RenderError(self._sentences.broken))
        elif not job.result.done():
            job.result.set_result(answer)
        return True
