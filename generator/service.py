"""The service: a request in, a tune out, many at once, and the event loop never waits."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from random import Random
from types import TracebackType
from typing import Final, Self, TypeVar, TypeVarTuple

from generator.errors import BusyError
from generator.judging import MOST_ROUNDS, Judge
from generator.request import TuneRequest
from generator.sampler import Job
from generator.score import PLAIN, Score
from generator.tune import Tune
from generator.voices import Planned, Voice
from generator.workers import Pool, Ticket

Args = TypeVarTuple("Args")
R = TypeVar("R")
_SEEDS: Final = 1_000_000  # short enough to read out
# Seconds that a thread may keep the GIL while the event loop wants it: workers and desk are busy with
# short things, and the usual 5 ms would be felt in every chat.
_TURN: Final = 0.0002
_TYPICAL_LENGTH: Final = 400  # characters, before any tune has been drawn
_LEARNING: Final = 0.1  # weight of the newest tune in the running mean of lengths


@dataclass(frozen=True, slots=True)
class Waiting:
    """The request is in the queue.

    Attributes:
        ahead: requests that are served before it.
        seconds: about how long that takes, its own draw included.
    """

    ahead: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The request is being drawn.

    Attributes:
        share: about how much is done, 0 to 1.
        text: the ABC text so far up to the last bar line; empty where several candidates compete.
    """

    share: float
    text: str = ""


Progress = Waiting | Drawing


class Service:
    """Composes tunes. Use it as ``async with Service(...) as service``."""

    def __init__(
        self,
        load: Callable[[str], Voice],
        model: str,
        random: Random,
        *,
        workers: int = 2,
        patience: float = 60.0,
        score: Score = PLAIN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Hand in what it needs; nothing is loaded before it is entered.

        Args:
            load: loads a model by name, as :func:`generator.voices.load_voice` does.
            model: the one that composes where a request names none.
            random: draws the seeds that requests leave open.
            workers: threads that sample; one for each core.
            patience: seconds that a request may take unless it says otherwise.
            score: judges the candidates of a request.
            clock: seconds, never going back.
        """
        self._load, self._model, self._random = load, model, random
        self._workers, self._patience, self._score, self._clock = workers, patience, score, clock
        self._voices: dict[str, Voice] = {}
        self._loading = asyncio.Lock()
        # One thread for plans and scores: they hold the GIL, more would only fight for it.
        self._desk = ThreadPoolExecutor(1, "desk")
        self._pool: Pool | None = None
        self._turn_before = sys.getswitchinterval()
        self._length = float(_TYPICAL_LENGTH)

    async def __aenter__(self) -> Self:
        """Load the default model and start the workers.

        Raises:
            FriendlyError: if the model or the engine cannot be loaded.
        """
        await self._voice(None)
        sys.setswitchinterval(_TURN)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the workers; requests under way fail with BusyError."""
        sys.setswitchinterval(self._turn_before)
        if self._pool is not None:
            await asyncio.to_thread(self._pool.close)
        self._desk.shutdown(wait=False)

    @property
    def load(self) -> tuple[int, int]:
        """How many requests wait, and how many slots are taken: for the operator."""
        return self._pool.load if self._pool else (0, 0)

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
        seed = self._random.randrange(_SEEDS) if request.seed is None else request.seed
        try:
            async with asyncio.timeout(patience):
                voice = await self._voice(request.model)
                settled, plan = await self._at_desk(_planned, voice, request, seed)
        except TimeoutError:
            raise _late(patience) from None
        news = asyncio.Event()
        far = 0.0
        judge = Judge(voice, plan, settled, self._score)
        for turn in range(MOST_ROUNDS):
            job = Job(plan.prompt, plan, settled.temp, seed, settled.n, first=turn * settled.n)
            ticket = Ticket(job, voice.name, user, _teller(news), followed)
            async with aclosing(self._drawn(ticket, news, due)) as drawn:
                try:
                    async for progress in drawn:
                        if isinstance(progress, Drawing):  # a new round is no step back
                            far = max(far, progress.share)
                            yield replace(progress, share=far)
                        else:
                            yield progress
                except TimeoutError:
                    raise _late(patience) from None
            self._length += _LEARNING * (_mean_length(job) - self._length)
            choice = await self._at_desk(judge.hear, job.finished)
            if not choice.known:
                break
        yield await self._at_desk(judge.tune, choice)

    async def _drawn(self, ticket: Ticket, news: asyncio.Event, due: float) -> AsyncGenerator[Progress, None]:
        """Draw a job to its end, and tell how it goes.

        Raises:
            TimeoutError: if it takes longer than it may.
        """
        pool = self._pool
        assert pool is not None
        pool.submit(ticket)
        last: Progress | None = None
        try:
            while not ticket.over:
                if ticket.followed and (now := self._progress(pool, ticket)) not in (None, last):
                    assert now is not None
                    last = now
                    yield now
                async with asyncio.timeout(due - self._clock()):
                    await news.wait()
                news.clear()
        finally:
            pool.drop(ticket)
        if ticket.error is not None:
            raise ticket.error

    async def _voice(self, name: str | None) -> Voice:
        """A model by name, loaded at its first use."""
        name = self._model if name is None else name
        async with self._loading:
            if name not in self._voices:
                voice = await asyncio.to_thread(self._load, name)
                if self._pool is None:
                    self._pool = Pool(self._workers, voice.slots, self._clock)
                self._pool.add_model(name, voice.new_sampler)
                self._voices[name] = voice
        return self._voices[name]

    async def _at_desk(self, work: Callable[[*Args], R], *args: *Args) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._desk, work, *args)

    def _progress(self, pool: Pool, ticket: Ticket) -> Progress | None:
        if not ticket.drawing:
            place = pool.wait_for(ticket)
            return None if place is None else Waiting(*place)
        job, drawn = ticket.job, ticket.so_far
        shares = [min(0.95, len(text) / self._length) for text in drawn] + [1.0] * len(job.finished)
        whole = job.prompt + drawn[0] if job.n == 1 and drawn else ""
        return Drawing(round(sum(shares) / job.n, 2), whole[: whole.rfind("|") + 1])


def _teller(news: asyncio.Event) -> Callable[[], None]:
    """Sets an event from another thread, unless its loop is gone."""
    loop = asyncio.get_running_loop()

    def tell() -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(news.set)

    return tell


def _planned(voice: Voice, request: TuneRequest, seed: int) -> tuple[TuneRequest, Planned]:
    settled = voice.settle(request, seed)
    return settled, voice.plan(settled)


def _mean_length(job: Job) -> float:
    return sum(len(candidate.text) for candidate in job.finished) / job.n


def _late(patience: float) -> BusyError:
    return BusyError(
        f"That took longer than {patience:.3g} seconds, so I stopped; please try again in a minute."
    )
