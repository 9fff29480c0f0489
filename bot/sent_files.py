"""Files that people send in place of pasted text."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.tune_files import Renderer
from generator.errors import FileError
from generator.music.files.opened import EMPTY, MOST_BYTES, SUFFIXES, TOO_LARGE

_NUMBER: Final = re.compile(r"\s*(?:/abc(?:@\w+)?)?\s*(\d{1,3})?\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that somebody sends, not fetched yet.

    Attributes:
        name: as its sender calls it.
        size: in bytes, as the platform says.
        read: fetches it; raises FriendlyError if it cannot be had.
    """

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]

    @property
    def may_be_tune(self) -> bool:
        """Tell whether its name is that of a tune."""
        return self.name.lower().endswith(SUFFIXES)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file comes to.

    Attributes:
        text: what ``/abc`` is given.
        remarks: sentences on what was guessed or left out.
    """

    text: str
    remarks: tuple[str, ...]


def tune_among(files: Sequence[SentFile]) -> SentFile | None:
    """Return the first file whose name is that of a tune; None if there is none."""
    return next((file for file in files if file.may_be_tune), None)


async def take_file(file: SentFile, caption: str, renderer: Renderer, asker: Asker) -> Taken:
    """Fetch a file and turn it into text for ``/abc``; one that is too large is not fetched.

    Args:
        file: what was sent.
        caption: what was said along with it: ``2`` or ``/abc 2`` for the second tune in it.
        renderer: opens it in a process of its own.
        asker: who sent it.

    Raises:
        FriendlyError: it is no tune, or cannot be had.
    """
    if file.size > MOST_BYTES:
        raise FileError(TOO_LARGE)
    if not file.size:
        raise FileError(EMPTY)
    opened = await renderer.opened(await file.read(), user=asker.turn)
    number = _NUMBER.fullmatch(caption)
    which = f"{number[1]} " if number and number[1] else ""
    remarks = opened.remarks if number else (*opened.remarks, texts.CAPTION_LEFT)
    return Taken(which + opened.abc, remarks)
