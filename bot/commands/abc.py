"""``/abc``: show and play a tune that somebody pastes."""

from collections.abc import Mapping
from typing import Final

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.language.pasted_abc import in_lines
from bot.reply import Reply
from generator.compose.option import Option
from generator.music.dances import dance_of

LONGEST: Final = 20_000  # characters


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    tune = await tools.read_tune(in_lines(str(values["abc"])), asker)
    fields = {"key": tune.key.abc, "meter": tune.meter, "type": dance_of(tune.rhythm)}
    return await tools.show(tune, fields, asker)


COMMAND: Final = Command(
    "abc",
    "show and play ABC that you paste",
    _answer,
    {"abc": Option("abc", str, "a tune in ABC notation", examples=("K:G\nGAB d2e|",), max_length=LONGEST)},
    required=("abc",),
    whole="abc",
)
