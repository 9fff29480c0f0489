"""compose.yaml and the Kubernetes manifests: they are valid, and all that they name is there."""

import asyncio
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from bot.settings import Settings, load
from bot.store import Store
from tests.bot.players import Fiddler, core, site_of
from tests.postgres import Postgres, find_programs

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
BOTS = ("bot", "bot-2")
MANIFESTS = [
    manifest
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for manifest in yaml.safe_load_all(file.read_text(encoding="utf-8"))
]
OURS = {"COMPOSE_PROFILES", "BOT_SHARDS", "BOT_2_SHARDS"}  # of compose.yaml itself
VARIABLE = re.compile(r"\$\{(\w+)(?::?[-?]([^}]*))?\}")
SECRETS = {"POSTGRES_PASSWORD": "a", "GRAFANA_PASSWORD": "b"}
TOKENS = {"DISCORD_TOKEN": f"{'x' * 24}.abcdef.{'y' * 30}", "TELEGRAM_TOKEN": f"123456:{'z' * 35}"}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Text with its variables put in, as compose does."""
    return VARIABLE.sub(lambda found: values.get(found[1]) or (found[2] or ""), text)


def scale_env() -> dict[str, str]:
    """What deploy/scale.env adds to the variables of .env."""
    values = dict(SECRETS)
    for line in (DEPLOY / "scale.env").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            values[name] = filled(value, values)
    return values


def settings_of(service: str, variables: Mapping[str, str], env: Mapping[str, str]) -> Settings:
    """The settings of a service's bot, given compose's variables and what is in .env."""
    environment = SERVICES[service]["environment"]
    assert {name.lower() for name in environment} <= Settings.model_fields.keys()
    return load(None, {**env, **{name: filled(str(text), variables) for name, text in environment.items()}})


def test_compose_knows_the_file() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    subprocess.run([*command, ROOT / "compose.yaml"], check=True, capture_output=True)


def test_without_a_profile_the_bot_is_alone_and_needs_no_setting() -> None:
    assert [name for name, service in SERVICES.items() if not service.get("profiles")] == ["bot"]
    alone = settings_of("bot", {}, {})
    assert alone.database_url.startswith("sqlite")
    assert (alone.host, alone.generator_url, alone.shards) == ("0.0.0.0", None, None)
    assert settings_of("bot", {"LOG_FORMAT": "json"}, TOKENS).log_format == "json"


def test_with_the_profile_two_bots_share_the_work() -> None:
    variables = scale_env()
    assert variables["COMPOSE_PROFILES"] == "scale"
    assert all(service.get("profiles", ["scale"]) == ["scale"] for service in SERVICES.values())
    chosen = [settings_of(name, variables, TOKENS) for name in BOTS]
    shards = [shard for each in chosen for shard in each.shards or ()]
    assert sorted(shards) == list(range(chosen[0].shard_count or 0))
    for each in chosen:
        assert each.database_url == "postgresql+asyncpg://tunesmith:a@postgres/tunesmith"
        assert each.generator_url == "http://ray-head:8000"
        assert each.generator_fallback
        assert each.log_format == "json"
    names = set(VARIABLE.findall((ROOT / "compose.yaml").read_text(encoding="utf-8")))
    known = {name.upper() for name in Settings.model_fields} | OURS | SECRETS.keys()
    assert {name for name, _ in names} | variables.keys() <= known


def test_what_services_name_is_there() -> None:
    stages = set(re.findall(r"^FROM .* AS (\w+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    for service in SERVICES.values():
        if "build" in service:
            assert service["build"]["target"] in stages
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_file(), source
        assert set(service.get("depends_on", ())) <= SERVICES.keys()
    default = re.findall(r"^FROM .*$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[-1]
    assert default.endswith(" AS bot")


async def test_the_health_check_of_a_bot_runs(store: Store, fiddler: Fiddler) -> None:
    site = site_of(core(store, fiddler))
    await site.start()
    program = SERVICES["bot"]["healthcheck"]["test"]
    assert program[:3] == ["CMD", "python", "-c"]
    code = program[3].replace("http://127.0.0.1:8080", site.url)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 0

    async def down() -> str:
        return "unavailable"

    site._core.health.need("store", down)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stderr=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() != 0
    await site.stop()


def test_the_health_check_of_the_database_runs(postgres: Postgres) -> None:
    _, *command = SERVICES["postgres"]["healthcheck"]["test"]
    programs = find_programs()
    assert programs
    command[0] = str(programs / command[0])
    subprocess.run([*command, "-p", str(postgres.port)], check=True, capture_output=True)


@pytest.mark.parametrize(
    "manifest",
    [each for each in MANIFESTS if each["kind"] != "RayService"],
    ids=lambda m: f"{m['kind']} {m['metadata']['name']}",
)
def test_kubernetes_knows_the_manifest(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, "1.31", strict=True)


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for manifest in MANIFESTS:
        if manifest["kind"] in ("Deployment", "StatefulSet"):
            yield manifest["metadata"]["name"], manifest


@pytest.mark.parametrize("name", [name for name, _ in pods()])
async def test_a_pod_has_settings_that_the_bot_takes(name: str, store: Store, fiddler: Fiddler) -> None:
    manifest = dict(pods())[name]
    shared = next(each["data"] for each in MANIFESTS if each["kind"] == "ConfigMap")
    secret = {**TOKENS, "DATABASE_URL": "postgresql://tunesmith:a@postgres/tunesmith"}
    (container,) = manifest["spec"]["template"]["spec"]["containers"]
    for number in range(manifest["spec"]["replicas"]):
        environment = dict(shared)
        for entry in container["env"]:
            if "value" in entry:
                environment[entry["name"]] = entry["value"]
            elif "secretKeyRef" in entry["valueFrom"]:
                environment[entry["name"]] = secret[entry["valueFrom"]["secretKeyRef"]["key"]]
            else:
                assert "pod-index" in entry["valueFrom"]["fieldRef"]["fieldPath"]
                environment[entry["name"]] = str(number)
        assert {each.lower() for each in environment} <= Settings.model_fields.keys()
        chosen = load(None, environment)
        if chosen.discord_token:
            assert chosen.shards == (number,)
            assert chosen.shard_count == manifest["spec"]["replicas"]
            assert not chosen.telegram_token
        assert chosen.grace < manifest["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
        (port,) = container["ports"]
        assert port["containerPort"] == chosen.port
    site = site_of(core(store, fiddler))
    await site.start()
    async with ClientSession(site.url) as browser:
        paths = [container[probe]["httpGet"]["path"] for probe in ("readinessProbe", "livenessProbe")]
        paths.append(manifest["spec"]["template"]["metadata"]["annotations"]["prometheus.io/path"])
        for path in paths:
            async with browser.get(path) as response:
                assert response.status == 200, path
    await site.stop()
    labels = manifest["spec"]["template"]["metadata"]["labels"]
    services = [each["spec"]["selector"] for each in MANIFESTS if each["kind"] == "Service"]
    assert [selector for selector in services if selector.items() <= labels.items()]


def test_prometheus_finds_the_bots() -> None:
    (job,) = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert job["static_configs"][0]["targets"] == [f"{name}:{load(None, {}).port}" for name in BOTS]
    assert job["metrics_path"] == "/metrics"


def test_grafana_asks_for_what_there_is() -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "tunesmith.json").read_text(encoding="utf-8"))
    source = yaml.safe_load((DEPLOY / "grafana" / "datasource.yml").read_text(encoding="utf-8"))
    provider = yaml.safe_load((DEPLOY / "grafana" / "dashboards.yml").read_text(encoding="utf-8"))
    metrics = Metrics()
    metrics.part("store", well=True)
    with metrics.request("web", "tune"), metrics.render("png"):
        pass
    there = {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
    }
    for panel in dashboard["panels"]:
        assert panel["datasource"]["uid"] == source["datasources"][0]["uid"]
        for target in panel["targets"]:
            (name,) = re.findall(r"tunesmith_\w+", target["expr"])
            assert name in there
            asked = {
                word for words in re.findall(r"by \(([^)]*)\)", target["expr"]) for word in words.split(", ")
            }
            assert asked <= there[name] | {"instance"}
    mounted = [volume.split(":")[1] for volume in SERVICES["grafana"]["volumes"]]
    assert any(path.startswith(provider["providers"][0]["options"]["path"]) for path in mounted)
    assert source["datasources"][0]["url"] == "http://prometheus:9090"


def test_the_commands_of_the_readme_and_the_file_are_the_same() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    commands = re.findall(r"^#\s+(docker compose .+)$", text, re.MULTILINE)
    for command in commands:
        files = [ROOT / word for word in shlex.split(command) if word.startswith("deploy/")]
        assert all(file.is_file() for file in files)
        assert command in (ROOT / "README.md").read_text(encoding="utf-8")
