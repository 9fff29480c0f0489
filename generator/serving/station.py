"""What a machine does that composes and draws for bots elsewhere, whatever brings it the orders."""

import asyncio
import json
import traceback
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any, Final

from generator.compose.request import TuneRequest
from generator.errors import FriendlyError
from generator.music.tune import Tune
from generator.render.renderers import Facts
from generator.render.workers.pool import Desk
from generator.serving.service import Service
from generator.serving.wire import MORE, WireError, packed, packed_error, unpacked

ALIVE: Final = b'{"alive": true}\n'
PULSE: Final = 2.0  # seconds between two signs of life while nothing else is said
_SOUNDFONT: Final = 3  # place of the soundfont among a player's job name and arguments


class ComposingStation:
    """Takes orders for tunes.

    Args:
        service: started.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    async def tune(self, order: bytes) -> AsyncGenerator[bytes, None]:
        """Compose; a client that goes closes the iterator, which frees the slots.

        Args:
            order: JSON with a request that has a seed, the user, the seconds, and whether progress is wanted.
        """
        try:
            asked = json.loads(order)
            request = unpacked(asked["request"])
            if not isinstance(request, TuneRequest) or request.seed is None:
                raise WireError("an order needs a request with a seed")
            user, deadline, followed = str(asked["user"]), float(asked["deadline"]), bool(asked["followed"])
        except FriendlyError as error:
            yield line_of(packed_error(error))
            return
        except (ValueError, TypeError, KeyError) as error:
            yield line_of(packed_error(error))
            return
        events = self._service.follow(request, user=user, deadline=deadline)
        async with aclosing(with_pulse(events)) as lines:
            try:
                async for event in lines:
                    if event is None:
                        yield ALIVE
                    elif isinstance(event, Tune):
                        yield line_of({"event": packed(event)})
                    elif followed:
                        yield line_of({"event": packed(event), MORE: True})
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                yield line_of(packed_error(error, traceback.format_exc()))


class DrawingStation:
    """Takes orders for pictures, sound, MIDI, and tunes to be read.

    Args:
        desks: started pools of processes, by name.
        soundfont: to play with; None for the best that is installed.
    """

    def __init__(self, desks: Mapping[str, Desk], soundfont: Path | None = None) -> None:
        self._desks, self._soundfont = desks, soundfont

    async def job(self, desk: str, order: bytes) -> AsyncGenerator[bytes, None]:
        """Do a job; a client that goes closes the iterator, which takes it out of line.

        Args:
            desk: name of the desk.
            order: JSON with the job's name and arguments, its wishes, and the user.
        """
        try:
            asked = json.loads(order)
            job = list(unpacked(asked["job"]))
            wishes = {str(name): unpacked(value) for name, value in asked["wishes"].items()}
            if desk == "play" and len(job) > _SOUNDFONT and job[_SOUNDFONT] is None:
                job[_SOUNDFONT] = self._soundfont
            result = self._desks[desk].run(*job, user=str(asked["user"]), **wishes)
        except (ValueError, TypeError, KeyError, FriendlyError) as error:
            yield line_of(packed_error(error))
            return
        async with aclosing(with_pulse(_once(result))) as results:
            try:
                async for each in results:
                    yield ALIVE if each is None else line_of({"event": packed(each)})
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                yield line_of(packed_error(error, traceback.format_exc()))


def facts_line(facts: Facts) -> bytes:
    """Return as JSON what bots have to know before they send anything."""
    return line_of({"event": packed(facts)})


async def _once(result: Awaitable[Any]) -> AsyncGenerator[Any, None]:
    yield await result


async def with_pulse(events: AsyncGenerator[Any, None], pulse: float = PULSE) -> AsyncGenerator[Any, None]:
    """Yield what comes, and None whenever nothing has come for so many seconds."""
    coming: asyncio.Task[Any] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait({coming}, timeout=pulse)
            if not done:
                yield None
                continue
            task, coming = coming, None
            try:
                yield task.result()
            except StopAsyncIteration:
                return
    finally:
        if coming is not None:
            coming.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration, Exception):
                await coming
        await events.aclose()


def line_of(value: Any) -> bytes:
    """Return a line of an answer."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
