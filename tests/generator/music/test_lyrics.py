"""Lyrics under their notes (ABC 2.1, section 5). All words and music here are our own."""

import pytest

from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.musicxml import musicxml

H = "X:1\nT:Try\nM:6/8\nL:1/8\nK:G\n"


def under(music: str, verse: int = 0) -> list[str]:
    notes = [note for bar in Tune.read(H + music).bars for note in bar.notes]
    return [note.lyrics[verse] if len(note.lyrics) > verse else "" for note in notes]


@pytest.mark.parametrize(
    ("music", "words"),
    [
        ("GAB|\nw:one two three", ["one", "two", "three"]),
        ("GAB|\nw: gar-den gate", ["gar-", "den", "gate"]),
        ("GAB|\nw: gar- den gate", ["gar-", "den", "gate"]),
        ("GAB|\nw: gar--den", ["gar-", "", "den"]),
        ("GAB|\nw: oh -my", ["oh", "", "my"]),
        ("GAB|\nw: time__", ["time", "_", "_"]),
        ("GAB|\nw: one * three", ["one", "", "three"]),
        ("GAB|\nw: of~the day", ["of the", "day", ""]),
        (r"GAB|" + "\n" + r"w: half\-way home", ["half-way", "home", ""]),
        ("GAB|d3|e3|\nw: one | two | three", ["one", "", "", "two", "three"]),
        ("GAB|d3|\nw: one two three | four", ["one", "two", "three", "four"]),
        ("GzB|\nw: one two", ["one", "", "two"]),
        ("GAB|\nd3|\nw: low", ["", "", "", "low"]),
        ("GAB|\\\nd3|\nw: one two three four", ["one", "two", "three", "four"]),
        ("GA\nw: one two\nB|\nw:three", ["one", "two", "three"]),
        ("{a}G[GB]A|\nw: one two three four", ["one", "two", "three"]),
    ],
)
def test_each_syllable_stands_under_its_note(music: str, words: list[str]) -> None:
    assert under(music) == words
    tune = Tune.read(H + music)
    assert Tune.read(tune.abc()) == tune
    assert not tune.remarks


def test_verses_stand_below_each_other() -> None:
    music = "GAB|\nw:one two three\nw:four five six\nd3|\nw:seven"
    assert under(music, 0) == ["one", "two", "three", "seven"]
    assert under(music, 1) == ["four", "five", "six", ""]


def test_more_verses_than_fit_are_said() -> None:
    tune = Tune.read(H + "GAB|\n" + "w:one two\n" * 9)
    assert len(tune.bars[0].notes[0].lyrics) == 8
    assert tune.remarks


def test_lyrics_go_with_the_notes_and_can_be_left_out() -> None:
    tune = Tune.read(H + "GAB d2e|\nw:one two three four five")
    moved = tune.transposed(Key("D")).without_chords()
    assert [note.lyrics for note in moved.bars[0].notes] == [note.lyrics for note in tune.bars[0].notes]
    assert "w:" not in tune.without_lyrics().abc()
    assert tune.without_lyrics().played() == tune.played()


def test_lyrics_are_in_the_sheet() -> None:
    text = musicxml(Tune.read(H + "GAB d2e|\nw:gar-den gate, oh_"))
    assert [text.count(f"<syllabic>{joint}<") for joint in ("begin", "end", "single")] == [1, 1, 2]
    assert "<text>gate,</text>" in text
