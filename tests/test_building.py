"""There is one way to build: the Dockerfile runs targets of the Makefile, and CI runs those too."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGETS = set(re.findall(r"^([a-z]+(?: [a-z]+)*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
TARGETS = {name for names in TARGETS for name in names.split()}


def _made(text: str) -> set[str]:
    return {name for names in re.findall(r"\bmake ([a-z ]+)$", text, re.MULTILINE) for name in names.split()}


def test_every_step_of_the_image_is_a_target_that_ci_runs_too():
    dockerfile = (ROOT / "Dockerfile").read_text()
    steps = re.findall(r"^RUN (.+)$", dockerfile, re.MULTILINE)
    assert steps
    assert all(re.fullmatch(r"make [a-z ]+", step) for step in steps)
    assert _made(dockerfile) <= TARGETS
    assert _made(dockerfile) <= _made((ROOT / ".ci" / "run").read_text())


def test_the_image_gets_every_file_that_it_copies():
    dockerfile = (ROOT / "Dockerfile").read_text()
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    copied = {
        name
        for names in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
        for name in names.split()
    }
    assert copied <= let_in
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_gets_what_the_build_of_the_package_reads():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    before, _, _ = (ROOT / "Dockerfile").read_text().partition("RUN make image")
    for name in (project["readme"], *project["license-files"], "hatch_build.py", "requirements.lock"):
        assert re.search(rf"^COPY .*\b{re.escape(name)}\b", before, re.MULTILINE), name


def test_every_library_that_the_project_names_is_in_the_lock():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    locked_extras = ("train", "postgres", "scale", "dev")
    named = [*project["dependencies"], *(name for extra in locked_extras for name in extras[extra])]
    locked = {canonical(line) for line in (ROOT / "requirements.lock").read_text().split()}
    elsewhere = {"tensorflow"}  # where tensorflow-cpu is not to be had
    assert {canonical(name) for name in named} - locked == elsewhere


def canonical(requirement: str) -> str:
    """The name of a library as PEP 503 spells it."""
    name = re.match(r"[\w.-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_only_the_tests_need_what_npm_brings_for_them():
    makefile = (ROOT / "Makefile").read_text()
    rules = dict(
        re.findall(r"^node_modules/\.(\w+)\.stamp:.*\n(?:\t@.*\n)*\t(npm ci.*)", makefile, re.MULTILINE)
    )
    assert "--omit=dev" in rules["abcjs"]
    assert "--omit=dev" not in rules["axe"]
