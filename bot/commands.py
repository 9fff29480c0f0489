"""The command language: one table for every platform, and one reader for typed text.

``COMMANDS`` is what Discord registers, Telegram lists in its menu and the site shows. The options of
``/tune`` are those of :class:`generator.request.TuneRequest`; nobody else knows a bound or a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from generator.request import Option, options

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


def _text_option(name: str, help_: str, max_length: int, example: str) -> Option:
    return Option(name, str, help_, None, (), None, None, (example,), max_length)


_COMMANDS: Final = (
    Command("tune", "compose a new tune", options()),
    Command(
        "another",
        "one more with the same wishes",
        {"tune": _text_option("tune", "the tune to start from; your last one if left out", 40, "k3Xw9bQz")},
        whole="tune",
    ),
    Command(
        "abc",
        "show and play ABC that you paste",
        {"abc": _text_option("abc", "a tune in ABC notation", MAX_TEXT, "GAB d2e|")},
        required=("abc",),
        whole="abc",
    ),
    Command("help", "what you can ask for"),
    Command("start", "say hello"),
)
COMMANDS: Final[Mapping[str, Command]] = MappingProxyType({command.name: command for command in _COMMANDS})
