"""Canonical ABC: it reads back to the same tune, and looks as players write it."""

import pickle
from dataclasses import fields, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.errors import AbcError
from generator.music.tune import Note, Origin, Tune, read_tunes

NOTES = st.from_regex(
    r"(\((3|2|4|5:4:3))?(\"(G|Am7|F#m/C#|tune)\")?(\{[a-g]{1,2}\})?[(.~v]?[\^_=]?[A-Ga-g][,']?(2|3|/|3/2|/4)?[-)]?[<>]?",
    fullmatch=True,
)
TOKENS = st.one_of(
    NOTES,
    NOTES,
    st.sampled_from(
        ["z2", "[CEG]2", "[A-c-]", " ", "\n", "[K:Ador]", "[M:3/4]", "[L:1/16]", "[Q:1/4=90]", "P:B\n"]
    ),
    st.sampled_from(["|", "|", "|", "||", "|]", ":|", "|:", "::", "|1 ", ":|2 ", "[|]"]),
)
TUNES = st.builds(
    lambda tokens, meter, key: f"X:1\nT:One\nM:{meter}\nL:1/8\nK:{key}\n" + "".join(tokens),
    st.lists(TOKENS, min_size=1, max_size=60),
    st.sampled_from(["4/4", "6/8", "7/8", "none"]),
    st.sampled_from(["G", "F#m", "Ebdor", "Amix"]),
)


@settings(max_examples=300, deadline=None)
@given(TUNES)
@example("X:1\nK:C\n.(A[|]1 B")
@example("X:1\nK:C\nA::|:B")
@example("X:1\nK:C\nA|B\nP:B\nc:|")
@example("X:1\nM:none\nK:C\nA||B|c:|d|1 e:|2 f:|g:|")
def test_what_is_written_reads_back_to_the_same_tune(text: str) -> None:
    try:
        read = Tune.read(text)
    except AbcError:
        return
    again = Tune.read(read.abc())
    assert again == read
    assert again.played() == read.played()
    assert again.abc() == read.abc()
    assert again.wrong_bars() == read.wrong_bars()


@given(TUNES)
def test_bar_sums_are_exact(text: str) -> None:
    try:
        read = Tune.read(text)
    except AbcError:
        return
    for bar in read.bars:
        assert bar.length == sum(note.length for note in bar.notes)
    played = read.played()
    assert all(note.onset + note.length <= read.total_length for note in played)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.binary(max_size=300).map(lambda b: b.decode("latin-1"))))
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, "X:1\nK:C\n" + text):
        try:
            read = Tune.read(whole)
        except AbcError:
            continue
        assert Tune.read(read.abc()) == read
        list(read_tunes(whole))


@settings(max_examples=200, deadline=None)
@given(TUNES, st.lists(st.tuples(st.integers(0, 10**6), st.characters(max_codepoint=255)), max_size=8))
def test_a_damaged_tune_is_read_or_refused(text: str, damage: list[tuple[int, str]]) -> None:
    for place, character in damage:
        at = place % len(text)
        text = text[:at] + character + text[at + 1 :]
    try:
        read = Tune.read(text)
    except AbcError:
        return
    assert Tune.read(read.abc()) == read


@pytest.mark.parametrize("digit", ["\u00b2", "\u0663", "\u2460"])  # what str.isdigit takes for digits, too
@pytest.mark.parametrize(
    "place", ["M:%s/4\nK:C\nA", "L:1/%s\nK:C\nA", "Q:1/4=%s\nK:C\nA", "K:C\nA%s|1%s A:|%s A"]
)
def test_strange_digits_are_read_or_refused(place: str, digit: str) -> None:
    try:
        read = Tune.read("X:1\n" + place.replace("%s", digit))
    except AbcError:
        return
    assert Tune.read(read.abc()) == read


@pytest.mark.parametrize(
    "text",
    [
        "X:1\nK:C\n" + "A" * 60_000,
        "X:1\nK:C\n" + ("A" * 1_900 + "\n") * 40,
        "X:1\nK:C\n" + "A" * 120_000,
        "X:1\nK:C\n" + "A|\n" * 10_000,
        "X:1\nK:C\n" + "(" * 1_000 + "A",
        "X:1\nK:C\n" + "[" * 1_000 + "A",
        "X:1\nK:C\n" + '"' * 999 + "A",
        "X:1\nK:C\n" + "{" * 1_000,
        "X:1\nK:C\nA" + ">" * 1_000 + "B",
        "X:1\nK:C\nA" + "'" * 1_000,
        "X:1\nK:C\nA" + "9" * 1_000,
        "X:1\nP:" + "(" * 1_000 + "A\nK:C\nA",
        "X:1\nP:" + "(A" * 5 + ")199" * 5 + "\nK:C\nP:A\nA",
    ],
)
def test_size_and_nesting_are_bounded(text: str) -> None:
    with pytest.raises(AbcError):
        Tune.read(text)


def test_a_repeat_is_written_with_its_beginning_so_that_everybody_plays_the_same() -> None:
    assert body("A8|B8:|c8|1 d8:|2 e8|]") == "|:A8|B8:|\n|:c8|1 d8:|2 e8|]"


