"""Which characters may come next, so that every text drawn to its end is a right tune.

Three automata run side by side: the form (``rules.form``), time within a bar (``rules.bars``) and
spelling (``rules.spelling``). A state is one integer that packs the three. The latter two see every
character: their places are numbered as they are met, and their moves kept in tables, so that a batch
advances by table look-ups. The form moves only at bar lines.
"""

from collections.abc import Callable
from functools import lru_cache
from math import inf
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from generator.compose.plan import Plan
from generator.errors import RequestError
from generator.grammar.bar_signs import BAR_LINE
from generator.grammar.bars import LETTERS, Bars, Moves
from generator.grammar.form import Course, Distances, Shape, entry, follow
from generator.grammar.lengths import Grid
from generator.grammar.rhythm import Rhythm
from generator.grammar.shortest import Shortest
from generator.grammar.spelling import SILENT, Ink, Spelling
from generator.grammar.spots import Exit, Rule, Spot
from generator.grammar.table import Table
from generator.grammar.title import LONGEST_TITLE

IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]

_BITS: Final = 21  # of each of the three numbers in a state
_LOW: Final = (1 << _BITS) - 1
_CROSSING: Final = -2  # a move that ends a bar, so that the form decides
_REMEMBERED_CROSSINGS: Final = 2**16
_NO_RULE: Final = Rule(1, Grid(1, 1), (0,), "plain")
_DONE: Final = Spot("done", _NO_RULE, 0)
_MOST_PLACES: Final = 8192  # in each table, and as many in the form: about 15 MB in all


class Said(NamedTuple):
    """A place in text that is settled: before the music, and in the user's own first notes.

    ``bars`` has the number of the bar that each character of the text is in, -1 before the music.
    """

    text: str
    bars: tuple[int, ...]
    at: int
    landing: "Place"


class Titling(NamedTuple):
    """The title is being drawn; then comes ``text``."""

    text: str
    bars: tuple[int, ...]
    landing: "Place"


class Place(NamedTuple):
    """A state unpacked."""

    form: "Course | Said | Titling | None"
    spot: Spot
    ink: Ink


def _number_of(text: str, at: int) -> int:
    """Which note, counted from 1, the character at this place belongs to."""
    begun = sum(character in LETTERS + "z" for character in text[:at])
    return begun + (begun == 0 or text[at] in LETTERS + "z(^_=")


def _bar_of(form: "Course | Said | Titling | None") -> int:
    """The number of a bar as written, -1 for a pickup and outside music."""
    return form.part * form.shape.bars + form.bar if isinstance(form, Course) and form.bar >= 0 else -1


