"""Tell who waits how long it will take, while their tune is composed."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterable
from typing import Final

from bot import texts
from bot.asker import Tell
from generator.music.tune import Tune
from generator.serving.messages import Progress, Waiting

_logger: Final = logging.getLogger(__name__)


async def tune_of(events: AsyncIterable[Progress | Tune], tell: Tell, pause: float) -> Tune:
    """Return the tune at the end of a draw, and tell how it goes meanwhile.

    Nothing is told after the tune is there, so that no late word of waiting replaces it.

    Args:
        events: of the draw, as ``Service.follow`` yields them.
        tell: shows a sentence to the person; a failure is logged and nothing more is told.
        pause: seconds before the first sentence, and from one to the next.
    """
    board = _Board()
    telling = asyncio.create_task(board.tell_on(tell, pause))
    try:
        async for event in events:
            if isinstance(event, Tune):
                board.done.set()
                await telling  # a sentence on its way arrives before the tune
                return event
            board.latest = event
        raise AssertionError("a draw ends with a tune or an error")
    finally:
        telling.cancel()


class _Board:
    """The latest news of one draw."""

    def __init__(self) -> None:
        self.latest: Progress | None = None
        self.done = asyncio.Event()

    async def tell_on(self, tell: Tell, pause: float) -> None:
        told = ""
        while not await self._done_within(pause):
            if not isinstance(self.latest, Waiting):
                continue
            sentence = texts.waiting(self.latest.ahead, self.latest.seconds)
            if sentence == told:
                continue
            told = sentence
            try:
                await tell(sentence)
            except Exception as error:  # noqa: BLE001 - whatever a chat raises, the tune goes on
                _logger.warning("could not tell how long it takes: %s", type(error).__name__)
                return

    async def _done_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.done.wait(), seconds)
        return self.done.is_set()
