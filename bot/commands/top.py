"""``/top``: the best liked tunes of a place."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Button, Reply
from bot.store import Liked, Place
from bot.texts import community as texts
from bot.tune_list import PAGE, page_of
from generator.compose.option import Option
from generator.errors import RequestError

_DAY: Final = 86_400.0  # seconds
PERIODS: Final = {"week": 7 * _DAY, "month": 30 * _DAY, "ever": float("inf")}
"""How long ago a like may be, in seconds."""


def period(text: str) -> str:
    """Read a period.

    Raises:
        RequestError: it is none.
    """
    word = text.strip().lower()
    if word not in PERIODS:
        raise RequestError(PERIOD.refusal(text))
    return word


PERIOD: Final = Option("period", str, "since when", default="ever", choices=tuple(PERIODS), read=period)


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    name = period(str(values.get("period", "ever")))
    here = Place(asker.platform, asker.community, asker.place)
    since = max(0.0, tools.now() - PERIODS[name])

    async def find(count: int, skip: int) -> Sequence[Liked]:
        return await tools.store.shelf.top(here, since, count, skip)

    heading = texts.TOP_HERE[name]
    reply = await page_of(find, dict(values), heading, f"/top {name}", texts.NO_LIKES_HERE)
    others = [Button(texts.BUTTON_PERIOD[each], command=f"/top {each}") for each in PERIODS if each != name]
    return reply.with_button(*others)


COMMAND: Final = Command(
    "top", "the best liked tunes here", _answer, {"period": PERIOD, "page": PAGE}, in_place=True
)
