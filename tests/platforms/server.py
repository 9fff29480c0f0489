"""What the two local servers share: a port, a record of requests, and trouble on demand."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in: what was asked, and the files by name."""

    method: str
    path: str
    body: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong with the next request that fits.

    Attributes:
        status: answered instead of the truth; 0 drops the connection, -1 never answers.
        body: the JSON of that answer.
        headers: beside the usual ones.
        done: the request takes effect all the same, as when only the answer is lost.
    """

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    done: bool = False


class Server:
    """An HTTP server on a free port of this machine that remembers what it was sent.

    Attributes:
        requests: everything that came in, in order.
        faults: what was wrong with it by the vendor's specification.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.faults: list[str] = []
        self._trouble: list[tuple[str, Trouble]] = []
        self._news = asyncio.Condition()
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.root = ""

    def app(self) -> web.Application:
        """The routes."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        async with self._news:
            self._news.notify_all()
        if self._runner:
            await self._runner.cleanup()

    def trouble(self, path: str, *troubles: Trouble) -> None:
        """The next requests whose path ends so meet these, one each, in order."""
        self._trouble += [(path, trouble) for trouble in troubles]

    async def record(self, request: Request) -> Trouble | None:
        """Note a request, and say what shall go wrong with it."""
        async with self._news:
            self.requests.append(request)
            self._news.notify_all()
        for index, (path, trouble) in enumerate(self._trouble):
            if request.path.endswith(path):
                del self._trouble[index]
                return trouble
        return None

    async def suffer(self, trouble: Trouble, request: web.Request) -> web.StreamResponse:
        """Answer in the way that the trouble says."""
        if trouble.status == -1:
            await self._closing.wait()
        if trouble.status <= 0:
            if request.transport:
                request.transport.close()
            return web.Response()
        if trouble.status == 204:
            return web.Response(status=204)
        response = web.json_response(trouble.body, status=trouble.status, headers=trouble.headers)
        response.headers["Content-Type"] = "application/json"
        return response

    async def until(self, fits: Callable[[Request], bool], count: int = 1) -> list[Request]:
        """Wait for so many requests that fit, and give them all."""

        def found() -> list[Request]:
            return [request for request in self.requests if fits(request)]

        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: len(found()) >= count)
        return found()

    def sent(self, path: str) -> list[Request]:
        """The requests so far whose path ends so."""
        return [request for request in self.requests if request.path.endswith(path)]
