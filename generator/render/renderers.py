"""All renderers behind one asynchronous interface: in worker processes, every file made once."""

import asyncio
import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from generator.errors import RenderError
from generator.render.cache import Cache
from generator.render.fonts import text_fonts
from generator.render.practice import PLAIN, Practice
from generator.render.reading_desk import ReadingDesk
from generator.render.shared_jobs import Make, SharedJobs
from generator.render.workers.pool import Desk, WorkerPool

_logger = logging.getLogger(__name__)

LIMIT: Final = 20.0  # seconds a job may take
PATIENCE: Final = 100.0  # seconds it may wait for its turn
CACHE_BYTES: Final = 200_000_000
_ROOM: Final = Path(__file__).parent
# What decides how a file comes out: the drawing and playing, the meters, chords, keys that they ask.
_SOURCES: Final = (_ROOM, _ROOM.parent / "music")
_LIBRARIES: Final = ("music21", "verovio", "resvg_py", "soundfile", "font-source-serif-pro")
NO_SOUND: Final = "There is no sound here, for want of a soundfont; the MIDI file plays anywhere."


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides how files come out where they are made.

    Attributes:
        edition: sources, libraries and fonts.
        font: path and size of the soundfont; None without sound.
    """

    edition: str
    font: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another place where files are made and tunes are read, and what is known of it."""

    engrave: Desk
    play: Desk
    read: Desk
    facts: Facts


