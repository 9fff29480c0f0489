"""The user's own first notes: read, put into the bars of the meter, written as the model writes."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from generator.errors import AbcError, RequestError, quoted
from generator.grammar.lengths import NOTATABLE, TUPLETS, WHOLE, length_texts
from generator.music.dances import Meter
from generator.music.keys import LETTERS, Key
from generator.music.notation import Note, Pitch
from generator.music.tune import Tune

UNWRITABLE: Final = "Your first notes have an accidental that I can't write in that key; leave it out."
_SIGNS = {-2: "__", -1: "_", 0: "=", 1: "^", 2: "^^"}


@dataclass(frozen=True, slots=True)
class FirstNotes:
    """First notes that fit a meter.

    Attributes:
        tune: as the user wrote them, in the asked key.
        meter: of the tune to come.
        pickup: ticks of the bar that they begin with, 0 if it is a full one.
        closed: whether the user closed the last bar.
    """

    tune: Tune
    meter: Meter
    pickup: int
    closed: bool

    def written(self, tune: Tune, unit: Fraction, most_bars: int) -> str:
        """These notes, moved to another key in ``tune``, as text with its bar lines.

        Raises:
            RequestError: if they are longer than one part, or not in lengths that can be written.
        """
        full = int(self.meter.bar * WHOLE)
        left, text, bars = self.pickup or full, "", 0
        signs = _Signs(tune.key, self.tune.key.mode, self._strayed(tune))
        for group, ticks in _groups(tune):
            if ticks > left and group[0].tuplet:
                raise RequestError("A tuplet of your first notes crosses a bar line; move it into one bar.")
            for note, span, tied in _split(group, ticks, left, full):
                if not left:
                    text, left, bars = text + "|", full, bars + 1
                    signs.bar_line()
                text += signs.text(note) + length_texts(span, int(unit * WHOLE))[0] + ("-" if tied else "")
                signs.tied = tied
                left -= span if not note.tuplet else 0
            left -= ticks if group[0].tuplet else 0
        if bars > most_bars - 2:
            raise RequestError(f"Your first notes may be {most_bars - 2} bars at most here; give fewer.")
        return text + "|" if not left else text

    def _strayed(self, tune: Tune) -> frozenset[int]:
        """Which notes of the moved tune were outside the scale before."""
        signature = self.tune.key.signature
        before = [note for bar in self.tune.bars for note in bar.notes]
        after = [note for bar in tune.bars for note in bar.notes]
        return frozenset(
            id(there)
            for here, there in zip(before, after, strict=True)
            if any(pitch.alter != signature.get(pitch.letter, 0) for pitch in here.pitches[-1:])
        )


def first_notes(text: str, key: Key, meter: Meter, unit: Fraction, low: int, high: int) -> FirstNotes:
    """Read a user's first notes, and see how they lie in the meter.

    Raises:
        RequestError: if they cannot be read, or go beyond the lowest or highest note.
    """
    try:
        tune = Tune.read(f"X:1\nT:start\nM:{meter.abc}\nL:{unit}\nK:{key.abc}\n{' '.join(text.split())}\n")
    except AbcError as error:
        raise RequestError(
            f'I can\'t read {quoted(text)}: {error.reason.rstrip(".")}; type something like start="GAB d2e|".'
        ) from error
    pitches = [pitch.midi for bar in tune.bars for note in bar.notes for pitch in note.pitches]
    if not pitches:
        raise RequestError('There are no notes in your start; type something like start="GAB d2e|".')
    if min(pitches) < low or max(pitches) > high:
        raise RequestError("Your first notes go too low or too high; a fiddle likes G, up to b.")
    if any(bar.endings or bar.repeat_end or bar.changes for bar in tune.bars):
        raise RequestError("Leave repeats and changes out of your first notes; the form comes by itself.")
    lengths = [bar.length * WHOLE for bar in tune.bars]
    full = meter.bar * WHOLE
    first = lengths[0]
    own_bars = all(length == full for length in lengths[1:-1]) and lengths[-1] <= full
    is_pickup = first < full and first <= full / 2 and first % 2 == 0 and tune.bars[0].end != ""
    pickup = int(first) if is_pickup and (own_bars or len(lengths) == 1) else 0
    return FirstNotes(tune, meter, pickup, tune.bars[-1].end != "")


def _groups(tune: Tune) -> Iterator[tuple[list[Note], int]]:
    """Single notes and whole tuplets, each with its ticks."""
    notes = [note for bar in tune.bars for note in bar.notes]
    at = 0
    while at < len(notes):
        tuplet = notes[at].tuplet
        count = tuplet.r if tuplet else 1
        group = notes[at : at + count]
        ticks = sum(note.length for note in group) * WHOLE
        usual = tuplet is None or (
            TUPLETS.get(tuplet.p) == tuplet.q
            and tuplet.r == tuplet.p == len(group)
            and len({note.written for note in group}) == 1
        )
        if ticks.denominator != 1 or not usual:
            raise RequestError("Your first notes have a rhythm that I can't continue; try simpler lengths.")
        yield group, int(ticks)
        at += count


def _split(group: list[Note], ticks: int, left: int, full: int) -> Iterator[tuple[Note, int, bool]]:
    """Notes with their ticks, cut at the bar line and into lengths that one head can show."""
    if group[0].tuplet:
        for note in group:
            yield note, int(note.written * WHOLE), False
        return
    note = group[0]
    pieces = []
    while ticks:
        room = min(ticks, left or full)
        piece = max(n for n in NOTATABLE if n <= room)
        pieces.append(piece)
        ticks, left = ticks - piece, (left or full) - piece
    for index, piece in enumerate(pieces):
        tied = bool(note.pitches) and (note.tie or index < len(pieces) - 1)
        yield note, piece, tied


class _Signs:
    """Writes notes with the accidentals that they need where they now stand."""

    def __init__(self, key: Key, mode: str, strayed: Collection[int]) -> None:
        """Where the letters are read under another signature in the end.

        Args:
            key: that is written.
            mode: in which they are read.
            strayed: ``id`` of the notes that are outside the scale there.
        """
        self._strayed = strayed
        self._signature = key.signature
        self._asked = Key(key.tonic, mode).signature
        self._altered: dict[str, int] = {}  # by letter, as our reader takes it
        self.tied = False

    def bar_line(self) -> None:
        """Forget the accidentals of the bar."""
        self._altered.clear()

    def _plain(self, pitch: Pitch, *, strayed: bool) -> Pitch:
        """The same sound without a double accidental, if its neighbours on the staff can show it."""
        for step in (pitch.step, pitch.step + 1, pitch.step - 1):
            octave, index = divmod(step, 7)
            letter = LETTERS[index]
            alter = pitch.midi - Pitch(letter, 0, octave).midi
            away = alter - self._signature.get(letter, 0)
            settled = away or self._signature.get(letter, 0) == self._asked.get(letter, 0)
            own = step == pitch.step and not strayed
            if (own or settled) and abs(alter) <= 1 and abs(away) <= 1:
                return Pitch(letter, alter, octave)
        return pitch

    def text(self, note: Note) -> str:
        """The letter of a note, with what must stand before it and its octave marks."""
        opening = f"({note.tuplet.p}" if note.tuplet and note.tuplet.index == 0 else ""
        if not note.pitches:
            return opening + "z"
        pitch = self._plain(note.pitches[-1], strayed=id(note) in self._strayed)
        known = self._altered.get(pitch.letter, self._signature.get(pitch.letter, 0))
        sign = "" if pitch.alter == known or self.tied else _SIGNS[pitch.alter]
        self._altered[pitch.letter] = pitch.alter
        if pitch.octave >= 5:
            return opening + sign + pitch.letter.lower() + "'" * (pitch.octave - 5)
        return opening + sign + pitch.letter + "," * (4 - pitch.octave)
