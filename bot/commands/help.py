"""``/help``: tell every command and every option."""

from collections.abc import Mapping
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.language.words import allowed
from bot.reply import Reply


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:  # noqa: ARG001
    options = tools.commands["tune"].options.values()
    text = texts.help_text(
        [(command.name, command.help) for command in tools.commands.values()],
        [(option.name, option.help, allowed(option)) for option in options],
    )
    return Reply(text)


COMMAND: Final = Command("help", "what you can ask for", _answer, private=True)
