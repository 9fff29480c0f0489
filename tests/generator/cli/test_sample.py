"""``python -m generator sample`` writes tune books."""

import hashlib
import json
import re

import pytest

from generator.__main__ import main
from generator.music.tune import Tune, read_tunes
from tests.generator.stand_ins import ALPHABET, write_weights


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A folder with one model that never learnt a thing; the grammar does all the work."""
    folder = tmp_path_factory.mktemp("models")
    toy = folder / "toy"
    toy.mkdir()
    write_weights(toy / "model.weights.h5", spread=0.03)
    (toy / "vocabulary.json").write_text(json.dumps(list(ALPHABET)))
    files = {
        name: {"sha256": hashlib.sha256((toy / name).read_bytes()).hexdigest()}
        for name in ("model.weights.h5", "vocabulary.json")
    }
    manifest = {
        "format": 1,
        "description": "A toy.",
        "prompt": "X:1\nT:{title}\nM:{meter}\nK:{key}\n",
        "unit": "1/8",
        "keys": {"G": 3, "D": 2, "Em": 1},
        "meters": {"6/8": 5},
        "types": {},
        "files": files,
    }
    (toy / "manifest.json").write_text(json.dumps(manifest))
    return folder


def sample(models, *words):
    return main(["sample", "--model", "toy", "--models", str(models), "--n", "1", "--bars", "4", *words])


def test_ten_tunes_are_numbered_and_in_the_key_asked_for(models, tmp_path, capsys):
    out = tmp_path / "tunes.abc"
    assert (
        sample(models, "--key", "G", "--temp", "0.8", "--seed", "7", "--count", "10", "--out", str(out)) == 0
    )
    book = out.read_text()
    assert re.findall(r"^X:(\d+)$", book, re.MULTILINE) == [str(number) for number in range(1, 11)]
    tunes = list(read_tunes(book))
    assert all(isinstance(tune, Tune) and not tune.wrong_bars() for tune in tunes)
    assert {(tune.key.abc, tune.meter.abc, tune.rhythm) for tune in tunes} == {("G", "6/8", "jig")}
    assert len({tune.bars for tune in tunes}) == 10
    assert "10 tunes" in capsys.readouterr().out


def test_without_a_seed_every_tune_of_a_book_is_another(models, tmp_path):
    out = tmp_path / "tunes.abc"
    assert sample(models, "--count", "3", "--out", str(out)) == 0
    assert len({tune.bars for tune in read_tunes(out.read_text())}) == 3


def test_both_engines_write_the_same_book(models, tmp_path):
    books = []
    for engine in ("fast", "keras"):
        out = tmp_path / engine
        assert sample(models, "--form", "AB", "--seed", "3", "--engine", engine, "--out", str(out)) == 0
        books.append(out.read_text())
    assert books[0] == books[1]


def test_the_book_goes_to_standard_output_where_no_file_is_named(models, capsys):
    assert sample(models, "--seed", "1", "--meter", "3/4") == 0
    assert capsys.readouterr().out.startswith("X:1\nT:")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--temp", "hot"], "temp is a number from 0.2 to 1.5"),
        (["--key", "Q"], "I don't know the key"),
        (["--count", "0"], "--count is a whole number from 1"),
        (["--model", "nobody"], "choose toy"),
        (["--out", "no-such-folder/tunes.abc"], "There is no folder no-such-folder"),
        (["--out", "/"], "/ can't be used"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(models, capsys, words, says):
    assert sample(models, *words) == 2
    assert says in capsys.readouterr().err
