"""The line to machines that compose and draw: deadlines, retries where they are safe, and a circuit."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from random import Random
from typing import Any, Final

import aiohttp

from generator.serving.circuit import Circuit
from generator.serving.pool import WorkerError
from generator.serving.wire import MORE, WireError, unpacked, unpacked_error

_logger: Final = logging.getLogger(__name__)
_TRIES: Final = 4
_FIRST_PAUSE: Final = 0.1  # seconds; then doubled, with as much again at random
_CONNECT: Final = 3.0  # seconds
_SILENCE: Final = 8.0  # seconds; a station that is at it gives a sign every two
_SLACK: Final = 1.0  # seconds by which an answer may come after the deadline that the station keeps
_CONNECTIONS: Final = 1000
_LOST: Final = (aiohttp.ClientError, OSError, TimeoutError, WireError, json.JSONDecodeError)

Order = Callable[[float], Any]
"""An order as JSON, given the seconds that are left for it."""


class LostError(Exception):
    """No answer came from the other machines."""


class FarLine:
    """Sends orders, each of which gives the same however often it is carried out. Used on one event loop.

    Args:
        url: where the stations are.
        clock: seconds, never going back.
        random: spreads the pauses between tries.
        sleep: waits so many seconds.
        silence: seconds without a sign of life after which an order is sent again.
    """

    def __init__(
        self,
        url: str,
        clock: Callable[[], float],
        random: Random,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        silence: float = _SILENCE,
    ) -> None:
        self._url, self._clock, self._random, self._sleep = url.rstrip("/"), clock, random, sleep
        self._silence = silence
        self._session: aiohttp.ClientSession | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._closed = False
        self.circuit = Circuit(clock)

    async def close(self) -> None:
        """Hang up; what is under way is lost."""
        self._closed = True
        for task in self._under_way:
            task.cancel()
        session, self._session = self._session, None
        if session:
            await session.close()

    async def facts(self) -> Any:
        """Return what the stations say of themselves.

        Raises:
            LostError: they do not answer.
        """
        async with aclosing(self.events("/facts", None, 2 * _CONNECT)) as events:
            async for event in events:
                return event
        raise LostError("no facts came")

    async def events(self, path: str, order: Order | None, deadline: float) -> AsyncGenerator[Any, None]:
        """Send an order, again if its answer is lost on the way; yield what comes, to the end.

        Args:
            path: at the station.
            order: None for a plain question.
            deadline: seconds for all of it.

        Raises:
            LostError: no answer came in time, or the circuit is open.
            Exception: the error that the answer is.
        """
        due = self._clock() + deadline
        if not self.circuit.allows():
            raise LostError("the last tries failed")
        pause, reason = _FIRST_PAUSE, ""
        for _ in range(_TRIES):
            left = due - self._clock()
            if left <= 0 or self._closed:
                break
            try:
                async with aclosing(self._answer(path, order and order(left), left + _SLACK)) as answer:
                    async for value in answer:
                        self.circuit.succeeded()
                        if "error" in value:
                            raise unpacked_error(value)
                        yield unpacked(value["event"])
            except _LOST as error:
                reason = type(error).__name__
            else:
                return
            await self._sleep(min(pause * (1 + self._random.random()), max(0.0, due - self._clock())))
            pause *= 2
        was_closed = self.circuit.closed
        self.circuit.failed()
        if was_closed and not self.circuit.closed:
            _logger.warning("the generator at GENERATOR_URL can't be reached (%s)", reason)
        raise LostError(reason)

    async def _answer(self, path: str, order: Any, seconds: float) -> AsyncGenerator[Any, None]:
        """Send an order once; yield the lines of the answer.

        Raises:
            Exception: one of those that mean that the answer is lost, or its end.
            WorkerError: the other side does not understand us.
        """
        lines: asyncio.Queue[Any] = asyncio.Queue()
        reading = asyncio.create_task(self._read(path, order, seconds, lines.put_nowait))
        reading.add_done_callback(lambda _: lines.put_nowait(None))
        self._under_way.add(reading)
        try:
            while (value := await lines.get()) is not None:
                yield value
            if reading.cancelled():
                raise LostError("the line was closed")
            reading.result()
        finally:
            self._under_way.discard(reading)
            reading.cancel()
            await asyncio.wait({reading})

    async def _read(self, path: str, order: Any, seconds: float, hear: Callable[[Any], None]) -> None:
        session = self._session or self._opened()
        method = "GET" if order is None else "POST"
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=_CONNECT, sock_read=self._silence)
        async with session.request(method, self._url + path, json=order, timeout=timeout) as response:
            if response.status >= 500:
                raise aiohttp.ClientPayloadError(f"status {response.status}")
            if response.status != 200:
                raise WorkerError(f"status {response.status} for {path}")
            ended = False
            async for line in _lines(response.content):
                value = json.loads(line)
                if not isinstance(value, dict):
                    raise WireError("that is no answer")
                if "alive" not in value:
                    ended = not value.get(MORE)
                    hear(value)
            if not ended:
                raise aiohttp.ClientPayloadError("the answer broke off")

    def _opened(self) -> aiohttp.ClientSession:
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=_CONNECTIONS))
        return self._session


async def _lines(content: aiohttp.StreamReader) -> AsyncGenerator[bytes, None]:
    """Split what comes into lines of any length."""
    rest = bytearray()
    async for piece in content.iter_any():
        *lines, tail = piece.split(b"\n")
        for line in lines:
            yield bytes(rest) + line
            rest.clear()
        rest += tail
    if rest:
        raise aiohttp.ClientPayloadError("the answer broke off")
