"""Many tunes at once: two workers, the service, and what the event loop feels of it."""

import asyncio
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.engine_steps import full_sampler
from benchmarks.row import Row, at_least, at_most
from benchmarks.timing import undisturbed
from generator.compose.loaded_model import open_model
from generator.compose.request import TuneRequest
from generator.serving.service import Service

STEPS = 24
ROUNDS = 8
CROWD = 64


def rows(model: str, models: Path, seconds: float) -> Iterator[Row]:
    """Two workers over one, 64 in flight over one after another, and the lag of the event loop."""
    yield two_workers(model, models, seconds)
    yield from asyncio.run(crowd(model, models, seconds))


def two_workers(model: str, models: Path, seconds: float) -> Row:
    """Steps a second of two full samplers in two processes over those of one."""
    spawn = get_context("spawn")
    barrier = spawn.Barrier(2)
    ends, processes = [], []
    for _ in range(2):
        ours, theirs = spawn.Pipe()
        work = spawn.Process(target=steps_on_demand, args=(theirs, barrier, model, models), daemon=True)
        work.start()
        theirs.close()  # so that we hear of its end
        processes.append(work)
        ends.append(ours)
    pairs = []
    end = time.perf_counter() + 4 * seconds
    while time.perf_counter() < end or not pairs:
        ends[0].send(False)
        alone, delay = ends[0].recv()
        for each in ends:
            each.send(True)
        both = [each.recv() for each in ends]
        rate = sum(1 / taken for taken, _ in both) * alone
        pairs.append((delay + max(waited for _, waited in both), rate))
    for each, process in zip(ends, processes, strict=True):
        each.send(None)
        process.join()
    quiet = sorted(pairs)[: max(1, len(pairs) // 4)]
    ratio = float(np.median([ratio for _, ratio in quiet]))
    detail = (
        f"median of the {len(quiet)} of {len(pairs)} pairs of {STEPS} steps that other programs disturbed"
        " least; time in which they had the core left out"
    )
    return at_least("two workers / one, batch 64 each", ratio, 1.7, detail)


def steps_on_demand(asked: Connection, barrier: Barrier, model: str, models: Path) -> None:
    """A process that takes steps, alone or together with the other, and tells its own time and its waits."""
    step = full_sampler(model, models)
    for _ in range(10 * STEPS):  # until it has met what most tunes have in them
        step()
    while (together := asked.recv()) is not None:
        if together:
            barrier.wait()
        wall, start = time.perf_counter(), undisturbed()
        for _ in range(STEPS):
            step()
        taken = undisturbed() - start
        delay = time.perf_counter() - wall - taken
        if together:
            barrier.wait()  # neither goes on alone
        asked.send((taken, delay))


async def crowd(model: str, models: Path, seconds: float) -> Iterator[Row]:
    """Tunes a second, and how late the event loop is while 64 are under way."""
    load = partial(open_model, engine="fast", models=models)
    rates: dict[str, list[float]] = {"crowd": [], "line": []}
    lags: list[float] = []
    seeds = count()
    async with (
        Service(load, model, Random(1), workers=2) as two,
        Service(load, model, Random(1), workers=1) as one,
    ):
        await tunes_a_second(two, CROWD, seeds, 2 * seconds)  # both have met what most tunes have in them
        await tunes_a_second(one, CROWD, seeds, 2 * seconds)
        for _ in range(ROUNDS):
            watch = asyncio.create_task(late(lags))
            rates["crowd"].append(await tunes_a_second(two, CROWD, seeds, seconds))
            watch.cancel()
            rates["line"].append(await tunes_a_second(one, 1, seeds, seconds / 2))
    p99 = float(np.percentile(lags, 99)) * 1e3
    many, single = (float(np.median(rates[name])) for name in ("crowd", "line"))
    ratio = float(np.median([a / b for a, b in zip(rates["crowd"], rates["line"], strict=True)]))
    detail = f"{many:.0f} tunes a second over {single:.0f}, in turn; median of {ROUNDS}; best of 1 each"
    return iter(
        [
            at_least("64 in flight on two workers / one by one", ratio, 4, detail),
            at_most(
                "event loop's lag while 64 run, 99th percentile, ms",
                p99,
                10,
                f"{len(lags)} looks; time in which others had the core left out",
            ),
        ]
    )


async def tunes_a_second(service: Service, users: int, seeds: Iterator[int], seconds: float) -> float:
    """How many tunes so many users get, each of whom asks again as soon as one is there."""
    tunes = 0

    async def user(number: int) -> None:
        nonlocal tunes
        while True:
            await service.compose(TuneRequest(n=1, seed=next(seeds)), user=str(number))
            tunes += 1

    asking = [asyncio.create_task(user(number)) for number in range(users)]
    await asyncio.sleep(min(0.5, seconds / 4))  # until they no longer keep step with each other
    before, start = tunes, time.perf_counter()
    await asyncio.sleep(seconds)
    rate = (tunes - before) / (time.perf_counter() - start)
    for task in asking:
        task.cancel()
    for end in await asyncio.gather(*asking, return_exceptions=True):
        if isinstance(end, Exception):
            raise end
    return rate


async def late(lags: list[float]) -> None:
    """Note how much later than asked a sleeper wakes up."""
    while True:
        start = undisturbed()
        await asyncio.sleep(0.002)
        lags.append(max(0.0, undisturbed() - start - 0.002))
