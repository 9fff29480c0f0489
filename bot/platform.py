"""What a platform is: its declaration, and what runs it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

from bot.asker import Asker, Manages, Tell
from bot.core import Core
from bot.settings import Settings
from bot.translation import spoken
from generator.errors import FriendlyError


@dataclass(frozen=True, slots=True)
class Started:
    """A platform that has started.

    Attributes:
        line: what to print for the operator.
        invite: the address where people get the bot there; empty if there is none.
    """

    line: str
    invite: str = ""


class RefusedError(FriendlyError):
    """A platform refuses the token, so that trying again is of no use until there is another."""


class Adapter(Protocol):
    """The bot on one platform. It is started once; a fresh one takes its place."""

    async def start(self) -> Started:
        """Connect.

        Raises:
            RefusedError: the token is refused.
            FriendlyError: it cannot be had now, and perhaps later.
        """

    async def ended(self) -> FriendlyError:
        """Wait until the connection has ended by itself, for good; return why, as :meth:`start` raises it."""

    async def stop(self) -> None:
        """Finish what is being answered, and disconnect."""


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform that the bot can be on.

    Attributes:
        name: as the store keeps it.
        title: as people write it.
        open: makes its adapter, given this declaration, the core, the settings, and labels and addresses
            of the invites to other platforms, which may be filled later. It imports the platform's library
            itself, so that a platform without a token costs nothing.
        token: name of the setting that holds its token; empty if it needs none and is always on.
        invite: label of the link that brings people there.
        fetches_files: whether it fetches files from our site itself; see :class:`bot.asker.Asker`.
    """

    name: str
    title: str
    open: "Callable[[Platform, Core, Settings, Mapping[str, str]], Adapter]"
    token: str = ""
    invite: str = ""
    fetches_files: bool = False

    def __post_init__(self) -> None:
        if self.token and not self.invite:
            raise ValueError(f"the platform {self.name} needs a label for its invite")

    def token_in(self, settings: Settings) -> str:
        """Give the token; empty if it is not set.

        Raises:
            AttributeError: the settings have no such field.
        """
        token: SecretStr | None = getattr(settings, self.token) if self.token else None
        return token.get_secret_value() if token else ""

    def wanted(self, settings: Settings) -> bool:
        """Tell whether the bot is to be on this platform."""
        return not self.token or bool(self.token_in(settings))

    def asker(
        self,
        user: str,
        place: str,
        community: str = "",
        tell: Tell | None = None,
        manages: Manages | None = None,
        locale: str = "",
    ) -> Asker:
        """Say who asks here and where, how to tell them something, and how to learn if they are a manager."""
        return Asker(
            self.name, user, place, community, self.fetches_files, tell, manages, locale=spoken(locale)
        )
