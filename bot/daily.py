"""Post a tune a day where somebody has asked for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from bot.asker import Asker
from bot.commands.command import Post
from bot.commands.tune import with_defaults
from bot.core import Core
from bot.daily_times import next_due, type_of
from bot.store import Schedule, Schedules, StoreError
from bot.texts import community as texts
from generator.compose.request import TuneRequest
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)
_DAY: Final = 86_400.0  # seconds
_LATE: Final = 6 * 3600.0  # seconds after which a tune that is due is left out, as after a long stop
_LOOK: Final = 30.0  # seconds between two looks at what is due; the clock may be moved, and others may ask
_NOBODY: Final = "daily"  # whose tunes they are
_TRIES: Final = 3
_PAUSE: Final = 20.0  # seconds between them


class Daily:
    """Posts what is due.

    Args:
        core: composes.
        posters: how to post on a platform, by its name; those that are connected now.
        calendar: seconds since 1970.
        sleep: waits so many.
        request: the class of requests.
    """

    def __init__(
        self,
        core: Core,
        posters: Mapping[str, Post],
        calendar: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        request: type[TuneRequest] = TuneRequest,
    ) -> None:
        self._core, self._posters, self._calendar = core, posters, calendar
        self._sleep, self._request = sleep, request

    async def run(self, stop: asyncio.Event) -> None:
        """Post what is due, until the event is set and what is under way has ended."""
        while not stop.is_set():
            try:
                wait = await self.turn()
            except StoreError:  # logged where it happened
                wait = _LOOK
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)

    async def turn(self) -> float:
        """Post what is due now; return the seconds until it is worth another look.

        Raises:
            StoreError: the database cannot be used now.
        """
        schedules = self._core.store.schedules
        now = self._calendar()
        due = [each for each in await schedules.due(now) if each.platform in self._posters]
        await asyncio.gather(*(self._post_once(each, now, schedules) for each in due))
        await self._mend(schedules, now)
        first = await schedules.next_due()
        return _LOOK if first is None else min(_LOOK, max(1.0, first - self._calendar()))

    async def _mend(self, schedules: Schedules, now: float) -> None:
        """Bring back what is due days away, as after a clock was wrong."""
        for each in await schedules.due(float("inf")):
            following = next_due(each.minute, each.zone, now)
            if each.due > following + 1.5 * _DAY:
                await schedules.claim(each, following)

    async def _post_once(self, schedule: Schedule, now: float, schedules: Schedules) -> None:
        """Post the tune of one place, unless another process does."""
        if not await schedules.claim(schedule, next_due(schedule.minute, schedule.zone, now)):
            return
        if now - schedule.due > _LATE:
            _logger.info(
                "a daily tune on %s was left out: %.0f s late", schedule.platform, now - schedule.due
            )
            return
        for attempt in range(_TRIES):
            try:
                if not await self._posted(schedule):
                    await schedules.remove(schedule.platform, schedule.place)
                    _logger.info("no more daily tunes in a place on %s that is gone", schedule.platform)
            except FriendlyError as error:
                _logger.warning("a daily tune on %s failed: %s", schedule.platform, error)
            except Exception:
                _logger.exception("a daily tune on %s failed", schedule.platform)
            else:
                return
            if attempt < _TRIES - 1:
                await self._sleep(_PAUSE)

    async def _posted(self, schedule: Schedule) -> bool:
        """Compose and post a tune; tell whether the place is there."""
        asker = Asker(schedule.platform, _NOBODY, schedule.place, schedule.community)
        asker = replace(asker, chosen=await self._core.chosen(asker))
        name = type_of(schedule, schedule.due)
        values: dict[str, object] = {"type": name} if name else {}
        reply = await self._core.compose(with_defaults(self._request, values, asker.chosen.defaults), asker)
        if reply.later:
            reply = await reply.later
        post = self._posters.get(schedule.platform)
        if post is None:  # the connection has gone meanwhile
            raise FriendlyError(texts.NOT_CONNECTED)
        return await post(schedule.place, reply.noted((texts.DAILY_TUNE,)))
