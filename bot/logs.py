"""Write the log, with every secret blotted out."""

import json
import logging
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
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


class JsonFormatter(logging.Formatter):
    """A formatter that writes one JSON object a line, without secrets.

    Its fields are ``time`` (UTC, ISO 8601), ``level``, ``logger``, ``message``; ``trace`` where there is one,
    and ``reference`` where somebody was told one.
    """

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        if reference := getattr(record, "reference", ""):
            fields["reference"] = reference
        # Blotted out before it is quoted, or a secret with a quote in it would pass.
        return json.dumps({name: self._redact(text) for name, text in fields.items()}, ensure_ascii=False)


def set_up_logs(level: str, redact: Redactor, form: str = "text") -> None:
    """Log to standard error.

    Args:
        level: from which on.
        redact: blots out secrets.
        form: ``text`` or ``json``.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(redact) if form == "json" else RedactingFormatter(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
