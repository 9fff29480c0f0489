"""Who asks, and where: what a platform tells the core beside the command."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.chosen import NOTHING_CHOSEN, Chosen
from bot.translation import ENGLISH

Tell = Callable[[str], Awaitable[None]]
Manages = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where.

    Attributes:
        platform: the platform's name, as the store keeps it.
        user: the platform's id of the person.
        place: the platform's id of the chat or channel.
        community: the platform's id of the server or group; empty in a private chat.
        fetches_files: whether the platform is our own site, which fetches files and pages by their
            addresses, so that no reply has to carry them.
        tell: shows the person a sentence while they wait; None where there is no way.
        manages: asks the platform whether the person manages the community; None where nobody does.
        line: who takes turns for the person, where that is somebody else: on the site a network address.
        chosen: what they and their community have set; the core finds it.
        locale: the language of ours that the platform says they speak.
    """

    platform: str
    user: str
    place: str
    community: str = ""
    fetches_files: bool = False
    tell: Tell | None = field(default=None, compare=False, repr=False)
    manages: Manages | None = field(default=None, compare=False, repr=False)
    line: str = ""
    chosen: Chosen = field(default=NOTHING_CHOSEN, compare=False, repr=False)
    locale: str = field(default=ENGLISH, compare=False)

    @property
    def language(self) -> str:
        """Return the language to answer in: what is set, or else the platform's."""
        return self.chosen.get("language") or self.locale

    @property
    def turn(self) -> str:
        """Name whose turn this asker takes where people wait in line."""
        return f"{self.platform}:{self.line or self.user}"

    async def decides(self) -> bool:
        """Tell whether the person decides for everybody here: a manager, or who is alone with the bot."""
        if not self.community:
            return True
        return self.manages is not None and await self.manages()
