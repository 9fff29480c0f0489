"""A MIDI file holds the notes of the tune as it is played. Read back by symusic, which is not ours."""

from fractions import Fraction

import pytest
from symusic import Score

from generator.music.instruments import INSTRUMENTS
from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from tests.generator.render.tunes import air, all_tunes, hornpipe, jig, waltz


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
@pytest.mark.parametrize("chords", [False, True])
def test_sounds_exactly_the_played_notes(tune, chords):
    assert notes(read(midi_bytes(tune, chords=chords))) == sounding(tune)


def test_is_the_same_file_every_time():
    assert midi_bytes(jig(), chords=True) == midi_bytes(jig(), chords=True)


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
    assert read(midi_bytes(jig(), instrument=name)).tracks[0].program == INSTRUMENTS[name].program


def test_plays_as_fast_as_one_asks():
    assert read(midi_bytes(jig(), tempo=60)).tempos[0].qpm == pytest.approx(90, rel=1e-4)


def test_takes_the_tempo_of_the_dance_where_the_tune_says_none():
    assert read(midi_bytes(hornpipe())).tempos[0].qpm == pytest.approx(160, rel=1e-4)


def test_accompanies_with_tones_of_the_chord_that_stands():
    score = read(midi_bytes(jig(), chords=True))
    first_bar = [
        n.pitch % 12
        for n in score.tracks[1].notes
        if 0.5 <= n.time / score.ticks_per_quarter < 2  # after the pickup of an eighth: G major
    ]
    assert first_bar
    assert set(first_bar) <= {7, 11, 2}


def test_puts_the_slashed_note_in_the_bass():
    score = read(midi_bytes(jig(), chords=True))
    bar_four = [n for n in score.tracks[1].notes if n.time == score.ticks_per_quarter * Fraction(19, 2)]
    assert min(n.pitch for n in bar_four) % 12 == 6


def test_has_no_accompaniment_without_chord_symbols():
    assert len(read(midi_bytes(air(), chords=True)).tracks) == 1


def test_tells_apart_two_equal_notes_in_a_row():
    tune = Tune.read("X:1\nT:x\nM:2/4\nL:1/8\nK:C\nccc2|]\n")
    assert notes(read(midi_bytes(tune))) == sounding(tune)


def test_copes_with_lengths_no_clock_divides():
    tune = Tune.read("X:1\nT:x\nM:4/4\nL:1/8\nK:C\n(7:4:7CDEFGAB c4|(9:8:9CDEFGABcd c/2z/2|]\n")
    assert len(notes(read(midi_bytes(tune)))) == len(sounding(tune))
