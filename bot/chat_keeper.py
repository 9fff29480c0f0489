"""Keep a chat going: start it, try again while it cannot be reached, and again when it ends by itself."""

import logging
from collections.abc import Awaitable, Callable
from random import Random
from typing import Final

from bot.health import CONNECTED, Watched
from bot.platform import Adapter, Platform, RefusedError
from bot.texts import operator
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)

FIRST_PAUSE: Final = 1.0  # seconds before the second try; each further pause is twice as long
LONGEST_PAUSE: Final = 60.0
CONNECTING, REFUSED, STOPPED = "connecting", "refused", "stopped"  # what is said of a chat that is not on
REVOKED_PAUSE: Final = 180.0  # a new token needs somebody to set it
_JITTER: Final = 0.25  # of a pause, so that many bots do not come back at the same moment

Sleep = Callable[[float], Awaitable[object]]


class ChatKeeper:
    """Keeps one chat going.

    Args:
        platform: which one.
        open_: makes a fresh adapter for each try.
        say: prints a line for the operator.
        started: takes the address of the bot's invite, once there is one.
        sleep: waits so many seconds.
        random: spreads the pauses.
    """

    def __init__(
        self,
        platform: Platform,
        open_: Callable[[], Adapter],
        say: Callable[[str], None],
        started: Callable[[str], None],
        *,
        sleep: Sleep,
        random: Random,
    ) -> None:
        self._platform, self._open, self._say, self._started = platform, open_, say, started
        self._sleep, self._random = sleep, random
        self._adapter: Adapter | None = None
        self._word = CONNECTING
        self._told = ""  # the trouble that the operator has heard of, so that each is said once

    @property
    def name(self) -> str:
        """Return the platform's name."""
        return self._platform.name

    @property
    def condition(self) -> str:
        """Return how the chat is, in a word: as its adapter says, where it is on and can."""
        if self._word == CONNECTED and isinstance(self._adapter, Watched):
            return self._adapter.condition
        return self._word

    async def run(self) -> None:
        """Start the chat and keep it going for ever; return if its token is refused from the beginning."""
        pause, was_on = FIRST_PAUSE, False
        while True:
            self._adapter = self._open()
            try:
                began = await self._adapter.start()
                self._say(operator.chat_is_back(self._platform.title) if was_on else began.line)
                if began.invite:
                    self._started(began.invite)
                self._told, pause, was_on = "", FIRST_PAUSE, True
                self._word = CONNECTED
                raise await self._adapter.ended()  # noqa: TRY301 - an end is met as a failed start is
            except RefusedError as error:
                self._word = REFUSED
                self._tell(str(error))
                if not was_on:
                    return
                wait = REVOKED_PAUSE
            except FriendlyError as error:
                self._word = CONNECTING
                self._tell(operator.trying_on(str(error)))
                wait, pause = pause, min(2 * pause, LONGEST_PAUSE)
            except Exception as error:
                self._word = CONNECTING
                if self._tell(operator.trying_on(operator.chat_did_not_start(self._platform.title))):
                    _logger.exception("%s did not start", self._platform.title, exc_info=error)
                wait, pause = pause, min(2 * pause, LONGEST_PAUSE)
            await self.stop()
            await self._sleep(wait * (1 + _JITTER * self._random.random()))

    async def stop(self) -> None:
        """Stop the chat, if it is on."""
        adapter, self._adapter = self._adapter, None
        if self._word == CONNECTED:
            self._word = STOPPED
        if adapter is None:
            return
        try:
            await adapter.stop()
        except Exception:
            _logger.exception("%s did not stop cleanly", self._platform.title)

    def _tell(self, trouble: str) -> bool:
        """Say a trouble, unless it was the last thing said; tell whether it is new."""
        new = trouble != self._told
        if new:
            self._told = trouble
            self._say(trouble)
        return new
