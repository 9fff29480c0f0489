"""The better of two tunes wins, for reasons that a player would give."""

import math

import pytest

from generator.compose import score as measures
from generator.compose.score import PLAIN, Draft, Score
from generator.music.tune import Tune

GOOD = "GAB d2B|cBA G2D|GAB d2e|fdf g3|GAB d2B|cBA G2D|EFG ABc|dcA G3|]"
DRONE = "GGG GGG|GGG GGG|GGG GGG|GGG GGG|GGG GGG|GGG GGG|GGG GGG|GGG GGG|]"
RAMBLE = "GA/B/c d2e|f/g/ab c'>ba|^c2d ef/e/d|A,2B =c2^g|e>dc B/A/GF|E2f g/a/bd'|c2B A<GF|D6|]"


def draft(music, log_probability=-100.0):
    return Draft(Tune.read(f"X:1\nT:One\nM:6/8\nL:1/8\nK:G\n{music}\n"), log_probability)


@pytest.mark.parametrize("worse", [DRONE, RAMBLE])
def test_a_shapely_tune_beats_a_drone_and_a_ramble(worse):
    assert PLAIN(draft(GOOD)) > PLAIN(draft(worse))


@pytest.mark.parametrize(
    ("measure", "better", "worse"),
    [
        (measures.variety, GOOD, DRONE),
        (measures.contour, GOOD, DRONE),
        (measures.cadence, GOOD, RAMBLE),  # the latter ends on the fifth
        (measures.cadence, GOOD, GOOD.replace("dcA G3", "dBe G3")),  # from afar
        (measures.cadence, GOOD, GOOD.replace("dcA G3", "dBA BAG")),  # without a rest
        (measures.answer, GOOD, RAMBLE),
        (measures.answer, GOOD, GOOD.replace("|GAB d2B|cBA G2D|EFG", "|def g2d|cBA G2D|EFG")),
        (measures.rhyme, f"|:{GOOD[:-2]}:|:def g2f|{GOOD[:-2]}:|", f"|:{GOOD[:-2]}:|:{GOOD[:-8]}A2B c3:|"),
    ],
)
def test_each_measure_hears_what_it_is_for(measure, better, worse):
    assert measure(draft(better)) > measure(draft(worse))


@pytest.mark.parametrize("measure", list(PLAIN.weights))
@pytest.mark.parametrize("music", [GOOD, DRONE, RAMBLE, "G6|]", "z5G|z6|]"])
def test_measures_stay_between_poor_and_perfect(measure, music):
    for log_probability in (0.0, -1.0, -1e4, -math.inf):
        assert 0 <= measure(draft(music, log_probability)) <= 1


def test_the_likelier_of_two_equal_tunes_wins():
    place, _ = PLAIN.best([draft(GOOD, -200), draft(GOOD, -150), draft(GOOD, -300)])
    assert place == 1


def test_the_first_of_equals_wins():
    assert PLAIN.best([draft(GOOD), draft(GOOD)])[0] == 0


def test_second_endings_and_pickups_do_not_hide_that_parts_end_alike():
    music = "D|GAB d2B|cBA G2D|GAB d2B|1 dcA G2:|2 ABA c2||d|def g2f|edB d2c|BcA def|dcA G2|]"
    assert measures.rhyme(draft(music)) == 1
    assert measures.answer(draft(music)) == 0.5  # the first part's halves begin alike


def test_weights_count_in_proportion():
    poor, perfect = (lambda _: 0.0), (lambda _: 1.0)
    assert Score({poor: 1.0, perfect: 3.0})(draft(GOOD)) == pytest.approx(0.75)
