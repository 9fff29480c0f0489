"""What ABC text means, one sign at a time. All music here is our own."""

from fractions import Fraction

import pytest

from generator.errors import AbcError
from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.tune import Chord, Tempo, Tune, read_tunes

EIGHTH = Fraction(1, 8)


def tune(music: str, key: str = "C", meter: str = "4/4", unit: str = "1/8", more: str = "") -> Tune:
    return Tune.read(f"X:1\nT:Test\nM:{meter}\nL:{unit}\n{more}K:{key}\n{music}\n")


def midi(music: str, **header: str) -> list[int]:
    return [p.midi for bar in tune(music, **header).bars for note in bar.notes for p in note.pitches]


def lengths(music: str, **header: str) -> list[Fraction]:
    """In eighths."""
    return [note.length / EIGHTH for bar in tune(music, **header).bars for note in bar.notes]


def test_headers_are_read_and_kept() -> None:
    read = Tune.read(
        "X:7\nT:The Long Pier\nT:An Old Tide\nC:Trad\nR:jig\nS:a neighbour\nM:6/8\nL:1/8\nQ:3/8=112\n"
        "K:Edor % comment\nEFG|\n"
    )
    assert (read.title, read.composer, read.rhythm) == ("The Long Pier", "Trad", "jig")
    assert read.headers == (("T", "An Old Tide"), ("S", "a neighbour"))
    assert (read.key, read.meter, read.unit) == (Key("E", "dorian"), Meter("6/8"), EIGHTH)
    assert read.tempo == Tempo(Fraction(3, 8), 112)


@pytest.mark.parametrize(
    ("meter", "unit"), [("2/4", Fraction(1, 16)), ("3/4", EIGHTH), ("C|", EIGHTH), ("7/8", EIGHTH)]
)
def test_without_unit_length_the_meter_decides(meter: str, unit: Fraction) -> None:
    assert Tune.read(f"X:1\nM:{meter}\nK:C\nA|").unit == unit


@pytest.mark.parametrize(
    ("meter", "bar"), [("7/8", (7, 8)), ("(2+3)/8", (5, 8)), ("C", (1, 1)), ("5/4", (5, 4))]
)
def test_any_real_meter_is_read(meter: str, bar: tuple[int, int]) -> None:
    assert tune("A|", meter=meter).meter.bar == Fraction(*bar)


def test_octaves_and_accidentals() -> None:
    assert midi("C, C c c' ^F _B =f __e ^^g") == [48, 60, 72, 84, 66, 70, 77, 74, 81]


def test_an_accidental_holds_to_the_bar_line_in_every_octave() -> None:
    assert midi("^F F f|F", key="C") == [66, 66, 78, 65]


def test_an_accidental_goes_with_a_tie_over_the_bar_line_and_no_further() -> None:
    assert midi("^FEDF-|FEDF") == [66, 64, 62, 66, 66, 64, 62, 65]
    assert midi("[^Fc]2-|[Fc]2F2") == [66, 72, 66, 72, 65]
    assert midi("^F2-|=F2") == [66, 65]
    assert [note.length / EIGHTH for note in tune("^FEDF-|FEDC").played()][3] == 2


def test_the_key_signature_alters_and_a_natural_undoes_it() -> None:
    assert midi("F =F F|F", key="G") == [66, 65, 65, 66]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("D =c", [66, 72]),
        ("D exp ^f", [66, 72]),
        ("Hp", [66, 73]),
        ("none", [65, 72]),
        ("A Mixolydian", [66, 73]),
    ],
)
def test_keys_with_single_accidentals_and_by_name(key: str, expected: list[int]) -> None:
    assert midi("F c", key=key) == expected


def test_lengths_in_every_spelling() -> None:
    assert lengths("A A2 A/ A/2 A// A3/2 A/4 A3/4") == [
        1, 2, Fraction(1, 2), Fraction(1, 2), Fraction(1, 4), Fraction(3, 2), Fraction(1, 4), Fraction(3, 4),
    ]  # fmt: skip


