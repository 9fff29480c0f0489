"""Which characters may come next, so that every text drawn to its end is a right tune.

Three automata run side by side: the form (``grammar.form``), time within a bar (``grammar.bars``) and
spelling (``grammar.spelling``). A state is one integer that packs the numbers of their three states. Bar and
spelling see every character: their states are numbered as they are met and their moves kept in tables, so
that a batch advances by table look-ups. The form moves only at bar lines.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from generator.grammar.bar_signs import BAR_LINE
from generator.grammar.bar_state import BarState, Exit
from generator.grammar.bars import BarRules, Moves
from generator.grammar.form import MAIN, FormState, place_of
from generator.grammar.grammar_state import (
    DONE,
    FixedText,
    Form,
    GrammarState,
    bar_number,
    cross,
    fixed_place,
    shape_of,
)
from generator.grammar.leaning import Leaning
from generator.grammar.lengths import Grid
from generator.grammar.opening import Opening
from generator.grammar.outline import Outline
from generator.grammar.part_marks import Place
from generator.grammar.rhythm import RhythmRules
from generator.grammar.spelling import Spelling, SpellingState
from generator.grammar.table import StateTable
from generator.grammar.title import LONGEST_TITLE

IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
FloatArray: TypeAlias = NDArray[np.float32]

_BITS: Final = 21  # of each of the three numbers in a state
_LOW: Final = (1 << _BITS) - 1
_CROSSING: Final = -2  # a move that ends a bar, so that the form decides
_MOST_CROSSINGS: Final = 2**16  # remembered
_MOST_STATES: Final = 8192  # in each table, and as many forms: about 15 MB in all


class Grammar:
    """The automaton of one model's alphabet; it serves any number of outlines and slots at once."""

    def __init__(self, alphabet: str, most_states: int = _MOST_STATES) -> None:
        """Begin with no states met.

        Args:
            alphabet: ``alphabet[i]`` is character number i of the model; V characters.
            most_states: how many states each table may hold before it is trimmed.
        """
        self._alphabet = alphabet
        self._most = most_states
        self._index = {character: i for i, character in enumerate(alphabet)}
        rhythm = RhythmRules(self._index)
        self._moves: Callable[[BarState], Moves] = lru_cache(most_states)(BarRules(rhythm).moves)
        self._leaning = Leaning(rhythm)
        self._spelling = Spelling(self._index)
        self._opening = Opening(self._index, self._moves, rhythm, self._spelling)
        self._lines = [self._index[sign] for sign in BAR_LINE if sign in self._index]
        self._clear()

    def _clear(self, *, tables: bool = True) -> None:
        width = len(self._alphabet)
        if tables:
            self._bars: StateTable[BarState] = StateTable(width, self._bar_mask)
            self._spellings: StateTable[SpellingState] = StateTable(width, self._spelling_mask)
            self._leanings: dict[int, FloatArray | None] = {}  # by bar
            self._exits: dict[tuple[int, int], Exit] = {}  # by bar and character
            self._walks: dict[tuple[int, str, bool], int | None] = {}  # by bar and spelling, and text
        self._forms: list[Form] = []
        self._form_numbers: dict[Form, int] = {}
        self._ways: dict[tuple[int, Exit, str, int], int] = {}  # by form, and what counts beyond a bar line
        self._pack(DONE)  # which is therefore state 0

    def _bar_mask(self, bar: BarState) -> list[int]:
        return [] if bar == DONE.bar else [self._index[c] for c in self._moves(bar)]

    def _spelling_mask(self, spelling: SpellingState) -> list[int]:
        return [i for i, c in enumerate(self._alphabet) if self._spelling.step(spelling, c) is not None]

    # What the sampler calls

    def enter(self, outline: Outline) -> int:
        """Return the state in which a tune begins, after its prompt.

        Raises:
            RequestError: if the alphabet cannot write what the outline asks for.
        """
        return self._pack(self._opening.state(outline))

    def compute_mask(self, states: IntArray) -> BoolArray:
        """Return (k, V), True for what may come next in states (k,); at least one unless accepting."""
        allowed: BoolArray = self._bars.masks.take(states & _LOW, axis=0)
        np.logical_and(allowed, self._spellings.masks.take((states >> _BITS) & _LOW, axis=0), out=allowed)
        return allowed

    def consume(self, states: IntArray, characters: IntArray) -> IntArray:
        """Return the states (k,) after one more character (k,) in each.

        Raises:
            ValueError: if a character may not come.
        """
        bars, spellings = states & _LOW, (states >> _BITS) & _LOW
        next_bars = self._bars.moves[bars, characters]
        next_spellings = self._spellings.moves[spellings, characters]
        after: IntArray = states + (next_bars - bars) + ((next_spellings - spellings) << _BITS)
        unmade = (next_bars | next_spellings) < 0
        if unmade.any():
            for slot in np.flatnonzero(unmade).tolist():
                after[slot] = self._step(int(states[slot]), int(characters[slot]))
        return after

    def is_accepting(self, states: IntArray) -> BoolArray:
        """Return (k,), True for the states (k,) in which the tune is complete."""
        over: BoolArray = np.equal(states, 0)
        return over

    def bound(self, outline: Outline) -> int:
        """Return how many characters the longest walk from ``enter(outline)`` has at the most."""
        shape = outline.shape
        signs = len("\"  ((3{^a'^a'^a'^a'}.[^a'^a'^a'3/4 -)>>") + self._spelling.longest_harmony + 1
        notes = shape.grid.bar * 3 // 2  # no tuplet holds more than three notes in two ticks
        gap = len("\n |:[2 :||")
        bars = shape.parts * (shape.bars + 3)  # a pickup, and the second ending's two
        notes += 3  # as many signs count bars down and bring bars back
        return LONGEST_TITLE + 2 + len(outline.heading) + len(outline.start) + bars * (notes * signs + gap)

    def trimmed(self, states: IntArray) -> IntArray:
        """Bound the memory: given all states in use, return the same ones, perhaps renumbered.

        Where too many states have been met, those that are not in use are forgotten.
        """
        tables = max(len(self._bars.states), len(self._spellings.states)) > self._most
        if not tables and len(self._forms) <= self._most:
            return states
        unpacked = [self._unpack(state) for state in states.tolist()]
        self._clear(tables=tables)
        return np.array([self._pack(state) for state in unpacked], np.int64)

    @property
    def size(self) -> int:
        """Return how many states are remembered, in the table that has most."""
        return max(len(self._bars.states), len(self._spellings.states), len(self._forms))

    def remaining(self, state: int) -> int:
        """Return the least number of characters to the end of the tune."""
        return int(self._opening.remaining(self._unpack(state)))

    # What the sampler calls to copy bars; see generator.compose.bar_copying

    def crossed(self, before: IntArray, after: IntArray) -> BoolArray:
        """Return (k,), True where a step from states (k,) to states (k,) led over a bar line."""
        over: BoolArray = np.not_equal(before >> 2 * _BITS, after >> 2 * _BITS)
        return over

    def bar(self, state: int) -> int:
        """Return the number of a state's bar, counted as written; -1 in a pickup and outside the music."""
        form = self._unpack(state).form
        return form.bars[form.at] if isinstance(form, FixedText) else bar_number(form)

    def is_fixed(self, state: int) -> bool:
        """Return whether the next character is settled."""
        return isinstance(self._unpack(state).form, FixedText)

    def before_bar(self, state: int) -> bool | None:
        """Return whether a bar's first note may come; None where the line before it is not complete yet."""
        form, bar, _ = self._unpack(state)
        if not isinstance(form, FormState) or bar.at != "gap":
            return False
        return None if bar.text or "f" in bar.gap else True

    def leaning(self, state: int) -> FloatArray | None:
        """Return (V,), what the dance's own rhythm adds to the logits after a state; None for nothing."""
        row = state & _LOW
        if row not in self._leanings:
            found = self._leaning.of(self._bars.states[row])
            added = [found.get(character, 0.0) for character in self._alphabet]
            self._leanings[row] = np.array(added, np.float32) if found else None
        return self._leanings[row]

    # What it calls to count bars down; see generator.grammar.part_marks

    def place(self, state: int) -> Place | None:
        """Return where the bar stands that is about to begin; None if none is.

        In a fixed text it is known whether its first bar is a pickup.
        """
        form, bar, _ = self._unpack(state)
        if isinstance(form, FormState):
            return place_of(form) if bar.at == "gap" else None
        return fixed_place(form) if isinstance(form, FixedText) else None

    def settled(self, state: int, *, pickup: bool, ticks: int | None = None) -> int:
        """Return the state at the tune's first bar when it is known whether that is a pickup.

        Args:
            state: there.
            pickup: whether it is one.
            ticks: of the pickup; None if it may have any length.
        """
        whole = self._unpack(state)
        stops = tuple(stop for stop in whole.bar.spec.stops if (stop > 0) == pickup)
        if pickup and ticks is not None:
            stops = (whole.bar.spec.grid.bar - ticks,)
        return self._pack(whole._replace(bar=whole.bar._replace(spec=whole.bar.spec._replace(stops=stops))))

    def homeward(self, state: int) -> int:
        """Return the state at a bar whose last note must be the tonic."""
        form, bar, spelling = self._unpack(state)
        if not isinstance(form, FormState):
            return state
        letters = form.shape.tonic_letters
        bar = bar._replace(spec=bar.spec._replace(home_letters=letters), home_note=not (letters and bar.tie))
        return self._pack(GrammarState(form, bar, spelling))

    def ending(self, state: int) -> int:
        """Return in which ending a state's bar is, 0 outside them; see :mod:`generator.grammar.form`."""
        form = self._unpack(state).form
        return form.ending if isinstance(form, FormState) else MAIN

    def tonic_letters(self, state: int) -> str:
        """Return the letters of the tonic."""
        return shape_of(self._unpack(state).form).tonic_letters

    def bounded(self, state: int, left: int | None) -> int:
        """Return the state at a bar that ends so many ticks early; None lets its notes have any length."""
        form, bar, spelling = self._unpack(state)
        if left is None:
            spec = bar.spec._replace(grid=bar.spec.grid.free)
        else:
            spec = bar.spec._replace(stops=(left,))
        return self._pack(GrammarState(form, bar._replace(spec=spec), spelling))

    def grid(self, state: int) -> tuple[Grid, int]:
        """Return how the bars of a state's tune are divided, and the ticks of a bare letter."""
        shape = shape_of(self._unpack(state).form)
        return shape.grid, shape.unit

    def joined(self, state: int) -> int:
        """Return how many bars a sign takes for one: three, where three make one bar of the tune."""
        joined = shape_of(self._unpack(state).form).joined
        return joined if joined % 2 else 1

    def walk(self, state: int, text: str, *, whole: bool = True) -> int | None:
        """Return the state after the text of a bar, or of its beginning; None if it may not stand here."""
        form = state >> 2 * _BITS << 2 * _BITS
        here = (state - form, text, whole)  # what a bar may hold does not depend on the form around it
        if here not in self._walks:
            if len(self._walks) >= _MOST_CROSSINGS:
                self._walks.clear()
            there = self._walked(state, text)
            if whole and there is not None and not self._bars.masks[there & _LOW, self._lines].any():
                there = None
            self._walks[here] = None if there is None else there - form
        found = self._walks[here]
        return None if found is None else form + found

    def _walked(self, state: int, text: str) -> int | None:
        for letter in text:
            character = self._index[letter]
            bar, spelling = state & _LOW, (state >> _BITS) & _LOW
            next_bar = int(self._bars.moves[bar, character])
            next_spelling = int(self._spellings.moves[spelling, character])
            if next_bar >= 0 and next_spelling >= 0:
                state += next_bar - bar + ((next_spelling - spelling) << _BITS)
                continue
            try:
                state = self._step(state, character)
            except ValueError:
                return None
        return state

    # Moves that are not in the tables, and packing

    def _step(self, state: int, character: int) -> int:
        bar_row, spelling_row = state & _LOW, (state >> _BITS) & _LOW
        there: BarState | Exit | None = self._exits.get((bar_row, character))
        number = int(self._spellings.moves[spelling_row, character])
        if there is None or number < 0:
            written, spelling = self._alphabet[character], self._spellings.states[spelling_row]
            there = self._moves(self._bars.states[bar_row]).get(written)
            after = self._spelling.step(spelling, written)
            if there is None or after is None:
                raise ValueError(f"{written!r} may not come here")
            number = self._spellings.moves[spelling_row, character] = self._spellings.number(after)
        if isinstance(there, BarState):
            bar = self._bars.moves[bar_row, character] = self._bars.number(there)
            return (state >> 2 * _BITS << 2 * _BITS) | (number << _BITS) | bar
        self._bars.moves[bar_row, character] = _CROSSING
        self._exits[bar_row, character] = there
        form, spelt = state >> 2 * _BITS, self._spellings.states[number]
        way = (form, there, spelt.tie, spelt.spare)
        if way not in self._ways:
            if len(self._ways) >= _MOST_CROSSINGS:
                self._ways.clear()
            self._ways[way] = self._pack(cross(self._forms[form], there, spelt))
        return self._ways[way]

    def _pack(self, state: GrammarState) -> int:
        form = self._form_numbers.get(state.form)
        if form is None:
            form = self._form_numbers[state.form] = len(self._forms)
            self._forms.append(state.form)
        bar, spelling = self._bars.number(state.bar), self._spellings.number(state.spelling)
        return (form << 2 * _BITS) | (spelling << _BITS) | bar

    def _unpack(self, state: int) -> GrammarState:
        bar, spelling, form = state & _LOW, (state >> _BITS) & _LOW, state >> 2 * _BITS
        return GrammarState(self._forms[form], self._bars.states[bar], self._spellings.states[spelling])
