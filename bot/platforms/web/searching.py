"""Read what somebody looks for among the tunes of the site."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.store import Search
from generator.errors import RequestError
from generator.music.dances import DANCES, METERS, read_dance, read_meter
from generator.music.keys import Key

FIELDS: Final = ("q", "type", "key", "meter")
"""The names of what can be looked for, as addresses have them."""
_LONGEST: Final = 200
_MOST_WORDS: Final = 8
_SMALL_WORDS: Final = frozenset({"in", "a", "an", "the"})
_METER: Final = re.compile(r"\d{1,2}/\d{1,2}")
_MODE: Final = r"(?:major|minor|maj|min|dorian|dor|mixolydian|mix)"
_KEY: Final = re.compile(rf"(?<!\S)([A-G][#b♯♭]?(?:\s*{_MODE}|m)?|[a-g][#b♯♭]?\s*{_MODE})(?!\S)")


def read_search(given: Mapping[str, str]) -> Search:
    """Read a search.

    Args:
        given: ``q`` as somebody types it, with words of titles, types, keys and meters; ``type``, ``key`` and
            ``meter`` on their own.

    Raises:
        RequestError: a type, key or meter that stands alone is none.
    """
    typed, key, meter = (
        " ".join(given.get("q", "")[:_LONGEST].split()),
        given.get("key", ""),
        given.get("meter", ""),
    )
    if not key and (key := _key_in(typed)):
        at = f" {typed} ".index(f" {key} ")
        typed = typed[:at] + typed[at + len(key) :]
    words = typed.split()
    if not meter and (named := [word for word in words if _METER.fullmatch(word) and _is_meter(word)]):
        meter = named[0]
        words.remove(meter)
    return Search(
        words=[word for word in words if word.lower() not in _SMALL_WORDS][:_MOST_WORDS],
        types=_rhythms(given["type"]) if given.get("type") else (),
        key=Key.read(key).abc if key else "",
        meters=_same_meters(meter) if meter else (),
    )


def _rhythms(text: str) -> Sequence[str]:
    """List how a type of tune is kept: “hornpipe”, “triple hornpipe” and so on."""
    dance = read_dance(text)
    return [dance.name, *(prefix + dance.name for prefix in dict.fromkeys(dance.prefixes.values()))]


def _same_meters(text: str) -> Sequence[str]:
    """List how a meter is kept: C is 4/4."""
    meter = read_meter(text)
    same = [each for each in METERS if read_meter(each).signature == meter.signature]
    return same or [meter.abc]


def _key_in(typed: str) -> str:
    """Return the words that name a key, in any language in which keys are read; empty if there are none."""
    if (found := _KEY.search(typed)) and _is_key(found[1]):
        return found[1]
    words = typed.split()
    spans = (" ".join(words[at : at + size]) for size in (3, 2, 1) for at in range(len(words) - size + 1))
    return next((span for span in spans if re.search("[ -]", span) and _is_key(span)), "")


def _is_key(text: str) -> bool:
    try:
        Key.read(text)
    except RequestError:
        return False
    return text != "A"  # “A wild reel”


def _is_meter(text: str) -> bool:
    try:
        read_meter(text)
    except RequestError:
        return False
    return True


TYPES: Final = tuple(DANCES)
METER_NAMES: Final = tuple(METERS)
