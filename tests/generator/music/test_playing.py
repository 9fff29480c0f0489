"""The order in which a tune is played, and the notes as they sound."""

from fractions import Fraction

import pytest

from generator.errors import AbcError
from generator.music.tune import PlayedNote, Tune


def tune(music: str, more: str = "") -> Tune:
    return Tune.read(f"X:1\nM:4/4\nL:1/1\n{more}K:C\n{music}\n")


def order(music: str, more: str = "") -> str:
    """The letters as they are played, one whole note a bar."""
    return "".join(
        "CDEFGAB"["024579e".index("0123456789te"[n.pitches[0] % 12])] for n in tune(music, more).played()
    )


@pytest.mark.parametrize(
    ("music", "played"),
    [
        ("A|B|C|]", "ABC"),
        ("|:A|B:|C|]", "ABABC"),
        ("A|B:|C|]", "ABABC"),
        ("|:A|B::C|D:|", "ABABCDCD"),
        ("|:A|1 B:|2 C|]", "ABAC"),
        ("|:A|1 B|C:|2 D|E|]F|]", "ABCADEF"),
        ("|:A|1,3 B:|2,4 C:|D|]", "ABACABACD"),
        ("|:A|1 B:|2 C:|3 D|]", "ABACAD"),
        ("|:A|1 B:|2 C:|D|]", "ABACD"),
        ("|::A::|B|]", "AAAB"),
        ("A|B|C|D||E|F:|", "ABCDEFEF"),
        ("A|B||C|D:|", "ABCDABCD"),
        ("|:A|B||C|D:|", "ABCDABCD"),
        ("|:A|B|C|1 D:|2 E||F|G|A|B:|", "ABCDABCEFGABFGAB"),
        ("A:|B:|C:|", "AABBCC"),
        ("|:C|D|1,3 E:|2 F:|4 G|]", "CDECDFCDECDG"),
        ("|:C|1 D:|3 F:|2 E:|4 G|]", "CDCECFCG"),
        ("|:A|1 B:|2 C|D|1 E:|2 F|]", "ABACDEDF"),
        ("|:A|1 B:|2 C|D|1 E:|2 F||G:|", "ABACDEDFGG"),
        ("|:A|1 B:|1 C|]", "ABAC"),
        ("|:A|2 B:|2 C|]", "ABAC"),
    ],
)
def test_repeats_and_endings_are_played_out(music: str, played: str) -> None:
    assert order(music) == played


def test_what_is_written_and_never_played_is_said() -> None:
    assert tune("|:A|1 B:|1 C|]").remarks == (
        "Two endings side by side have the same number; they are played in turn.",
    )
    assert tune("|:A|2 B|3 C|]").remarks == (
        "Bars 2 and 3 are written but never played, as repeats and endings stand.",
    )
    assert tune("P:A\nA|\nP:B\nB|", "P:AA\n").remarks == (
        "The parts sound in the order A A; sheet and MusicXML show each once.",
        "Bar 2 is written but never played, as repeats and endings stand.",
    )
    assert tune("P:A\nA|", "P:AZ\n").remarks == (
        "The order of the parts (P:) names Z, which the tune has not.",
    )
    assert not tune("P:A\n|:A:|\nP:B\nB|", "P:AB\n").remarks


@pytest.mark.parametrize(
    ("header", "played"),
    [
        ("", "AABC"),
        ("P:ABA\n", "AABAA"),
        ("P:(AB)2C\n", "AABAABC"),
        ("Y:CBA\n", "CBAA"),
        ("P:AZB\n", "AAB"),
        ("P:C\nY:A\n", "C"),
    ],
)
def test_parts_are_played_in_their_order_with_their_repeats(header: str, played: str) -> None:
    assert order("P:A\n|:A:|\nP:B\nB|\nP:C\nC|", header) == played


def test_notes_know_when_where_and_how_long() -> None:
    read = Tune.read("X:1\nM:3/4\nL:1/4\nK:G\nP:A\n|:F z2|[GB]3:|\n")
    quarter = Fraction(1, 4)
    assert read.played() == (
        PlayedNote(Fraction(0), quarter, (66,), 0, "A"),
        PlayedNote(3 * quarter, 3 * quarter, (67, 71), 1, "A"),
        PlayedNote(6 * quarter, quarter, (66,), 0, "A"),
        PlayedNote(9 * quarter, 3 * quarter, (67, 71), 1, "A"),
    )
    assert read.total_length == 3


def test_tied_notes_are_one_also_over_bar_lines_and_into_endings() -> None:
    assert [n.length for n in tune("A-|A-|A|B|]").played()] == [3, 1]
    assert [(n.pitches, n.length) for n in tune("|:C|A-|1 A:|2 A|]").played()] == [
        ((60,), 1), ((69,), 2), ((60,), 1), ((69,), 2),
    ]  # fmt: skip


def test_a_tie_between_chords_holds_the_notes_that_both_have() -> None:
    played = tune("[CE]-|[CG]|").played()
    assert {(n.onset, n.length, n.pitches) for n in played} == {(0, 1, (64,)), (0, 2, (60,)), (1, 1, (67,))}


def test_a_tie_to_another_note_ends_nowhere() -> None:
    assert [n.length for n in tune("A-|z|A|").played()] == [1, 1]


def test_repeats_cannot_explode() -> None:
    with pytest.raises(AbcError, match="repeats"):
        tune("P:A\n" + "A|" * 200, "P:A100\n")
    with pytest.raises(AbcError, match=r"too (much|long)"):
        tune("P:A\nA|", "P:((((A9)9)9)9)9\n")
    with pytest.raises(AbcError, match="bar line"):
        tune("|:A" + ":" * 50 + "|")
