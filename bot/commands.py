"""The command language: one table for every platform, and one reader for typed text.

``COMMANDS`` is what Discord registers, Telegram lists in its menu and the site shows. The options of
``/tune`` are those of :class:`generator.compose.request.TuneRequest`; nobody else knows a bound or a default.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from bot import texts
from bot.language.words import example, read_options
from generator.compose.request import Option, options
from generator.errors import RequestError

MAX_TEXT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        name: as typed after the slash.
        help: a few words, at most 100 characters, for menus.
        options: by name, in the order in which menus show them.
        required: names of options that must be given.
        whole: the option that takes all the text after the command as it stands, if there is one.
    """

    name: str
    help: str
    options: Mapping[str, Option] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    whole: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as somebody typed it: its name, and its options as text."""

    command: str
    values: Mapping[str, object]


def _text_option(name: str, help_: str, max_length: int, example: str) -> Option:
    return Option(name, str, help_, None, (), None, None, (example,), max_length)


_COMMANDS: Final = (
    Command("tune", texts.HELP_TUNE, options()),
    Command(
        "another",
        texts.HELP_ANOTHER,
        {"tune": _text_option("tune", texts.HELP_ANOTHER_TUNE, 40, "k3Xw9bQz")},
        whole="tune",
    ),
    Command(
        "abc",
        texts.HELP_ABC,
        {"abc": _text_option("abc", texts.HELP_ABC_ABC, MAX_TEXT, "K:G\nGAB d2e|")},
        required=("abc",),
        whole="abc",
    ),
    Command("help", texts.HELP_HELP),
    Command("start", texts.HELP_START),
)
COMMANDS: Final[Mapping[str, Command]] = MappingProxyType({command.name: command for command in _COMMANDS})

_HEAD: Final = re.compile(r"(/?)([A-Za-z0-9_]*)(?:@[A-Za-z0-9_]+)?", re.ASCII)
_PASTED_ABC: Final = re.compile(r"^[A-Z]:.*?^K:", re.MULTILINE | re.DOTALL)


def read(text: str) -> Asked:
    """Read a typed command.

    Text that starts with no command but is ABC counts as ``/abc``; any other as ``/tune``.

    Args:
        text: ``/tune key=G temp=0.8``, ``/tune@TunesmithBot jig in Em``, ``/help``, ``jig in G``.

    Raises:
        RequestError: one sentence that says what to type instead, the nearest match suggested.
    """
    if len(text) > MAX_TEXT:
        raise RequestError(texts.too_long(MAX_TEXT))
    text = text.encode(errors="replace").decode().replace("\0", " ").strip()
    if not text:
        raise RequestError(texts.NOTHING_TYPED)
    head = _HEAD.match(text)
    assert head is not None  # every part of the pattern may be empty
    slash, name = head[1], head[2].lower()
    end = head.end()
    if name not in COMMANDS or not (end == len(text) or text[end].isspace()):
        if slash:
            raise RequestError(texts.unknown_command(text.split(maxsplit=1)[0], _nearest_command(name)))
        command, rest = COMMANDS["abc" if _PASTED_ABC.match(text) else "tune"], text
    else:
        command, rest = COMMANDS[name], text[end:].strip()
    return Asked(command.name, _values(command, rest))


def given_options(command: Command, values: Mapping[str, object]) -> dict[str, object]:
    """The options of a command that are really given, texts within bounds.

    Args:
        command: whose options they are.
        values: option names and values; None and empty text count as not given.

    Raises:
        RequestError: an option is unknown, too long, or missing.
    """
    given: dict[str, object] = {}
    for name, value in values.items():
        if name not in command.options:
            raise RequestError(texts.unknown_option(name, None, list(command.options)))
        option = command.options[name]
        if isinstance(value, str):
            value = value.encode(errors="replace").decode().replace("\0", " ")  # noqa: PLW2901
            if option.max_length is not None and len(value) > option.max_length:
                raise RequestError(texts.option_too_long(name, option.max_length))
        if value is not None and value != "":
            given[name] = value
    for name in command.required:
        if name not in given:
            raise RequestError(texts.missing(command.name, name, example(command.options[name])))
    return given


def _values(command: Command, rest: str) -> Mapping[str, object]:
    if command.whole is not None:
        value = rest.removeprefix(f"{command.whole}=").strip()
        return {command.whole: value} if value else {}
    if not command.options:
        return {}
    return read_options(rest)


def _nearest_command(name: str) -> str | None:
    near = get_close_matches(name, list(COMMANDS), 1, 0.5)
    return near[0] if near else None
