"""``/daily``: a tune a day in this place."""

import re
from collections.abc import Mapping
from typing import Final

from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.daily_times import day_of, next_due
from bot.reply import Reply
from bot.store import Schedule
from bot.texts import community as texts
from generator.compose.option import Option
from generator.errors import RequestError
from generator.music.dances import DANCES, read_dance

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME: Final = re.compile(r"([01]?\d|2[0-3])(?:[:.h]([0-5]\d))?\s*(am|pm)?", re.IGNORECASE | re.ASCII)
_OFF: Final = "off"
_ANY: Final = "any"


def minute_of(text: str) -> int:
    """Read a time of day: ``18:00``, ``7``, ``6pm``; return its minute.

    Raises:
        RequestError: it is none.
    """
    match = _TIME.fullmatch(text.strip())
    hour = int(match[1]) if match else 0
    if match is None or (match[3] and not 1 <= hour <= 12):
        raise RequestError(texts.no_time(text))
    if match[3]:
        hour = hour % 12 + 12 * (match[3].lower() == "pm")
    return hour * 60 + int(match[2] or 0)


def _at(text: str) -> int | str:
    return _OFF if text.strip().lower() in (_OFF, "stop", "never") else minute_of(text)


def _dance(text: str) -> str:
    return "" if text.strip().lower() == _ANY else read_dance(text).name


_AT: Final = Option("at", str, "when, such as 18:00; or off", examples=("18:00",), max_length=10, read=_at)
_TYPES: Final = (_ANY, *DANCES)
_OPTIONS: Final = {
    "at": _AT,
    "type": Option("type", str, "type of tune on all other days", choices=_TYPES, read=_dance),
    **{
        day: Option(
            day, str, f"type of tune on {day.capitalize()}s", choices=_TYPES, aliases=(day[:3],), read=_dance
        )
        for day in DAYS
    },
}


def _types(values: Mapping[str, object]) -> list[str]:
    """Return the type for each day, Monday first; nothing where any will do on all."""
    usual = _dance(str(values.get("type", _ANY)))
    types = [_dance(str(values[day])) if day in values else usual for day in DAYS]
    return types if any(types) else []


def _check(values: Mapping[str, object]) -> None:
    _types(values)
    if "at" in values:
        _at(str(values["at"]))


async def _answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    schedules = tools.store.schedules
    old = await schedules.of(asker.platform, asker.place)
    if not values:
        return Reply(_told(old, tools.now()) if old else texts.NO_DAILY)
    if not await asker.decides():
        raise RequestError(texts.ONLY_MANAGERS)
    at = _at(str(values["at"])) if "at" in values else None
    if at == _OFF:
        there = await schedules.remove(asker.platform, asker.place)
        return Reply(texts.DAILY_OFF if there else texts.NO_DAILY)
    if asker.platform not in tools.posters:
        raise RequestError(texts.DAILY_NOT_HERE)
    minute = at if isinstance(at, int) else old.minute if old else None
    if minute is None:
        raise RequestError(texts.no_time(""))
    zone, types = asker.chosen.zone, _types(values)
    if old and "at" in values and len(values) == 1:
        types = list(old.types)
    due = next_due(minute, zone, tools.now())
    new = Schedule(asker.platform, asker.place, asker.community, minute, zone, types, due)
    await schedules.put(new)
    return Reply(_told(new, tools.now()))


def _told(schedule: Schedule, now: float) -> str:
    time = f"{schedule.minute // 60}:{schedule.minute % 60:02}"
    today = day_of(schedule.due, schedule.zone) == day_of(now, schedule.zone)
    return texts.daily(time, schedule.zone, dict(zip(DAYS, schedule.types, strict=False)), today=today)


COMMAND: Final = Command(
    "daily", "a tune a day in this place", _answer, _OPTIONS, check=_check, on_site=False
)
