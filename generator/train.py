"""Training: sixteen streams of text, read in windows, the state carried from one to the next.

The loop in :func:`train` is all there is. The state is carried across windows and forgotten at the
start of each epoch; weights are kept whenever the held-out loss is the lowest so far.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from generator.corpus import Corpus, split
from generator.errors import CorpusError, ModelError
from generator.network import build, load_keras, reset_state

if TYPE_CHECKING:
    import keras

WEIGHTS: Final = "model.weights.h5"
VOCABULARY: Final = "vocabulary.json"
HISTORY: Final = "history.json"
LATEST: Final = "latest.keras"  # with the optimizer's state, for --resume

Windows = list[tuple[NDArray[np.int32], NDArray[np.int32]]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every knob of a training.

    Attributes:
        epochs: passes over the training tunes, in all (also with ``--resume``).
        batch: parallel streams.
        steps: characters in a window.
        dropout: see :func:`generator.network.build`.
        learning_rate: Adam's.
        held_out: share of the tunes held out.
        seed: fixes the split, the first weights and the dropout.
    """

    epochs: int = 50
    batch: int = 16
    steps: int = 64
    dropout: float = 0.2
    learning_rate: float = 0.001
    held_out: float = 0.1
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one epoch came to: losses in nats a character, accuracies from 0 to 1, bits a character."""

    number: int
    loss: float
    accuracy: float
    held_out_loss: float
    held_out_accuracy: float
    held_out_bits: float
    seconds: float


def cut(text: str, alphabet: str, batch: int, steps: int) -> Windows:
    """Cut a text into parallel streams and those into windows.

    Args:
        text: characters of the alphabet.
        alphabet: V distinct characters.
        batch: number of streams, B; stream b continues in row b of the next window.
        steps: window length, T.

    Returns:
        Pairs of inputs and targets, int32 (B, T); the targets are one character ahead.

    Raises:
        CorpusError: if there is too little text for one window.
    """
    number = {character: index for index, character in enumerate(alphabet)}
    codes = np.array([number[character] for character in text], dtype=np.int32)
    count = (len(codes) - 1) // (batch * steps)
    if count < 1:
        raise CorpusError(
            f"There are {len(codes)} characters in the part to read at once, too little for one batch of"
            f" {batch} x {steps}; add tunes, or make --batch or --steps smaller."
        )
    length = count * steps
    inputs = codes[: batch * length].reshape(batch, length)
    targets = codes[1 : batch * length + 1].reshape(batch, length)
    return [(inputs[:, at : at + steps], targets[:, at : at + steps]) for at in range(0, length, steps)]


def train(corpus: Corpus, out: Path, recipe: Recipe, *, resume: bool = False) -> Iterator[Epoch]:
    """Train the network and keep its best weights in a folder; yields after each epoch.

    Args:
        corpus: what to learn.
        out: the folder, made if it is not there.
        recipe: the knobs.
        resume: go on where the folder's last training stopped.

    Raises:
        CorpusError: if there is too little text.
        ModelError: if there is nothing to resume, or it was another corpus or recipe, or the folder holds
            a training already and ``resume`` is not set.
    """
    keras = load_keras()
    alphabet = corpus.alphabet
    learn, held_out = split(corpus.tunes, recipe.held_out, recipe.seed)
    epochs = _resumed(out, corpus, recipe) if resume else _fresh(out)
    windows = cut("".join(learn), alphabet, recipe.batch, recipe.steps)
    checks = cut("".join(held_out), alphabet, recipe.batch, recipe.steps)
    keras.utils.set_random_seed(recipe.seed + len(epochs))
    if epochs:
        model = keras.models.load_model(out / LATEST)
    else:
        model = build(len(alphabet), recipe.batch, recipe.steps, recipe.dropout)
        model.compile(
            keras.optimizers.Adam(recipe.learning_rate),
            "sparse_categorical_crossentropy",
            metrics=["accuracy"],
        )
    out.mkdir(parents=True, exist_ok=True)
    (out / VOCABULARY).write_text(json.dumps(list(alphabet), ensure_ascii=False) + "\n", encoding="utf-8")
    lowest = min((epoch.held_out_loss for epoch in epochs), default=math.inf)
    for number in range(len(epochs) + 1, recipe.epochs + 1):
        try:
            learnt, seconds = _read_through(model, windows, f"epoch {number}/{recipe.epochs}", learning=True)
        except KeyboardInterrupt:
            if not epochs:
                _keep(model, out)
            raise
        checked, _ = _read_through(model, checks, "held out", learning=False)
        epoch = Epoch(
            number,
            learnt["loss"],
            learnt["accuracy"],
            checked["loss"],
            checked["accuracy"],
            checked["loss"] / math.log(2),
            round(seconds, 1),
        )
        epochs.append(epoch)
        if epoch.held_out_loss < lowest:
            lowest = epoch.held_out_loss
            _keep(model, out)
        model.save(out / LATEST)
        _write_history(out, corpus, recipe, epochs)
        yield epoch


def _read_through(
    model: "keras.Model", windows: Windows, title: str, *, learning: bool
) -> tuple[dict[str, float], float]:
    """Read all windows in order, learning or only checking; the metrics' means and the seconds it took."""
    from tqdm import tqdm  # noqa: PLC0415

    step = model.train_on_batch if learning else model.test_on_batch
    reset_state(model)
    totals = dict.fromkeys(("loss", "accuracy"), 0.0)
    characters = sum(inputs.size for inputs, _ in windows)
    with tqdm(total=characters, desc=title, unit=" characters", unit_scale=True, leave=learning) as bar:
        for number, (inputs, targets) in enumerate(windows, 1):
            found = step(inputs, targets, return_dict=True)  # of this window alone
            totals = {name: total + float(found[name]) for name, total in totals.items()}
            means = {name: f"{total / number:.3f}" for name, total in totals.items()}
            bar.set_postfix(means, refresh=False)
            bar.update(inputs.size)
        seconds = float(bar.format_dict["elapsed"])
    return {name: total / len(windows) for name, total in totals.items()}, seconds


