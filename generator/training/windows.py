"""Text cut into windows: parallel streams of characters, each with the one that should be foreseen."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from generator.errors import CorpusError
from generator.grammar.bar_signs import is_forced, unforced


class Window(NamedTuple):
    """What a network reads at once, B streams of T characters.

    Attributes:
        inputs: int32 (B, T), characters by number.
        targets: int32 (B, T), the same one character ahead.
        weights: float32 (B, T), 0 where the target is read but not learnt, otherwise 1.
    """

    inputs: NDArray[np.int32]
    targets: NDArray[np.int32]
    weights: NDArray[np.float32]


Windows: TypeAlias = list[Window]


def cut(text: str, alphabet: str, batch: int, steps: int) -> Windows:
    """Cut a text into parallel streams and those into windows.

    Args:
        text: characters of the alphabet, some of them perhaps
            :func:`generator.grammar.bar_signs.forced`.
        alphabet: V distinct characters.
        batch: number of streams, B; stream b continues in row b of the next window.
        steps: window length, T.

    Raises:
        CorpusError: if there is too little text for one window.
    """
    number = {character: index for index, character in enumerate(alphabet)}
    learnt = np.array([not is_forced(character) for character in text], dtype=np.float32)
    codes = np.array([number[character] for character in unforced(text)], dtype=np.int32)
    count = (len(codes) - 1) // (batch * steps)
    if count < 1:
        raise CorpusError(
            f"There are {len(codes)} characters in the part to read at once, too little for one batch of"
            f" {batch} x {steps}; add tunes, or make --batch or --steps smaller."
        )
    length = count * steps
    inputs = codes[: batch * length].reshape(batch, length)
    targets = codes[1 : batch * length + 1].reshape(batch, length)
    weights = learnt[1 : batch * length + 1].reshape(batch, length)
    return [
        Window(inputs[:, at : at + steps], targets[:, at : at + steps], weights[:, at : at + steps])
        for at in range(0, length, steps)
    ]
