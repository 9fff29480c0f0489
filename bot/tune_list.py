"""A list of tunes as a reply: a page of titles, with a button for each that shows it again."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from bot.reply import Button, Reply
from bot.store import Liked
from bot.texts import community as texts
from bot.tune_facts import music_facts
from generator.compose.option import Option
from generator.errors import RequestError

ON_A_PAGE: Final = 8  # tunes; with the buttons to other pages they fit under one message anywhere
LAST_PAGE: Final = 100
PAGE: Final = Option("page", int, "page of the list", default=1, minimum=1, maximum=LAST_PAGE)

Find = Callable[[int, int], Awaitable[Sequence[Liked]]]
"""Finds tunes: how many at most, and how many to skip before them."""


async def page_of(find: Find, values: dict[str, object], heading: str, command: str, empty: str) -> Reply:
    """Make a page of a list.

    Args:
        find: the tunes.
        values: the options of the command, ``page`` among them.
        heading: stands above the list.
        command: with its options but for the page, as somebody would type it.
        empty: what is said where there is nothing.

    Raises:
        RequestError: there is no such page.
    """
    page = int(str(values.get("page", 1)))
    if not 1 <= page <= LAST_PAGE:
        raise RequestError(PAGE.refusal(page))
    skip = (page - 1) * ON_A_PAGE
    found = await find(ON_A_PAGE + 1, skip)
    if not found:
        if page > 1:
            raise RequestError(texts.NO_MORE)
        return Reply(empty)
    shown, more = found[:ON_A_PAGE], len(found) > ON_A_PAGE
    lines = [
        texts.listed_tune(skip + n, each.tune.tune.title, _about(each), each.likes)
        for n, each in enumerate(shown, 1)
    ]
    buttons = [Button(each.tune.tune.title, command=f"/show {each.tune.id}") for each in shown]
    if page > 1:
        buttons.append(Button(texts.BUTTON_EARLIER_PAGE, command=f"{command} page={page - 1}"))
    if more:
        buttons.append(Button(texts.BUTTON_NEXT_PAGE, command=f"{command} page={page + 1}"))
    return Reply("\n".join([heading, *lines]), buttons=tuple(buttons), same=True)


def _about(each: Liked) -> str:
    return ", ".join(music_facts(each.tune.tune).values())
