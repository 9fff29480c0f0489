"""What compose.yaml and the manifests have Ray run and read, by Ray's own parsers."""

import re
import shlex
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import click
import pytest
import yaml

with catch_warnings():
    simplefilter("ignore")  # Ray's own
    pytest.importorskip("ray.serve", reason="the scale extra is not installed")
    from ray.scripts.scripts import start
    from ray.serve.schema import ServeDeploySchema
    from ray.serve.scripts import run

ROOT = Path(__file__).parents[2]
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
GENERATOR = yaml.safe_load((ROOT / "deploy/kubernetes/generator.yaml").read_text(encoding="utf-8"))
PROGRAMS: dict[tuple[str, str], click.Command] = {("ray", "start"): start, ("serve", "run"): run}


def parsed(words: list[str]) -> dict[str, Any]:
    """The options of a command, as the program itself reads them; it is not run."""
    program = PROGRAMS[words[0], words[1]]
    return program.make_context(words[1], words[2:]).params


def test_the_nodes_of_compose_start() -> None:
    shell, option, script = SERVICES["ray-head"]["command"]
    assert (shell, option) == ("sh", "-c")
    head, served = (shlex.split(part.removeprefix(" exec")) for part in script.split("&&"))
    assert parsed(head)["head"]
    assert parsed(head)["port"] == 6379
    assert parsed(served)["config_or_import_path"] == "serve.yaml"
    worker = parsed(SERVICES["ray-worker"]["command"])
    assert (worker["address"], worker["block"]) == ("ray-head:6379", True)
    last = re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[0]
    assert parsed(yaml.safe_load(last))["config_or_import_path"] == "serve.yaml"


def test_the_ray_service_is_serve_yaml_on_kubernetes() -> None:
    spec = GENERATOR["spec"]
    content = yaml.safe_load(spec["serveConfigV2"])
    schema = ServeDeploySchema.model_validate(content)
    here = ServeDeploySchema.model_validate(yaml.safe_load((ROOT / "serve.yaml").read_text(encoding="utf-8")))
    assert schema.http_options == here.http_options
    assert schema.applications[0].import_path == here.applications[0].import_path
    assert schema.applications[0].args.keys() == here.applications[0].args.keys()
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert f"ray=={spec['rayClusterConfig']['rayVersion']}\n" in lock
    config = spec["rayClusterConfig"]
    for group in (config["headGroupSpec"], *config["workerGroupSpecs"]):
        options = [f"--{name}={value}" for name, value in group["rayStartParams"].items() if value != "true"]
        options += [f"--{name}" for name, value in group["rayStartParams"].items() if value == "true"]
        assert parsed(["ray", "start", *options])
    bots = (ROOT / "deploy/kubernetes/bots.yaml").read_text(encoding="utf-8")
    assert f"http://{GENERATOR['metadata']['name']}-serve-svc:8000" in bots
