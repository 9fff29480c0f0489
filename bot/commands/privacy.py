"""``/privacy``: what is kept of whom, and how to have it deleted."""

from collections.abc import Mapping
from typing import Final

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Button, Reply
from bot.texts import community as texts


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:  # noqa: ARG001
    links = [Button(label, url=url) for label, url in tools.identity.papers.items()]
    forget = Button(texts.BUTTON_FORGET, command="/forget")
    return Reply(texts.privacy(tools.identity.days), buttons=(*links, forget))


COMMAND: Final = Command("privacy", "what I keep of you", _answer, private=True)
