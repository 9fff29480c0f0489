"""Who asks the site is what its headers say, as far as they may; those that make no sense are a 400."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession

from bot.platforms.web.adapter import WebAdapter
from bot.store import Store
from tests.bot.players import Fiddler, core, site_of

BODY = b'{"text": "/help"}'
BAD = {
    "no host": [],
    "an empty host": [b"Host: "],
    "two hosts": [b"Host: here", b"Host: there"],
    "a host with blanks": [b"Host: a b"],
    "a host with a path": [b"Host: here/there"],
    "a host with a name": [b"Host: anna@here"],
    "a host with letters for a port": [b"Host: here:port"],
    "a host with too high a port": [b"Host: here:99999"],
    "an open bracket": [b"Host: [::1"],
    "brackets around nothing": [b"Host: []"],
    "brackets around no address": [b"Host: [1.2:3]:80"],
    "a host that is no text": [b"Host: \xff\xfe"],
    "a host with quotes": [b'Host: "><script>'],
    "forwarded for no address": [b"Host: here", b"X-Forwarded-For: nobody"],
    "forwarded for no text": [b"Host: here", b"X-Forwarded-For: \xff\xfe"],
    "forwarded for half an address": [b"Host: here", b"X-Forwarded-For: 1.2.3"],
    "forwarded for an address and nonsense": [b"Host: here", b"X-Forwarded-For: 192.0.2.1, <b>"],
    "forwarded for brackets": [b"Host: here", b"X-Forwarded-For: [x]:1"],
    "packed by nobody": [b"Host: here", b"Content-Encoding: warp"],
    "packed twice": [b"Host: here", b"Content-Encoding: gzip, gzip"],
    "packed in no text": [b"Host: here", b"Content-Encoding: \xff"],
    "packed in a way that needs a library": [b"Host: here", b"Content-Encoding: br"],
    "a header without a name": [b"Host: here", b": empty"],
    "a header with a zero": [b"Host: here", b"X: \x00"],
    "a length that is none": [b"Host: here", b"Content-Length: many"],
}


@asynccontextmanager
async def open_site(store: Store, fiddler: Fiddler, **values: str) -> AsyncIterator[WebAdapter]:
    site = site_of(core(store, fiddler), **values)
    await site.start()
    yield site
    await site.stop()


async def answer_to(site: WebAdapter, request: bytes) -> bytes:
    """All that comes back on a connection of its own."""
    host, port = site.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


def request(line: bytes, headers: list[bytes]) -> bytes:
    """A request whose body asks for help."""
    length = b"" if b"Content-Length" in b"".join(headers) else b"Content-Length: %d\r\n" % len(BODY)
    last = b"Connection: close\r\nContent-Type: application/json\r\n" + length
    return line + b" HTTP/1.1\r\n" + b"".join(header + b"\r\n" for header in headers) + last + b"\r\n" + BODY


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What an operator would have to read."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("headers", BAD.values(), ids=BAD)
@pytest.mark.parametrize("line", [b"POST /api/chat", b"GET /t/aaaaaaaaaa", b"GET /tunes"])
async def test_what_makes_no_sense_is_a_400_without_a_trace(
    line: bytes, headers: list[bytes], store: Store, fiddler: Fiddler, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_site(store, fiddler) as site:
        answer = await answer_to(site, request(line, headers))
    assert answer.split(b" ", 2)[1] == b"400", answer
    assert b"Traceback" not in answer
    assert told(caplog) == []


@pytest.mark.parametrize(("line", "status"), [(b"POST /api/chat", b"400"), (b"GET /tunes", b"200")])
@pytest.mark.parametrize("packing", [b"gzip", b"deflate"])
async def test_a_body_that_is_not_packed_as_it_says_leaves_no_trace(
    line: bytes,
    status: bytes,
    packing: bytes,
    store: Store,
    fiddler: Fiddler,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with open_site(store, fiddler) as site:
        answer = await answer_to(site, request(line, [b"Host: here", b"Content-Encoding: " + packing]))
    assert answer.split(b" ", 2)[1] == status, answer
    assert told(caplog) == []


@pytest.mark.parametrize(
    "headers",
    [
        [b"Host: here"],
        [b"Host: tunes.example.org:443"],
        [b"Host: [::1]:8080"],
        [b"Host: here", b"X-Forwarded-For: unknown"],
        [b"Host: here", b"X-Forwarded-For: 192.0.2.1:4711, [2001:db8::1]:99"],
        [b"Host: here", b"X-Forwarded-For: "],
        [b"Host: here", b"Content-Encoding: identity"],
    ],
)
async def test_what_makes_sense_is_answered(headers: list[bytes], store: Store, fiddler: Fiddler) -> None:
    async with open_site(store, fiddler) as site:
        answer = await answer_to(site, request(b"POST /api/chat", headers))
    assert answer.startswith(b"HTTP/1.1 200"), answer


async def test_an_old_client_needs_no_host(store: Store, fiddler: Fiddler) -> None:
    async with open_site(store, fiddler) as site:
        assert b'"ok"' in await answer_to(site, b"GET /healthz HTTP/1.0\r\n\r\n")


async def _askers(store: Store, fiddler: Fiddler, *forwarded: str, **values: str) -> list[str]:
    async with open_site(store, fiddler, **values) as site, ClientSession(site.url) as browser:
        for header in forwarded:
            headers = {"X-Forwarded-For": header}
            async with browser.post("/api/chat", json={"text": "/tune"}, headers=headers) as response:
                assert response.status == 200
    return [user for _, user in fiddler.asked]


async def test_nobody_takes_another_identity_with_each_request(store: Store, fiddler: Fiddler) -> None:
    users = await _askers(store, fiddler, "203.0.113.7", "203.0.113.8", "10.0.0.1")
    assert len(set(users)) == 1
    assert "127" not in users[0]


async def test_visitors_behind_a_proxy_of_ours_take_turns_each_for_themselves(
    store: Store, fiddler: Fiddler
) -> None:
    one, again, further, other, lie = await _askers(
        store,
        fiddler,
        "203.0.113.7",
        "198.51.100.1, 203.0.113.7",
        "203.0.113.7, 10.1.2.3",  # through two proxies of ours
        "203.0.113.8",
        "203.0.113.7, 192.0.2.9",  # through one that is not ours
        trusted_proxies="127.0.0.1, 10.0.0.0/8",
    )
    assert one == again == further
    assert len({one, other, lie}) == 3
    assert "203" not in one


async def test_a_household_is_one_visitor(store: Store, fiddler: Fiddler) -> None:
    one, another, other = await _askers(
        store, fiddler, "2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1", trusted_proxies="127.0.0.1"
    )
    assert one == another != other
