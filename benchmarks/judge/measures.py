"""All measures of a tune, by group."""

from typing import Final

from benchmarks.judge import cadences, harmony, joins, melody, phrases, rhythm
from benchmarks.judge.ngrams import Foresight
from benchmarks.judge.reckoning import Figures
from benchmarks.judge.sheet import Sheet

GROUPS: Final = {
    "melody": melody.measured,
    "joins": joins.measured,
    "phrases": phrases.measured,
    "cadences": cadences.measured,
    "rhythm": rhythm.measured,
    "harmony": harmony.measured,
}
SURPRISE: Final = "surprise"


def measured(sheet: Sheet, foresight: Foresight | None) -> dict[str, Figures]:
    """Return the measures of a tune by group, each by its name in words."""
    found = {group: measure(sheet) for group, measure in GROUPS.items()}
    if foresight is not None:
        found[SURPRISE] = foresight.measured(sheet)
    return found
