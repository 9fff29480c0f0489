import pytest

from generator.compose.joined_bars import joined
from generator.compose.plan import make_plan
from generator.compose.request import TuneRequest
from generator.grammar.bar_state import BarSpec, BarState
from generator.grammar.leaning import Leaning
from generator.grammar.lengths import Grid
from generator.grammar.rhythm import RhythmRules
from generator.music.dance_habits import HABITS
from generator.music.dances import DANCES, METERS, Meter
from generator.music.tune import Tune
from tests.generator.compose.test_plan import HOME

HEAD = "X:1\nM:6/8\nL:1/8\nK:G\n"


def music(text, meter="12/8"):
    return Tune.read(HEAD + text + "\n"), joined(Tune.read(HEAD + text + "\n").bars, Meter(meter))


def test_two_bars_become_one_and_pickups_stay():
    tune, bars = music("|:D|GAB c2d|edc BAG|AFD def|g3 g2:|:d|edc BAG|FGA D3|G3 B3|G3 G2:|")
    assert [bar.length for bar in bars] == [bar.length for bar in Tune.read(
        HEAD.replace("6/8", "12/8") + "|:D|GABc2dedcBAG|AFDdefg3g2:|:d|edcBAGFGAD3|G3B3G3G2:|\n"
    ).bars]  # fmt: skip
    assert [bar.repeat_end for bar in bars] == [0, 0, 1, 0, 0, 1]
    assert [note.pitches for bar in bars for note in bar.notes] == [
        note.pitches for bar in tune.bars for note in bar.notes
    ]


def test_a_note_that_is_tied_over_becomes_one_where_it_can_be_written():
    _, (bar,) = music("GAB c3-|c3 BAG|]")
    assert [float(note.length * 8) for note in bar.notes] == [1, 1, 1, 6, 1, 1, 1]
    assert bar.end == "|]"
    _, (bar,) = music("GAB c2d-|d3/2e3/2 BAG|]")  # five sixteenths
    assert sum(note.tie for note in bar.notes) == 1


def test_a_tie_after_a_broken_pair_is_kept():
    tune, bars = music("GAB cd>e-|e3 BAG|]")
    whole = Tune(tune.title, tune.key, Meter("12/8"), tune.unit, bars)
    sounds = [
        [(n.onset, n.length, n.pitches) for n in each.played()] for each in (Tune.read(whole.abc()), tune)
    ]
    assert sounds[0] == sounds[1]


@pytest.mark.parametrize(
    ("meter", "drawn", "bars"), [("12/8", "6/8", 16), ("3/2", "2/4", 24), ("9/8", "9/8", 8)]
)
def test_what_was_never_learnt_is_drawn_in_what_was(meter, drawn, bars):
    known = dict.fromkeys(("6/8", "9/8", "2/4", "C|"), 50)
    facts = HOME.__class__(
        HOME.alphabet, HOME.prompt, HOME.unit, HOME.keys, known, HOME.types, HOME.printed_keys
    )
    plan = make_plan(TuneRequest.of({"key": "G", "type": "air", "meter": meter, "seed": 1}), facts)
    assert (plan.within, plan.form) == (Meter(drawn), (2, bars))
    held = make_plan(
        TuneRequest.of({"key": "G", "type": "air", "meter": meter, "seed": 1, "start": "G2 A2 B2"}), facts
    )
    assert held.form == (2, 8)  # the user's notes need not go with it


def test_every_meter_that_is_a_sum_is_one_of_whole_bars():
    for name, facts in METERS.items():
        smaller, count = facts.made_of
        assert not smaller or Meter(smaller).bar * count == Meter(name).bar


def test_every_habit_belongs_to_a_type_in_one_of_its_meters_and_its_notes_can_stand_there():
    for name, habit in HABITS.items():
        dance, _, meter = name.rpartition(" in ")
        assert meter in DANCES[dance].meters
        least = DANCES[dance].shortest_in(Meter(meter)) * 32
        assert all(ticks >= least for wished in habit.values() for ticks in wished)


def test_a_habit_weighs_the_lengths_of_notes_where_they_stand():
    grid = Grid.of(Meter("3/4"), 2, "mazurka in 3/4")
    leaning = Leaning(RhythmRules(HOME.alphabet))
    head = BarState("head", BarSpec(4, grid, (0,), "plain"), 24)
    added = leaning.of(head)
    assert added[">"] == added["3"] > 0  # a dotted note, either way
    assert not {"2", "-", ","} & added.keys()
    assert not leaning.of(head._replace(rem=4))
    assert not leaning.of(head._replace(spec=head.spec._replace(grid=Grid.of(Meter("3/4")))))
