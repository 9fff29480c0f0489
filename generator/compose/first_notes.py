"""The user's own first notes: read, put into the bars of the meter, spelt as the model learnt to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from generator.errors import AbcError, RequestError, quoted
from generator.grammar.canonical import BodyError, first_bars_of
from generator.grammar.lengths import TUPLETS, WHOLE
from generator.grammar.part_marks import PICKUP
from generator.music.abc import writer
from generator.music.dances import Meter
from generator.music.keys import LETTERS, Key
from generator.music.notation import Bar, Note, Pitch
from generator.music.tune import Tune

UNWRITABLE: Final = "Your first notes have an accidental that I can't write in that key; leave it out."
# Chord symbols and the like, !decorations! and fields between brackets.
_NO_NOTES: Final = re.compile(r'"[^"]*"|![^!]*!|\[[A-Za-z]:[^\]]*\]')
# Notes and rests with the signs for decorations (ABC 2.1, 4.14) before them, and anything but letters.
_MUSIC: Final = re.compile(r"(?:[uvTHLMOPS.~]*[\^_=]*[A-Ga-gxzXZ]|[^A-Za-z])*")
_ODD_RHYTHM: Final = "Your first notes have a rhythm that I can't continue; try simpler lengths."


@dataclass(frozen=True, slots=True)
class FirstNotes:
    """First notes that fit a meter.

    Attributes:
        tune: as the user wrote them, in the asked key.
        meter: of the tune to come.
        pickup: ticks of the bar that they begin with, 0 if it is a full one.
    """

    tune: Tune
    meter: Meter
    pickup: int

    def bars(self, tune: Tune, most_bars: int) -> tuple[Bar, ...]:
        """Put these notes into bars of the meter, cut and tied at the bar lines.

        Args:
            tune: the same notes, moved to another key.
            most_bars: that a part has.

        Returns:
            The bars, of which the last one may be incomplete; nothing but pitches and lengths in them.

        Raises:
            RequestError: if they are longer than one part, or not in lengths that can be written.
        """
        full = int(self.meter.bar * WHOLE)
        left, bars = self.pickup or full, [list[Note]()]
        for group, ticks in _groups(self._respelt(tune)):
            if group[0].tuplet and ticks > (left or full):
                raise RequestError("A tuplet of your first notes crosses a bar line; move it into one bar.")
            for note, span, tied in _cut(group, ticks, left, full):
                if not left:
                    left = full
                    bars.append([])
                written = note.written if note.tuplet else Fraction(span, WHOLE)
                length = note.length if note.tuplet else written
                bars[-1].append(Note(note.pitches, length, written, tied, tuplet=note.tuplet))
                left -= 0 if note.tuplet else span
            left -= ticks if group[0].tuplet else 0
        if len(bars) > most_bars - 1:
            raise RequestError(f"Your first notes may be {most_bars - 2} bars at most here; give fewer.")
        return tuple(Bar(tuple(notes), tune.key, self.meter) for notes in bars)

    def _respelt(self, tune: Tune) -> list[Note]:
        """Return the notes of the moved tune with pitches that can be written; of a chord the last one."""
        signature = self.tune.key.signature
        found = []
        for before, note in zip(_notes(self.tune), _notes(tune), strict=True):
            strayed = any(pitch.alter != signature.get(pitch.letter, 0) for pitch in before.pitches[-1:])
            pitches = tuple(self._plain(pitch, tune.key, strayed=strayed) for pitch in note.pitches[-1:])
            found.append(replace(note, pitches=pitches))
        return found

    def _plain(self, pitch: Pitch, key: Key, *, strayed: bool) -> Pitch:
        """Return the same sound without a double accidental, if its neighbours on the staff can show it.

        Args:
            pitch: to be written.
            key: the signature that it is written under; in the end its letters are read in the asked mode.
            strayed: whether the note is outside the scale in the key that was asked for.

        Raises:
            RequestError: if it cannot be written.
        """
        signature, asked = key.signature, Key(key.tonic, self.tune.key.mode).signature
        for step in (pitch.step, pitch.step + 1, pitch.step - 1):
            octave, index = divmod(step, 7)
            letter = LETTERS[index]
            alter = pitch.midi - Pitch(letter, 0, octave).midi
            away = alter - signature.get(letter, 0)
            settled = away or signature.get(letter, 0) == asked.get(letter, 0)
            own = step == pitch.step and not strayed
            if (own or settled) and abs(alter) <= 1 and abs(away) <= 1:
                return Pitch(letter, alter, octave)
        raise RequestError(UNWRITABLE)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a model learnt to spell music.

    Attributes:
        alphabet: the characters that it has.
        unit: length of a bare letter, in whole notes.
        canonical: whether it learnt :mod:`generator.grammar.canonical`; otherwise ABC as people write it.
    """

    alphabet: str
    unit: Fraction
    canonical: bool

    def plain(self, bars: tuple[Bar, ...], *, pickup: bool) -> str:
        """Spell the first bars of a tune so that any reader of ABC takes them.

        Raises:
            RequestError: if they have a length that cannot be written.
        """
        return _canonical(bars, self.unit, pickup=pickup, twice=False, returns=False)

    def first_bars(self, bars: tuple[Bar, ...], *, pickup: bool, twice: bool) -> str:
        """Spell the first bars of a tune as the model learnt to.

        Args:
            bars: see :meth:`FirstNotes.bars`.
            pickup: whether the first bar is one.
            twice: whether the part that they begin is played twice.

        Raises:
            RequestError: if they have a length that cannot be written.
        """
        if not self.canonical:
            return self._beamed(bars, pickup=pickup)
        heard = PICKUP in self.alphabet  # then the sampler writes signs, and what they bring back
        for returns in (
            (False,) if heard else (True, False)
        ):  # a copy sign that the model never met does without
            text = _canonical(bars, self.unit, pickup=pickup, twice=twice, returns=returns)
            if set(text) <= set(self.alphabet):
                break
        return text

    def _beamed(self, bars: tuple[Bar, ...], *, pickup: bool) -> str:
        """Spell bars in one line as our writer of ABC does, with spaces between the beams."""
        key, meter = bars[0].key, bars[0].meter
        text = self.plain(bars, pickup=pickup)
        alone = "|" not in text  # it would be taken for a pickup, and beamed from its end
        before = f"z{meter.bar / self.unit}|" if alone else ""
        tune = Tune.read(f"X:1\nT:start\nM:{meter.abc}\nL:{self.unit}\nK:{key.abc}\n{before}{text}\n")
        if not {"<", ">"} <= set(self.alphabet):
            tune = replace(tune, bars=tuple(map(_without_pairs, tune.bars)))
        music = writer.music(tune.bars, self.unit).replace("\n", "")
        return music.partition("|")[2] if alone else music


