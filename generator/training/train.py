"""Training: sixteen streams of text, read in windows, the state carried from one to the next.

The loop in :func:`train` is all there is. The state is carried across windows and forgotten at the
start of each epoch; weights are kept whenever the held-out loss is the lowest so far. The recipe's
defaults are those of the seed network; the rest (a schedule, clipping, stopping early) is off in it.
"""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.compose.model import VOCABULARY, WEIGHTS
from generator.errors import ModelError
from generator.network.keras_network import build, load_keras, reset_state
from generator.training.corpus import Corpus, split
from generator.training.windows import Windows, cut

if TYPE_CHECKING:
    import keras

HISTORY: Final = "history.json"
LATEST: Final = "latest.keras"  # with the optimizer's state, for --resume


@dataclass(frozen=True, slots=True)
class Material:
    """What is learnt, where it is not a plain corpus.

    Attributes:
        names: of its sources.
        tunes: how many there are in all.
        characters: of one reading, held-out ones included.
        sha256: of the training and held-out text.
        alphabet: the distinct characters, sorted.
        learn: epoch, from 1 -> the training tunes as text, in the order in which they are read.
        held_out: the held-out tunes as text.
    """

    names: tuple[str, ...]
    tunes: int
    characters: int
    sha256: str
    alphabet: str
    learn: Callable[[int], Sequence[str]]
    held_out: Sequence[str]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every knob of a training.

    Attributes:
        epochs: passes over the training tunes, in all (also with ``--resume``).
        batch: parallel streams.
        steps: characters in a window.
        dropout: see :func:`generator.network.keras_network.build`.
        learning_rate: Adam's.
        held_out: share of the tunes held out.
        seed: fixes the split, the first weights and the dropout.
        schedule: ``constant``, or ``cosine``: the learning rate falls to a hundredth over all epochs.
        warm_up: windows over which the learning rate rises from nothing.
        clip: the greatest norm of the gradient; 0 leaves it as it is.
        patience: epochs without a lower held-out loss after which training stops; 0 never stops it.
        keep: which weights: ``best``, of the lowest held-out loss, or ``last``.
    """

    epochs: int = 50
    batch: int = 16
    steps: int = 64
    dropout: float = 0.2
    learning_rate: float = 0.001
    held_out: float = 0.1
    seed: int = 1
    schedule: str = "constant"
    warm_up: int = 0
    clip: float = 0.0
    patience: int = 0
    keep: str = "best"

    def rate(self, window: int, windows: int) -> float:
        """Return the learning rate at a window, of all the windows that there will be."""
        rate = self.learning_rate
        if self.schedule == "cosine":
            rate *= 0.01 + 0.99 * (1 + math.cos(math.pi * min(1.0, window / windows))) / 2
        return rate * min(1.0, (window + 1) / self.warm_up) if self.warm_up else rate


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


def material(corpus: Corpus, recipe: Recipe) -> Material:
    """Return a corpus split by tune; every epoch reads it in the same order."""
    learn, held_out = split(corpus.tunes, recipe.held_out, recipe.seed)
    return Material(
        corpus.names,
        len(corpus.tunes),
        len(corpus.text),
        corpus.sha256,
        corpus.alphabet,
        lambda _: learn,
        held_out,
    )


def train(corpus: Corpus | Material, out: Path, recipe: Recipe, *, resume: bool = False) -> Iterator[Epoch]:
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
    stuff = material(corpus, recipe) if isinstance(corpus, Corpus) else corpus
    alphabet, shape = stuff.alphabet, (recipe.batch, recipe.steps)
    epochs = _resumed(out, stuff, recipe) if resume else _fresh(out)
    windows = cut("".join(stuff.learn(1)), alphabet, *shape)
    checks = cut("".join(stuff.held_out), alphabet, *shape)
    keras.utils.set_random_seed(recipe.seed)
    model = keras.models.load_model(out / LATEST) if epochs else _compiled(len(alphabet), recipe)
    out.mkdir(parents=True, exist_ok=True)
    (out / VOCABULARY).write_text(json.dumps(list(alphabet), ensure_ascii=False) + "\n", encoding="utf-8")
    lowest = min((epoch.held_out_loss for epoch in epochs), default=math.inf)
    total = len(windows) * recipe.epochs
    for number in range(len(epochs) + 1, recipe.epochs + 1):
        if recipe.patience and _stale(epochs) >= recipe.patience:
            break
        windows = cut("".join(stuff.learn(number)), alphabet, *shape)
        start = total * (number - 1) // recipe.epochs
        rates = [recipe.rate(start + index, total) for index in range(len(windows))]
        try:
            learnt, seconds = _read_through(model, windows, f"epoch {number}/{recipe.epochs}", rates)
        except KeyboardInterrupt:
            if not epochs:
                _keep(model, out)
            raise
        checked, _ = _read_through(model, checks, "held out")
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
        if epoch.held_out_loss < lowest or recipe.keep == "last":
            lowest = epoch.held_out_loss
            _keep(model, out)
        model.save(out / LATEST)
        _write_history(out, stuff, recipe, epochs)
        yield epoch


def _compiled(vocabulary: int, recipe: Recipe) -> "keras.Model":
    keras = load_keras()
    model = build(vocabulary, recipe.batch, recipe.steps, recipe.dropout)
    clip = {"global_clipnorm": recipe.clip} if recipe.clip else {}
    adam = keras.optimizers.Adam(recipe.learning_rate, **clip)
    loss = keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight")
    model.compile(adam, loss, weighted_metrics=["accuracy"])
    return model


def _stale(epochs: Sequence[Epoch]) -> int:
    """Return how many epochs have passed since the lowest held-out loss."""
    losses = [epoch.held_out_loss for epoch in epochs]
    return len(losses) - 1 - losses.index(min(losses)) if losses else 0


def _read_through(
    model: "keras.Model", windows: Windows, title: str, rates: Sequence[float] = ()
) -> tuple[dict[str, float], float]:
    """Read all windows in order, learning at the given rates, or only checking if there are none.

    Returns:
        The metrics' means and the seconds it took.
    """
    from tqdm import tqdm  # noqa: PLC0415

    step = model.train_on_batch if rates else model.test_on_batch
    reset_state(model)
    totals = dict.fromkeys(("loss", "accuracy"), 0.0)
    characters = sum(window.inputs.size for window in windows)
    rate = None
    with tqdm(total=characters, desc=title, unit=" characters", unit_scale=True, leave=bool(rates)) as bar:
        for number, window in enumerate(windows, 1):
            if rates and rates[number - 1] != rate:
                rate = rates[number - 1]
                model.optimizer.learning_rate = rate
            found = step(*window, return_dict=True)  # of this window alone
            totals = {name: total + float(found[name]) for name, total in totals.items()}
            means = {name: f"{total / number:.3f}" for name, total in totals.items()}
            bar.set_postfix(means, refresh=False)
            bar.update(window.inputs.size)
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


def _resumed(out: Path, corpus: Material, recipe: Recipe) -> list[Epoch]:
    try:
        history = json.loads((out / HISTORY).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"There is no training to resume in {out}; leave out --resume.") from None
    if not (out / LATEST).exists():
        raise ModelError(f"{out} has no {LATEST} to go on from; train again into another --out.")
    if history["corpus"]["sha256"] != corpus.sha256:
        raise ModelError(f"The training in {out} was on another corpus; give the same --corpus.")
    if {**asdict(Recipe()), **history["recipe"], "epochs": 0} != {**asdict(recipe), "epochs": 0}:
        raise ModelError(
            f"The training in {out} had other settings: {history['recipe']}; give the same ones."
        )
    return [Epoch(**epoch) for epoch in history["epochs"]]


def _write_history(out: Path, corpus: Material, recipe: Recipe, epochs: list[Epoch]) -> None:
    keras = load_keras()
    history = {
        "corpus": {
            "files": corpus.names,
            "tunes": corpus.tunes,
            "characters": corpus.characters,
            "sha256": corpus.sha256,
        },
        "recipe": asdict(recipe),
        "software": {"keras": keras.__version__, "backend": keras.backend.backend()},
        "epochs": [asdict(epoch) for epoch in epochs],
    }
    (out / HISTORY).write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")
