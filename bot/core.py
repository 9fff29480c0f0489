"""A command in, a Reply out: the one place that every platform asks.

The core knows no chat library. A platform turns what it receives into ``answer`` (typed text) or ``run``
(typed options) and shows the :class:`~bot.reply.Reply`; it catches ``FriendlyError`` and shows its text.
No other error comes out.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final, Protocol

from bot import texts
from bot.asker import Asker
from bot.commands import COMMANDS, another
from bot.commands.command import Command
from bot.commands.reading import given_options, read
from bot.files import FILES, FileKind, in_chats
from bot.link import page_link, viewer_link
from bot.reply import Button, Reply
from bot.settings import Settings
from bot.store import NewTune, SavedTune, Store
from bot.tune_facts import (
    as_mapping,
    attachment,
    facts,
    instrument_of,
    nearest_known_tune,
    request_fields,
)
from generator.compose.request import TuneRequest
from generator.errors import FriendlyError, RequestError
from generator.music.instruments import INSTRUMENTS
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.pace import at_tempo

_logger: Final = logging.getLogger(__name__)


class InternalError(FriendlyError):
    """A fault of ours. It is logged under a reference number, which the sentence names."""


class Composer(Protocol):
    """What composes: ``generator.serving.service.Service``, or a client of one elsewhere."""

    async def compose(self, request: TuneRequest, *, user: str = "", deadline: float | None = None) -> Tune:
        """Compose a tune; its origin names the seed. Raises FriendlyError for what the user can mend."""


class Renderer(Protocol):
    """What makes files of a tune."""

    @property
    def suffixes(self) -> frozenset[str]:
        """Return the files that it can make here: ``mid``, ``png``, ``mp3``..."""

    async def file(
        self, tune: Tune, suffix: str, *, instrument: str | None = None, dark: bool = False
    ) -> bytes:
        """Make a file of a tune.

        Args:
            tune: what to show or play.
            suffix: one of ``suffixes``.
            instrument: what plays it, in a file that sounds.
            dark: light ink for a dark page, in a drawing.
        """


class Core:
    """Answers commands. Everything that it needs is handed in.

    Attributes:
        commands: every command by name.

    Args:
        settings: of the bot.
        store: keeps the tunes.
        composer: draws them.
        renderer: makes files of them.
        random: draws references for the log.
        commands: by name.
        files: kinds of files by suffix.
        patience: seconds that a file may take before the reply goes without it.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        composer: Composer,
        renderer: Renderer,
        random: Random,
        *,
        commands: Mapping[str, Command] = COMMANDS,
        files: Mapping[str, FileKind] = FILES,
        patience: float = 20.0,
    ) -> None:
        self.commands = commands
        self._settings = settings
        self._store = store
        self._composer = composer
        self._renderer = renderer
        self._random = random
        self._files = files
        self._patience = patience

    async def answer(self, text: str, asker: Asker) -> Reply:
        """Answer a command typed as text: ``/tune key=G temp=0.8``, ``/tune@TunesmithBot jig in Em``.

        Raises:
            FriendlyError: one sentence to show; a :class:`InternalError` if the fault is ours.
        """
        asked = read(text, self.commands)
        return await self.run(asked.command, asked.values, asker)

    async def run(self, command: str, values: Mapping[str, object], asker: Asker) -> Reply:
        """Answer a command whose options are already apart, as Discord sends them.

        Args:
            command: a name in :attr:`commands`.
            values: option names and values; None counts as not given.
            asker: who asks, and where.

        Raises:
            FriendlyError: one sentence to show; a :class:`InternalError` if the fault is ours.
        """
        if command not in self.commands:
            raise RequestError(texts.unknown_command(f"/{command}", None))
        try:
            entry = self.commands[command]
            return await entry.answer(self, given_options(entry, values), asker)
        except FriendlyError:
            raise
        except Exception as error:
            reference = f"{self._random.getrandbits(32):08x}"
            _logger.exception("%s: /%s failed on %s", reference, command, asker.platform)
            raise InternalError(texts.internal_error(reference)) from error

    async def compose(self, request: TuneRequest, asker: Asker) -> Reply:
        """Compose a tune, keep it, and show it."""
        tune = await self._composer.compose(request, user=f"{asker.platform}:{asker.user}")
        tune = at_tempo(tune, request.tempo)
        return await self.show(tune, request_fields(request, tune), asker)

    async def show(self, tune: Tune, fields: Mapping[str, str], asker: Asker) -> Reply:
        """Keep a tune, and show it with its files.

        Args:
            tune: composed or pasted.
            fields: of a request for a tune like it, as text.
            asker: whose it is.
        """
        saved = await self._keep(tune, fields, asker)
        kinds = in_chats(self.files.values())
        # The site fetches each file when somebody wants it, so nobody waits for them here.
        made = [b""] * len(kinds) if asker.fetches_files else await self._make_all(tune, saved, kinds)
        pairs = list(zip(kinds, made, strict=True))
        silent = not asker.fetches_files and not any(kind.sounds for kind in kinds)
        notes = (
            nearest_known_tune(tune),
            texts.NO_SOUND if silent else "",
            INSTRUMENTS[instrument_of(saved)].note,
        )
        return Reply(
            title=saved.tune.title,
            facts=facts(saved.tune),
            notes=tuple(filter(None, notes)),
            missing=tuple(kind.label for kind, data in pairs if data is None),
            abc=saved.tune.abc,
            tune=as_mapping(saved),
            attachments=tuple(attachment(saved, kind, data) for kind, data in pairs if data is not None),
            buttons=(another.button(saved.id), Button(texts.BUTTON_LINK, url=self._link(saved, asker))),
        )

    async def _keep(self, tune: Tune, fields: Mapping[str, str], asker: Asker) -> SavedTune:
        origin = tune.origin
        return await self._store.add(
            NewTune(
                platform=asker.platform,
                community=asker.community,
                place=asker.place,
                user=asker.user,
                request=fields,
                title=tune.title or texts.UNTITLED,
                abc=tune.abc(),
                key=tune.key.abc,
                meter=tune.meter.abc,
                rhythm=tune.rhythm,
                temp=origin.temp if origin else None,
                seed=origin.seed if origin else None,
                model=origin.model if origin else None,
            )
        )

    async def _make_all(self, tune: Tune, saved: SavedTune, kinds: Sequence[FileKind]) -> list[bytes | None]:
        """Make the files of a reply side by side; None for one that fails or takes too long."""

        async def make(kind: FileKind) -> bytes | None:
            if kind.make is None:
                return saved.tune.abc.encode()
            try:
                async with asyncio.timeout(self._patience):
                    return await self._renderer.file(tune, kind.suffix, instrument=instrument_of(saved))
            except FriendlyError as error:  # logged where it happened
                _logger.warning("no %s for tune %s: %s", kind.suffix, saved.id, error)
                return None
            except Exception:
                _logger.exception("no %s for tune %s", kind.suffix, saved.id)
                return None

        return list(await asyncio.gather(*map(make, kinds)))

    @property
    def files(self) -> Mapping[str, FileKind]:
        """Return the kinds of file that :meth:`file` can give, by suffix, in the order of a page."""
        able = self._renderer.suffixes
        return {suffix: kind for suffix, kind in self._files.items() if kind.make is None or suffix in able}

    async def saved(self, tune_id: str) -> SavedTune | None:
        """Find a kept tune by its id."""
        return await self._store.tune(tune_id)

    async def last(self, asker: Asker) -> SavedTune | None:
        """Find the newest tune that somebody asked for in this place."""
        return await self._store.last(asker.platform, asker.place, asker.user)

    async def recent(self, platform: str, count: int) -> list[SavedTune]:
        """List the newest tunes that were composed on a platform."""
        return await self._store.recent(platform, count)

    async def file(
        self,
        saved: SavedTune,
        suffix: str,
        *,
        key: Key | None = None,
        instrument: str | None = None,
        dark: bool = False,
    ) -> bytes:
        """Make a file of a kept tune.

        Args:
            saved: the tune.
            suffix: one of :attr:`files`.
            key: another key to have it in, of the same mode; None for its own.
            instrument: another one to play it; None for the one that was asked for.
            dark: light ink for a dark page, in a drawing.

        Raises:
            FriendlyError: if it cannot be made.
        """
        text = self.files[suffix].make is None
        if text and key is None:
            return saved.tune.abc.encode()
        tune = Tune.read(saved.tune.abc)
        if key is not None and key != tune.key:
            tune = tune.transposed(key).fitted()
        if text:
            return tune.abc().encode()
        return await self._renderer.file(
            tune, suffix, instrument=instrument or instrument_of(saved), dark=dark
        )

    def _link(self, saved: SavedTune, asker: Asker) -> str:
        """Return the address where the tune can be seen and heard; on the site itself a path."""
        if self._settings.public_url:
            return page_link(self._settings.public_url, saved.id)
        return page_link("", saved.id) if asker.fetches_files else viewer_link(saved.tune.abc)
