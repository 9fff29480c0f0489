"""Counting how the tunes of a collection are accompanied, for :mod:`generator.compose.harmoniser`."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Final

from generator.compose.harmoniser import Degree, Frame, Habits, Harmoniser, degree_of, frames_of
from generator.music.chords import QUALITIES
from generator.music.tune import Tune

_RARE: Final = 0.003  # chords in fewer frames than this share are left out
_PRIOR: Final = 20.0  # how many frames the general habit weighs beside a chord's own
# Modes that the collection does not know: what accompanists do, as shares of frames.
_MODAL: Final[Mapping[str, Mapping[Degree, float]]] = {
    "dorian": {(0, "m"): 0.5, (10, ""): 0.3, (5, ""): 0.1, (3, ""): 0.05, (7, "m"): 0.05},
    "mixolydian": {(0, ""): 0.5, (10, ""): 0.28, (5, ""): 0.14, (7, "m"): 0.04, (2, "m"): 0.04},
}

Counts = dict[Degree, Counter[Degree]]


def printed(tune: Tune) -> list[tuple[Frame, Degree]]:
    """Return the frames of a tune with the chord that it has over each, from its first chord on."""
    symbols = {
        (index, number): note.chord
        for index, bar in enumerate(tune.bars)
        for number, note in enumerate(bar.notes)
        if note.chord
    }
    found: list[tuple[Frame, Degree]] = []
    places = sorted(symbols)
    for frame in frames_of(tune):
        before = [place for place in places if place <= (frame.bar, frame.note)]
        if before:
            chord = symbols[before[-1]]
            assert chord is not None
            found.append((frame, degree_of(tune.key, chord)))
    return found


def counted(tunes: Iterable[Tune]) -> dict[str, Habits]:
    """Return the habits of tunes with chord symbols, by mode."""
    pairs: defaultdict[str, list[list[tuple[Frame, Degree]]]] = defaultdict(list)
    for tune in tunes:
        if frames := printed(tune):
            pairs[tune.key.mode].append(frames)
    found = {mode: _count(pairs[mode]) for mode in ("major", "minor") if pairs[mode]}
    return found | {mode: _modal(shares) for mode, shares in _MODAL.items()}


def agreement(harmoniser: Harmoniser, tunes: Iterable[Tune]) -> float:
    """Return the share of bars, 0 to 1, at whose beginning root and third agree with the printed chord."""
    same = total = 0
    for tune in tunes:
        pairs = printed(tune)
        for (frame, degree), own in zip(
            pairs, harmoniser.degrees(tune, [frame for frame, _ in pairs]), strict=True
        ):
            if not frame.at:
                total += 1
                same += (degree[0], degree[1] == "m") == (own[0], own[1] == "m")
    return same / total if total else 0.0


def save_table(file: Path, habits: Mapping[str, Habits]) -> None:
    """Write habits as JSON, three digits each."""
    table = {mode: asdict(own) for mode, own in habits.items()}
    text = json.dumps(json.loads(json.dumps(table), parse_float=lambda figure: float(f"{float(figure):.3g}")))
    file.write_text(text.replace('}, "', '},\n"') + "\n", encoding="utf-8")


def _count(tunes: Sequence[Sequence[tuple[Frame, Degree]]]) -> Habits:
    shares = Counter(degree for frames in tunes for _, degree in frames)
    degrees = tuple(sorted(d for d, n in shares.items() if n >= _RARE * shares.total()))
    start, end = Counter[Degree](), Counter[Degree]()
    across: Counts = defaultdict(Counter)
    within: Counts = defaultdict(Counter)
    into: Counts = defaultdict(Counter)
    notes: defaultdict[Degree, Counter[int]] = defaultdict(Counter)
    for frames in tunes:
        start[frames[0][1]] += 1
        for (before, left), (frame, right) in pairwise(frames):
            if frame.last:
                into[left][right] += 1
            (within if frame.at and before.bar == frame.bar else across)[left][right] += 1
        for frame, degree in frames:
            end[degree] += frame.last
            for pitch, length in frame.notes:
                notes[degree][pitch] += length  # type: ignore[assignment]
    return Habits(
        degrees,
        _shares(start, shares, degrees),
        tuple(_shares(across[d], shares, degrees) for d in degrees),
        tuple(_shares(within[d], shares, degrees) for d in degrees),
        tuple(_shares(into[d], Counter({d: end[d] + 0.5 for d in degrees}), degrees) for d in degrees),
        tuple(_note_shares(notes[d], d) for d in degrees),
    )


def _shares(own: Counter[Degree], general: Counter[Degree], degrees: Sequence[Degree]) -> tuple[float, ...]:
    total = sum(general[d] for d in degrees)
    weights = [own[d] + _PRIOR * general[d] / total for d in degrees]
    return tuple(weight / sum(weights) for weight in weights)


def _note_shares(own: Mapping[int, float], degree: Degree) -> tuple[float, ...]:
    tones = {(degree[0] + tone) % 12 for tone in QUALITIES[degree[1]].tones}
    weights = [own.get(p, 0.0) + _PRIOR * (0.2 if p in tones else 0.02) for p in range(12)]
    return tuple(weight / sum(weights) for weight in weights)


def _modal(shares: Mapping[Degree, float]) -> Habits:
    degrees = tuple(sorted(shares))
    plain = tuple(shares[d] for d in degrees)
    tonic = sum(share for (root, _), share in shares.items() if root == 0)
    home = tuple(shares[d] * (0.8 / tonic if d[0] == 0 else 0.2 / (1 - tonic)) for d in degrees)
    stay = [tuple(0.5 * share + 0.5 * (c == b) for c, share in enumerate(plain)) for b in range(len(plain))]
    return Habits(
        degrees,
        plain,
        (plain,) * len(plain),
        tuple(stay),
        (home,) * len(plain),
        tuple(_note_shares({}, d) for d in degrees),
    )
