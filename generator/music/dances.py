"""Dance types and meters: what a player expects of a jig, a reel, a waltz.

Tempi are beats a minute of the beat named, in the middle of what sessions and dance callers use.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from typing import Final

from generator.errors import RequestError, quoted


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter as ABC writes it. ``C`` is 4/4, ``C|`` is 2/2, ``none`` is free time."""

    abc: str

    @property
    def free(self) -> bool:
        """Whether bars may have any length."""
        return self.abc == "none"

    @property
    def bar(self) -> Fraction:
        """Length of a full bar in whole notes; in free time 1."""
        return _bar(self.abc)

    @property
    def beat(self) -> Fraction:
        """Length of the beat that the tempo counts, in whole notes: a dotted quarter in 6/8."""
        return _beat(self.abc)

    @property
    def unit(self) -> Fraction:
        """Unit note length where no ``L:`` stands (ABC 2.1, section 3.1.7)."""
        return Fraction(1, 16) if self.bar < Fraction(3, 4) else Fraction(1, 8)


@cache  # asked again and again, for each bar
def _bar(meter: str) -> Fraction:
    if meter in ("C", "C|", "none"):
        return Fraction(1)
    top, bottom = meter.split("/")
    return Fraction(int(top), int(bottom))


@cache
def _beat(meter: str) -> Fraction:
    if meter in ("C", "none"):
        return Fraction(1, 4)
    if meter == "C|":
        return Fraction(1, 2)
    top, bottom = (int(part) for part in meter.split("/"))
    if bottom >= 8 and top % 3 == 0 and top > 3:
        return Fraction(3, bottom)
    return Fraction(1, bottom)


FOUR_TIME: Final = ("4/4", "C|", "C", "2/2")  # names of one length of bar; a book may use them by turns
ASKED_METERS: Final = ("2/4", "3/4", "4/4", "C", "C|", "6/8", "9/8", "12/8", "3/2")


def read_meter(text: str) -> Meter:
    """Read one of the meters that can be asked for: ``6/8``, `` 6 / 8``, ``C|``, ``2/2``.

    Raises:
        RequestError: with the list of meters.
    """
    plain = text.replace(" ", "").upper()
    plain = {"2/2": "C|", "CUT": "C|", "COMMON": "C"}.get(plain, plain)
    if plain not in ASKED_METERS:
        raise RequestError(f"I don't know the meter {quoted(text)}; choose {listed(ASKED_METERS)}.")
    return Meter(plain)


@dataclass(frozen=True, slots=True)
class Dance:
    """A type of tune.

    Attributes:
        name: as a user types it.
        meters: the meters it comes in, the usual one first.
        tempi: beats a minute for each of those meters, of the meter's own beat.
    """

    name: str
    meters: tuple[str, ...]
    tempi: tuple[int, ...]

    def tempo(self, meter: Meter) -> int:
        """Beats a minute of ``meter.beat`` when this dance is in that meter."""
        return self.tempi[self.meters.index(meter.abc)]


_DANCES: Final = (
    Dance("jig", ("6/8",), (112,)),
    Dance("slip jig", ("9/8",), (108,)),
    Dance("slide", ("12/8",), (124,)),
    Dance("reel", ("C|", "4/4", "C", "2/4"), (100, 200, 200, 104)),
    Dance("hornpipe", ("C|", "4/4", "C", "3/2", "2/4"), (80, 160, 160, 88, 84)),
    Dance("polka", ("2/4",), (126,)),
    Dance("waltz", ("3/4",), (144,)),
    Dance("march", ("C", "4/4", "2/4", "6/8", "C|"), (120, 120, 100, 100, 72)),
    Dance("strathspey", ("C", "4/4"), (132, 132)),
    Dance("mazurka", ("3/4",), (138,)),
    Dance("barndance", ("4/4", "C"), (160, 160)),
    Dance("air", ASKED_METERS, (66, 84, 76, 76, 46, 58, 56, 54, 63)),
)
DANCES: Final = {dance.name: dance for dance in _DANCES}


# What ``R:`` says before "hornpipe": by a bare one abc2midi understands that it has to dot the notes itself.
_HORNPIPES: Final = {"3/2": "triple ", "C|": "cut-time ", "2/4": "two-four "}
_HORNPIPE: Final = "common-time "


def rhythm_of(dance: str, meter: Meter) -> str:
    """What ``R:`` says of a type of tune in a meter."""
    return f"{_HORNPIPES.get(meter.abc, _HORNPIPE)}{dance}" if dance == "hornpipe" else dance


def dance_of(rhythm: str) -> str:
    """The type of tune in what ``R:`` says."""
    for before in (*_HORNPIPES.values(), _HORNPIPE):
        rhythm = rhythm.removeprefix(before)
    return rhythm


def read_dance(text: str) -> Dance:
    """Read a type of tune, forgiving case, plurals, hyphens and missing spaces.

    Raises:
        RequestError: with the nearest type, or the list of them.
    """
    plain = " ".join(dance_of(text.lower()).replace("-", " ").replace("_", " ").split())
    known = {name.replace(" ", ""): name for name in DANCES}
    squeezed = plain.replace(" ", "")
    for guess in (
        squeezed,
        squeezed.removesuffix("s"),
        squeezed.removesuffix("es"),
        squeezed.removesuffix("es") + "y",
    ):
        if guess in known:
            return DANCES[known[guess]]
    near = get_close_matches(squeezed, list(known), 1, 0.7)
    if near:
        raise RequestError(f"I don't know the type {quoted(plain)}; did you mean {known[near[0]]}?")
    raise RequestError(f"I don't know the type {quoted(plain)}; choose {listed(DANCES)}.")


def default_tempo(meter: Meter) -> int:
    """Beats a minute of ``meter.beat`` for a tune without a type."""
    beats = {Fraction(3, 8): 108, Fraction(1, 2): 92, Fraction(1, 4): 132}
    return beats.get(meter.beat, 120)


def listed(words: Iterable[str]) -> str:
    """Words as a person lists them: ``a, b or c``."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
