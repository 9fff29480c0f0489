"""What new bars keep of old ones: rhythm, chords, endings; and what comes after a tune that stays."""

import pytest

from generator.compose.hold_words import Hold, read_keep
from generator.compose.holding import Held
from generator.compose.request import TuneRequest
from generator.errors import RequestError
from generator.music.melody import ends_home
from generator.music.notation import Bar
from generator.music.parts import parts_of, with_short_endings
from generator.music.tune import Tune
from tests.generator.compose.test_holding import WALTZ, bars, drawn, held, tune_of

POLKA = """X:1
T:Ours
R:polka
M:2/4
L:1/8
K:D
|:A|"D"d>e fd|"A7"e/f/e/d/ cA|"D"(3ABc d2|"G"B2 "A7"A2|
"D"d>e fd|"A7"e/f/e/d/ cA|"D"(3ABc "A7"d>e|1 "D"d2-dA:|2 "D"d2-dA||
|:A|"D"f2 fe|"G"g2 gf|"A7"ee/f/ ge|"D"f2 z2|"D"f2 fe|"G"g2 gf|"A7"ea gc|1 "D"d2 zA:|2 "D"d3|]
"""
LAST_SHORT = POLKA.replace("d2-dA", "d2-d").replace("d2 zA", "d2 z")


def rhythm(bar: Bar) -> list[tuple[bool, object]]:
    return [(note.is_rest, note.length) for note in bar.notes]


def chords(tune: Tune) -> list[list[tuple[object, str]]]:
    return [
        [(at, note.chord.abc) for at, note in zip(bar.onsets, bar.notes, strict=False) if note.chord]
        for bar in tune.bars
    ]


def shapes(tune: Tune) -> list[tuple[int, bool, int, object]]:
    return [(part.count, part.twice, len(part.first), part.pickup) for part in parts_of(tune)]


@pytest.mark.parametrize("abc", [WALTZ, POLKA])
@pytest.mark.parametrize("seed", range(3))
def test_the_rhythm_stays_and_the_notes_are_new(abc: str, seed: int) -> None:
    old = Tune.read(abc)
    new = held(old, "rhythm", seed)
    parts = with_short_endings(parts_of(old))
    there = [bar for part in parts for bar in (*part.bars, *part.first, *part.second)]
    assert [rhythm(bar) for bar in new.bars] == [rhythm(bar) for bar in there]
    assert [note.pitches for bar in new.bars for note in bar.notes] != [
        note.pitches for bar in there for note in bar.notes
    ]
    assert not new.wrong_bars()
    assert shapes(new) == shapes(old)
    assert (new.key, new.meter) == (old.key, old.meter)


@pytest.mark.parametrize("seed", range(3))
def test_the_rhythm_of_drawn_tunes_stays(seed: int) -> None:
    old = tune_of(seed, temp=1.2)
    new = held(old, "rhythm", seed + 7)
    assert [rhythm(bar) for bar in new.bars] == [rhythm(bar) for bar in old.bars]


def test_a_part_may_stay_note_for_note_and_the_other_keep_its_rhythm() -> None:
    old = Tune.read(WALTZ)
    new = held(old, "A, rhythm", 2)
    assert bars(new, range(8)) == bars(old, range(8))
    assert [rhythm(bar) for bar in new.bars[9:]] == [rhythm(bar) for bar in old.bars[9:]]
    assert bars(new, range(8), part=1) != bars(old, range(8), part=1)


@pytest.mark.parametrize("keep", ["chords", "B,chords", "rhythm,chords"])
@pytest.mark.parametrize("abc", [WALTZ, POLKA])
@pytest.mark.parametrize("seed", range(2))
def test_chords_stay_each_at_its_place(keep: str, abc: str, seed: int) -> None:
    old = Tune.read(abc)
    new = held(old, keep, seed)
    assert chords(new) == chords(old)
    assert not new.wrong_bars()
    assert shapes(new) == shapes(old)


def test_a_chord_that_players_write_otherwise_stays_as_it_is() -> None:
    old = Tune.read(WALTZ.replace('"D"a2', '"D7b9"a2'))
    assert '"D7b9"' in held(old, "chords", 1).abc()


@pytest.mark.parametrize("keep", ["A", "B", "!5-6", "!8", "!7-8,15", "2"])
def test_endings_stay(keep: str) -> None:
    old = Tune.read(LAST_SHORT)
    new = held(old, keep, 3)
    assert shapes(new) == shapes(old)
    assert not new.wrong_bars()
    for part in (0, 1) if keep[0] == "!" else (ord(keep) - 65,) if keep.isalpha() else ():
        one, other = parts_of(old)[part], parts_of(new)[part]
        if keep not in {"!8", "!7-8,15"}:
            assert [n.pitches for b in one.first for n in b.notes] == [
                n.pitches for b in other.first for n in b.notes
            ]
            assert [n.pitches for b in one.second for n in b.notes] == [
                n.pitches for b in other.second for n in b.notes
            ]