def test_broken_rhythm() -> None:
    assert lengths("A>B c<d e>>f") == [
        Fraction(3, 2), Fraction(1, 2), Fraction(1, 2), Fraction(3, 2), Fraction(7, 4), Fraction(1, 4),
    ]  # fmt: skip


def test_tuplets_take_the_time_that_the_standard_gives_them() -> None:
    assert sum(lengths("(3ABc")) == 2
    assert sum(lengths("(2AB", meter="6/8")) == 3
    assert sum(lengths("(4ABcd", meter="6/8")) == 3
    assert sum(lengths("(5ABcde", meter="9/8")) == 3
    assert sum(lengths("(5ABcde")) == 2
    assert lengths("(3:2:4ABcde") == [Fraction(2, 3)] * 4 + [1]


def test_broken_rhythm_within_a_tuplet() -> None:
    first, second, third = tune("(3A>Bc").bars[0].notes
    assert (first.length, second.length, third.length) == (EIGHTH, EIGHTH / 3, EIGHTH * 2 / 3)
    assert (first.written, second.written) == (EIGHTH * 3 / 2, EIGHTH / 2)
    assert [n.tuplet.index for n in (first, second, third) if n.tuplet] == [0, 1, 2]


def test_chords_have_the_length_of_their_first_note() -> None:
    note = tune("[CEG]2 [c2e2]").bars[0].notes
    assert [p.midi for p in note[0].pitches] == [60, 64, 67]
    assert (note[0].length, note[1].length) == (2 * EIGHTH, 2 * EIGHTH)


def test_rests_of_notes_and_of_bars() -> None:
    read = tune("z2 A2 x4|Z2|A8|")
    assert [bar.length for bar in read.bars] == [1, 1, 1, 1]
    assert all(note.is_rest for bar in read.bars[1:3] for note in bar.notes)


@pytest.mark.parametrize(
    ("text", "chord"),
    [
        ("Am7", Chord("A", "m7")),
        ("D/f+", Chord("D", "", "F#")),
        ("Bbm/bb", Chord("Bb", "m")),
        ("(E7)", Chord("E", "7")),
        ("F#d", Chord("F#", "dim")),
        ("Gmaj7", Chord("G", "maj7")),
    ],
)
def test_chord_symbols_in_the_ways_people_write_them(text: str, chord: Chord) -> None:
    assert tune(f'"{text}"A').bars[0].notes[0].chord == chord


def test_other_text_over_a_note_is_no_chord() -> None:
    note = tune('"^Fine"A "slowly"B "4"c').bars[0].notes
    assert [n.annotations for n in note] == [("^Fine",), ("^slowly",), ("^4",)]
    assert not any(n.chord for n in note)


def test_grace_notes_decorations_and_slurs() -> None:
    one, two, three = tune("{gag}~A (.B !trill!c)").bars[0].notes
    assert ([p.midi for p in one.grace], one.decorations) == ([79, 81, 79], ("roll",))
    assert (two.decorations, two.slurs_open, three.decorations, three.slurs_close) == (
        ("staccato",), 1, ("trill",), 1,
    )  # fmt: skip


def test_a_hyphen_between_different_notes_is_a_slur() -> None:
    one, two, three = tune("A-B-c").bars[0].notes
    assert [one.tie, two.tie] == [False, False]
    assert (one.slurs_open, two.slurs_open, two.slurs_close, three.slurs_close) == (1, 0, 0, 1)


def test_bar_lines_repeats_and_endings() -> None:
    bars = tune("|:A8|B8|1 c8:|2 d8||e8::f8|]").bars
    assert [bar.repeat_start for bar in bars] == [True, False, False, False, True, True]
    assert [bar.repeat_end for bar in bars] == [0, 0, 1, 0, 1, 0]
    assert [bar.endings for bar in bars] == [(), (), (1,), (2,), (), ()]
    assert [bar.ending_stop for bar in bars] == [False, False, True, True, False, False]
    assert [bar.end for bar in bars] == ["|", "|", "|", "|", "|", "|]"]


