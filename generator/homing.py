"""Where tunes lie: the range of a fiddle, and the one tonic for each mode in which a model may learn them.

Tunes of one mode are alike in every key but for where they lie: most of those in D begin on the open string
below the tonic's octave, those in G a fourth below the tonic. So every printed key is moved to its mode's
tonic by an interval of its own, which keeps what is usual in that key in one place on the staff.
"""

from typing import Final

from generator.keys import Key

LOWEST, HIGHEST = 55, 83  # G3 to B5, a fiddle in first position, as MIDI numbers
USUAL_LOW, USUAL_HIGH = 62, 81  # where most tunes lie in the keys that they are printed in
# All with one sharp: the middle of what is played on a fiddle.
HOMES: Final = {"major": "G", "minor": "Em", "dorian": "Ador", "mixolydian": "Dmix"}


def home_shift(key: Key, home: Key) -> int:
    """Semitones from a key to its mode's home: the way that keeps usual notes in range, or the shorter."""
    up = (home.pitch_class - key.pitch_class) % 12
    return min((up, up - 12), key=lambda way: (beyond(way), abs(way)))


def beyond(shift: int) -> int:
    """Semitones by which usual notes, moved by so much, leave the range."""
    return max(0, USUAL_HIGH + shift - HIGHEST) + max(0, LOWEST - USUAL_LOW - shift)
