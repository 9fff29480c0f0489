"""A model's folder is checked before it is trusted, and says what it learnt."""

import json
import shutil
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.compose.loaded_model import open_model
from generator.compose.model import (
    MANIFEST,
    MODELS,
    VOCABULARY,
    WEIGHTS,
    find_model,
    load_model,
    model_names,
)
from generator.compose.novelty import INDEX, Novelty
from generator.compose.request import TuneRequest
from generator.errors import ModelError
from generator.evaluation.card import CARD, CURVE, write_card
from generator.music.tune import Tune
from generator.training.corpus import Corpus, split
from generator.training.known_tunes import write_index
from generator.training.manifest import DEFAULT_PROMPT, write_manifest
from generator.training.train import HISTORY
from tests.generator.training.test_families import walk

JIGS = MODELS / "jigs"
TUNES = (
    "X:1\nT:One\nR:reel\nM:4/4\nL:1/8\nK:G\nG4 B4|\n\n",
    "X:2\nT:Two\nM:6/8\nL:1/8\nK:Em\ne3 B3|\n\n",
    "X:3\nT:Three\nM:6/8\nL:1/8\nK:Em\nB3 e3|\n\n",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(JIGS, tmp_path / "copy"))


def change(folder: Path, **values: object) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, **values}))


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_jigs_model_is_the_seed_network_on_86_characters():
    model = find_model("jigs")
    assert len(model.alphabet) == 86
    assert json.loads((JIGS / MANIFEST).read_text())["network"]["parameters"] == 1_904_214
    assert {"G", "D", "Em"} <= set(model.facts.keys)
    assert max(model.facts.meters, key=model.facts.meters.__getitem__) == "6/8"


def test_an_unknown_name_lists_those_there_are(tmp_path: Path):
    with pytest.raises(ModelError, match="jigs"):
        find_model("reels")
    with pytest.raises(ModelError, match="none"):
        find_model("jigs", tmp_path)
    assert model_names(tmp_path) == ()


def test_what_is_damaged_or_foreign_is_refused_with_a_sentence(copy: Path):
    load_model(copy)
    change(copy, format=99)
    assert "format 99" in refusal(copy)
    change(copy, format=1, keys=["G"])
    assert "damaged" in refusal(copy)
    (copy / MANIFEST).write_text("{")
    assert "damaged" in refusal(copy)
    shutil.copy(JIGS / MANIFEST, copy / MANIFEST)
    (copy / WEIGHTS).write_bytes((copy / WEIGHTS).read_bytes()[:-1])
    assert f"{WEIGHTS} is not the one" in refusal(copy)
    (copy / VOCABULARY).unlink()
    assert f"{VOCABULARY} is missing" in refusal(copy)


def test_a_manifest_counts_what_the_tunes_are_in(copy: Path):
    corpus = Corpus(("own.abc",), TUNES)
    write_manifest(copy, corpus, description="Ours.", credit="Us.", dance="jig", prompt=DEFAULT_PROMPT)
    facts = load_model(copy).facts
    assert facts.keys == {"Em": 2, "G": 1}
    assert facts.meters == {"6/8": 2, "4/4": 1}
    assert facts.types == {"jig": 2, "reel": 1}
    with pytest.raises(ModelError, match="0 of 3"):
        write_manifest(copy, Corpus(("x",), ("X:1",) * 3), description="", credit="", dance="", prompt="")


def test_the_command_lists_models_and_writes_cards(copy: Path, capsys):
    assert main(["models"]) == 0
    assert "jigs:" in capsys.readouterr().out
    (copy / CARD).unlink()
    (copy / CURVE).unlink()
    assert main(["card", str(copy)]) == 0
    assert (copy / CARD).read_text() == (JIGS / CARD).read_text()
    assert (copy / CURVE).read_bytes().startswith(b"\x89PNG")
    assert main(["card", str(copy.parent)]) == 2


