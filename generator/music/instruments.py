"""The instruments one can choose, by what General MIDI has for them."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from generator.errors import RequestError, quoted
from generator.music.dances import listed


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument as users call it.

    Attributes:
        name: as typed.
        program: General MIDI program, 0 to 127.
        stand_in: what plays it where General MIDI has nothing of that name, else ``""``.
    """

    name: str
    program: int
    stand_in: str = ""

    @property
    def note(self) -> str:
        """Return one sentence for the reply if another instrument stands in, else ``""``."""
        return f"A {self.stand_in} stands in for the {self.name}." if self.stand_in else ""


# General MIDI's own "Whistle" (78) is a human one; a tin whistle is nearer to a recorder. Its
# "Tango Accordion" is a bandoneon, which is a large concertina.
_ALL: Final = (
    Instrument("fiddle", 110),
    Instrument("flute", 73),
    Instrument("whistle", 74, "recorder"),
    Instrument("accordion", 21),
    Instrument("concertina", 23, "bandoneon"),
    Instrument("banjo", 105),
    Instrument("guitar", 25),
    Instrument("piano", 0),
    Instrument("harp", 46),
    Instrument("pipes", 109),
)
INSTRUMENTS: Final = {instrument.name: instrument for instrument in _ALL}
DEFAULT_INSTRUMENT: Final = "fiddle"
ACCOMPANIMENT: Final = Instrument("guitar", 24)  # its nylon strings stay behind the tune
_BETWEEN: Final = re.compile(r"[\s'’.-]+")  # “tin-whistle”; a number is another option's
_OTHER_NAMES: Final = {
    "violin": "fiddle",
    "tinwhistle": "whistle",
    "pennywhistle": "whistle",
    "bagpipe": "pipes",
    "bagpipes": "pipes",
    "uilleannpipes": "pipes",
    "squeezebox": "concertina",
    "box": "accordion",
    "melodeon": "accordion",
}


def read_instrument(text: str) -> str:
    """Return the name of the instrument that a user means.

    Raises:
        RequestError: with the nearest one, or the list of them.
    """
    plain = _BETWEEN.sub("", text.lower())
    for name in (plain, plain.removesuffix("s")):
        if name in INSTRUMENTS:
            return name
        if name in _OTHER_NAMES:
            return _OTHER_NAMES[name]
    near = get_close_matches(plain, list(INSTRUMENTS), 1, 0.7)
    hint = f"did you mean {near[0]}?" if near else f"choose {listed(INSTRUMENTS)}."
    raise RequestError(f"I don't know the instrument {quoted(text)}; {hint}")
