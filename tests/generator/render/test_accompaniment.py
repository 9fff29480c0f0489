"""What accompanies a tune are the notes of its chord symbols, each kind of chord as its name says."""

from fractions import Fraction

import pytest

from generator.music.chords import QUALITIES, chord_tones
from generator.music.tune import Chord, Tune
from generator.render.accompaniment import accompaniment
from tests.generator.music.test_chords import NOTES
from tests.generator.render.tunes import air, jig


def classes(tune: Tune) -> set[int]:
    return {pitch % 12 for strum in accompaniment(tune) for pitch in strum.pitches}


@pytest.mark.parametrize("quality", QUALITIES)
def test_every_kind_of_chord_is_played_with_notes_of_its_own(quality):
    played = classes(Tune.read(f'X:1\nT:x\nM:4/4\nL:1/1\nK:C\n"C{quality}"c|c|c|c|]\n'))
    tones = chord_tones(Chord("C", quality))
    assert played <= set(tones)
    assert len(played) == min(4, len(tones))


@pytest.mark.parametrize(
    ("symbol", "heard"),
    [("C7sus4", "C F G Bb"), ("Cmaj9", "C E G B"), ("Cadd9", "C E G D"), ("C5", "C G"), ("C9", "C E G Bb")],
)
def test_a_chord_is_heard_as_it_is_named(symbol, heard):
    played = classes(Tune.read(f'X:1\nT:x\nM:4/4\nL:1/1\nK:C\n"{symbol}"c|c|]\n'))
    assert played == {NOTES.index(name) for name in heard.split()}


def test_the_bass_goes_from_root_to_fifth_and_back_on_a_chord_of_two_notes_too():
    tune = Tune.read('X:1\nT:x\nM:3/4\nL:1/4\nK:C\n"C5"c3|c3|c3|]\n')
    basses = [strum.pitches[0] % 12 for strum in accompaniment(tune) if len(strum.pitches) == 1]
    assert basses == [0, 7, 0]


def test_the_chord_that_stands_goes_on_until_the_next():
    first_bar = [s for s in accompaniment(jig()) if Fraction(1, 8) <= s.onset < Fraction(1, 2)]  # G major
    assert first_bar
    assert {pitch % 12 for strum in first_bar for pitch in strum.pitches} <= {7, 11, 2}


def test_the_slashed_note_is_the_bass():
    bar_four = [s for s in accompaniment(jig()) if s.onset == Fraction(19, 8)]
    assert min(pitch for strum in bar_four for pitch in strum.pitches) % 12 == 6


def test_there_is_none_without_chord_symbols():
    assert accompaniment(air()) == ()
