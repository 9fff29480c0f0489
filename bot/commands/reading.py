"""Read a typed command, and check the options of one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot import texts
from bot.commands.abc import LONGEST
from bot.commands.command import Command
from bot.language.pasted_abc import looks_like_abc
from bot.language.words import example, read_options
from generator.errors import RequestError

_HEAD: Final = re.compile(r"(/?)([A-Za-z0-9_]*)(?:@[A-Za-z0-9_]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as somebody typed it.

    Attributes:
        command: its name.
        values: its options as text.
        remarks: sentences on how the text was understood, and what was not.
    """

    command: str
    values: Mapping[str, object]
    remarks: tuple[str, ...] = ()


def read(text: str, commands: Mapping[str, Command]) -> Asked:
    """Read a typed command.

    Text that starts with no command but is ABC counts as ``/abc``; any other as ``/tune``.

    Args:
        text: ``/tune key=G temp=0.8``, ``/tune@TunesmithBot jig in Em``, ``/help``, ``jig in G``.
        commands: by name.

    Raises:
        RequestError: one sentence that says what to type instead, the nearest match suggested.
    """
    if len(text) > LONGEST:
        raise RequestError(texts.too_long(LONGEST))
    text = _printable(text).strip()
    if not text:
        raise RequestError(texts.NOTHING_TYPED)
    head = _HEAD.match(text)
    assert head is not None  # every part of the pattern may be empty
    slash, name = head[1], head[2].lower()
    end = head.end()
    if name not in commands or not (end == len(text) or text[end].isspace()):
        if slash:
            near = get_close_matches(name, list(commands), 1, 0.5)
            raise RequestError(texts.unknown_command(text.split(maxsplit=1)[0], near[0] if near else None))
        command, rest = commands["abc" if looks_like_abc(text) else "tune"], text
    else:
        command, rest = commands[name], text[end:].strip()
    return Asked(command.name, _values(command, rest))


def given_options(command: Command, values: Mapping[str, object]) -> dict[str, object]:
    """Keep the options of a command that are really given; check the length of texts.

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
            value = _printable(value)  # noqa: PLW2901
            if option.max_length is not None and len(value) > option.max_length:
                raise RequestError(texts.option_too_long(name, option.max_length))
        if value is not None and value != "":
            given[name] = value
    for name in command.required:
        if name not in given:
            raise RequestError(texts.missing(command.name, name, example(command.options[name])))
    return given


def _printable(text: str) -> str:
    """Replace what no database and no page takes: lone surrogates and NUL."""
    return text.encode(errors="replace").decode().replace("\0", " ")


def _values(command: Command, rest: str) -> Mapping[str, object]:
    if command.whole is not None:
        value = rest.removeprefix(f"{command.whole}=").strip()
        return {command.whole: value} if value else {}
    return read_options(rest, command.options) if command.options else {}
