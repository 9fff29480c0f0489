"""Processes that draw and play, kept ready; one that dies or hangs is replaced, and costs one job.

Each is a fresh Python that speaks over its standard input and output: a length of four bytes, then
the job, pickled; back come a length, one byte of status, and the file or what went wrong. It ends by
itself when its input closes, so none outlives us, however we end.
"""

import asyncio
import logging
import os
import pickle
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from generator.errors import RenderError

_logger = logging.getLogger(__name__)

DONE: Final = b"+"
REFUSED: Final = b"?"  # with a sentence for people
FAILED: Final = b"-"  # with a traceback
LENGTH: Final = struct.Struct(">I")
_FIRST_PAUSE: Final = 0.5  # seconds before another process follows one that did not start; then doubled
_LONGEST_PAUSE: Final = 60.0
_FAREWELL: Final = 2.0  # seconds that a process gets to end by itself
_SECRET: Final = ("TOKEN", "SECRET", "PASSWORD", "DATABASE_URL")  # no business of a renderer

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
        self._idle: asyncio.Queue[asyncio.subprocess.Process] = asyncio.Queue()
        self._alive: set[asyncio.subprocess.Process] = set()
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
        message = pickle.dumps((job, args, wishes))
        well = False
        try:
            async with asyncio.timeout(self._limit):
                status, answer = await self._ask(process, message)
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
            raise RenderError(answer.decode())
        if status == FAILED:
            _logger.warning("a %s failed:\n%s", job, answer.decode())
            raise RenderError(BROKEN)
        return answer

    async def _free(self) -> asyncio.subprocess.Process:
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    process = await self._idle.get()
                    if process.returncode is None:
                        return process
                    self._discard(process)
                    self._add_one()
        except TimeoutError:
            raise RenderError(SLOW) from None

    @staticmethod
    async def _ask(process: asyncio.subprocess.Process, message: bytes) -> tuple[bytes, bytes]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(LENGTH.pack(len(message)) + message)
        await process.stdin.drain()
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        answer = await process.stdout.readexactly(length)
        return answer[:1], answer[1:]

    def _add_one(self) -> None:
        if not self._stopped:
            task = asyncio.create_task(self._make_ready())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _make_ready(self) -> None:
        """Start a process and wait until it has loaded what it needs; again if it does not."""
        pause = _FIRST_PAUSE
        while True:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "generator.render.workers",
                self._desk,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=_environment(),
            )
            self._alive.add(process)
            assert process.stdout is not None
            with suppress(EOFError, OSError):
                ready = await process.stdout.readexactly(1)
                if ready == DONE:
                    self._idle.put_nowait(process)
                    return
            self._discard(process)
            _logger.warning("a process for %s did not start; another follows in %g s", self._desk, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _discard(self, process: asyncio.subprocess.Process) -> None:
        """Kill a process; whoever stops the pool still waits for its end."""
        with suppress(ProcessLookupError):
            process.kill()
        task = asyncio.create_task(self._end(process))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(_FAREWELL):
                await process.wait()
        except (TimeoutError, asyncio.CancelledError):
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        self._alive.discard(process)


def _environment() -> dict[str, str]:
    """Ours, without secrets, with one thread a process, and with the way to this very package."""
    root = str(Path(__file__).parents[3])
    kept = {name: value for name, value in os.environ.items() if not any(word in name for word in _SECRET)}
    path = os.pathsep.join(filter(None, (root, kept.get("PYTHONPATH"))))
    return {**kept, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
