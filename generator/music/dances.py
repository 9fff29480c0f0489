"""Meters and dance types: one entry each says all that is particular to it.

Tempi are beats a minute of the meter's own beat, in the middle of what sessions and dance callers use.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
        """Tell whether bars may have any length."""
        return self.abc == "none"

    @property
    def signature(self) -> tuple[int, int]:
        """Return the two numbers of the time signature; 4 and 4 in free time."""
        return _signature(self.abc)

    @property
    def bar(self) -> Fraction:
        """Return the length of a full bar in whole notes; 1 in free time."""
        return _bar(self.abc)

    @property
    def beat(self) -> Fraction:
        """Return the length of the beat that the tempo counts, in whole notes: a dotted quarter in 6/8."""
        return _beat(self.abc)

    @property
    def compound(self) -> bool:
        """Tell whether the beat is divided into three."""
        return self.beat.numerator == 3

    @property
    def unit(self) -> Fraction:
        """Return the unit note length where no ``L:`` stands (ABC 2.1, section 3.1.7)."""
        return Fraction(1, 16) if self.bar < Fraction(3, 4) else Fraction(1, 8)

    @property
    def standard(self) -> "Meter":
        """Return the meter that can be asked for and means the same: ``C|`` for 2/2; else this one."""
        return Meter(_by_spelling().get(self.abc, self.abc))

    @property
    def family(self) -> str:
        """Return one name for all meters that a book may use by turns: ``4/4`` also for C and C|."""
        known = METERS.get(self.standard.abc)
        return known.like if known and known.like else self.abc


@cache  # asked for each bar
def _signature(meter: str) -> tuple[int, int]:
    if meter in ("C", "none"):
        return 4, 4
    if meter == "C|":
        return 2, 2
    top, bottom = meter.split("/")
    return int(top), int(bottom)


@cache
def _bar(meter: str) -> Fraction:
    return Fraction(*_signature(meter))


@cache
def _beat(meter: str) -> Fraction:
    top, bottom = _signature(meter)
    if bottom >= 8 and top % 3 == 0 and top > 3:
        return Fraction(3, bottom)
    return Fraction(1, bottom)


@dataclass(frozen=True, slots=True)
class MeterFacts:
    """The entry of a meter that can be asked for.

    Attributes:
        slow: beats a minute of a slow tune, an air.
        dance: type of the dance tunes in it that do not say theirs, ``""`` if that may be any.
        like: the meter that books use by turns with it, their bars being as long; ``""`` if there is none.
        spellings: what else people write for it, in capitals.
        made_of: a meter, and how many of its bars make one of this; ``("", 1)`` if it is no such sum.
    """

    slow: int
    dance: str = ""
    like: str = ""
    spellings: tuple[str, ...] = ()
    made_of: tuple[str, int] = ("", 1)


METERS: Final[dict[str, MeterFacts]] = {
    "2/4": MeterFacts(slow=66),
    "3/4": MeterFacts(slow=84, dance="waltz"),
    "4/4": MeterFacts(slow=76, like="4/4"),
    "C": MeterFacts(slow=76, like="4/4", spellings=("COMMON",)),
    "C|": MeterFacts(slow=46, like="4/4", spellings=("2/2", "CUT")),
    "6/8": MeterFacts(slow=58, dance="jig"),
    "9/8": MeterFacts(slow=56, dance="slip jig"),
    "12/8": MeterFacts(slow=54, dance="slide", made_of=("6/8", 2)),
    "3/2": MeterFacts(slow=63, dance="hornpipe", made_of=("2/4", 3)),
}
"""The meters that can be asked for, in the order in which they are listed."""

_BY_BEAT: Final = {Fraction(3, 8): 108, Fraction(1, 2): 92, Fraction(1, 4): 132}
_OTHER_BEATS: Final = 120


def _by_spelling() -> dict[str, str]:
    return {spelling: meter for meter, facts in METERS.items() for spelling in facts.spellings}


def read_meter(text: str) -> Meter:
    """Read one of the meters that can be asked for: ``6/8``, `` 6 / 8``, ``C|``, ``2/2``.

    Raises:
        RequestError: with the list of meters.
    """
    plain = text.replace(" ", "").upper()
    plain = _by_spelling().get(plain, plain)
    if plain not in METERS:
        raise RequestError(f"I don't know the meter {quoted(text)}; choose {listed(METERS)}.")
    return Meter(plain)


def default_tempo(meter: Meter) -> int:
    """Return the beats a minute of ``meter.beat`` for a tune without a type."""
    return _BY_BEAT.get(meter.beat, _OTHER_BEATS)


@dataclass(frozen=True, slots=True)
class Dance:
    """The entry of a type of tune.

    Attributes:
        name: as a user types it.
        tempi: beats a minute in each meter that it comes in, the usual meter first; empty for a slow tune,
            which comes in all of them.
        prefixes: what ``R:`` says before the name, by meter; by a bare name abc2midi may understand that it
            has to dot the notes itself.
        words: a pattern of the words for it in titles and rhythm fields, ``""`` for its name.
        vague: how little these words tell where a title has those of another type too; 0 tells most.
        shortest: the shortest note, as the number under its fraction: in each meter in which one printed tune
            in ten has notes shorter or none as short as a 16th; elsewhere it is a 16th.
        like: the type as which a model draws it that hardly knows it.
    """

    name: str
    tempi: Mapping[str, int] = field(default_factory=dict, hash=False)
    prefixes: Mapping[str, str] = field(default_factory=dict, hash=False)
    words: str = ""
    vague: int = 0
    shortest: Mapping[str, int] = field(default_factory=dict, hash=False)
    like: str = ""

    @property
    def meters(self) -> tuple[str, ...]:
        """Return the meters that it comes in, the usual one first."""
        return tuple(self.tempi or METERS)

    def tempo(self, meter: Meter) -> int:
        """Return the beats a minute of ``meter.beat`` in one of its meters."""
        return self.tempi[meter.abc] if self.tempi else METERS[meter.abc].slow

    def shortest_in(self, meter: Meter) -> Fraction:
        """Return the shortest note that print has in one of its meters, in whole notes."""
        return Fraction(1, self.shortest.get(meter.abc, 16))

    def rhythm(self, meter: Meter) -> str:
        """Return the text of ``R:`` in a meter."""
        return self.prefixes.get(meter.abc, "") + self.name

    def named_in(self, text: str) -> bool:
        """Tell whether a title or rhythm field has a word for it."""
        words = self.words or re.escape(self.name)
        return re.search(rf"\b(?:{words})\b", text, re.IGNORECASE) is not None


DANCES: Final[dict[str, Dance]] = {
    dance.name: dance
    for dance in (
        Dance("jig", {"6/8": 112}, vague=3),
        Dance("slip jig", {"9/8": 108}, words=r"slip ?-?jig|hop jig"),
        Dance("slide", {"12/8": 124}, like="jig"),
        Dance(
            "reel",
            {"C|": 100, "4/4": 200, "C": 200, "2/4": 104},
            words=r"reel|walk ?around",
            vague=2,
            shortest={"4/4": 8, "2/4": 32},
        ),
        Dance(
            "hornpipe",
            {"C|": 80, "4/4": 160, "C": 160, "3/2": 88, "2/4": 84},
            prefixes={
                "C|": "cut-time ", "4/4": "common-time ", "C": "common-time ", "3/2": "triple ",
                "2/4": "two-four ",
            },
            words=r"hornpipe|clog",
            shortest={"3/2": 8, "2/4": 32},
        ),
        Dance("polka", {"2/4": 126}),
        Dance("waltz", {"3/4": 144}, words=r"walt[zs]|valse"),
        Dance(
            "march",
            {"C": 120, "4/4": 120, "2/4": 100, "6/8": 100, "C|": 72},
            words=r"(?:quick ?)?march|quickstep",
            vague=1,
            shortest={"2/4": 32, "C|": 32},
        ),
        Dance("strathspey", {"C": 132, "4/4": 132}, words=r"strathspeys?|highland fling"),
        Dance("mazurka", {"3/4": 138}, words=r"mazurka|varsovian", like="waltz"),
        Dance("barndance", {"4/4": 160, "C": 160}, words=r"barn ?dance|schottische", like="hornpipe"),
        Dance("air", words=r"airs?|lament|minuet", vague=4, shortest={"2/4": 32, "3/4": 32, "3/2": 8}),
    )
}  # fmt: skip
"""The types of tune, in the order in which they are listed."""


def dance_of(rhythm: str) -> str:
    """Return the type of tune that ``R:`` names."""
    for prefix in dict.fromkeys(prefix for dance in DANCES.values() for prefix in dance.prefixes.values()):
        rhythm = rhythm.removeprefix(prefix)
    return rhythm


def read_dance(text: str) -> Dance:
    """Read a type of tune; forgive case, plurals, hyphens and missing spaces.

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
    for dance in DANCES.values():
        if dance.words and re.fullmatch(dance.words, plain):
            return dance
    near = get_close_matches(squeezed, list(known), 1, 0.7)
    if near:
        raise RequestError(f"I don't know the type {quoted(plain)}; did you mean {known[near[0]]}?")
    raise RequestError(f"I don't know the type {quoted(plain)}; choose {listed(DANCES)}.")


def listed(words: Iterable[str], joint: str = "or") -> str:
    """List words as a person does: ``a, b or c``."""
    *most, last = words
    return f"{', '.join(most)} {joint} {last}" if most else last
