"""Workers die, hang and fail to start; nobody loses a tune over it."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from random import Random

import pytest

from generator.errors import BusyError, ComposeError, ModelError
from generator.serving.pool import Pool, WorkerError
from generator.serving.service import Drawing, Service
from tests.generator.stand_ins import ToyLoader, fail_to_load, soon, wish


async def test_both_workers_take_part(hall):
    async with hall.service(workers=2, slots=16, pause=0.01) as service:
        assert await soon(lambda: len(service.workers) == 2)
        crowd = [asyncio.create_task(service.compose(wish(s, n=4), user=str(s))) for s in range(8)]
        await asyncio.sleep(0)
        assert service.load == (0, 32)  # more than one worker has slots for
        await asyncio.gather(*crowd)


async def test_a_worker_that_dies_costs_no_tune(hall):
    async with hall.service(pause=0.01) as service:
        undisturbed = await service.compose(wish(n=2))
        first = service.workers[0]
        events = []
        async for event in service.follow(wish(n=2)):
            if isinstance(event, Drawing) and first in service.workers:
                os.kill(first, signal.SIGKILL)
            events.append(event)
        assert service.workers != [first]
    assert (events[-1], events[-1].origin) == (undisturbed, undisturbed.origin)


async def test_a_request_over_which_workers_keep_dying_ends_with_a_sentence(hall):
    async with hall.service(longest=100_000, pause=0.01) as service:
        asking = asyncio.create_task(service.compose(wish(temp=1.5)))
        killed = set()
        while not asking.done():
            await asyncio.sleep(0.05)
            for worker in set(service.workers) - killed:
                os.kill(worker, signal.SIGKILL)
                killed.add(worker)
        with pytest.raises(ComposeError, match="try again"):
            await asking
        assert len(killed) == 2
        assert service.load == (0, 0)


async def test_a_worker_that_hangs_is_replaced_and_nobody_loses_a_tune(hall, monkeypatch):
    monkeypatch.setattr("generator.serving.service.Pool", partial(Pool, silence=3))
    async with hall.service(pause=0.01) as service:
        undisturbed = await service.compose(wish(n=2))
        (idle,) = service.workers
        os.kill(idle, signal.SIGSTOP)
        assert await service.compose(wish(n=2)) == undisturbed
        (at_work,) = service.workers
        assert at_work != idle
        async for event in service.follow(wish(n=2)):
            if isinstance(event, Drawing) and at_work in service.workers:
                os.kill(at_work, signal.SIGSTOP)
        assert event == undisturbed
        assert at_work not in service.workers
        assert service.load == (0, 0)


async def test_a_worker_that_hangs_is_replaced_though_nobody_waits_any_more(hall, monkeypatch):
    monkeypatch.setattr("generator.serving.service.Pool", partial(Pool, silence=3))
    async with hall.service(pause=0.01) as service:
        (hanging,) = service.workers
        os.kill(hanging, signal.SIGSTOP)
        with pytest.raises(BusyError, match="longer"):
            await service.compose(wish(), deadline=0.1)
        assert await service.compose(wish())
        assert hanging not in service.workers
        assert service.load == (0, 0)


async def test_a_worker_that_draws_for_long_is_left_to_it(hall, monkeypatch):
    monkeypatch.setattr("generator.serving.service.Pool", partial(Pool, silence=3))
    async with hall.service(longest=400, pause=0.01) as service:  # 4 s and more
        workers = service.workers
        assert await service.compose(wish())
        assert service.workers == workers


async def test_what_cannot_be_loaded_is_told_on_entering(hall):
    with pytest.raises(ModelError, match="I don't know the model"):
        async with Service(ToyLoader(hall.weights), "nobody", Random(1)):
            pass
    with pytest.raises(WorkerError, match="no room for toy"):
        async with Service(fail_to_load, "toy", Random(1)):
            pass
    with pytest.raises((AttributeError, pickle.PicklingError)):  # a worker cannot be told of it
        async with Service(lambda _: None, "toy", Random(1)):
            pass


ORPHANS = """
import asyncio, sys
from pathlib import Path
from random import Random
from generator.serving.service import Service
from tests.generator.stand_ins import ToyLoader

async def main():
    async with Service(ToyLoader(Path(sys.argv[1])), "toy", Random(1), workers=1) as service:
        print(service.workers[0], flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


def test_no_worker_outlives_its_parent(hall):
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", ORPHANS, hall.weights], stdout=pipe, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
    for _ in range(3000):
        try:
            os.kill(worker, 0)
            if "\nState:\tZ" in Path(f"/proc/{worker}/status").read_text():
                return  # nobody has collected it yet
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.01)
    pytest.fail("the worker is still there")
