"""The request that brings news from Telegram, which also notices that the token is refused."""

import asyncio
from http import HTTPStatus
from typing import Any, Final

from telegram.request import HTTPXRequest

_NOTHING_NEW: Final = b'{"ok": true, "result": []}'


class NewsRequest(HTTPXRequest):
    """Asks for updates until Telegram refuses the token.

    The library would then end its polling with a stack trace and tell nobody. So it gets no answer instead
    until it is stopped, and its last request finds nothing new.

    Attributes:
        revoked: set once Telegram has refused the token.
        answered: whether Telegram answered the last time.
    """

    def __init__(self) -> None:
        super().__init__(connection_pool_size=1)
        self.revoked = asyncio.Event()
        self.answered = True

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        """Send a request; return status and body."""
        if self.revoked.is_set():
            return HTTPStatus.OK, _NOTHING_NEW
        try:
            status, body = await super().do_request(*args, **options)
        except Exception:
            self.answered = False
            raise
        self.answered = status == HTTPStatus.OK
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            self.revoked.set()
            await asyncio.get_running_loop().create_future()
        return status, body
