"""``/redraw``: a tune of which some bars are drawn anew, and all others kept."""

from collections.abc import Mapping

from bot.commands.command import Command
from bot.commands.vary import keeping
from bot.texts import community as texts
from generator.compose.hold_words import Hold, read_bars
from generator.compose.option import Option
from generator.compose.request import TuneRequest

_BARS = Option(
    "bars",
    str,
    "what is drawn anew: bars such as 5-8, or a part such as B",
    examples=("5-8", "1,3", "B"),
    max_length=60,
    read=read_bars,
)


def command(request: type[TuneRequest]) -> Command:
    """Make the command that composes by the fields of a request, and keeps all bars but those named."""

    def read(values: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
        bars = read_bars(str(values["bars"]))
        return Hold(bars, others=True).line, (texts.drawn_anew(bars),)

    return keeping(request, "redraw", "a tune with these bars drawn anew", (_BARS,), read, ("bars",))
