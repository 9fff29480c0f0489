"""From nothing to the first tune, and what it weighs."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.row import Row, at_most

STARTS = 5
# A service of two workers with a tune behind it tells what it and its children weigh.
WEIGH = """
import asyncio, functools, pathlib, random, sys
from generator.compose.request import TuneRequest
from generator.serving.service import Service
from generator.compose.loaded_model import open_model

async def main():
    load = functools.partial(open_model, engine="fast", models=pathlib.Path(sys.argv[2]))
    async with Service(load, sys.argv[1], random.Random(1)) as service:
        await service.compose(TuneRequest(seed=1))
        print("first", flush=True)
        crowd = (service.compose(TuneRequest(seed=s), user=str(s)) for s in range(64))
        await asyncio.gather(*crowd)
        total = 0
        for path in [pathlib.Path("/proc/self"), *children()]:
            for line in (path / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        print("kilobytes", total, flush=True)

def children():
    listed = pathlib.Path("/proc/self/task").glob("*/children")
    return [pathlib.Path("/proc") / pid for path in listed for pid in path.read_text().split()]

asyncio.run(main())
"""


def rows(model: str, models: Path, seconds: float) -> Iterator[Row]:
    """Seconds from the start of the process to its first tune, and megabytes after 64 more."""
    del seconds
    times, weights = [], []
    for _ in range(STARTS):
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", WEIGH, model, str(models)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()
        times.append(time.perf_counter() - start)
        found = re.search(r"kilobytes (\d+)", process.stdout.read())
        process.wait()
        if found:
            weights.append(int(found[1]) / 1000)
    yield at_most(
        "start of the process to the first tune, best of 4, s", min(times), 2.5, f"least of {STARTS} starts"
    )
    if weights:
        yield at_most(
            "memory after 64 more tunes, summed PSS, MB", min(weights), 350, "the service and its two workers"
        )
    else:
        yield Row("memory after 64 more tunes, summed PSS, MB", None, "<= 350", detail="needs Linux")
