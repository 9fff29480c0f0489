"""Form: which bar comes after which; parts, repeats, endings, pickups and their complements.

A :class:`FormState` is a bar of the tune as a whole. It says with which :class:`BarState` that bar begins
and, when the bar is left by an exit, which form state follows. Lengths are in ticks of 1/32.

The bar before any beginning of a part is short by that part's pickup. Without second endings all parts
have the pickup of the first one, since the same bar leads back and on; a second ending leads on only,
and there the next part may do without.
"""

from functools import lru_cache
from math import inf
from typing import Final, NamedTuple

from generator.grammar.bar_state import BarSpec, BarState, Exit
from generator.grammar.lengths import Grid
from generator.grammar.part_marks import HOME, OPEN, RHYME, Place
from generator.grammar.shortest import Shortest
from generator.grammar.spelling import Gamut

MAIN, FIRST, SECOND = 0, 1, 2  # outside endings, in the first, in the second
UNSET: Final = -1
MOST_SPARE: Final = 2  # accidentals outside the scale in one bar
LONGEST_ENDING: Final = 2  # bars


class Shape(NamedTuple):
    """What is asked of a tune's form.

    Attributes:
        grid: how a bar is divided.
        unit: ticks of a bare letter.
        parts: how many different parts there are.
        bars: full bars in each, as played once.
        repeated: whether each part is repeated.
        endings: whether first and second endings may be written.
        gamut: the notes that may be drawn.
        home_letters: letters that the last note may have; ``""`` for any.
        tonic_letters: letters of the tonic, for parts that a model has said to end on it.
        joined: how many bars make one bar of the tune; endings have whole ones.
        even: whether all parts begin with the tune's pickup, so that they can follow each other in any order.
    """

    grid: Grid
    unit: int
    parts: int
    bars: int
    repeated: bool
    endings: bool
    gamut: Gamut
    home_letters: str = ""
    tonic_letters: str = ""
    joined: int = 1
    even: bool = False


class FormState(NamedTuple):
    """A bar of a tune.

    Attributes:
        shape: of the tune.
        spare: accidentals outside the scale that the tune may still have.
        part: from 0.
        bar: full bars of this part before this one, -1 for its pickup.
        ending: ``MAIN``, ``FIRST`` or ``SECOND``.
        span: full bars of this part's endings, 0 before there are any.
        pickup: ticks of the tune's pickup, ``UNSET`` in the first bar, which may turn out to be one.
        own: ticks of this part's pickup.
        opened: whether the bar line before has opened this part's repeat already.
    """

    shape: Shape
    spare: int
    part: int = 0
    bar: int = 0
    ending: int = MAIN
    span: int = 0
    pickup: int = UNSET
    own: int = 0
    opened: bool = False

    @property
    def allowance(self) -> int:
        """Accidentals outside the scale that this bar may have."""
        return min(MOST_SPARE, self.spare)


def place_of(form: FormState) -> Place:
    """Return where the bar of a form stands in its part."""
    shape, last = form.shape, form.part == form.shape.parts - 1
    ends = (HOME,) if last and shape.home_letters else (HOME, OPEN)
    first = form.pickup == UNSET
    return Place(
        left=None if form.bar == UNSET else shape.bars - form.bar,
        part=form.part,
        last=last,
        ends=(*ends, RHYME) if form.part else ends,
        leads_out=form.ending != FIRST,
        maybe_pickup=first and bool(shape.grid.pickups),
        bar=form.part * shape.bars + max(form.bar, 0),
    )


