"""Where parts begin is said once: reading, playing, drawing and practising agree about it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.music.bar_check import begins_section
from generator.music.part_starts import begins_part, part_starts
from generator.music.parts import form_of, parts_of
from generator.music.tune import Tune
from generator.render.layout import lines
from generator.render.part_times import timeline

ENDINGS_AFTER_A_DOUBLE_LINE = "|:GABc|dBAG|cBAB||[1 FGAB:|[2 G4|]"


def tune(music: str) -> Tune:
    return Tune.read(f"X:1\nM:4/4\nL:1/4\nK:G\n{music}\n")


@pytest.mark.parametrize(
    ("music", "starts"),
    [
        ("GABc|dBAG|]", [0]),
        ("|:GABc:|dBAG|]", [0, 1]),
        ("|:GABc::dBAG:|", [0, 1]),
        ("GABc||dBAG|]", [0, 1]),
        ("GABc|]dBAG|]", [0, 1]),
        ("GABc[|dBAG|]", [0, 1]),
        ("GABc|\nP:B\ndBAG|]", [0, 1]),
        ("GABc|dBAG|:cBAB:|", [0, 2]),
        ("|:GABc|[1 dBAG:|[2 cBAB|]", [0]),
        ("|:GABc|[1 dBAG:|[2 cBAB||G4|]", [0, 3]),
        (ENDINGS_AFTER_A_DOUBLE_LINE, [0]),
    ],
)
def test_a_part_begins_where_a_player_says(music: str, starts: list[int]) -> None:
    assert list(part_starts(tune(music).bars)) == starts


def test_a_double_line_before_the_endings_ends_no_part_for_anybody() -> None:
    read = tune(ENDINGS_AFTER_A_DOUBLE_LINE)
    (part,) = parts_of(read)
    assert (len(part.bars), len(part.first), len(part.second), part.twice) == (3, 1, 1, True)
    assert form_of([part]) == "AA 4"
    assert timeline(read).parts == ()
    assert lines(read) == ((0, 1, 2, 3, 4),)
    assert [bar.place for bar in read.played_bars()] == [0, 1, 2, 3, 0, 1, 2, 4]


BAR = st.sampled_from(["GABc", "d4", "z4", "G2", "G"])
LINE = st.sampled_from(
    ["|", "|", "|", "||", "|]", "[|", ":|", "|:", "::", "|[1 ", "||[1 ", ":|[2 ", "\nP:B\n"]
)
MUSIC = st.lists(st.tuples(BAR, LINE), min_size=1, max_size=12).map(
    lambda bars: "".join(map("".join, bars)) + "G4|]"
)


@given(MUSIC)
def test_all_that_divide_a_tune_ask_the_same_rule(music: str) -> None:
    read = tune(music)
    starts = part_starts(read.bars)
    assert starts == (0, *(i for i, pair in enumerate(pairwise(read.bars), 1) if begins_part(*pair)))
    assert len(timeline(read).parts) <= len(starts)
    assert 1 <= len(parts_of(read)) <= len(starts)
    assert all(begins_section(read.bars, i) for i in starts if i == 0 or not read.bars[i].endings)


@given(MUSIC)
def test_the_walk_over_played_bars_leaves_no_gap(music: str) -> None:
    read = tune(music)
    walk = list(read.played_bars())
    assert all(one.onset + one.bar.length == two.onset for one, two in pairwise(walk))
    assert all(bar.bar is read.bars[bar.place] for bar in walk)
    assert read.total_length == (walk[-1].onset + walk[-1].bar.length if walk else 0)
    written = {bar.onset + onset for bar in walk for onset in bar.bar.onsets[:-1]}
    assert {note.onset for note in read.played()} <= written
