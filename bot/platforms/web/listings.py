"""Lists of tunes on the site: what was made there, the best liked, one's own, and books of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from aiohttp import web

from bot.book import MOST, book_abc, book_midi, book_pdf
from bot.commands.top import PERIODS, period
from bot.core import Core
from bot.files import file_name
from bot.platforms.web import texts as site
from bot.platforms.web.list_pages import Listed, ListPages
from bot.platforms.web.searching import FIELDS, read_search
from bot.platforms.web.visitors import Visitors
from bot.store import Liked, SavedTune, Search
from generator.errors import RequestError

ON_A_PAGE: Final = 24
_LAST_PAGE: Final = 1000
_MINE: Final = ("tunes", "likes")


class Listings:
    """Handlers for ``/tunes``, ``/top``, ``/mine`` and ``/book``.

    Args:
        core: has the tunes.
        pages: make the HTML, by language.
        visitors: tells them apart.
        home: gives the site's address as the outside sees it.
    """

    def __init__(
        self,
        core: Core,
        pages: Mapping[str, ListPages],
        visitors: Visitors,
        home: Callable[[web.Request], str],
    ) -> None:
        self._core, self._pages, self._visitors, self._home = core, pages, visitors, home

    def routes(self) -> list[web.RouteDef]:
        """List what is served where."""
        return [
            web.get("/tunes", self._tunes),
            web.get("/top", self._top),
            web.get("/mine", self._mine),
            web.get("/book", self._book),
            web.get("/book.{suffix:abc|pdf|mid}", self._book_file),
        ]

    async def _in(self, request: web.Request) -> ListPages:
        return self._pages[await self._visitors.language(request)]

    async def _tunes(self, request: web.Request) -> web.Response:
        given = {name: request.query.get(name, "").strip() for name in FIELDS}
        sorry = ""
        try:
            search = read_search(given)
        except RequestError as error:
            sorry, search = str(error), Search()
        page, skip = _page(request)
        found = await self._core.store.shelf.public(search, ON_A_PAGE + 1, skip) if not sorry else []
        listed = Listed(await self._with_likes(found[:ON_A_PAGE]), page, len(found) > ON_A_PAGE)
        return _html((await self._in(request)).tunes(listed, given, sorry, self._home(request)))

    async def _top(self, request: web.Request) -> web.Response:
        name = period(request.query.get("period", "ever"))
        page, skip = _page(request)
        since = max(0.0, self._core.now() - PERIODS[name])
        found = await self._core.store.shelf.public_top(since, ON_A_PAGE + 1, skip)
        once: dict[str, Liked] = {}
        for liked in found[:ON_A_PAGE]:
            once.setdefault(liked.tune.tune.abc, liked)  # the same tune may be liked in two places
        listed = Listed(list(once.values()), page, len(found) > ON_A_PAGE)
        return _html((await self._in(request)).top(listed, name, self._home(request)))

    async def _mine(self, request: web.Request) -> web.Response:
        what = request.query.get("what", _MINE[0])
        if what not in _MINE:
            raise web.HTTPNotFound
        shelf, asker = self._core.store.shelf, self._visitors.asker(request)
        page, skip = _page(request)
        find = shelf.liked_by if what == "likes" else shelf.of_person
        found = await find(asker.platform, asker.user, ON_A_PAGE + 1, skip)
        listed = Listed(await self._with_likes(found[:ON_A_PAGE]), page, len(found) > ON_A_PAGE)
        return _html((await self._in(request)).mine(listed, what))

    async def _book(self, request: web.Request) -> web.Response:
        return _html((await self._in(request)).book(await self._asked_for(request), self._core.files))

    async def _book_file(self, request: web.Request) -> web.Response:
        tunes, suffix = await self._asked_for(request), request.match_info["suffix"]
        name = f"{file_name(site.BOOK_TITLE)}.{suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if suffix == "abc":
            return web.Response(
                text=book_abc(tunes), content_type="text/vnd.abc", charset="utf-8", headers=headers
            )
        user, renderer = self._visitors.asker(request).turn, self._core.renderer
        if suffix == "pdf":
            data = await book_pdf(renderer, site.BOOK_TITLE, tunes, user=user)
            return web.Response(body=data, content_type="application/pdf", headers=headers)
        data = await book_midi(renderer, tunes, user=user)
        return web.Response(body=data, content_type="audio/midi", headers=headers)

    async def _asked_for(self, request: web.Request) -> list[SavedTune]:
        """Find the tunes of a book: those that its address names and that are there still.

        Raises:
            RequestError: it names none that is there, or too many.
        """
        names = list(dict.fromkeys(filter(None, request.query.get("tunes", "").split(","))))
        if len(names) > MOST:
            raise RequestError(site.book_too_thick(MOST))
        found = [await self._core.saved(name) for name in names]
        tunes = [saved for saved in found if saved]
        if not tunes:
            raise RequestError(site.EMPTY_BOOK)
        return tunes

    async def _with_likes(self, tunes: Sequence[SavedTune]) -> list[Liked]:
        counts = await self._core.store.likes.counts([saved.id for saved in tunes])
        return [Liked(saved, counts.get(saved.id, 0)) for saved in tunes]


def _page(request: web.Request) -> tuple[int, int]:
    """Return which page of a list is asked for, and how many tunes stand before it."""
    given = request.query.get("page", "1")
    page = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0
    if not 1 <= page <= _LAST_PAGE:
        raise web.HTTPNotFound
    return page, (page - 1) * ON_A_PAGE


def _html(page: str) -> web.Response:
    return web.Response(text=page, content_type="text/html")
