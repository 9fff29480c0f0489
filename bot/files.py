"""The files of a tune: what each is, and what it is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.reply import Kind


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file.

    Attributes:
        kind: what it is for.
        media_type: as HTTP names it.
        label: as a link to it says.
    """

    kind: Kind
    media_type: str
    label: str


# By suffix; in the order in which a page offers them.
FILES: Final[Mapping[str, FileKind]] = {
    "abc": FileKind("abc", "text/vnd.abc", "ABC"),
    "mid": FileKind("midi", "audio/midi", "MIDI"),
    "mp3": FileKind("audio", "audio/mpeg", "MP3"),
    "ogg": FileKind("audio", "audio/ogg", "OGG"),
    "musicxml": FileKind("musicxml", "application/vnd.recordare.musicxml+xml", "MusicXML"),
    "png": FileKind("picture", "image/png", "Picture"),
    "svg": FileKind("picture", "image/svg+xml", "SVG"),
}
# What goes along with a tune in a chat besides its ABC, the most wanted first.
REPLY_FILES: Final = ("png", "mp3", "mid")


def file_name(title: str) -> str:
    """A file name without suffix that any system takes: ``the-kettle-lid``."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in title.lower()).split()
    return "-".join(words)[:60].strip("-") or "tune"
