"""Places numbered as they are met, so that a batch of states moves by table look-ups."""

from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

import numpy as np

UNKNOWN: Final = -1  # a move that was not made yet

P = TypeVar("P", bound=Hashable)


class Table(Generic[P]):
    """Places numbered as they are met, with the characters allowed in each and the moves made so far."""

    def __init__(self, width: int, allowed: Callable[[P], list[int]]) -> None:
        """``width`` is that of the alphabet; ``allowed`` gives the characters that may come at a place."""
        self._allowed = allowed
        self.places: list[P] = []
        self._numbers: dict[P, int] = {}
        self.masks = np.zeros((64, width), np.bool_)
        self.moves = np.full((64, width), UNKNOWN, np.int32)

    def number(self, place: P) -> int:
        """The number of a place, a new one where it was never met."""
        known = self._numbers.get(place)
        if known is not None:
            return known
        number = len(self.places)
        if number == len(self.masks):
            self.masks = np.concatenate([self.masks, np.zeros_like(self.masks)])
            self.moves = np.concatenate([self.moves, np.full_like(self.moves, UNKNOWN)])
        self.masks[number, self._allowed(place)] = True
        self.places.append(place)
        self._numbers[place] = number
        return number
