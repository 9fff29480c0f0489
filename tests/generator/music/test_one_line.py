"""Tunes whose lines were joined by spaces: the same notes, or a sentence. All music is our own."""

import pytest

from generator.errors import AbcError
from generator.music.pasted_tune import read_pasted
from generator.music.tune import Tune

H = "X:1\nT:Try\nM:6/8\nL:1/8\nK:G\n"

KNOWN = {
    "a plain tune": H + "|:GAB d2e|gfe d2B:|\n|:gfe d2B|A3 G3:|",
    "a clef after the key": "X:1\nT:Try\nM:6/8\nK:D clef=bass\n|:D,E,F, A,2B,|D6:|",
    "a clef by its name": "X:1\nM:6/8\nK:D bass\nDEF A2B|",
    "a mode in words": "X:1\nM:6/8\nK:E minor\nEFG B2e|",
    "a mode misspelt": "X:1\nM:6/8\nK:Gdorain\nGAB d2e|",
    "a key of all notes": "X:1\nM:6/8\nK:none\nGAB d2e|",
    "a minor key and a note": "X:1\nM:6/8\nK:Am\nabc e2a|",
    "a key in quotes' neighbourhood": H + '"G"GAB "D7"d2e|',
    "fields after the key": "X:1\nT:Try\nK:G\nM:6/8\nL:1/8\nQ:3/8=100\nGAB d2e|",
    "changes": H + "GAB d2e|\nK:D\nM:9/8\nL:1/16\nQ:1/4=90\nFEF D3 A2B2c2 d6|",
    "a tempo in words": 'X:1\nM:6/8\nQ:"Lively" 3/8=110\nK:G\nGAB d2e|',
    "parts": H + "P:A\n|:GAB d2e:|\nP:B\n|:gfe d2B:|",
    "an order of parts": "X:1\nM:6/8\nP:ABA\nK:G\nP:A\nGAB d2e|\nP:B\ngfe d2B|",
    "a title within": H + "GAB d2e|\nT:The other half\ngfe d2B|",
    "lyrics": H + "GAB d2e|\nw: one two three four five\ngfe d2B|\nw: six se-ven eight_ | nine\nG6|",
    "lyrics at the end": H + "GAB d2e|\nw: la la la la la",
    "verses": H + "GAB d2e|\nW: Once there was a face\nW: in a bad cafe",
    "notes at the end": H + "GAB d2e|\nN:learnt from a friend\nZ:somebody",
    "a voice": H + 'V:1 name="Fiddle" clef=treble\nGAB d2e|',
    "a comment with a number": H + "GAB d2e|%1\ngfe d2B|%2\nG6|",
    "a comment in the header": "X:1\nT:Try % a first try\nM:6/8\nL:1/8\nK:G\nGAB d2e|",
    "a commented field": "X:1\n%Q:50\nT:Try\nM:6/8\nL:1/8\n% L:1/16\nK:G\nGAB d2e|",
    "directives": H + "%%MIDI program 74\nGAB d2e|\n%%vskip 10pt\ngfe d2B|",
    "a directive with letters of notes": H + "%%MIDI gchord fzczfzcz\nGAB d2e|",
    "continued lines": H + "GAB d2e|\\\ngfe d2B|",
    "backticks": H + "G``A`B d2e|g`````fe d2B|",
    "a letter and a sign of broken rhythm": H + "G<A (Bc) d2|\ngf>e d2B|",
    "text in quotes": H + '"^slowly now"GAB d2e|"_T: x"gfe d2B|',
    "words between exclamation marks": H + "!D.C. al Fine!GAB d2e|",
    "breaks of mail": H + "GAB d2=\ne|gfe d2B|",
    "no key at all": "T:Try\nM:6/8\nL:1/8\nGAB d2e|gfe d2B|G6|",
    "words after the tune": H + "GAB d2e:|\n\nGreat tune, learnt it there",
    "comments that name parts": H + "% part A\n|:GAB d2e:|\n% B\n|:gfe d2B:|\n%C\n|:GBd g3:|",
    "a year behind the key": H + "Z:somebody (2009)\nGAB d2e|",
    "a formula behind the key": H + "W:Formula: A(AB)5\nGAB d2e|",
    "a sentence before a first note": H + "N:Learnt from Ann.\nA|GAB d2e|gfe d2B|",
    "a letter of a part in quotes": H + 'W:the "B" part is slow\nGAB d2e|',
    "a part in brackets": H + "P:[A]\nGAB d2e|",
    "staves": H + "%%score (1 2)\nGAB d2e|\n%%score 1\ngfe d2B|",
    "a directive of words": H + '%%text Slow\n"A"GAB d2e|',
    "a fence": f"```abc\n{H}GAB d2e|\n```",
}


def heard(tune: Tune) -> list[tuple[object, ...]]:
    return [(note.onset, note.length, note.pitches) for note in tune.played()]


@pytest.mark.parametrize("kind", KNOWN)
def test_joined_lines_play_the_same(kind: str) -> None:
    text = KNOWN[kind]
    assert heard(read_pasted(" ".join(text.split("\n")))) == heard(read_pasted(text))


@pytest.mark.parametrize(
    "music",
    [
        "GAB d2e|\n% gfe d2B|\ngfe d2B|",  # an alternative that is commented out
        "GAB d2e|\n%gfe d2B|\ngfe d2B|",
        "GAB d2e| %\ngfe d2B|",
        "GAB d2e|\nw: so on, la a\nA|gfe d2B|",
        "GAB d2e|\nw: c d e\nc d e f|",
        "GAB d2e|\nw: la la GAB d2e| la\ngfe d2B|",
        "|: A2, | GAB d2e|\nr: 32\n|: A2, | GAB d2e|",
        "GAB d2e|\nTry this one instead:\ngfe d2B|",
    ],
)
def test_what_cannot_be_known_is_said(music: str) -> None:
    with pytest.raises(AbcError, match=r"came joined into one, and I can't tell where .* line breaks"):
        read_pasted(" ".join((H + music).split("\n")))


def test_accidentals_of_a_key_are_not_taken_for_notes() -> None:
    with pytest.raises(AbcError, match=r"K:D \^f"):
        read_pasted("X:1 M:6/8 K:D ^f GAB d2e|")
    assert read_pasted("X:1 M:6/8 K:D exp ^f GAB f2e|").bars[0].notes[3].pitches[0].alter == 1


def test_where_a_comment_is_taken_to_end_is_said() -> None:
    tune = read_pasted(" ".join((H + "GAB d2e|\n% second half\ngfe d2B|").split("\n")))
    assert len(tune.bars) == 2
    assert any("comment “% second half” is taken to end there" in remark for remark in tune.remarks)


def test_several_tunes_in_one_line() -> None:
    book = f"{H}GAB d2e|\n\nX:2\nT:Two\nM:2/4\nL:1/8\nK:D\nDEFA|"
    second = read_pasted(" ".join(book.split("\n")), 2)
    assert (second.title, second.key.abc) == ("Two", "D")
    assert "2 of 2" in second.remarks[0]


def test_a_book_with_one_joined_tune() -> None:
    joined = " ".join(f"{H}GAB d2e|".split("\n"))
    assert heard(read_pasted(f"{joined}\n\n{H.replace('X:1', 'X:2')}d6|")) == heard(Tune.read(f"{H}GAB d2e|"))
