"""``/start``: say hello."""

from collections.abc import Mapping
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Button, Reply

_BUTTONS: Final = (Button(texts.BUTTON_SURPRISE, command="/tune"), Button(texts.BUTTON_HELP, command="/help"))


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:  # noqa: ARG001
    invites = tuple(Button(label, url=url) for label, url in tools.invites.items())
    return Reply(texts.welcome(), buttons=_BUTTONS + invites)


COMMAND: Final = Command("start", "say hello", _answer, private=True)
