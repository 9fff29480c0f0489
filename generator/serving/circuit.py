"""A circuit: what has failed several times is left alone for a while."""

from collections.abc import Callable
from typing import Final

_FAILURES: Final = 3  # in a row, that open it
_FIRST_REST: Final = 5.0  # seconds; doubled each time that the first try afterwards fails too
_LONGEST_REST: Final = 60.0


class Circuit:
    """Says whether something is worth a try.

    Args:
        clock: seconds, never going back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._rest = _FIRST_REST
        self._open_until: float | None = None

    @property
    def closed(self) -> bool:
        """Tell whether all is well, as far as is known."""
        return self._open_until is None

    def allows(self) -> bool:
        """Tell whether to try; while it rests, one may in each while."""
        if self._open_until is None:
            return True
        now = self._clock()
        if now < self._open_until:
            return False
        self._open_until = now + self._rest  # this one tries, and the others wait for what comes of it
        return True

    def succeeded(self) -> None:
        """Note that it worked."""
        self._failures, self._rest, self._open_until = 0, _FIRST_REST, None

    def failed(self) -> None:
        """Note that it did not."""
        self._failures += 1
        if self._open_until is not None:
            self._rest = min(2 * self._rest, _LONGEST_REST)
        if self._open_until is not None or self._failures >= _FAILURES:
            self._open_until = self._clock() + self._rest