def test_a_repeat_sign_may_be_split_over_two_lines() -> None:
    bars = tune("|:A8|B8|\n:c8:|\n|:d8:|").bars
    assert [(bar.repeat_start, bar.repeat_end) for bar in bars] == [
        (True, 0),
        (False, 0),
        (True, 1),
        (True, 1),
    ]


def test_changes_in_the_middle_of_a_bar_and_of_a_tune() -> None:
    read = tune("A4 [K:D] F4|[M:3/4]f6|\nK:G\nM:2/4\nL:1/4\nQ:1/4=90\nf2|")
    assert [bar.key.name for bar in read.bars] == ["C major", "D major", "G major"]
    assert [bar.meter.abc for bar in read.bars] == ["4/4", "3/4", "2/4"]
    assert [(c.at, c.value) for c in read.bars[0].changes] == [(1, Key("D"))]
    assert [n.pitches[0].midi for bar in read.bars for n in bar.notes] == [69, 66, 78, 78]
    assert not read.wrong_bars()


def test_fields_before_the_first_note_are_the_tunes_own() -> None:
    read = Tune.read("X:1\nM:4/4\nK:A\nM:6/8\nK:D\nQ:3/8=100\nFGA|")
    assert (read.meter, read.key, read.tempo) == (Meter("6/8"), Key("D"), Tempo(Fraction(3, 8), 100))
    assert not read.bars[0].changes


def test_parts_and_their_order() -> None:
    read = tune("P:A\nA8|\nP:B\nB8|", more="P:A(AB)2\n")
    assert [bar.part for bar in read.bars] == ["A", "B"]
    assert read.parts == ("A", "A", "B", "A", "B")
    assert tune("P:A\nA8|\nP:B\nB8|", more="Y:BAB\n").parts == ("B", "A", "B")


def test_comments_lyrics_continued_lines_and_unknown_letters_are_passed_over() -> None:
    assert midi("A2 %comment\nw: la la\n%%directive\nB2 \\\nc2 kd2 y|") == [69, 71, 72, 74]


