"""What the sampler asks of a grammar; :class:`generator.grammar.automaton.Grammar` answers it."""

from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from generator.grammar.lengths import Grid
from generator.grammar.part_marks import Place

Integers: TypeAlias = npt.NDArray[np.int64]
Booleans: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float32]


class SamplerGrammar(Protocol):
    """A grammar over V characters, whose states are integers."""

    def enter(self, plan: Any, /) -> int:
        """Return the state right after the plan's prompt."""

    def compute_mask(self, states: Integers, /) -> Booleans:
        """Return (k, V), True for the characters that may come next in states (k,)."""

    def consume(self, states: Integers, characters: Integers, /) -> Integers:
        """Return the states (k,) after one more character (k,) in each."""

    def is_accepting(self, states: Integers, /) -> Booleans:
        """Return (k,), True for the states (k,) in which the tune is complete."""

    def bound(self, plan: Any, /) -> int:
        """Return the most characters that can follow the prompt."""

    def trimmed(self, states: Integers, /) -> Integers:
        """Bound the memory: given all states in use, return the same ones, perhaps renumbered."""


class CopyingGrammar(SamplerGrammar, Protocol):
    """A grammar that also knows its bars, for models that bring bars back by a sign."""

    def crossed(self, before: Integers, after: Integers, /) -> Booleans:
        """Return (k,), True where a step from states (k,) to states (k,) led over a bar line."""

    def bar(self, state: int, /) -> int:
        """Return the number of a state's bar; -1 in a pickup and outside the music."""

    def is_fixed(self, state: int, /) -> bool:
        """Return whether the next character is settled, as in the user's own first notes."""

    def leaning(self, state: int, /) -> Floats | None:
        """Return (V,), what the dance's own rhythm adds to the logits after a state; None for nothing."""

    def joined(self, state: int, /) -> int:
        """Return how many bars a sign takes for one: three, where three make one bar of the tune."""

    def before_bar(self, state: int, /) -> bool | None:
        """Return whether a bar's first note may come; None for not yet."""

    def walk(self, state: int, text: str, /, *, whole: bool = True) -> int | None:
        """Return the state after a whole bar, or its beginning; None if it may not stand here."""

    def place(self, state: int, /) -> Place | None:
        """Return where the bar stands that is about to begin; None if none is."""

    def settled(self, state: int, /, *, pickup: bool, ticks: int | None = None) -> int:
        """Return the state at the tune's first bar when it is known whether that is a pickup, of how many."""

    def homeward(self, state: int, /) -> int:
        """Return the state at a bar whose last note must be the tonic."""

    def ending(self, state: int, /) -> int:
        """Return in which ending a state's bar is, 0 outside them."""

    def tonic_letters(self, state: int, /) -> str:
        """Return the letters of the tonic."""

    def bounded(self, state: int, left: int | None, /) -> int:
        """Return the state at a bar that ends so many ticks early; None lets its notes have any length."""

    def grid(self, state: int, /) -> tuple[Grid, int]:
        """Return how bars are divided, and the ticks of a bare letter."""
