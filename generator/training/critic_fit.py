"""Training a model's critic: the printed tunes that it learnt against its own draws with their headers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from generator.compose.critic import DILATIONS, LONGEST, Critic
from generator.compose.critic_reading import CHOICES, Rows, read
from generator.music.tune import Tune

CHANNELS: Final = 64
HIDDEN: Final = 64
_RATE: Final = 0.002
_STEP: Final = 16  # notes; tunes are padded to a multiple of it
_BATCH: Final = 64
_KEPT_BACK: Final = 8  # one in so many printed tunes, with its draws, says when to stop

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of a training.

    Attributes:
        critic: of the epoch that told best.
        auc: how often it told a printed tune kept back from a drawn one with the headers of such.
        epochs: what it was after each.
    """

    critic: Critic
    auc: float
    epochs: tuple[float, ...]


def fit(printed: Sequence[Tune], drawn: Sequence[Sequence[Tune]], *, epochs: int = 12, seed: int = 1) -> Fit:
    """Train a critic.

    Args:
        printed: tunes that the model learnt.
        drawn: rounds of draws, each with a tune for every printed one, in their order.
        epochs: to train for.
        seed: fixes the order and the first weights.
    """
    import keras  # noqa: PLC0415

    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    rounds = [[read(tune)[:LONGEST] for tune in tunes] for tunes in (printed, *drawn)]
    numbers = random.permutation(len(printed))
    back, learn = numbers[::_KEPT_BACK], np.setdiff1d(numbers, numbers[::_KEPT_BACK])
    rows = [rounds[side][number] for number in learn for side in range(len(rounds))]
    labels = np.array([side == 0 for _ in learn for side in range(len(rounds))], np.float32)
    weights = np.where(labels, len(drawn), 1).astype(np.float32)
    model = _network(keras)
    steps = epochs * -(-len(rows) // _BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps, 0.02, warmup_target=_RATE, warmup_steps=steps // 20
    )
    model.compile(keras.optimizers.Adam(rate, clipnorm=1.0), "binary_crossentropy")
    best, figures, kept = 0.0, list[float](), _critic(model)
    for _ in range(epochs):
        for chosen in _batches([len(own) for own in rows], random):
            batch = _padded([rows[index] for index in chosen])
            model.train_on_batch(batch, labels[chosen][:, None], sample_weight=weights[chosen])
        critic = _critic(model)
        figures.append(
            told(critic, [rounds[0][n] for n in back], [own[n] for own in rounds[1:] for n in back])
        )
        if figures[-1] > best:
            best, kept = figures[-1], critic
    return Fit(kept, best, tuple(figures))


def told(critic: Critic, printed: Sequence[Rows], drawn: Sequence[Rows]) -> float:
    """Return how often a printed tune has more of a critic's favour than a drawn one, 0 to 1."""
    theirs = np.array([critic.of_rows(rows) for rows in printed])
    ours = np.array([critic.of_rows(rows) for rows in drawn])
    more = (theirs[:, None] > ours).mean() + (theirs[:, None] == ours).mean() / 2
    return float(more)


def _network(keras: Any) -> Any:
    """Return the network that :class:`Critic` reckons, its last unit squashed to a chance."""
    layers, total = keras.layers, sum(CHOICES)
    choices = keras.Input((None, len(CHOICES)), dtype="int32")
    there = layers.Lambda(lambda x: keras.ops.cast(x[:, :, :1] < total, "float32"))(choices)
    line = layers.Embedding(total + 1, CHANNELS, keras.initializers.RandomNormal(stddev=0.15), name="table")(
        choices
    )
    line = layers.Lambda(lambda x: keras.ops.relu(keras.ops.sum(x, axis=2)))(line)
    line = layers.Multiply()([layers.SpatialDropout1D(0.1)(line), there])
    for number, dilation in enumerate(DILATIONS):
        near = layers.Conv1D(
            CHANNELS, 3, padding="same", dilation_rate=dilation, activation="relu", name=f"layer{number}"
        )(line)
        line = layers.Multiply()([layers.Add()([line, layers.Dropout(0.15)(near)]), there])
    counts = layers.Lambda(lambda x: keras.ops.sum(x, axis=1))(there)
    middle = layers.Lambda(lambda x: keras.ops.sum(x[0], axis=1) / x[1])([line, counts])
    highest = layers.Lambda(lambda x: keras.ops.max(x, axis=1))(line)
    last = layers.Lambda(
        lambda x: keras.ops.take_along_axis(x[0], keras.ops.cast(x[1][:, :, None] - 1, "int32"), axis=1)[:, 0]
    )([line, counts])
    pooled = layers.Dropout(0.3)(layers.Concatenate()([middle, highest, last]))
    hidden = layers.Dropout(0.3)(layers.Dense(HIDDEN, activation="relu", name="inner")(pooled))
    return keras.Model(choices, layers.Dense(1, activation="sigmoid", name="outer")(hidden))


def _critic(model: Any) -> Critic:
    """Return the critic that a network has become."""
    arrays = {"table": model.get_layer("table").get_weights()[0][:-1]}
    for number in range(len(DILATIONS)):
        kernel, bias = model.get_layer(f"layer{number}").get_weights()
        arrays |= {f"kernel{number}": kernel.reshape(-1, CHANNELS), f"bias{number}": bias}
    (arrays["head0"], arrays["head1"]), (outer, arrays["head3"]) = (
        model.get_layer(name).get_weights() for name in ("inner", "outer")
    )
    return Critic.of(arrays | {"head2": outer[:, 0]})


def _batches(lengths: Sequence[int], random: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Yield batches of tunes of about one length, in a random order."""
    near = np.argsort(np.array(lengths) + random.uniform(0, _STEP, len(lengths)))
    batches = [near[at : at + _BATCH] for at in range(0, len(near), _BATCH)]
    for number in random.permutation(len(batches)):
        yield batches[number]


def _padded(rows: Sequence[Rows]) -> NDArray[np.int32]:
    """Return (B, N, columns) places in the table; one past its end where a tune is over."""
    longest = -(-max(map(len, rows)) // _STEP) * _STEP
    batch = np.full((len(rows), longest, len(CHOICES)), sum(CHOICES), np.int32)
    starts = np.cumsum([0, *CHOICES[:-1]])
    for at, own in enumerate(rows):
        batch[at, : len(own)] = own + starts
    return batch
