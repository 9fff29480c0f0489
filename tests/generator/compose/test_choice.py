"""How new a tune is, by an index that holds no tune."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from generator.compose.choice import choose
from generator.compose.novelty import INDEX, RUN, Likeness, Novelty, save_index
from generator.compose.score import Draft, Score, likelihood
from generator.errors import ModelError
from generator.evaluation.statistics import (
    DISTRIBUTIONS,
    Histogram,
    divergence,
    returning,
    together,
    within_key,
)
from generator.music.keys import Key
from generator.music.melody import ends_home, line_of
from generator.music.tune import Tune
from tests.generator.training.test_families import tune, walk

LIKELIEST = Score({likelihood: 1.0})
KNOWN = [tune(walk(seed), title=f"Known {'abcdefghijklmnopqrst'[seed]}") for seed in range(20)]


@pytest.fixture(scope="module")
def index() -> Novelty:
    return Novelty.of((t.title, line_of(t)) for t in KNOWN)


def test_a_known_tune_is_found_whole_in_any_key(index: Novelty):
    found = index.nearest(KNOWN[7].transposed(Key.read("Eb")))
    assert found == Likeness(96, 16.0, "Known h")


def test_the_longest_shared_run_is_measured_in_notes_and_bars(index: Novelty):
    bars = walk(7).split("|")
    new = walk(99).split("|")
    mixed = tune("|".join([*new[:4], *bars[4:7], *new[7:16]]) + "|]")
    found = index.nearest(mixed)
    assert found.title == "Known h"
    assert 18 <= found.notes <= 22  # three bars, and what may agree by chance at either side
    assert found.bars == pytest.approx(found.notes / 6, abs=0.01)


def test_a_run_does_not_go_on_from_one_known_tune_into_the_next():
    first, second = tune("GABcde|]", title="One"), tune("fgedcB|]", title="Two")
    both = tune("GABcde|fgedcB|]")
    index = Novelty.of((t.title, line_of(t)) for t in (first, second))
    assert index.nearest(both).notes == 6


def test_the_same_pitches_in_another_rhythm_are_new(index: Novelty):
    slow = walk(7).replace("|", "").removesuffix("]")
    text = "|".join("".join(f"{letter}2" for letter in slow[at : at + 3]) for at in range(0, 48, 3))
    assert index.nearest(tune(text + "|]")).notes < RUN + 3


def test_a_tune_can_be_compared_with_all_others(index: Novelty):
    assert index.nearest(KNOWN[7], apart_from="known H").title != "Known h"


def test_too_short_a_tune_is_like_nothing(index: Novelty):
    assert index.nearest(tune("G3A3|]")) == Likeness()


def test_the_index_is_kept_in_a_small_file_without_the_notes(tmp_path: Path, index: Novelty):
    file = tmp_path / INDEX
    save_index(file, [(t.title, line_of(t)) for t in KNOWN])
    again = Novelty.load(file)
    strange = tune(walk(123))
    assert again.nearest(KNOWN[3]) == index.nearest(KNOWN[3])
    assert again.nearest(strange) == index.nearest(strange)
    assert again.titles == index.titles
    assert file.stat().st_size < 20 * 20 * 16 + 2000
    with np.load(file) as found:
        assert set(found) == {"format", "hashes", "starts", "titles"}


def test_a_damaged_or_missing_index_is_said(tmp_path: Path):
    with pytest.raises(ModelError, match="missing"):
        Novelty.load(tmp_path / INDEX)
    (tmp_path / INDEX).write_bytes(b"PK no archive")
    with pytest.raises(ModelError, match="damaged"):
        Novelty.load(tmp_path / INDEX)
    np.savez(
        tmp_path / INDEX, format=1, hashes=np.zeros((2, 2)), starts=np.zeros(1), titles=np.zeros(1, np.uint8)
    )
    with pytest.raises(ModelError, match="damaged"):
        Novelty.load(tmp_path / INDEX)
    np.savez(tmp_path / INDEX, format=9)
    with pytest.raises(ModelError, match="another version"):
        Novelty.load(tmp_path / INDEX)


def test_a_known_tune_is_not_chosen_while_there_is_a_new_one(index: Novelty):
    drafts = [Draft(KNOWN[2], 0.0), Draft(tune(walk(321), title="The New Broom"), -500.0)]
    choice = choose(drafts, LIKELIEST, index)
    assert (choice.place, choice.known, choice.tune.title) == (1, False, "The New Broom")
    assert choice.likeness.bars <= 2


def test_where_all_are_known_the_best_is_given_and_told(index: Novelty):
    choice = choose([Draft(KNOWN[2], -500.0), Draft(KNOWN[3], -1.0)], LIKELIEST, index)
    assert (choice.place, choice.known, choice.likeness.title) == (1, True, "Known d")


def test_a_known_title_gives_way_to_another_candidates(index: Novelty):
    best, other = tune(walk(321), title="Known B"), tune(walk(322), title="Shapely Door")
    assert choose([Draft(best, -1.0), Draft(other, -500.0)], LIKELIEST, index).tune.title == "Shapely Door"
    assert choose([Draft(best, -1.0)], LIKELIEST, index).tune.title == ""


def test_without_an_index_everything_is_new():
    choice = choose([Draft(KNOWN[2], -1.0)], LIKELIEST)
    assert (choice.known, choice.likeness, choice.tune.title) == (False, Likeness(), "Known c")


@pytest.mark.parametrize("measure", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS)
def test_distances_are_nothing_in_another_key_and_more_to_another_kind(measure: Callable[[Tune], Histogram]):
    there = [t.transposed(Key.read("A")) for t in KNOWN[:10]]
    flat = Tune.read("X:1\nT:Flat\nM:6/8\nL:1/8\nK:G\n" + "|".join(["G2G G2G"] * 16) + "|]\n")
    here = together(KNOWN[:10], measure)
    assert divergence(here, together(there, measure)) == pytest.approx(0, abs=1e-9)
    near, far = (divergence(here, together(others, measure)) for others in (KNOWN[10:], [flat]))
    assert 0 <= near < far <= 1


def test_nothing_in_common_is_one():
    assert divergence(Counter({1: 3}), Counter({2: 8})) == 1
    assert divergence(Counter(), Counter()) == 0


def test_bars_that_return_are_counted():
    assert returning(tune("GABcde|GABcde|fedcBA|GABcde|]")) == 0.5
    assert returning(tune("GABcde|fedcBA|]")) == 0


def test_home_is_the_tonic_and_the_key_has_seven_notes():
    assert ends_home(tune("GABcde|fedcBG|]"))
    assert not ends_home(tune("GABcde|fedcBA|]"))
    assert within_key([tune("GABcde|=fedc^AG|]")]) == pytest.approx(10 / 12)
