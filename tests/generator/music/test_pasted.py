"""What people paste, one kind a line: the smallest case, and what should sound or be said.

All music is our own.
"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_reading import MOST_PIECES, check, text_of
from generator.errors import AbcError
from generator.music.pasted_tune import read_pasted
from generator.music.tune import Tune

H = "X:1\nT:Try\nM:6/8\nL:1/8\nK:G\n"
BODY = "GAB d2e|"
F = "M:6/8\nL:1/8\nK:G\n"


def heard(tune: Tune) -> list[tuple[object, ...]]:
    return [(note.onset, note.length, note.pitches) for note in tune.played()]


# what is pasted, what it should sound like, and a part of what is said ("" for nothing at all)
SIGNS = {
    "no-break space": (H + "GAB\u00a0d2e|", H + BODY, ""),
    "narrow and ideographic spaces": (H + "GAB\u202fd2e\u3000|", H + BODY, ""),
    "no-break space in a field": ("X:1\nT:Try\nM:\u00a06/8\nL:\u00a01/8\nK:\u00a0G\nGAB d2e|", H + BODY, ""),
    "zero-width signs": (H + "GA\u200bB d2\u200de\u2060|", H + BODY, ""),
    "mark of the byte order": ("\ufeff" + H + "\ufeffGAB d2e|", H + BODY, ""),
    "mark of the byte order before a field": ("X:1\n\ufeffK:G\nGAB|", "X:1\nK:G\nGAB|", ""),
    "soft hyphen": (H + "GAB\u00ad d2e|", H + BODY, ""),
    "smart quotes": (H + "“G”GAB d2e|", H + '"G"GAB d2e|', ""),
    "low quotes": (H + "„Em“GAB d2e|", H + '"Em"GAB d2e|', ""),
    "guillemets": (H + "«Em»GAB d2e|", H + '"Em"GAB d2e|', ""),
    "two single quotes for one": (H + "’’Em’’GAB d2e|", H + '"Em"GAB d2e|', ""),
    "apostrophes for octaves": (H + "GAB d’2e|", H + "GAB d'2e|", ""),
    "primes": (H + "GAB d′2 e″|", H + "GAB d'2 e''|", ""),
    "low commas": (H + "G，AB d2e‚|", H + "G,AB d2e,|", ""),
    "en dash for a tie": (H + "GAB d2–d|", H + "GAB d2-d|", ""),
    "em dash for a tie": (H + "GAB d2—d|", H + "GAB d2-d|", ""),
    "minus for a tie": (H + "GAB d2−d|", H + "GAB d2-d|", ""),
    "sharp, flat and natural signs": (H + "G ♯A♭ B d2 ♮f|".replace("A♭ ", "A ♭"), H + "G ^A _B d2 =f|", ""),
    "a sign between two notes": (H + "GA♭B d2e|", H + "GA_B d2e|", "goes with the note after it"),
    "a sharp after its note": (H + "G♯ AB d2e|", H + "^G AB d2e|", "♯"),
    "a flat in a chord": (H + '"B♭"GAB d2e|', H + '"Bb"GAB d2e|', ""),
    "a flat in a key": ("X:1\nK:B♭\nGAB|", "X:1\nK:Bb\nGAB|", ""),
    "halves": (H + "G½A½B d2e|", H + "G1/2A1/2B d2e|", ""),
    "one and a half": (H + "G1½A¼B d2e¾|", H + "G3/2A1/4B d2e3/4|", ""),
    "superscript": (H + "GAB d²e|", H + BODY, ""),
    "full-width signs": (H + "GAB d2e：｜", H + "GAB d2e:|", ""),
    "full-width field": ("X：1\nT：Try\nM：6/8\nL：1/8\nK：G\nGAB d2e|", H + BODY, ""),
    "full-width letters": (H + "ＧＡＢ ｄ２ｅ｜", H + BODY, ""),
    "box drawing": (H + "GAB d2e│GAB d2e‖", H + "GAB d2e|GAB d2e||", ""),
    "signs of repeats": (H + "𝄆GAB d2e𝄇", H + "|:GAB d2e:|", ""),
    "emoji": (H + "🎻 GAB d2e| 👍🏽 GAB d2e|❤️", H + "GAB d2e|GAB d2e|", ""),
    "entities": (H + "G&gt;AB d&lt;ee&nbsp;|&quot;D&quot;d6|", H + 'G>AB d<ee |"D"d6|', ""),
    "numbered entities": (H + "GAB d&#39;2e&#124;", H + "GAB d'2e|", ""),
    "tags": ("<pre>" + H.replace("\n", "<br>\n") + "GAB d2e|</pre>", H + BODY, ""),
    "tags alone part the lines": ("X:1<br/>T:Try<br/>M:6/8<br/>L:1/8<br/>K:G<br/>GAB d2e|", H + BODY, ""),
    "paragraphs": ("".join(f"<p>{line}</p>\n" for line in (H + BODY).split("\n")), H + BODY, ""),
    "bold tags": ("<b>X:1</b>\n<b>K:G</b>\nGAB|", "X:1\nK:G\nGAB|", ""),
    "broken rhythm is no tag": (H + "GAB d<b>e|", H + "GAB d<b>e |", ""),
    "indented": (H.replace("\n", "\n    ") + "GAB d2e|", H + BODY, ""),
    "tabs": ("\t" + H.replace("\n", "\n\t") + BODY, H + BODY, ""),
    "quoted": ("> " + (H + BODY).replace("\n", "\n> "), H + BODY, ""),
    "quoted twice": (">> " + (H + BODY).replace("\n", "\n>> "), H + BODY, ""),
    "numbered": ("".join(f"{n}. {line}\n" for n, line in enumerate((H + BODY).split("\n"), 1)), H + BODY, ""),
    "numbered, aligned": (
        "".join(f"{n:3}  {s}\n" for n, s in enumerate((H + BODY).split("\n"), 1)),
        H + BODY,
        "",
    ),
    "numbered with colons": (
        "".join(f"{n}: {s}\n" for n, s in enumerate((H + BODY).split("\n"), 1)),
        H + BODY,
        "",
    ),
    "bold names": ("**X:**1\n**T:** Try\n**M:** 6/8\n**L:** 1/8\n**K:** G\nGAB d2e|", H + BODY, ""),
    "bold fields": ("**X:1**\n*T:Try*\n`M:6/8`\n- L:1/8\n* K:G\nGAB d2e|", H + BODY, ""),
    "end of a forum's tag": ("[abc]" + H + "GAB d2e|[/abc]", H + BODY, ""),
    "end of a forum's tag alone": (H + "GAB d2e|\n[/abc]\n", H + BODY, ""),
    "a chord is no tag": (H + "GAB [abc]2e|", H + "GAB [abc]2 e|", ""),
    "lower-case fields": ("x:1\nt:Try\nm:6/8\nl:1/8\nk:G\nGAB d2e|", H + BODY, ""),
    "names of fields": ("Title: Try\nMeter: 6/8\nKey: G\nGAB d2e|", H + BODY, ""),
    "names in other letters": (
        "TITLE: Try\ntime signature: 6/8\nNote length: 1/8\nkey: G\nGAB d2e|",
        H + BODY,
        "",
    ),
    "a space before the colon": ("X :1\nT : Try\nM :6/8\nL : 1/8\nK : G\nGAB d2e|", H + BODY, ""),
    "escapes of a chat": (H + "GAB d2e\\|\\|", H + "GAB d2e||", ""),
    "ends of lines": ((H + BODY).replace("\n", "\r\n"), H + BODY, ""),
    "line separators": ((H + BODY).replace("\n", "\u2028"), H + BODY, ""),
    "ends of lines, spelt": ((H + BODY).replace("\n", "\\n"), H + BODY, ""),
    "every line apart": ((H + BODY + "\nGAB|").replace("\n", "\n\n"), H + BODY + "GAB|", ""),
    "a link in angle brackets": (H.replace("K:", "S:<https://example.org>\nK:") + BODY, H + BODY, ""),
}

TOLERANT = {
    "signs that stand for nothing": (H + "#GAB; d2?e@|", H + BODY, ""),
    "a lone bracket ends a bar": (H + "GAB d2e] GAB d2e]", H + "GAB d2e| GAB d2e|]", ""),
    "an ending after a space": (H + "|:GAB d2e| 1 G6:| 2 B6|", H + "|:GAB d2e|1 G6:|2 B6|", ""),
    "an ending with a dot": (H + "|:GAB d2e|1. G6:|2. B6|", H + "|:GAB d2e|1 G6:|2 B6|", ""),
    "an ending's number on the next line": (H + "|:GAB d2e|1 G6:|\n2 B6|", H + "|:GAB d2e|1 G6:|2 B6|", ""),
    "an ending in words": (H + '|:GAB d2e|["1st time"G6:|["2nd time"B6|', H + "|:GAB d2e|1 G6:|2 B6|", ""),
    "a length after a line break": (H + "GAB d\n2e|", H + BODY, ""),
    "a half after a line break": (H + "GAB d\n/2e|", H + "GAB d/2e|", ""),
    "broken rhythm after a line break": (H + "GAB d\n>ee|", H + "GAB d>ee|", ""),
    "broken rhythm before a line break": (H + "GAB d>\nee|", H + "GAB d>ee|", ""),
    "a fingering inside a note": (H + "GAB d=!2!ce|", H + "GAB d!2!=ce|", ""),
    "an accidental before a chord symbol": (H + 'GAB d^"A"ce|', H + 'GAB d"A"^ce|', ""),
    "spaced tokens": (
        "X:1\nM:6/8\nL:1/8\nK:Cmaj\n|: c 3 d c 2 | c > d c (3 c d e c /2 c 3/2 :|",
        "X:1\nM:6/8\nL:1/8\nK:C\n|:c3 dc2|c>d c (3cde c/2c3/2:|",
        "",
    ),
    "broken rhythm at the end of a bar": (H + "GAB d2e>|", H + BODY, "broken rhythm"),
    "a rest of bars within a bar": (H + "GAB d2Z|", H + "GAB d2z|", "“Z”"),
    "a tuplet's sign twice": (H + "(3(3GAB d2e|", H + "(3GAB d2e|", "(3(3"),
    "chords as they were once": (H + "GAB +d2f2+e|", H + "GAB [d2f2]e|", ""),
    "a sign between plus signs": (H + "GAB +ff+d2e|", H + BODY, ""),
    "a chord of grace notes": (H + "{[Bd]}GAB d2e|", H + BODY, ""),
    "stray signs": (H + ",GAB} d2^ e|", H + BODY, "stray"),
    "words in the music": (H + "GAB d2e| slowly now gfe d2B|", H + "GAB d2e| gfe d2B|", "slowly"),
    "a key before music in one line": ("K:G GAB d2e|", "K:G\nGAB d2e|", ""),
    "numbers before lines of music": (H + "1. GAB d2e|\n2. gfe d2B|", H + "GAB d2e|gfe d2B|", ""),
    "slanted fields": ("*X:1*\n_T:Try_\nK:G\nGAB|", "X:1\nK:G\nGAB|", ""),
    "a chord in single quotes": (H + "'G'GAB 'Am'd2e|", H + '"G"GAB "Am"d2e|', ""),
    "a chord without quotes": (H + "Am GAB|", H + "A GAB|", "“m” is no note"),
    "a sharp behind its note": (H + "G#AB d2e|", H + BODY, "write ^G"),
    "endings as ordinals": (H + "|:GAB d2e|1st time: G6:|2nd time: B6||", H + "|:GAB d2e|1 G6:|2 B6||", ""),
    "endings as ordinals in brackets": (H + "|:GAB d2e|[1st G6:|[2nd B6||", H + "|:GAB d2e|1 G6:|2 B6||", ""),
    "endings with colons": (H + "|:GAB d2e|1: G6:|2: B6||", H + "|:GAB d2e|1 G6:|2 B6||", ""),
    "endings in quotes": (H + '|:GAB d2e|"1" G6:|"2" B6||', H + "|:GAB d2e|1 G6:|2 B6||", "endings"),
    "how often": (H + "|:GAB d2e:| x2", H + "|:GAB d2e:|", ""),
    "how often, in brackets": (H + "|:GAB d2e:| (x3)", H + "|:GAB d2e:|", "played twice"),
    "repeats in brackets": (H + "[:GAB d2e:]", H + "|:GAB d2e:|", ""),
    "da capo without quotes": (H + "GAB d2e|D.C. al Fine", H + BODY, "D.C. al Fine"),
    "letters alone": ("C D E F G", "X:1\nL:1/8\nK:C\nC D E F G", "C major"),
    "a meter with a colon": ("X:1\nM:6:8\nK:G\nGAB d2e|", H + BODY, "6/8"),
    "a bare unit": ("X:1\nM:6/8\nL:8\nK:G\nGAB d2e|", H + BODY, "L:1/8"),
    "a tempo with a note": ("X:1\nM:6/8\nQ:♩=120\nK:G\nGAB d2e|", H + BODY, ""),
    "an old meter": ("X:1\nM:3\nK:G\nGAB d2e|", "X:1\nM:3/4\nK:G\nGAB d2e|", "3/4"),
    "a field in a comment": (H + "GAB d2e|%was M:6/4 with L:1/4\ngfe d2B|", H + "GAB d2e|gfe d2B|", ""),
    "comment of any length": (H + BODY + "%" + "x" * 3000, H + BODY, ""),
    "line of any length": (H + BODY * 400, H + f"{BODY}\n" * 400, ""),
    "several voices": (H + "V:1\nGAB d2e|\nV:2\nG,6|\nV:1\nGAB d2e|", H + BODY * 2, "voice"),
    "several voices in brackets": (H + "[V:1]GAB d2e|\n[V:2]G,6|\n", H + BODY, "voice"),
    "voices named above": (
        "X:1\nM:6/8\nL:1/8\nV:1 clef=treble\nV:2\nK:G\n[V:1]GAB d2e|\n[V:2]G,6|\n",
        H + BODY,
        "voice",
    ),
    "two voices in a bar": (H + "GAB d2e & G,6|GAB|", H + "GAB d2e|GAB|", "&"),
    "lyrics": (H + "GAB d2e|\nw:la la la la la\nGAB|", H + BODY + "GAB|", ""),
    "verses below the tune": (H + "GAB d2e|\nW:Once there was a face", H + BODY, "verses"),
    "words after the tune": (H + "GAB d2e:|\n\nGreat tune", H + "GAB d2e:|", ""),
    "words below the tune": (H + "GAB d2e:|\nGreat tune, learnt it from Ann", H + "GAB d2e:|", "Great tune"),
    "words before the tune": ("Here is a nice one | enjoy:\n" + H + BODY, H + BODY, ""),
    "code fence": ("```\n" + H + "GAB d2e:|\n```\nGreat tune", H + "GAB d2e:|", ""),
    "code fence of a language": ("Look:\n```abc\n" + H + "GAB d2e:|```Great tune", H + "GAB d2e:|", ""),
    "short fence": ("`" + H + "GAB d2e:|`", H + "GAB d2e:|", ""),
    "tildes": ("~~~\n" + H + "GAB d2e:|\n~~~\nbad face", H + "GAB d2e:|", ""),
    "a second part below an empty line": (H + "GAB d2e:|\n\ngfe d2B:|", H + "GAB d2e:|", "empty line"),
    "a second tune": (H + BODY + "\n\nX:2\nT:Two\nK:D\nd6|", H + BODY, "1 of 2"),
    "a second tune without a number": (H + BODY + "\n\nT:Two\nK:D\nd6|", H + BODY, "1 of 2"),
    "a second tune right below": (H + BODY + "\nX:2\nT:Two\nK:D\nd6|", H + BODY, "1 of 2"),
    "a second title of the same tune": (H + BODY + "\nT:Second part\nd6|", H + BODY + "d6|", ""),
}

KEYLESS = {
    "bare music": ("GAB d2e|gfe d2B|", "X:1\nM:6/8\nL:1/8\nK:G\nGAB d2e|gfe d2B|", "G major"),
    "bare music in four": ("GABd e2dB|", "X:1\nM:4/4\nL:1/8\nK:G\nGABd e2dB|", "G major"),
    "bare music in minor": ("|:EGB e2B|AFD E3:|", "X:1\nM:6/8\nL:1/8\nK:Em\n|:EGB e2B|AFD E3:|", "E minor"),
    "no key": ("T:Try\nM:6/8\nL:1/8\nGAB d2e|gfe d2B|G6|", F + "GAB d2e|gfe d2B|G6|", "G major"),
    "a key behind the first line": (
        "M:6/8\nGAB d2e|\nK:D\nDFA d2f|",
        F + "GAB d2e|\nK:D\nDFA d2f|",
        "D major",
    ),
    "bare music with sharps": (
        "d^fa d2d|^c^ef a3|d6|",
        "X:1\nM:6/8\nL:1/8\nK:C\nd^fa d2d|^c^ef a3|d6|",
        "key",
    ),
}

CASES = {**SIGNS, **TOLERANT, **KEYLESS}


@pytest.mark.parametrize("kind", CASES)
def test_what_people_paste_sounds_as_they_mean_it(kind: str) -> None:
    pasted, meant, said = CASES[kind]
    tune = read_pasted(pasted)
    assert heard(tune) == heard(Tune.read(meant))
    assert said in " ".join(tune.remarks)
    assert said or not tune.remarks
    assert Tune.read(tune.abc()) == tune


def test_titles_keep_what_music_loses() -> None:
    tune = read_pasted(H.replace("Try", "Ann’s “Half” – ½ ♯ 🎻 &amp; Co. # ?") + BODY)
    assert tune.title == "Ann’s “Half” – ½ ♯ 🎻 & Co. # ?"
    assert Tune.read(tune.abc()).title == tune.title


def test_one_of_several_tunes_is_chosen() -> None:
    book = "\n".join(f"X:{n}\nT:Tune {n}\nK:C\n{note}8|\n" for n, note in enumerate("CDEFG", 1))
    assert "This is 1 of 5" in read_pasted(book).remarks[0]
    assert "/abc 2" in read_pasted(book).remarks[0]
    assert "Tune 3" in read_pasted(book).remarks[0]
    third = read_pasted(book, 3)
    assert (third.title, third.bars[0].notes[0].pitches[0].letter) == ("Tune 3", "E")
    assert "3 of 5" in third.remarks[0]
    with pytest.raises(AbcError, match="5 tunes"):
        read_pasted(book, 6)


def test_a_tune_that_cannot_be_read_among_others_is_named() -> None:
    with pytest.raises(AbcError, match=r"line 10, bar 1") as error:
        read_pasted(H + BODY + "\n\nX:2\nK:G\n(3GA|\n", 2)
    assert "2 of 2" in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello there", "K:G"),
        ("", "K:G"),
        ("X:1\nT:Try\nK:G\n", "no notes"),
        ("X:1\nT:Try\n", "no notes"),
    ],
)
def test_what_is_no_tune_gets_a_sentence_that_helps(text: str, said: str) -> None:
    with pytest.raises(AbcError) as error:
        read_pasted(text)
    assert said in str(error.value)


@pytest.mark.parametrize("kind", CASES)
def test_what_was_made_plain_is_plain(kind: str) -> None:
    """What is written for a paste is read as it stands, whoever reads it."""
    once = read_pasted(CASES[kind][0])
    again = read_pasted(once.abc())
    assert again == once
    assert not again.remarks


@settings(max_examples=400, deadline=None)
@example(b"\x02\x00\x2a")
@given(st.binary(max_size=2 * MOST_PIECES))
def test_any_text_is_read_or_refused_in_a_sentence(choices: bytes) -> None:
    """And what is read can be written, read again and played; see benchmarks/fuzz_reading.py."""
    check(text_of(choices))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_text_that_is_no_tune_at_all_is_refused_in_a_sentence(text: str) -> None:
    check(text)
    check(f"{H}{text}")


@pytest.mark.parametrize(
    "text",
    [
        "K:\n2F",  # an ending that nothing leads to
        "K:Edor\nz|\nM:2/4\nM:none\na",  # a change that is taken back
        "K:C\nz:|2a:|",  # an ending that is never reached, and a repeat
        "2[:[C]-&g|1Z",  # a tie into an ending that is never reached
        "K:A\nf\nw:a ||^",  # lyrics with more bar lines than the music
        "K:C\n|1A[1Z2",  # two endings of one number and two lengths
    ],
)
def test_what_was_found_by_chance_stays_mended(text: str) -> None:
    check(text)
