"""Tunes are read, changed and timed in processes, and never on an event loop."""

from collections import OrderedDict
from functools import partial
from typing import Any, Final, cast

from generator.music.files.opened import OpenedFile
from generator.music.tune_text import TuneText
from generator.render.changes import Change, Changed
from generator.render.medley import Medley
from generator.render.part_times import Timeline
from generator.render.practice import PLAIN, Practice
from generator.render.shared_jobs import SharedJobs
from generator.render.workers.pool import Desk, Sentences, WorkerPool

_LIMIT: Final = 3.0  # seconds; 20,000 characters take less than one, and wait for a core in a crowd
_PATIENCE: Final = 30.0  # seconds to wait for a turn
_KEPT: Final = 512  # results; the longest have some 50 kB

SENTENCES: Final = Sentences(
    slow="That tune takes me too long to read; please send a shorter one.",
    broken="That tune could not be read; please try again.",
    crowded="Many tunes are waiting to be read already; please try again in a minute.",
)


class ReadingDesk:
    """Reads tunes; what was read stays known for a while.

    Attributes:
        pool: what reads them.

    Args:
        workers: processes.
        limit: seconds that one job may take.
        patience: seconds that it may wait for its turn.
        pool: what reads instead, if that is not these processes.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        limit: float = _LIMIT,
        patience: float = _PATIENCE,
        pool: Desk | None = None,
    ) -> None:
        self.pool = pool or WorkerPool("read", workers, limit=limit, patience=patience, sentences=SENTENCES)
        self._jobs: SharedJobs[object] = SharedJobs()
        self._known: OrderedDict[tuple[object, ...], object] = OrderedDict()

    def start(self) -> None:
        """Begin to start the processes; jobs wait until one is ready."""
        self.pool.start()

    async def stop(self) -> None:
        """End the processes; jobs under way fail."""
        await self._jobs.stop()
        await self.pool.stop()

    @property
    def pids(self) -> frozenset[int]:
        """Return the process ids of the workers."""
        return self.pool.pids

    async def read(self, abc: str, which: int = 1, *, user: str = "") -> TuneText:
        """Read one tune of a text as people paste it; see :func:`generator.music.pasted_tune.read_pasted`.

        Raises:
            AbcError: it cannot be read; says where.
            RenderError: it takes too long, or waits too long for its turn.
        """
        return cast("TuneText", await self._answer("read", abc, *([which] if which != 1 else []), user=user))

    async def opened(self, data: bytes, *, user: str = "") -> OpenedFile:
        """Turn a file into ABC text; see :func:`generator.music.files.opened.open_file`.

        Raises:
            FileError: it is no tune, or damaged.
            RenderError: it takes too long, or waits too long for its turn.
        """
        return cast("OpenedFile", await self.pool.run("opened", data, user=user))  # too large to be kept

    async def changed(self, abc: str, change: Change, *, user: str = "") -> Changed:
        """Change a tune; see :func:`generator.render.changes.changed`.

        Raises:
            FriendlyError: likewise.
        """
        return cast("Changed", await self._answer("changed", abc, change, user=user))

    async def timeline(self, abc: str, *, user: str = "") -> Timeline:
        """Return when the parts of a tune are played.

        Raises:
            FriendlyError: likewise.
        """
        return cast("Timeline", await self._answer("timeline", abc, user=user))

    async def medley(self, tunes: tuple[str, ...], *, user: str = "") -> Medley:
        """Play tunes on into each other; see :func:`generator.render.medley.medley`.

        Raises:
            FriendlyError: likewise.
        """
        return cast("Medley", await self._answer("medley", tunes, user=user))

    async def midi(
        self, abc: str, *, instrument: str | None = None, practice: Practice = PLAIN, user: str = ""
    ) -> bytes:
        """Make a Standard MIDI File; see :func:`generator.render.midi.midi_bytes`.

        Raises:
            FriendlyError: likewise.
        """
        return cast(
            "bytes",
            await self._answer(
                "midi", abc, instrument, *([practice] if practice != PLAIN else []), user=user
            ),
        )

    async def _answer(self, *asked: Any, user: str) -> object:
        """Have a job done, given its name and what it needs, unless the answer is known."""
        if asked in self._known:
            self._known.move_to_end(asked)
            return self._known[asked]
        answer = await self._jobs.result(asked, partial(self.pool.run, *asked, user=user))
        self._known[asked] = answer
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return answer
