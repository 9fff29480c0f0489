"""What a model learnt: its alphabet, its headers, and how many tunes in each key, meter and type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from generator.grammar.part_marks import PICKUP
from generator.music.dances import Meter

BY_METER: Final = "meter"


@dataclass(frozen=True, slots=True)
class Warmth:
    """What the network's temperature is to the one that is asked for, as a factor.

    At the usual 0.8 tunes should be as adventurous as printed ones; what that takes depends on the model.

    Attributes:
        notes: where notes are drawn.
        signs: where it is drawn how the tune goes on: how a part ends, which bar returns, or that none does.
    """

    notes: float = 1.0
    signs: float = 1.0


AS_ASKED: Final = Warmth()


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a model learnt, from its manifest.

    Attributes:
        alphabet: character number i of the model is ``alphabet[i]``.
        prompt: the headers as its corpus has them, with ``{title}``, ``{meter}``, ``{key}`` and, where
            there are such, ``{unit}``, ``{type}``, ``{form}``, ``{bars}``, ``{number}``. A line break follows
            the title.
        unit: length of a bare letter, ``1/8``; :data:`BY_METER` where it follows from the meter, as in the
            canonical spelling alone.
        keys, meters, types: how many tunes it learnt in each, by their ABC name.
        printed_keys: how many of these tunes were printed in each key, where all of a mode were moved to one
            tonic and the prompt names the printed one; empty if they stayed in theirs.
        dances: the meters again, for each type; empty where they do not matter.
        tonic_share: share of these tunes that end on their tonic, 0 to 1.
        warmth: of the network.
    """

    alphabet: str
    prompt: str
    unit: str
    keys: Mapping[str, int]
    meters: Mapping[str, int]
    types: Mapping[str, int]
    printed_keys: Mapping[str, int] = field(default_factory=dict)
    dances: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    tonic_share: float = 0.0
    warmth: Warmth = AS_ASKED

    @property
    def canonical(self) -> bool:
        """Tell whether it learnt the spelling of :mod:`generator.grammar.canonical`, not ABC as found."""
        return self.unit == BY_METER

    @property
    def marked(self) -> bool:
        """Tell whether it says itself how a part ends (:mod:`generator.grammar.part_marks`)."""
        return PICKUP in self.alphabet

    def unit_of(self, meter: Meter) -> Fraction:
        """Return the length of a bare letter in a meter, in whole notes."""
        return meter.unit if self.unit == BY_METER else Fraction(self.unit)
