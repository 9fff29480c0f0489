"""The site lets in as many as there is room for, and waits for nobody who says or takes nothing."""

import asyncio
import re
import resource
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.platforms.web.adapter import WebAdapter
from bot.platforms.web.door import Door
from bot.store import Store
from tests.bot.players import Copyist, Fiddler, core, site_of
from tests.bot.test_start import started

HEAD = b"POST /api/chat HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
ASKED = HEAD + b'Content-Length: 17\r\n\r\n{"text": "/help"}'
LONG = 30_000_000
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Hall(Copyist):
    """Makes sound files that are too long for any buffer on the way.

    Attributes:
        sent: set when nobody is sending one any more.
    """

    def __init__(self) -> None:
        super().__init__("mp3")
        self.sent = asyncio.Event()

    async def file(self, *_: object, **options: object) -> bytes:
        del options
        task = asyncio.current_task()
        assert task
        task.add_done_callback(lambda _: self.sent.set())
        return bytes(LONG)


@asynccontextmanager
async def open_site(
    store: Store, fiddler: Fiddler, copyist: Copyist | None = None, **values: float
) -> AsyncIterator[WebAdapter]:
    site = site_of(core(store, fiddler, copyist), **values)
    await site.start()
    yield site
    await site.stop()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=2**12)
    yield reader, writer
    writer.close()


async def heard(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(20):
        return await reader.read()


def open_files(pid: int) -> list[int]:
    return [int(path.name) for path in Path(f"/proc/{pid}/fd").iterdir()]


@pytest.mark.parametrize(
    "said",
    [b"", b"GET / HT", HEAD, ASKED, ASKED + b"GET /"],
    ids=["nothing", "half a line", "half the headers", "one request", "one and a half"],
)
async def test_who_stops_half_way_is_hung_up_on(said: bytes, store: Store, fiddler: Fiddler) -> None:
    async with open_site(store, fiddler, idle_seconds=0.1) as site, connected(site.url) as (reader, writer):
        writer.write(said)
        answer = await heard(reader)
    assert answer.startswith(b"HTTP/1.1 200") == said.startswith(ASKED)
    assert (answer == b"") == (not said.startswith(ASKED))


async def test_who_sends_half_a_body_is_told_and_hung_up_on(store: Store, fiddler: Fiddler) -> None:
    async with open_site(store, fiddler, idle_seconds=0.1) as site, connected(site.url) as (reader, writer):
        writer.write(ASKED[:-5])
        answer = await heard(reader)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"send it again" in answer


async def test_who_takes_nothing_in_is_hung_up_on(
    store: Store, fiddler: Fiddler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.web.adapter._SLOWEST", 1e9)
    hall = Hall()
    async with open_site(store, fiddler, hall, idle_seconds=0.2) as site, ClientSession(site.url) as browser:
        async with browser.post("/api/chat", json={"text": "/tune"}) as response:
            tune = (await response.json())["tune"]["id"]
        async with connected(site.url) as (reader, writer):
            writer.write(f"GET /t/{tune}.mp3 HTTP/1.1\r\nHost: here\r\n\r\n".encode())
            await asyncio.wait_for(hall.sent.wait(), 20)
            with suppress(ConnectionResetError):
                assert len(await heard(reader)) < LONG


async def test_one_too_many_is_turned_away_and_the_log_says_it_once(
    store: Store, fiddler: Fiddler, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_site(store, fiddler, site_connections=2) as site, AsyncExitStack() as stack:
        inside = [await stack.enter_async_context(connected(site.url)) for _ in range(2)]
        for reader, writer in inside:
            writer.write(ASKED)
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        for _ in range(5):
            reader, _ = await stack.enter_async_context(connected(site.url))
            assert (await heard(reader)).startswith(b"HTTP/1.1 503")
        inside[0][1].write(b"GET / HTTP/1.0\r\n\r\n")  # the last on this connection
        await heard(inside[0][0])
        reader, writer = await stack.enter_async_context(connected(site.url))
        writer.write(ASKED)
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
    assert [record.getMessage() for record in caplog.records] == [
        "The site is full (2 connections); it turns others away. SITE_CONNECTIONS bounds them."
    ]


async def test_the_log_says_it_again_after_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    class Crowd:
        connections = range(2)

    seconds = iter((0.0, 1.0, 59.0, 60.0, 61.0, 119.0, 120.0))
    door = Door(Crowd(), 2, lambda: next(seconds))  # type: ignore[arg-type]
    for _ in range(7):
        door()
    assert len(caplog.records) == 3


async def test_at_the_limit_of_files_it_logs_one_line_and_recovers(tmp_path: Path) -> None:
    async with started(tmp_path) as (process, line):
        url = re.search(r"http://[\d.:]+", line)
        assert url
        before = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
        highest = max(open_files(process.pid))
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (highest + 3, before[1]))
        host, port = url[0].removeprefix("http://").split(":")
        waiting = [socket.create_connection((host, int(port))) for _ in range(60)]
        assert process.stderr
        first = await asyncio.wait_for(process.stderr.readline(), 30)
        for each in waiting:
            each.close()
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, before)
        async with ClientSession(url[0]) as browser, browser.get("/healthz") as response:
            assert response.status == 200
        process.send_signal(signal.SIGTERM)
        _, others = await asyncio.wait_for(process.communicate(), 30)
    assert b"can't accept connections" in first
    assert others == b""
    assert process.returncode == 0


async def test_a_site_that_closes_at_that_limit_leaves_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    class Nobody:
        connections = ()

    loop = asyncio.get_running_loop()
    door = Door(Nobody(), 2, loop.time)  # type: ignore[arg-type]
    door.watch(loop)
    with socket.socket() as closed:
        pass
    loop.call_soon(loop._start_serving, door, closed)  # what asyncio does a second after it found no room
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not caplog.records
