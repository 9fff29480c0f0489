"""How well a network foresees tunes that it never saw, in bits for each of their notes."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from generator.grammar.bar_signs import is_forced, unforced
from generator.network.keras_network import build, reset_state
from generator.training.training_text import Lesson, Style, written

_ROWS: Final = 32  # tunes read side by side
_STEPS: Final = 64
_LEAST: Final = 1e-12

Floats = NDArray[np.float32]


def surprise(weights: Path, alphabet: str, pieces: Sequence[tuple[str, str]]) -> list[Floats]:
    """Return how unexpected each character of some music is to a network that has read what stands before it.

    Every piece begins with the network at rest, as a draw does.

    Args:
        weights: file that Keras wrote.
        alphabet: V characters in the network's order.
        pieces: pairs of the text to be given (headers, title) and the text to be foreseen.

    Returns:
        For each piece, bits for each character of its second text; 0 for those that the sampler writes.
    """
    model = build(len(alphabet), _ROWS, _STEPS, 0.0)
    model.load_weights(weights)
    number = {character: index for index, character in enumerate(alphabet)}
    found: list[Floats] = [np.empty(0, np.float32)] * len(pieces)
    order = sorted(range(len(pieces)), key=lambda index: len("".join(pieces[index])))
    for start in range(0, len(order), _ROWS):
        rows = order[start : start + _ROWS]
        lengths = [len("".join(pieces[index])) for index in rows]
        width = -(-max(lengths) // _STEPS) * _STEPS + 1
        codes = np.zeros((_ROWS, width), np.int32)
        for row, index in enumerate(rows):
            codes[row, : lengths[row]] = [number[c] for c in unforced("".join(pieces[index]))]
        reset_state(model)
        chances = np.concatenate(
            [_chances(model, codes, at) for at in range(0, width - 1, _STEPS)], axis=1
        )  # of each character from the second on
        for row, index in enumerate(rows):
            given = len(pieces[index][0])
            bits = -np.log2(np.maximum(chances[row, given - 1 : lengths[row] - 1], _LEAST))
            found[index] = bits * np.array([not is_forced(c) for c in pieces[index][1]], np.float32)
    return found


def bits_a_note(weights: Path, alphabet: str, style: Style, lessons: Sequence[Lesson]) -> tuple[float, float]:
    """Return how unexpected real tunes are, each given its headers and title: bits for each of their notes.

    Returns:
        With chord symbols, and without what they cost.
    """
    pieces = []
    style = replace(style, keys="own") if style.keys == "any" else style
    for lesson in lessons:
        head, title, music = written(lesson, style, Random(lesson.place))
        pieces.append((head + title, music))
    found = surprise(weights, alphabet, pieces)
    notes = sum(lesson.notes for lesson in lessons)
    symbols = 0.0
    for (_, music), bits in zip(pieces, found, strict=True):
        inside = False
        for character, bit in zip(music, bits.tolist(), strict=True):
            symbols += bit if inside or character == '"' else 0
            inside = inside != (character == '"')
    everything = sum(float(bits.sum()) for bits in found)
    return everything / notes, (everything - symbols) / notes


def _chances(model: object, codes: NDArray[np.int32], at: int) -> Floats:
    """Return the probability of the characters from ``at + 1`` on, for one window."""
    window = codes[:, at : at + _STEPS]
    aims = codes[:, at + 1 : at + 1 + _STEPS]
    foreseen = np.asarray(model.predict_on_batch(window))  # type: ignore[attr-defined]
    return np.take_along_axis(foreseen, aims[:, :, None], axis=2)[:, :, 0].astype(np.float32)
