"""What the grammar needs to know of a tune that is to be drawn."""

from typing import Protocol

from generator.grammar.form import Shape


class Outline(Protocol):
    """The settled text of a tune and the shape of what is drawn after it; a plan is one.

    Attributes:
        prompt: text that the model reads before anything is drawn.
        titled: whether a title is drawn first, up to its line break.
        heading: fixed text between the title and the music.
        start: fixed first notes of the music, ``""`` for none.
        shape: form, meter and notes of the music.
        spare: accidentals outside the scale that the music may have.
    """

    @property
    def prompt(self) -> str: ...  # noqa: D102
    @property
    def titled(self) -> bool: ...  # noqa: D102
    @property
    def heading(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> str: ...  # noqa: D102
    @property
    def shape(self) -> Shape: ...  # noqa: D102
    @property
    def spare(self) -> int: ...  # noqa: D102
