"""Words for how a tune should feel, and the options by which it comes to feel so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Mood:
    """The entry of a mood.

    Attributes:
        words: for it; the first one names it.
        options: what it comes to.
        meaning: the same in words, to be told.
    """

    words: tuple[str, ...]
    options: Mapping[str, str]
    meaning: str


_SAD: Final = "sad melancholy melancholic mournful gloomy sorrowful dark unhappy tearful wistful"
_HAPPY: Final = "happy cheerful merry joyful jolly bright cheery sunny glad funny"
_CALM: Final = "calm gentle quiet peaceful soft relaxed relaxing mellow soothing tranquil"
_WILD: Final = "wild crazy mad weird strange furious"
_FAST: Final = "fast quick lively upbeat brisk energetic rapid quickly"
_SLOW: Final = "slow slowly"
_EASY: Final = "easy simple beginner beginners plain"
_HARD: Final = "hard difficult tricky challenging virtuosic virtuoso"

MOODS: Final = (
    Mood(tuple(_SAD.split()), {"mode": "minor"}, "a minor key"),
    Mood(tuple(_HAPPY.split()), {"mode": "major"}, "a major key"),
    Mood(tuple(_CALM.split()), {"temp": "0.5"}, "a low temperature"),
    Mood(tuple(_WILD.split()), {"temp": "1.2"}, "a high temperature"),
    Mood(tuple(_FAST.split()), {"pace": "fast"}, "a quicker tempo"),
    Mood(tuple(_SLOW.split()), {"pace": "slow"}, "a slower tempo"),
    Mood(
        tuple(_EASY.split()),
        {"temp": "0.4", "pace": "slow"},
        "a plain tune, slowly (I can't keep its leaps small yet)",
    ),
    Mood(
        tuple(_HARD.split()),
        {"temp": "1.2", "pace": "fast"},
        "a wilder tune, quickly (I can't choose its leaps yet)",
    ),
)

_BY_WORD: Final = {word: mood for mood in MOODS for word in mood.words}


def _more(word: str) -> tuple[str, ...]:
    """Spell “more so”: slower, sadder, happier, simpler."""
    if word.endswith("y"):
        return (f"{word[:-1]}ier",)
    if word.endswith("e"):
        return (f"{word}r",)
    return f"{word}er", f"{word}{word[-1]}er"


_BY_COMPARATIVE: Final = {more: mood for word, mood in _BY_WORD.items() for more in _more(word)}
MOOD_WORDS: Final = (*_BY_WORD, *(f"{word}er" for word in ("fast", "slow", "calm", "wild", "hard")))


def mood_of(word: str) -> Mood | None:
    """Find the mood that a word names: ``sad``."""
    return _BY_WORD.get(word)


def more_of(word: str) -> Mood | None:
    """Find the mood of which a word asks for more: ``sadder``."""
    return _BY_COMPARATIVE.get(word)
