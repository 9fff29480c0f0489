"""Several networks that learn side by side: they read the same windows, and JAX steps through all at once.

The network is that of :mod:`generator.network.keras_network`, of any width. What is dropped is dropped all
through a window: of what a layer reads, of what it remembers, and whole characters.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.network.keras_network import EMBEDDING, LAYERS
from generator.training.windows import Windows, cut

Tree = Any  # JAX's nested arrays
BATCH: Final = 64
STEPS: Final = 96
_BETA: Final = (0.9, 0.99)
_EPSILON: Final = 1e-8


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: K networks that learn at once.

    Attributes:
        units: of each LSTM layer.
        dropout: K shares of what a layer reads that is dropped, the same all through a window.
        recurrent: K shares of what a layer remembers that is dropped, likewise.
        characters: K shares of the characters that are not seen at all.
        softness: K shares of what is learnt that comes from the teachers.
        epochs: passes over the tunes.
        rate: Adam's learning rate at its height.
        decay: of the weights, relative to the rate.
        average: share of the windows so far over which weights are averaged.
        warm_up: windows over which the rate rises; then it falls as a cosine to a hundredth.
        clip: the greatest norm of a network's gradient.
    """

    units: int
    dropout: tuple[float, ...]
    recurrent: tuple[float, ...]
    characters: tuple[float, ...]
    softness: tuple[float, ...]
    epochs: int
    rate: float = 0.003
    decay: float = 0.01
    average: float = 0.1
    warm_up: int = 200
    clip: float = 1.0


class Progress(NamedTuple):
    """An epoch of a stage.

    Attributes:
        epoch: its number, from 1.
        loss: of each of the K networks, in nats a character that is learnt.
        held_out: of each, with the averaged weights, and then of their mean.
        seconds: that it took.
    """

    epoch: int
    loss: list[float]
    held_out: list[float]
    seconds: float


def first_weights(vocabulary: int, units: int, seed: int) -> dict[str, NDArray[np.float32]]:
    """Return weights as Keras begins with: Glorot's, orthogonal ones for states, and open forget gates."""
    random = np.random.default_rng(seed)

    def glorot(*shape: int) -> NDArray[np.float32]:
        reach = np.sqrt(6 / (shape[0] + shape[1]))
        return random.uniform(-reach, reach, shape).astype(np.float32)

    found = {"embedding": random.uniform(-0.05, 0.05, (vocabulary, EMBEDDING)).astype(np.float32)}
    for layer in range(LAYERS):
        read = units if layer else EMBEDDING
        tall = np.linalg.qr(random.normal(size=(4 * units, units)))[0]
        bias = np.zeros(4 * units, np.float32)
        bias[units : 2 * units] = 1
        found |= {
            f"kernel{layer}": glorot(read, 4 * units),
            f"recurrent{layer}": np.ascontiguousarray(tall.T).astype(np.float32),
            f"bias{layer}": bias,
        }
    return found | {"out": glorot(units, vocabulary), "out_bias": np.zeros(vocabulary, np.float32)}


