"""The pages with lists of tunes as HTML; all that goes into templates is escaped here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlencode

from bot import texts
from bot.files import FileKind
from bot.platforms.web import texts as site
from bot.platforms.web.searching import METER_NAMES, TYPES
from bot.platforms.web.shell import Shell
from bot.platforms.web.staff_room import rooms
from bot.store import Liked, NewTune, SavedTune
from bot.texts import community
from bot.tune_facts import music_facts

_SOUND: Final = "mp3"
_DRAWING: Final = "svg"


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list.

    Attributes:
        tunes: on it, with their likes.
        page: its number, from 1.
        more: whether there is another after it.
    """

    tunes: Sequence[Liked]
    page: int
    more: bool


class ListPages:
    """Makes the pages with lists of tunes.

    Args:
        shell: stands around them.
        sounds: tells whether there is sound.
    """

    def __init__(self, shell: Shell, *, sounds: bool) -> None:
        self._shell, self._base, self._say, self._sounds = shell, shell.base, shell.say, sounds

    def tunes(self, listed: Listed, given: Mapping[str, str], sorry: str, home: str) -> str:
        """Make the page on which one looks for tunes.

        Args:
            listed: what was found.
            given: what was looked for, by the names of the fields.
            sorry: why nothing could be looked for; empty if it could.
            home: the site's address.
        """
        asked = {name: value for name, value in given.items() if value}
        empty = site.NOTHING_FOUND if asked else site.RECENT_EMPTY
        body = self._shell.fill(
            "tunes",
            title=escape(self._say(site.RECENT_TITLE)),
            lead=escape(self._say(sorry or (site.RECENT_LEAD if listed.tunes else empty))),
            state=' class="sorry" role="alert"' if sorry else "",
            q=escape(given["q"]),
            key=escape(given["key"]),
            types=self._choices(TYPES, given["type"]),
            meters=self._choices(METER_NAMES, given["meter"]),
            tunes=self._list(listed, "tunes", asked),
        )
        address = f"{home}/tunes" if listed.page == 1 and not asked else ""
        return self._page(site.RECENT_TITLE, body, "tunes", address)

    def top(self, listed: Listed, period: str, home: str) -> str:
        """Make the page of the best liked tunes since a period of :data:`bot.commands.top.PERIODS`."""
        tabs = self._tabs("top", "period", community.BUTTON_PERIOD, period)
        lead = site.TOP_LEAD if listed.tunes else site.TOP_EMPTY
        body = self._with_tabs(site.TOP_TITLE, lead, tabs, listed, "top", {"period": period})
        return self._page(site.TOP_TITLE, body, "top", f"{home}/top?period={period}")

    def mine(self, listed: Listed, what: str) -> str:
        """Make the page of what this browser has made, or likes."""
        tabs = self._tabs("mine", "what", site.MINE_TABS, what)
        lead = site.MINE_LEAD if listed.tunes else site.MINE_EMPTY[what]
        body = self._with_tabs(site.MINE_TITLE, lead, tabs, listed, "mine", {"what": what})
        return self._page(site.MINE_TITLE, body, "mine")

    def book(self, tunes: Sequence[SavedTune], files: Mapping[str, FileKind]) -> str:
        """Make a book of tunes: what is in it, then one after the other."""
        contents = "".join(
            f'<li><a href="#{saved.id}">{escape(saved.tune.title)}</a>'
            f" <small>{escape(self._facts(saved.tune))}</small></li>"
            for saved in tunes
        )
        body = self._shell.fill(
            "book",
            title=escape(self._say(site.BOOK_TITLE)),
            lead=escape(self._say(site.book_lead(len(tunes)))),
            contents=contents,
            **{
                suffix: escape(f"{self._base}/book.{suffix}?tunes={','.join(saved.id for saved in tunes)}")
                for suffix in ("pdf", "abc", "mid")
            },
            leaves="".join(self._leaf(saved, drawn=_DRAWING in files) for saved in tunes),
        )
        return self._page(site.BOOK_TITLE, body, "book", script="book.js")

    def _leaf(self, saved: SavedTune, *, drawn: bool) -> str:
        tune = saved.tune
        picture = f"{self._base}/t/{saved.id}.{_DRAWING}" if drawn else ""
        return self._shell.fill(
            "leaf",
            id=saved.id,
            title=escape(tune.title),
            facts=escape(self._facts(tune)),
            abc=escape(tune.abc),
            picture=f' data-picture="{picture}"' if picture else "",
            rooms=rooms(tune.abc),
            plain=f'<noscript><img class="sheet" src="{picture}" alt="" loading="lazy"></noscript>'
            if picture
            else "",
        )

    def _with_tabs(
        self, title: str, lead: str, tabs: str, listed: Listed, path: str, query: Mapping[str, str]
    ) -> str:
        tunes = self._list(listed, path, query)
        return self._shell.fill(
            "listed", title=escape(self._say(title)), lead=escape(self._say(lead)), tabs=tabs, tunes=tunes
        )

    def _tabs(self, path: str, name: str, labels: Mapping[str, str], chosen: str) -> str:
        here = ' aria-current="true"'
        links = "".join(
            f'<a href="{self._base}/{path}?{name}={value}"{here if value == chosen else ""}>'
            f"{escape(self._say(label))}</a>"
            for value, label in labels.items()
        )
        return f'<nav class="tabs" aria-label="{escape(self._say(site.TABS))}">{links}</nav>'

    def _list(self, listed: Listed, path: str, query: Mapping[str, str]) -> str:
        """List tunes, with ways to the pages before and after, and to a book of these."""
        make = f'<a class="button" href="{self._base}/">{escape(self._say(site.MAKE))}</a>'
        if not listed.tunes:
            return f'<p class="actions">{make}</p>'
        ways = {}
        if listed.page > 1:
            ways[site.EARLIER] = f"{path}?{urlencode({**query, 'page': listed.page - 1})}"
        if listed.more:
            ways[site.LATER] = f"{path}?{urlencode({**query, 'page': listed.page + 1})}"
        ways[site.AS_A_BOOK] = "book?tunes=" + ",".join(each.tune.id for each in listed.tunes)
        links = "".join(
            f'<a class="button quiet" href="{self._base}/{escape(way)}">{escape(self._say(label))}</a>'
            for label, way in ways.items()
        )
        items = "".join(map(self._card, listed.tunes))
        return f'<ul class="tunes">{items}</ul><p class="actions">{make}{links}</p>'

    def _card(self, liked: Liked) -> str:
        saved, tune = liked.tune, liked.tune.tune
        likes = f" · {texts.like(liked.likes)}" if liked.likes else ""
        title, sound = escape(tune.title), f"{self._base}/t/{saved.id}.{_SOUND}"
        play = escape(self._say(site.play(tune.title)))
        return self._shell.fill(
            "card",
            id=saved.id,
            title=title,
            facts=escape(self._facts(tune) + likes),
            abc=escape(tune.abc),
            sound=(
                f'<button type="button" class="hear alive" data-sound="{sound}" aria-pressed="false"'
                f' aria-label="{play}"></button><noscript><audio controls preload="none" src="{sound}"'
                f' aria-label="{play}"></audio></noscript>'
                if self._sounds
                else ""
            ),
        )

    def _page(self, title: str, body: str, path: str, address: str = "", script: str = "lists.js") -> str:
        return self._shell.page(
            f"{self._say(title)} – {texts.NAME}", body, script, f"page-{path}", address=address
        )

    def _facts(self, tune: NewTune) -> str:
        return " · ".join(map(self._say, music_facts(tune).values()))

    def _choices(self, values: Iterable[str], chosen: str) -> str:
        every = "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
            f"{escape(self._say(value))}</option>"
            for value in values
        )
        return f'<option value="">–</option>{every}'


def in_one_line(tune: NewTune) -> str:
    """Say type, key and meter of a kept tune, for those who see only its link."""
    return " · ".join(music_facts(tune).values())