def notes_alone(text: str) -> str:
    """Return a user's first notes as they stand, if there is nothing in them but music.

    Raises:
        RequestError: a word is no notes.
    """
    for word in _NO_NOTES.sub(" ", text).split():
        if not _MUSIC.fullmatch(word):
            raise RequestError(f'{quoted(word)} is no music; type something like start="GAB d2e|".')
    return text


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
    pitches = [pitch.midi for note in _notes(tune) for pitch in note.pitches]
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
    return FirstNotes(tune, meter, int(first) if is_pickup and (own_bars or len(lengths) == 1) else 0)


def _canonical(bars: tuple[Bar, ...], unit: Fraction, *, pickup: bool, twice: bool, returns: bool) -> str:
    try:
        return first_bars_of(bars, bars[0].key, unit, pickup=pickup, twice=twice, returns=returns)
    except BodyError as error:
        raise RequestError(_ODD_RHYTHM) from error


def _notes(tune: Tune) -> Iterator[Note]:
    return (note for bar in tune.bars for note in bar.notes)


def _groups(notes: Sequence[Note]) -> Iterator[tuple[Sequence[Note], int]]:
    """Yield single notes and whole tuplets, each with its ticks."""
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
            raise RequestError(_ODD_RHYTHM)
        yield group, int(ticks)
        at += count


def _cut(group: Sequence[Note], ticks: int, left: int, full: int) -> Iterator[tuple[Note, int, bool]]:
    """Yield notes with their ticks and whether a tie follows, cut at the bar lines.

    Args:
        group: one note, or all notes of a tuplet.
        ticks: of them together.
        left: ticks until the next bar line.
        full: ticks of a full bar.
    """
    if group[0].tuplet:
        for note in group:
            yield note, 0, False
        return
    note = group[0]
    while ticks:
        span = min(ticks, left or full)
        ticks, left = ticks - span, (left or full) - span
        yield note, span, bool(note.pitches) and (note.tie or ticks > 0)


def _without_pairs(bar: Bar) -> Bar:
    """Return a bar whose dotted pairs are written out: ``A3/2B/`` for ``A>B``."""
    return replace(bar, notes=tuple(replace(note, broken=0) for note in bar.notes))
