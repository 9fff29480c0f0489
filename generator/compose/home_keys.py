"""Where tunes lie: the range of a fiddle, and the one tonic for each mode in which a model may learn them.

Tunes of one mode are alike in every key but for where they lie: those in D mostly go up from their tonic,
those in G around theirs. So every printed key is moved to its mode's tonic by an interval of its own, which
keeps what is usual in that key in one place on the staff.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import log
from typing import Final, TypeAlias

from generator.music.keys import Key

Counts: TypeAlias = tuple[tuple[str, int], ...]  # of tunes, by key

LOWEST, HIGHEST = 55, 83  # G3 to B5, a fiddle in first position, as MIDI numbers
LOWEST_WRITTEN: Final = 48  # one octave mark at most
USUAL_LOW, USUAL_HIGH = 62, 81  # where most tunes lie in the keys that they are printed in
# One tonic for all, so that what is known of it from the many tunes in major serves the few in other modes.
HOMES: Final = {"major": "G", "minor": "Gm", "dorian": "Gdor", "mixolydian": "Gmix"}

RARE: Final = 0.01  # a key or meter in fewer tunes than this share was not really learnt
# Where a mode was never learnt: which one to draw in, nearest first.
_NEIGHBOURS: Final[Mapping[str, tuple[str, ...]]] = {
    "major": ("mixolydian", "lydian"),
    "minor": ("dorian", "phrygian"),
    "dorian": ("minor", "phrygian"),
    "mixolydian": ("major", "lydian"),
    "phrygian": ("minor", "dorian"),
    "lydian": ("major", "mixolydian"),
    "locrian": ("phrygian", "minor", "dorian"),
}


def home_shift(key: Key, home: Key) -> int:
    """Return the semitones from a key to its mode's home, so that usual notes stay in range if they can."""
    up = (home.pitch_class - key.pitch_class) % 12
    return min((up, up - 12), key=lambda way: (beyond(way), abs(way)))


def beyond(shift: int) -> int:
    """Return semitones by which usual notes, moved by so much, leave the range."""
    return max(0, USUAL_HIGH + shift - HIGHEST) + max(0, LOWEST - USUAL_LOW - shift)


def drawn_key(key: Key, learnt: Mapping[str, int], printed_keys: Mapping[str, int]) -> tuple[Key, Key, int]:
    """Return how a model draws in a key: in it if it learnt it well, otherwise in another one, to be moved.

    Args:
        key: that was asked for.
        learnt: how many tunes the model learnt in each key.
        printed_keys: how many of them were printed in each key, where they were moved home.

    Returns:
        The key to name in the prompt, the key to draw in, and the semitones from there to the asked one.
    """
    return _drawn_key(key, tuple(learnt.items()), tuple(printed_keys.items()))


@lru_cache(2**9)  # a model has few keys, and each request asks
def _drawn_key(key: Key, learnt: Counts, printed_keys: Counts) -> tuple[Key, Key, int]:
    known, printed = _well_known(learnt), _well_known(printed_keys)
    if key in known and not printed:
        return key, key, 0
    modes = (key.mode, *_NEIGHBOURS[key.mode])
    mode = next((mode for mode in modes if any(k.mode == mode for k in known)), None)
    usable = {k: count for k, count in known.items() if k.mode == mode}
    if not usable:
        return key, key, 0
    if printed:
        return _drawn_at_home(Key(key.tonic, str(mode)), max(usable, key=usable.__getitem__), printed)
    ways = [
        (k, shift)
        for k in usable
        for shift in range(-9, 6)
        if (k.pitch_class + shift) % 12 == key.pitch_class
    ]
    drawn, shift = min(ways, key=lambda way: (_strain(way[1]) - log(usable[way[0]]), way[0].abc))
    return drawn, drawn, shift


def _well_known(learnt: Counts) -> dict[Key, int]:
    """Return the keys that more than a few tunes were in."""
    total = sum(count for _, count in learnt)
    return {Key.read(name): count for name, count in learnt if count >= RARE * total}


def _drawn_at_home(key: Key, home: Key, printed: Mapping[Key, int]) -> tuple[Key, Key, int]:
    """Return the same for a model that learnt each mode in one tonic, with the printed key in its prompt.

    A key that is not well known takes the name of one that comes to lie right when it is moved.
    """
    alike = [k for k in printed if k.mode == key.mode] or [home]
    ways = [
        (named, shift)
        for named in alike
        for shift in range(-14, 15)
        if (home.pitch_class + shift - key.pitch_class) % 12 == 0
    ]

    def strain(way: tuple[Key, int]) -> tuple[bool, int, int, int]:
        named, shift = way
        lies = home_shift(named, home) + shift  # by how much what is usual in the named key is moved
        out_of_reach = max(0, LOWEST_WRITTEN - (LOWEST - shift))
        return named != key, beyond(lies) + out_of_reach, abs(lies), -printed.get(named, 0)

    named, shift = min(ways, key=strain)
    return named, home, shift


def _strain(shift: int) -> float:
    """Rate a shift: it costs to leave the range that the model is used to, and the key asked for."""
    return 0.4 * abs(shift) + beyond(shift) + (1 if shift else 0)
