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
from bot.options_form import OPTIONS
from bot.settings import Settings
from bot.store import NewTune, SavedTune
from bot.under_tunes import FEW, MORE, PAGES, Shown, first_buttons


def with_tables(
    text: str,
    commands: Mapping[str, Command] = COMMANDS,
    files: Mapping[str, FileKind] = FILES,
    settings: type[Settings] = Settings,
) -> str:
    """Make the tables in the text of a README anew."""
    tables = {
        "commands": _commands(commands),
        "buttons": _buttons(commands),
        "files": _files(files),
        "settings": _settings(settings),
    }
    for name, table in tables.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = marked.sub(lambda match, table=table: f"{match[1]}{table}\n{match[2]}", text)  # type: ignore[misc]
    return text


def _commands(table: Mapping[str, Command]) -> str:
    commands = [
        (
            f"`/{command.name}`",
            command.help,
            "to you alone" if command.private else "yes",
            "yes",
            "yes" if command.on_site else "",
        )
        for command in listed(table).values()
    ]
    options = [
        (
            f"`{option.name}`",
            option.help,
            allowed(option).replace("|", "\\|"),
            option.left_out if option.default is None else str(option.default),
        )
        for option in table["tune"].options.values()
    ]
    head = ("command", "what it does", "Discord", "Telegram", "site")
    return (
        f"{_table(head, commands)}\n\nThe options of `/tune`:\n\n"
        f"{_table(('option', 'what it is', 'what it may be', 'if left out'), options)}"
    )


def _buttons(table: Mapping[str, Command]) -> str:
    """Say which buttons stand under a tune, and what each platform makes of them."""
    tune = NewTune("", "", "", "", {}, "", "", "G", "6/8", "jig", None, None, None)
    shown = Shown(SavedTune("", 0.0, tune), "/", table)
    first = first_buttons(shown)
    rows = []
    for button in (*first, *(each for each in PAGES[MORE](shown).buttons if each not in first)):
        word = (button.deed or "").strip()
        if word in (MORE, FEW):
            continue
        page = PAGES[word](shown) if word in PAGES else None
        discord, telegram = ("a list", "a page") if page and page.choices else ("yes", "yes")
        if word == OPTIONS:
            discord, telegram = "a form", "pages"
        site = "yes" if button in first and not button.deed else "" if word == OPTIONS else "on its page"
        rows.append((button.label, "" if button in first else "yes", discord, telegram, site))
    return _table(("button", "under More", "Discord", "Telegram", "site"), rows)


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
