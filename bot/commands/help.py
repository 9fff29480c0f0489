"""``/help``: tell every command and every option."""

from collections.abc import Mapping
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.language.allowed import allowed, example
from bot.reply import Reply
from generator.compose.option import Option
from generator.music.dances import DANCES

_ABOUT: Final = Option("about", str, "an option or a command", examples=("key",), max_length=40)


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    about = str(values.get("about", "")).strip("/ ").lower()
    if short := _short(about, tools.commands):
        return Reply("\n".join(filter(None, (short, _learnt(tools) if about == "type" else ""))))
    here = [each for each in tools.commands.values() if each.on_site or not asker.fetches_files]
    options = tools.commands["tune"].options.values()
    text = texts.help_text(
        [(command.name, command.help) for command in here],
        [(option.name, option.help, allowed(option)) for option in options],
    )
    return Reply(text)


def _learnt(tools: Tools) -> str:
    """Say how many tunes of each type the model learnt."""
    counts = {name: count for name, count in tools.identity.learnt.items() if name in DANCES}
    return texts.learnt_types(counts, [name for name in DANCES if name not in counts]) if counts else ""


def _short(about: str, commands: Mapping[str, Command]) -> str:
    """Say what an option or a command is; empty if there is none of that name."""
    if about in commands:
        options = commands[about].options.values()
        return texts.about_command(
            about, commands[about].help, [(option.name, option.help, allowed(option)) for option in options]
        )
    for option in commands["tune"].options.values():
        if about in (option.name, *option.aliases):
            return texts.about_option(option.name, option.help, allowed(option), example(option))
    return ""


COMMAND: Final = Command(
    "help", "what you can ask for", _answer, {"about": _ABOUT}, whole="about", private=True
)
