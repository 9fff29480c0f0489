"""``/files``: the files of a tune that a chat does not show by itself."""

from collections.abc import Mapping
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.commands.another import TUNE, own_tunes, wanted
from bot.commands.command import Command, Tools
from bot.reply import Button, Reply


def button(tune_id: str) -> Button:
    """Make the button that asks for the files of this tune."""
    return Button(texts.BUTTON_FILES, command=f"/files {tune_id}")


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
