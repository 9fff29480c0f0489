"""Tunes come from a cluster as they come from one machine, whatever happens to its nodes."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from warnings import catch_warnings, simplefilter

import pytest
import yaml

with catch_warnings():
    simplefilter("ignore")  # Ray's own
    pytest.importorskip("ray.serve", reason="the scale extra is not installed")

from ray.serve.exceptions import BackPressureError
from ray.serve.schema import ServeDeploySchema

from generator.compose.request import TuneRequest
from generator.errors import BusyError
from generator.network import SLOTS
from generator.serving import cluster
from generator.serving.wire import unpacked_error

ROOT = Path(__file__).parents[2]


def test_a_hundred_orders_come_once_each_though_a_node_dies(tmp_path: Path) -> None:
    out = tmp_path / "came.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.scale.kill_a_node", out],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    came = json.loads(out.read_text(encoding="utf-8"))
    assert came["nodes"] == 1
    assert sorted(seed for seed, _ in came["answers"]) == list(range(100))
    assert {str(seed): abc for seed, abc in came["answers"]} == came["expected"]
    assert came["sent"] > 100  # or the node was not at anything when it died
    assert came["picture"].startswith("89504e47")
    assert came["edition"]


def test_the_file_for_serve_deploy_is_one_that_ray_takes() -> None:
    content = yaml.safe_load((ROOT / "serve.yaml").read_text(encoding="utf-8"))
    schema = ServeDeploySchema.model_validate(content)
    (application,) = schema.applications
    module, _, name = application.import_path.partition(":")
    assert getattr(sys.modules[module], name) is cluster.app
    assert set(application.args) == set(cluster.Plan.model_fields)
    assert cluster.Plan(**application.args) == cluster.Plan()
    assert cluster.app(cluster.Plan(**application.args))


def test_as_many_orders_come_to_a_replica_at_once_as_fill_its_slots() -> None:
    usual = TuneRequest().n
    for workers in (1, 3):
        plan = cluster.Plan(workers=workers)
        assert plan.orders_at_once * usual == workers * SLOTS[cluster.ENGINE]
        composing = cluster.app(plan)._bound_deployment.init_args[0]._bound_deployment
        assert composing.max_ongoing_requests == plan.orders_at_once


def test_one_replica_of_each_fits_on_two_cores() -> None:
    door = cluster.app(cluster.Plan())._bound_deployment
    kinds = (door, *(part._bound_deployment for part in door.init_args))
    assert {kind.name for kind in kinds} == {"Door", "Composing", "Drawing"}
    assert sum(kind.ray_actor_options["num_cpus"] for kind in kinds) <= 2


async def test_a_full_queue_is_said_in_words() -> None:
    async def lines() -> AsyncIterator[bytes]:
        raise BackPressureError(num_queued_requests=256, max_queued_requests=256)
        yield b""

    (line,) = [line async for line in cluster._kindly(lines())]
    error = unpacked_error(json.loads(line))
    assert isinstance(error, BusyError)
    assert "queue is full" in str(error)
