"""Where a tune begins: from its outline, and the user's own first notes in it, to the first state."""

from collections.abc import Callable, Mapping
from math import inf

from generator.errors import RequestError
from generator.grammar.bar_state import BarState, Exit
from generator.grammar.bars import NOTE_LETTERS, Moves
from generator.grammar.form import Distances, FormState, Shape, entry
from generator.grammar.grammar_state import (
    NO_BAR,
    FixedText,
    GrammarState,
    TitleState,
    bar_entry,
    bar_number,
    cross,
    fixed,
)
from generator.grammar.outline import Outline
from generator.grammar.rhythm import RhythmRules
from generator.grammar.shortest import Shortest
from generator.grammar.spelling import SILENT, Spelling
from generator.grammar.title import LONGEST_TITLE


class Opening:
    """First states, for one alphabet."""

    def __init__(
        self,
        index: Mapping[str, int],
        moves: Callable[[BarState], Moves],
        rhythm: RhythmRules,
        spelling: Spelling,
    ) -> None:
        self._index, self._moves, self._rhythm, self._spelling = index, moves, rhythm, spelling
        self._shortest = Shortest(rhythm)
        self._distances = Distances(self._shortest)

    def state(self, outline: Outline) -> GrammarState:
        """Return the state right after the prompt.

        Raises:
            RequestError: if the alphabet cannot write what the outline asks for.
        """
        for text in (outline.prompt, outline.heading, outline.start):
            strange = sorted(set(text).difference(self._index))
            if strange:
                raise RequestError(f"This model has no “{strange[0]}” in its alphabet; leave it out.")
        shape = outline.shape
        if not {"1", "2"}.issubset(self._index):
            shape = shape._replace(endings=False)
        needed = {"|", ":"} if shape.repeated else {"|"}
        first = bar_entry(FormState(shape, outline.spare))
        letters = [c for c in self._index if c in NOTE_LETTERS]
        writable = needed.issubset(self._index) and any(shape.gamut.holds(c) for c in letters)
        if not writable or self.remaining(first) == inf:
            raise RequestError("This model cannot write that meter and form; try another, or another model.")
        landing, numbers = self._after_first_notes(shape, outline)
        text, bars = outline.heading + outline.start, (-1,) * len(outline.heading) + numbers
        if outline.titled:
            title = BarState("title", NO_BAR, LONGEST_TITLE)
            return GrammarState(TitleState(text, bars, landing), title, SILENT)
        return fixed(text, bars, 0, landing)

    def remaining(self, state: GrammarState) -> float:
        """Return the least number of characters to the end of the tune, infinite if there is no way."""
        form = state.form
        if form is None:
            return 0
        if isinstance(form, FormState):
            return self._distances.from_state(form, state.bar) + self._spelling.needs(state.spelling)
        if isinstance(form, FixedText):
            return len(form.text) - form.at + self.remaining(form.landing)
        title = sum(self._shortest.costs(state.bar).values())
        return title + len(form.text) + self.remaining(form.landing)

    def _after_first_notes(self, shape: Shape, outline: Outline) -> tuple[GrammarState, tuple[int, ...]]:
        """Return the state after the user's first notes, and the bar of each of their characters.

        They may be syncopated as the user likes.
        """
        if not outline.start:
            return bar_entry(FormState(shape, outline.spare)), ()
        gamut = shape.gamut
        anything = gamut._replace(low=0, high=127)  # the plan has checked their range
        loose = FormState(shape._replace(grid=shape.grid.free, gamut=anything), outline.spare)
        state, bars = self._walk(bar_entry(loose), outline.start)
        state = self._last_note_ended(state)
        if not isinstance(state.form, FormState):
            raise RequestError("Your first notes are as long as the whole tune; give fewer of them.")
        if state.bar.at != "gap":  # an accidental of theirs may still count
            gamut = gamut._replace(low=gamut.low + 1, high=gamut.high - 1)
        form, spelling = state.form._replace(shape=shape), state.spelling._replace(gamut=gamut)
        strict = state.bar._replace(spec=entry(form).spec)
        for bar in (strict, state.bar):
            if self.remaining(GrammarState(form, bar, spelling)) < inf:
                return GrammarState(form, bar, spelling), bars
        raise RequestError("This model cannot go on from your first notes; try simpler lengths.")

    def _walk(self, state: GrammarState, text: str) -> tuple[GrammarState, tuple[int, ...]]:
        """Return the state after some text, and the bar of each of its characters."""
        bars = []
        for at, character in enumerate(text):
            bars.append(bar_number(state.form))
            there = None if state.form is None else self._moves(state.bar).get(character)
            spelling = self._spelling.step(state.spelling, character)
            if there is None or spelling is None:
                raise RequestError(
                    f"Note {_note_number(text, at)} of your first notes does not fit; try another."
                )
            spelling = spelling._replace(spare=state.spelling.spare)  # the user's accidentals do not count
            if isinstance(there, Exit):
                state = cross(state.form, there, spelling)
            else:
                state = GrammarState(state.form, there, spelling)
        return state, tuple(bars)

    def _last_note_ended(self, state: GrammarState) -> GrammarState:
        """Return the state in which the last note has its octave mark and its whole length already."""
        bar = state.bar
        if bar.at in ("head", "length", "rest"):
            ticks = self._rhythm.lengths_of(bar.spec).texts[bar.text]
            bar = self._rhythm.after(bar, ticks)
        return state._replace(bar=bar, spelling=state.spelling._replace(at="free", text=""))


def _note_number(text: str, at: int) -> int:
    """Return which note, from 1, the character at this index belongs to."""
    begun = sum(character in NOTE_LETTERS + "z" for character in text[:at])
    return begun + (begun == 0 or text[at] in NOTE_LETTERS + "z(^_=")
