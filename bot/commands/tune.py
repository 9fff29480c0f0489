"""``/tune``: compose a new tune."""

from collections.abc import Mapping

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Reply
from generator.compose.request import TuneRequest, options


async def _models(_: Tools, typed: str, __: Asker) -> list[tuple[str, str]]:
    """Suggest the models that are installed."""
    from generator.compose.model import model_names  # noqa: PLC0415 - brings numpy

    return [(name, name) for name in model_names() if typed.strip().lower() in name]


def command(request: type[TuneRequest]) -> Command:
    """Make the command whose options are the fields of a request."""

    async def answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
        return await tools.compose(request.of(values), asker)

    return Command(
        "tune",
        "compose a new tune",
        answer,
        options(request),
        check=request.of,
        suggest={"model": _models},
    )
