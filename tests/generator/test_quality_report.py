"""A model's tunes beside real ones, and the recipe of the default model from text to manifest."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generator import train_command
from generator.__main__ import main
from generator.collections import Setting
from generator.heldout import surprise
from generator.melody import line_of
from generator.models import MANIFEST, WEIGHTS, find_model
from generator.network import build
from generator.novelty import INDEX, Novelty
from generator.report import Kind, figures, halves, table, unseen, wishes_like
from generator.session import RECIPE, STYLE, Session, material
from generator.train import Recipe
from generator.training_text import STYLES, Curriculum, Lesson, Style, curriculum, lesson_of
from generator.tune import Tune
from tests.generator.test_families import walk

HEAD = "X:1\nT:The {} Walk\nM:{}\nL:1/8\nK:{}\n"


def setting(seed: int, meter: str = "6/8", key: str = "G", dance: str = "jig", body: str = "") -> Setting:
    name = "".join("abcdefghij"[int(digit)] for digit in f"{seed:03}").title()
    return Setting(
        Tune.read(HEAD.format(name, meter, key) + (body or walk(seed)) + "\n"), "ryan", "x.abc", dance
    )


def lesson(**kwargs: str) -> Lesson:
    found = lesson_of(setting(1, **kwargs))
    assert isinstance(found, Lesson), found
    return found


@pytest.fixture(scope="module")
def taught() -> Curriculum:
    return curriculum([setting(seed) for seed in range(60)], Counter())


def test_wishes_have_the_headers_of_real_tunes_and_seeds_of_their_own():
    twice = "|:" + walk(1, bars=8).replace("|]", ":|") + "|:" + walk(2, bars=8).replace("|]", ":|")
    lessons = [lesson(body=twice, key="Edor"), lesson(dance="air", key="Bb"), lesson(dance="")]
    wishes = wishes_like(lessons, 5, temp=1.0, n=2)
    assert [wish.seed for wish in wishes] == [1, 2, 3, 4, 5]
    assert [(w.form, w.bars) for w in wishes[:2]] == [("AABB", 8), ("AABB", 8)]
    assert [w.key.name for w in wishes if w.key] == [
        "E dorian",
        "Bb major",
        "G major",
        "E dorian",
        "Bb major",
    ]
    assert [w.type.name if w.type else None for w in wishes[:3]] == ["jig", "air", None]
    assert {(w.temp, w.n, w.meter.abc) for w in wishes if w.meter} == {(1.0, 2, "6/8")}


def test_halves_take_turns_within_each_type():
    tunes = [setting(seed).tune for seed in range(6)]
    one, other = halves(Kind("real", tunes, ["jig", "reel", "jig", "jig", "reel", "jig"]))
    assert list(one.types) == ["jig", "reel", "jig"]
    assert list(other.types) == ["jig", "reel", "jig"]
    assert len({*map(id, one.tunes), *map(id, other.tunes)}) == 6


def test_known_tunes_show_in_the_figures(taught: Curriculum):
    novelty = Novelty.of((lesson.tune.title, line_of(lesson.tune)) for lesson in taught.learn)
    kinds = [
        Kind(name, [found.tune for found in lessons], ["jig"] * len(lessons))
        for name, lessons in (("learnt", taught.learn[:20]), ("held out", taught.held_out))
    ]
    learnt, held_out = (figures(kind, kinds[0], novelty) for kind in kinds)
    assert learnt["longest known run, median, bars"] == 16
    assert held_out["longest known run, 99th percentile, bars"] < 3
    assert learnt["bars right, %"] == held_out["bars right, %"] == 100
    assert learnt["distance, pitch"] == 0
    shown = table({"learnt": learnt, "held out": held_out})
    assert len(shown.splitlines()) == 2 + len(learnt)


def test_the_recipe_trains_and_ships_manifest_and_index(
    tmp_path: Path,
    taught: Curriculum,
    monkeypatch: pytest.MonkeyPatch,
    keras: object,
    capsys: pytest.CaptureFixture[str],
):
    del keras
    asked = []

    def prepare(nottingham: Path | None, *, fetch: bool, style: Style) -> Session:
        asked.append((nottingham, fetch))
        return Session(taught, material(taught, style, ("ryan",)))

    monkeypatch.setattr(train_command, "prepare", prepare)
    small = {
        "session": (STYLE, replace(RECIPE, batch=2, steps=32)),
        "seed": (STYLES["plain"], Recipe(batch=2, steps=32)),
    }
    monkeypatch.setattr(train_command, "RECIPES", small)
    out = tmp_path / "session"
    assert main(["train", "--recipe", "session", "--out", str(out), "--epochs", "1"]) == 0
    assert asked == [(None, False)]
    assert "54 tunes to learn, 6 held out" in capsys.readouterr().out
    model = find_model("session", tmp_path)
    assert model.lore.keys == {"G": 54}
    assert model.lore.types == {"jig": 54}
    assert len(Novelty.load(out / INDEX).titles) == 54
    manifest = json.loads((out / MANIFEST).read_text())
    assert "Ryan" in manifest["credit"]
    assert "Nottingham" not in manifest["credit"]
    assert manifest["learnt"]["sha256"] == material(taught, STYLE, ("ryan",)).sha256


def test_the_learning_rate_rises_falls_and_is_level_in_the_seed_recipe():
    rates = [replace(RECIPE, warm_up=10).rate(window, 1000) for window in range(1000)]
    assert rates[0] == pytest.approx(RECIPE.learning_rate / 10)
    assert max(rates) == rates[9] == pytest.approx(RECIPE.learning_rate, rel=0.001)
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert rates[-1] == pytest.approx(RECIPE.learning_rate / 100, rel=0.01)
    assert {Recipe().rate(window, 1000) for window in range(1000)} == {0.001}


def test_surprise_is_what_the_network_itself_says_alone_or_in_company(tmp_path: Path, keras: Any):
    alphabet, piece = "ABC|", ("AB", "CA|")
    keras.utils.set_random_seed(3)
    model = build(4, 1, None, 0.0)
    model.save_weights(tmp_path / WEIGHTS)
    [bits] = surprise(tmp_path / WEIGHTS, alphabet, [piece])
    chances = model.predict_on_batch(np.array([[0, 1, 2, 0]], np.int32))[0]
    np.testing.assert_allclose(
        bits, [-np.log2(chances[at, c]) for at, c in ((1, 2), (2, 0), (3, 3))], rtol=1e-4
    )
    others = [("A" * 70, "B|" * 40), ("C", "|")]
    found = surprise(tmp_path / WEIGHTS, alphabet, [others[0], piece, others[1]])
    np.testing.assert_allclose(found[1], bits, rtol=1e-4)
    assert [len(one) for one in found] == [80, 3, 1]


def test_a_tune_that_the_model_learnt_is_no_measure_for_it(taught: Curriculum):
    learnt, other = taught.learn[:3], taught.learn[3:6]
    novelty = Novelty.of((lesson.tune.title, line_of(lesson.tune)) for lesson in learnt)
    assert unseen([*other, *learnt], novelty) == list(other)
