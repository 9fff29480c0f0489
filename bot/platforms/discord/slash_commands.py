"""The command table as Discord's slash commands: typed options, choices, bounds, suggestions."""

import hashlib
import inspect
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.commands.command import Command
from bot.platforms.discord import texts as own
from bot.platforms.discord.answer import LOST
from bot.platforms.discord.translator import LONGEST_DESCRIPTION
from generator.compose.option import Option

LONGEST_TEXT: Final = 6000  # application command option structure: max_length
MOST_CHOICES: Final = 25
LONGEST_CHOICE: Final = 100
FILE: Final = "file"
"""The option in which a file may come."""
_KEYWORD_ONLY: Final = inspect.Parameter.KEYWORD_ONLY
_logger: Final = logging.getLogger(__name__)
_EVERYWHERE: Final[dict[str, Any]] = {
    "allowed_installs": app_commands.AppInstallationType(guild=True, user=True),
    "allowed_contexts": app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
}
_FIELDS: Final = (
    "name", "description", "type", "required", "autocomplete", "min_value", "max_value", "min_length",
    "max_length", "value", "options", "choices", "contexts", "integration_types",
    "name_localizations", "description_localizations",
)  # fmt: skip
_SETS: Final = ("contexts", "integration_types")

# Both are meant for annotations, where type checkers want plain types; ours come from a table.
_range: Final[Any] = app_commands.Range
_choice: Final[Any] = app_commands.Choice

Run = Callable[[discord.Interaction[Any], str, Mapping[str, object]], Awaitable[None]]


Play = Callable[[discord.Interaction[Any], discord.Message], Awaitable[None]]
Suggest = Callable[[discord.Interaction[Any], str, str, str], Awaitable[list[tuple[str, str]]]]


class _SlashCommand(app_commands.Command[Any, ..., Any]):
    """A slash command whose suggestions may come too late."""

    async def _invoke_autocomplete(self, *args: Any, **values: Any) -> None:
        """Suggest; who has typed on meanwhile, or whose connection is lost, is asked anew by Discord."""
        try:
            await super()._invoke_autocomplete(*args, **values)
        except (discord.HTTPException, *LOST) as error:
            _logger.info("suggestions came too late: %s", type(error).__name__)


class Tree(app_commands.CommandTree[Any]):
    """All slash commands of the bot, made from the command table.

    Args:
        client: discord.py's client.
        commands: by name.
        run: answers a command, given the interaction, the command's name and its options.
        suggest: lists values, given the interaction, names of command and option, and what is typed.
        play: plays the tune in a message.
    """

    def __init__(
        self, client: discord.Client, commands: Mapping[str, Command], run: Run, suggest: Suggest, play: Play
    ) -> None:
        super().__init__(client, **_EVERYWHERE)
        for command in commands.values():
            self.add_command(_slash(command, run, suggest))

        async def play_this(interaction: discord.Interaction[Any], message: discord.Message) -> None:
            await play(interaction, message)

        self.add_command(app_commands.ContextMenu(name=locale_str(own.PLAY_ABC), callback=play_this))

    async def sync_if_changed(self) -> bool:
        """Register the commands unless Discord has the same already; return whether it had to."""
        if self.client.application_id is None:
            raise RuntimeError("log in first")
        ours = [await self._as_registered(command) for command in self.get_commands()]
        # With what they are called in other languages, which Discord leaves out unless it is asked.
        path = "/applications/{application_id}/commands"
        route = discord.http.Route("GET", path, application_id=self.client.application_id)
        theirs = await self.client.http.request(route, params={"with_localizations": "true"})
        if _digest(ours) == _digest(theirs):
            return False
        await self.sync()
        return True

    async def _as_registered(self, command: Any) -> dict[str, Any]:
        """Return what :meth:`sync` sends of a command, with its names in other languages."""
        if self.translator:
            return dict(await command.get_translated_payload(self, self.translator))
        return dict(command.to_dict(self))

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        """Explain to somebody whose Discord still shows an old menu."""
        old = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)
        if isinstance(error, old) and not interaction.response.is_done():
            await interaction.response.send_message(own.OLD_MENU, ephemeral=True)
        else:
            await super().on_error(interaction, error)


