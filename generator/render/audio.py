"""Sound for a chat: the tune on one instrument, chords under it, as MP3 or OGG/Opus.

One channel: a phone plays no more, and the encoder takes half the time.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from generator.music.instruments import ACCOMPANIMENT, DEFAULT_INSTRUMENT, INSTRUMENTS
from generator.music.playing import played_order
from generator.music.tune import Tempo, Tune
from generator.render.accompaniment import accompaniment
from generator.render.pace import at_tempo, stress, tempi
from generator.render.room import in_a_room
from generator.render.soundfont import Soundfont, SoundfontError, find_soundfont
from generator.render.synthesizer import Sounding, Synthesizer

RATE: Final = 48_000  # frames a second; Opus knows no 44,100
PEAK: Final = 10 ** (-1 / 20)  # -1 dBFS
TAIL: Final = 1.0  # seconds after the last note
HEAD: Final = 0.05  # seconds before the first, so that no player swallows its attack
LONGEST: Final = 300.0  # seconds that are played at most
_FADE: Final = 4.0  # seconds of fading out where that cuts a tune short

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Whole notes to seconds, through changes of tempo.

    Attributes:
        turns: onset in whole notes, the same in seconds, and seconds that a whole note takes from
            there on; ascending.
    """

    turns: tuple[tuple[Fraction, float, float], ...]

    def seconds(self, onset: Fraction) -> float:
        """When something happens."""
        at, start, pace = next(turn for turn in reversed(self.turns) if turn[0] <= onset)
        return start + float(onset - at) * pace


def timeline(tune: Tune) -> Timeline:
    """When every place of the tune is reached as it is played."""
    turns: list[tuple[Fraction, float, float]] = []
    for onset, tempo in _changes(tune):
        start = Timeline(tuple(turns)).seconds(onset) if turns else 0.0
        turns.append((onset, start, 60 / (max(1, tempo.per_minute) * float(tempo.beat))))
    return Timeline(tuple(turns))


def _changes(tune: Tune) -> Iterator[tuple[Fraction, Tempo]]:
    before, now = tempi(tune), Fraction(0)
    tempo: Tempo | None = None
    for index, _ in played_order(tune.bars, tune.parts):
        bar = tune.bars[index]
        inside = [
            (sum((note.length for note in bar.notes[: change.at]), Fraction(0)), change.value)
            for change in bar.changes
            if isinstance(change.value, Tempo) and (index or change.at)
        ]
        for offset, value in ((Fraction(0), before[index]), *inside):
            if value != tempo:
                tempo = value
                yield now + offset, value
        now += bar.length


def sound(
    tune: Tune,
    *,
    instrument: str | None = None,
    tempo: int | None = None,
    chords: bool = True,
    soundfont: Path | None = None,
) -> Samples:
    """The tune as it sounds, repeats included.

    Args:
        tune: what to play.
        instrument: a name in ``INSTRUMENTS``; None for the fiddle.
        tempo: beats a minute, in the beat of its meter; None for the tune's own.
        chords: whether its chord symbols accompany it.
        soundfont: the soundfont of the settings; None to look for one.

    Returns:
        Shape (frames,), 48,000 frames a second, with a peak of -1 dBFS and a second of tail.

    Raises:
        SoundfontError: if there is no soundfont, or not the one that is set.
    """
    path = find_soundfont(soundfont)
    if path is None:
        raise SoundfontError(
            "no soundfont is installed; SOUNDFONT can name one, or pip install pretty_midi brings one"
        )
    tune = at_tempo(tune, tempo)
    notes = list(_notes(tune, instrument or DEFAULT_INSTRUMENT, chords=chords))
    return _mastered(_opened(path).render(notes), notes)


def mp3(tune: Tune, **wishes: object) -> bytes:
    """The tune as MP3; takes what :func:`sound` takes."""
    return written(sound(tune, **wishes), "mp3")  # type: ignore[arg-type]


def ogg(tune: Tune, **wishes: object) -> bytes:
    """The tune as OGG/Opus, as voice messages want it; takes what :func:`sound` takes."""
    return written(sound(tune, **wishes), "ogg")  # type: ignore[arg-type]


@cache
def _opened(path: Path) -> Synthesizer:
    """The synthesizer of a soundfont, once per process: its decoded recordings are worth keeping."""
    return Synthesizer(Soundfont(path), RATE)


def _notes(tune: Tune, instrument: str, *, chords: bool) -> Iterator[Sounding]:
    when, strong = timeline(tune), stress(tune)
    program = INSTRUMENTS[instrument].program

    def span(onset: Fraction, length: Fraction) -> tuple[float, float]:
        start = when.seconds(onset)
        return HEAD + start, min(LONGEST, when.seconds(onset + length) - start)

    for note in tune.played():
        onset, length = span(note.onset, note.length)
        for pitch in note.pitches:
            if onset < LONGEST:
                yield Sounding(onset, length, pitch, strong(note.onset), program)
    for strum in accompaniment(tune) if chords else ():
        onset, length = span(strum.onset, strum.length)
        for pitch in strum.pitches:
            if onset < LONGEST:
                yield Sounding(onset, length, pitch, strum.velocity, ACCOMPANIMENT.program)


def _mastered(dry: Samples, notes: list[Sounding]) -> Samples:
    """In a room, with a second of tail that fades out, as loud as it may be."""
    over = max((note.onset + note.length for note in notes), default=0.0)
    frames = round((min(over, LONGEST) + TAIL) * RATE)
    padded = np.zeros(frames, np.float32)
    padded[: min(frames, len(dry))] = dry[:frames]
    wet = in_a_room(padded, RATE)
    fade = round((TAIL if over < LONGEST else _FADE) * RATE)
    wet[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
    loudest = float(np.abs(wet).max(initial=0))
    return wet * np.float32(PEAK / loudest) if loudest else wet


def written(samples: Samples, kind: Literal["mp3", "ogg"]) -> bytes:
    """Samples, 48,000 a second, as a file."""
    import soundfile  # noqa: PLC0415 - only the worker needs it

    file = io.BytesIO()
    kinds = {"mp3": ("MP3", "MPEG_LAYER_III", 0.6), "ogg": ("OGG", "OPUS", 0.8)}
    form, subtype, compression = kinds[kind]
    soundfile.write(file, samples, RATE, format=form, subtype=subtype, compression_level=compression)
    return file.getvalue()
