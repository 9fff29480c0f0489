"""The bot as it is started: ``python -m bot``."""

import asyncio
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.logs import BLOT, RedactingFormatter, Redactor
from generator.music.tune import Tune
from generator.render.midi import midi_bytes

ROOT = Path(__file__).parents[2]
TOKEN = "123456:AAsecret-token_of-nobody"


@asynccontextmanager
async def started(folder: Path, **environment: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The bot in a process of its own, and the first line that it prints."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name.upper() not in {"DISCORD_TOKEN", "TELEGRAM_TOKEN"}
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot",
        cwd=folder,
        start_new_session=True,
        env=clean | {"PYTHONPATH": str(ROOT), "PORT": "0"} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
        yield process, line
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_where_it_is_makes_a_tune_and_stops_cleanly(
    tmp_path: Path, stop: signal.Signals
) -> None:
    async with started(tmp_path) as (process, line):
        url = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert url is not None, line
        assert "DISCORD_TOKEN" in line
        assert "TELEGRAM_TOKEN" in line
        async with ClientSession(url[0]) as browser:
            ask = browser.post("/api/chat", json={"text": "/tune key=G meter=6/8 temp=0.8 seed=7"})
            async with ask as response:
                answer = await response.json()
                assert response.status == 200, answer
            files = {}
            for file in answer["attachments"]:
                async with browser.get(file["url"]) as response:
                    assert response.status == 200, file
                    files[file["kind"]] = await response.read()
        tune = Tune.read(answer["tune"]["abc"])
        assert files["abc"].decode() == answer["tune"]["abc"]
        assert files["midi"] == midi_bytes(tune)
        assert files["picture"].startswith(b"\x89PNG")
        assert len(files["audio"]) > 50_000
        assert (tune.key.abc, tune.meter.abc, tune.wrong_bars()) == ("G", "6/8", ())
        process.send_signal(stop)
        out, err = await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode == 0
        assert b"Traceback" not in out + err
    assert (tmp_path / "data" / "tunesmith.db").is_file()


async def test_a_taken_port_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with started(tmp_path, PORT=str(port)) as (process, line):
            _, err = await asyncio.wait_for(process.communicate(), 30)
    assert line == ""
    assert process.returncode == 2
    assert err.decode().count("\n") == 1
    assert f"port {port}" in err.decode()


async def test_a_database_that_cannot_be_used_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    async with started(tmp_path, DATABASE_URL=f"sqlite:///{__file__}/tunes.db") as (process, line):
        _, err = await asyncio.wait_for(process.communicate(), 30)
    assert line == ""
    assert process.returncode == 2
    assert err.decode().count("\n") == 1
    assert "DATABASE_URL" in err.decode()


# Sends Ctrl-C to the whole group when the interpreter comes to a certain point (an audit event).
INTERRUPTING = """
import os, signal, sys
event, _, name = os.environ.pop("INTERRUPT_AT", "").partition(" ")
def hook(what, arguments):
    global event
    if what == event and name in (arguments[0], ""):
        event = None
        os.killpg(0, signal.SIGINT)
if event:
    sys.addaudithook(hook)
"""


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("import bot.command_line", -signal.SIGINT),
        ("import pydantic_core", -signal.SIGINT),
        ("import sqlalchemy", -signal.SIGINT),
        ("import aiohttp", 0),  # the site brings it, once the bot listens to signals
        ("sqlite3.connect", 130),
        ("import alembic.command", 130),
        ("subprocess.Popen", 130),
        ("socket.bind", 0),
    ],
)
async def test_ctrl_c_while_it_starts_prints_no_traceback(moment: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTING)
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    async with started(tmp_path, PYTHONPATH=path, INTERRUPT_AT=moment) as (process, _):
        _, err = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, err) == (code, b"")


async def test_a_second_ctrl_c_ends_it_at_once_and_prints_no_traceback(tmp_path: Path) -> None:
    async with started(tmp_path) as (process, line):
        found = re.search(r"http://([\d.]+):(\d+)", line)
        assert found is not None, line
        reader, writer = await asyncio.open_connection(found[1], int(found[2]))
        writer.write(
            b"POST /api/chat HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
            b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n"
        )
        assert b"100 Continue" in await asyncio.wait_for(reader.readline(), 30)  # it waits for the rest
        process.send_signal(signal.SIGINT)
        with suppress(ConnectionError):
            while True:  # until it has heard of the first
                _, other = await asyncio.open_connection(found[1], int(found[2]))
                other.close()
        process.send_signal(signal.SIGINT)
        _, err = await asyncio.wait_for(process.communicate(), 60)
        writer.close()
    assert (process.returncode, err) == (-signal.SIGINT, b"")


def test_no_line_of_the_log_holds_a_token() -> None:
    formatter = RedactingFormatter(Redactor((TOKEN, "pass word")))
    error = RuntimeError(f"POST https://api.telegram.org/bot{TOKEN}/getMe")
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "asked %s", (f"bot{TOKEN}",), None)
    record.exc_info = (type(error), error, None)
    text = formatter.format(record)
    assert "nobody" not in text
    assert text.count(BLOT) >= 2
    assert Redactor(("pass word",))("postgresql://u:pass%20word@h") == f"postgresql://u:{BLOT}@h"
