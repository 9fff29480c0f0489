"""What the worst pastes cost: ``python -m benchmarks.reading_time``.

Each input is read, written and timed at 1, 2, 4, 8 and 16 KB. The cost is to grow with the length: time a KB
at the longest stays within three times that at its cheapest length of 2 KB or more.
"""

import sys
import time
from collections.abc import Callable

from bot.language.pasted_abc import in_lines
from generator.errors import AbcError
from generator.music.tune import Tune
from generator.render.part_times import timeline

HEAD = "X:1\nT:Try\nM:4/4\nL:1/64\nK:C\n"
SIZES = (1, 2, 4, 8, 16)  # KB
ALLOWED = 3.0
TURNS = 3  # the fastest of so many counts


def lines_of(bars: Callable[[int], str], size: int) -> str:
    """Write bars, 20 on a line, until there are so many KB."""
    text, number = HEAD, 0
    while len(text) < size * 1024:
        text += "".join(bars(number + place) for place in range(20)) + "\n"
        number += 20
    return text


PRIMES = [number for number in range(2, 1000) if all(number % by for by in range(2, int(number**0.5) + 1))]
SMOOTH = [2**a * 3**b * 5**c * 7**d for a in range(6) for b in range(5) for c in range(4) for d in range(3)]
SMOOTH = [number for number in SMOOTH if 1 < number <= 1024]
INPUTS: dict[str, Callable[[int], str]] = {
    "lengths over primes": lambda size: lines_of(lambda n: f"C/{PRIMES[n % len(PRIMES)]}||", size),
    "odd lengths": lambda size: lines_of(lambda n: f"C/{SMOOTH[n % len(SMOOTH)]}||", size),
    "a tempo a bar": lambda size: lines_of(lambda n: f"[Q:1/4={60 + n % 90}]C64|", size),
    "repeats": lambda size: lines_of(lambda _: "|:C64:|", size),
    "spaces after a title": lambda size: "T:a" + " " * (size * 1024) + "x K:G GAB|",
    "chords and graces": lambda size: lines_of(lambda _: '"Am7"{gag}[CEG]8(3C8D8E8|', size),
}


def cost(text: str) -> float:
    """Return the seconds that it takes to read a text, to write it and to time its parts."""
    best = float("inf")
    for _ in range(TURNS):
        before = time.perf_counter()
        try:
            tune = Tune.read(in_lines(text))
            tune.abc()
            timeline(tune)
        except AbcError:
            pass
        best = min(best, time.perf_counter() - before)
    return best


def main() -> int:
    """Print milliseconds by input and size; exit code 1 if one grows faster than its length."""
    print(f"{'':<24}" + "".join(f"{size:>8} KB" for size in SIZES) + "   per KB, longest / cheapest")
    worst = 0.0
    for name, text in INPUTS.items():
        seconds = [cost(text(size)) for size in SIZES]
        rates = [each / size for each, size in zip(seconds, SIZES, strict=True)]
        ratio = rates[-1] / min(rates[1:])
        worst = max(worst, ratio)
        print(f"{name:<24}" + "".join(f"{1000 * each:>11.1f}" for each in seconds) + f"{ratio:>12.2f}")
    print(f"{'at most':<24}{worst:>6.2f}   (allowed {ALLOWED})")
    return int(worst > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
