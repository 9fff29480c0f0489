"""Training learns, keeps the best, can be stopped and gone on with."""

import json
from pathlib import Path

import numpy as np
import pytest

from generator.__main__ import main
from generator.errors import CorpusError, ModelError
from generator.grammar.bar_signs import forced
from generator.training.corpus import Corpus, read_corpus, split
from generator.training.train import HISTORY, LATEST, VOCABULARY, WEIGHTS, Recipe, cut, train

TINY = Recipe(epochs=3, batch=2, steps=16, learning_rate=0.01, held_out=0.25)


def tune(number: int) -> str:
    bars = "|".join(("GAB d2B", "ABA G3", "dBd gfe", "dcB A3")[(number + bar) % 4] for bar in range(4))
    return f"X: {number}\nT:Tiny {number}\nM:6/8\nK:G\n{bars}:|\n\n"


@pytest.fixture
def corpus() -> Corpus:
    return Corpus(("tiny.abc",), tuple(tune(number) for number in range(1, 13)))


def test_a_corpus_is_read_from_files_and_folders(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.abc").write_bytes(b"% a comment first\r\nX: 1\r\nT:One\r\nK:G\r\nGAB|\r\n")
    (tmp_path / "deep" / "b.abc").write_bytes("X:1\nT:Café\nK:D\nd3|\n\nX:2\nK:A\na3|\n".encode("latin-1"))
    found = read_corpus([tmp_path])
    assert found.tunes == ("X: 1\nT:One\nK:G\nGAB|\n", "X:1\nT:Café\nK:D\nd3|\n\n", "X:2\nK:A\na3|\n")
    assert found.text == "".join(found.tunes)
    assert found.alphabet == "".join(sorted(set(found.text)))


def test_tunes_are_split_whole_and_none_is_lost(corpus: Corpus):
    learn, held_out = split(corpus.tunes, 0.25, seed=5)
    assert len(held_out) == 3
    assert sorted(learn + held_out) == sorted(corpus.tunes)
    assert split(corpus.tunes, 0.25, seed=5) == (learn, held_out)
    assert split(corpus.tunes, 0.25, seed=6) != (learn, held_out)


def test_each_stream_goes_on_in_its_row_of_the_next_window():
    text = "".join(chr(65 + number) for number in range(50))
    windows = cut(text, text, batch=3, steps=4)
    rows, aims, learnt = (np.concatenate(arrays, axis=1) for arrays in zip(*windows, strict=True))
    assert rows.tolist() == [list(range(16)), list(range(16, 32)), list(range(32, 48))]
    np.testing.assert_array_equal(aims, rows + 1)
    assert learnt.all()


def test_what_the_sampler_writes_is_read_and_not_learnt():
    (window,) = cut("a" + forced("bc") + "abca", "abc", batch=1, steps=6)
    assert window.inputs.tolist() == [[0, 1, 2, 0, 1, 2]]
    assert window.targets.tolist() == [[1, 2, 0, 1, 2, 0]]
    assert window.weights.tolist() == [[0, 0, 1, 1, 1, 1]]


def test_too_little_text_is_said():
    with pytest.raises(CorpusError, match="too little for one batch of 16 x 64"):
        cut("abc", "abc", 16, 64)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("none.abc", b"no tune at all", "no tune"),
        ("binary.abc", b"X:1\0\0\1", "not a text file"),
        ("short.abc", b"X:1\nK:G\nG|\n", "too little"),
        (None, b"", "no file or folder"),
        ("readme.txt/", b"", "no .abc file"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path: Path, capsys, name, data, sentence):
    pytest.importorskip("keras", reason="the train extra is not installed")
    path = tmp_path / "corpus"
    if name is not None:
        path.mkdir()
        if not name.endswith("/"):
            (path / name).write_bytes(data)
    assert main(["train", "--corpus", str(path), "--out", str(tmp_path / "out")]) == 2
    shown = capsys.readouterr().err.strip()
    assert sentence in shown
    assert "\n" not in shown


@pytest.mark.usefixtures("keras")
def test_a_short_training_learns_and_keeps_what_serving_needs(tmp_path: Path, corpus: Corpus):
    epochs = list(train(corpus, tmp_path, TINY))
    assert [epoch.number for epoch in epochs] == [1, 2, 3]
    assert epochs[-1].loss < epochs[0].loss
    assert epochs[-1].held_out_bits == pytest.approx(epochs[-1].held_out_loss / np.log(2))
    assert json.loads((tmp_path / VOCABULARY).read_text()) == list(corpus.alphabet)
    history = json.loads((tmp_path / HISTORY).read_text())
    assert history["corpus"]["sha256"] == corpus.sha256
    assert len(history["epochs"]) == 3
    assert (tmp_path / WEIGHTS).stat().st_size < 10_000_000  # no optimizer's state in it


@pytest.mark.usefixtures("keras")
def test_the_kept_weights_are_those_of_the_best_epoch(tmp_path: Path, corpus: Corpus):
    from generator.network.keras_network import build

    wild = Recipe(epochs=4, batch=2, steps=16, learning_rate=0.2, held_out=0.25)
    kept = []
    for epoch in train(corpus, tmp_path, wild):
        kept.append((epoch.held_out_loss, (tmp_path / WEIGHTS).read_bytes()))
    best = min(range(4), key=lambda number: kept[number][0])
    assert kept[-1][1] == kept[best][1]
    build(len(corpus.alphabet), 1, None).load_weights(tmp_path / WEIGHTS)


@pytest.mark.usefixtures("keras")
def test_a_recipe_may_keep_the_last_weights(tmp_path: Path, corpus: Corpus):
    wild = Recipe(epochs=3, batch=2, steps=16, learning_rate=0.2, held_out=0.25, keep="last")
    kept = [(tmp_path / WEIGHTS).read_bytes() for _ in train(corpus, tmp_path, wild)]
    assert len(set(kept)) == 3


@pytest.mark.usefixtures("keras")
def test_a_training_goes_on_where_it_stopped(tmp_path: Path, corpus: Corpus):
    first = list(train(corpus, tmp_path, Recipe(**{**vars_of(TINY), "epochs": 1})))
    rest = list(train(corpus, tmp_path, TINY, resume=True))
    assert [epoch.number for epoch in first + rest] == [1, 2, 3]
    assert rest[0].loss < first[0].loss
    with pytest.raises(ModelError, match="--resume"):
        next(train(corpus, tmp_path, TINY))
    with pytest.raises(ModelError, match="another corpus"):
        next(train(Corpus(("x",), corpus.tunes[1:]), tmp_path, TINY, resume=True))
    with pytest.raises(ModelError, match="other settings"):
        next(train(corpus, tmp_path, Recipe(batch=3), resume=True))
    (tmp_path / LATEST).unlink()
    with pytest.raises(ModelError, match=LATEST):
        next(train(corpus, tmp_path, TINY, resume=True))


def vars_of(recipe: Recipe) -> dict:
    return {name: getattr(recipe, name) for name in Recipe.__slots__}


@pytest.mark.usefixtures("keras")
def test_ctrl_c_keeps_what_there_is(tmp_path: Path, corpus: Corpus, monkeypatch, capsys):
    import generator.training.train

    calls = []
    reading = generator.training.train._read_through

    def interrupted(*args, **kwargs):
        calls.append(args)
        if len(calls) == 4:  # in the middle of the second epoch's check
            raise KeyboardInterrupt
        return reading(*args, **kwargs)

    monkeypatch.setattr(generator.training.train, "_read_through", interrupted)
    (tmp_path / "c.abc").write_text(corpus.text)
    arguments = ["train", "--corpus", str(tmp_path / "c.abc"), "--out", str(tmp_path / "out")]
    arguments += ["--epochs", "3", "--batch", "2", "--steps", "16", "--held-out", "0.25"]
    assert main(arguments) == 130
    assert "--resume" in capsys.readouterr().out
    assert (tmp_path / "out" / WEIGHTS).exists()
    monkeypatch.undo()
    assert main([*arguments, "--resume"]) == 0
    assert len(json.loads((tmp_path / "out" / HISTORY).read_text())["epochs"]) == 3