@pytest.mark.parametrize(("abc", "form"), [(WALTZ, "AABBCC"), (LAST_SHORT, "AABBCC")])
def test_a_part_more_comes_after_all_that_was_there(abc: str, form: str) -> None:
    old = Tune.read(abc)
    new = drawn(TuneRequest.of({"n": 1, "hold": f"next\n{abc}"}), 4)
    assert shapes(new)[:2] == shapes(old)
    assert shapes(new)[2] == (8, True, 0, parts_of(old)[0].pickup)
    for part in (0, 1):
        assert bars(new, range(7), part=part) == bars(old, range(7), part=part)
    assert not new.wrong_bars()
    assert (new.key, new.meter, new.rhythm) == (old.key, old.meter, old.rhythm)
    assert Held.read(f"next\n{abc}").form == form


@pytest.mark.parametrize(
    ("music", "form"), [("|:GABc d2Bd|c2Ac B2G2|GABc d2Bd|cAFA G4:|", "AABB"), ("GABc|" * 8, "AB")]
)
def test_one_part_becomes_two(music: str, form: str) -> None:
    abc = f"X:1\nT:Mine\nM:{'4/4' if ':' in music else '2/4'}\nL:1/8\nK:G\n{music}\n"
    assert Held.read(f"next\n{abc}").form == form
    new = drawn(TuneRequest.of({"n": 1, "hold": f"next\n{abc}"}), 4)
    assert len(parts_of(new)) == 2
    assert not new.wrong_bars()


@pytest.mark.parametrize(
    "question", ["GABc d2Bd|c2Ac B2G2|GABc d2Bd|cAFA D4|", "D2|GABc d2Bd|c2Ac B2G2|GABc d2Bd|cAFA D2"]
)
@pytest.mark.parametrize("seed", range(3))
def test_four_bars_are_answered_by_four_that_end_on_the_tonic(question: str, seed: int) -> None:
    abc = f"X:1\nT:Mine\nM:C|\nL:1/8\nK:G\n{question}\n"
    old = Tune.read(abc)
    new = drawn(TuneRequest.of({"n": 1, "hold": f"answer\n{abc}"}), seed)
    assert ends_home(new)
    assert shapes(new) == [(8, False, 0, parts_of(old)[0].pickup)]
    assert not new.wrong_bars()
    for one, other in zip(old.bars, new.bars, strict=False):
        kept = other.notes[: len(one.notes)]
        assert [note.pitches for note in one.notes] == [note.pitches for note in kept]


def test_of_a_longer_tune_the_first_four_bars_are_the_question() -> None:
    new = drawn(TuneRequest.of({"n": 1, "hold": f"answer\n{WALTZ}"}), 1)
    assert new.bars[:4] == Tune.read(WALTZ).without_chords().bars[:4] or "{f}ef" in new.abc()
    with pytest.raises(RequestError, match="these are 2"):
        Held.read("answer\nX:1\nM:4/4\nL:1/8\nK:G\nGABc d2Bd|c2Ac B2G2|")


def test_chords_that_are_not_there_cannot_be_kept() -> None:
    bare = Tune.read(WALTZ).without_chords().abc()
    with pytest.raises(RequestError, match="no chord symbols"):
        Held.read(f"chords\n{bare}")


@pytest.mark.parametrize(
    ("keep", "read"),
    [
        ("Rhythm", "rhythm"),
        ("harmony", "chords"),
        ("a, rhythm and chords", "A,rhythm,chords"),
        ("1-4 rhythm", "1-4,rhythm"),
    ],
)
def test_what_is_kept_has_one_spelling(keep: str, read: str) -> None:
    assert read_keep(keep) == read
    assert Hold.kept(keep).line == read
    assert Hold.read(read) == Hold.kept(keep)


@pytest.mark.parametrize(
    "line", ["A", "!5-8", "rhythm", "chords,like=0.5", "like=0", "next", "answer", "1-4,A,rhythm"]
)
def test_a_line_of_a_request_is_read_back(line: str) -> None:
    assert Hold.read(line).line == line


@pytest.mark.parametrize("line", ["like=2", "like=x", "melody"])
def test_a_line_that_says_nothing_is_refused(line: str) -> None:
    with pytest.raises(RequestError):
        Hold.read(line)
