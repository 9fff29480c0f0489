"""``--check`` says of each thing that the bot needs whether it is there, and changes nothing."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import check as checking
from bot import install
from bot.check import check
from bot.platforms.web.assets import ABCJS_FILE
from tests.bot.players import settings

ROOT = Path(__file__).parents[2]
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
TELEGRAM = "1234567890:AAabcdefghijklmnopqrstuvwxyz_012345"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def _faults(**values: Any) -> list[str]:
    return [finding.text for finding in await check(settings(**values)) if not finding.well]


async def _run(folder: Path, **environment: str) -> tuple[int | None, list[str], bytes]:
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_TOKEN")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "--check",
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode, out.decode().splitlines(), err


async def test_out_of_the_box_all_is_well_and_nothing_is_made(tmp_path: Path) -> None:
    code, lines, err = await _run(tmp_path)
    assert (code, err) == (0, b"")
    assert all(line.startswith("fine") for line in lines)
    said = "\n".join(lines)
    for thing in ("setting", "DISCORD_TOKEN", "TELEGRAM_TOKEN", "tunesmith.db", "session", "fast", "abcjs"):
        assert thing in said
    assert "soundfont" in said
    assert not any(os.scandir(tmp_path))


async def test_what_is_to_mend_is_told_without_the_token_and_the_code_is_2(tmp_path: Path) -> None:
    code, lines, err = await _run(tmp_path, DISCORD_TOKEN="hidden-token", MODEL="nothere")
    assert (code, err) == (2, b"")
    bad = [line for line in lines if not line.startswith("fine")]
    assert len(bad) == 2
    assert bad[0] == (
        "to mend  DISCORD_TOKEN doesn't look like a token; copy it anew from https://discord.com/developers."
    )
    assert "nothere" in bad[1]
    assert "hidden" not in "\n".join(lines)


async def test_tokens_of_the_usual_shape_are_fine() -> None:
    assert await _faults(discord_token=DISCORD, telegram_token=TELEGRAM) == []
    swapped = await _faults(discord_token=TELEGRAM, telegram_token=DISCORD)
    assert ["DISCORD_TOKEN" in swapped[0], "TELEGRAM_TOKEN" in swapped[1]] == [True, True]


async def test_a_soundfont_that_is_set_must_be_there() -> None:
    (fault,) = await _faults(soundfont=Path("nothere.sf2"))
    assert fault == "SOUNDFONT names nothere.sf2, but no file is there."


async def test_without_any_soundfont_the_bot_still_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "find_soundfont", lambda _: None)
    assert await _faults() == []


async def test_abcjs_must_be_in_the_folder_that_is_set(tmp_path: Path) -> None:
    (fault,) = await _faults(abcjs_folder=Path("nothere"))
    assert fault == f"ABCJS_FOLDER=nothere won't do. There is no {ABCJS_FILE} in it."
    (tmp_path / ABCJS_FILE).write_text("")
    assert await _faults(abcjs_folder=tmp_path) == []


async def test_a_database_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "tunes.db").write_text("X:1\n" * 300)
    (fault,) = await _faults(database_url=f"sqlite:///{tmp_path}/tunes.db")
    assert "DATABASE_URL" in fault


@pytest.mark.parametrize(
    ("checkout", "command"),
    [(True, ".venv/bin/pip install -e '.[train]'"), (False, "pip install 'tunesmith[train]'")],
)
async def test_without_tensorflow_the_very_command_is_told(
    checkout: bool, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(checking, "find_spec", lambda _: None)
    monkeypatch.setattr(install, "_ROOT", ROOT if checkout else tmp_path)
    assert await _faults(engine="keras") == [
        f"ENGINE=keras needs Keras and TensorFlow; install them with: {command}"
    ]