class Grammar:
    """The automaton of one model's alphabet; it serves any number of plans and slots at once."""

    def __init__(self, alphabet: str, most_places: int = _MOST_PLACES) -> None:
        """``alphabet[i]`` is character number i of the model; ``most_places`` bounds the memory."""
        self._alphabet = alphabet
        self._most = most_places
        self._index = {character: i for i, character in enumerate(alphabet)}
        rhythm = self._rhythm = Rhythm(self._index)
        self._rules, self._shortest = Bars(rhythm), Shortest(rhythm)
        self._spelling = Spelling(self._index)
        self._distances = Distances(self._shortest)
        self._moves: Callable[[Spot], Moves] = lru_cache(most_places)(self._rules.moves)
        self._lines = [self._index[sign] for sign in BAR_LINE if sign in self._index]
        self._clear()

    def _clear(self, *, tables: bool = True) -> None:
        width = len(self._alphabet)
        if tables:
            self._bars: Table[Spot] = Table(width, self._bar_mask)
            self._inks: Table[Ink] = Table(width, self._ink_mask)
            self._exits: dict[tuple[int, int], Exit] = {}  # by bar and character
            self._walks: dict[tuple[int, str], int | None] = {}  # by place in bar and ink, and text
        self._forms: list[Course | Said | Titling | None] = []
        self._form_numbers: dict[Course | Said | Titling | None, int] = {}
        self._ways: dict[tuple[int, Exit, str, int], int] = {}  # by form, and what counts beyond a bar line
        self._number(Place(None, _DONE, SILENT))  # which is therefore state 0

    def _bar_mask(self, spot: Spot) -> list[int]:
        return [] if spot == _DONE else [self._index[c] for c in self._moves(spot)]

    def _ink_mask(self, ink: Ink) -> list[int]:
        return [i for i, c in enumerate(self._alphabet) if self._spelling.step(ink, c) is not None]

    # What the sampler calls

    def enter(self, plan: Plan) -> int:
        """The state in which a plan begins, after its prompt.

        Raises:
            RequestError: if the alphabet cannot write what the plan asks for.
        """
        return self._number(self._opening(plan))

    def masks(self, states: IntArray) -> BoolArray:
        """Which characters may come next: states (k,) to (k, V); at least one in each that is not done."""
        allowed: BoolArray = self._bars.masks.take(states & _LOW, axis=0)
        np.logical_and(allowed, self._inks.masks.take((states >> _BITS) & _LOW, axis=0), out=allowed)
        return allowed

    def advance(self, states: IntArray, characters: IntArray) -> IntArray:
        """The states (k,) after one more character (k,) in each.

        Raises:
            ValueError: if a character may not come.
        """
        bars, inks = states & _LOW, (states >> _BITS) & _LOW
        next_bars, next_inks = self._bars.moves[bars, characters], self._inks.moves[inks, characters]
        after: IntArray = states + (next_bars - bars) + ((next_inks - inks) << _BITS)
        unmade = (next_bars | next_inks) < 0
        if unmade.any():
            for slot in np.flatnonzero(unmade).tolist():
                after[slot] = self._step(int(states[slot]), int(characters[slot]))
        return after

    # What the sampler calls to bring bars back; see generator.grammar.bar_signs

    def crossed(self, before: IntArray, after: IntArray) -> BoolArray:
        """Where one step led over a bar line: states (k,) and those after it -> (k,)."""
        over: BoolArray = np.not_equal(before >> 2 * _BITS, after >> 2 * _BITS)
        return over

    def bar(self, state: int) -> int:
        """The number of the bar that a state is in, counted as written; -1 in a pickup and outside music."""
        form = self._place(state).form
        return form.bars[form.at] if isinstance(form, Said) else _bar_of(form)

    def said(self, state: int) -> bool:
        """Whether the next character is settled."""
        return isinstance(self._place(state).form, Said)

    def before_bar(self, state: int) -> bool | None:
        """Whether a bar's first note may come; None where the line before it is not complete yet."""
        form, spot, _ = self._place(state)
        if not isinstance(form, Course) or spot.at != "gap":
            return False
        return None if spot.text or "f" in spot.gap else True

    def walk(self, state: int, text: str) -> int | None:
        """The state after the text of a whole bar; None if it may not stand here."""
        form = state >> 2 * _BITS << 2 * _BITS
        here = (state - form, text)  # what a bar may hold does not depend on the form around it
        if here not in self._walks:
            if len(self._walks) >= _REMEMBERED_CROSSINGS:
                self._walks.clear()
            there = self._walked(state, text)
            self._walks[here] = None if there is None else there - form
        found = self._walks[here]
        return None if found is None else form + found

    def _walked(self, state: int, text: str) -> int | None:
        for letter in text:
            character = self._index[letter]
            bar, ink = state & _LOW, (state >> _BITS) & _LOW
            next_bar, next_ink = int(self._bars.moves[bar, character]), int(self._inks.moves[ink, character])
            if next_bar >= 0 and next_ink >= 0:
                state += next_bar - bar + ((next_ink - ink) << _BITS)
                continue
            try:
                state = self._step(state, character)
            except ValueError:
                return None
        return state if self._bars.masks[state & _LOW, self._lines].any() else None

    def done(self, states: IntArray) -> BoolArray:
        """Which states (k,) are at the end of the tune."""
        over: BoolArray = np.equal(states, 0)
        return over

    def trimmed(self, states: IntArray) -> IntArray:
        """Keep the memory bounded: called with all states in use, it gives the same ones back.

        Where too many places have been met, those that are not in use are forgotten, and the states
        have other numbers afterwards.
        """
        tables = max(len(self._bars.places), len(self._inks.places)) > self._most
        if not tables and len(self._forms) <= self._most:
            return states
        places = [self._place(state) for state in states.tolist()]
        self._clear(tables=tables)
        return np.array([self._number(place) for place in places], np.int64)

    @property
    def places(self) -> int:
        """How many places are remembered, in whichever part has most."""
        return max(len(self._bars.places), len(self._inks.places), len(self._forms))

    def remaining(self, state: int) -> int:
        """The least number of characters that are still needed to the end of the tune."""
        return int(self._remaining(self._place(state)))

    def bound(self, plan: Plan) -> int:
        """Every walk from ``enter(plan)`` ends within so many characters."""
        shape = plan.shape
        signs = len("\"  ((3{^a'^a'^a'^a'}.[^a'^a'^a'3/4 -)>>") + self._spelling.longest_harmony + 1
        notes = shape.grid.bar * 3 // 2  # no tuplet holds more than three notes in two ticks
        gap = len("\n |:[2 :||")
        bars = shape.parts * (shape.bars + 3)  # a pickup, and the second ending's two
        return LONGEST_TITLE + 2 + len(plan.heading) + len(plan.start) + bars * (notes * signs + gap)

    # Moves that are not in the tables

    def _step(self, state: int, character: int) -> int:
        bar_row, ink_row = state & _LOW, (state >> _BITS) & _LOW
        there: Spot | Exit | None = self._exits.get((bar_row, character))
        ink_number = int(self._inks.moves[ink_row, character])
        if there is None or ink_number < 0:
            written, ink = self._alphabet[character], self._inks.places[ink_row]
            there = self._moves(self._bars.places[bar_row]).get(written)
            after = self._spelling.step(ink, written)
            if there is None or after is None:
                raise ValueError(f"{written!r} may not come here")
            ink_number = self._inks.moves[ink_row, character] = self._inks.number(after)
        if isinstance(there, Spot):
            bar_number = self._bars.moves[bar_row, character] = self._bars.number(there)
            return (state >> 2 * _BITS << 2 * _BITS) | (ink_number << _BITS) | bar_number
        self._bars.moves[bar_row, character] = _CROSSING
        self._exits[bar_row, character] = there
        form, spelt = state >> 2 * _BITS, self._inks.places[ink_number]
        way = (form, there, spelt.tie, spelt.spare)
        if way not in self._ways:
            if len(self._ways) >= _REMEMBERED_CROSSINGS:
                self._ways.clear()
            self._ways[way] = self._number(self._cross(self._forms[form], there, spelt))
        return self._ways[way]

    def _cross(self, form: Course | Said | Titling | None, way: Exit, ink: Ink) -> Place:
        """Where a bar, or a piece of the text before the music, leads to."""
        if isinstance(form, Titling):
            return self._say(form.text, form.bars, 0, form.landing)
        if isinstance(form, Said):
            return self._say(form.text, form.bars, form.at + 1, form.landing)
        assert form is not None
        after = follow(form, way)
        if after is None:
            return Place(None, _DONE, SILENT)
        after = after._replace(spare=form.spare - (form.allowance - ink.spare))
        return self._begin(after, ink.tie)

    @staticmethod
    def _begin(course: Course, tie: str = "") -> Place:
        ink = Ink(course.shape.gamut, course.allowance, tie=tie)
        return Place(course, entry(course, bool(tie)), ink)

    @staticmethod
    def _say(text: str, bars: tuple[int, ...], at: int, landing: Place) -> Place:
        if at == len(text):
            return landing
        return Place(Said(text, bars, at, landing), Spot("said", _NO_RULE, 0, text=text[at]), SILENT)

    def _opening(self, plan: Plan) -> Place:
        for text in (plan.prompt, plan.heading, plan.start):
            strange = sorted(set(text).difference(self._index))
            if strange:
                raise RequestError(f"This model has no “{strange[0]}” in its alphabet; leave it out.")
        shape = plan.shape
        if not {"1", "2"}.issubset(self._index):
            shape = shape._replace(endings=False)
        needed = {"|", ":"} if shape.repeated else {"|"}
        first = self._begin(Course(shape, plan.spare))
        writable = needed.issubset(self._index) and any(shape.gamut.holds(c) for c in self._letters())
        if not writable or self._remaining(first) == inf:
            raise RequestError("This model cannot write that meter and form; try another, or another model.")
        landing, numbers = self._begun(shape, plan)
        text, bars = plan.heading + plan.start, (-1,) * len(plan.heading) + numbers
        if plan.titled:
            return Place(Titling(text, bars, landing), Spot("title", _NO_RULE, LONGEST_TITLE), SILENT)
        return self._say(text, bars, 0, landing)

    def _letters(self) -> list[str]:
        return [c for c in self._alphabet if c in LETTERS]

    def _begun(self, shape: Shape, plan: Plan) -> tuple[Place, tuple[int, ...]]:
        """Where the user's own first notes lead to, and the bar of each of their characters.

        They may be syncopated as the user likes.
        """
        if not plan.start:
            return self._begin(Course(shape, plan.spare)), ()
        gamut = shape.gamut
        anything = gamut._replace(low=0, high=127)  # the plan has seen to their range
        loose = Course(shape._replace(grid=shape.grid.free, gamut=anything), plan.spare)
        place, bars = self._walk(self._begin(loose), plan.start)
        place = self._whole(place)
        if not isinstance(place.form, Course):
            raise RequestError("Your first notes are as long as the whole tune; give fewer of them.")
        if place.spot.at != "gap":  # an accidental of theirs may still count
            gamut = gamut._replace(low=gamut.low + 1, high=gamut.high - 1)
        form, ink = place.form._replace(shape=shape), place.ink._replace(gamut=gamut)
        strict = place.spot._replace(rule=entry(form).rule)
        for spot in (strict, place.spot):
            if self._remaining(Place(form, spot, ink)) < inf:
                return Place(form, spot, ink), bars
        raise RequestError("This model cannot go on from your first notes; try simpler lengths.")

    def _walk(self, place: Place, text: str) -> tuple[Place, tuple[int, ...]]:
        """Where some text leads to, and the bar of each character."""
        bars = []
        for at, character in enumerate(text):
            bars.append(_bar_of(place.form))
            there = None if place.form is None else self._moves(place.spot).get(character)
            ink = self._spelling.step(place.ink, character)
            if there is None or ink is None:
                raise RequestError(
                    f"Note {_number_of(text, at)} of your first notes does not fit; try another."
                )
            ink = ink._replace(spare=place.ink.spare)  # the user's own accidentals are not counted
            if isinstance(there, Exit):
                place = self._cross(place.form, there, ink)
            else:
                place = Place(place.form, there, ink)
        return place, tuple(bars)

    def _whole(self, place: Place) -> Place:
        """After a last note that gets no octave mark and no length beyond what it has."""
        spot = place.spot
        if spot.at in ("head", "length", "rest"):
            ticks = self._rhythm.lengths_of(spot.rule).texts[spot.text]
            spot = self._rhythm.after(spot, ticks)
        return place._replace(spot=spot, ink=place.ink._replace(at="free", text=""))

    def _remaining(self, place: Place) -> float:
        form = place.form
        if form is None:
            return 0
        if isinstance(form, Course):
            return self._distances.from_spot(form, place.spot) + self._spelling.needs(place.ink)
        if isinstance(form, Said):
            return len(form.text) - form.at + self._remaining(form.landing)
        title = sum(self._shortest.costs(place.spot).values())
        return title + len(form.text) + self._remaining(form.landing)

    # Numbers and places

    def _number(self, place: Place) -> int:
        form = self._form_numbers.get(place.form)
        if form is None:
            form = self._form_numbers[place.form] = len(self._forms)
            self._forms.append(place.form)
        return (form << 2 * _BITS) | (self._inks.number(place.ink) << _BITS) | self._bars.number(place.spot)

    def _place(self, state: int) -> Place:
        bar, ink, form = state & _LOW, (state >> _BITS) & _LOW, state >> 2 * _BITS
        return Place(self._forms[form], self._bars.places[bar], self._inks.places[ink])
