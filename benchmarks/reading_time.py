"""How the time to read a tune grows with the length of its text.

    python -m benchmarks.reading_time

Every text is the worst of its kind that we know: what held the bot for seconds once. Each is read, written,
put into another key, timed for its page and made into MIDI, as a paste is. Time for each KB, of the calling
thread, at the longest stays within three times that at the cheapest length of 2 KB or more.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import cycle, repeat
from types import MappingProxyType
from typing import Final

from bot.language.pasted_abc import looks_like_abc
from generator.errors import AbcError
from generator.music.keys import Key
from generator.music.pasted_tune import read_pasted
from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from generator.render.part_times import timeline

SIZES: Final = (1, 2, 4, 8, 16)  # KB
MOST_TIMES: Final = 3.0  # as long for a KB
_ROUNDS: Final = 3
_HEAD: Final = "X:1\nT:a\nM:4/4\nL:1/64\nK:C\n"
_WIDTH: Final = 1900  # characters of a line
_WAYS: Final = (1024, 729, 625, 343, 960, 875, 1000, 675)  # to divide a note; their sums need many digits
_PRIMES: Final = tuple(n for n in range(2, 1000) if all(n % d for d in range(2, n)))


def _tune(pieces: Iterable[str], size: int, head: str = _HEAD) -> str:
    """Put pieces behind a head, as many as fit into so many characters."""
    lines, length = [head], len(head)
    for piece in pieces:
        length += len(piece)
        if length >= size:
            break
        if len(lines[-1]) + len(piece) > _WIDTH or len(lines) == 1:
            lines.append("\n" if len(lines) > 1 else "")
        lines[-1] += piece
    return "".join([*lines, "\n"])


def _tempi() -> Iterator[str]:
    return (f"[Q:1/4={beats}]" for beats in cycle(range(60, 160)))


WORST: Final[Mapping[str, Callable[[int], str]]] = MappingProxyType(
    {
        "lengths of many digits": lambda size: _tune((f"C/{n}  || " for n in cycle(_WAYS)), size),
        "lengths nobody divides by": lambda size: _tune((f"C/{n} || " for n in cycle(_PRIMES)), size),
        "double bar lines": lambda size: _tune((f"C{n:<5} ||" for n in (64, *repeat(1, size))), size),
        "tempi": lambda size: _tune((f"{tempo}C|" for tempo in _tempi()), size),
        "tempi in a bar": lambda size: _tune((f"{tempo}C" for tempo in _tempi()), size),
        "keys in a bar": lambda size: _tune((f"[K:{key}]C" for key in cycle("GDAE")), size),
        "repeats": lambda size: _tune(repeat("|:C64  :|"), size),
        "chords and graces": lambda size: _tune(repeat('"Am7"{gag}[CEG]8(3C8D8E8|'), size),
        "endings": lambda size: _tune(cycle(("[1 C   :|", "[2 C   ||")), size),
        "bars of many beats": lambda size: _tune(repeat("C64"), size, "X:1\nT:a\nM:1/32\nL:1/1\nK:C\n"),
        "texts over a note": lambda size: _tune(repeat('"a"'), size - 2)[:-1] + "C\n",
        "graces of a note": lambda size: _tune(repeat("{g}"), size - 2)[:-1] + "C\n",
        "ties of chords": lambda size: _tune(cycle(("[CEG]-", "[CE]-", "[EG]-")), size),
        "one line": lambda size: f"{_HEAD}{'C' * (size - len(_HEAD))}",
        "spaces": lambda size: f"T:a{' ' * size}x",
        "spaces in a key": lambda size: f"T:a\nK:C{' ' * size}x",
        "spaces in a tempo": lambda size: f"T:a\nQ:1{' ' * size}/x=100\nK:C\nC",
        "words in one line": lambda size: f"T:a K:C |C w: {'la a ' * (size // 5)} C2|",
        "comments in one line": lambda size: f"T:a K:C {'C2| % and so on ' * (size // 16)} C2|",
        "quotes in one line": lambda size: f"T:a K:C {chr(34) * size}",
        "tags": lambda size: f"T:a\nK:C\n{'<b ' * (size // 3)}>C|",
        "fences": lambda size: f"T:a\nK:C\n{'``` C2|' * (size // 7)}",
        "signs": lambda size: f"T:a\nK:C\n{'♯C–½ “G”' * (size // 8)}|",
        "overlays": lambda size: f"T:a\nK:C\n{'C & ' * (size // 4)}|",
        "accidentals before signs": lambda size: f"T:a\nK:C\n{'^!a!' * (size // 4)}C|",
        "named endings": lambda size: _tune(repeat('["a" C :|'), size),
        "music without a key": lambda size: _tune(repeat("CEG c2|"), size, ""),
        "fields in one line": lambda size: f"T:a{' A: ' * (size // 4)} K:C C|",
    }
)
"""The worst texts by what they have much of, made to a number of characters."""


def handle(text: str) -> None:
    """Do all that is done with a paste, as far as it can be read."""
    try:
        looks_like_abc(text)
        tune = read_pasted(text)
    except AbcError:
        return
    Tune.read(tune.abc())
    tune.transposed(Key("Eb", tune.key.mode)).fitted().abc()
    timeline(tune)
    midi_bytes(tune)


def _seconds(text: str) -> float:
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.thread_time()
        handle(text)
        best = min(best, time.thread_time() - start)
    return best


def main() -> None:
    """Print a table, and fail where time for each KB grows."""
    grown = []
    print(f"{'milliseconds for each KB':28}" + "".join(f"{size:>7} KB" for size in SIZES) + "   growth")
    for name, make in WORST.items():
        costs = [_seconds(make(1024 * size)) / size for size in SIZES]
        growth = costs[-1] / min(costs[1:])
        print(f"{name:28}" + "".join(f"{1000 * cost:10.2f}" for cost in costs) + f"{growth:8.1f}x")
        if growth > MOST_TIMES:
            grown.append(name)
    if grown:
        raise SystemExit(f"time for each KB grows: {', '.join(grown)}")


if __name__ == "__main__":
    main()
