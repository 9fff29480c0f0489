"""``/tune``: compose a new tune."""

from collections.abc import Mapping
from typing import Final

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Reply
from generator.compose.request import TuneRequest, options
from generator.errors import RequestError


async def suggest_models(_: Tools, typed: str, __: Asker) -> list[tuple[str, str]]:
    """Suggest the models that are installed."""
    from generator.compose.model import model_names  # noqa: PLC0415 - brings numpy

    return [(name, name) for name in model_names() if typed.strip().lower() in name]


_SAID_OTHERWISE: Final = {"key": ("mode", "start"), "type": ("meter", "start")}


def with_defaults(
    request: type[TuneRequest], values: Mapping[str, object], defaults: Mapping[str, str]
) -> TuneRequest:
    """Build a request, with what somebody has set for what is left out, as far as it goes with the rest.

    Raises:
        RequestError: what is asked for cannot be.
    """
    built, found = request.of(values), dict(values)
    for name, value in defaults.items():
        if name in found or any(other in values for other in _SAID_OTHERWISE.get(name, ())):
            continue
        try:
            built = request.of(found | {name: value})
        except RequestError:  # it does not go with what is asked for, or is of an earlier version
            continue
        found[name] = value
    return built


def command(request: type[TuneRequest]) -> Command:
    """Make the command whose options are the fields of a request."""

    async def answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
        return await tools.compose(with_defaults(request, values, asker.chosen.defaults), asker)

    return Command(
        "tune",
        "compose a new tune",
        answer,
        options(request),
        check=request.of,
        suggest={"model": suggest_models},
    )
