"""Let connections to the site in, as many as there is room for."""

import asyncio
import errno
import logging
import resource
from collections.abc import Callable
from typing import Any, Final

from aiohttp import web

from bot.platforms.web import machine_texts as machine

_logger: Final = logging.getLogger(__name__)
_SHARE: Final = 0.75  # of the files that we may open; chats, workers and the database need some too
_MOST: Final = 10_000  # where there is no bound, or a very high one
_BETWEEN_LINES: Final = 60.0  # seconds between lines of the log
_NO_MORE_FILES: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


class Door:
    """Makes what serves a new connection; asyncio calls it for each.

    Args:
        server: serves those that are let in.
        most: connections at once; None for a share of the files that this process may open.
        clock: seconds.
    """

    def __init__(self, server: web.Server, most: int | None, clock: Callable[[], float]) -> None:
        self._server = server
        self._most = most or _room()
        self._clock = clock
        self._silent_until = float("-inf")

    def __call__(self) -> asyncio.BaseProtocol:
        """Serve a connection, or turn it away."""
        if len(self._server.connections) < self._most:
            return self._server()
        self._log(machine.full(self._most))
        return _TurnedAway()

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Log in one line that no connection could be accepted; asyncio logs a hundred traces a second.

        This lasts beyond the site: asyncio tries again a second later, on the socket that is closed by then.
        """
        before = loop.get_exception_handler()

        def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            error = context.get("exception")
            if isinstance(error, OSError) and error.errno in _NO_MORE_FILES:
                self._log(machine.no_more_files(error.strerror or str(error)))
            elif isinstance(error, ValueError) and "._start_serving(" in str(context.get("handle")):
                pass  # the site was closed within that second
            elif before:
                before(loop, context)
            else:
                loop.default_exception_handler(context)

        loop.set_exception_handler(handle)

    def _log(self, line: str) -> None:
        now = self._clock()
        if now >= self._silent_until:
            self._silent_until = now + _BETWEEN_LINES
            _logger.warning(line)


class _TurnedAway(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say that there is no room, and hang up."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(_FULL)
        transport.close()


def _room() -> int:
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if most == resource.RLIM_INFINITY else min(max(1, int(most * _SHARE)), _MOST)
