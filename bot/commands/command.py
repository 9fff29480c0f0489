"""What a command is, and what it may ask of the bot."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.asker import Asker
from bot.identity import Identity
from bot.reply import Reply
from bot.store import SavedTune, Store
from bot.tune_files import Renderer
from generator.compose.option import Option
from generator.compose.request import TuneRequest
from generator.music.tune import Origin
from generator.music.tune_text import TuneText
from generator.render.changes import Change, Changed

Post = Callable[[str, Reply], Awaitable[bool]]
"""Post a reply in a place; tell whether that is still there. Raises FriendlyError if it can't be now."""


class Tools(Protocol):
    """What an answer may ask of the bot; :class:`bot.core.Core` is all of it."""

    @property
    def commands(self) -> "Mapping[str, Command]":
        """Return every command by name."""

    @property
    def identity(self) -> Identity:
        """Return what the bot says of itself."""

    @property
    def posters(self) -> Mapping[str, Post]:
        """Return how to post on a platform, by its name; those that are connected now."""

    @property
    def renderer(self) -> Renderer:
        """Return what makes files of tunes."""

    def now(self) -> float:
        """Return the time, in seconds since 1970."""

    def forget_pastes(self, asker: Asker) -> None:
        """Let go of what somebody pasted, as far as it is in memory."""

    async def compose(self, request: TuneRequest, asker: Asker, parent: SavedTune | None = None) -> Reply:
        """Compose a tune, keep it with the one that it comes from, and show it."""

    async def show(
        self,
        tune: TuneText,
        fields: Mapping[str, str],
        asker: Asker,
        origin: Origin | None = None,
        parent: SavedTune | None = None,
        *,
        same: bool = False,
    ) -> Reply:
        """Keep a tune with the fields of a request that is like it, and how it was made, and show it.

        It may come from another one, or be the same, changed.
        """

    @property
    def invites(self) -> "Mapping[str, str]":
        """Return addresses by which the bot comes to a server or a group, by label."""

    @property
    def store(self) -> Store:
        """Return what is kept; its methods raise StoreError, a sentence, where it can't be had now."""

    async def present(self, saved: SavedTune, asker: Asker) -> Reply:
        """Show a kept tune again."""

    async def show_files(self, saved: SavedTune, asker: Asker) -> Reply:
        """Show the files of a kept tune that people take with them."""

    async def read_tune(self, abc: str, asker: Asker, which: int = 1) -> TuneText:
        """Read one tune of what somebody pasted, or of their last paste here where the text is empty."""

    async def saved(self, tune_id: str) -> SavedTune | None:
        """Find a kept tune by its id."""

    async def last(self, asker: Asker) -> SavedTune | None:
        """Find the newest tune that somebody asked for in this place."""

    async def changed(self, saved: SavedTune, change: Change, *, user: str = "") -> Changed:
        """Change a kept tune; what is kept stays as it is."""

    async def tunes_of(self, asker: Asker, count: int) -> Sequence[SavedTune]:
        """List the newest tunes of a person, newest first."""


Suggest = Callable[[Tools, str, Asker], Awaitable[list[tuple[str, str]]]]
Answer = Callable[[Tools, Mapping[str, object], Asker], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        name: as typed after the slash.
        help: a few words, at most 100 characters, for menus.
        answer: answers it, given the options that were really given, by name.
        options: by name, in the order in which menus show them.
        required: names of options that must be given.
        whole: the option that takes all the text after the command as it stands, if there is one.
        check: raises what can be said against the options without doing anything, so that a platform can
            say it to the asker alone; None if there is nothing.
        suggest: by option, values that somebody may mean who has typed so far, as shown and as sent, where
            they depend on who asks or on what is installed.
        private: whether the answer is for the asker alone, where a platform can do that.
        in_place: whether its answer takes the place of the message under which a button asks for it, where
            it is the same tune, changed, or another page of a list.
        takes_file: whether a file may come in place of the text that ``whole`` takes.
        on_site: whether our own site has it, too; it is no chat in which anything could be posted.
        listed: whether menus and help show it.
    """

    name: str
    help: str
    answer: Answer
    options: Mapping[str, Option] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    whole: str | None = None
    check: Callable[[Mapping[str, object]], object] | None = None
    suggest: Mapping[str, Suggest] = field(default_factory=dict)
    private: bool = False
    in_place: bool = False
    takes_file: bool = False
    on_site: bool = True
    listed: bool = True

    def __post_init__(self) -> None:
        if not {*self.required, *([self.whole] if self.whole else [])} <= self.options.keys():
            raise ValueError(f"/{self.name} requires an option that it does not have")


def listed(commands: Mapping[str, Command]) -> Mapping[str, Command]:
    """Keep the commands that menus and help show."""
    return {name: command for name, command in commands.items() if command.listed}
