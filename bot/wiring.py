"""The generator, wired up for the bot: what composes and what makes the files."""

import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Final

from bot.files import FILES, FileKind, Look
from bot.settings import Settings
from bot.texts import operator
from generator.compose.loaded_model import open_model
from generator.errors import FriendlyError
from generator.render.bucket_cache import BucketCache
from generator.render.cache import DiskCache
from generator.render.practice import PLAIN, Practice
from generator.render.renderers import CACHE_BYTES, Elsewhere, Facts, Renderers
from generator.serving.service import Service

if TYPE_CHECKING:  # these bring aiohttp's client, and most bots do without
    from generator.serving.far_line import FarLine
    from generator.serving.far_service import FarService

MOST_WORKERS: Final = 4  # unless the operator says otherwise: each needs 120 MB


def open_composer(settings: Settings) -> AbstractAsyncContextManager["Service | FarService"]:
    """Make what composes: here, with the model and engine of the settings, or on other machines.

    Raises:
        FriendlyError: on entering, if the model or the engine cannot be had.
    """
    return _far_composer(settings) if settings.generator_url else _composer_here(settings)


def _composer_here(settings: Settings) -> Service:
    usual = 1 if settings.engine == "keras" else _cores()
    load = partial(open_model, engine=settings.engine)
    return Service(load, settings.model, SystemRandom(), workers=settings.workers or usual)


@asynccontextmanager
async def _far_composer(settings: Settings) -> "AsyncIterator[FarService]":
    from generator.serving.far_service import FarService  # noqa: PLC0415

    embedded = partial(_composer_here, settings) if settings.generator_fallback else None
    async with _line(settings) as line, FarService(line, SystemRandom(), embedded=embedded) as service:
        yield service


async def ask_generator(settings: Settings) -> Facts:
    """Ask the other machines of the settings what they are, as a start does.

    Raises:
        FriendlyError: they cannot be reached.
    """
    async with _line(settings) as line:
        return await _facts(line)


async def _facts(line: "FarLine") -> Facts:
    from generator.serving.far_service import facts_of  # noqa: PLC0415

    try:
        return await facts_of(line)
    except FriendlyError:
        raise FriendlyError(operator.GENERATOR_UNREACHABLE) from None


@asynccontextmanager
async def _line(settings: Settings) -> "AsyncIterator[FarLine]":
    from generator.serving.far_line import FarLine  # noqa: PLC0415

    assert settings.generator_url
    line = FarLine(settings.generator_url, time.monotonic, SystemRandom())
    try:
        yield line
    finally:
        await line.close()


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
        self.opened = renderers.desk.opened
        self.changed = renderers.desk.changed
        self.timeline = renderers.desk.timeline
        self.for_print = renderers.for_print

    @property
    def condition(self) -> str:
        """Return how what reads and draws is, in a word: for the operator."""
        return self._renderers.condition

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
        part: str = "",
        practice: Practice = PLAIN,
        user: str = "",
    ) -> bytes:
        """Make a file of a tune; see :class:`bot.tune_files.Renderer`."""
        return await self._makers[suffix](self._renderers, abc, Look(instrument, dark, part, practice, user))


@asynccontextmanager
async def open_renderer(settings: Settings) -> AsyncIterator[Workshop]:
    """Start the renderers, in processes of their own or on other machines, with a cache on disk.

    Raises:
        FriendlyError: the other machines cannot be reached, and nothing is to be done here.
    """
    url = settings.files_url
    cache = BucketCache(url) if "://" in url else DiskCache(Path(url), CACHE_BYTES)
    async with AsyncExitStack() as stack:
        other = None
        if settings.generator_url:
            line = await stack.enter_async_context(_line(settings))
            other = await _elsewhere(settings, line)
        renderers = Renderers(cache, soundfont=settings.soundfont, workers=_cores(), elsewhere=other)
        yield Workshop(await stack.enter_async_context(renderers))


async def _elsewhere(settings: Settings, line: "FarLine") -> Elsewhere:
    from generator.serving.far_service import elsewhere  # noqa: PLC0415

    here = Renderers(soundfont=settings.soundfont, workers=_cores())  # started by need, desk by desk
    try:
        facts = await _facts(line)
    except FriendlyError:
        if not settings.generator_fallback:
            raise
        facts = here.facts
    return elsewhere(line, facts, here.desks if settings.generator_fallback else None)
