"""Rendering a tune as sound: one instrument, chords under it, as MP3 or OGG/Opus.

One channel: a phone plays no more, and the encoder takes half the time.
"""

import io
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from generator.music.instruments import ACCOMPANIMENT, DEFAULT_INSTRUMENT, INSTRUMENTS
from generator.music.tune import Tune
from generator.render.accompaniment import accompaniment
from generator.render.clicks import with_clicks
from generator.render.pace import TempoMap, stress, tempo_of
from generator.render.practice import PLAIN, Course, Practice, course
from generator.render.room import in_a_room
from generator.render.soundfont import Soundfont, SoundfontError, find_soundfont
from generator.render.synthesizer import Sounding, Synthesizer
from generator.render.tags import id3

RATE: Final = 48_000  # frames a second; Opus knows no 44,100
PEAK: Final = 10 ** (-1 / 20)  # -1 dBFS
TAIL: Final = 1.0  # seconds after the last note
HEAD: Final = 0.05  # seconds before the first, so that no player swallows its attack
LONGEST: Final = 300.0  # seconds that are played at most
_KILOBITS: Final = 64  # a second, on one channel
_QUALITY: Final = (
    7  # of LAME's 0 (slow) to 9; at this rate as near to the samples as 2, in a fifth of the time
)
_DELAY: Final = 576 + 529  # frames, of LAME and of any decoder
_FADE: Final = 4.0  # seconds of fading out where that cuts a tune short

Samples = npt.NDArray[np.float32]


def sound(
    tune: Tune, instrument: str | None = None, soundfont: Path | None = None, practice: Practice = PLAIN
) -> Samples:
    """Play the tune with its chord symbols, repeats included.

    Args:
        tune: what to play.
        instrument: a name in ``INSTRUMENTS``; None for the fiddle.
        soundfont: the soundfont of the settings; None to look for one.
        practice: how it is played; what is longer than five minutes fades out.

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
    laid = course(tune, practice)
    when = TempoMap.through(laid.tempi)
    notes = list(_notes(tune, instrument or DEFAULT_INSTRUMENT, laid, when))
    music = _mastered(_opened(path).render(notes), notes)
    return with_clicks(music, [(HEAD + when.seconds(each.onset), each.strong) for each in laid.clicks])


def mp3(
    tune: Tune, instrument: str | None = None, soundfont: Path | None = None, practice: Practice = PLAIN
) -> bytes:
    """Render the tune as MP3 with an ID3 tag; arguments as for :func:`sound`."""
    beats = practice.tempi(tempo_of(tune).per_minute)[0]
    return id3(tune, beats) + as_mp3(sound(tune, instrument, soundfont, practice))


def ogg(
    tune: Tune, instrument: str | None = None, soundfont: Path | None = None, practice: Practice = PLAIN
) -> bytes:
    """Render the tune as OGG/Opus, the format of voice messages; arguments as for :func:`sound`."""
    return as_ogg(sound(tune, instrument, soundfont, practice))


@cache
def _opened(path: Path) -> Synthesizer:
    """Open a soundfont once per process, to keep its decoded recordings."""
    return Synthesizer(Soundfont(path), RATE)


def _notes(tune: Tune, instrument: str, laid: Course, when: TempoMap) -> Iterator[Sounding]:
    strong = stress(tune)
    program = INSTRUMENTS[instrument].program
    played, strums = tune.played(), accompaniment(tune)

    def span(onset: Fraction, length: Fraction) -> tuple[float, float]:
        start = when.seconds(onset)
        return HEAD + start, min(LONGEST, when.seconds(onset + length) - start)

    for begins in laid.starts:
        for note in played:
            onset, length = span(begins + note.onset, note.length)
            for pitch in note.pitches:
                if onset < LONGEST:
                    yield Sounding(onset, length, pitch, strong(note.onset), program)
        for strum in strums:
            onset, length = span(begins + strum.onset, strum.length)
            for pitch in strum.pitches:
                if onset < LONGEST:
                    yield Sounding(onset, length, pitch, strum.velocity, ACCOMPANIMENT.program)


def _mastered(dry: Samples, notes: list[Sounding]) -> Samples:
    """Add the room and a tail that fades out; bring the peak to -1 dBFS."""
    over = max((note.onset + note.length for note in notes), default=0.0)
    frames = round((min(over, LONGEST) + TAIL) * RATE)
    padded = np.zeros(frames, np.float32)
    padded[: min(frames, len(dry))] = dry[:frames]
    wet = in_a_room(padded, RATE)
    fade = round((TAIL if over < LONGEST else _FADE) * RATE)
    wet[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
    loudest = float(np.abs(wet).max(initial=0))
    return wet * np.float32(PEAK / loudest) if loudest else wet


def as_mp3(samples: Samples) -> bytes:
    """Encode samples, 48,000 a second, as MP3; five times as fast as libsndfile, which knows no quality.

    The delay of encoder and decoder is cut off the silence at the beginning, as no tag tells a player of it.
    """
    import lameenc  # noqa: PLC0415 - only the worker needs it

    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_bit_rate(_KILOBITS)
    encoder.set_quality(_QUALITY)
    frames = np.round(samples[_DELAY:] * 32767).astype("<i2")
    return bytes(encoder.encode(frames.tobytes()) + encoder.flush())


def as_ogg(samples: Samples) -> bytes:
    """Encode samples, 48,000 a second, as OGG/Opus."""
    import soundfile  # noqa: PLC0415 - only the worker needs it

    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="OGG", subtype="OPUS", compression_level=0.8)
    return file.getvalue()
