"""``/forget``: delete what is kept of whoever asks."""

from collections.abc import Mapping
from typing import Final

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Button, Reply
from bot.texts import community as texts
from generator.compose.option import Option
from generator.errors import RequestError

_YES: Final = "yes"


def _sure(text: str) -> str:
    if text.strip().lower() != _YES:
        raise RequestError(texts.FORGET_SURE)
    return _YES


_SURE: Final = Option("sure", str, "whether you are sure", choices=(_YES,), read=_sure)


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    if "sure" not in values:
        return Reply(texts.FORGET_SURE, buttons=(Button(texts.BUTTON_FORGET_YES, command="/forget yes"),))
    _sure(str(values["sure"]))
    gone = await tools.store.forgetting.person(asker.platform, asker.user)
    tools.forget_pastes(asker)
    return Reply(texts.forgotten(gone.likes, gone.settings, gone.pastes, gone.tunes))


COMMAND: Final = Command("forget", "delete what I keep of you", _answer, {"sure": _SURE}, private=True)
