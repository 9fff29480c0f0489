"""The generator, wired up for the bot: what composes and what makes the files."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from random import SystemRandom
from typing import Final

from bot.core import Composer, Renderer
from bot.settings import Settings
from generator.service import Service
from generator.tune import Tune
from generator.voices import load_voice


def _midi(tune: Tune) -> bytes:
    from generator.render.midi import midi_bytes  # noqa: PLC0415 - these libraries are slow to import

    return midi_bytes(tune)


_MAKERS: Final[Mapping[str, Callable[[Tune], bytes]]] = {"mid": _midi}


class InlineRenderer:
    """Makes files in threads of this process."""

    @property
    def suffixes(self) -> frozenset[str]:
        """The kinds of file that it can make."""
        return frozenset(_MAKERS)

    async def file(self, tune: Tune, suffix: str, name: str) -> bytes:  # noqa: ARG002
        """A file of a tune; nothing is kept under the name."""
        return await asyncio.to_thread(_MAKERS[suffix], tune)


@asynccontextmanager
async def open_music(settings: Settings) -> AsyncIterator[tuple[Composer, Renderer]]:
    """A composer and a renderer as the settings want them.

    Raises:
        FriendlyError: if the model or the engine cannot be had.
    """
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    load = partial(load_voice, engine=settings.engine)
    async with Service(load, settings.model, SystemRandom(), workers=workers) as service:
        yield service, InlineRenderer()
