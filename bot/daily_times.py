"""When a tune a day is due."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.store import Schedule


def next_due(minute: int, zone: str, after: float) -> float:
    """Return when a minute of the day comes next, in seconds since 1970.

    Args:
        minute: 0 to 1439. One that the clocks leave out is as much later; of one that comes twice the first
            counts.
        zone: IANA name.
        after: seconds since 1970; the time itself does not count.
    """
    here = ZoneInfo(zone)
    day = day_of(after, zone)
    for offset in range(3):
        at = datetime.combine(day + timedelta(offset), datetime.min.time(), here)
        due = at.replace(hour=minute // 60, minute=minute % 60).timestamp()
        if due > after:
            return due
    raise AssertionError("a day has a next one")


def type_of(schedule: Schedule, at: float) -> str:
    """Return the type of tune for the day of a time; empty for any."""
    return schedule.types[day_of(at, schedule.zone).weekday()] if schedule.types else ""


def day_of(at: float, zone: str) -> date:
    """Return the day of a time in a time zone."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).date()