def entry(form: FormState, tied: bool = False) -> BarState:
    """Return the state with which a bar begins; ``tied`` if a tie leads into it."""
    shape, full = form.shape, form.shape.grid.bar
    if form.pickup == UNSET:
        stops = (*(full - pickup for pickup in shape.grid.pickups), 0)
        spec = BarSpec(shape.unit, shape.grid, stops, "plain")
        return BarState("gap", spec, full, gap="o" if shape.repeated else "")
    stops, line = _close(form)
    rem = form.own if form.bar == UNSET else full
    gap = _gap(form, tied)
    if rem - stops[0] == shape.unit:
        gap = gap.replace("n", "")  # a line that begins with “A:” would be a field
    last = form.part == shape.parts - 1 and form.bar == shape.bars - 1 and form.ending != FIRST
    home_letters = shape.home_letters if last else ""
    return BarState(
        "gap",
        BarSpec(shape.unit, shape.grid, stops, line, home_letters),
        rem,
        tie=tied,
        gap=gap,
        home_note=not (home_letters and tied),
    )


def _close(form: FormState) -> tuple[tuple[int, ...], str]:
    """Return where a bar may stop, and with which line; see ``BarSpec``."""
    shape = form.shape
    last = form.part == shape.parts - 1
    if form.bar < shape.bars - 1:
        return (0,), "untied" if form.bar == UNSET and shape.grid.group else "plain"
    colon = ":" if shape.repeated and not last else ""
    if form.ending == FIRST:
        return (form.own,), "turn"
    if form.ending == MAIN and shape.repeated:
        return (form.own,), "turn" + colon
    if last or shape.even:
        return (form.pickup,), "double" + colon
    return (form.pickup, 0) if form.pickup else (0,), "double" + colon


def _gap(form: FormState, tied: bool) -> str:
    """Return what may stand between the bar line and a bar; see ``BarState.gap``."""
    shape = form.shape
    first_of_part = form.bar == (UNSET if form.own else 0)
    if form.ending and form.bar == shape.bars - form.span:
        return "s" if form.ending == FIRST else "nsfd"
    if first_of_part and form.part:
        return "nsoc" if shape.repeated and not form.opened else "ns"
    to_come = shape.bars - form.bar
    may_end = shape.repeated and shape.endings and not form.ending and not tied
    if may_end and 0 < to_come <= LONGEST_ENDING and to_come % shape.joined == 0:
        return "nsed"
    return "ns"


def follow(form: FormState, way: Exit) -> FormState | None:
    """Return the form after a bar is left; None where the tune is over."""
    shape = form.shape
    if way.kind == "ending":
        return form._replace(ending=FIRST, span=shape.bars - form.bar)
    if form.pickup == UNSET:
        pickup = shape.grid.bar - way.stop if way.stop else 0
        return form._replace(pickup=pickup, own=pickup, bar=0 if pickup else 1)
    if form.bar < shape.bars - 1:
        return form._replace(bar=form.bar + 1, opened=False)
    if form.ending == FIRST:
        return form._replace(ending=SECOND, bar=shape.bars - form.span)
    if form.part == shape.parts - 1:
        return None
    own = form.own if shape.repeated and form.ending == MAIN else way.stop
    return FormState(
        shape,
        form.spare,
        form.part + 1,
        UNSET if own else 0,
        pickup=form.pickup,
        own=own,
        opened=way.kind == "open",
    )


class Distances:
    """How far it is at the least to the end of a tune."""

    def __init__(self, shortest: Shortest) -> None:
        self._shortest = shortest
        self.from_form = lru_cache(2**14)(self._from_form)

    def _from_form(self, form: FormState, tied: bool = False) -> float:
        return self.from_state(form, entry(form, tied))

    def from_state(self, form: FormState, state: BarState) -> float:
        """Return characters from a state within a form's bar to the end of the tune, at the least."""
        return min(
            (
                cost + self._onward(form, way, state.tie and not state.left and state.rem == way.stop)
                for way, cost in self._shortest.costs(state).items()
            ),
            default=inf,
        )

    def _onward(self, form: FormState, way: Exit, tied: bool) -> float:
        after = follow(form, way)
        return 0 if after is None else self.from_form(after._replace(spare=0), tied)
