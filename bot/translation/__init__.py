"""The languages that the bot speaks: English, and those that have a catalog beside this file.

What the bot says is written in English, in ``bot/texts`` and in the errors of ``generator``. A catalog has
each of these sentences, with its values as ``{names}``; a finished sentence is found in it again and said in
the other language (:mod:`bot.translation.translator`). ``make languages`` brings the catalogs up to date.
"""

from types import MappingProxyType
from typing import Final

ENGLISH: Final = "en"
NAMES: Final = MappingProxyType(
    {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ga": "Gaeilge"}
)


def spoken(locale: str) -> str:
    """Return the language of ours for a locale such as ``de``, ``es-419`` or ``pt_BR``; else English."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return language if language in NAMES else ENGLISH


def accepted(header: str) -> str:
    """Return the first language of ours that a browser asks for in ``Accept-Language`` (RFC 9110, 12.5.4)."""
    wanted: list[tuple[float, int, str]] = []
    for place, piece in enumerate(header.split(",")[:20]):
        name, _, weight = piece.partition(";")
        try:
            q = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            q = 0.0
        wanted.append((-q, place, name.strip()))
    for q, _, name in sorted(wanted):
        language = name.replace("_", "-").partition("-")[0].lower()
        if q < 0 and language in NAMES:
            return language
    return ENGLISH
