"""``/book``: the tunes that somebody likes, or the best liked of a place, as one PDF, ABC and MIDI file."""

from collections.abc import Mapping
from typing import Final

from bot.asker import Asker
from bot.book import MOST, book_files
from bot.commands.command import Command, Tools
from bot.reply import Button, Reply
from bot.store import Place
from bot.texts import community as texts
from generator.compose.option import Option
from generator.errors import RequestError

_MINE, _HERE = "mine", "here"


def _what(text: str) -> str:
    word = text.strip().lower()
    if word in (_MINE, "my", "me", "likes"):
        return _MINE
    if word in (_HERE, "server", "group", "top"):
        return _HERE
    raise RequestError(_WHAT.refusal(text))


_WHAT: Final = Option(
    "what", str, "the tunes that you like, or the best liked here", choices=(_MINE, _HERE), read=_what
)
_TITLE: Final = Option("title", str, "what the book is called", examples=("Our tunes",), max_length=80)


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    what, shelf = _what(str(values.get("what", _MINE))), tools.store.shelf
    if what == _MINE:
        tunes = (await shelf.liked_by(asker.platform, asker.user, MOST))[::-1]  # in the order of liking
    else:
        place = Place(asker.platform, asker.community, asker.place)
        tunes = [liked.tune for liked in await shelf.top(place, 0, MOST)]
    if not tunes:
        raise RequestError(texts.NO_LIKES if what == _MINE else texts.NO_LIKES_HERE)
    title = str(values.get("title") or (texts.BOOK_MINE if what == _MINE else texts.BOOK_HERE))
    said = texts.book(title, len(tunes))
    if asker.fetches_files:
        address = "/book?tunes=" + ",".join(saved.id for saved in tunes)
        return Reply(said, buttons=(Button(texts.BUTTON_BOOK, url=address),))
    files = await book_files(tools.renderer, title, tunes, user=asker.turn)
    return Reply(said, attachments=files)


COMMAND: Final = Command(
    "book", "your liked tunes, or this place's best, as a book", _answer, {"what": _WHAT, "title": _TITLE}
)
