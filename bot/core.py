"""A command in, a Reply out: the one place that every platform asks.

The core knows no chat library. An adapter turns what its platform sends into ``answer`` (typed text)
or ``run`` (typed options) and shows the :class:`~bot.reply.Reply`; it catches ``FriendlyError`` and
shows its text. Nothing else ever comes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.commands import COMMANDS as COMMANDS
from bot.reply import Reply
from generator.errors import FriendlyError
from generator.request import TuneRequest

if TYPE_CHECKING:
    from generator.tune import Tune


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where.

    Attributes:
        platform: ``web``, ``discord`` or ``telegram``.
        user: the platform's id of the person.
        place: the platform's id of the chat or channel.
        community: the platform's id of the server or group; empty in a private chat.
    """

    platform: str
    user: str
    place: str
    community: str = ""


class Mishap(FriendlyError):
    """A fault of ours: it is logged with a reference, and the sentence names that reference."""


class Composer(Protocol):
    """What composes: ``generator.service.Service``, or a client of one elsewhere."""

    async def compose(self, request: TuneRequest, *, user: str = "", deadline: float | None = None) -> "Tune":
        """A tune for the request; raises FriendlyError for what the user can mend."""


class Renderer(Protocol):
    """What makes files of a tune."""

    async def midi(self, tune: "Tune") -> bytes:
        """The tune as a standard MIDI file."""


class Core:
    """Answers commands. Everything that it needs is handed in."""

    async def answer(self, text: str, asker: Asker) -> Reply:
        """Answer a command typed as text: ``/tune key=G temp=0.8``, ``/tune@TunesmithBot jig in Em``.

        Raises:
            FriendlyError: one sentence to show; a :class:`Mishap` if the fault is ours.
        """
        raise NotImplementedError

    async def run(self, command: str, values: Mapping[str, object], asker: Asker) -> Reply:
        """Answer a command whose options are already apart, as Discord sends them.

        Args:
            command: a name in ``COMMANDS``.
            values: option names and values; None counts as not given.
            asker: who asks, and where.

        Raises:
            FriendlyError: one sentence to show; a :class:`Mishap` if the fault is ours.
        """
        raise NotImplementedError
