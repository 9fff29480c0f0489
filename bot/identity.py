"""What the bot says of itself: its version, its model, where people get it and where its papers stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Self

from bot.settings import Settings
from bot.texts import community as texts


@dataclass(frozen=True, slots=True)
class Identity:
    """What the bot says of itself.

    Attributes:
        version: of the bot.
        model: that composes where nobody asks for another.
        credit: what that learnt from; empty where it is not installed here.
        learnt: how many tunes of each type it learnt from, the most first; likewise.
        days: that tunes are kept; 0 for as long as the bot is there.
        papers: labels and addresses of what it promises; empty without an address of its own.
        invites: labels and addresses where people get the bot; may be filled after the start.
    """

    version: str
    model: str
    credit: str
    learnt: Mapping[str, int]
    days: float
    papers: Mapping[str, str]
    invites: Mapping[str, str]

    @classmethod
    def of(cls, settings: Settings, invites: Mapping[str, str]) -> Self:
        """Find it in the settings, and in the model's folder if it is here."""
        from generator.compose.model import credit_of, learnt_types  # noqa: PLC0415 - brings numpy

        url, papers = settings.public_url, {texts.PAPER_PRIVACY: "privacy", texts.PAPER_TERMS: "terms"}
        return cls(
            _version(),
            settings.model,
            credit_of(settings.model),
            learnt_types(settings.model),
            settings.keep_days,
            {label: f"{url}/{page}" for label, page in papers.items()} if url else {},
            invites,
        )


def _version() -> str:
    try:
        return version("tunesmith")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return ""
