"""A tune a day, at the time of the place, once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.asker import Asker
from bot.daily import Daily
from bot.daily_times import next_due
from bot.reply import Reply
from bot.store import Store
from generator.errors import FriendlyError, RequestError
from tests.bot.players import Fiddler, core
from tests.bot.test_preferences import ALONE, ANNA, BEN

HOUR = 3600.0
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC).timestamp()  # a Friday


class Calendar:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


class Board:
    """Where tunes are posted."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, Reply]] = []
        self.there = True
        self.troubles = 0

    async def post(self, place: str, reply: Reply) -> bool:
        if self.troubles:
            self.troubles -= 1
            raise FriendlyError("not now")
        if self.there:
            self.posted.append((place, reply))
        return self.there


class Hall:
    """A bot, its calendar, and the boards on which it posts."""

    def __init__(self, store: Store, fiddler: Fiddler, calendar: Calendar) -> None:
        self.calendar, self.fiddler, self.board = calendar, fiddler, Board()
        self.bot = core(store, fiddler, calendar=calendar)
        self.bot.posters["discord"] = self.board.post
        self.slept: list[float] = []
        self.daily = Daily(self.bot, self.bot.posters, calendar, self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def say(self, text: str, asker: Asker = ANNA) -> str:
        return (await self.bot.answer(text, asker)).text

    async def at(self, hours: float) -> list[str]:
        """What is posted where, so many hours after noon."""
        self.calendar.now = NOON + hours * HOUR
        self.board.posted.clear()
        await self.daily.turn()
        return [place for place, _ in self.board.posted]


@pytest.fixture
def hall(store: Store, fiddler: Fiddler) -> Hall:
    return Hall(store, fiddler, Calendar())


async def test_a_tune_comes_every_day_at_its_time(hall: Hall) -> None:
    said = await hall.say("/daily 18:30")
    assert said == "A tune a day here at 18:30 (UTC). The next comes today."
    assert await hall.at(6.4) == []
    assert await hall.at(6.5) == ["stage"]
    assert "Today's tune." in hall.board.posted[0][1].notes
    assert await hall.at(6.6) == []
    assert await hall.at(30.4) == []
    assert await hall.at(30.5) == ["stage"]
    assert await hall.say("/daily") == "A tune a day here at 18:30 (UTC). The next comes tomorrow."
    assert await hall.say("/daily off") == "No more daily tunes here."
    assert await hall.at(60) == []


async def test_the_time_is_that_of_the_place_and_the_type_that_of_the_day(hall: Hall) -> None:
    await hall.say("/settings here zone=Europe/Dublin instrument=harp")
    said = await hall.say("/daily at=6pm type=reel saturday=slip jig sun=any")
    assert said.startswith("A tune a day here at 18:00 (Europe/Dublin). On Mondays a reel.")
    assert "On Saturdays a slip jig." in said
    for days in range(3):
        assert await hall.at(6 + 24 * days) == ["stage"]
    types = [request.type and request.type.name for request, _ in hall.fiddler.asked]
    assert types == ["reel", "slip jig", None]
    assert {request.instrument for request, _ in hall.fiddler.asked} == {"harp"}


async def test_only_a_changed_time_keeps_the_types(hall: Hall) -> None:
    await hall.say("/daily 18:00 type=polka")
    assert "Always a polka." in await hall.say("/daily 19")
    assert await hall.say("/daily type=any") == "A tune a day here at 19:00 (UTC). The next comes today."


@pytest.mark.parametrize(
    ("asker", "typed", "sentence"),
    [
        (BEN, "/daily 18:00", "manage this place"),
        (ANNA, "/daily 25:00", "no time of day|did you mean|don't"),
        (ANNA, "/daily monday=jig", "Say something like /daily 18:00"),
        (ANNA, "/daily at=never monday=cake", "cake"),
        (ALONE, "/daily 18:00", "on Discord and Telegram"),
    ],
)
async def test_what_cannot_be_is_said(hall: Hall, asker: Asker, typed: str, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        await hall.say(typed, asker)
    assert await hall.at(48) == []


async def test_after_a_long_stop_only_what_is_hardly_late_is_posted(hall: Hall) -> None:
    await hall.say("/daily 18:00")
    assert await hall.at(6 + 5) == ["stage"]
    assert await hall.at(6 + 24 + 7) == []
    assert await hall.at(6 + 48) == ["stage"]


async def test_a_clock_that_is_set_back_posts_nothing_twice_and_one_that_was_wrong_loses_no_day(
    hall: Hall,
) -> None:
    await hall.say("/daily 18:00")
    assert await hall.at(6.01) == ["stage"]
    assert await hall.at(5.9) == []  # set back
    assert await hall.at(6.02) == []
    assert await hall.at(24 * 40 + 6) == []  # a wrong clock
    assert await hall.at(24 + 5) == []  # and right again
    assert await hall.at(24 + 6) == ["stage"]


async def test_a_post_that_fails_is_tried_again_and_a_place_that_is_gone_is_forgotten(hall: Hall) -> None:
    await hall.say("/daily 18:00")
    hall.board.troubles = 2
    assert await hall.at(6) == ["stage"]
    assert len(hall.slept) == 2
    hall.board.there = False
    assert await hall.at(30) == []
    assert (await hall.say("/daily")).startswith("There is no daily tune here")


async def test_while_the_platform_is_away_a_tune_waits(hall: Hall) -> None:
    await hall.say("/daily 18:00")
    del hall.bot.posters["discord"]
    assert await hall.at(6) == []
    hall.bot.posters["discord"] = hall.board.post
    assert await hall.at(6.1) == ["stage"]


async def test_it_looks_again_when_the_next_is_due(hall: Hall) -> None:
    assert await hall.daily.turn() == 30.0
    await hall.say("/daily 18:00")
    hall.calendar.now = NOON + 6 * HOUR - 7
    assert await hall.daily.turn() == 7.0


@pytest.fixture(params=["sqlite", "postgresql"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[list[Store]]:
    """Two processes' stores of one database."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path}/tunes.db"
    else:
        url = request.getfixturevalue("postgres").new_url()
    stores = [await Store.open(url, lambda: NOON, Random(n)) for n in (1, 2)]
    yield stores
    await asyncio.gather(*(store.close() for store in stores))


async def test_two_processes_post_a_daily_tune_once(stores: list[Store]) -> None:
    halls = [Hall(store, Fiddler(), Calendar()) for store in stores]
    await halls[0].say("/daily 18:00")
    for day in range(5):
        posted = await asyncio.gather(*(hall.at(6 + 24 * day) for hall in halls))
        assert sorted(map(len, posted)) == [0, 1]


@pytest.mark.parametrize(
    ("zone", "after", "minute", "due"),
    [
        ("Europe/Berlin", "2026-03-28 12:00", 150, "2026-03-29 03:30"),  # 2:30 does not exist
        ("Europe/Berlin", "2026-10-24 12:00", 150, "2026-10-25 02:30"),  # comes twice
        ("America/New_York", "2026-12-31 23:59", 0, "2027-01-01 00:00"),
        ("Asia/Kathmandu", "2026-01-01 10:00", 600, "2026-01-02 10:00"),  # now is not next
        ("Pacific/Apia", "2026-06-01 00:00", 1439, "2026-06-01 23:59"),
    ],
)
def test_the_next_time_of_day(zone: str, after: str, minute: int, due: str) -> None:
    here = ZoneInfo(zone)

    def at(text: str) -> float:
        return datetime.fromisoformat(text).replace(tzinfo=here).timestamp()

    assert next_due(minute, zone, at(after)) == at(due)


def test_no_day_is_left_out_and_none_has_two() -> None:
    for zone in ("Europe/Dublin", "America/Sao_Paulo", "Australia/Lord_Howe"):
        at, days = NOON, []
        for _ in range(400):
            at = next_due(90, zone, at)
            days.append(datetime.fromtimestamp(at, ZoneInfo(zone)).date().toordinal())
        assert days == list(range(days[0], days[0] + 400))
