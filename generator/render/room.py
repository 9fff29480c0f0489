"""A small room around the sound, so that it is not as dry as a soundfont is.

Parallel combs and an all-pass after M. R. Schroeder, "Natural sounding artificial reverberation",
Journal of the Audio Engineering Society 10 (1962), worked off in blocks as long as each delay.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

_COMBS: Final = (0.0297, 0.0371, 0.0411, 0.0437)  # seconds; their echoes fall together late
_ALL_PASS: Final = (0.005, 0.6)  # seconds, gain
_LASTS: Final = 0.8  # seconds until an echo is 60 dB down
_WET: Final = 0.09


def in_a_room(dry: Samples, rate: int) -> Samples:
    """Return the sound with a little of its reverberation, as long as it was."""
    echoes = np.zeros_like(dry)
    for delay in _COMBS:
        echoes += _comb(dry, round(delay * rate), 10 ** (-3 * delay / _LASTS))
    wet = _all_pass(echoes, round(_ALL_PASS[0] * rate), _ALL_PASS[1])
    return np.asarray(dry + np.float32(_WET) * wet, np.float32)


def _comb(sound: Samples, delay: int, gain: float) -> Samples:
    """Return every frame comes back ``delay`` frames later, ``gain`` times as loud, again and again."""
    echoes = sound.copy()
    for start in range(delay, len(echoes), delay):
        block = echoes[start : start + delay]
        block += np.float32(gain) * echoes[start - delay : start - delay + len(block)]
    return echoes


def _all_pass(sound: Samples, delay: int, gain: float) -> Samples:
    """Spreads echoes out in time without colouring them."""
    fed = _comb(sound, delay, gain)
    out = -np.float32(gain) * fed
    out[delay:] += fed[:-delay]
    return out
