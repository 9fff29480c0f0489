"""``/show``: a kept tune again."""

from collections.abc import Mapping
from typing import Final

from bot.asker import Asker
from bot.commands.another import TUNE, own_tunes, wanted
from bot.commands.command import Command, Tools
from bot.reply import Reply


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    return await tools.present(await wanted(tools, values, asker), asker)


COMMAND: Final = Command(
    "show",
    "a tune again, by its id",
    _answer,
    {"tune": TUNE},
    whole="tune",
    suggest={"tune": own_tunes},
)
