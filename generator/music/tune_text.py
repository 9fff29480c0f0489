"""A tune as text, for those who pass it on and show it without ever looking at a note."""

from dataclasses import dataclass

from generator.music.keys import Key
from generator.music.tune import Tune


@dataclass(frozen=True, slots=True)
class TuneText:
    """A tune as text.

    Attributes:
        title: ``""`` if there is none.
        key: signature at the first note.
        meter: as ABC writes it.
        rhythm: type of tune, from ``R:``.
        abc: canonical, as :meth:`Tune.abc` writes it.
        remarks: sentences on what was read otherwise than it stands, or left out.
    """

    title: str
    key: Key
    meter: str
    rhythm: str
    abc: str
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, tune: Tune) -> "TuneText":
        """Write a tune out."""
        return cls(tune.title, tune.key, tune.meter.abc, tune.rhythm, tune.abc(), tune.remarks)
