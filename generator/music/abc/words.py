"""Telling lines of music from lines of words."""

import re
from typing import Final

_QUIET: Final = re.compile(r'"[^"]*"|![^!|\n]{1,60}!|\{[^{}]*\}|\[[A-Za-z]:[^\]]*\]|%.*')
_NO_MUSIC: Final = re.compile(r"[h-tw-y]")  # letters that are neither notes nor bowings
_NOTE: Final = re.compile(r"[A-Ga-gz][,']*\d*/*\d*")
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_STRICT: Final = re.compile(
    r"(?:\^{1,2}|_{1,2}|=)?[A-Ga-gzxZ][,']*\d*/*\d*-?|[|:\[\]]+\d*|[\s(){}.~<>/\\\d,^_=-]|[HLMOPSTuvy](?=[\^_=A-Ga-g(])"
)
_FEW: Final = 3


def is_music(line: str) -> bool:
    """Tell whether a line can be nothing but music: notes and bar lines, and no word among them."""
    plain = _QUIET.sub("", line)
    if not _NOTE.search(plain):
        return False
    rest = _STRICT.sub("", plain)
    notes = len(_NOTE.findall(plain))
    if "|" in plain:
        return len(rest) * 8 <= len(plain) and notes >= 1
    return not rest and notes >= _FEW


def is_prose(line: str) -> bool:
    """Tell whether a line among the music is words: no bar line, no length, and letters that are no notes."""
    if "|" in line or '"' in line or "[" in line:
        return False
    plain = _QUIET.sub("", line)
    words = _WORD.findall(plain)
    strange = sum(len(_NO_MUSIC.findall(word)) for word in words)
    return len(words) > 1 and strange > 1 and 5 * strange >= len(plain.replace(" ", ""))