def _slash(command: Command, run: Run, suggest: Suggest) -> app_commands.Command[Any, ..., Any]:
    async def callback(interaction: discord.Interaction[Any], **values: object) -> None:
        await run(interaction, command.name, values)

    # discord.py reads a command's options from its callback's signature.
    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    # What may come as a file, or be typed into a form, no menu can require.
    required = () if command.takes_file else command.required
    rest = [_parameter(option, option.name in required) for option in command.options.values()]
    about: dict[str, str | locale_str] = {
        name: locale_str(option.help or name) for name, option in command.options.items()
    }
    if command.takes_file:
        rest.append(
            inspect.Parameter(FILE, _KEYWORD_ONLY, default=None, annotation=discord.Attachment),
        )
        about[FILE] = locale_str(own.FILE_OPTION)
    callback.__signature__ = inspect.Signature([first, *rest])  # type: ignore[attr-defined]
    app_commands.describe(**about)(callback)
    for name, option in command.options.items():
        if find := _suggestions(command, option, suggest):
            app_commands.autocomplete(**{name: find})(callback)
        elif option.choices:
            choices: list[Any] = [_choice(name=str(choice), value=choice) for choice in option.choices]
            app_commands.choices(**{name: choices})(callback)
    called, what = locale_str(command.name), locale_str(command.help[:LONGEST_DESCRIPTION])
    return _SlashCommand(name=called, description=what, callback=callback)


def _parameter(option: Option, required: bool) -> inspect.Parameter:
    kind: Any = option.kind
    if option.choices:
        pass
    elif option.kind is not str and (option.minimum is not None or option.maximum is not None):
        bounds = (None if bound is None else option.kind(bound) for bound in (option.minimum, option.maximum))
        kind = _range[(option.kind, *bounds)]
    elif option.kind is str and option.max_length is not None:
        kind = _range[str, 1, min(option.max_length, LONGEST_TEXT)]
    default = inspect.Parameter.empty if required else None
    return inspect.Parameter(option.name, _KEYWORD_ONLY, default=default, annotation=kind)


def _suggestions(command: Command, option: Option, suggest: Suggest) -> Any:
    """Return the autocomplete callback of an option with more values than a list holds; None for others."""
    if option.name in command.suggest:

        async def ask(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
            return _choices(await suggest(interaction, command.name, option.name, typed))

        return ask
    if option.suggest:
        find = option.suggest
    elif len(option.choices) > MOST_CHOICES:
        find = partial(_containing, tuple(str(choice) for choice in option.choices))
    else:
        return None

    async def look_up(_: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return _choices(find(typed))

    return look_up


def _choices(found: list[tuple[str, str]]) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=name[:LONGEST_CHOICE], value=value) for name, value in found[:MOST_CHOICES]
    ]


def _containing(values: tuple[str, ...], typed: str) -> list[tuple[str, str]]:
    word = typed.strip().lower()
    return [(value, value) for value in values if word in value.lower()]


def _digest(commands: Any) -> str:
    """Hash what we set of the commands, so that ours and those that Discord gives back compare."""
    return hashlib.sha256(json.dumps(_bare(commands), sort_keys=True).encode()).hexdigest()


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _bare(value[name]) for name in _FIELDS if not _is_default(value.get(name))}
        return {name: sorted(item) if name in _SETS else item for name, item in kept.items()}
    if isinstance(value, list):
        bare = [_bare(item) for item in value]
        return sorted(bare, key=lambda item: item["name"]) if _are_commands(value) else bare
    return float(value) if isinstance(value, int) else value


def _is_default(value: object) -> bool:
    return value is None or value is False or value in ([], {}, "")


def _are_commands(value: list[Any]) -> bool:
    return all(isinstance(item, dict) and "integration_types" in item for item in value)