def in_keras_order(weights: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Return weights in the order of ``keras.Model.set_weights``."""
    layers = [weights[f"{name}{n}"] for n in range(LAYERS) for name in ("kernel", "recurrent", "bias")]
    return [weights["embedding"], *layers, weights["out"], weights["out_bias"]]


def learn(
    pages: Callable[[int], Sequence[str]],
    held_out: Sequence[str],
    alphabet: str,
    stage: Stage,
    teachers: Tree = None,
    *,
    seed: int = 1,
    shape: tuple[int, int] = (BATCH, STEPS),
) -> Iterator[tuple[Progress, Tree]]:
    """Run one stage.

    Args:
        pages: epoch, from 1 -> the tunes in the order in which they are read.
        held_out: tunes to check with.
        alphabet: V characters.
        stage: what learns, and how.
        teachers: weights of an earlier stage, as yielded.
        seed: fixes the first weights and what is dropped.
        shape: parallel streams, and characters in a window.

    Yields:
        After each epoch how far it is, and the averaged weights, each array with an axis of K in front.
    """
    import jax  # noqa: PLC0415
    from jax import numpy as jnp  # noqa: PLC0415

    count = len(stage.dropout)
    firsts = [first_weights(len(alphabet), stage.units, seed + n) for n in range(count)]
    weights = {name: jnp.stack([first[name] for first in firsts]) for name in firsts[0]}
    knobs = [jnp.array(x) for x in (stage.dropout, stage.recurrent, stage.characters, stage.softness)]
    checks = _stacked(cut("".join(held_out), alphabet, *shape))
    number = len(cut("".join(pages(1)), alphabet, *shape))
    nothing = jax.tree.map(jnp.zeros_like, weights)
    learner = _Learner(weights, weights, nothing, nothing, jnp.zeros((), jnp.int32), number * stage.epochs)
    learn_epoch = jax.jit(partial(_learn_epoch, stage))
    check = jax.jit(_check)
    for epoch in range(1, stage.epochs + 1):
        began = time.monotonic()
        windows = _stacked(cut("".join(pages(epoch)), alphabet, *shape)[:number])
        key = jax.random.fold_in(jax.random.key(seed), epoch)
        learner, losses = learn_epoch(learner, windows, key, knobs, teachers)
        mean = learner.mean
        found: list[float] = np.asarray(check(mean, checks)).tolist()
        yield Progress(epoch, np.asarray(losses).tolist(), found, time.monotonic() - began), mean


def _stacked(windows: Windows) -> tuple[NDArray[Any], ...]:
    return tuple(np.stack(arrays) for arrays in zip(*windows, strict=True))


def _no_state(weights: Tree, batch: int) -> Tree:
    from jax import numpy as jnp  # noqa: PLC0415

    units = weights["recurrent0"].shape[-2]
    return jnp.zeros((LAYERS, 2, batch, units))


def _read(weights: Tree, state: Tree, inputs: Tree, masks: Tree = None) -> tuple[Tree, Tree]:
    """Read a window (B, T) with one network; return the state after it and the logits (B, T, V)."""
    import jax  # noqa: PLC0415
    from jax import numpy as jnp  # noqa: PLC0415

    seen = weights["embedding"][inputs]  # (B, T, E)
    if masks is not None:
        seen = seen * masks["characters"][..., None]
    after, across = [], jnp.swapaxes(seen, 0, 1)
    for layer in range(LAYERS):
        if masks is not None:
            across = across * masks[f"read{layer}"]
        given = across @ weights[f"kernel{layer}"] + weights[f"bias{layer}"]
        recurrent = weights[f"recurrent{layer}"]
        kept = masks[f"state{layer}"] if masks is not None else None

        def step(carry: Tree, new: Tree, recurrent: Tree = recurrent, kept: Tree = kept) -> tuple[Tree, Tree]:
            hidden, cell = carry
            gates = new + (hidden if kept is None else hidden * kept) @ recurrent
            i, f, c, o = jnp.split(gates, 4, axis=-1)
            cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(c)
            hidden = jax.nn.sigmoid(o) * jnp.tanh(cell)
            return (hidden, cell), hidden

        (hidden, cell), across = jax.lax.scan(step, (state[layer, 0], state[layer, 1]), given, unroll=4)
        after.append(jnp.stack([hidden, cell]))
    if masks is not None:
        across = across * masks["out"]
    return jnp.stack(after), jnp.swapaxes(across @ weights["out"] + weights["out_bias"], 0, 1)


def _masks(key: Tree, weights: Tree, inputs: Tree, dropout: Tree, recurrent: Tree, characters: Tree) -> Tree:
    """Draw what one network does not see in a window."""
    import jax  # noqa: PLC0415

    units, batch = weights["recurrent0"].shape[0], inputs.shape[0]
    keys = iter(jax.random.split(key, 2 * LAYERS + 2))

    def mask(share: Tree, shape: tuple[int, ...]) -> Tree:
        return jax.random.bernoulli(next(keys), 1 - share, shape) / (1 - share)

    found = {"characters": mask(characters, inputs.shape), "out": mask(dropout, (batch, units))}
    for layer in range(LAYERS):
        found[f"read{layer}"] = mask(dropout, (batch, units if layer else EMBEDDING))
        found[f"state{layer}"] = mask(recurrent, (batch, units))
    return found


def _loss(logits: Tree, targets: Tree, learnt: Tree) -> Tree:
    """Return the mean loss of characters that are learnt, in nats."""
    import jax  # noqa: PLC0415
    from jax import numpy as jnp  # noqa: PLC0415

    sure = jnp.take_along_axis(jax.nn.log_softmax(logits), targets[..., None], axis=-1)[..., 0]
    return -(sure * learnt).sum() / learnt.sum()


class _Learner(NamedTuple):
    """K networks as they learn: weights, their running mean, Adam's moments, windows read and to read."""

    weights: Tree
    mean: Tree
    first: Tree
    second: Tree
    step: Tree
    total: Tree


def _learn_epoch(
    stage: Stage, learner: _Learner, windows: Tree, key: Tree, knobs: Tree, teachers: Tree
) -> tuple[_Learner, Tree]:
    import jax  # noqa: PLC0415
    from jax import numpy as jnp  # noqa: PLC0415

    batch, count = windows[0].shape[1], len(stage.dropout)

    def objective(one: Tree, state: Tree, window: Tree, key: Tree, knob: Tree, foreseen: Tree) -> Tree:
        inputs, targets, learnt = window
        dropout, recurrent, characters, softness = knob
        masks = _masks(key, one, inputs, dropout, recurrent, characters)
        state, logits = _read(one, state, inputs, masks)
        loss = _loss(logits, targets, learnt)
        if foreseen is None:
            return loss, (state, loss)
        soft = -((foreseen * jax.nn.log_softmax(logits)).sum(-1) * learnt).sum() / learnt.sum()
        return (1 - softness) * loss + softness * soft, (state, loss)

    def window_step(carry: Tree, window: Tree) -> tuple[Tree, Tree]:
        (weights, mean, first, second, step, total), states, taught, key = carry
        key, here = jax.random.split(key)
        foreseen = None
        if teachers is not None:
            taught, logits = jax.vmap(_read, in_axes=(0, 0, None))(teachers, taught, window[0])
            foreseen = jax.nn.softmax(logits).mean(0)
        grads, (states, losses) = jax.vmap(
            jax.grad(objective, has_aux=True), in_axes=(0, 0, None, 0, 0, None)
        )(weights, states, window, jax.random.split(here, count), knobs, foreseen)
        squares = sum((g**2).reshape(count, -1).sum(1) for g in jax.tree.leaves(grads))
        scale = jnp.minimum(1, stage.clip / jnp.sqrt(squares))
        rise = jnp.minimum(1, (step + 1) / stage.warm_up)
        rate = stage.rate * rise * (0.01 + 0.99 * (1 + jnp.cos(jnp.pi * step / total)) / 2)
        at = step + 1

        def along(array: Tree, values: Tree) -> Tree:
            return values.reshape(-1, *[1] * (array.ndim - 1))

        grads = jax.tree.map(lambda g: g * along(g, scale), grads)
        first = jax.tree.map(lambda m, g: _BETA[0] * m + (1 - _BETA[0]) * g, first, grads)
        second = jax.tree.map(lambda m, g: _BETA[1] * m + (1 - _BETA[1]) * g**2, second, grads)

        def moved(weight: Tree, m: Tree, v: Tree) -> Tree:
            way = (m / (1 - _BETA[0] ** at)) / (jnp.sqrt(v / (1 - _BETA[1] ** at)) + _EPSILON)
            return weight - rate * (way + stage.decay * weight * (weight.ndim > 2))

        weights = jax.tree.map(moved, weights, first, second)
        # A running mean over the last share of what has been read so far.
        part = 1 / jnp.maximum(1, stage.average * at)
        mean = jax.tree.map(lambda a, w: a + (w - a) * jnp.minimum(1, part), mean, weights)
        return (_Learner(weights, mean, first, second, at, total), states, taught, key), losses

    states = jnp.stack([_no_state(jax.tree.map(lambda w: w[0], learner.weights), batch)] * count)
    taught = None
    if teachers is not None:
        one = jax.tree.map(lambda w: w[0], teachers)
        taught = jnp.stack([_no_state(one, batch)] * teachers["embedding"].shape[0])
    carry: Tree = (learner, states, taught, key)
    carry, losses = jax.lax.scan(window_step, carry, windows)
    return carry[0], losses.mean(0)


def _check(weights: Tree, windows: Tree) -> Tree:
    """Return the loss of each network (K,) over the windows."""
    import jax  # noqa: PLC0415
    from jax import numpy as jnp  # noqa: PLC0415

    def read(states: Tree, window: Tree) -> tuple[Tree, Tree]:
        inputs, targets, learnt = window
        states, logits = jax.vmap(_read, in_axes=(0, 0, None))(weights, states, inputs)
        losses = jax.vmap(_loss, in_axes=(0, None, None))(logits, targets, learnt)
        mean = _loss(jnp.log(jax.nn.softmax(logits).mean(0)), targets, learnt)
        return states, jnp.append(losses, mean) * learnt.sum()

    count, batch = weights["embedding"].shape[0], windows[0].shape[1]
    states = jnp.stack([_no_state(jax.tree.map(lambda w: w[0], weights), batch)] * count)
    _, losses = jax.lax.scan(read, states, windows)
    return losses.sum(0) / windows[2].sum()
