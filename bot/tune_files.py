"""What is read and made of a tune, and the files that go along with it, side by side."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol

from bot.files import FileKind
from bot.store import SavedTune
from bot.tune_facts import instrument_of
from generator.errors import FriendlyError
from generator.music.files.opened import OpenedFile
from generator.music.tune_text import TuneText
from generator.render.changes import Change, Changed
from generator.render.part_times import Timeline
from generator.render.practice import PLAIN, Practice

_logger: Final = logging.getLogger(__name__)


class Renderer(Protocol):
    """What reads tunes and makes files of them, away from the event loop."""

    @property
    def suffixes(self) -> frozenset[str]:
        """Return the files that it can make here: ``mid``, ``png``, ``mp3``..."""

    @property
    def edition(self) -> str:
        """Return a short name that changes whenever files may come out otherwise."""

    async def read(self, abc: str, which: int = 1, *, user: str = "") -> TuneText:
        """Read one tune of a paste. Raises FriendlyError, which says where, if it cannot be read."""

    async def opened(self, data: bytes, *, user: str = "") -> OpenedFile:
        """Turn a file that somebody sends into ABC text. Raises FriendlyError, which says why not."""

    async def changed(self, abc: str, change: Change, *, user: str = "") -> Changed:
        """Change the key, the tempo, the title or the chords of a tune."""

    async def timeline(self, abc: str, *, user: str = "") -> Timeline:
        """Return when the parts of a tune are played."""

    async def for_print(self, abc: str, *, user: str = "") -> bytes:
        """Draw the sheet of a tune as PNG, fine enough for paper. Raises FriendlyError."""

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
        """Make a file of a tune.

        Args:
            abc: the tune to show or play.
            suffix: one of ``suffixes``.
            instrument: what plays it, in a file that sounds.
            dark: light ink for a dark page, in a drawing.
            part: for whose players it is written, where it shows notes.
            practice: how it is played, in a file that sounds.
            user: whose turn it takes.
        """


async def make_files(
    renderer: Renderer,
    saved: SavedTune,
    kinds: Sequence[FileKind],
    *,
    user: str,
    patience: float,
    watch: Callable[[str], AbstractContextManager[None]],
) -> list[bytes | None]:
    """Make the files of a reply; None for one that fails or takes too long.

    Args:
        renderer: makes them.
        saved: what they show or play.
        kinds: of file.
        user: whose turn they take.
        patience: seconds that each may take, its turn included.
        watch: a context for each by its suffix, which sees how it ends.
    """

    async def make(kind: FileKind) -> bytes | None:
        if kind.make is None:
            return saved.tune.abc.encode()
        try:
            with watch(kind.suffix):
                async with asyncio.timeout(patience):
                    return await renderer.file(
                        saved.tune.abc, kind.suffix, instrument=instrument_of(saved), user=user
                    )
        except FriendlyError as error:  # logged where it happened
            _logger.warning("no %s for tune %s: %s", kind.suffix, saved.id, error)
            return None
        except Exception:
            _logger.exception("no %s for tune %s", kind.suffix, saved.id)
            return None

    return list(await asyncio.gather(*map(make, kinds)))
