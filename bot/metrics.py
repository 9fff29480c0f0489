"""What is counted and timed, for Prometheus to fetch."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from generator.errors import BusyError, FriendlyError

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
ANSWERED, REFUSED, BUSY, FAILED, GONE = "answered", "refused", "busy", "failed", "gone"
"""How a request can end: well, with a friendly sentence, with one that asks to wait, by a fault of ours, or
with whoever asked gone."""
_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_LAG_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
_LAG_EVERY: Final = 0.25  # seconds


class Metrics:
    """Counters, gauges and times of one bot, in a registry of its own.

    Args:
        clock: seconds, never going back.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "tunesmith_requests",
            "Commands answered, by platform, command and how they ended",
            ("platform", "command", "outcome"),
            registry=self._registry,
        )
        self._stages = Histogram(
            "tunesmith_stage_seconds",
            "Time of each stage of an answer: compose, keep, render, answer",
            ("stage",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._renders = Counter(
            "tunesmith_renders",
            "Files made, by suffix and how it ended",
            ("suffix", "outcome"),
            registry=self._registry,
        )
        self._lag = Histogram(
            "tunesmith_loop_lag_seconds",
            "How late the event loop comes to what is due",
            buckets=_LAG_SECONDS,
            registry=self._registry,
        )
        self._queue = Gauge("tunesmith_queue", "Requests that wait for a slot", registry=self._registry)
        self._slots = Gauge(
            "tunesmith_slots_taken", "Candidates that are being drawn", registry=self._registry
        )
        self._parts = Gauge(
            "tunesmith_part_well",
            "Whether a part is well: store, composer, renderer, and the gateway of each chat",
            ("part",),
            registry=self._registry,
        )

    def text(self) -> bytes:
        """Return all of it as Prometheus reads it."""
        return generate_latest(self._registry)

    def watch_load(self, load: Callable[[], tuple[int, int]]) -> None:
        """Ask for the queue's length and the slots that are taken whenever Prometheus comes."""
        self._queue.set_function(lambda: load()[0])
        self._slots.set_function(lambda: load()[1])

    def part(self, name: str, *, well: bool) -> None:
        """Note how a part is."""
        self._parts.labels(name).set(well)

    @contextmanager
    def request(self, platform: str, command: str) -> Iterator[None]:
        """Count a command when it has ended, and how."""
        begun, outcome = self._clock(), FAILED
        try:
            yield
            outcome = ANSWERED
        except BaseException as error:
            outcome = _outcome(error)
            raise
        finally:
            self._requests.labels(platform, command, outcome).inc()
            self._stages.labels("answer").observe(self._clock() - begun)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage of an answer, however it ends."""
        begun = self._clock()
        try:
            yield
        finally:
            self._stages.labels(name).observe(self._clock() - begun)

    @contextmanager
    def render(self, suffix: str) -> Iterator[None]:
        """Count and time a file."""
        outcome = FAILED
        try:
            with self.stage("render"):
                yield
            outcome = ANSWERED
        except BaseException as error:
            outcome = _outcome(error)
            raise
        finally:
            self._renders.labels(suffix, outcome).inc()

    @asynccontextmanager
    async def watching_the_loop(self) -> AsyncIterator[None]:
        """Measure inside this context how late the event loop is."""
        task = asyncio.create_task(self._watch_loop())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _watch_loop(self) -> None:
        while True:
            due = self._clock() + _LAG_EVERY
            await asyncio.sleep(_LAG_EVERY)
            self._lag.observe(max(0.0, self._clock() - due))


def _outcome(error: BaseException) -> str:
    if isinstance(error, BusyError):
        return BUSY
    if isinstance(error, FriendlyError):
        # A fault of ours is friendly to whoever asked, and has the fault itself as its cause.
        return FAILED if getattr(error, "reference", "") else REFUSED
    return GONE if isinstance(error, asyncio.CancelledError | GeneratorExit) else FAILED