def test_a_card_says_what_was_measured(copy: Path):
    history = json.loads((JIGS / "history.json").read_text())
    best = min(history["epochs"], key=lambda epoch: epoch["held_out_loss"])
    last = history["epochs"][-1]
    card = write_card(copy).read_text()
    assert f"| {best['number']} | {best['loss']:.3f} | {best['accuracy']:.3f}" in card
    assert f"| {last['number']} (kept) | {last['loss']:.3f} | {last['accuracy']:.3f}" in card
    assert history["corpus"]["sha256"] in card
    assert "Nottingham Music Database" in card
    assert "| published run, 50 | 0.67 | 0.78 |" in card


def test_a_key_is_drawn_as_the_tunes_were_printed_where_they_were_learnt_in_one_tonic(copy: Path):
    def drawn() -> set[str]:
        model = open_model(copy.name, "fast", copy.parent)
        settled = [model.settle(TuneRequest(), seed) for seed in range(200)]
        return {request.key.abc for request in settled if request.key}

    change(copy, keys={"G": 9, "Em": 1})
    assert drawn() == {"G", "Em"}
    change(copy, printed_keys={"D": 5, "Bb": 3, "Am": 2})
    assert drawn() == {"D", "Bb", "Am"}
    plan = open_model(copy.name, "fast", copy.parent).plan(TuneRequest.of({"key": "Bb", "meter": "6/8"}))
    assert plan.drawn.abc == "G"
    change(copy, printed_keys=["D"])
    assert "damaged" in refusal(copy)


def learnt(folder: Path, corpus: Corpus) -> None:
    history = {"corpus": {"sha256": corpus.sha256}, "recipe": {"held_out": 0.34, "seed": 1}}
    (folder / HISTORY).write_text(json.dumps(history))


def test_the_index_has_what_was_learnt_and_not_what_was_held_out(copy: Path):
    texts = tuple(
        f"X:{n}\nT:{title}\nM:6/8\nL:1/8\nK:G\n{walk(n)}\n\n"
        for n, title in enumerate(("One Door, The", "Two Gates", "Three Stiles"), 1)
    )
    corpus = Corpus(("ours.abc",), texts)
    learnt(copy, corpus)
    assert write_index(copy, corpus) == 2
    model = load_model(copy)
    assert model.index is not None
    novelty = Novelty.load(model.index)
    (held_out,) = split(texts, 0.34, 1)[1]
    found = {text: novelty.nearest(Tune.read(text)) for text in texts}
    assert {text for text, like in found.items() if like.bars == 16} == set(texts) - {held_out}
    assert {like.title for text, like in found.items() if text != held_out} < {
        "The One Door", "Two Gates", "Three Stiles",
    }  # fmt: skip
    write_manifest(copy, corpus, description="Ours.", credit="", dance="jig", prompt=DEFAULT_PROMPT)
    assert load_model(copy).index == model.index


def test_an_index_of_other_tunes_is_refused_and_a_changed_one_found_out(copy: Path):
    corpus = Corpus(("ours.abc",), TUNES)
    with pytest.raises(ModelError, match="not the tunes that copy learnt from"):
        write_index(copy, corpus)
    learnt(copy, corpus)
    write_index(copy, corpus)
    (copy / INDEX).write_bytes(b"PK")
    assert f"{INDEX} is not the one" in refusal(copy)
    (copy / INDEX).unlink()
    assert f"{INDEX} is missing" in refusal(copy)
    (copy / HISTORY).unlink()
    with pytest.raises(ModelError, match=HISTORY):
        write_index(copy, corpus)


def test_the_jigs_model_knows_the_tunes_that_it_learnt():
    model = open_model("jigs", "fast")
    assert model.novelty is not None
    assert 250 < len(model.novelty.titles) <= 306
    assert (JIGS / INDEX).stat().st_size < 200_000


def test_tunes_have_the_numbers_of_the_book_that_a_model_learnt():
    model = open_model("jigs", "fast")
    prompts = [model.plan(model.settle(TuneRequest(), seed)).prompt for seed in range(300)]
    numbers = [int(prompt.split("\n")[0].removeprefix("X: ")) for prompt in prompts]
    assert min(numbers) >= 1
    assert max(numbers) <= 339
    assert len(set(numbers)) > 150
    assert model.plan(model.settle(TuneRequest(), 7)).prompt == prompts[7]
