"""The files of a tune: one entry for each kind says all there is to know of it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from generator.render.practice import PLAIN, Practice
from generator.render.renderers import Renderers

PICTURE: Final = "picture"
AUDIO: Final = "audio"


@dataclass(frozen=True, slots=True)
class Look:
    """How a file is to be made, where there is a choice.

    Attributes:
        instrument: what plays it, in a file that sounds; None for the tune's own.
        dark: light ink for a dark page, in a drawing.
        part: for whose players it is written, where it shows notes; empty for concert pitch.
        practice: how it is played, in a file that sounds.
        user: whose turn it takes.
    """

    instrument: str | None = None
    dark: bool = False
    part: str = ""
    practice: Practice = PLAIN
    user: str = ""


Make = Callable[[Renderers, str, Look], Awaitable[bytes]]
"""Makes a file of a tune, given as ABC."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file.

    Attributes:
        suffix: of its name, without the dot.
        role: what it is to those who show it: ``picture``, ``audio``, or its own name.
        media_type: as HTTP names it.
        label: as a link to it says.
        make: makes one; None for the ABC text, which the core has.
        chat_place: its place among the files that go along with a tune in a chat; None if it does not.
        offered: whether the tune's page offers it to download, and chats among the files to take along.
    """

    suffix: str
    role: str
    media_type: str
    label: str
    make: Make | None = None
    chat_place: int | None = None
    offered: bool = True

    @property
    def sounds(self) -> bool:
        """Tell whether a player plays it, for which there must be a soundfont."""
        return self.role == AUDIO

    @property
    def draws(self) -> bool:
        """Tell whether it shows the sheet music."""
        return self.role == PICTURE


def file_table(kinds: Iterable[FileKind]) -> Mapping[str, FileKind]:
    """Put kinds of files into a table by suffix."""
    return MappingProxyType({kind.suffix: kind for kind in kinds})


def in_chats(kinds: Iterable[FileKind]) -> list[FileKind]:
    """List the kinds that go along with a tune in a chat, in their order."""
    placed = [(kind.chat_place, kind) for kind in kinds if kind.chat_place is not None]
    return [kind for _, kind in sorted(placed, key=lambda pair: pair[0])]


# In the order in which a page offers them.
FILES: Final = file_table(
    (
        FileKind("abc", "abc", "text/vnd.abc", "ABC", chat_place=0),
        FileKind(
            "mid", "midi", "audio/midi", "MIDI",
            lambda renderers, abc, look: renderers.desk.midi(
                abc, instrument=look.instrument, practice=look.practice, user=look.user
            ),
            chat_place=3,
        ),
        FileKind(
            "mp3", AUDIO, "audio/mpeg", "MP3",
            lambda renderers, abc, look: renderers.mp3(
                abc, instrument=look.instrument, practice=look.practice, user=look.user
            ),
            chat_place=2,
        ),
        FileKind(
            "ogg", AUDIO, "audio/ogg", "OGG",
            lambda renderers, abc, look: renderers.ogg(
                abc, instrument=look.instrument, practice=look.practice, user=look.user
            ),
            offered=False,
        ),
        FileKind(
            "musicxml", "musicxml", "application/vnd.recordare.musicxml+xml", "MusicXML",
            lambda renderers, abc, look: renderers.musicxml(abc, part=look.part, user=look.user),
        ),
        FileKind(
            "png", PICTURE, "image/png", "Picture",
            lambda renderers, abc, look: renderers.png(abc, part=look.part, user=look.user), chat_place=1,
        ),
        FileKind(
            "svg", PICTURE, "image/svg+xml", "SVG",
            lambda renderers, abc, look: renderers.svg(abc, dark=look.dark, part=look.part, user=look.user),
            offered=False,
        ),
    )
)  # fmt: skip


# Words that are too long for a message.
TEXT: Final = FileKind("txt", "text", "text/plain", "Text")


def file_name(title: str) -> str:
    """Make a file name without suffix that any system takes: ``the-kettle-lid``."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in title.lower()).split()
    return "-".join(words)[:60].strip("-") or "tune"
