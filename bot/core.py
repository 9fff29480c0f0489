"""A command in, a Reply out: the one place that every platform asks.

The core knows no chat library. A platform turns what it receives into ``answer`` (typed text) or ``run``
(typed options) and shows the :class:`~bot.reply.Reply`; it catches ``FriendlyError`` and shows its text.
No other error comes out.
"""

import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import replace
from functools import partial
from random import Random
from typing import Final, Protocol

from bot import texts, under_tunes
from bot.asker import Asker
from bot.chosen import NOTHING_CHOSEN, Chosen
from bot.commands import COMMANDS
from bot.commands.command import Command, Post, listed
from bot.commands.hearing import Talk, hear
from bot.commands.reading import Asked, given_options, read
from bot.files import FILES, FileKind
from bot.health import Health
from bot.hooks import Hooks
from bot.identity import Identity
from bot.limits import SharedLimits
from bot.pastes import Pastes
from bot.progress import tune_of
from bot.reply import Pressed, Reply
from bot.sent_files import SentFile, take_file
from bot.settings import Settings
from bot.store import SavedTune, Store, StoreError
from bot.texts import community
from bot.translation import ENGLISH
from bot.translation.translator import errors_in, say, translator
from bot.tune_facts import (
    instrument_of,
    request_fields,
)
from bot.tune_files import Renderer
from bot.tune_replies import USUAL_PATIENCE, Patience, TuneReplies
from bot.tunes_to_offer import Offered, tunes_to_offer
from bot.words_first import WordsFirst
from generator.compose.request import TuneRequest
from generator.errors import FriendlyError, RequestError
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.music.tune_text import TuneText
from generator.render.changes import Change, Changed
from generator.render.part_times import Timeline
from generator.render.practice import PLAIN, Practice
from generator.serving.messages import Progress

_logger: Final = logging.getLogger(__name__)


class InternalError(FriendlyError):
    """A fault of ours. It is logged under a reference number, which the sentence names.

    Attributes:
        reference: the number.
    """

    def __init__(self, reference: str) -> None:
        super().__init__(texts.internal_error(reference))
        self.reference = reference


class Composer(Protocol):
    """What composes: ``generator.serving.service.Service``, or a client of one elsewhere."""

    async def compose(self, request: TuneRequest, *, user: str = "", deadline: float | None = None) -> Tune:
        """Compose a tune; its origin names the seed. Raises FriendlyError for what the user can mend."""

    def follow(
        self, request: TuneRequest, *, user: str = "", deadline: float | None = None
    ) -> AsyncGenerator[Progress | Tune, None]:
        """Like :meth:`compose`, but yield how it goes, and the tune at the end."""


