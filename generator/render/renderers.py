"""All renderers behind one asynchronous interface: in worker processes, every file made once."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from generator.errors import RenderError
from generator.music.tune import Tune
from generator.render.cache import DiskCache
from generator.render.fonts import text_fonts
from generator.render.midi import midi_bytes
from generator.render.workers.pool import WorkerPool

_logger = logging.getLogger(__name__)

LIMIT: Final = 20.0  # seconds a job may take
PATIENCE: Final = 100.0  # seconds it may wait for its turn
_FINISH: Final = 2.0  # seconds that a job under way gets when nobody waits any more: most need less
CACHE_BYTES: Final = 200_000_000
_ROOM: Final = Path(__file__).parent
# What decides how a file comes out: the drawing and playing, the meters, chords, keys that they ask.
_SOURCES: Final = (_ROOM, _ROOM.parent / "music")
_LIBRARIES: Final = ("music21", "verovio", "resvg_py", "soundfile", "font-source-serif-pro")
NO_SOUND: Final = "There is no sound here, for want of a soundfont; the MIDI file plays anywhere."


class _Make(Protocol):
    def __call__(self, *, begun: asyncio.Event) -> Awaitable[bytes]: ...


@dataclass(slots=True)
class _UnderWay:
    """A file that is being made.

    Attributes:
        task: makes it.
        begun: set once a process is at it.
        waiting: how many wait for it.
    """

    task: asyncio.Task[bytes]
    begun: asyncio.Event
    waiting: int = 0


class Renderers:
    """Makes files of tunes; an asynchronous context manager, or to be started and stopped.

    Args:
        cache: keeps finished files; None to keep none.
        soundfont: the soundfont of the settings; None to look for one.
        workers: processes that engrave, and as many that play.
        limit: seconds a job may take.
        patience: seconds a job may wait for its turn.
    """

    def __init__(
        self,
        cache: DiskCache | None = None,
        *,
        soundfont: Path | None = None,
        workers: int = 1,
        limit: float = LIMIT,
        patience: float = PATIENCE,
    ) -> None:
        self._cache = cache
        self._soundfont = soundfont
        self._engravers = WorkerPool("engrave", workers, limit=limit, patience=patience)
        self._players = WorkerPool("play", workers, limit=limit, patience=patience)
        self._under_way: dict[str, _UnderWay] = {}

    async def start(self) -> None:
        """Begin to start the worker processes, without waiting for them."""
        self._engravers.start()
        if self.has_sound:
            self._players.start()

    async def stop(self) -> None:
        """End the worker processes; jobs in progress fail."""
        tasks = [each.task for each in self._under_way.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(self._engravers.stop(), self._players.stop())

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def pids(self) -> frozenset[int]:
        """Return the process ids of the workers."""
        return self._engravers.pids | self._players.pids

    @cached_property
    def has_sound(self) -> bool:
        """Tell whether there is a soundfont to play with."""
        return self._font is not None

    async def midi(self, tune: Tune, *, instrument: str | None = None) -> bytes:
        """Make a Standard MIDI File; see :func:`generator.render.midi.midi_bytes`."""
        # Takes a millisecond or two, and needs no process, so that it works when they do not.
        return await asyncio.to_thread(midi_bytes, tune, instrument)

    async def musicxml(self, tune: Tune, *, user: str = "") -> bytes:
        """Make MusicXML 4.0 in UTF-8.

        Raises:
            RenderError: if it could not be made, or not in time.
        """
        make = partial(self._engravers.run, "musicxml", _bare(tune), user=user)
        return await self._kept("musicxml", tune, (), make)

    async def svg(self, tune: Tune, *, dark: bool = False, user: str = "") -> bytes:
        """Draw the sheet as SVG in UTF-8.

        Raises:
            RenderError: if it could not be made, or not in time.
        """
        make = partial(self._engravers.run, "svg", _bare(tune), user=user, dark=dark)
        return await self._kept("svg", tune, (dark,), make)

    async def png(self, tune: Tune, *, user: str = "") -> bytes:
        """Draw the sheet as PNG.

        Raises:
            RenderError: if it could not be made, or not in time.
        """
        return await self._kept("png", tune, (), partial(self._engravers.run, "png", _bare(tune), user=user))

    async def mp3(self, tune: Tune, *, instrument: str | None = None, user: str = "") -> bytes:
        """Render the sound as MP3.

        Raises:
            RenderError: if it could not be made, or not in time; at once if there is no soundfont.
        """
        return await self._sound("mp3", tune, instrument, user)

    async def ogg(self, tune: Tune, *, instrument: str | None = None, user: str = "") -> bytes:
        """Render the sound as OGG/Opus.

        Raises:
            RenderError: if it could not be made, or not in time; at once if there is no soundfont.
        """
        return await self._sound("ogg", tune, instrument, user)

    async def _sound(self, suffix: str, tune: Tune, instrument: str | None, user: str) -> bytes:
        if self._font is None:
            raise RenderError(NO_SOUND)
        make = partial(self._players.run, suffix, _bare(tune), instrument, self._soundfont, user=user)
        return await self._kept(suffix, tune, (instrument, self._font), make)

    async def _kept(self, suffix: str, tune: Tune, options: tuple[object, ...], make: "_Make") -> bytes:
        """Return a file from the cache, or make it; requests at the same time share one job.

        A job that nobody waits for any more is dropped, unless it is nearly done.
        """
        text = "\0".join((self._edition, suffix, repr(options), tune.abc()))
        name = f"{hashlib.sha256(text.encode()).hexdigest()}.{suffix}"
        job = self._under_way.get(name)
        if job is None:
            begun = asyncio.Event()
            job = _UnderWay(asyncio.create_task(self._make(name, partial(make, begun=begun))), begun)
            self._under_way[name] = job
            job.task.add_done_callback(lambda done: self._finished(name, done))
        job.waiting += 1
        try:
            return await asyncio.shield(job.task)  # the caller may be cancelled, and others wait on
        finally:
            job.waiting -= 1
            if not job.waiting and not job.begun.is_set():
                self._drop(name, job)
            elif not job.waiting and not job.task.done():
                asyncio.get_running_loop().call_later(_FINISH, self._drop, name, job)

    def _drop(self, name: str, job: "_UnderWay") -> None:
        """Stop a job that nobody waits for; who asks for the same file now begins another."""
        if not job.waiting and not job.task.done():
            del self._under_way[name]
            job.task.cancel()

    def _finished(self, name: str, task: asyncio.Task[bytes]) -> None:
        if name in self._under_way and self._under_way[name].task is task:
            del self._under_way[name]
        if not task.cancelled():
            task.exception()  # mark it as seen: perhaps nobody waits any more

    async def _make(self, name: str, make: Callable[[], Awaitable[bytes]]) -> bytes:
        if self._cache is None:
            return await make()
        kept = await asyncio.to_thread(self._cache.get, name)
        if kept is not None:
            return kept
        data = await make()
        await asyncio.to_thread(self._cache.put, name, data)
        return data

    @cached_property
    def edition(self) -> str:
        """Return a short name that changes whenever a file may come out otherwise, its sound included."""
        return hashlib.sha256(f"{self._edition} {self._font}".encode()).hexdigest()[:16]

    @cached_property
    def _font(self) -> tuple[str, int] | None:
        """Return path and size of the soundfont, None if there is none that can be read."""
        from generator.render.soundfont import (  # noqa: PLC0415 - brings numpy
            Soundfont,
            SoundfontError,
            find_soundfont,
        )

        try:
            path = find_soundfont(self._soundfont)
            if path:
                Soundfont(path)
        except SoundfontError as error:
            _logger.warning("%s; replies go without sound", error)
            return None
        if path is None:
            _logger.warning("no soundfont: replies go without sound; pip install pretty_midi brings one")
            return None
        return str(path), path.stat().st_size

    @cached_property
    def _edition(self) -> str:
        """Identify what besides the tune decides how a file comes out: our sources, libraries and fonts."""
        digest = hashlib.sha256()
        for path in sources():
            digest.update(path.read_bytes())
        return f"{digest.hexdigest()} {[_version(library) for library in _LIBRARIES]} {text_fonts()}"


def sources() -> Iterator[Path]:
    """Yield our source files that decide how files come out, always in the same order."""
    for folder in _SOURCES:
        yield from sorted(folder.rglob("*.py"))


def _bare(tune: Tune) -> Tune:
    """Remove how the tune was made: no renderer needs it, and it may not pickle."""
    return replace(tune, origin=None)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
