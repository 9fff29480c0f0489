"""What a sound file says of itself: ID3v2.4 in front of an MP3 (id3.org/id3v2.4.0-frames)."""

from typing import Final

from generator.music.tune import Tune
from generator.render.pace import tempo_of

ARTIST: Final = "Tunesmith"
_UTF_8: Final = b"\x03"


def id3(tune: Tune, beats: int | None = None) -> bytes:
    """Build the tag: title, artist, beats a minute, key.

    TKEY knows major and minor alone, so the comment names the key of any mode.

    Args:
        tune: what the file plays.
        beats: a minute, where it begins; None for the tune's own.
    """
    mode = {"major": "", "minor": "m"}.get(tune.key.mode)
    frames = [
        _text("TIT2", tune.title),
        _text("TPE1", ARTIST),
        _text("TBPM", str(beats or tempo_of(tune).per_minute)),
        _text("TKEY", "" if mode is None else tune.key.tonic + mode),
        _frame("COMM", _UTF_8 + b"eng\0" + f"Key: {tune.key.name}".encode()),
    ]
    body = b"".join(frames)
    return b"ID3\x04\0\0" + _synchsafe(len(body)) + body


def _text(name: str, value: str) -> bytes:
    return _frame(name, _UTF_8 + value.encode()) if value else b""


def _frame(name: str, body: bytes) -> bytes:
    return name.encode() + _synchsafe(len(body)) + b"\0\0" + body


def _synchsafe(number: int) -> bytes:
    """Write a number in four bytes of seven bits each."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
