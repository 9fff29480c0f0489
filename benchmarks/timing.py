"""Fair timing on a machine that others use too: ratios of interleaved minima, never bare seconds.

Things to compare are run in turn, many times over; the least time of each is what the machine can
do when nobody disturbs it, and both had the same chances to be undisturbed.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path


def least_times(
    things: Mapping[str, Callable[[], object]],
    *,
    seconds: float = 3.0,
    least_rounds: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Run all of them in turn for about so long; the least time of each, in seconds.

    With ``clock=time.thread_time`` only the calling thread's own time on a core counts, which is the
    better measure of what runs in that thread alone.
    """
    best = dict.fromkeys(things, float("inf"))
    for call in things.values():  # caches, lazy set-up
        call()
    end, rounds = time.perf_counter() + seconds, 0
    while rounds < least_rounds or time.perf_counter() < end:
        rounds += 1
        for name, call in things.items():
            start = clock()
            call()
            best[name] = min(best[name], clock() - start)
    return best


def repeated(call: Callable[[], object], times: int) -> Callable[[], None]:
    """A call that is too short to be timed alone, so many times over."""

    def run() -> None:
        for _ in range(times):
            call()

    return run


def undisturbed() -> float:
    """Seconds of the calling thread, without those in which other programs had its core.

    It runs and it waits (for a lock, for the GIL) as time does, but not while the thread is ready to
    run and gets no core (Linux; elsewhere that is not known, and all time counts).
    """
    now = time.perf_counter()
    try:
        delay = Path("/proc/thread-self/schedstat").read_text().split()[1]
    except OSError:
        return now
    return now - int(delay) / 1e9
