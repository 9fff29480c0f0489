"""What the bot says of settings, likes, lists, and what it keeps. Warm, short and plain; no markup."""

from collections.abc import Mapping
from typing import Final

ONLY_MANAGERS: Final = "Only those who manage this place can do that; ask one of them."
NO_COMMUNITY: Final = "That is for a server or a group; here say /settings without “here”."
COMMON_ONLY: Final = "{} is for a whole server or group; say /settings here {}=…"
NOTHING_TO_SET: Final = "Say what to set, for example /settings key=D instrument=flute."
NOTHING_SET: Final = "nothing yet"


def settings(own: Mapping[str, str], common: Mapping[str, str] | None) -> str:
    """Say what is set, in answer to ``/settings``.

    Args:
        own: the person's settings by name.
        common: the community's; None in a private chat.
    """
    lines = [f"Your settings: {_pairs(own)}."]
    if common is not None:
        lines.append(f"Here, for everybody: {_pairs(common)}.")
    lines += [
        "Change them like this: /settings key=D instrument=flute",
        "Take one back: /settings clear=key",
    ]
    if common is not None:
        lines.append("For everybody here, if you manage this place: /settings here key=D zone=Europe/Dublin")
    return "\n".join(lines)


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items()) or NOTHING_SET


def settings_changed(values: Mapping[str, str], *, common: bool) -> str:
    """Say what is set from now on, in answer to ``/settings key=D``."""
    whose = "Set for everybody here" if common else "Set for you"
    return f"{whose}: {_pairs({name: value or 'as usual' for name, value in values.items()})}."


def unknown_zone(name: str) -> str:
    """Answer a time zone that is none."""
    return f"I don't know the time zone “{name[:40]}”; say one like Europe/Dublin or America/New_York."


def only_in(places: str) -> str:
    """Answer in a channel in which the community does not want the bot."""
    return f"Here I keep quiet; please ask me in {places}."


QUIET: Final = "Here I keep quiet; please ask me in the channel that this server has chosen for tunes."
