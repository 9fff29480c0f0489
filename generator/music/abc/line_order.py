"""Putting the signs of a line of music where the standard has them, before it is read."""

import re
from typing import Final

from generator.music.abc.fields import Remark
from generator.music.abc.strict import is_word

TWO_VOICES: Final = "Of two voices in a bar (&) the first is played."
# What is not touched: quoted text, signs and fields.
_CLOSED: Final = r'"[^"]*"|![^!|\n]{1,60}!|\[[A-Za-z]:[^\]]*\]'
_APART: Final = re.compile(r"[A-Ga-gzx][,']*[ \t]+[\d/]")
_LENGTH_APART: Final = re.compile(rf"{_CLOSED}|([A-Ga-gzx][,']*)[ \t]+(\d+/*\d*|/+\d*)(?![,-]?\d)")
_EARLY: Final = re.compile(r"[\^_=][!\"{]")
_EARLY_SIGN: Final = re.compile(
    rf"(?<![\^_=])(\^{{1,2}}|_{{1,2}}|=)((?:![^!\s|]{{1,24}}!|\"[^\"]*\"|\{{[^{{}}]*\}})+)(?=[A-Ga-g])|{_CLOSED}"
)
_OVERLAY: Final = re.compile(rf"{_CLOSED}|&(?:{_CLOSED}|[^|\":]|:(?!\|))*")
_WORDY: Final = re.compile(r"[h-tw-y][a-z]|[A-Za-z][h-tw-y]")
_WORDS: Final = re.compile(rf"{_CLOSED}|\{{[^{{}}]*\}}|[^\s\"!]+")


def in_order(text: str, remark: Remark) -> str:
    """Return a line with lengths at their notes and accidentals last; of two voices the first, and no words.

    Args:
        text: a line of music, without its comment.
        remark: takes a sentence about what is left out.
    """
    if "&" in text:
        plain = _OVERLAY.sub(lambda match: "" if match[0][0] == "&" else match[0], text)
        if plain != text:
            remark(TWO_VOICES)
            text = plain
    if _APART.search(text):
        text = _LENGTH_APART.sub(lambda match: match[1] + match[2] if match[1] else match[0], text)
    if _WORDY.search(text):
        text = _WORDS.sub(lambda match: _no_word(match, remark), text)
    if _EARLY.search(text):
        text = _EARLY_SIGN.sub(lambda match: match[2] + match[1] if match[1] else match[0], text)
    return text


def _no_word(match: re.Match[str], remark: Remark) -> str:
    """Leave out a word of a language."""
    if not is_word(match[0]):
        return match[0]
    remark(f"“{match[0][:30]}” looks like words, and is left out.")
    return ""
