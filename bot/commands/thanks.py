"""``/thanks``: the answer to a kind word."""

from collections.abc import Mapping
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Reply


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:  # noqa: ARG001
    return Reply(texts.MY_PLEASURE)


COMMAND: Final = Command("thanks", "say thank you", _answer, private=True, listed=False)
