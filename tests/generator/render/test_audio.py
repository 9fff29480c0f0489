"""What comes out of the file is the tune: its notes where they belong, at one loudness."""

import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from generator.music.instruments import INSTRUMENTS, read_instrument
from generator.music.tune import Tune
from generator.render import audio
from generator.render.pace import TempoMap
from generator.render.soundfont import Soundfont, SoundfontError, find_soundfont
from tests.generator.render.tunes import air, jig, waltz

RATE = audio.RATE
SCALE = "X:1\nT:Up and Down\nM:4/4\nL:1/4\nQ:1/4=120\nK:D\nD E F A|d2 B z|D3 D|]\n"


def decoded(data: bytes) -> np.ndarray:
    samples, rate = soundfile.read(io.BytesIO(data), always_2d=True)
    assert rate == RATE
    return samples.mean(1)


def pitch_at(samples: np.ndarray, start: float, stop: float, candidates: range = range(48, 90)) -> int:
    """The MIDI note whose fundamental and overtones are strongest in a stretch of sound, in seconds."""
    piece = samples[round(start * RATE) : round(stop * RATE)]
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 17))

    def strength(note: int) -> float:
        base = 440 * 2 ** ((note - 69) / 12) * (1 << 17) / RATE
        peaks = [spectrum[round(base * k * 0.99) : round(base * k * 1.01) + 1].max() for k in range(1, 6)]
        between = [spectrum[round(base * k * 0.99) : round(base * k * 1.01) + 1].max() for k in (0.5, 1.5)]
        return sum(peaks) - 2 * sum(between)

    return max(candidates, key=strength)


def loudness(samples: np.ndarray, start: float, stop: float) -> float:
    piece = samples[round(start * RATE) : round(stop * RATE)]
    return float(np.sqrt((piece**2).mean()))


@pytest.fixture(scope="module")
def scale() -> Tune:
    return Tune.read(SCALE)


@pytest.mark.parametrize("write", [audio.mp3, audio.ogg])
@pytest.mark.parametrize("instrument", ["fiddle", "flute", "piano"])
def test_the_decoded_notes_are_those_of_the_tune(scale, write, instrument):
    samples = decoded(write(scale, instrument=instrument))
    for note in scale.played():
        start = float(note.onset) * 2 + 0.05  # a whole note takes two seconds
        stop = start + min(float(note.length) * 2, 0.5)
        assert pitch_at(samples, start + 0.08, stop) == note.pitches[0]


@pytest.mark.parametrize("instrument", ["banjo", "guitar", "piano", "harp"])
def test_notes_begin_where_they_belong(scale, instrument):
    samples = decoded(audio.mp3(scale, instrument=instrument))
    for note in scale.played()[1:]:
        start = float(note.onset) * 2 + 0.05
        assert loudness(samples, start + 0.01, start + 0.06) > 1.2 * loudness(samples, start - 0.06, start)


@pytest.mark.parametrize("write", [audio.as_mp3, audio.as_ogg])
def test_a_file_is_near_to_its_samples_and_begins_when_they_do(scale, write):
    samples = audio.sound(scale, instrument="piano")
    heard = decoded(write(samples))[: len(samples)]
    error = heard - samples[: len(heard)]
    assert 10 * np.log10((samples**2).sum() / (error**2).sum()) > 15


def test_a_rest_is_quiet_and_the_tail_dies_away(scale):
    samples = decoded(audio.mp3(scale))
    playing = loudness(samples, 2.2, 2.8)
    rest = 3.5 + 0.05  # seven quarters, half a second each
    assert loudness(samples, rest + 0.3, rest + 0.45) < 0.1 * playing
    assert len(samples) / RATE == pytest.approx(6 + 0.05 + audio.TAIL, abs=0.1)
    assert loudness(samples, 6.9, 7.0) < 0.01 * playing


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_every_instrument_is_as_loud_as_may_be_and_never_clips(name):
    samples = audio.sound(air(), instrument=name)
    assert np.abs(samples).max() == pytest.approx(audio.PEAK, abs=1e-4)
    assert loudness(samples, 0.2, 10) > 0.02


@pytest.mark.parametrize("write", [audio.mp3, audio.ogg])
def test_the_decoded_file_does_not_clip(write):
    samples = decoded(write(waltz()))
    assert 0.7 < np.abs(samples).max() < 1


def test_repeats_are_played_and_tempo_is_kept():
    tune = waltz()
    seconds = len(audio.sound(tune)) / RATE
    # a pickup; then twice four bars of three quarters and two of four at 144, one of three at 90
    assert seconds == pytest.approx(0.05 + 60 / 144 + 2 * (20 * 60 / 144 + 3 * 60 / 90) + 1, abs=0.01)


def test_chords_are_heard_under_the_tune():
    tune = Tune.read('X:1\nT:Low\nM:4/4\nL:1/4\nQ:1/4=120\nK:C\n"C"g4|"C"g4|]\n')

    def bass(tune: Tune) -> float:
        samples = audio.sound(tune)
        spectrum = np.abs(np.fft.rfft(samples))
        frequencies = np.fft.rfftfreq(len(samples), 1 / RATE)
        low = spectrum[(frequencies > 60) & (frequencies < 300)].sum()
        return float(low / spectrum.sum())

    assert bass(tune) > 5 * bass(tune.without_chords())


def test_the_same_tune_sounds_the_same_twice():
    assert np.array_equal(audio.sound(jig()), audio.sound(jig()))


def test_an_endless_tune_is_faded_out(scale):
    samples = audio.sound(replace(scale, bars=scale.bars * 60))
    assert len(samples) / RATE == audio.LONGEST + audio.TAIL
    assert loudness(samples, audio.LONGEST + 0.8, audio.LONGEST + 1) < 0.01


def test_the_clock_follows_changes_of_tempo():
    clock = TempoMap.of(waltz())
    onsets = [note.onset for note in waltz().played()]
    assert all(clock.seconds(a) < clock.seconds(b) for a, b in pairwise(onsets))


def test_a_soundfont_that_is_set_is_the_one_that_plays(tmp_path):
    ours = tmp_path / "ours.sf2"
    ours.write_bytes(find_soundfont(None).read_bytes())
    assert find_soundfont(ours) == ours
    with pytest.raises(SoundfontError, match="no file is there"):
        find_soundfont(tmp_path / "none.sf2")


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\x10\0\0\0sfbkLIST\x04\0\0\0INFO", b"x" * 5000])
def test_a_damaged_soundfont_is_one_clear_error(tmp_path, content):
    bad = tmp_path / "bad.sf2"
    bad.write_bytes(content)
    with pytest.raises(SoundfontError, match="no soundfont that can be read"):
        Soundfont(Path(bad))


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Fiddle", "fiddle"), ("violin", "fiddle"), ("tin whistle", "whistle"), ("Pipes", "pipes")],
)
def test_instruments_are_read_as_people_type_them(typed, name):
    assert read_instrument(typed) == name


def test_an_unknown_instrument_names_the_nearest():
    with pytest.raises(Exception, match="did you mean banjo"):
        read_instrument("bango")
