"""A tune for one who practises: slower, counted in, with a metronome, faster each time through."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import soundfile
from symusic import Score

from generator.errors import RequestError
from generator.music.tune import Tune
from generator.render import audio
from generator.render.midi import midi_bytes
from generator.render.pace import TempoMap
from generator.render.part_times import timeline
from generator.render.practice import PLAIN, Practice, course
from tests.generator.render.tunes import all_tunes, jig
from tests.generator.render.tunes import waltz as with_changes

PICKUP = "X:1\nT:Up\nM:3/4\nL:1/4\nQ:1/4=120\nK:D\nA|d2 e|f2 e|d2|]\n"
FREE = "X:1\nT:Air\nM:none\nL:1/4\nQ:1/4=60\nK:D\nA d2 e|f2 e d2|]\n"


def read(data: bytes):
    return Score.from_midi(data)


def test_plain_is_the_tune_as_it_is_played():
    for tune in all_tunes():
        laid = course(tune, PLAIN)
        assert (laid.starts, laid.clicks, laid.end) == ((0,), (), tune.total_length)
        assert TempoMap.through(laid.tempi) == TempoMap.of(tune)


def test_what_is_asked_is_read():
    asked = {"tempo": "80", "to": "112", "step": "8", "count": "2", "metronome": "1", "key": "D"}
    assert Practice.of(asked) == Practice(80, 112, 8, 2, metronome=True)
    assert Practice.of({}) == Practice.of({"metronome": "off", "count": "0"}) == PLAIN


@pytest.mark.parametrize(
    "asked",
    [
        {"tempo": "fast"}, {"tempo": "29"}, {"tempo": "301"}, {"tempo": "-80"}, {"tempo": "٨٠"}, {"to": ""},
        {"count": "5"}, {"step": "0"}, {"step": "1e1"}, {"tempo": "9" * 5000},
        {"tempo": "30", "to": "300", "step": "1"},
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_a_sentence(asked):
    with pytest.raises(RequestError):
        Practice.of(asked)


def test_each_time_through_is_faster():
    assert Practice(80, 100, 8).tempi(112) == (80, 88, 96, 100)
    assert Practice(None, 120).tempi(112) == (112, 117, 120)
    assert Practice(120, 100).tempi(112) == (120,)
    assert Practice(30, 300, 1).tempi(112)[-1] < 300  # cut off
    tune = jig()
    score = read(midi_bytes(tune, practice=Practice(80, 96, 8)))
    assert [round(tempo.qpm) for tempo in score.tempos] == [120, 132, 144]
    once = read(midi_bytes(tune)).tracks[0].notes
    assert [note.pitch for note in score.tracks[0].notes] == 3 * [note.pitch for note in once]
    starts = [tempo.time for tempo in score.tempos]
    assert {b - a for a, b in pairwise(starts)} == {int(tune.total_length * 4 * score.ticks_per_quarter)}


def test_tempi_inside_a_tune_keep_their_proportion():
    own = [tempo.qpm for tempo in read(midi_bytes(with_changes())).tempos]
    beats = timeline(with_changes()).beats
    half = [tempo.qpm for tempo in read(midi_bytes(with_changes(), practice=Practice(beats // 2))).tempos]
    assert half == pytest.approx([qpm / 2 for qpm in own], rel=0.02)


def test_a_bar_is_counted_with_what_is_missing_before_a_pickup():
    tune = Tune.read(PICKUP)
    laid = course(tune, Practice(count=1))
    assert laid.starts == (Fraction(5, 4),)
    assert [(click.onset, click.strong) for click in laid.clicks] == [
        (Fraction(at, 4), at in (0, 3)) for at in range(5)
    ]
    score = read(midi_bytes(tune, practice=Practice(count=1)))
    assert score.tracks[0].notes[0].time == 5 * score.ticks_per_quarter
    assert [time.time for time in score.time_signatures] == [0]
    (drums,) = [track for track in score.tracks if track.is_drum]
    assert [note.pitch for note in drums.notes] == [76, 77, 77, 76, 77]
    assert read(midi_bytes(tune)).tracks[0].notes[0].time == 0


def test_the_metronome_clicks_on_every_beat_that_is_played():
    tune = Tune.read(PICKUP)
    clicks = course(tune, Practice(metronome=True)).clicks
    assert [(click.onset, click.strong) for click in clicks] == [
        (Fraction(at, 4), at in (1, 4, 7)) for at in range(9)
    ]
    in_jig = course(jig(), Practice(metronome=True)).clicks
    assert {b.onset - a.onset for a, b in pairwise(in_jig)} == {Fraction(3, 8)}


def test_free_time_is_not_counted():
    assert course(Tune.read(FREE), Practice(count=2, metronome=True)).clicks == ()


def test_the_sound_has_clicks_where_they_belong_and_is_as_loud_as_ever(tmp_path):
    tune = Tune.read(PICKUP)
    plain, counted = audio.sound(tune), audio.sound(tune, practice=Practice(count=1, metronome=True))
    assert len(counted) - len(plain) == pytest.approx(2.5 * audio.RATE, abs=2)
    assert np.abs(counted).max() == pytest.approx(audio.PEAK, abs=1e-3)
    for click in range(5):
        at = round((audio.HEAD + click / 2) * audio.RATE)
        assert np.abs(counted[at : at + 500]).max() > 0.2
        assert np.abs(counted[at + 6000 : at + 20_000]).max() < 0.01
    path = tmp_path / "slow.mp3"
    path.write_bytes(audio.mp3(tune, practice=Practice(60)))
    assert soundfile.info(path).duration == pytest.approx(9 + audio.TAIL, abs=0.2)
    assert b"TBPM\0\0\0\x03\0\0\x0360" in path.read_bytes()


def test_what_goes_round_too_long_fades_out():
    tune = Tune.read("X:1\nT:Long\nM:4/4\nL:1/1\nQ:1/4=60\nK:D\n" + "D|" * 20)
    samples = audio.sound(tune, "piano", practice=Practice(60, 100, 2))
    assert len(samples) == round((audio.LONGEST + audio.TAIL) * audio.RATE)


def test_the_timeline_has_the_bars_and_what_is_counted():
    time = timeline(Tune.read(PICKUP))
    assert time.bars == ((0.0, 1.0), (0.5, 0.0), (2.0, 0.0), (3.5, 0.0))
    assert (time.count, time.beat) == (3, 0.5)
    assert timeline(Tune.read(FREE)).count == 0
    assert timeline(jig()).count == 2
