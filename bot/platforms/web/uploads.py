"""Files that people drop onto the chat page: ``POST /api/file?name=gate.abc``, the file as the body."""

import asyncio
from collections.abc import Callable
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import PayloadEncodingError

from bot.asker import Asker
from bot.core import Core
from bot.platforms.web.chat_json import as_json
from bot.sent_files import SentFile
from generator.errors import FileError
from generator.music.files.opened import MOST_BYTES, TOO_LARGE

_LONGEST_NAME: Final = 200
_LONGEST_WORDS: Final = 1000


class Uploads:
    """Takes files, and answers as the chat does.

    Args:
        core: opens them.
        asker: says who asks.
        patience: seconds for a file to come in.
        base: path under which the site is reached.
    """

    def __init__(
        self, core: Core, asker: Callable[[web.Request], Asker], patience: float, base: str = ""
    ) -> None:
        self._core, self._asker, self._patience, self._base = core, asker, patience, base

    def routes(self) -> list[web.RouteDef]:
        """Return where files are taken."""
        return [web.post("/api/file", self._take)]

    async def _take(self, request: web.Request) -> web.Response:
        # No form on another site can send this type; scripts there need a CORS preflight, which we refuse.
        if request.content_type != "application/octet-stream":
            raise web.HTTPUnsupportedMediaType
        size = request.content_length
        if size is not None and size > MOST_BYTES:
            raise FileError(TOO_LARGE)
        data = await self._body_of(request)

        async def read() -> bytes:
            return data

        file = SentFile(request.query.get("name", "")[:_LONGEST_NAME], len(data), read)
        words = request.query.get("text", "")[:_LONGEST_WORDS]
        reply = await self._core.answer_file(file, words, self._asker(request))
        return web.json_response(as_json(reply, self._base))

    async def _body_of(self, request: web.Request) -> bytes:
        """Read a body, unpacked, and no more of it than a file may have."""
        data = bytearray()
        try:
            async with asyncio.timeout(self._patience):
                async for chunk in request.content.iter_any():
                    data += chunk
                    if len(data) > MOST_BYTES:
                        raise FileError(TOO_LARGE)
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        except (web.RequestPayloadError, PayloadEncodingError) as error:  # not packed as it says
            raise web.HTTPBadRequest from error
        return bytes(data)
