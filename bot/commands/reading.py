"""Read a typed command, and check the options of one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot import texts
from bot.commands.abc import LONGEST
from bot.commands.command import Command
from bot.language.allowed import example
from bot.language.heard import Wish
from bot.language.near import nearest
from bot.language.pasted_abc import looks_like_abc
from bot.language.small_talk import small_talk
from bot.language.vocabulary import POINTERS
from bot.language.words import read_wish
from generator.errors import RequestError
from generator.music.dances import DANCES, read_dance

_HEAD: Final = re.compile(r"/([A-Za-z0-9_-]+)(?:@[A-Za-z0-9_]+)?", re.ASCII)
_WORDS: Final = frozenset({"another", "change", "start", "thanks"})  # of a wish, too
_ID: Final = re.compile(r"(?=.+[A-Z0-9])(?=.*[a-z0-9])[A-Za-z0-9]{8,16}", re.ASCII)  # of a tune, and no word
_LINKED: Final = re.compile(r"[A-Za-z0-9]{8,16}", re.ASCII)  # the same, in a link to the bot
_TUNE: Final = re.compile(r"(?<!\S)tune=(\S+)", re.IGNORECASE)
_ANY_TEXT: Final = frozenset({"abc", "about"})  # options in which a slash is no command
_COMMAND: Final = re.compile(r"(?<!\S)/([A-Za-z0-9_-]+)(?:@[A-Za-z0-9_]+)?(?!\S)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as somebody typed it.

    Attributes:
        command: its name.
        values: its options as text.
        remarks: sentences on how the text was understood, and what was not.
        unknown: words that were not understood.
    """

    command: str
    values: Mapping[str, object]
    remarks: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read(text: str, commands: Mapping[str, Command]) -> Asked:
    """Read a typed command.

    A type of tune after a slash counts as ``/tune`` with it. Text without a command is ABC, small talk, a
    change of the last tune, or a wish for a new one.

    Args:
        text: ``/tune key=G temp=0.8``, ``/tune@TunesmithBot jig in Em``, ``/reel in D``, ``jig in G``.
        commands: by name.

    Raises:
        RequestError: one sentence that says what to type instead, the nearest match suggested.
    """
    if len(text) > LONGEST:
        raise RequestError(texts.too_long(LONGEST))
    text = _printable(text).strip()
    if not text:
        raise RequestError(texts.NOTHING_TYPED)
    return _slashed(text, commands) if text[0] == "/" else _plain(text, commands)


def _slashed(text: str, commands: Mapping[str, Command]) -> Asked:
    """Read a text that begins with a slash."""
    head = _HEAD.match(text)
    name, rest = (head[1].lower(), text[head.end() :]) if head else ("", text)
    dance = None if name in commands else _dance(name)
    if not (name in commands or dance) or (rest and not rest[0].isspace()):
        near = nearest(name, (*commands, *DANCES))
        raise RequestError(texts.unknown_command(text.split(maxsplit=1)[0], near))
    if dance or commands[name].whole not in _ANY_TEXT:
        _only_one(text, commands)
    return _wish(f'type="{dance}"{rest}', commands) if dance else _command(name, rest, commands)


def _plain(text: str, commands: Mapping[str, Command]) -> Asked:
    """Read a text without a slash; where it is a single word, or no word of a wish, it may be a command."""
    name, *rest = text.split(maxsplit=1)
    if looks_like_abc(text):
        return Asked("abc", _values(commands["abc"], text))
    if talk := small_talk(text):
        return Asked(talk, {})
    if name.lower() in commands and not (rest and name.lower() in _WORDS and not _ID.fullmatch(rest[0])):
        return _command(name.lower(), "".join(rest), commands)
    return _wish(text, commands, spoken=True)


def _command(name: str, rest: str, commands: Mapping[str, Command]) -> Asked:
    """Read what stands after a command."""
    if name == "tune":
        return _wish(rest, commands)
    if name == "start" and _LINKED.fullmatch(rest.strip()):
        return Asked("show", {"tune": rest.strip()})
    command = commands[name]
    if command.whole is not None:
        return Asked(name, _values(command, rest.strip()))
    if "tune" in command.options:
        return _of_tune(command, rest)
    wish = read_wish(rest, command.options) if command.options else Wish({})
    return Asked(name, wish.values, wish.remarks)


def _of_tune(command: Command, rest: str) -> Asked:
    """Read what stands after a command on a tune: its id if it is not the last one, then the wishes."""
    tune, first = {}, rest.split(maxsplit=1)
    if named := _TUNE.search(rest):
        tune, rest = {"tune": named[1]}, rest[: named.start()] + rest[named.end() :]
    elif first and _ID.fullmatch(first[0]):
        tune, rest = {"tune": first[0]}, "".join(first[1:])
    elif first and first[0].lower() in POINTERS:
        rest = "".join(first[1:])
    others = {name: option for name, option in command.options.items() if name != "tune"}
    wish = read_wish(rest, others) if rest.strip() and others else Wish({})
    return Asked(command.name, tune | dict(wish.values), wish.remarks, wish.unknown)


def _wish(text: str, commands: Mapping[str, Command], *, spoken: bool = False) -> Asked:
    """Read a wish for a tune, or for a change of the last one."""
    wish = read_wish(text, commands["tune"].options, spoken=spoken)
    if wish.again:
        return Asked("another", {}, wish.remarks, wish.unknown)
    return Asked("change" if wish.about_last else "tune", wish.values, wish.remarks, wish.unknown)


def _dance(name: str) -> str | None:
    """Return the type of tune that is typed like a command: ``/slip_jig``."""
    try:
        return read_dance(name).name
    except RequestError:
        return None


def _only_one(text: str, commands: Mapping[str, Command]) -> None:
    """Raise if there are two commands in one text."""
    names = [name for name in _COMMAND.findall(text) if name.lower() in commands or _dance(name)]
    if len(names) > 1:
        raise RequestError(texts.one_at_a_time(names))


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
    """Take all that stands after a command as the value of one option."""
    value = rest.removeprefix(f"{command.whole}=").strip()
    return {str(command.whole): value} if value else {}
