"""The generator, wired up for the bot: what composes and what makes the files."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import Final

from bot.files import FILES, FileKind, Look
from bot.settings import Settings
from generator.compose.loaded_model import open_model
from generator.render.cache import DiskCache
from generator.render.renderers import CACHE_BYTES, Renderers
from generator.serving.service import Service

CACHE: Final = Path("data/files")
MOST_WORKERS: Final = 4  # unless the operator says otherwise: each needs 120 MB


def open_composer(settings: Settings) -> AbstractAsyncContextManager[Service]:
    """Make the service with the model and engine of the settings; entering it loads them.

    Raises:
        FriendlyError: on entering, if the model or the engine cannot be had.
    """
    usual = 1 if settings.engine == "keras" else _cores()
    load = partial(open_model, engine=settings.engine)
    return Service(load, settings.model, SystemRandom(), workers=settings.workers or usual)


def _cores() -> int:
    """Count the cores that are ours, as far as processes are started for them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_WORKERS)


class Workshop:
    """The renderers, by the suffix of the file that is wanted.

    Args:
        renderers: started.
        files: kinds of files by suffix.
    """

    def __init__(self, renderers: Renderers, files: Mapping[str, FileKind] = FILES) -> None:
        self._renderers = renderers
        self._makers = {
            suffix: kind.make
            for suffix, kind in files.items()
            if kind.make and (not kind.sounds or renderers.has_sound)
        }
        self.suffixes = frozenset(self._makers)
        self.read = renderers.desk.read
        self.changed = renderers.desk.changed
        self.timeline = renderers.desk.timeline

    @property
    def condition(self) -> str:
        """Return ``ok``, or ``starting`` while no process is there that reads: for the operator."""
        return "ok" if self._renderers.desk.pids else "starting"

    @property
    def edition(self) -> str:
        """Return a short name that changes whenever files may come out otherwise."""
        return self._renderers.edition

    async def file(
        self,
        abc: str,
        suffix: str,
        *,
        instrument: str | None = None,
        dark: bool = False,
        user: str = "",
    ) -> bytes:
        """Make a file of a tune; see :class:`bot.tune_files.Renderer`."""
        return await self._makers[suffix](self._renderers, abc, Look(instrument, dark, user))


@asynccontextmanager
async def open_renderer(settings: Settings) -> AsyncIterator[Workshop]:
    """Start the renderers, in processes of their own, with a cache on disk."""
    cache = DiskCache(CACHE, CACHE_BYTES)
    async with Renderers(cache, soundfont=settings.soundfont, workers=_cores()) as renderers:
        yield Workshop(renderers)
