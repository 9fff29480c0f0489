"""Write the log, with every secret blotted out."""

import logging
import sys
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

BLOT: Final = "[secret]"
# Their lines hold addresses with tokens, or say nothing that an operator needs.
_CHATTY: Final = ("httpx", "httpcore", "aiosqlite", "alembic", "asyncio")


class Redactor:
    """Blots secrets out of text, plain or percent-encoded."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {spelling for secret in secrets for spelling in (secret, quote(secret, safe=""))}
        self._secrets = sorted(spellings, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text without any secret."""
        for secret in self._secrets:
            text = text.replace(secret, BLOT)
        return text


class RedactingFormatter(logging.Formatter):
    """A formatter whose lines, stack traces included, hold no secret."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the line or lines of a record."""
        return self._redact(super().format(record))


def set_up_logs(level: str, redact: Redactor) -> None:
    """Log to standard error, from ``level`` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
