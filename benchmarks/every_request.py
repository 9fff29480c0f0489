"""What the benchmarks ask for: every key, mode, meter, form and size."""

from collections.abc import Iterator
from itertools import product
from random import Random

from generator.compose.request import TuneRequest
from generator.music.dances import DANCES, METERS
from generator.music.keys import ASKED_MODES, LETTERS, Key

FORMS = ("AABB", "AB", "AABBCC")
BARS = (4, 8, 16)


def all_keys() -> list[Key]:
    """Every key in the modes that can be asked for, with at most seven accidentals in its signature."""
    names = [letter + sign for letter in LETTERS for sign in ("", "#", "b")]
    keys = [Key(name, mode) for mode in ASKED_MODES for name in names]
    return [key for key in keys if abs(key.fifths) <= 7]


def requests(number: int, temp: float) -> Iterator[TuneRequest]:
    """Requests that go round all keys, meters, forms and sizes; every third one names a type."""
    random = Random(f"rightness {temp}")
    kinds = list(product(all_keys(), METERS))
    random.shuffle(kinds)
    shapes = list(product(FORMS, BARS))
    for index in range(number):
        key, meter = kinds[index % len(kinds)]
        form, bars = shapes[index % len(shapes)]
        dances = [name for name, dance in DANCES.items() if meter in dance.meters]
        dance = random.choice(dances) if index % 3 == 0 else None
        values = {"key": key, "meter": meter, "form": form, "bars": bars, "temp": temp, "type": dance}
        yield TuneRequest.of(values | {"seed": index})
