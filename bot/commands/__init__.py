"""The commands: one file each, with its entry and its answer; here they come together.

The table is what Discord registers, Telegram lists in its menu, and the site and the README show.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.commands import (
    abc,
    about,
    another,
    book,
    change,
    daily,
    files,
    forget,
    mine,
    options,
    privacy,
    recent,
    redraw,
    settings,
    show,
    start,
    thanks,
    top,
    transpose,
    tune,
    vary,
)
from bot.commands import help as help_
from bot.commands.command import Command
from generator.compose.request import TuneRequest


def command_table(request: type[TuneRequest] = TuneRequest) -> Mapping[str, Command]:
    """Put all commands into a table by name, in the order in which menus show them.

    Args:
        request: the class whose fields are the options of ``/tune``.
    """
    commands = (
        tune.command(request),
        another.command(request),
        change.command(request),
        transpose.command(request),
        vary.command(request),
        redraw.command(request),
        abc.COMMAND,
        files.COMMAND,
        options.command(request),
        show.COMMAND,
        mine.COMMAND,
        recent.COMMAND,
        top.COMMAND,
        book.COMMAND,
        daily.COMMAND,
        settings.command(request),
        help_.COMMAND,
        about.COMMAND,
        privacy.COMMAND,
        forget.COMMAND,
        start.COMMAND,
        thanks.COMMAND,
    )
    return MappingProxyType({command.name: command for command in commands})


COMMANDS: Final = command_table()
