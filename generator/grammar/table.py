"""States numbered as they are met, so that a batch of them moves by table look-ups."""

from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

import numpy as np

UNKNOWN: Final = -1  # a move that was not made yet

S = TypeVar("S", bound=Hashable)


class StateTable(Generic[S]):
    """The states of one automaton, numbered as they are met.

    Attributes:
        states: by number, N of them.
        masks: (at least N, V) bool, the characters that may come next.
        moves: (at least N, V) int32, the number of the state after a character; UNKNOWN until it is set.
    """

    def __init__(self, width: int, allowed: Callable[[S], list[int]]) -> None:
        """Begin with no states.

        Args:
            width: size of the alphabet, V.
            allowed: returns the characters that may come in a state.
        """
        self._allowed = allowed
        self.states: list[S] = []
        self._numbers: dict[S, int] = {}
        self.masks = np.zeros((64, width), np.bool_)
        self.moves = np.full((64, width), UNKNOWN, np.int32)

    def number(self, state: S) -> int:
        """Return the number of a state, a new one if it was never met."""
        known = self._numbers.get(state)
        if known is not None:
            return known
        number = len(self.states)
        if number == len(self.masks):
            self.masks = np.concatenate([self.masks, np.zeros_like(self.masks)])
            self.moves = np.concatenate([self.moves, np.full_like(self.moves, UNKNOWN)])
        self.masks[number, self._allowed(state)] = True
        self.states.append(state)
        self._numbers[state] = number
        return number
