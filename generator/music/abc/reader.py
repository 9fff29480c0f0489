"""Reading an ABC tune: its fields, and the lines of music between them (ABC 2.1, sections 2 and 3)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Final

from generator.errors import AbcError
from generator.music.abc.barlines import close_endings, number_endings
from generator.music.abc.fields import (
    read_key,
    read_meter,
    read_options,
    read_parts,
    read_tempo,
    read_text,
    read_unit,
)
from generator.music.abc.joining import settle_ties
from generator.music.abc.music import MusicReader
from generator.music.abc.words import is_prose
from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.notation import Bar, Tempo
from generator.music.playing import with_starts

MAX_CHARACTERS: Final = 100_000
KEPT: Final = "TCRSOABDNZHFG"
"""Headers that are kept as text: more titles, source, origin, area, book, discography, notes..."""
MAX_KEPT: Final = 40
_FIELD: Final = re.compile(r"([A-Za-z+]):(?![|:])(.*)", re.DOTALL)
_NOTE_TO_SELF: Final = re.compile(r"[H-Z] ")  # a field without its colon
_VOICE: Final = re.compile(r"(\[V:[^\]]*\])")
SEVERAL_VOICES: Final = "This tune has several voices (V:); the first is played."
LYRICS: Final = "The verses below the tune (W:) are left out."
_COMMENT: Final = re.compile(r"(?<!\\)%.*", re.DOTALL)

Lines = list[tuple[int, str]]


@dataclass(slots=True)
class Reading:
    """What was read, before it becomes a tune."""

    title: str = ""
    key: Key = field(default_factory=lambda: Key("C"))
    meter: Meter = field(default_factory=lambda: Meter("none"))
    unit: Fraction = Fraction(1, 8)
    tempo: Tempo | None = None
    rhythm: str = ""
    composer: str = ""
    parts: tuple[str, ...] = ()
    headers: list[tuple[str, str]] = field(default_factory=list)
    bars: tuple[Bar, ...] = ()
    remarks: list[str] = field(default_factory=list)


def tune_lines(text: str) -> Lines:
    """Return the numbered lines of one tune.

    Raises:
        AbcError: if the text is too long, or has several tunes.
    """
    if len(text) > MAX_CHARACTERS:
        raise AbcError(f"this is too long for one tune; send at most {MAX_CHARACTERS:,} characters")
    lines = list(enumerate(_split(text), 1))
    numbers = [number for number, line in lines if line.startswith("X:")]
    if len(numbers) > 1:
        raise AbcError("a second tune begins here; send one tune at a time", numbers[1])
    return _until_empty(lines)


def _until_empty(lines: Lines) -> Lines:
    """Return the lines that are not empty, up to an empty one after music."""
    found: Lines = []
    keyed = in_music = False
    for number, line in lines:
        if line.strip():
            found.append((number, line))
            in_music = in_music or (keyed and line[0] != "%" and not _FIELD.match(line))
            keyed = keyed or line.startswith("K:")
        elif in_music:
            break
    return found


def book_lines(text: str) -> Iterator[Lines]:
    """Yield the numbered lines of each tune of a book, in order.

    A tune begins with its ``X:`` and ends at an empty line after its music, or at the next one's
    ``X:``. Fields before the first tune hold for all (section 2.2.2).
    """
    shared: Lines = []
    tune: Lines = []
    in_tune = in_music = False
    for number, line in enumerate(_split(text), 1):
        if line.startswith("X:"):
            if in_tune:
                yield tune
            in_tune, in_music = True, False
            tune = [*shared, (number, line)]
        elif in_tune:
            if line.strip():
                tune.append((number, line))
                in_music = in_music or line.startswith("K:")
            elif in_music:
                yield tune
                in_tune = in_music = False
        elif not tune and line[:2] in ("M:", "L:", "Q:", "R:", "C:"):
            shared.append((number, line))
    if in_tune:
        yield tune


def _split(text: str) -> list[str]:
    """Lines without their ends; only the ends that a file has, not every separator of Unicode."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


