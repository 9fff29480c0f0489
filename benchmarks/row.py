"""One line of a benchmark's table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        measure: what is compared.
        value: the figure, None if it could not be taken.
        reach: the figure to reach, "" for a row that only informs.
        reached: whether it was; None where there is nothing to reach.
        detail: what was measured, in words.
    """

    measure: str
    value: float | None
    reach: str = ""
    reached: bool | None = None
    detail: str = ""


def at_most(measure: str, value: float, reach: float, detail: str) -> Row:
    """A row whose figure should be small."""
    return Row(measure, value, f"<= {reach:g}", value <= reach, detail)


def at_least(measure: str, value: float, reach: float, detail: str) -> Row:
    """A row whose figure should be large."""
    return Row(measure, value, f">= {reach:g}", value >= reach, detail)
