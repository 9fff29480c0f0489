"""The sampler's side of bars that return: where a sign may be drawn, and the copying of its bar."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from generator.grammar.bar_signs import BAR_LINE, MARKS, Tale

Integers = npt.NDArray[np.int64]


class ReturnRules(Protocol):
    """What this needs of a grammar; see :mod:`generator.grammar.automaton`."""

    def advance(self, states: Integers, characters: Integers, /) -> Integers:
        """(k,) states and the characters that came -> (k,) states."""

    def crossed(self, before: Integers, after: Integers, /) -> npt.NDArray[np.bool_]:
        """(k,) states before and after a step -> (k,), True where it led over a bar line."""

    def bar(self, state: int, /) -> int:
        """The number of the bar that a state is in."""

    def said(self, state: int, /) -> bool:
        """Whether the next character is settled, as the user's own first notes are."""

    def before_bar(self, state: int, /) -> bool | None:
        """Whether a bar's first note may come; None for not yet."""

    def walk(self, state: int, text: str, /) -> int | None:
        """The state after a whole bar, or None."""


class Returning:
    """The signs of one alphabet under one grammar."""

    def __init__(self, rules: ReturnRules, alphabet: str) -> None:
        self._rules, self._alphabet = rules, alphabet
        self._numbers = {mark: alphabet.index(mark) for mark in MARKS if mark in alphabet}
        self._sign = np.array([character in MARKS for character in alphabet])
        self._line = np.array([character in BAR_LINE for character in alphabet])

    def offer(self, tales: Sequence[Tale], masks: npt.NDArray[np.bool_]) -> None:
        """Allow the signs that may stand here, and nothing but a line after one; changes ``masks`` (k, V)."""
        for row, tale in enumerate(tales):
            if tale.offers:
                masks[row, [self._numbers[mark] for mark in tale.offers]] = True
            elif tale.closing:
                masks[row] &= self._line

    def follow(self, tales: Sequence[Tale], states: Integers, characters: Integers) -> Integers:
        """The grammar's states (k,) after one more character in each row, signs among them."""
        after, signs = states.copy(), self._sign[characters]
        plain = ~signs
        after[plain] = self._rules.advance(states[plain], characters[plain])
        for tale, character, sign in zip(tales, characters.tolist(), signs.tolist(), strict=True):
            tale.closing = sign
            tale.pieces.append(self._alphabet[character])
        for row in np.flatnonzero(signs).tolist():
            tale = tales[row]
            after[row], tale.pieces[-1] = tale.offers[tale.pieces[-1]]
        for row in np.flatnonzero(self._rules.crossed(states, after)).tolist():
            if self._rules.said(int(states[row])) and tales[row].pieces[-1] not in (*BAR_LINE, "\n"):
                continue  # every character of a settled text leads on
            number = self._rules.bar(int(states[row]))
            pickup = number == self._rules.bar(int(after[row]))  # what follows is the bar itself
            tales[row].end_bar(-1 if pickup else number)
        return after

    def look_back(self, tales: Sequence[Tale], states: Integers) -> None:
        """Find the bars that could come back now."""
        for tale, state in zip(tales, states.tolist(), strict=True):
            if tale.opened:
                begins = self._rules.before_bar(state)
                tale.opened = begins is not False
                choices = tale.bars.choices(self._rules.bar(state)) if begins else {}
                there = (
                    (mark, self._rules.walk(state, text), text)
                    for mark, text in choices.items()
                    if mark in self._numbers
                )
                tale.offers = {mark: (landing, text) for mark, landing, text in there if landing is not None}
