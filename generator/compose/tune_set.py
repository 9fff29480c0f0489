"""Sets of tunes: two to four of one type that are played one after the other, with more fire each time.

A set is planned before any tune of it is there: from its seed come the keys, and a seed for every tune. Its
keys are a small step from each other, whichever of them follows which, so that the tunes can be put in the
order of their fire once they are composed. Where a key is asked for, its tune comes first.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random
from types import MappingProxyType
from typing import Final

from generator.compose.request import TuneRequest
from generator.errors import RequestError
from generator.music.dances import DANCES, Dance, Meter
from generator.music.energy import energy
from generator.music.keys import ASKED_MODES, LETTERS, Key, place_in_fifths
from generator.music.tune import Tune

FEWEST: Final = 2
MOST: Final = 4
USUAL: Final = 3
MOST_DRAWS: Final = 4  # of a tune, until that in the key that was asked for can come first
_SEEDS: Final = 1_000_000  # short enough to read out
_LIKE: Final = {"lydian": "major", "phrygian": "minor", "locrian": "minor"}
_FEWEST_SIGNS, _MOST_SIGNS = -1, 3  # flats and sharps of keys that sessions know
_FURTHEST: Final = 3  # sharps or flats by which two signatures of a set differ
_TONICS: Final = tuple(letter + sign for letter in LETTERS for sign in ("", "b", "#"))

# How often players go from a key to another, by the modes of both and the fifths from tonic to tonic: 1 is a
# fifth up (G to D), 2 a step up (G to A), 3 from a major key to its relative minor (G to Em), 0 stays on the
# tonic. The way back is as usual as the way there.
MOVES: Final[Mapping[tuple[str, str], Mapping[int, int]]] = MappingProxyType(
    {
        ("major", "major"): {1: 6, 2: 5},  # G to D, G to A
        ("major", "minor"): {3: 5, 2: 4, 1: 2, 0: 1},  # G to Em, D to Em, D to Am, A to Am
        ("major", "dorian"): {2: 4, 1: 3, 3: 2, 0: 1},  # D to Edor, D to Ador, G to Edor, D to Ddor
        ("major", "mixolydian"): {1: 4, 2: 2, -1: 2, 0: 2},  # D to Amix, G to Amix, D to Gmix, D to Dmix
        ("minor", "minor"): {1: 4, 2: 2},  # Em to Bm, Am to Bm
        ("minor", "dorian"): {-1: 3, 1: 2, -2: 2, 2: 2},  # Em to Ador, Am to Edor, Em to Ddor, Am to Bdor
        ("minor", "mixolydian"): {-2: 4, -1: 3},  # Em to Dmix, Em to Amix
        ("dorian", "dorian"): {1: 3, 2: 2},  # Ador to Edor, Ddor to Edor
        ("dorian", "mixolydian"): {-1: 3, -2: 3},  # Edor to Amix, Edor to Dmix
        ("mixolydian", "mixolydian"): {1: 3, 2: 2},  # Dmix to Amix, Gmix to Amix
    }
)

# Keys in which sets begin, and types of which they are, as often as they do.
_FIRST_KEYS: Final = {
    "G": 4, "D": 4, "A": 2, "Em": 2, "Edor": 1, "Ador": 1, "Am": 1, "Bm": 1, "C": 1, "Dmix": 1, "Amix": 1,
}  # fmt: skip
_FIRST_TYPES: Final = {"jig": 4, "reel": 4, "polka": 2, "hornpipe": 1, "waltz": 1, "slide": 1}


def move(key: Key, other: Key) -> int:
    """Return how often players go from a key to another one; 0 if that is no move of theirs."""
    one, two = (_LIKE.get(each.mode, each.mode) for each in (key, other))
    up = place_in_fifths(other.tonic) - place_in_fifths(key.tonic)
    if key == other or abs(other.fifths - key.fifths) > _FURTHEST:
        return 0
    there = MOVES.get((one, two), {}).get(up, 0)
    return there or MOVES.get((two, one), {}).get(-up, 0)


class SetPlan:
    """The plan of a set.

    Attributes:
        seed: that gives the same set with the same wishes.
        requests: for its tunes, each with a seed of its own; one with the key that was asked for is first.

    Args:
        wish: what every tune of it is to be, its seed left out.
        count: how many tunes.
        seed: of the set.

    Raises:
        RequestError: there are no sets of so many tunes.
    """

    def __init__(self, wish: TuneRequest, count: int, seed: int) -> None:
        if not FEWEST <= count <= MOST:
            raise RequestError(f"A set has {FEWEST} to {MOST} tunes; say for example /set 3 jigs.")
        self.seed = seed
        self._first = wish.key is not None
        draw = Random(f"set {seed}")
        kind = wish.type or _type(wish.meter, draw)
        keys = _keys(wish, count, draw)
        common = {"type": kind, "mode": None, "start": None}
        self.requests = tuple(
            wish.model_copy(update={**common, "key": key, "seed": draw.randrange(_SEEDS)}) for key in keys
        )
        self._draw = draw

    def again(self, drawn: Sequence[Sequence[Tune]]) -> dict[int, TuneRequest]:
        """Return what is to be composed yet, by the place of its request; nothing if the set is whole.

        Args:
            drawn: for each request, the tunes that were composed so far.
        """
        if not self._first or len(drawn[0]) >= MOST_DRAWS:
            return {}
        low = min(map(energy, drawn[0]))
        places = [place for place in range(1, len(drawn)) if all(energy(t) <= low for t in drawn[place])]
        return {
            place: self.requests[place].model_copy(update={"seed": self._draw.randrange(_SEEDS)})
            for place in ([0, *places] if places else [])
        }

    def order(self, drawn: Sequence[Sequence[Tune]]) -> list[Tune]:
        """Choose a tune for each request, and put them in the order of their fire.

        Args:
            drawn: for each request, the tunes that were composed.
        """
        chosen = [tunes[0] for tunes in drawn]
        if self._first:
            first = min(drawn[0], key=energy)
            above = [[tune for tune in tunes if energy(tune) > energy(first)] for tunes in drawn[1:]]
            if all(above):
                chosen = [first, *(tunes[0] for tunes in above)]
        return sorted(chosen, key=energy)


def _type(meter: Meter | None, draw: Random) -> Dance:
    """Draw a type that goes with a meter."""
    able = {
        name: _FIRST_TYPES.get(name, 0)
        for name, dance in DANCES.items()
        if not meter or meter.abc in dance.meters
    }
    usual = {name: weight for name, weight in able.items() if weight} or dict.fromkeys(able, 1)
    return DANCES[draw.choices(list(usual), list(usual.values()))[0]]


def _keys(wish: TuneRequest, count: int, draw: Random) -> list[Key]:
    """Draw keys, each of them a move of players from every other."""
    modes = (wish.mode,) if wish.mode else ASKED_MODES
    if wish.key:
        first = wish.key.of_mode(wish.mode) if wish.mode else wish.key
    else:
        usual = {Key.read(name): weight for name, weight in _FIRST_KEYS.items()}
        alike = {key: weight for key, weight in usual.items() if key.mode in modes}
        alike = alike or {key.of_mode(modes[0]): weight for key, weight in usual.items()}
        first = draw.choices(list(alike), list(alike.values()))[0]
    keys = [first]
    while len(keys) < count:
        able = {
            key: sum(move(each, key) for each in keys) * (1 + _FIRST_KEYS.get(key.abc, 0))
            for key in _session_keys(first, modes)
            if all(move(each, key) for each in keys)
        }
        # Where nothing else is near to all of them, two tunes share a key, as they do at sessions.
        keys.append(draw.choices(list(able), list(able.values()))[0] if able else draw.choice(keys))
    return keys


def _session_keys(first: Key, modes: Sequence[str]) -> Iterator[Key]:
    """Yield keys that go with the first one, in a fixed order."""
    low, high = min(_FEWEST_SIGNS, first.fifths - 2), max(_MOST_SIGNS, first.fifths + 2)
    for tonic, mode in product(_TONICS, modes):
        key = Key(tonic, mode)
        if low <= key.fifths <= high and abs(key.fifths) <= 7:
            yield key
