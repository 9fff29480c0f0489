"""What every engine does: keep slots of state, take a character in, draw the next."""

from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Weigh: TypeAlias = Callable[[npt.NDArray[np.float32]], None]


class Drawn(NamedTuple):
    """One draw for each of k rows.

    Attributes:
        characters: int32 (k,), the drawn ones; -1 where a mask allowed nothing.
        probabilities: float32 (k,), the probability of each at temperature 1 among the allowed ones.
        allowed: float32 (k,), the share of the model's own probability that the mask left.
    """

    characters: npt.NDArray[np.int32]
    probabilities: npt.NDArray[np.float32]
    allowed: npt.NDArray[np.float32]


class Engine(Protocol):
    """A network with S slots of recurrent state, used by one thread at a time.

    Attributes:
        name: as ``--engine`` has it.
        vocabulary: number of characters, V.
        slots: S.
    """

    name: str
    vocabulary: int
    slots: int

    def state(self, slot: int) -> npt.NDArray[np.float32]:
        """Return a copy of what a slot remembers of all it has read."""

    def put(self, slot: int, state: npt.NDArray[np.float32] | None) -> None:
        """Let a slot remember what ``state`` does; None is nothing."""

    def step(self, slots: npt.ArrayLike, characters: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Read one character in each of k different slots.

        Args:
            slots: (k,) numbers from 0 to S - 1.
            characters: (k,) numbers from 0 to V - 1.

        Returns:
            The logits of the next character, (k, V).
        """

    def advance(
        self,
        slots: npt.ArrayLike,
        characters: npt.ArrayLike,
        masks: npt.NDArray[np.bool_],
        inverse_temperature: npt.ArrayLike,
        uniforms: npt.ArrayLike,
        weigh: Weigh | None = None,
    ) -> Drawn:
        """Like :meth:`step`, then draw the next character of each row.

        A row's result depends on that row alone: not on the others, their number or order.

        Args:
            slots: as for :meth:`step`.
            characters: as for :meth:`step`.
            masks: (k, V), True for the characters that may come next.
            inverse_temperature: (k,), 1 / temperature.
            uniforms: (k,), from 0 up to but not 1; they alone decide the draw.
            weigh: is given the logits (k, V) and may change them before the draw.

        Returns:
            Arrays that stay as they are until the next call.
        """
