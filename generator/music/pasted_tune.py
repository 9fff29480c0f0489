"""Reading what people paste: one tune of it, with sentences on what was read otherwise than it stands."""

import re
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Final

from generator.errors import AbcError
from generator.music.abc.guessing import guess_key
from generator.music.abc.pasted import PastedTune, pasted_tunes
from generator.music.abc.reader import MAX_CHARACTERS
from generator.music.dances import listed
from generator.music.tune import Tune, read_numbered

_NO_TUNE: Final = "there is no music in this; paste a tune, or notes such as K:G GAB d2e|"
_METERS: Final = {3: "3/8", 4: "2/4", 6: "6/8", 8: "4/4", 9: "9/8", 12: "12/8"}  # by eighths in a bar
_NO_MUSIC: Final = re.compile(r"%|[A-Za-z]:(?![|:])")
_TITLES: Final = 8


def read_pasted(text: str, which: int = 1) -> Tune:
    """Read one tune of a text as people paste it: wrapped, in typographer's signs, several at once, keyless.

    Args:
        text: the paste.
        which: number of the tune in it, from 1.

    Raises:
        AbcError: with line and bar, if the tune cannot be read, or there are fewer.
    """
    if len(text) > MAX_CHARACTERS:
        raise AbcError(f"this is too long for one tune; send at most {MAX_CHARACTERS:,} characters")
    tunes = pasted_tunes(text)
    if not tunes:
        raise AbcError(_NO_TUNE)
    if not 1 <= which <= len(tunes):
        count = f"{len(tunes)} tunes" if len(tunes) > 1 else "one tune"
        raise AbcError(f"there is no tune {which}; this has {count}")
    chosen = tunes[which - 1]
    menu = [_menu(tunes, which)] if len(tunes) > 1 else []
    try:
        tune = _read(chosen)
    except AbcError as error:
        if not menu:
            raise
        reason = f"tune {which} of {len(tunes)}: {error.reason}; say /abc 1 to /abc {len(tunes)} for another"
        raise AbcError(reason, error.line, error.bar) from None
    return replace(tune, remarks=(*menu, *chosen.remarks, *tune.remarks))


def _menu(tunes: list[PastedTune], which: int) -> str:
    """Say which tune of several is played, and how to have another."""
    names = [f"{n} {tune.title[:40] or 'untitled'}" for n, tune in enumerate(tunes, 1) if n != which]
    other = which % len(tunes) + 1
    more = f" and {len(names) - _TITLES} more" if len(names) > _TITLES else ""
    also = ", ".join(names[:_TITLES]) if more else listed(names, "and")
    return (
        f"This is {which} of {len(tunes)} tunes; say /abc {other} for another. There are also: {also}{more}."
    )


def _read(pasted: PastedTune) -> Tune:
    """Read a tune, with key and meter guessed where they are missing."""
    if pasted.keyed:
        return read_numbered(pasted.lines)
    if not pasted.music:
        raise AbcError("there are no notes in this tune; put some below its fields, such as GAB d2e|")
    first = next(at for at, (_, line) in enumerate(pasted.lines) if not _NO_MUSIC.match(line))
    head, body = pasted.lines[:first], pasted.lines[first:]
    key, why = guess_key("\n".join(line for _, line in body))
    number = body[0][0]
    fields = {line[0] for _, line in head if line[1:2] == ":"}
    head = [*head, *([] if "L" in fields else [(number, "L:1/8")])]
    tune = read_numbered([*head, (number, f"K:{key}"), *body])
    meter = ""
    if "M" not in fields:
        meter = _meter(tune)
        if meter:
            tune = read_numbered([*head, (number, f"M:{meter}"), (number, f"K:{key}"), *body])
    said = f"No key (K:) stands there; {why}" + (f", in {meter}" if meter else "") + "."
    return replace(tune, remarks=(said, *tune.remarks))


def _meter(tune: Tune) -> str:
    """Return the meter that most bars fill, ``""`` if there is none."""
    counts = Counter(bar.length for bar in tune.bars)
    length, count = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
    eighths = length / Fraction(1, 8)
    return _METERS.get(int(eighths), "") if eighths.denominator == 1 and 2 * count >= len(tune.bars) else ""
