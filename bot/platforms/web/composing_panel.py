"""The panel of a tune's page with which one works on the tune; without scripts it is two forms."""

import json
from html import escape
from typing import Final

from bot.commands.abc import LONGEST
from bot.platforms.web.shell import Shell
from bot.platforms.web.staff_room import rooms
from bot.store import SavedTune
from generator.render.part_times import Timeline

COMPOSING: Final = "compose"
"""Name in the address of a tune's page on which somebody is at work; its value, the bars that they chose."""
_LONGEST: Final = 60  # characters in which bars are named


def composing_panel(shell: Shell, saved: SavedTune, time: Timeline, chosen: str | None) -> str:
    """Make the panel as HTML.

    Args:
        shell: fills the template.
        saved: the tune.
        time: has the numbers of its bars.
        chosen: bars that stand in it already; None if it is folded.
    """
    return shell.fill(
        "composing",
        id=saved.id,
        open="" if chosen is None else " open",
        chosen=escape((chosen or "")[:_LONGEST]),
        longest=str(_LONGEST),
        numbers=json.dumps(time.numbers),
        before=escape(saved.tune.parent or ""),
        abc=escape(saved.tune.abc),
        rooms=rooms(saved.tune.abc),
        most=str(LONGEST),
    )
