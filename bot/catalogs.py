"""Bring the catalogs up to date with the code: ``python -m bot.catalogs``.

What is no longer said goes; what is new waits for its translation, which a test asks for.
"""

import sys
from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.commands import COMMANDS
from bot.sentences import in_order, sentences
from bot.translation import ENGLISH, NAMES
from bot.translation.translator import CATALOGS

_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # the history has the dates


def updated(language: str) -> Catalog:
    """Return the catalog of a language with every sentence of the code, and what is translated of them."""
    path, old = CATALOGS / f"{language}.po", None
    if path.exists():
        with path.open("rb") as file:
            old = read_po(file, locale=language)
    new = Catalog(
        locale=language,
        project="Tunesmith",
        version="1",
        fuzzy=False,
        header_comment=f"# What Tunesmith says, in {NAMES[language]}.",
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
        last_translator="Tunesmith",
        language_team=language,
        msgid_bugs_address="the issues of the repository",
    )
    for each in in_order(sentences(COMMANDS)):
        known = old.get(each if isinstance(each, str) else each[0]) if old else None
        new.add(each, string=known.string if known else None)
    return new


if __name__ == "__main__":
    for language in NAMES:
        if language != ENGLISH:
            catalog = updated(language)  # read before it is written over
            with (CATALOGS / f"{language}.po").open("wb") as file:
                write_po(file, catalog, width=110)
    sys.exit(0)