class Renderers:
    """Makes files of tunes, given as ABC; an asynchronous context manager, or to be started and stopped.

    Attributes:
        desk: reads tunes, and has what needs no drawing and no playing.

    Args:
        cache: keeps finished files; None to keep none.
        soundfont: the soundfont of the settings; None to look for one.
        workers: processes that engrave, as many that play, and as many that read.
        limit: seconds a job may take.
        patience: seconds a job may wait for its turn.
        elsewhere: what draws, plays and reads, if that is not these processes.
    """

    def __init__(
        self,
        cache: Cache | None = None,
        *,
        soundfont: Path | None = None,
        workers: int = 1,
        limit: float = LIMIT,
        patience: float = PATIENCE,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._cache = cache
        self._soundfont = soundfont
        self._elsewhere = elsewhere
        self._engravers: Desk = (
            elsewhere.engrave if elsewhere else WorkerPool("engrave", workers, limit=limit, patience=patience)
        )
        self._players: Desk = (
            elsewhere.play if elsewhere else WorkerPool("play", workers, limit=limit, patience=patience)
        )
        self.desk = ReadingDesk(workers, pool=elsewhere.read if elsewhere else None)
        self._jobs: SharedJobs[bytes] = SharedJobs()

    async def start(self) -> None:
        """Begin to start the worker processes, without waiting for them."""
        self.desk.start()
        self._engravers.start()
        if self.has_sound:
            self._players.start()

    async def stop(self) -> None:
        """End the worker processes; jobs in progress fail."""
        await self._jobs.stop()
        await asyncio.gather(self.desk.stop(), self._engravers.stop(), self._players.stop())

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
    def desks(self) -> Mapping[str, Desk]:
        """Return what draws, plays and reads, by name, for those who keep files themselves."""
        return {"engrave": self._engravers, "play": self._players, "read": self.desk.pool}

    @property
    def condition(self) -> str:
        """Return ``ok``, or another word: ``starting`` while no process reads."""
        return self.desk.pool.condition

    @property
    def soundfont(self) -> Path | None:
        """Return the soundfont that was asked for; None for the best that is installed."""
        return self._soundfont

    @property
    def pids(self) -> frozenset[int]:
        """Return the process ids of the workers."""
        return self.desk.pids | self._engravers.pids | self._players.pids

    @cached_property
    def has_sound(self) -> bool:
        """Tell whether there is a soundfont to play with."""
        return self._font is not None

    async def musicxml(self, abc: str, *, part: str = "", user: str = "") -> bytes:
        """Make MusicXML 4.0 in UTF-8, written for a part if one is named.

        Raises:
            RenderError: if it could not be made, or not in time.
        """
        parts = (part,) if part else ()
        make = partial(self._engravers.run, "musicxml", abc, *parts, user=user)
        return await self._kept("musicxml", abc, parts, make)

    async def svg(self, abc: str, *, dark: bool = False, part: str = "", user: str = "") -> bytes:
        """Draw the sheet as SVG in UTF-8, written for a part if one is named.

        Raises:
            RenderError: if it could not be made, or not in time.
        """
        make = partial(self._engravers.run, "svg", abc, user=user, dark=dark, part=part)
        return await self._kept("svg", abc, (dark, part), make)

    async def png(self, abc: str, *, part: str = "", user: str = "") -> bytes:
        """Draw the sheet as PNG, written for a part if one is named.

        Raises:
            RenderError: if it could not be made, or not in time.
        """
        parts = (part,) if part else ()
        make = partial(self._engravers.run, "png", abc, *parts, user=user)
        return await self._kept("png", abc, parts, make)

    async def for_print(self, abc: str, *, user: str = "") -> bytes:
        """Draw the sheet as PNG, fine enough for paper.

        Raises:
            RenderError: if it could not be made, or not in time.
        """
        return await self._kept("print.png", abc, (), partial(self._engravers.run, "print", abc, user=user))

    async def mp3(
        self, abc: str, *, instrument: str | None = None, practice: Practice = PLAIN, user: str = ""
    ) -> bytes:
        """Render the sound as MP3.

        Raises:
            RenderError: if it could not be made, or not in time; at once if there is no soundfont.
        """
        return await self._sound("mp3", abc, instrument, practice, user)

    async def ogg(
        self, abc: str, *, instrument: str | None = None, practice: Practice = PLAIN, user: str = ""
    ) -> bytes:
        """Render the sound as OGG/Opus.

        Raises:
            RenderError: if it could not be made, or not in time; at once if there is no soundfont.
        """
        return await self._sound("ogg", abc, instrument, practice, user)

    async def _sound(
        self, suffix: str, abc: str, instrument: str | None, practice: Practice, user: str
    ) -> bytes:
        if self._font is None:
            raise RenderError(NO_SOUND)
        more = (practice,) if practice != PLAIN else ()
        make = partial(self._players.run, suffix, abc, instrument, self._soundfont, *more, user=user)
        return await self._kept(suffix, abc, (instrument, self._font, *more), make)

    async def _kept(self, suffix: str, abc: str, options: tuple[object, ...], make: Make[bytes]) -> bytes:
        """Return a file from the cache, or make it; requests at the same time share one job.

        A job that nobody waits for any more is dropped, unless it is nearly done.
        """
        text = "\0".join((self._edition, suffix, repr(options), abc))
        name = f"{hashlib.sha256(text.encode()).hexdigest()}.{suffix}"
        return await self._jobs.result(name, partial(self._make, name, make))

    async def _make(self, name: str, make: Make[bytes], *, begun: asyncio.Event) -> bytes:
        if self._cache is None:
            return await make(begun=begun)
        kept = await asyncio.to_thread(self._cache.get, name)
        if kept is not None:
            return kept
        data = await make(begun=begun)
        await asyncio.to_thread(self._cache.put, name, data)
        return data

    @cached_property
    def edition(self) -> str:
        """Return a short name that changes whenever a file may come out otherwise, its sound included."""
        return hashlib.sha256(f"{self._edition} {self._font}".encode()).hexdigest()[:16]

    @cached_property
    def _font(self) -> tuple[str, int] | None:
        """Return path and size of the soundfont, None if there is none that can be read."""
        if self._elsewhere:
            return self._elsewhere.facts.font
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

    @property
    def facts(self) -> Facts:
        """Return what decides here how files come out, for others who have them made here."""
        return Facts(self._edition, self._font)

    @cached_property
    def _edition(self) -> str:
        """Identify what besides the tune decides how a file comes out: our sources, libraries and fonts."""
        if self._elsewhere:
            return self._elsewhere.facts.edition
        digest = hashlib.sha256()
        for path in sources():
            digest.update(path.read_bytes())
        return f"{digest.hexdigest()} {[_version(library) for library in _LIBRARIES]} {text_fonts()}"


def sources() -> Iterator[Path]:
    """Yield our source files that decide how files come out, always in the same order."""
    for folder in _SOURCES:
        yield from sorted(folder.rglob("*.py"))


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
