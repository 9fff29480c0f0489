"""The clicks of a metronome, put over music."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

_RATE: Final = 48_000  # frames a second
_LASTS: Final = 0.04  # seconds
_DIES: Final = 0.007  # seconds, until a click is at a third of its loudness
_STRONG: Final = (1760.0, 0.5)  # hertz, and the loudness beside music whose peak is 0.9
_WEAK: Final = (1320.0, 0.34)


def with_clicks(music: Samples, clicks: Sequence[tuple[float, bool]]) -> Samples:
    """Put clicks over music, as loud together as it was.

    Args:
        music: shape (frames,), 48,000 frames a second.
        clicks: when each begins, in seconds, and whether a bar begins there.
    """
    if not clicks:
        return music
    peak, mix = float(np.abs(music).max(initial=0)), music.copy()
    for at, strong in clicks:
        wave, first = _click(strong=strong), round(at * _RATE)
        place = mix[first : first + len(wave)]
        place += wave[: len(place)]
    loudest = float(np.abs(mix).max(initial=0))
    return mix * np.float32(peak / loudest) if peak else mix


def _click(*, strong: bool) -> Samples:
    pitch, loud = _STRONG if strong else _WEAK
    time = np.arange(round(_LASTS * _RATE)) / _RATE
    return np.asarray(loud * np.sin(2 * np.pi * pitch * time) * np.exp(-time / _DIES), np.float32)
