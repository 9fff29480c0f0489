"""Pasted text, made plain: the tunes in it as lines that the reader takes."""

import re
from dataclasses import dataclass, field
from typing import Final

from generator.errors import AbcError
from generator.music.abc.habits import plain_habits
from generator.music.abc.one_line import is_joined, parted
from generator.music.abc.typography import plain_field, plain_music, plain_text
from generator.music.abc.words import is_music, is_prose
from generator.music.abc.wrapping import END, Lines, unwrapped

_MARKS: Final = re.compile(
    r"(?:[-*•+]\s+)?(\*\*|__|\*|`|_(?=.*_$))?\s*([A-Za-z]|[A-Z][A-Za-z -]{2,20}?)\s?(?:\1)?\s?[:：]"
    r"\s?(?:\1)?(?![|:\]])(.*)"
)
_NAMED: Final = re.compile(r"\s*([A-Za-z][A-Za-z -]{2,20}?)\s?[:：]\s*(.*)")
_FIELD: Final = re.compile(r"([A-Za-z])[ ]?[:：][ ]*(?![|:\]])(.*)", re.DOTALL)
_FIELD_INSIDE: Final = re.compile(r"\s[HI-Zwsmr]:(?![|:])")
_NAMES: Final = {
    "title": "T", "name": "T", "tune": "T", "key": "K", "key signature": "K", "meter": "M", "metre": "M",
    "time": "M", "time signature": "M", "length": "L", "note length": "L", "unit": "L", "unit length": "L",
    "unit note length": "L", "default note length": "L", "default length": "L", "rhythm": "R", "type": "R",
    "composer": "C", "tempo": "Q", "origin": "O", "source": "S", "notes": "N", "transcription": "Z",
    "transcriber": "Z", "number": "X", "index": "X", "reference": "X",
}  # fmt: skip
_WORDS: Final = frozenset("TCROSABDNZHFGWw")  # fields that are words, whose typography stays
_RAISED: Final = frozenset("xtmlqkrcp")  # small letters that are meant for capitals above the music
_COMMENT: Final = re.compile(r"(?<!\\)%.*")
_NEW_TUNE: Final = frozenset("XT")


@dataclass(slots=True)
class PastedTune:
    """One tune of a paste.

    Attributes:
        lines: numbered as in the paste.
        title: the first one; ``""`` if it has none.
        keyed: whether a ``K:`` stands above its music.
        remarks: sentences on what was read otherwise than it stands, or left out.
    """

    lines: Lines = field(default_factory=list)
    title: str = ""
    keyed: bool = False
    music: bool = False
    remarks: list[str] = field(default_factory=list)

    def remark(self, sentence: str) -> None:
        """Note a sentence once."""
        if sentence and sentence not in self.remarks:
            self.remarks.append(sentence)


def pasted_tunes(text: str) -> list[PastedTune]:
    """Return the tunes of a pasted text; at most one of them may be without notes, if it is the only one."""
    reader = _Paste()
    lines = unwrapped(plain_text(text))
    alone = sum(line not in ("", END) for _, line in lines) == 1
    for number, line in lines:
        joined = is_joined(line) if alone else line[:2] != "w:" and is_joined(_COMMENT.sub("", line))
        if joined or (alone and "|" in line and (_FIELD_INSIDE.search(line) or line[:2] in ("K:", "k:"))):
            reader.take_joined(number, line)
        else:
            reader.take(number, line)
    reader.end()
    return reader.tunes


class _Paste:
    """Takes the lines of a paste one by one."""

    def __init__(self) -> None:
        self.tunes: list[PastedTune] = []
        self._tune = PastedTune()
        self._ended = False  # an empty line came after music: the rest is no more of it
        self._block = False  # between %%begintext and %%endtext

    def end(self) -> None:
        """End the tune that is open."""
        tune = self._tune
        if tune.music or (not self.tunes and tune.lines):
            self.tunes.append(tune)
        self._tune, self._ended = PastedTune(), False

    def take(self, number: int, line: str) -> None:
        """Take a line of a paste."""
        tune = self._tune
        if line in ("", END):
            self._ended = self._ended or tune.music
            if line == END and not tune.music:
                tune.lines.clear()
            return
        if line.startswith("%"):
            self._directive(number, line)
            return
        if self._block:
            return
        letter, text = self._field(line)
        if letter:
            self._take_field(number, letter, text)
        else:
            self._take_music(number, line)

    def take_joined(self, number: int, line: str) -> None:
        """Take a line that is several."""
        try:
            pieces, remarks = parted(line, keyed=self._tune.keyed and not self._ended)
        except AbcError as error:
            raise AbcError(error.reason, number) from None
        for piece in pieces:
            self.take(number, piece)
        for sentence in remarks:
            self._tune.remark(sentence)

    def _directive(self, number: int, line: str) -> None:
        if line.startswith("%%begin"):
            self._block = True
        elif line.startswith("%%end"):
            self._block = False
        elif not self._ended:
            self._tune.lines.append((number, line))

    def _field(self, line: str) -> tuple[str, str]:
        """Return letter and text of a field, whatever marks stand around its letter; else two empty texts."""
        in_music = self._tune.music and not self._ended
        match = _FIELD.match(line)
        if match is None and line[0] in "*_`-•+":
            match = _MARKS.match(line)
            if match and len(match[2]) > 1 and match[2].lower() not in _NAMES:
                match = None
            if match:
                letter = match[2] if len(match[2]) == 1 else _NAMES[match[2].lower()]
                text = match[3].strip()
                return letter.upper() if not in_music else letter, text.removesuffix(match[1] or "\0").strip()
        if match is None and not in_music:
            named = _NAMED.match(line)
            if named and named[1].lower() in _NAMES:
                return _NAMES[named[1].lower()], named[2].strip()
        if match is None:
            return "", ""
        letter = match[1]
        if letter in _RAISED and not self._tune.keyed:
            letter = letter.upper()
        elif letter == "k":
            letter = "K"
        return letter, match[2].strip()

    def _take_field(self, number: int, letter: str, text: str) -> None:
        tune = self._tune
        if letter == "X" and (tune.music or tune.keyed):
            self.end()
        elif self._ended and letter not in _NEW_TUNE:
            if letter in "KMLPVQ":
                tune.remark(_AFTER_EMPTY)
            return
        elif self._ended:
            self.end()
        tune = self._tune
        if letter not in _WORDS:
            text = plain_field(text)
        if letter == "T":
            tune.title = tune.title or _COMMENT.sub("", text).strip()
        tune.keyed = tune.keyed or (letter == "K" and not tune.music)
        tune.lines.append((number, f"{letter}:{text}"))

    def _take_music(self, number: int, line: str) -> None:
        tune = self._tune
        plain, said = plain_music(line)
        if self._ended:
            if is_music(plain):
                tune.remark(_AFTER_EMPTY)
            return
        if not tune.music and not tune.keyed and not is_music(plain):
            return  # words before the tune
        if is_prose(plain):
            tune.remark(f"“{line[:30]}” looks like words, and is left out.")
            return
        tune.remark(said)
        plain = plain_habits(plain, tune.remark)
        tune.music = True
        tune.lines.append((number, plain))


_AFTER_EMPTY: Final = "An empty line ends a tune; take it out to hear what stands below it, too."
