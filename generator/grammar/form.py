"""Form: which bar comes after which; parts, repeats, endings, pickups and their complements.

A :class:`Course` is a bar of the tune as a whole. It says with which :class:`Spot` that bar begins, and,
when the bar is left by an exit, which course follows. Lengths are in ticks of 1/32.

The bar before any beginning of a part is short by that part's pickup. Without second endings all parts
have the pickup of the first one, since the same bar leads back and on; a second ending leads on only,
and there the next part may do without.
"""

from functools import lru_cache
from math import inf
from typing import Final, NamedTuple

from generator.grammar.lengths import Grid
from generator.grammar.shortest import Shortest
from generator.grammar.spelling import Gamut
from generator.grammar.spots import Exit, Rule, Spot

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
        home: letters that the last note may have; ``""`` for any.
    """

    grid: Grid
    unit: int
    parts: int
    bars: int
    repeated: bool
    endings: bool
    gamut: Gamut
    home: str = ""


class Course(NamedTuple):
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


def entry(course: Course, tied: bool = False) -> Spot:
    """The spot with which a bar begins; ``tied`` if a tie leads into it."""
    shape, full = course.shape, course.shape.grid.bar
    if course.pickup == UNSET:
        stops = (*(full - pickup for pickup in shape.grid.pickups), 0)
        rule = Rule(shape.unit, shape.grid, stops, "plain")
        return Spot("gap", rule, full, gap="o" if shape.repeated else "")
    stops, line = _close(course)
    rem = course.own if course.bar == UNSET else full
    gap = _gap(course, tied)
    if rem - stops[0] == shape.unit:
        gap = gap.replace("n", "")  # a line that begins with “A:” would be a field
    last = course.part == shape.parts - 1 and course.bar == shape.bars - 1 and course.ending != FIRST
    home = shape.home if last else ""
    return Spot(
        "gap",
        Rule(shape.unit, shape.grid, stops, line, home),
        rem,
        tie=tied,
        gap=gap,
        home=not (home and tied),
    )


def _close(course: Course) -> tuple[tuple[int, ...], str]:
    """Where a bar may stop, and with which line; see ``Rule``."""
    shape = course.shape
    last = course.part == shape.parts - 1
    if course.bar < shape.bars - 1:
        return (0,), "untied" if course.bar == UNSET and shape.grid.group else "plain"
    colon = ":" if shape.repeated and not last else ""
    if course.ending == FIRST:
        return (course.own,), "turn"
    if course.ending == MAIN and shape.repeated:
        return (course.own,), "turn" + colon
    if last:
        return (course.pickup,), "double"
    return (course.pickup, 0) if course.pickup else (0,), "double" + colon


def _gap(course: Course, tied: bool) -> str:
    """What may stand between the bar line and a bar; see ``Spot.gap``."""
    shape = course.shape
    first_of_part = course.bar == (UNSET if course.own else 0)
    if course.ending and course.bar == shape.bars - course.span:
        return "s" if course.ending == FIRST else "nsfd"
    if first_of_part and course.part:
        return "nsoc" if shape.repeated and not course.opened else "ns"
    to_come = shape.bars - course.bar
    may_end = shape.repeated and shape.endings and not course.ending and not tied
    if may_end and 0 < to_come <= LONGEST_ENDING:
        return "nsed"
    return "ns"


def follow(course: Course, way: Exit) -> Course | None:
    """The course after a bar is left; None where the tune is over."""
    shape = course.shape
    if way.kind == "ending":
        return course._replace(ending=FIRST, span=shape.bars - course.bar)
    if course.pickup == UNSET:
        pickup = shape.grid.bar - way.stop if way.stop else 0
        return course._replace(pickup=pickup, own=pickup, bar=0 if pickup else 1)
    if course.bar < shape.bars - 1:
        return course._replace(bar=course.bar + 1, opened=False)
    if course.ending == FIRST:
        return course._replace(ending=SECOND, bar=shape.bars - course.span)
    if course.part == shape.parts - 1:
        return None
    own = course.own if shape.repeated and course.ending == MAIN else way.stop
    return Course(
        shape,
        course.spare,
        course.part + 1,
        UNSET if own else 0,
        pickup=course.pickup,
        own=own,
        opened=way.kind == "open",
    )


class Distances:
    """How far it is at the least to the end of a tune."""

    def __init__(self, shortest: Shortest) -> None:
        self._shortest = shortest
        self.from_course = lru_cache(2**14)(self._from_course)

    def _from_course(self, course: Course, tied: bool = False) -> float:
        return self.from_spot(course, entry(course, tied))

    def from_spot(self, course: Course, spot: Spot) -> float:
        """Characters from a spot within a course's bar to the end of the tune, at the least."""
        return min(
            (
                cost + self._onward(course, way, spot.tie and not spot.left and spot.rem == way.stop)
                for way, cost in self._shortest.costs(spot).items()
            ),
            default=inf,
        )

    def _onward(self, course: Course, way: Exit, tied: bool) -> float:
        after = follow(course, way)
        return 0 if after is None else self.from_course(after._replace(spare=0), tied)
