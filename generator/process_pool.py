"""Processes that are kept going: one that ends is followed by another, however it ended."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

from generator.processes import FIRST_PAUSE, LONGEST_PAUSE, Child

_logger: Final = logging.getLogger(__name__)

Opened = TypeVar("Opened")


class ProcessPool(Generic[Opened]):
    """Keep some processes of one kind going. Used on one event loop."""

    def __init__(
        self,
        command: Sequence[str],
        count: int,
        *,
        longest_start: float,
        open_: Callable[[Child], Awaitable[Opened]],
        serve: Callable[[Child, Opened], Awaitable[None]],
    ) -> None:
        """Hand in what it needs; :meth:`start` starts it.

        Args:
            command: module to run, and its arguments.
            count: how many processes.
            longest_start: seconds until a process must be ready.
            open_: speaks with a new process until it is ready, and gives what it then said of itself.
            serve: gives a process its work. It returns where the process was ended on purpose, and another
                follows at once; it raises where something went wrong, and another follows after a pause.
        """
        self._command, self._count, self._longest_start = tuple(command), count, longest_start
        self._open, self._serve = open_, serve
        self._alive: set[Child] = set()
        self._keeping: list[asyncio.Task[None]] = []
        self._ending: set[asyncio.Task[None]] = set()
        self._first: asyncio.Future[None] | None = None

    def start(self) -> None:
        """Begin to start the processes; do not wait for them."""
        self._first = asyncio.get_running_loop().create_future()
        self._keeping = [asyncio.create_task(self._keep(self._first)) for _ in range(self._count)]

    async def first_ready(self) -> None:
        """Wait until a process is ready.

        Raises:
            Exception: what kept the first process from getting ready; EOFError or OSError if it died.
        """
        assert self._first is not None
        await asyncio.shield(self._first)

    async def stop(self) -> None:
        """End all processes and wait for their end."""
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        await asyncio.gather(*self._ending)

    @property
    def pids(self) -> frozenset[int]:
        """Return the process ids of those that are alive."""
        return frozenset(child.pid for child in self._alive)

    async def _keep(self, first: "asyncio.Future[None]") -> None:
        """Keep one process going."""
        pause = FIRST_PAUSE
        while True:
            child: Child | None = None
            try:
                child = await Child.start(*self._command)
                self._alive.add(child)
                async with asyncio.timeout(self._longest_start):
                    opened = await self._open(child)
                if not first.done():
                    first.set_result(None)
                pause = FIRST_PAUSE
                await self._serve(child, opened)
                continue
            except Exception as error:  # noqa: BLE001 - whatever it was, another process follows
                if not first.done():
                    first.set_exception(error)
                    first.exception()  # perhaps nobody waits for it
                name = " ".join(self._command)
                _logger.warning("a process of %s has ended (%r); another follows in %g s", name, error, pause)
            finally:
                if child is not None:
                    self._end(child)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _end(self, child: Child) -> None:
        """Let a process end in the background; :meth:`stop` waits for it."""
        task = asyncio.create_task(child.end())
        self._ending.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._ending.discard(task)
            self._alive.discard(child)

        task.add_done_callback(ended)
