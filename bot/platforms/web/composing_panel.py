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
"""Name in the address of a tune's page on which somebody is at work."""


def composing_panel(shell: Shell, saved: SavedTune, time: Timeline, *, opened: bool) -> str:
    """Make the panel as HTML.

    Args:
        shell: fills the template.
        saved: the tune.
        time: has the numbers of its bars.
        opened: whether it is unfolded.
    """
    return shell.fill(
        "composing",
        id=saved.id,
        open=" open" if opened else "",
        numbers=json.dumps(time.numbers),
        before=escape(saved.tune.parent or ""),
        abc=escape(saved.tune.abc),
        rooms=rooms(saved.tune.abc),
        most=str(LONGEST),
    )
