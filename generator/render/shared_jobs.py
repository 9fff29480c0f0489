"""Jobs that several people wait for are done once, and dropped when nobody waits any more."""

import asyncio
from collections.abc import Awaitable, Hashable
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

_FINISH: Final = 2.0  # seconds that a job under way gets when nobody waits any more: most need less

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


class Make(Protocol[Result_co]):
    """Does a job; sets ``begun`` once a process is at it."""

    def __call__(self, *, begun: asyncio.Event) -> Awaitable[Result_co]:
        """Return what comes of it."""


@dataclass(slots=True)
class _UnderWay(Generic[Result]):
    """A job that is being done.

    Attributes:
        task: does it.
        begun: set once a process is at it.
        waiting: how many wait for it.
    """

    task: asyncio.Task[Result]
    begun: asyncio.Event
    waiting: int = 0


class SharedJobs(Generic[Result]):
    """Jobs under way, by name. Used on one event loop.

    Args:
        finish: seconds that a job under way gets when nobody waits any more.
    """

    def __init__(self, finish: float = _FINISH) -> None:
        self._finish = finish
        self._jobs: dict[Hashable, _UnderWay[Result]] = {}

    def __len__(self) -> int:
        return len(self._jobs)

    async def result(self, name: Hashable, make: Make[Result]) -> Result:
        """Return what comes of a job; begin it unless it is under way.

        Args:
            name: the same for all who want the same.
            make: does it.
        """
        job = self._jobs.get(name)
        if job is None:
            begun = asyncio.Event()
            job = _UnderWay(asyncio.ensure_future(_run(make, begun)), begun)
            self._jobs[name] = job
            job.task.add_done_callback(lambda done: self._finished(name, done))
        job.waiting += 1
        try:
            return await asyncio.shield(job.task)  # the caller may be cancelled, and others wait on
        finally:
            job.waiting -= 1
            if not job.waiting and not job.begun.is_set():
                self._drop(name, job)
            elif not job.waiting and not job.task.done():
                asyncio.get_running_loop().call_later(self._finish, self._drop, name, job)

    async def stop(self) -> None:
        """Cancel all jobs."""
        tasks = [job.task for job in self._jobs.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _drop(self, name: Hashable, job: "_UnderWay[Result]") -> None:
        """Stop a job that nobody waits for; who asks for the same now begins another."""
        if not job.waiting and not job.task.done():
            if self._jobs.get(name) is job:
                del self._jobs[name]
            job.task.cancel()

    def _finished(self, name: Hashable, task: "asyncio.Task[Result]") -> None:
        if name in self._jobs and self._jobs[name].task is task:
            del self._jobs[name]
        if not task.cancelled():
            task.exception()  # mark it as seen: perhaps nobody waits any more


async def _run(make: Make[Result], begun: asyncio.Event) -> Result:
    return await make(begun=begun)