class Core:
    """Answers commands. Everything that it needs is handed in.

    Attributes:
        commands: the commands that menus show, by name.
        health: how each part of the bot is, and what is counted.
        hooks: what platforms take at the site's address.
        words_first: puts words before files in a crowd.
        store: what is kept.
        renderer: makes files of tunes.
        invites: addresses by which the bot comes to a server or a group, by label; platforms fill it.
        identity: what the bot says of itself.
        posters: how to post on a platform, by its name; platforms fill it while they are connected.

    Args:
        settings: of the bot.
        store: keeps the tunes.
        composer: draws them.
        renderer: makes files of them.
        random: draws references for the log.
        commands: by name.
        files: kinds of files by suffix.
        patience: how long people wait for what.
        clock: seconds, never going back.
        health: takes what is counted, and knows how each part is.
        words_first: puts words before files in a crowd.
        calendar: seconds since 1970.
    """

    def __init__(  # noqa: PLR0913 - everything is handed in
        self,
        settings: Settings,
        store: Store,
        composer: Composer,
        renderer: Renderer,
        random: Random,
        *,
        commands: Mapping[str, Command] = COMMANDS,
        files: Mapping[str, FileKind] = FILES,
        patience: Patience = USUAL_PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        health: Health | None = None,
        words_first: WordsFirst | None = None,
        calendar: Callable[[], float] = time.time,
    ) -> None:
        self.commands = listed(commands)
        self.health = health or Health()
        self.hooks = Hooks()
        self.invites: dict[str, str] = {}
        self.posters: dict[str, Post] = {}
        self.identity = Identity.of(settings, self.invites)
        self._every_command = commands
        self._settings = settings
        self._calendar = calendar
        self.store = store
        self._composer = composer
        self.renderer = renderer
        self._random = random
        self._pastes = Pastes()
        self.words_first = words_first or WordsFirst()
        self._patience = patience
        replies = TuneReplies(
            settings, store, renderer, self.words_first, self.health.metrics, commands, files, patience
        )
        self.show, self.present, self.show_files = replies.show, replies.present, replies.show_files
        self._replies = replies
        self._limits = SharedLimits(settings.limit_person, settings.limit_chat, store.buckets, clock)

    def read(self, text: str, language: str = ENGLISH) -> Asked:
        """Read a typed command without answering it; :meth:`run` does.

        Args:
            text: typed.
            language: of whoever typed it.

        Raises:
            FriendlyError: one sentence to show.
        """
        with errors_in(language):
            return read(text, self._every_command)

    def hear(self, text: str, language: str = ENGLISH) -> Asked | Talk:
        """Read a message that mentions the bot: an order in plain words, or talk.

        Args:
            text: of the message.
            language: of whoever wrote it.

        Raises:
            FriendlyError: one sentence to show.
        """
        with errors_in(language):
            heard = hear(text, self._every_command)
        return replace(heard, answer=say(heard.answer, language)) if isinstance(heard, Talk) else heard

    def check(self, command: str, values: Mapping[str, object], language: str = ENGLISH) -> None:
        """Say at once what is wrong with a command as far as that can be told without doing anything.

        Args:
            command: its name.
            values: option names and values.
            language: of whoever asks.

        Raises:
            FriendlyError: one sentence to show.
        """
        with errors_in(language):
            entry = self.command(command)
            given = given_options(entry, values)
            if entry.check:
                entry.check(given)

    async def answer(self, text: str, asker: Asker) -> Reply:
        """Answer a command typed as text: ``/tune key=G temp=0.8``, ``/tune@TunesmithBot jig in Em``.

        Raises:
            FriendlyError: one sentence to show; a :class:`InternalError` if the fault is ours.
        """
        return await self.do(self.read(text, asker.locale), asker)

    async def do(self, asked: Asked, asker: Asker) -> Reply:
        """Answer a command that was read already, with what is to be said of the reading.

        Raises:
            FriendlyError: one sentence to show; a :class:`InternalError` if the fault is ours.
        """
        asker = await self._known(asker)
        remarks = [say(remark, asker.language) for remark in asked.remarks]
        return (await self.run(asked.command, asked.values, asker)).noted(remarks)

    async def answer_file(self, file: SentFile, caption: str, asker: Asker) -> Reply:
        """Answer a file with a tune in it, as ``/abc`` answers its text.

        Args:
            file: what was sent.
            caption: what was said along with it.
            asker: who sent it.

        Raises:
            FriendlyError: one sentence to show; a :class:`InternalError` if the fault is ours.
        """
        asker = await self._known(asker)
        with errors_in(asker.language):
            taken = await take_file(file, caption, self.renderer, asker)
        remarks = [say(remark, asker.language) for remark in taken.remarks]
        return (await self.run("abc", {"abc": taken.text}, asker)).noted(remarks)

    async def run(self, command: str, values: Mapping[str, object], asker: Asker) -> Reply:
        """Answer a command whose options are already apart, as Discord sends them.

        Args:
            command: a name in :attr:`commands`.
            values: option names and values; None counts as not given.
            asker: who asks, and where.

        Raises:
            FriendlyError: one sentence to show; a :class:`InternalError` if the fault is ours.
        """
        asker = await self._known(asker)
        with errors_in(asker.language):
            entry = self.command(command)
            given = given_options(entry, values)
            with self.health.metrics.request(asker.platform, command):
                if entry.check:
                    entry.check(given)  # a mistake does not count
                if not entry.private:
                    if asker.chosen.channels and asker.place not in asker.chosen.channels:
                        raise RequestError(community.QUIET)
                    await self._limits.take(asker)
                with self._faults_told(f"/{command}", asker):
                    reply = await entry.answer(self, given, asker)
        there = translator(asker.language)
        return reply.changed(there.reply) if there else reply

    async def _known(self, asker: Asker) -> Asker:
        """Return who asks with what they have set."""
        return replace(asker, chosen=await self.chosen(asker)) if asker.chosen is NOTHING_CHOSEN else asker

    async def chosen(self, asker: Asker) -> Chosen:
        """Find what somebody and their community have set; nothing where it cannot be had now."""
        try:
            return await self.store.preferences.chosen(asker.platform, asker.user, asker.community)
        except StoreError:
            return NOTHING_CHOSEN

    async def press(self, deed: str, asker: Asker) -> Pressed:
        """Do what a button does to the message under which it stands, one of an earlier run as well.

        Args:
            deed: of the button.
            asker: who pressed it.

        Raises:
            FriendlyError: one sentence to show; a :class:`InternalError` if the fault is ours.
        """
        asker = await self._known(asker)
        with errors_in(asker.language), self._faults_told(deed.partition(" ")[0], asker):
            pressed = await under_tunes.press(deed, self.store, asker, partial(self._replies.shown, asker))
        there = translator(asker.language)
        return there.pressed(pressed) if there else pressed

    @contextmanager
    def _faults_told(self, what: str, asker: Asker) -> Iterator[None]:
        """Log a fault of ours under a number, and raise a sentence with it."""
        try:
            yield
        except FriendlyError:
            raise
        except Exception as error:
            reference = f"{self._random.getrandbits(32):08x}"
            noted = {"reference": reference}  # a field of its own where the log is JSON
            _logger.exception("%s: %s failed on %s", reference, what, asker.platform, extra=noted)
            raise InternalError(reference) from error

    def command(self, name: str) -> Command:
        """Find a command, one that menus do not show as well.

        Raises:
            RequestError: there is none of this name.
        """
        if name not in self._every_command:
            raise RequestError(texts.unknown_command(f"/{name}", None))
        return self._every_command[name]

    def now(self) -> float:
        """Return the time, in seconds since 1970."""
        return self._calendar()

    def forget_pastes(self, asker: Asker) -> None:
        """Let go of what somebody pasted, as far as it is in memory."""
        self._pastes.forget(asker)

    async def compose(self, request: TuneRequest, asker: Asker, parent: SavedTune | None = None) -> Reply:
        """Compose a tune, keep it with the one that it comes from, and show it."""
        with self.words_first.asked(), self.health.metrics.stage("compose"):
            if asker.tell is None:
                tune = await self._composer.compose(request, user=asker.turn)
            else:
                async with aclosing(self._composer.follow(request, user=asker.turn)) as events:
                    tune = await tune_of(events, asker.tell, self._patience.news)
        fields = request_fields(request, tune)
        return await self.show(TuneText.of(tune), fields, asker, tune.origin, parent)

    @property
    def files(self) -> Mapping[str, FileKind]:
        """Return the kinds of file that :meth:`file` can give, by suffix, in the order of a page."""
        return self._replies.files

    @property
    def edition(self) -> str:
        """Return a short name that changes whenever files of a tune may come out otherwise."""
        return self.renderer.edition

    @property
    def trouble(self) -> str:
        """Return why tunes cannot be kept at the moment, in the database's words; empty if they can."""
        return self.store.trouble

    async def first_time(self, platform: str, key: str) -> bool:
        """Note that something that a platform has sent is answered; tell whether it was not before."""
        try:
            return await self.store.first_time(platform, key)
        except StoreError:  # better twice than never
            return True

    async def noted(self, platform: str, start: str) -> str:
        """Return the rest of the newest key that begins so and was noted by :meth:`first_time`."""
        try:
            return await self.store.noted(platform, start)
        except StoreError:
            return ""

    async def left(self, asker: Asker) -> None:
        """Delete what was a community's, as the bot was taken out of it, or a private chat's.

        Args:
            asker: the place, and whoever did it.
        """
        try:
            if asker.community:
                await self.store.forgetting.community(asker.platform, asker.community)
            await self.store.schedules.remove(asker.platform, asker.place)
        except StoreError:  # logged where it happened
            _logger.warning("what somebody had set on %s stays", asker.platform)

    async def moved(self, platform: str, community: str, to: str) -> None:
        """Give what is a community's to another id, which a platform has given it."""
        try:
            await self.store.move(platform, community, to)
        except StoreError:  # logged where it happened
            _logger.warning("what a community of %s had set is lost to it", platform)

    async def to_offer(self, typed: str, asker: Asker, count: int) -> list[Offered]:
        """Find tunes that somebody can show to others at once.

        Raises:
            FriendlyError: they cannot be had now.
        """
        return await tunes_to_offer(self.store, typed, asker, count)

    async def keep_file(self, tune_id: str, platform: str, kind: str, file_id: str) -> None:
        """Keep by which id a platform gives a file of a tune again."""
        try:
            await self.store.cached_files.put(tune_id, platform, kind, file_id)
        except StoreError:  # logged where it happened
            return

    async def saved(self, tune_id: str) -> SavedTune | None:
        """Find a kept tune by its id."""
        return await self.store.tune(tune_id)

    async def last(self, asker: Asker) -> SavedTune | None:
        """Find the newest tune that somebody asked for in this place."""
        return await self.store.last(asker.platform, asker.place, asker.user)

    async def read_tune(self, abc: str, asker: Asker, which: int = 1) -> TuneText:
        """Read a tune that somebody pasted.

        Args:
            abc: the paste; empty for the last one that they pasted here.
            asker: who pasted it.
            which: number of the tune in it.

        Raises:
            FriendlyError: it cannot be read; says where.
        """
        if abc:
            self._pastes.keep(asker, abc)
        elif not (abc := self._pastes.last(asker)):
            raise RequestError(texts.NO_LAST_PASTE)
        return await self.renderer.read(abc, which, user=asker.turn)

    async def timeline(self, saved: SavedTune, *, user: str = "") -> Timeline:
        """Return when the parts of a kept tune are played.

        Args:
            saved: the tune.
            user: whose turn it takes to read it.
        """
        return await self.renderer.timeline(saved.tune.abc, user=user)

    async def changed(self, saved: SavedTune, change: Change, *, user: str = "") -> Changed:
        """Change a kept tune; what is kept stays as it is.

        Args:
            saved: the tune.
            change: what is wanted of it.
            user: whose turn it takes.
        """
        return await self.renderer.changed(saved.tune.abc, change, user=user)

    async def tunes_of(self, asker: Asker, count: int) -> list[SavedTune]:
        """List the newest tunes of a person, newest first."""
        return await self.store.of_person(asker.platform, asker.user, count)

    async def suggest(self, command: str, option: str, typed: str, asker: Asker) -> list[tuple[str, str]]:
        """List values that somebody may mean who has typed so far, as shown and as sent.

        Raises:
            FriendlyError: they cannot be had now.
        """
        return await self.commands[command].suggest[option](self, typed, asker)

    async def recent(self, platform: str, count: int) -> list[SavedTune]:
        """List the newest tunes that were composed on a platform."""
        return await self.store.recent(platform, count)

    async def file(
        self,
        saved: SavedTune,
        suffix: str,
        *,
        key: Key | None = None,
        instrument: str | None = None,
        dark: bool = False,
        part: str = "",
        practice: Practice = PLAIN,
        user: str = "",
    ) -> bytes:
        """Make a file of a kept tune.

        Args:
            saved: the tune.
            suffix: one of :attr:`files`.
            key: another key to have it in, of the same mode; None for its own.
            instrument: another one to play it; None for the one that was asked for.
            dark: light ink for a dark page, in a drawing.
            part: for whose players it is written, where it shows notes; empty for concert pitch.
            practice: how it is played, in a file that sounds.
            user: whose turn it takes.

        Raises:
            FriendlyError: if it cannot be made.
        """
        await self.words_first.calm()
        abc = saved.tune.abc
        text = self.files[suffix].make is None
        if key is not None or (part and text):
            change = Change(key=key, part=part if text else "")
            abc = (await self.changed(saved, change, user=user)).tune.abc
        if text:
            return abc.encode()
        with self.health.metrics.render(suffix):
            return await self.renderer.file(
                abc,
                suffix,
                instrument=instrument or instrument_of(saved),
                dark=dark,
                part=part,
                practice=practice,
                user=user,
            )
