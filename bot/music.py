"""The generator, wired up for the bot: what composes and what makes the files."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from random import SystemRandom

from bot.core import Composer, Renderer
from bot.settings import Settings
from generator.service import Service
from generator.tune import Tune
from generator.voices import load_voice


class InlineRenderer:
    """Makes files in threads of this process."""

    async def midi(self, tune: Tune) -> bytes:
        """The tune as a standard MIDI file."""
        from generator.render.midi import midi_bytes  # noqa: PLC0415 - the library is slow to import

        return await asyncio.to_thread(midi_bytes, tune)


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
