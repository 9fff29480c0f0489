"""``/about``: what the bot is, on what it was built, and how to take it along."""

from collections.abc import Mapping
from typing import Final

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Button, Reply
from bot.texts import community as texts


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:  # noqa: ARG001
    us = tools.identity
    links = {**us.invites, **us.papers}
    return Reply(
        texts.about(us.version, us.model, us.credit),
        buttons=tuple(Button(label, url=url) for label, url in links.items()),
    )


COMMAND: Final = Command("about", "what I am, and how to take me along", _answer, private=True)
