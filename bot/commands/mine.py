"""``/mine``: somebody's own tunes, or those that they like."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Button, Reply
from bot.store import Liked
from bot.texts import community as texts
from bot.tune_list import PAGE, page_of
from generator.compose.option import Option
from generator.errors import RequestError

_TUNES, _LIKES = "tunes", "likes"


def _what(text: str) -> str:
    word = text.strip().lower()
    if word in (_TUNES, "tune", "own"):
        return _TUNES
    if word in (_LIKES, "like", "liked", "favourites", "favorites"):
        return _LIKES
    raise RequestError(_WHAT.refusal(text))


_WHAT: Final = Option("what", str, "your tunes, or those that you like", choices=(_TUNES, _LIKES), read=_what)


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    what = _what(str(values.get("what", _TUNES)))
    shelf, likes = tools.store.shelf, tools.store.likes

    async def find(count: int, skip: int) -> Sequence[Liked]:
        search = shelf.liked_by if what == _LIKES else shelf.of_person
        tunes = await search(asker.platform, asker.user, count, skip)
        counts = await likes.counts([each.id for each in tunes])
        return [Liked(each, counts.get(each.id, 0)) for each in tunes]

    if what == _LIKES:
        return await page_of(find, dict(values), texts.YOUR_LIKES, "/mine likes", texts.NO_LIKES)
    reply = await page_of(find, dict(values), texts.YOUR_TUNES, "/mine", texts.NO_TUNES)
    return reply.with_button(Button(texts.BUTTON_YOUR_LIKES, command="/mine likes"))


COMMAND: Final = Command(
    "mine",
    "your tunes, and those that you like",
    _answer,
    {"what": _WHAT, "page": PAGE},
    private=True,
    in_place=True,
)
