"""Places in a bar; see ``generator.grammar.bars``."""

from typing import NamedTuple

from generator.grammar.lengths import Grid


class BarSpec(NamedTuple):
    """What a bar must keep to.

    Attributes:
        unit: ticks of a bare letter.
        grid: how the bar is divided.
        stops: the ticks of a full bar that may be left where the bar line stands, the fewest last;
            several in a bar of open length, not 0 in one that a pickup completes.
        line: ``plain`` for ``|``; ``untied`` for the same where no tie leads over it, as after a
            pickup; ``turn`` for ``:|``; ``double`` for ``||`` or ``|]``; the latter two with a colon if
            the line may open the next repeat as well: ``::``, ``|:``.
        home_letters: letters that the last note may have, without an accidental; ``""`` for any note.
    """

    unit: int
    grid: Grid
    stops: tuple[int, ...]
    line: str
    home_letters: str = ""

    @property
    def single(self) -> bool:
        """Tell whether the line is a single ``|``."""
        return self.line in ("plain", "untied")

    @property
    def ends(self) -> tuple[int, ...]:
        """Return the stops at which a part ends, where it may not end with a short note."""
        strict = self.grid.group and self.grid.bar != 16  # in 2/4, sixteenths are what eighths are elsewhere
        return self.stops if strict and not self.single else ()

    def held(self, stop: int) -> bool:
        """Tell whether a tie may lead over the line: not from a pickup, unless the user writes it."""
        return self.line == "plain" and not (stop and self.grid.group)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of exit that the line may be; see ``Exit``."""
        return ("bar", "open") if self.line.endswith(":") else ("bar",)


class Exit(NamedTuple):
    """A bar is closed (``stop`` ticks early), or another step of the form is done.

    Attributes:
        stop: ticks by which the bar is short of its full length; 0 where it does not matter.
        kind: ``bar``; ``open`` if the line opened the next repeat too; ``ending`` where a first
            ending began; ``title`` and ``fixed`` for the text before the music.
    """

    stop: int
    kind: str


class BarState(NamedTuple):
    """A place in a bar, or in the text before the music (``rem`` is then what is left of a title).

    Attributes:
        at: which token is being written, or what the last one was.
        rule: of this bar.
        rem: ticks left of a full bar, tuplets and broken pairs counted where they open.
        tie: whether a tie waits for its second note.
        slur: 0 if none is open, else 1, 2 or 3: no, one or more notes under it.
        tuplet: number of notes of a tuplet whose note length is not chosen yet.
        left: notes that still belong to a tuplet or broken pair.
        equal: ticks that each of those must have.
        home_note: False where ``spec.home_letters`` matters and the note being, or just, written is another.
        text: of the half-written token.
        gap: what may still stand between the bar line and the bar: ``n`` a line break, ``s`` a space,
            ``o`` a repeat sign, ``c`` a colon that makes the line one, ``e`` a first ending, ``f`` the
            second ending, which must come, ``d`` its number right after the line.
    """

    at: str
    spec: BarSpec
    rem: int
    tie: bool = False
    slur: int = 0
    tuplet: int = 0
    left: int = 0
    equal: int = 0
    home_note: bool = True
    text: str = ""
    gap: str = ""

    @property
    def open(self) -> bool:
        """Tell whether more notes may come in this bar."""
        return self.rem > self.spec.stops[-1] or self.left > 0
