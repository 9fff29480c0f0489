"""``/files``: the files of a tune that a chat does not show by itself."""

from collections.abc import Mapping
from typing import Final

from bot.asker import Asker
from bot.commands.another import TUNE, own_tunes, wanted
from bot.commands.command import Command, Tools
from bot.reply import Reply


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    return await tools.show_files(await wanted(tools, values, asker), asker)


COMMAND: Final = Command(
    "files",
    "MusicXML, ABC and MIDI of a tune",
    _answer,
    {"tune": TUNE},
    whole="tune",
    suggest={"tune": own_tunes},
)
