"""A hundred orders to a real cluster of two nodes, one of which is killed in the middle.

Run as a program of its own, since Ray keeps threads and handlers; what came of it goes as
JSON into the file that is named.
"""

import asyncio
import json
import os
import socket
import sys
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

# Before Ray is imported: nothing is reported to its makers, and all addresses are on the loopback.
os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}

import ray
from ray import serve
from ray.cluster_utils import Cluster

from generator.compose.loaded_model import open_model
from generator.compose.request import TuneRequest
from generator.render.renderers import Facts
from generator.serving.cluster import Plan, app
from generator.serving.far_line import FarLine
from generator.serving.far_service import FarDesk, FarService, facts_of
from generator.serving.service import Service

ORDERS = 100


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wish(seed: int) -> TuneRequest:
    return TuneRequest(seed=seed, n=4)


async def expected() -> dict[int, str]:
    load = partial(open_model, engine="fast")
    async with Service(load, "session", Random(1), workers=2) as service:
        tunes = [service.compose(wish(seed), user=str(seed)) for seed in range(ORDERS)]
        return {seed: tune.abc() for seed, tune in enumerate(await asyncio.gather(*tunes))}


class CountingLine(FarLine):
    """Counts how often an order was sent, the lost ones again."""

    sent = 0

    async def _read(self, *args: Any) -> None:
        self.sent += 1
        await super()._read(*args)


async def asked(line: FarLine, kill: asyncio.Event, killed: asyncio.Event) -> list[tuple[int, str]]:
    """Ask for all of them, a few at a time; the node dies when a third has come."""
    answers: list[tuple[int, str]] = []
    turns = asyncio.Semaphore(20)

    async def ask(far: FarService, seed: int) -> None:
        async with turns:
            tune = await far.compose(wish(seed), user=str(seed), deadline=120)
        answers.append((seed, tune.abc()))
        if len(answers) == ORDERS // 3:
            kill.set()

    async with FarService(line, Random(3)) as far:
        await asyncio.gather(*(ask(far, seed) for seed in range(ORDERS)))
    await killed.wait()
    return answers


async def main() -> str:
    node = {"num_cpus": 4, "num_gpus": 0, "object_store_memory": 2**27}
    began = time.perf_counter()
    cluster = Cluster(initialize_head=True, head_node_args=node | {"include_dashboard": False})
    other = cluster.add_node(**node)
    ray.init(address=cluster.address, log_to_driver=False)
    try:
        port = free_port()
        serve.start(http_options={"host": "127.0.0.1", "port": port, "location": "HeadOnly"})
        plan = Plan(composers=2, doors=2, drawers=2, fewest=2, apart=True)
        serve.run(app(plan), name="tunesmith", route_prefix="/")
        up = time.perf_counter() - began
        kill, killed = asyncio.Event(), asyncio.Event()

        async def kill_it() -> None:
            await kill.wait()
            await asyncio.to_thread(cluster.remove_node, other, allow_graceful=False)
            killed.set()

        killing = asyncio.create_task(kill_it())
        line = CountingLine(f"http://127.0.0.1:{port}", time.monotonic, Random(2))
        answers = await asked(line, kill, killed)
        await killing
        nodes = await until_gone()
        facts, picture = await drawn(line)
        await line.close()
    finally:
        serve.shutdown()
        ray.shutdown()
        cluster.shutdown()
    came = {
        "answers": answers,
        "expected": await expected(),
        "sent": line.sent,
        "nodes": nodes,
        "edition": facts.edition,
        "picture": picture[:8].hex(),
        "up": up,
        "seconds": time.perf_counter() - began,
    }
    return json.dumps(came)


async def drawn(line: FarLine) -> tuple[Facts, bytes]:
    """What the replica that draws says of itself, and a picture that it makes."""
    facts = await facts_of(line)
    return facts, await FarDesk(line, "engrave").run("png", "X:1\nM:6/8\nL:1/8\nK:G\nGAB d2B|\n")


async def until_gone() -> int:
    """How many nodes are left, once Ray has noticed, within a minute."""
    for _ in range(120):
        left = sum(node["Alive"] for node in ray.nodes())
        if left == 1:
            break
        await asyncio.sleep(0.5)
    return left


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(asyncio.run(main()), encoding="utf-8")
