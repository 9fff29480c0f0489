"""``/tune``: compose a new tune."""

from collections.abc import Mapping

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Reply
from generator.compose.request import TuneRequest, options


def command(request: type[TuneRequest]) -> Command:
    """Make the command whose options are the fields of a request."""

    async def answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
        return await tools.compose(request.of(values), asker)

    return Command("tune", "compose a new tune", answer, options(request), check=request.of)
