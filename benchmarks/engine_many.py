"""Many tunes at once: two workers, the service, and what the event loop feels of it."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from threading import Barrier, Thread

import numpy as np

from benchmarks.engine import Row, at_least, at_most
from benchmarks.engine_steps import full_sampler
from benchmarks.timing import undisturbed
from generator.request import TuneRequest
from generator.service import Service
from generator.voices import load_voice

STEPS = 60
CROWD = 64


def rows(model: str, models: Path, seconds: float) -> Iterator[Row]:
    """Two workers over one, 64 in flight over one after another, and the lag of the event loop."""
    yield two_workers(model, models, seconds)
    yield from asyncio.run(crowd(model, models, seconds))


def two_workers(model: str, models: Path, seconds: float) -> Row:
    """Steps a second of two full samplers in two threads over those of one."""
    steps = [full_sampler(model, models) for _ in range(2)]

    def run(number: int, barrier: Barrier, times: list[float]) -> None:
        steps[number]()
        barrier.wait()
        start = undisturbed()
        for _ in range(STEPS):
            steps[number]()
        times[number] = undisturbed() - start
        barrier.wait()  # neither goes on alone

    ratios, rates = [], {1: 0.0, 2: 0.0}
    end = time.perf_counter() + 3 * seconds
    while time.perf_counter() < end:
        for workers in (1, 2):
            barrier, times = Barrier(workers), [0.0] * workers
            threads = [Thread(target=run, args=(n, barrier, times)) for n in range(workers)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            rates[workers] = sum(STEPS / seconds for seconds in times)
        ratios.append(rates[2] / rates[1])
    detail = f"median of {len(ratios)} pairs of {STEPS} steps; time in which others had the core left out"
    return at_least("two workers / one, batch 64 each", float(np.median(ratios)), 1.7, detail)


async def crowd(model: str, models: Path, seconds: float) -> Iterator[Row]:
    """Tunes a second, and how late the event loop is while 64 are under way."""
    voice = load_voice(model, "fast", models)
    best = {"crowd": float("inf"), "line": float("inf")}
    lags: list[float] = []
    one_by_one = 4
    async with (
        Service(lambda _: voice, model, Random(1), workers=2) as two,
        Service(lambda _: voice, model, Random(1), workers=1) as one,
    ):
        end, seed = time.perf_counter() + 3 * seconds, 0
        while time.perf_counter() < end or seed < 4 * CROWD:
            start = time.perf_counter()
            wishes = [TuneRequest(n=1, seed=seed + number) for number in range(CROWD)]
            watch = asyncio.create_task(late(lags))
            await asyncio.gather(*(two.compose(wish, user=str(wish.seed)) for wish in wishes))
            watch.cancel()
            best["crowd"] = min(best["crowd"], (time.perf_counter() - start) / CROWD)
            start = time.perf_counter()
            for wish in wishes[:one_by_one]:
                await one.compose(wish)
            best["line"] = min(best["line"], (time.perf_counter() - start) / one_by_one)
            seed += CROWD
    p99 = float(np.percentile(lags, 99)) * 1e3
    detail = f"{1 / best['crowd']:.0f} tunes a second over {1 / best['line']:.0f}, best of 1 each"
    return iter(
        [
            at_least("64 in flight on two workers / one by one", best["line"] / best["crowd"], 4, detail),
            at_most(
                "event loop's lag while 64 run, 99th percentile, ms",
                p99,
                10,
                f"{len(lags)} looks; time in which others had the core left out",
            ),
        ]
    )


async def late(lags: list[float]) -> None:
    """Note how much later than asked a sleeper wakes up."""
    while True:
        start = undisturbed()
        await asyncio.sleep(0.002)
        lags.append(max(0.0, undisturbed() - start - 0.002))