@pytest.mark.parametrize(
    ("music", "message"),
    [
        ("A8|B8|c4 é", "line 6, bar 3: I can't read “é” here"),
        ("A8|(3AB|", "line 6, bar 2: a tuplet of 3 notes is cut off by the end of the bar"),
        ('"Am A8|', "a chord symbol or text has no second quote"),
        ("A8|[K:Q]B", "bar 2: I don't know the key “Q”"),
        ("A8|[CE B", "a chord or field in [brackets] is not closed"),
        ("z8|", "only rests"),
        ("", "no notes"),
        ("A,,,,,,|", "out of all reach"),
        ("A99999|", "no length of a note"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(music: str, message: str) -> None:
    with pytest.raises(AbcError) as error:
        tune(music)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("X:1\nT:x\nABc|\nK:C\n", "line 3: the music begins before the key"),
        ("X:1\nT:x\n", "there is no key"),
        ("", "there is no key"),
        ("X:1\nK:C\nA|\n\nX:2\nK:C\nB|", "line 5: a second tune begins here"),
        ("X:1\nM:4/0\nK:C\nA|", "no meter"),
        ("X:1\nL:1/7\nK:C\nA|", "no note length"),
        ("X:1\nP:((((((((((A))))))))))\nK:C\nA|", "too long or too deep"),
    ],
)
def test_a_tune_that_is_none_is_refused_in_a_sentence(text: str, message: str) -> None:
    with pytest.raises(AbcError) as error:
        Tune.read(text)
    assert message in str(error.value)


def test_a_book_gives_every_tune_or_its_error() -> None:
    book = "% ours\nM:3/4\n\nX:1\nK:C\nA6|\n\nfree text\n\nX:2\nK:C\n?\n\nX:3\nK:D\nF6|\nX:4\nT:none\n"
    first, second, third, fourth = read_tunes(book)
    assert isinstance(first, Tune)
    assert first.meter == Meter("3/4")
    assert isinstance(second, AbcError)
    assert second.line == 12
    assert isinstance(third, Tune)
    assert third.bars[0].notes[0].pitches[0].midi == 66
    assert isinstance(fourth, AbcError)


def test_bars_that_do_not_fill_are_counted_and_pickups_are_not() -> None:
    assert tune("A|BBBB BBBB|c7|", meter="4/4").wrong_bars() == ()
    assert tune("A|BBBB BBBB|c6|").wrong_bars() == (2,)
    assert tune("B7|BBBB BBBB|c8|c9|").wrong_bars() == (3,)
    assert tune("|:A|B8|c7:|:d2|B8|c6:|").wrong_bars() == ()
    assert tune("|:A|B8|1 c7:|2 c6||d2|e8|f6|]").wrong_bars() == ()
    assert tune("|:A|B8|B4 [1 c3:|[2 c4|]").wrong_bars() == ()
    assert tune("A3 B|c|", meter="none").wrong_bars() == ()


def test_one_tied_note_of_a_chord_ties_itself_alone() -> None:
    read = tune("[C-EG]2 [CEA]2 C4|")
    assert [(n.onset / EIGHTH, n.length / EIGHTH, n.pitches) for n in read.played()] == [
        (0, 2, (64, 67)), (0, 4, (60,)), (2, 2, (64, 69)), (4, 4, (60,)),
    ]  # fmt: skip
    assert Tune.read(read.abc()) == read


@pytest.mark.parametrize("field", ["K:clef=bass", "K:", "K:treble", "K: bass middle=d"])
def test_a_later_clef_leaves_the_key(field: str) -> None:
    assert midi(f"F|\n{field}\nF|", key="G") == [66, 66]
    assert midi(f"F|[{field}]F|", key="G") == [66, 66]


@pytest.mark.parametrize(
    ("key", "octave"),
    [
        ("G octave=-1", -1),
        ("G clef=treble octave=1", 1),
        ("G treble-8", -1),
        ("G clef=bass+8", 1),
        ("G transpose=12", 1),
        ("G clef=G2 stafflines=5", 0),
        ("G baritone", 0),
        ("G middle=d", 0),
    ],
)
def test_octaves_of_clefs_and_options_are_heard(key: str, octave: int) -> None:
    assert midi("F", key=key) == [66 + 12 * octave]
    assert midi(f"\nV:1 {key[2:]}\nF", key="G") == [66 + 12 * octave]


def test_words_between_exclamation_marks_and_blocks_of_text_are_no_notes() -> None:
    assert midi("F!D.C. al Fine!A!any words!|\n%%begintext\nabc def\n%%endtext\nG|") == [65, 69, 67]


@pytest.mark.parametrize(
    ("field", "read", "remark"),
    [
        ("M:6/8 9/8", "6/8", "“M:6/8 9/8” is read as 6/8."),
        ("M:4/4l", "4/4", "“M:4/4l” is read as 4/4."),
        ("L:3/8", "3/8", ""),
        ("L:1/16.", "1/16", "“L:1/16.” is read as L:1/16."),
        ("Q:1/4=100-120", "100", "“Q:1/4=100-120” is read as 100 beats a minute."),
        *[
            (f"Q:{odd}", "", f"“Q:{odd}” is no tempo such as Q:1/4=120; the tune goes at its usual one.")
            for odd in ("Allegro", "fast=0", "1/4=", "3/8=abc", "9999/7=120")
        ],
        ("K:A aeolic", "Am", ""),
        ("K:Edori", "Edor", ""),
        ("K:G?", "G", "“K:G?” is read as G major."),
        ("K:e-Moll", "Em", "“K:e-Moll” is read as E minor."),
        ("K:H", "B", "“K:H” is read as B major."),
        ("K:G transpose=2", "G", "“transpose=2” is left out: the notes sound as they are written."),
    ],
)
def test_odd_fields_have_a_sensible_reading_that_is_said(field: str, read: str, remark: str) -> None:
    found = Tune.read(f"X:1\n{field}\n" + ("" if field[0] == "K" else "K:C\n") + "A|")
    values = {
        "M": found.meter.abc, "L": str(found.unit), "K": found.key.abc,
        "Q": str(found.tempo.per_minute) if found.tempo else "",
    }  # fmt: skip
    assert values[field[0]] == read
    assert found.remarks == ((remark,) if remark else ())
