"""Measures of how one bar leads into the next, by whether each of them is new or was there before."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from benchmarks.judge.reckoning import Figures, mean
from benchmarks.judge.sheet import Sheet, Sound

KINDS = ("new to new", "new to returning", "returning to new", "returning to returning")


class Join(NamedTuple):
    """A step over a bar line: its size in semitones and the kind of the two bars."""

    step: int
    kind: str


def joins(sheet: Sheet) -> Iterator[Join]:
    """Yield the joins within the parts."""
    returns, place = sheet.returns, 0
    for section in sheet.sections:
        for at, (bar, after) in enumerate(pairwise(section.bars)):
            if bar.pitches and after.pitches:
                came, comes = returns[place + at], returns[place + at + 1]
                yield Join(after.pitches[0] - bar.pitches[-1], KINDS[2 * came + comes])
        place += len(section.bars)


def measured(sheet: Sheet) -> Figures:
    """Return the measures of a tune's joins."""
    found: Figures = {}
    all_joins = list(joins(sheet))
    for kind in ("all bars", *KINDS):
        sizes = [abs(join.step) for join in all_joins if kind in ("all bars", join.kind)]
        steps = [join.step for join in all_joins if kind in ("all bars", join.kind)]
        found[f"joins, {kind}: leaps of a fourth or more, share"] = mean(s >= 5 for s in sizes)
        found[f"joins, {kind}: leaps of a sixth or more, share"] = mean(s >= 8 for s in sizes)
        found[f"joins, {kind}: steps, share"] = mean(1 <= s <= 2 for s in sizes)
        found[f"joins, {kind}: the same note, share"] = mean(s == 0 for s in sizes)
        found[f"joins, {kind}: mean interval"] = mean(sizes)
        found[f"joins, {kind}: rising, share"] = mean(s > 0 for s in steps)
    for kind in KINDS:
        found[f"joins that are {kind}, share"] = mean(join.kind == kind for join in all_joins)
    inside = [abs(b - a) for bar in sheet.bars for a, b in pairwise(bar.pitches)]
    found["leaps over a bar line over leaps within bars"] = mean(
        abs(join.step) >= 5 for join in all_joins
    ) - mean(size >= 5 for size in inside)
    within = [
        abs(b - a) for bar in sheet.bars for a, b in pairwise([p for p in bar.on_beats if p is not None])
    ]
    found["beat to beat within a bar: mean interval"] = mean(within)
    half = [
        abs(bar.on_beats[len(bar.on_beats) // 2] - _before(bar.notes, bar.beats // 2 * 24))
        for bar in sheet.bars
        if bar.beats > 1
        and bar.on_beats[bar.beats // 2] is not None
        and _before(bar.notes, bar.beats // 2 * 24)
    ]
    found["into the middle of a bar: mean interval"] = mean(half)
    found["into the middle of a bar: leaps, share"] = mean(size >= 5 for size in half)
    found |= _between_parts(sheet)
    return found


def _before(notes: tuple[Sound, ...], tick: int) -> int:
    """Return the pitch of the last note that begins before a tick, 0 if none does."""
    return next((n.pitch or 0 for n in reversed(notes) if n.onset < tick), 0)


def _between_parts(sheet: Sheet) -> Figures:
    back, on, up = [], [], []
    lengths = []
    for number, section in enumerate(sheet.sections):
        start = _first(sheet, number)
        end = next((p for bar in reversed(section.bars) for p in reversed(bar.pitches)), None)
        lengths.append(sum(s.length for s in section.pickup))
        if start is not None and end is not None:
            back.append(abs(start - end))
            after = _first(sheet, number + 1)
            if after is not None:
                on.append(abs(after - end))
        if section.pickup and section.pickup[-1].pitch is not None and section.bars[0].pitches:
            up.append(section.bars[0].pitches[0] - section.pickup[-1].pitch)
    return {
        "from the end of a part to its beginning, semitones": mean(back),
        "from the end of a part to the next, semitones": mean(on),
        "pickup into the first bar, semitones": mean(up),
        "pickup into the first bar: leaps, share": mean(abs(step) >= 5 for step in up),
        "parts with a pickup, share": mean(length > 0 for length in lengths),
        "length of pickups, ticks": mean(length for length in lengths if length),
        "pickups of one length, share": mean(length == lengths[0] for length in lengths[1:]),
    }


def _first(sheet: Sheet, number: int) -> int | None:
    if number >= len(sheet.sections):
        return None
    section = sheet.sections[number]
    sounds = [s.pitch for s in section.pickup if s.pitch is not None]
    return (*sounds, *section.bars[0].pitches)[0] if sounds or section.bars[0].pitches else None
