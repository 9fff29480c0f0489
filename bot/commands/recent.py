"""``/recent``: the tunes that were made here last."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Reply
from bot.store import Liked, Place
from bot.texts import community as texts
from bot.tune_list import PAGE, page_of


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    here = Place(asker.platform, asker.community, asker.place)

    async def find(count: int, skip: int) -> Sequence[Liked]:
        tunes = await tools.store.shelf.here(here, count, skip)
        counts = await tools.store.likes.counts([each.id for each in tunes])
        return [Liked(each, counts.get(each.id, 0)) for each in tunes]

    return await page_of(find, dict(values), texts.RECENT_HERE, "/recent", texts.NOTHING_HERE)


COMMAND: Final = Command("recent", "the newest tunes here", _answer, {"page": PAGE}, in_place=True)
