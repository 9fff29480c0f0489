"""A tune that stays itself in another key, faster or slower, without its chords, under another title."""

from dataclasses import dataclass, replace

from generator.music.keys import Key
from generator.music.tune import Tune
from generator.music.tune_text import TuneText
from generator.render.pace import at_pace, at_tempo, tempo_of
from generator.render.written_parts import written


@dataclass(frozen=True, slots=True)
class Change:
    """What is wanted of a tune.

    Attributes:
        key: another one of the same mode; None for its own.
        title: None for its own.
        tempo: beats a minute; None for its own.
        pace: ``slow`` or ``fast``, compared to how it goes; None as it goes. Gives way to a tempo.
        chords: whether its chords stay.
        part: for whose players it is written, a name in ``PARTS``; empty for concert pitch.
    """

    key: Key | None = None
    title: str | None = None
    tempo: int | None = None
    pace: str | None = None
    chords: bool = True
    part: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """A tune that was changed.

    Attributes:
        tune: as text.
        tempo: beats a minute that were set; None if none were.
        chords: whether it had chords.
    """

    tune: TuneText
    tempo: int | None
    chords: bool


def changed(abc: str, change: Change) -> Changed:
    """Change a tune.

    Args:
        abc: the tune; it comes back as it is written where nothing changes.
        change: what is wanted.

    Raises:
        AbcError: it cannot be read.
    """
    old = tune = Tune.read(abc)
    if change.key is not None and change.key != tune.key:
        tune = tune.transposed(change.key).fitted()
    if change.title is not None:
        tune = replace(tune, title=change.title)
    tempo = change.tempo
    if tempo is None and change.pace is not None:
        now = tempo_of(tune)
        tempo = at_pace(round(now.per_minute * now.beat / tune.meter.beat), change.pace)
    tune = at_tempo(tune, tempo)
    chords = any(note.chord for bar in tune.bars for note in bar.notes)
    if chords and not change.chords:
        tune = tune.without_chords()
    tune = written(tune, change.part)
    text = TuneText.of(tune)
    return Changed(replace(text, abc=abc) if tune == old else text, tempo, chords)
