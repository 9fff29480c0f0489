"""The critic learns to tell tunes from others, reads them alike in any key, and chooses among candidates."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from generator.compose.choice import choose
from generator.compose.critic import CRITIC, PLACES, Critic, places
from generator.compose.critic_reading import CHOICES, beginning, read, read_by_bar
from generator.compose.loaded_model import open_model
from generator.compose.model import MODELS, load_model
from generator.compose.score import PLAIN, Draft
from generator.errors import ModelError
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.training.manifest import name_files

HEAD = "X:1\nT:One\nR:jig\nM:6/8\nL:1/8\nK:G\n"


def walk(seed: int, longest: int) -> Tune:
    """Draw a tune whose line moves by so many steps at most."""
    random, at, bars = Random(seed), 4, []
    for _ in range(8):
        notes = []
        for _ in range(6):
            at = min(9, max(0, at + random.randint(-longest, longest)))
            notes.append("GABcdefgab"[at])
        bars.append("".join(notes))
    return Tune.read(f"{HEAD}|:{'|'.join(bars)}:|\n")


def some_critic(seed: int = 1) -> Critic:
    random = np.random.default_rng(seed)
    return Critic((random.standard_normal(PLACES) / 8).astype(np.float32), 0.5)


def test_every_number_that_is_read_is_one_of_its_choices():
    for tune in (walk(1, 3), Tune.read(HEAD + "|:D|GAB cBA|g'3 z2G,|{a}G3-G2:|[1 G6:|[2 A6|]\n")):
        rows = read(tune)
        assert rows.shape[1] == len(CHOICES)
        assert (rows >= 0).all()
        assert (rows < CHOICES).all()


def test_what_returns_is_read():
    rows = read(Tune.read(HEAD + "|:GAB cBA|fff fff|GAB cBA|fff G3:|\n"))
    returns = rows[:, 9]
    assert returns[0] == returns[6] == returns[18] == 0
    assert returns[12] == 2  # two bars back
    back = rows[:, 14]  # compared with two bars back
    assert back[0] == 0
    assert set(back[12:18]) == {2}
    assert back[-1] == 6


def test_a_tune_is_read_alike_in_any_key():
    tune = walk(3, 2)
    np.testing.assert_array_equal(read(tune), read(tune.transposed(Key.read("A"))))


def test_a_critic_is_kept_in_a_small_file(tmp_path: Path):
    critic = some_critic()
    critic.save(tmp_path / CRITIC)
    again = Critic.load(tmp_path / CRITIC)
    assert again(walk(1, 2)) == pytest.approx(critic(walk(1, 2)), abs=0.02)
    for content in (b"PK no archive", b""):
        (tmp_path / "bad.npz").write_bytes(content)
        with pytest.raises(ModelError, match="damaged"):
            Critic.load(tmp_path / "bad.npz")
    with pytest.raises(ModelError, match="missing"):
        Critic.load(tmp_path / "none.npz")


def test_the_one_that_the_critic_favours_is_chosen():
    tunes = [walk(seed, 3) for seed in range(6)]
    critic = some_critic()
    best = max(range(6), key=lambda place: critic(tunes[place]))
    choice = choose([Draft(tune, -1.0) for tune in tunes], replace(PLAIN, critic=critic))
    assert choice.place == best
    assert choice.score == pytest.approx(1 / (1 + np.exp(-critic(tunes[best]))))


def test_a_model_that_ships_a_critic_is_judged_by_it(tmp_path: Path):
    folder = Path(shutil.copytree(MODELS / "jigs", tmp_path / "jigs"))
    assert load_model(folder).critic is None or (folder / CRITIC).exists()
    some_critic().save(folder / CRITIC)
    name_files(folder, (CRITIC,))
    assert CRITIC in json.loads((folder / "manifest.json").read_text())["files"]
    assert open_model("jigs", "fast", tmp_path).score.critic is not None
    (folder / CRITIC).write_bytes(b"another")
    with pytest.raises(ModelError, match=CRITIC):
        load_model(folder)


def test_each_pair_of_choices_has_a_weight_of_its_own():
    assert sum(a * b for place, a in enumerate(CHOICES) for b in CHOICES[place:]) == PLACES
    last = np.array([[choices - 1 for choices in CHOICES]], np.int16)
    assert places(last).max() == PLACES - 1
    assert len(set(places(last)[0].tolist())) == places(last).size


def test_a_beginning_is_read_as_if_nothing_followed():
    """Once from the whole tune, as in training, and once from what is there, as in a draw."""
    bars = "|:G|GAB cBA|fff fff|GAB cBA|fff G2:|:A|Bcd efg|GAB cBA|GAB cBA|G3 G2:|"
    begun = "|:G|GAB cBA|fff fff|GAB cBA|fff G2:|:A|Bcd efg|GAB cBA|"
    whole = read_by_bar(Tune.read(HEAD + bars + "\n"))
    for count, text in ((4, begun[: begun.index(":|")] + "|"), (6, begun)):
        there = read(Tune.read(HEAD + text + "\n"), (2, 4))
        np.testing.assert_array_equal(beginning(*whole, count), there)


def test_it_learns_to_tell_and_beginnings_too():
    pytest.importorskip("sklearn", reason="the train extra is not installed")
    from generator.training.critic_fit import fit

    printed = [walk(seed, 1) for seed in range(48)]
    drawn = [walk(seed, 6) for seed in range(100, 148)]
    found = fit(printed, [drawn], strengths=(0.01,))
    assert found.auc > 0.9
    assert found.begun[4] > 0.9
    assert found.critic(walk(500, 1)) > 0 > found.critic(walk(501, 6))