@pytest.mark.parametrize("music", ["G8||\n|:A8:|", "G8||:A8:|", "|:G8:|\nA8||\n|:B8:|"])
def test_a_double_line_before_a_repeat_stays(music: str) -> None:
    assert body(music) == music


def test_a_staccato_note_under_a_slur_is_not_under_a_dotted_slur() -> None:
    assert body("!staccato!(GA)B.c .(de)f2|") == "(.GA)B.c (de)f2|"


def body(music: str, meter: str = "4/4", key: str = "C") -> str:
    return Tune.read(f"X:1\nM:{meter}\nL:1/8\nK:{key}\n{music}\n").abc().split(f"K:{key}\n")[1].rstrip("\n")


def test_notes_are_beamed_by_the_beat() -> None:
    assert body("G A B c d2 e f|", "C|") == "GABc d2ef|"
    assert body("GABcde|d3 e2f|", "6/8") == "GAB cde|d3 e2f|"
    assert body("D|GABcde|", "6/8") == "D|GAB cde|"
    assert body("GABcde|", "3/4") == "GA Bc de|"
    assert body("A>B c<d (3efg a2|") == "A>B c<d (3efg a2|"


def test_four_bars_stand_on_a_line_unless_the_tune_has_its_own_lines() -> None:
    part = "|:d|A8|B8|c8|d8|e8|f8|g8|1 a7:|2 a7||"
    lines = "|:d|A8|B8|c8|d8|\ne8|f8|g8|1 a7:|2 a7||\n"
    assert body(part + part) == lines + lines.rstrip("\n")
    assert body("A8|\nB8|c8|d8|e8|") == "A8|\nB8|c8|d8|e8|"


def test_an_accidental_is_written_wherever_a_reader_could_be_misled() -> None:
    assert body("^FfF z|") == "^F^fFz|"
    assert body("{^g}aGgg|") == "{^g}a^G^gg|"
    assert body("^FF=F|F|") == "^FF=F|F|"


def test_a_lean_header_has_what_the_tune_has() -> None:
    text = "X:3\nT:The Long Pier\nR:jig\nM:6/8\nL:1/8\nQ:3/8=112\nK:Em\nEFG ABc|\n"
    assert Tune.read(text).abc(3) == text


def test_a_title_cannot_break_out_of_its_line() -> None:
    read = replace(Tune.read("X:1\nK:C\nA|"), title='50% "off"\nK:D\\')
    assert Tune.read(read.abc()).title == '50% "off" K:D'
    assert Tune.read(read.abc()).key == read.key


def test_the_origin_is_no_part_of_the_music() -> None:
    read = Tune.read("X:1\nK:C\nA|")
    made = replace(read, origin=Origin("jigs", 7, 0.8, {"score": 1.5}))
    assert made == read
    assert made.abc() == read.abc()


def test_accents_in_titles_are_letters() -> None:
    assert Tune.read("X:1\nT:Ch\\'eri, 50\\% \\\"Uber\nK:C\nA|").title == "Chéri, 50% Über"


RICH = """X:1
T:Rich
C:Trad.
M:6/8
L:1/8
Q:3/8=110
P:AB
K:Edor
P:A
|:{cd}"Em7/B".~e>f (3gab|[K:G][M:9/8]"^slow"[GBd]3- [GBd]2 z (G_A^B)|1 G6:|2 G9||
P:B
g9|]
"""


def test_a_tune_travels_between_processes_whole() -> None:
    tune = Tune.read(RICH)
    there = pickle.loads(pickle.dumps(tune))
    assert there == tune
    assert there.abc() == tune.abc()


def test_bars_and_notes_with_their_own_sound_are_the_same() -> None:
    for bar in Tune.read(RICH).bars:
        again = bar.sounding(bar.notes, bar.key, bar.changes)
        assert [getattr(again, part.name) for part in fields(bar)] == [
            getattr(bar, part.name) for part in fields(bar)
        ]
        for note in bar.notes:
            assert note.sounding(note.pitches, note.grace, note.chord) == note


def test_tunes_are_values() -> None:
    one, other = (Tune.read("X:1\nK:C\nAB|") for _ in range(2))
    assert one == other
    assert isinstance(one.bars[0].notes[0], Note)
    assert hash(one.bars) == hash(other.bars)


@pytest.mark.parametrize(
    "music",
    ["C/16>D/16|", "C/128 D|", "[L:1/1]C16|[L:1/64]A/16|", "A/3B/3c/3|", '"^a note of its own"A/16' * 150],
)
def test_what_can_be_read_can_be_read_back(music: str) -> None:
    read = Tune.read(f"X:1\nM:4/4\nL:1/8\nK:G\n{music}")
    assert Tune.read(read.abc()) == read


@pytest.mark.parametrize("music", ["[L:1/64]C/1024|", "A/999|", "[L:1/64]C/16>>>D/16|", "A/5|"])
def test_lengths_that_cannot_be_drawn_are_refused(music: str) -> None:
    with pytest.raises(AbcError):
        Tune.read(f"X:1\nM:4/4\nL:1/8\nK:G\n{music}")
