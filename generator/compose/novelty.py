"""How new a tune is: the longest run of notes that it shares with a known one.

A model ships with an index of the tunes that it learnt from. It holds no tune: of every run of five notes
(its first pitch relative to the tonic, its intervals, its lengths) it has a number from a one-way hash.
Runs that follow each other in both tunes make a longer one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from generator.compose.titles import title_hash, title_hashes
from generator.errors import ModelError
from generator.music.melody import REST, Line, line_of
from generator.music.tune import Tune

INDEX: Final = "known.npz"
RUN: Final = 5  # notes; a shorter run is shared with almost any tune
_FORMAT: Final = 1
_PRIME: Final = 0x9E3779B97F4A7C15
_NO_STEP: Final = 64  # to or from a rest

Hashes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Likeness:
    """The longest run that a tune shares with a known one.

    Attributes:
        notes: how many notes; 0 if fewer than :data:`RUN` are shared.
        bars: how long it is in bars.
        title: of the known tune, ``""`` if there is none.
    """

    notes: int = 0
    bars: float = 0.0
    title: str = ""


class Novelty:
    """The index of the tunes that a model learnt from."""

    def __init__(self, hashes: Hashes, starts: NDArray[np.uint32], titles: tuple[str, ...]) -> None:
        """Put the index in order.

        Args:
            hashes: (P,) one for each run, tune after tune.
            starts: (T,) where each tune begins in it.
            titles: T titles.
        """
        self._order = np.argsort(hashes, kind="stable")
        self._sorted = hashes[self._order]
        self._starts = starts.astype(np.int64)
        self.printed_titles = titles
        self.titles = title_hashes(titles)

    @classmethod
    def of(cls, tunes: Iterable[tuple[str, Line]]) -> "Novelty":
        """Return an index of tunes, given as titles and lines."""
        return cls(*_indexed(tunes))

    @classmethod
    def load(cls, file: Path) -> "Novelty":
        """Load the index that ships with a model.

        Raises:
            ModelError: if it is missing or damaged.
        """
        try:
            with np.load(file, allow_pickle=False) as found:
                if int(found["format"]) != _FORMAT:
                    raise ModelError(f"{file.name} is of another version of Tunesmith; get the model anew.")
                titles = tuple(found["titles"].tobytes().decode("utf-8").split("\n"))
                hashes, starts = found["hashes"], found["starts"]
        except OSError as error:
            raise ModelError(f"{file.name}, which tells new tunes from known ones, is missing.") from error
        except (ValueError, KeyError, EOFError) as error:
            raise ModelError(f"{file.name}, which tells new tunes from known ones, is damaged.") from error
        sound = hashes.dtype == np.uint32 and hashes.ndim == starts.ndim == 1 and len(starts) == len(titles)
        if not sound:
            raise ModelError(f"{file.name}, which tells new tunes from known ones, is damaged.")
        return cls(hashes, starts, titles)

    def nearest(self, tune: Tune, apart_from: str = "") -> Likeness:
        """Return the longest run that a tune shares with one known tune.

        Args:
            tune: to be compared.
            apart_from: title of a tune that does not count.
        """
        line = line_of(tune)
        if len(line) < RUN or not len(self._sorted):
            return Likeness()
        own = _hashes(line)
        low = np.searchsorted(self._sorted, own)
        counts = np.zeros(len(own), np.int64)
        known = np.flatnonzero(self._sorted.take(low, mode="clip") == own)
        counts[known] = np.searchsorted(self._sorted, own[known], "right") - low[known]
        total = int(counts.sum())
        if not total:
            return Likeness()
        mine = np.repeat(np.arange(len(own)), counts)
        offsets = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        theirs = self._order[np.repeat(low, counts) + offsets]
        owner = np.searchsorted(self._starts, theirs, "right") - 1
        # Along a diagonal both tunes go on together.
        order = np.lexsort((mine, theirs - mine))
        mine, theirs, owner = mine[order], theirs[order], owner[order]
        joined = (np.diff(theirs) == 1) & (np.diff(mine) == 1) & (np.diff(owner) == 0)
        edges = np.flatnonzero(np.concatenate([[True], ~joined, [True]]))
        first, last = edges[:-1], edges[1:] - 1
        begins = np.concatenate([[0.0], np.cumsum(line.bars, dtype=np.float64)])
        ends = mine[last] + RUN
        lengths = begins[ends] - begins[mine[first]]
        if apart_from:
            lengths = np.where(self._is_called(owner[first], apart_from), -1.0, lengths)
        best = int(np.argmax(lengths))
        if lengths[best] < 0:
            return Likeness()
        notes = int(ends[best] - mine[first][best])
        return Likeness(notes, round(float(lengths[best]), 2), self.printed_titles[int(owner[first][best])])

    def _is_called(self, owners: NDArray[np.int64], title: str) -> NDArray[np.bool_]:
        wanted = title_hash(title)
        return np.array(
            [title_hash(self.printed_titles[owner]) == wanted for owner in owners.tolist()], np.bool_
        )


def save_index(file: Path, tunes: Iterable[tuple[str, Line]]) -> None:
    """Write the index of tunes, given as titles and lines."""
    hashes, starts, titles = _indexed(tunes)
    text = np.frombuffer("\n".join(titles).encode(), np.uint8)
    np.savez_compressed(file, format=np.array(_FORMAT), hashes=hashes, starts=starts, titles=text)


def _indexed(tunes: Iterable[tuple[str, Line]]) -> tuple[Hashes, NDArray[np.uint32], tuple[str, ...]]:
    pieces: list[Hashes] = []
    starts: list[int] = []
    titles: list[str] = []
    at = 0
    for title, line in tunes:
        piece = _hashes(line)
        if len(piece):
            pieces.append(piece)
            starts.append(at)
            titles.append(title.replace("\n", " "))
            at += len(piece)
    hashes = np.concatenate(pieces) if pieces else np.empty(0, np.uint32)
    return hashes, np.array(starts, np.uint32), tuple(titles)


def _hashes(line: Line) -> Hashes:
    """Return (N - 4,) a number for each run of a line."""
    if len(line) < RUN:
        return np.empty(0, np.uint32)
    pitches = line.pitches.astype(np.int64)
    rests = pitches == REST
    steps = np.where(rests[1:] | rests[:-1], _NO_STEP, np.diff(pitches))
    firsts = np.where(rests, 12, np.mod(pitches, np.int64(12)))
    count = len(line) - RUN + 1
    columns = [firsts[:count]]
    columns += [steps[at : at + count] for at in range(RUN - 1)]
    columns += [line.lengths[at : at + count].astype(np.int64) for at in range(RUN)]
    mixed = np.zeros(count, np.uint64)
    for column in columns:
        mixed = (mixed ^ column.astype(np.uint64)) * np.uint64(_PRIME)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)
