"""What somebody has set, for themselves and through their community, as far as an answer needs to know it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

DEFAULTS: Final = ("key", "type", "temp", "instrument", "model", "chords")
"""Settings that stand for an option of ``/tune`` that is left out."""
ALL_FILES, PICTURE_ALONE, NO_FILES = "all", "picture", "none"
AS_TEXT, AS_FILE, LEFT_OUT = "text", "file", "none"
PRIVATE: Final = "private"
AGREED: Final = "on"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The settings of whoever asks, by name.

    Attributes:
        own: the person's.
        common: their community's, which count where the person has set nothing.
    """

    own: Mapping[str, str] = field(default_factory=dict)
    common: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, otherwise: str = "") -> str:
        """Return a setting."""
        return self.own.get(name) or self.common.get(name) or otherwise

    @property
    def defaults(self) -> dict[str, str]:
        """Return the options of ``/tune`` that are set."""
        return {name: value for name in DEFAULTS if (value := self.get(name))}

    @property
    def channels(self) -> tuple[str, ...]:
        """Return the only places in which the community wants the bot; empty for all."""
        return tuple(self.common.get("channels", "").split())

    @property
    def attach(self) -> str:
        """Return which files go along with a tune."""
        return self.get("attach", ALL_FILES)

    @property
    def abc(self) -> str:
        """Return how a tune's ABC is shown."""
        return self.get("abc", AS_TEXT)

    @property
    def private(self) -> bool:
        """Tell whether answers are for the asker alone, where a platform can do that."""
        return self.get("answers") == PRIVATE

    @property
    def zone(self) -> str:
        """Return the community's time zone, an IANA name."""
        return self.common.get("zone", "UTC")

    @property
    def on_site(self) -> bool:
        """Tell whether the site may show the community's tunes."""
        return self.common.get("site") == AGREED


NOTHING_CHOSEN: Final = Chosen()
