"""The wheel, installed outside the checkout, is the whole bot: pages, tables and models are in it."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.platforms.web.assets import ABCJS_CDN, ABCJS_FILE, ABCJS_INTEGRITY
from generator.music.tune import Tune

ROOT = Path(__file__).parents[1]
COMMAND = "/tune jig key=G seed=7 n=1"
OURS = ("TOKEN", "PYTHONPATH", "PYTHONHOME", "ENGINE", "MODEL", "PORT", "DATABASE_URL")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def programs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs that the wheel brings; libraries are lent by the tests' environment.

    ``TUNESMITH_PROGRAMS`` names the folder of an installation with libraries of its own.
    """
    if folder := os.environ.get("TUNESMITH_PROGRAMS"):
        return Path(folder)
    wheel = request.getfixturevalue("wheel")
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python = str(home / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--disable-pip-version-check", str(wheel)], check=True, capture_output=True)
    (packages,) = home.glob("lib/*/site-packages")
    # A path file, whose folder's own path files are not read: the editable install stays out.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.upper().endswith(OURS)}
    return kept | {"PORT": "0"} | more


@contextmanager
def started(programs: Path, folder: Path, **settings: str) -> Iterator[str]:
    """The bot in a process of its own, started in an empty folder; gives the site's address."""
    with subprocess.Popen(
        [programs / "tunesmith"],
        cwd=folder,
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert found, line + process.stdout.read()
            yield found[0]
        finally:
            process.terminate()
            rest = process.communicate()[0]
    assert process.returncode == 0, rest
    assert "Traceback" not in rest


async def ask(browser: ClientSession) -> dict[str, Any]:
    async with browser.post("/api/chat", json={"text": COMMAND}) as response:
        assert response.status == 200, await response.text()
        return dict(await response.json())


def test_everything_that_is_committed_in_the_packages_is_in_the_wheel(wheel: Path):
    listed = subprocess.run(
        ["git", "ls-files", "bot", "generator", "models"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    committed = {re.sub(r"^models/", "generator/models/", name) for name in listed.stdout.splitlines()}
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert committed
    assert committed <= packed


def test_the_installed_packages_are_not_those_of_the_checkout(programs: Path, tmp_path: Path):
    code = "import bot, generator; print(bot.__file__); print(generator.__file__)"
    run = [programs / "python", "-c", code]
    done = subprocess.run(run, cwd=tmp_path, env=environment(), check=True, capture_output=True, text=True)
    assert all(Path(file).is_relative_to(programs.parent) for file in done.stdout.split())


async def test_the_installed_bot_makes_a_tune_and_all_its_files(programs: Path, tmp_path: Path):
    with started(programs, tmp_path) as url:
        async with ClientSession(url) as browser:
            answer = await ask(browser)
            files = {}
            for file in answer["attachments"]:
                async with browser.get(file["url"]) as response:
                    assert response.status == 200, file
                    files[file["kind"]] = await response.read()
            async with browser.get(f"/t/{answer['tune']['id']}") as response:
                assert response.status == 200
                page = await response.text()
            assets = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
            for asset in [*assets, "/privacy", "/terms"]:
                async with browser.get(asset) as response:
                    assert response.status == 200, asset
    assert files["abc"].decode() == answer["tune"]["abc"]
    assert files["midi"].startswith(b"MThd")
    assert files["picture"].startswith(b"\x89PNG")
    assert len(files["audio"]) > 50_000
    assert len(assets) >= 3
    assert f'src="{ABCJS_CDN}" integrity="{ABCJS_INTEGRITY}"' in page
    assert (tmp_path / "data" / "tunesmith.db").is_file()


async def test_the_installed_bot_takes_abcjs_from_the_folder_of_a_setting(programs: Path, tmp_path: Path):
    (tmp_path / ABCJS_FILE).write_text("// abcjs")
    with started(programs, tmp_path, ABCJS_FOLDER=str(tmp_path)) as url:
        async with ClientSession(url) as browser, browser.get("/") as response:
            page = await response.text()
    assert ABCJS_CDN not in page
    assert re.search(r'src="/assets/abcjs-basic-min\.\w+\.js"', page)


async def test_the_installed_bot_composes_with_keras(programs: Path, tmp_path: Path):
    pytest.importorskip("tensorflow", reason="the train extra is not installed")
    with started(programs, tmp_path, ENGINE="keras") as url:
        async with ClientSession(url) as browser:
            tune = Tune.read((await ask(browser))["tune"]["abc"])
    assert (tune.key.abc, tune.wrong_bars()) == ("G", ())


def test_the_installed_tools_know_the_models(programs: Path, tmp_path: Path):
    tools = [programs / "tunesmith-generator", "models"]
    done = subprocess.run(tools, cwd=tmp_path, env=environment(), check=True, capture_output=True, text=True)
    assert {line.partition(":")[0] for line in done.stdout.splitlines()} >= {"jigs", "session"}