class TuneReader:
    """Reads the lines of one tune."""

    def __init__(self) -> None:
        self.reading = Reading()
        self._unit: Fraction | None = None
        self._order: tuple[str, ...] = ()
        self._other_order: tuple[str, ...] = ()
        self._tempo_text = ""
        self._voice: str | None = None
        self._other_voice = False  # whether another voice than the first one is being read
        self._octaves: dict[str, int | None] = {}  # by voice
        self._continued = False  # whether the line of music goes on in the next line of text
        self._skipping = False  # within a block of other text
        self._music: MusicReader | None = None

    def read(self, lines: Lines) -> Reading:
        """Return the tune that the lines make.

        Raises:
            AbcError: with line and bar.
        """
        if sum(len(line) for _, line in lines) > MAX_CHARACTERS:
            raise AbcError(f"this tune has more than {MAX_CHARACTERS:,} characters", lines[0][0])
        for number, line in lines:
            try:
                self._line(number, line)
            except AbcError as error:
                if error.line is not None:
                    raise
                bar = len(self._music.bars) + 1 if self._music else None
                raise AbcError(error.reason, number, bar) from None
        return self._finish(lines[-1][0] if lines else None)

    def _line(self, number: int, line: str) -> None:
        music = self._music
        if line.startswith("%") or self._skipping:
            self._directive(line)
            return
        if "%" in line:
            line = _COMMENT.sub("", line)
        if music is None:
            if line[1:2] == ":" and line[0].isalpha():
                self._header(line[0], line[2:].strip())
            elif "|" in line and not _NOTE_TO_SELF.match(line):  # other stray lines are passed over
                raise AbcError("the music begins before the key; put a line such as K:G above it", number)
            return
        match = _FIELD.match(line)
        music.line = number
        if match:
            self._inner(match[1], match[2].strip())
            return
        self._music_line(music, line)

    def _music_line(self, music: MusicReader, text: str) -> None:
        """Read a line of music."""
        line = text.rstrip().removesuffix("=20").replace("=3D", "=").rstrip()  # left over from mail
        plain = line.rstrip("=\\")  # an = is how mail breaks a line that goes on
        if "|" not in plain and is_prose(plain):
            self._remark(f"“{plain[:30]}” looks like words, and is left out.")
            return
        if not self._continued:
            music.begin_line()
        self._continued = plain != line
        if self._other_voice or "[V:" in plain:
            self._voices(music, plain)
        else:
            music.read(plain, self._inner)
        if plain == line and not self._other_voice:
            music.end_line()

    def _voices(self, music: MusicReader, line: str) -> None:
        """Read what a line has of the first voice."""
        for piece in _VOICE.split(line):
            if piece.startswith("[V:"):
                self._set_voice(piece[3:-1])
            elif not self._other_voice:
                music.read(piece, self._inner)

    def _directive(self, line: str) -> None:
        """Pass over a comment, and over a block such as ``%%begintext`` up to its end."""
        self._skipping = line.startswith("%%begin") or (self._skipping and not line.startswith("%%end"))

    def _header(self, letter: str, text: str) -> None:
        """Read a field above the music."""
        reading = self.reading
        if letter == "M":
            reading.meter = read_meter(text, self._remark)
        elif letter == "L":
            self._unit = read_unit(text, self._remark)
        elif letter == "Q":
            self._tempo_text = text
        elif letter in "PY":
            self._parts(letter, text)
        elif letter == "V":
            self._set_voice(text)
        elif letter == "K":
            self._begin(text)
        else:
            self._words(letter, read_text(text))

    def _words(self, letter: str, text: str) -> None:
        """Read a field that is text; the first title, composer and rhythm are the tune's."""
        reading = self.reading
        name = {"T": "title", "C": "composer", "R": "rhythm"}.get(letter)
        if name and not getattr(reading, name):
            setattr(reading, name, text)
        elif letter in KEPT and text and len(reading.headers) < MAX_KEPT:
            reading.headers.append((letter, text))

    def _parts(self, letter: str, text: str) -> None:
        order = read_parts(text)
        if order is None:
            self._words("N", read_text(text))
        elif letter == "P":
            self._order = order
        else:
            self._other_order = order

    def _begin(self, text: str) -> None:
        """Begin the music: the key ends the header."""
        reading = self.reading
        field = read_key(text, self._remark)
        reading.unit = self._unit or reading.meter.unit
        if self._tempo_text:
            reading.tempo = read_tempo(self._tempo_text, reading.unit, self._remark)
        self._music = MusicReader(field, reading.meter, reading.unit)
        self._music.remark = self._remark
        if len(self._octaves) == 1:
            self._music.set_octave(next(iter(self._octaves.values())))

    def _remark(self, sentence: str) -> None:
        """Note something that is read otherwise than it stands, or left out, once."""
        if sentence not in self.reading.remarks:
            self.reading.remarks.append(sentence)

    def _set_voice(self, text: str) -> None:
        """Note a voice and its octave; of several, the one whose music comes first is read."""
        name = (text.split() or [""])[0]
        octave = read_options(text, self._remark)[1]
        self._octaves[name] = self._octaves.get(name) if octave is None else octave
        music = self._music
        if music is None:
            return
        if self._voice is None:
            self._voice = "" if music.begun else name
        self._other_voice = name != self._voice
        if self._other_voice:
            self._remark(SEVERAL_VOICES)
        else:
            music.set_octave(self._octaves[name])

    def _inner(self, letter: str, text: str) -> None:
        """Read a field within the music, on its own line or in brackets."""
        music = self._music
        assert music is not None
        if letter == "V":
            self._set_voice(text)
        elif self._other_voice:
            return
        elif letter == "W" or (letter == "w" and not music.set_lyrics(text)):
            self._remark(LYRICS)
        elif letter == "P":
            music.set_part(read_text(text)[:40])
        elif letter == "T":
            self._words(letter, read_text(text))
        else:
            self._change(music, letter, text)

    def _change(self, music: MusicReader, letter: str, text: str) -> None:
        """Change key, meter, unit length or tempo within the music."""
        if letter == "K":
            music.set_key(read_key(text, self._remark))
        elif letter == "M":
            music.set_meter(read_meter(text, self._remark))
        elif letter == "L":
            music.set_unit(read_unit(text, self._remark))
        elif letter == "Q":
            tempo = read_tempo(text, music.unit, self._remark)
            if tempo:
                music.set_tempo(tempo)

    def _finish(self, last: int | None) -> Reading:
        music, reading = self._music, self.reading
        if music is None:
            raise AbcError("there is no key; put a line such as K:G above the music", last)
        drafts = music.finish()
        if not drafts:
            raise AbcError("there are no notes in this tune", last)
        if not any(note.pitches for draft in drafts for note in draft.notes):
            raise AbcError("there are only rests in this tune", last)
        settle_ties(drafts)
        close_endings(drafts)
        if number_endings(drafts):
            close_endings(drafts)  # with their numbers some close earlier
            self._remark("Two endings side by side have the same number; they are played in turn.")
        for draft, after in pairwise(drafts):
            if draft.repeat_end or (after.repeat_start and draft.end != "||"):
                draft.end = "|"
        drafts[-1].end = "|" if drafts[-1].repeat_end else drafts[-1].end
        drafts[-1].line_break = False
        reading.headers.sort(key=lambda pair: pair[0] != "T")
        first = drafts[0]
        first.start = "" if first.repeat_start else first.start
        reading.key, reading.meter = first.key, first.meter
        reading.tempo = music.tempo or reading.tempo
        labels = {draft.part[:1] for draft in drafts}
        order = self._order or self._other_order
        reading.parts = tuple(p for p in order if p in labels)
        if len(reading.parts) < len(order):
            missing = ", ".join(sorted(set(order) - labels))
            self._remark(f"The order of the parts (P:) names {missing}, which the tune has not.")
        if reading.parts not in ((), tuple(dict.fromkeys(d.part[:1] for d in drafts if d.part))):
            order_said = " ".join(reading.parts)
            self._remark(f"The parts sound in the order {order_said}; sheet and MusicXML show each once.")
        reading.bars = with_starts([draft.bar() for draft in drafts])
        return reading


def read_lines(lines: Iterable[tuple[int, str]]) -> Reading:
    """Read the lines of one tune; raises AbcError with line and bar."""
    return TuneReader().read(list(lines))
