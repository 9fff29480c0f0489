"""The tables of README.md that are made from the code: commands, options and settings.

``python -m bot.readme`` writes them anew between their markers.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.commands import COMMANDS
from bot.language.words import allowed
from bot.settings import Settings
from generator.compose.request import Option


def with_tables(text: str) -> str:
    """A README's text with its tables made anew."""
    for name, table in (("commands", _commands()), ("settings", _settings())):
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = marked.sub(lambda match, table=table: f"{match[1]}{table}\n{match[2]}", text)  # type: ignore[misc]
    return text


def _commands() -> str:
    commands = [(f"`/{command.name}`", command.help) for command in COMMANDS.values()]
    options = [
        (
            f"`{option.name}`",
            option.help,
            allowed(option).replace("|", "\\|"),
            _if_left_out(option),
        )
        for option in COMMANDS["tune"].options.values()
    ]
    return (
        f"{_table(('command', 'what it does'), commands)}\n\nThe options of `/tune`:\n\n"
        f"{_table(('option', 'what it is', 'what it may be', 'if left out'), options)}"
    )


def _if_left_out(option: Option) -> str:
    if option.default is not None:
        return str(option.default)
    drawn = {"key": "drawn from the seed", "type": "drawn from the seed", "meter": "the type's usual one"}
    return {**drawn, "seed": "drawn at random", "model": "the setting `MODEL`"}.get(option.name, "")


def _settings() -> str:
    rows = [
        (f"`{name.upper()}`", field.description or "", "" if field.default is None else f"`{field.default}`")
        for name, field in Settings.model_fields.items()
    ]
    return _table(("setting", "what it is", "if not set"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    readme = Path(__file__).resolve().parent.parent / "README.md"
    readme.write_text(with_tables(readme.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