def _keep(model: "keras.Model", out: Path) -> None:
    """Write the weights alone, without the optimizer's state; never leave half a file."""
    twin = build(model.output_shape[-1], 1, None, 0.0)
    twin.set_weights(model.get_weights())
    partial = out / f"partial.{WEIGHTS}"
    twin.save_weights(partial)
    partial.replace(out / WEIGHTS)


def _fresh(out: Path) -> list[Epoch]:
    if (out / HISTORY).exists():
        raise ModelError(f"{out} holds a training already; go on with --resume, or choose another --out.")
    return []


def _resumed(out: Path, corpus: Corpus, recipe: Recipe) -> list[Epoch]:
    try:
        history = json.loads((out / HISTORY).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"There is no training to resume in {out}; leave out --resume.") from None
    if not (out / LATEST).exists():
        raise ModelError(f"{out} has no {LATEST} to go on from; train again into another --out.")
    if history["corpus"]["sha256"] != corpus.sha256:
        raise ModelError(f"The training in {out} was on another corpus; give the same --corpus.")
    if {**history["recipe"], "epochs": 0} != {**asdict(recipe), "epochs": 0}:
        raise ModelError(
            f"The training in {out} had other settings: {history['recipe']}; give the same ones."
        )
    return [Epoch(**epoch) for epoch in history["epochs"]]


def _write_history(out: Path, corpus: Corpus, recipe: Recipe, epochs: list[Epoch]) -> None:
    keras = load_keras()
    history = {
        "corpus": {
            "files": corpus.names,
            "tunes": len(corpus.tunes),
            "characters": len(corpus.text),
            "sha256": corpus.sha256,
        },
        "recipe": asdict(recipe),
        "software": {"keras": keras.__version__, "backend": keras.backend.backend()},
        "epochs": [asdict(epoch) for epoch in epochs],
    }
    (out / HISTORY).write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")
