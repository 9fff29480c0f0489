"""A MIDI file holds the notes of the tune as it is played. Read back by symusic, which is not ours."""

from fractions import Fraction

import pytest
from symusic import Score

from generator.music.instruments import INSTRUMENTS
from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from tests.generator.render.tunes import all_tunes, hornpipe, jig, waltz


def read(data: bytes):
    return Score.from_midi(data)


def notes(score, track=0) -> list[tuple[Fraction, Fraction, int]]:
    whole = 4 * score.ticks_per_quarter
    return sorted(
        (Fraction(n.time, whole), Fraction(n.duration, whole), n.pitch) for n in score.tracks[track].notes
    )


def sounding(tune: Tune) -> list[tuple[Fraction, Fraction, int]]:
    return sorted((n.onset, n.length, pitch) for n in tune.played() for pitch in n.pitches)


@pytest.mark.parametrize("tune", all_tunes(), ids=lambda tune: tune.title)
def test_sounds_exactly_the_played_notes(tune):
    assert notes(read(midi_bytes(tune))) == sounding(tune)


def test_is_the_same_file_every_time():
    assert midi_bytes(jig()) == midi_bytes(jig())


def test_says_title_tempo_meter_and_key():
    score = read(midi_bytes(jig()))
    assert score.tempos[0].qpm == pytest.approx(168, rel=1e-4)
    meter, key = score.time_signatures[0], score.key_signatures[0]
    assert (meter.numerator, meter.denominator) == (6, 8)
    assert (key.key, key.tonality) == (1, 0)
    assert b"The Hand-Made Jig" in midi_bytes(jig())


def test_follows_changes_of_key_meter_and_tempo_through_the_repeat():
    tune = waltz()
    score = read(midi_bytes(tune))
    whole = 4 * score.ticks_per_quarter
    meters = [(Fraction(m.time, whole), m.numerator) for m in score.time_signatures]
    once = Fraction(3, 4) * 4 + 1 + 1 + Fraction(3, 4)
    pickup = Fraction(1, 4)
    assert meters == [
        (Fraction(0), 3),
        (pickup + 3, 4),
        (pickup + 5, 3),
        (pickup + once + 3, 4),
        (pickup + once + 5, 3),
    ]
    assert [k.key for k in score.key_signatures] == [-1, 2, -1, 2]
    assert [round(t.qpm) for t in score.tempos] == [144, 90, 144, 90]


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_plays_each_instrument(name):
    assert read(midi_bytes(jig(), name)).tracks[0].program == INSTRUMENTS[name].program


def test_takes_the_tempo_of_the_dance_where_the_tune_says_none():
    assert read(midi_bytes(hornpipe())).tempos[0].qpm == pytest.approx(160, rel=1e-4)


def test_tells_apart_two_equal_notes_in_a_row():
    tune = Tune.read("X:1\nT:x\nM:2/4\nL:1/8\nK:C\nccc2|]\n")
    assert notes(read(midi_bytes(tune))) == sounding(tune)


def test_copes_with_lengths_no_clock_divides():
    tune = Tune.read("X:1\nT:x\nM:4/4\nL:1/8\nK:C\n(7:4:7CDEFGAB c4|(9:8:9CDEFGABcd c/2z/2|]\n")
    assert len(notes(read(midi_bytes(tune)))) == len(sounding(tune))
