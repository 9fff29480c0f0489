"""``/abc``: show and play a tune that somebody pastes."""

import re
from collections.abc import Mapping
from typing import Final

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Reply
from generator.compose.option import Option
from generator.music.dances import dance_of

LONGEST: Final = 20_000  # characters
# A number before the tune, or by itself, says which one of several; before every line it only counts them.
_WHICH: Final = re.compile(r"\s*(\d{1,3})(?:\s+(?=[A-Za-z`>%])(?![^\n]*\n\s*\d+\s)|\s*$)")


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    number = _WHICH.match(str(values["abc"]))
    text = str(values["abc"])[number.end() if number else 0 :].strip()
    tune = await tools.read_tune(text, asker, int(number[1]) if number else 1)
    fields = {"key": tune.key.abc, "meter": tune.meter, "type": dance_of(tune.rhythm)}
    return await tools.show(tune, fields, asker)


COMMAND: Final = Command(
    "abc",
    "show and play ABC that you paste",
    _answer,
    {"abc": Option("abc", str, "a tune in ABC notation", examples=("K:G\nGAB d2e|",), max_length=LONGEST)},
    required=("abc",),
    whole="abc",
    takes_file=True,
)
