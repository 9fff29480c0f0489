"""How new a tune is, by an index that holds no tune."""

from pathlib import Path

import numpy as np
import pytest

from generator.errors import ModelError
from generator.keys import Key
from generator.melody import line_of
from generator.novelty import INDEX, RUN, Likeness, Novelty, save_index
from tests.generator.test_families import tune, walk

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
