"""Moving tunes to other keys, modes and octaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.music.keys import LETTERS, MODES, Key
from generator.music.tune import Chord, Tune

KEYS = [
    key
    for mode in MODES
    for letter in LETTERS
    for sign in ("", "#", "b")
    if abs((key := Key(letter + sign, mode)).fifths) <= 7
]
MUSIC = '|:"{i}"cdef gabc\'|"^x"(3gfe ^f=f _e[ce]2 {{^f}}g2:|C,8|'


def tune(key: Key, music: str = MUSIC) -> Tune:
    return Tune.read(f"X:1\nM:4/4\nL:1/8\nK:{key.abc}\n{music.format(i=key.tonic)}\n")


def letters(music: str, key: str) -> str:
    return (
        Tune.read(f"X:1\nM:none\nL:1/8\nK:{key}\n{music}\n").transposed(Key.read("D")).abc().split("\n")[-2]
    )


def test_a_raised_fourth_stays_a_raised_fourth() -> None:
    assert letters("c ^f g|", "C").replace(" ", "") == "d^ga|"
    assert letters("G ^c d =f|", "G").replace(" ", "") == "D^GA=c|"
    assert letters("E =A B _d|", "Eb").replace(" ", "") == "D^GA=c|"


def in_key(key: Key) -> Tune:
    """A tune with notes a semitone off the scale, which no key makes triple sharps of."""
    return tune(Key("C", key.mode)).transposed(key)


@given(st.sampled_from(KEYS), st.sampled_from(KEYS), st.integers(-1, 1))
def test_there_and_back_is_the_same_tune(old: Key, new: Key, octave: int) -> None:
    new = Key(new.tonic, old.mode)
    if abs(new.fifths) > 7:
        new = new.respelled()
    there = in_key(old).transposed(new, octave)
    assert there.key == new
    assert there.transposed(old, -octave) == in_key(old)


@given(st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_every_note_moves_by_the_same_interval_by_the_nearest_letters(old: Key, new: Key) -> None:
    new = Key(new.tonic, old.mode)
    if abs(new.fifths) > 7:
        new = new.respelled()
    before, after = tune(old).played(), tune(old).transposed(new).played()
    moves = {
        y - x for a, b in zip(before, after, strict=True) for x, y in zip(a.pitches, b.pitches, strict=True)
    }
    assert len(moves) == 1
    assert abs(moves.pop()) <= 7
    assert [(n.onset, n.length) for n in before] == [(n.onset, n.length) for n in after]


@given(st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_what_is_transposed_can_be_written_and_read(old: Key, new: Key) -> None:
    new = Key(new.tonic, old.mode)
    if abs(new.fifths) > 7:
        new = new.respelled()
    moved = tune(old).transposed(new)
    assert Tune.read(moved.abc()) == moved


def test_chord_symbols_and_changes_of_key_move_along() -> None:
    moved = tune(Key("G"), '"D7/F#"A4 "Em"B4|[K:Em]"B7"^d8|').transposed(Key("Bb"))
    chords = [note.chord.abc for bar in moved.bars for note in bar.notes if note.chord]
    assert chords == ["F7/A", "Gm", "D7"]
    assert moved.bars[1].key == Key("G", "minor")
    assert moved.bars[1].notes[0].pitches[0].midi == 78


def test_a_change_to_a_key_that_gets_too_many_accidentals_is_respelled() -> None:
    moved = tune(Key("C"), "c8|[K:E]e8|").transposed(Key("F#"))
    assert [bar.key for bar in moved.bars] == [Key("F#"), Key("Bb")]
    assert [bar.notes[0].pitches[0].midi for bar in moved.bars] == [78, 82]


def test_another_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="another mode"):
        tune(Key("G")).transposed(Key("E", "minor"))
    with pytest.raises(ValueError, match="different tonics"):
        tune(Key("G")).under(Key("D", "mixolydian"))


def test_the_same_letters_under_the_neighbour_mode() -> None:
    major = tune(Key("G"), '"G"GABc "D7"d^c=cf|"Bm"f4 "C"g4|')
    mixolydian = major.under(Key("G", "mixolydian"))
    assert [n.pitches[0].midi for bar in mixolydian.bars for n in bar.notes] == [
        67, 69, 71, 72, 74, 73, 72, 77, 77, 79,
    ]  # fmt: skip
    assert [n.chord for bar in mixolydian.bars for n in bar.notes if n.chord] == [
        Chord("G"), Chord("D", "m7"), Chord("B", "dim"), Chord("C"),
    ]  # fmt: skip
    assert mixolydian.key == mixolydian.bars[0].key == Key("G", "mixolydian")


def test_a_raised_sixth_becomes_the_sixth_of_dorian() -> None:
    dorian = tune(Key("A", "minor"), '"Am"A2 "D"^F2 F2 "Dm"f2|"E7"^G8|').under(Key("A", "dorian"))
    assert dorian.abc().split("\n")[-2].replace(" ", "") == '"Am"A2"D"F2F2"D"f2|"E7"^G8|'


def test_a_tune_is_fitted_into_the_reach_of_a_fiddle() -> None:
    assert {n.pitches[0] for n in tune(Key("C"), "C,4 D,4|").fitted().played()} == {60, 62}
    assert {n.pitches[0] for n in tune(Key("C"), "c'4 d'4|").fitted().played()} == {72, 74}
    fits = tune(Key("C"), "G,4 b4|")
    assert fits.fitted() is fits
