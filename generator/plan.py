"""What one request becomes for one model: the text to draw, and the tune that comes of it."""

from dataclasses import dataclass

from generator.rules.form import Shape


@dataclass(frozen=True, slots=True)
class Plan:
    """The text of a tune, as far as it is settled before it is drawn.

    Attributes:
        prompt: fed to the model before anything is drawn.
        titled: whether the model draws the title; its line break ends it.
        heading: what follows the title up to the music; drawn, but nothing else may come.
        start: the user's own first notes, in the drawn key; likewise.
        shape: form, meter and notes of the music that the model draws from there.
        spare: accidentals outside the scale that it may have.
    """

    prompt: str
    titled: bool
    heading: str
    start: str
    shape: Shape
    spare: int
