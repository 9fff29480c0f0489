"""The state of a text as a whole: its form, its bar and its spelling, and how they move on together."""

from typing import Final, NamedTuple, TypeAlias

from generator.grammar.bar_signs import BAR_LINE
from generator.grammar.bar_state import BarSpec, BarState, Exit
from generator.grammar.form import FormState, Shape, entry, follow
from generator.grammar.lengths import Grid
from generator.grammar.part_marks import HOME, OPEN, Place
from generator.grammar.spelling import SILENT, SpellingState

NO_BAR: Final = BarSpec(1, Grid(1, 1), (0,), "plain")  # outside the music


class FixedText(NamedTuple):
    """Text that is settled: the lines before the music, and the user's own first notes.

    Attributes:
        text: all of it.
        bars: number of the bar that each of its characters is in, -1 before the music.
        at: index of the character that comes next.
        landing: the state after it.
    """

    text: str
    bars: tuple[int, ...]
    at: int
    landing: "GrammarState"


class TitleState(NamedTuple):
    """A title is being drawn; then comes ``text``, as in :class:`FixedText`."""

    text: str
    bars: tuple[int, ...]
    landing: "GrammarState"


Form: TypeAlias = FormState | FixedText | TitleState | None  # None once the tune is complete


class GrammarState(NamedTuple):
    """The states of the three automata."""

    form: Form
    bar: BarState
    spelling: SpellingState


DONE: Final = GrammarState(None, BarState("done", NO_BAR, 0), SILENT)


def bar_number(form: Form) -> int:
    """Return the number of the present bar as written, -1 in a pickup and outside the music."""
    return form.part * form.shape.bars + form.bar if isinstance(form, FormState) and form.bar >= 0 else -1


def shape_of(form: Form) -> Shape:
    """Return the shape of the tune that a text is, also before its music begins."""
    while not isinstance(form, FormState):
        assert form is not None
        form = form.landing.form
    return form.shape


def fixed_place(form: FixedText) -> Place | None:
    """Return where the bar stands that begins with the next character of a fixed text; None if none does."""
    text, at = form.text, form.at
    if form.bars[at] < 0 or text[at] in BAR_LINE or (at and text[at - 1] not in BAR_LINE):
        return None
    shape, number = shape_of(form), form.bars[at]
    later = next((n for n in range(at + 1, len(text)) if text[n - 1] in BAR_LINE), None)
    ended = later is not None or text[-1] in BAR_LINE
    after = bar_number(form.landing.form) if later is None else form.bars[later]
    pickup = ended and after == number
    return Place(
        left=None if pickup else shape.bars - number,
        part=0,
        last=shape.parts == 1,
        ends=(HOME,) if shape.parts == 1 and shape.home_letters else (HOME, OPEN),
        leads_out=True,
        maybe_pickup=False,
        bar=number,
    )


def bar_entry(form: FormState, tie: str = "") -> GrammarState:
    """Return the state at the beginning of a bar; ``tie`` is the pitch that is tied into it."""
    return GrammarState(
        form, entry(form, bool(tie)), SpellingState(form.shape.gamut, form.allowance, tie=tie)
    )


def fixed(text: str, bars: tuple[int, ...], at: int, landing: GrammarState) -> GrammarState:
    """Return the state before character ``at`` of a fixed text, or where it lands after the last one."""
    if at == len(text):
        return landing
    return GrammarState(
        FixedText(text, bars, at, landing), BarState("fixed", NO_BAR, 0, text=text[at]), SILENT
    )


def cross(form: Form, way: Exit, spelling: SpellingState) -> GrammarState:
    """Return the state after a bar is left, or after a step of the text before the music."""
    if isinstance(form, TitleState):
        return fixed(form.text, form.bars, 0, form.landing)
    if isinstance(form, FixedText):
        return fixed(form.text, form.bars, form.at + 1, form.landing)
    assert form is not None
    after = follow(form, way)
    if after is None:
        return DONE
    after = after._replace(spare=form.spare - (form.allowance - spelling.spare))
    return bar_entry(after, spelling.tie)
