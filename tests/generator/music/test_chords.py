"""Every kind of chord against its name, in the one table that all of the house asks."""

import pytest

from generator.grammar.chord_symbols import harmonies
from generator.music.chords import QUALITIES, chord_tones, read_chord
from generator.music.keys import Key
from generator.music.notation import Chord
from generator.music.transposing import under_chord

NOTES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
# As a book of chords has them, root C.
SPELT = {
    "": "C E G", "m": "C Eb G", "7": "C E G Bb", "m7": "C Eb G Bb", "maj7": "C E G B", "dim": "C Eb Gb",
    "dim7": "C Eb Gb A", "m7b5": "C Eb Gb Bb", "aug": "C E Ab", "aug7": "C E Ab Bb", "6": "C E G A",
    "m6": "C Eb G A", "sus2": "C D G", "sus4": "C F G", "7sus4": "C F G Bb", "9": "C E G Bb D",
    "m9": "C Eb G Bb D", "maj9": "C E G B D", "add9": "C E G D", "7b9": "C E G Bb Db", "mmaj7": "C Eb G B",
    "11": "C E G Bb D F", "13": "C E G Bb D A", "5": "C G",
}  # fmt: skip


def test_the_table_and_the_book_know_the_same_kinds() -> None:
    assert SPELT.keys() == QUALITIES.keys()


@pytest.mark.parametrize("quality", QUALITIES)
def test_a_kind_of_chord_has_the_notes_of_its_name(quality: str) -> None:
    assert [NOTES[tone] for tone in chord_tones(Chord("C", quality))] == SPELT[quality].split()
    assert chord_tones(Chord("Eb", quality)) == tuple((t + 3) % 12 for t in chord_tones(Chord("C", quality)))
    assert read_chord(f"C{quality}") == Chord("C", quality)


@pytest.mark.parametrize(("quality", "entry"), [(q, e) for q, e in QUALITIES.items() if e.kind])
def test_musicxml_names_a_kind_that_sounds_the_same(quality: str, entry) -> None:
    from music21.harmony import ChordSymbol

    theirs = ChordSymbol(root="C", kind=entry.kind)
    eleventh = {5} if quality == "13" else set()  # nobody plays it in a thirteenth chord
    assert {pitch.pitchClass for pitch in theirs.pitches} - eleventh == set(chord_tones(Chord("C", quality)))


@pytest.mark.parametrize("quality", QUALITIES)
def test_a_plainer_chord_is_one_that_everybody_knows_and_clashes_with_nothing(quality: str) -> None:
    plainer = QUALITIES[quality].plainer
    if plainer is not None:
        assert QUALITIES[plainer].plainer is None
        assert set(QUALITIES[plainer].tones) <= set(QUALITIES[quality].tones)


@pytest.mark.parametrize("quality", QUALITIES)
def test_a_chord_under_its_own_signature_stays_as_it_is(quality: str) -> None:
    assert under_chord(Chord("G", quality), Key("G"), Key("G")) == Chord("G", quality)


def test_the_chords_that_are_drawn_are_in_the_table() -> None:
    drawn = set(harmonies(1))
    assert {"G", "D7", "Em", "A7", "F#dim", "F#d"} <= drawn
    assert all(read_chord(symbol) for symbol in drawn)
