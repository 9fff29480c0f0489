"""Composing on other machines, and what a community of a size needs: ``python -m benchmarks.scale``.

It measures the engine of this process, the same behind HTTP (``python -m generator serve``), and, where Ray
is installed, a Ray cluster with one and two replicas. All run on this machine, so that two replicas share its
cores: how far two get is a report without a target. ``--plan`` only prints the tables of ``docs/scale.md``
from the figures that were written down there.
"""

import argparse
import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from random import Random
from statistics import median
from typing import Final, Protocol

from benchmarks.scale_plan import tables
from generator.compose.loaded_model import open_model
from generator.compose.request import DEFAULT_MODEL, TuneRequest
from generator.music.tune import Tune
from generator.render.renderers import Renderers
from generator.serving.far_line import FarLine
from generator.serving.far_service import FarService
from generator.serving.service import Service

ROOT: Final = Path(__file__).parents[1]
ALONE: Final = 60  # tunes one after the other, by turns here and there
CROWD: Final = 240  # tunes for those that many ask for at once
AT_ONCE: Final = 48
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Composer(Protocol):
    """What composes, here or elsewhere."""

    async def compose(self, request: TuneRequest, *, user: str = "", deadline: float | None = None) -> Tune:
        """Compose a tune."""


def processor_seconds(pids: Sequence[int]) -> float:
    """Seconds that these processes have used of all cores, by Linux's count."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def resident(pid: int) -> float:
    """Megabytes of memory that a process has of its own and of files, as Linux counts them."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    """``python -m generator serve`` with one worker; its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "generator", "serve", "--port", "0"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        line = (await process.stdout.readline()).decode()
        yield line.split()[4].rstrip(";")
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def on_ray(replicas: int) -> AsyncIterator[str]:
    """A Ray cluster on this machine with so many replicas that compose; its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.scale_on_ray", str(replicas)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout
    assert process.stdin
    try:
        while not (line := (await process.stdout.readline()).decode()).startswith("http"):
            if not line:
                raise RuntimeError("Ray did not start")
        yield line.strip()
    finally:
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def reached(url: str) -> AsyncIterator[FarService]:
    """A service at an address."""
    line = FarLine(url, time.monotonic, Random(1))
    async with FarService(line, Random(1)) as far:
        yield far
    await line.close()


def embedded() -> Service:
    """The engine with one worker of this process."""
    return Service(partial(open_model, engine="fast"), DEFAULT_MODEL, Random(1), workers=1)


async def one_by_one(composers: dict[str, Composer]) -> dict[str, float]:
    """Seconds of one tune, the median, by turns."""
    taken: dict[str, list[float]] = {name: [] for name in composers}
    for seed in range(ALONE):
        for name, composer in composers.items():
            begun = time.perf_counter()
            await composer.compose(TuneRequest(seed=seed))
            taken[name].append(time.perf_counter() - begun)
    return {name: median(times[5:]) for name, times in taken.items()}


async def crowd(composer: Composer) -> float:
    """Tunes a second when many ask."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(seed: int) -> None:
        async with turns:
            await composer.compose(TuneRequest(seed=1000 + seed), user=str(seed), deadline=600)

    await asyncio.gather(*(ask(seed) for seed in range(AT_ONCE)))  # warm
    begun = time.perf_counter()
    await asyncio.gather(*(ask(seed) for seed in range(CROWD)))
    return CROWD / (time.perf_counter() - begun)


async def costs() -> dict[str, float]:
    """Seconds of a core for a tune and for its files, and megabytes of the processes."""
    async with embedded() as service, Renderers() as renderers:
        pids = service.workers
        tunes = [await service.compose(TuneRequest(seed=seed)) for seed in range(5)]
        for tune in tunes:
            await files(renderers, tune)
        before, drawn = processor_seconds(pids), processor_seconds(list(renderers.pids))
        tunes = await asyncio.gather(
            *(service.compose(TuneRequest(seed=seed), user=str(seed)) for seed in range(100, 164))
        )
        composed = (processor_seconds(pids) - before) / len(tunes)
        sizes = [await files(renderers, tune) for tune in tunes[:24]]
        return {
            "core seconds, a tune": composed,
            "core seconds, its picture, sound and MIDI": (
                (processor_seconds(list(renderers.pids)) - drawn) / 24
            ),
            "MB that go out with a reply": sum(sizes) / len(sizes) / 1e6,
            "MB, a worker that composes": resident(pids[0]),
            "MB, three that draw, play and read": sum(map(resident, renderers.pids)),
            "MB, the process itself": resident(os.getpid()),
        }


async def files(renderers: Renderers, tune: Tune) -> int:
    """Make what goes along in a chat; gives its bytes."""
    abc = tune.abc()
    made = await asyncio.gather(renderers.png(abc), renderers.mp3(abc), renderers.desk.midi(abc))
    return sum(map(len, made))


async def measure() -> None:
    """Print all that is measured."""
    for name, value in (await costs()).items():
        print(f"{name:<46}{value:>9.3f}")
    async with embedded() as here, served() as url, reached(url) as far:
        times = await one_by_one({"here": here, "http": far})
        print(f"{'seconds of a tune, here':<46}{times['here']:>9.4f}")
        print(f"{'over HTTP / here':<46}{times['http'] / times['here']:>9.2f}")
        print(f"{'tunes a second, many at once, here':<46}{await crowd(here):>9.1f}")
        print(f"{'tunes a second, over HTTP':<46}{await crowd(far):>9.1f}")
    if find_spec("ray") is None:
        print("Ray is not installed: make scale")
        return
    rates = []
    for replicas in (1, 2):
        async with on_ray(replicas) as url, reached(url) as far:
            if replicas == 1:
                async with embedded() as here:
                    times = await one_by_one({"here": here, "ray": far})
                print(f"{'over Ray Serve / here':<46}{times['ray'] / times['here']:>9.2f}")
            rates.append(await crowd(far))
            print(f"{f'tunes a second, replicas on Ray: {replicas}':<46}{rates[-1]:>9.1f}")
    print(f"{'two replicas / one':<46}{rates[1] / rates[0]:>9.2f}")


def main() -> None:
    """Measure, or print the plan."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plan", action="store_true", help="print the tables of docs/scale.md, and no more")
    if parser.parse_args().plan:
        print(tables())
        return
    asyncio.run(measure())


if __name__ == "__main__":
    main()
