"""Messages that Telegram brings, where it is not asked for them."""

import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from telegram import Bot, Update

from bot.hooks import PATH

_logger: Final = logging.getLogger(__name__)
NAME: Final = "telegram"  # of the hook
_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_AT_ONCE: Final = 40  # connections that Telegram may open


class Webhook:
    """Takes updates that come with our secret. Every process of the bot has the same one.

    Args:
        bot: initialised.
        token: the bot's, of which the secret is made.
        public_url: where the site can be reached.
        take: is given each update.
    """

    def __init__(
        self, bot: Bot, token: str, public_url: str, take: Callable[[Update], Awaitable[None]]
    ) -> None:
        self._bot, self._take = bot, take
        self._secret = hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()
        self._url = f"{public_url}{PATH}{NAME}"
        self._open = False

    async def open(self, kinds: Sequence[str]) -> None:
        """Have Telegram bring updates, unless it does already.

        Args:
            kinds: of update that are wanted.

        Raises:
            TelegramError: it will not, or cannot be reached.
        """
        now = await self._bot.get_webhook_info()
        if now.url != self._url or set(now.allowed_updates or ()) != set(kinds):
            await self._bot.set_webhook(
                self._url, secret_token=self._secret, allowed_updates=list(kinds), max_connections=_AT_ONCE
            )
            _logger.info("Telegram now brings messages to %s", self._url)
        self._open = True

    def close(self) -> None:
        """Take no more; Telegram tries again, and perhaps comes to another process."""
        self._open = False

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        """Take an update; gives the HTTP status."""
        if not hmac.compare_digest(headers.get(_SECRET_HEADER, "").encode(), self._secret.encode()):
            return HTTPStatus.FORBIDDEN
        if not self._open:
            return HTTPStatus.SERVICE_UNAVAILABLE
        try:
            update = Update.de_json(json.loads(body), self._bot)
        except (ValueError, TypeError, KeyError, AttributeError):
            _logger.warning("what Telegram brought can't be read")  # and would come again for ever
            return HTTPStatus.OK
        await self._take(update)
        return HTTPStatus.OK
