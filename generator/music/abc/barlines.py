"""Bar lines: the meaning of the signs at the end of a bar (ABC 2.1, sections 4.8 to 4.10)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from generator.music.abc.drafts import BarDraft
from generator.music.abc.tokens import MOST_PASSES, passes
from generator.music.notation import DOUBLE_LINES

_LONGEST: Final = 60  # characters with the numbers of an ending; what is longer is not kept
_STRENGTH: Final = ("", "|", "||", "[|", "|]")


@dataclass(frozen=True, slots=True)
class BarLine:
    """One group of signs such as ``:|2`` or ``||:``.

    Attributes:
        kind: the line itself: ``|``, ``||``, ``|]``, ``[|`` or ``""`` for an invisible one.
        repeat_end: how many times the passage before it is played again.
        repeat_start: whether a repeat begins after it.
        endings: the passes of the ending that begins after it.
    """

    kind: str
    repeat_end: int = 0
    repeat_start: bool = False
    endings: tuple[int, ...] = ()


def read_line(text: str) -> BarLine | None:
    """Return the meaning of a group of bar line signs, None if it has none."""
    return _read_line(text) if len(text) <= _LONGEST else None


@lru_cache(1024)
def _read_line(text: str) -> BarLine | None:
    signs = text.lstrip(".").rstrip("0123456789,-")
    number = text.lstrip(".")[len(signs) :]
    signs = signs.rstrip()
    endings = passes(number) if number else ()
    if (number and not endings) or len(signs) > 12:
        return None
    signs = signs.replace("[|]", "", 1) if signs.startswith("[|]") or "[|]|" in signs else signs
    middle = signs.strip(":")
    if not middle:
        if not signs:
            return BarLine("", 0, repeat_start=False, endings=endings)
        colons = len(signs)
        return BarLine("|", colons // 2, repeat_start=True, endings=endings) if colons > 1 else None
    before = len(signs) - len(signs.lstrip(":"))
    after = signs.endswith(":") or ":" in middle
    kind = "[|" if "[|" in middle else "|]" if "]" in middle else "||" if "||" in middle else "|"
    if before > 8:
        return None
    plain = before or (after and kind != "||")  # "||:" is a double line before a repeat
    return BarLine("|" if plain else kind, before, repeat_start=after, endings=endings)


def stronger(one: str, other: str) -> str:
    """Return the one of two bar lines in the same place that is seen."""
    return max(one, other, key=_STRENGTH.index)


def number_endings(bars: list[BarDraft]) -> bool:
    """Count endings that stand side by side from 1 where two of them have one number; tell whether any do."""
    found = False
    index = 0
    while index < len(bars):
        group: list[BarDraft] = []
        while index < len(bars) and bars[index].endings:
            group.append(bars[index])
            while index < len(bars) - 1 and not bars[index].ending_stop:
                index += 1
            index += 1
        numbers = [bar.endings for bar in group]
        if len(set(numbers)) < len(numbers) <= MOST_PASSES:
            found = True
            for number, bar in enumerate(group, 1):
                bar.endings = (number,)
        index += not group
    return found


def close_endings(bars: list[BarDraft]) -> None:
    """Mark the bars at whose end the bracket of an ending closes.

    It closes at a repeat or a double bar line, before the next ending, part or repeat, and at the end of
    the tune; failing all that, when it has as many bars as the ending before it.
    """
    open_since: int | None = None
    longest = 0
    for bar in bars:
        bar.ending_stop = False
    for index, bar in enumerate(bars):
        if bar.endings:
            open_since = index
            if min(bar.endings) == 1:
                longest = 0
        if open_since is None:
            continue
        after = bars[index + 1] if index + 1 < len(bars) else None
        count = index - open_since + 1
        if (
            after is None
            or bar.repeat_end
            or bar.end in DOUBLE_LINES
            or after.endings
            or after.part
            or after.repeat_start
            or count == longest
        ):
            bar.ending_stop = True
            open_since, longest = None, count
