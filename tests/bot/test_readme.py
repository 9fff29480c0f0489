"""The README says what the code does."""

import re
from pathlib import Path

from bot.commands import COMMANDS
from bot.commands.command import listed
from bot.readme import with_tables
from bot.settings import Settings

README = Path(__file__).parents[2] / "README.md"


def test_its_tables_are_those_of_the_code():
    text = README.read_text(encoding="utf-8")
    assert with_tables(text) == text
    assert all(f"`/{name}`" in text for name in listed(COMMANDS))
    assert all(f"`{name.upper()}`" in text for name in Settings.model_fields)


def test_every_picture_and_file_that_it_links_to_is_there():
    text = README.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []
