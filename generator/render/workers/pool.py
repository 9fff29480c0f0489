"""Processes that draw and play, kept ready; one that dies or hangs is replaced, and costs one job."""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from generator.errors import RenderError
from generator.processes import FIRST_PAUSE, LONGEST_PAUSE, Child

_logger = logging.getLogger(__name__)

_LONGEST_START: Final = 120.0  # seconds

# How a process answers; the file or the words follow.
DONE: Final = "done"
REFUSED: Final = "refused"  # with a sentence for people
FAILED: Final = "failed"  # with a traceback

SLOW: Final = "That took too long to draw or play; the ABC text has the whole tune."
BROKEN: Final = "That could not be drawn or played; the ABC text has the whole tune."


class WorkerPool:
    """Some processes of one kind.

    Args:
        desk: which jobs they do, a name in :mod:`generator.render.workers.jobs`.
        count: how many processes.
        limit: seconds a job may take; then its process is ended.
        patience: seconds a job may wait for a free process.
    """

    def __init__(self, desk: str, count: int, *, limit: float, patience: float) -> None:
        self._desk = desk
        self._count = count
        self._limit = limit
        self._patience = patience
        self._idle: asyncio.Queue[Child] = asyncio.Queue()
        self._alive: set[Child] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._stopped = False

    def start(self) -> None:
        """Begin to start the processes; jobs wait until one is ready."""
        for _ in range(self._count):
            self._add_one()

    async def stop(self) -> None:
        """End all processes; jobs under way fail."""
        self._stopped = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(self._end(process) for process in list(self._alive)))

    @property
    def pids(self) -> frozenset[int]:
        """Process ids of those that are alive, idle or busy."""
        return frozenset(process.pid for process in self._alive)

    async def run(self, job: str, *args: object, **wishes: object) -> bytes:
        """Have a job done.

        Args:
            job: its name at this desk.
            args: for the job; they are pickled.
            wishes: likewise, by name.

        Raises:
            RenderError: if it fails, takes too long, or waits too long for its turn.
        """
        process = await self._free()
        well = False
        try:
            async with asyncio.timeout(self._limit):
                process.send((job, args, wishes))
                status, answer = await process.hear()
            well = True
        except TimeoutError:
            _logger.warning("a %s took more than %g s; its process is ended", job, self._limit)
            raise RenderError(SLOW) from None
        except (OSError, EOFError):
            _logger.warning("the process that made a %s has died", job)
            raise RenderError(BROKEN) from None
        finally:
            if well:
                self._idle.put_nowait(process)
            else:  # also when we are cancelled: its answer would be taken for the next job's
                self._discard(process)
                self._add_one()
        if status == REFUSED:
            raise RenderError(answer)
        if status == FAILED:
            _logger.warning("a %s failed:\n%s", job, answer)
            raise RenderError(BROKEN)
        file: bytes = answer
        return file

    async def _free(self) -> Child:
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    process = await self._idle.get()
                    if process.alive:
                        return process
                    self._discard(process)
                    self._add_one()
        except TimeoutError:
            raise RenderError(SLOW) from None

    def _add_one(self) -> None:
        if not self._stopped:
            task = asyncio.create_task(self._make_ready())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _make_ready(self) -> None:
        """Start a process and wait until it has loaded what it needs; again if it does not."""
        pause = FIRST_PAUSE
        while True:
            process: Child | None = None
            with suppress(Exception):
                process = await Child.start("generator.render.workers", self._desk)
                self._alive.add(process)
                async with asyncio.timeout(_LONGEST_START):
                    await process.hear()
                self._idle.put_nowait(process)
                return
            if process is not None:
                self._discard(process)
            _logger.warning("a process for %s did not start; another follows in %g s", self._desk, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _discard(self, process: Child) -> None:
        """Kill a process; whoever stops the pool still waits for its end."""
        process.kill()
        task = asyncio.create_task(self._end(process))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _end(self, process: Child) -> None:
        await process.end()
        self._alive.discard(process)
