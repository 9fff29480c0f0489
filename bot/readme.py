"""The tables of README.md that are made from the code: commands, options, files and settings.

``python -m bot.readme`` writes them anew between their markers.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.commands import COMMANDS
from bot.commands.command import Command, listed
from bot.files import FILES, FileKind
from bot.language.allowed import allowed
from bot.settings import Settings


def with_tables(
    text: str,
    commands: Mapping[str, Command] = COMMANDS,
    files: Mapping[str, FileKind] = FILES,
    settings: type[Settings] = Settings,
) -> str:
    """Make the tables in the text of a README anew."""
    tables = {"commands": _commands(commands), "files": _files(files), "settings": _settings(settings)}
    for name, table in tables.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = marked.sub(lambda match, table=table: f"{match[1]}{table}\n{match[2]}", text)  # type: ignore[misc]
    return text


def _commands(table: Mapping[str, Command]) -> str:
    commands = [(f"`/{command.name}`", command.help) for command in listed(table).values()]
    options = [
        (
            f"`{option.name}`",
            option.help,
            allowed(option).replace("|", "\\|"),
            option.left_out if option.default is None else str(option.default),
        )
        for option in table["tune"].options.values()
    ]
    return (
        f"{_table(('command', 'what it does'), commands)}\n\nThe options of `/tune`:\n\n"
        f"{_table(('option', 'what it is', 'what it may be', 'if left out'), options)}"
    )


def _files(files: Mapping[str, FileKind]) -> str:
    rows = [
        (
            kind.label,
            f"`.{kind.suffix}`",
            "yes" if kind.chat_place is not None else "",
            "yes" if kind.offered else "shown or played there",
        )
        for kind in files.values()
    ]
    return _table(("file", "suffix", "goes along in a chat", "on the tune's page"), rows)


def _settings(settings: type[Settings]) -> str:
    rows = [
        (f"`{name.upper()}`", field.description or "", "" if field.default is None else f"`{field.default}`")
        for name, field in settings.model_fields.items()
    ]
    return _table(("setting", "what it is", "if not set"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    readme = Path(__file__).resolve().parent.parent / "README.md"
    readme.write_text(with_tables(readme.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
