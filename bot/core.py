"""A command in, a Reply out: the one place that every platform asks.

The core knows no chat library. An adapter turns what its platform sends into ``answer`` (typed text)
or ``run`` (typed options) and shows the :class:`~bot.reply.Reply`; it catches ``FriendlyError`` and
shows its text. Nothing else ever comes out.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Protocol

from bot import texts
from bot.commands import COMMANDS, given_options, read
from bot.files import FILES, REPLY_FILES
from bot.language.pasted_abc import in_lines
from bot.language.words import allowed
from bot.link import page_link, viewer_link
from bot.reply import Button, Reply
from bot.settings import Settings
from bot.store import NewTune, SavedTune, Store
from bot.tune_facts import as_mapping, askable, attachment, closest, facts, instrument_of, wishes
from generator.compose.request import TuneRequest
from generator.errors import FriendlyError, RequestError
from generator.music.dances import dance_of
from generator.music.instruments import INSTRUMENTS
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.pace import at_tempo

__all__ = ["COMMANDS", "Asker", "Composer", "Core", "Mishap", "Renderer"]

_logger: Final = logging.getLogger(__name__)
_PATIENCE: Final = 20.0  # seconds that a file may take before the reply goes without it
_SEEDS: Final = 1_000_000  # those that we draw; short enough to read out


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


class Mishap(FriendlyError):  # noqa: N818 - no error of the user's
    """A fault of ours: it is logged with a reference, and the sentence names that reference."""


class Composer(Protocol):
    """What composes: ``generator.serving.service.Service``, or a client of one elsewhere."""

    async def compose(self, request: TuneRequest, *, user: str = "", deadline: float | None = None) -> Tune:
        """A tune for the request; raises FriendlyError for what the user can mend."""


class Renderer(Protocol):
    """What makes files of a tune."""

    @property
    def suffixes(self) -> frozenset[str]:
        """The kinds of file that it can make here: ``mid``, ``png``, ``mp3``..."""

    async def file(
        self, tune: Tune, suffix: str, *, instrument: str | None = None, dark: bool = False
    ) -> bytes:
        """A file of a tune.

        Args:
            tune: what to show or play.
            suffix: one of ``suffixes``.
            instrument: what plays it, in a file that sounds.
            dark: light ink for a dark page, in a drawing.
        """


class Core:
    """Answers commands. Everything that it needs is handed in.

    Args:
        settings: of the bot.
        store: keeps the tunes.
        composer: draws them.
        renderer: makes files of them.
        clock: seconds since 1970.
        random: draws seeds and references.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        composer: Composer,
        renderer: Renderer,
        clock: Callable[[], float],
        random: Random,
    ) -> None:
        self._settings = settings
        self._store = store
        self._composer = composer
        self._renderer = renderer
        self._clock = clock
        self._random = random
        self._answers: dict[str, Callable[[Mapping[str, object], Asker], Awaitable[Reply]]] = {
            "tune": self._tune,
            "another": self._another,
            "abc": self._abc,
            "help": self._help,
            "start": self._start,
        }

    async def answer(self, text: str, asker: Asker) -> Reply:
        """Answer a command typed as text: ``/tune key=G temp=0.8``, ``/tune@TunesmithBot jig in Em``.

        Raises:
            FriendlyError: one sentence to show; a :class:`Mishap` if the fault is ours.
        """
        asked = read(text)
        return await self.run(asked.command, asked.values, asker)

    async def run(self, command: str, values: Mapping[str, object], asker: Asker) -> Reply:
        """Answer a command whose options are already apart, as Discord sends them.

        Args:
            command: a name in ``COMMANDS``.
            values: option names and values; None counts as not given.
            asker: who asks, and where.

        Raises:
            FriendlyError: one sentence to show; a :class:`Mishap` if the fault is ours.
        """
        if command not in COMMANDS:
            raise RequestError(texts.unknown_command(f"/{command}", None))
        try:
            given = given_options(COMMANDS[command], values)
            return await self._answers[command](given, asker)
        except FriendlyError:
            raise
        except Exception as error:
            reference = f"{self._random.getrandbits(32):08x}"
            _logger.exception("%s: /%s failed on %s", reference, command, asker.platform)
            raise Mishap(texts.mishap(reference)) from error

    async def _tune(self, values: Mapping[str, object], asker: Asker) -> Reply:
        return await self._compose(TuneRequest.of(values), asker)

    async def _another(self, values: Mapping[str, object], asker: Asker) -> Reply:
        wanted = str(values.get("tune", ""))
        saved = await (
            self._store.tune(wanted) if wanted else self._store.last(asker.platform, asker.place, asker.user)
        )
        if saved is None:
            raise RequestError(texts.unknown_tune(wanted) if wanted else texts.NO_LAST_TUNE)
        same = {name: value for name, value in saved.tune.request.items() if name != "seed"}
        return await self._compose(TuneRequest.of(askable(same)), asker)

    async def _abc(self, values: Mapping[str, object], asker: Asker) -> Reply:
        tune = Tune.read(in_lines(str(values["abc"])))
        same = {"key": tune.key.abc, "meter": tune.meter.abc, "type": dance_of(tune.rhythm)}
        return await self._reply(tune, askable(same), asker)

    async def _help(self, values: Mapping[str, object], asker: Asker) -> Reply:  # noqa: ARG002
        options = COMMANDS["tune"].options.values()
        text = texts.help_text(
            [(command.name, command.help) for command in COMMANDS.values()],
            [(option.name, option.help, allowed(option)) for option in options],
        )
        return Reply(text)

    async def _start(self, values: Mapping[str, object], asker: Asker) -> Reply:  # noqa: ARG002
        buttons = (
            Button(texts.BUTTON_SURPRISE, command="/tune"),
            Button(texts.BUTTON_HELP, command="/help"),
        )
        return Reply(texts.welcome(), buttons=buttons)

    async def _compose(self, request: TuneRequest, asker: Asker) -> Reply:
        if request.seed is None:
            request = request.model_copy(update={"seed": self._random.randrange(_SEEDS)})
        tune = await self._composer.compose(request, user=f"{asker.platform}:{asker.user}")
        tune = at_tempo(tune, request.tempo)
        if request.chords == "off":
            tune = tune.without_chords()
        return await self._reply(tune, wishes(request, tune), asker)

    async def _reply(self, tune: Tune, request: Mapping[str, str], asker: Asker) -> Reply:
        origin = tune.origin
        saved = await self._store.add(
            NewTune(
                platform=asker.platform,
                community=asker.community,
                place=asker.place,
                user=asker.user,
                request=request,
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
        wanted = [suffix for suffix in REPLY_FILES if suffix in self._renderer.suffixes]
        # The site fetches its files one by one when somebody wants them, so nobody waits for them here.
        made = [b""] * len(wanted) if asker.platform == "web" else await self._files(tune, saved, wanted)
        attachments = [attachment(saved, "abc", saved.tune.abc.encode())]
        attachments += [
            attachment(saved, suffix, data)
            for suffix, data in zip(wanted, made, strict=True)
            if data is not None
        ]
        missing = [FILES[suffix].label for suffix, data in zip(wanted, made, strict=True) if data is None]
        notes = closest(tune)
        if missing:
            notes.append(texts.not_made(missing))
        if asker.platform != "web" and "mp3" not in self._renderer.suffixes:
            notes.append(texts.NO_SOUND)
        notes.append(INSTRUMENTS[instrument_of(saved)].note)
        return Reply(
            text=texts.tune_lines(saved.tune.title, facts(tune), notes),
            abc=saved.tune.abc,
            tune=as_mapping(saved),
            attachments=tuple(attachments),
            buttons=(
                Button(texts.BUTTON_ANOTHER, command=f"/another {saved.id}"),
                Button(texts.BUTTON_LINK, url=self.link(saved, asker.platform)),
            ),
        )

    async def _files(self, tune: Tune, saved: SavedTune, suffixes: Sequence[str]) -> list[bytes | None]:
        """Files of a reply, made side by side; None for one that fails or takes too long."""

        async def file(suffix: str) -> bytes | None:
            try:
                async with asyncio.timeout(_PATIENCE):
                    return await self._renderer.file(tune, suffix, instrument=instrument_of(saved))
            except FriendlyError as error:  # it is logged where it happened
                _logger.warning("no %s for tune %s: %s", suffix, saved.id, error)
                return None
            except Exception:
                _logger.exception("no %s for tune %s", suffix, saved.id)
                return None

        return list(await asyncio.gather(*map(file, suffixes)))

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The kinds of file that :meth:`file` can give, in the order in which a page offers them."""
        return tuple(suffix for suffix in FILES if suffix == "abc" or suffix in self._renderer.suffixes)

    async def saved(self, tune_id: str) -> SavedTune | None:
        """The tune with this id, or None."""
        return await self._store.tune(tune_id)

    async def recent(self, count: int) -> list[SavedTune]:
        """The newest tunes that were composed on the site itself."""
        return await self._store.recent("web", count)

    async def file(
        self,
        saved: SavedTune,
        suffix: str,
        *,
        key: Key | None = None,
        instrument: str | None = None,
        dark: bool = False,
    ) -> bytes:
        """A file of a kept tune.

        Args:
            saved: the tune.
            suffix: one of :attr:`suffixes`.
            key: another key to have it in, of the same mode; None for its own.
            instrument: another one to play it; None for the one that was wished for.
            dark: light ink for a dark page, in a drawing.

        Raises:
            FriendlyError: if it cannot be made.
        """
        if suffix == "abc" and key is None:
            return saved.tune.abc.encode()
        tune = Tune.read(saved.tune.abc)
        if key is not None and key != tune.key:
            tune = tune.transposed(key).fitted()
        if suffix == "abc":
            return tune.abc().encode()
        return await self._renderer.file(
            tune, suffix, instrument=instrument or instrument_of(saved), dark=dark
        )

    def link(self, saved: SavedTune, platform: str) -> str:
        """Where the tune can be seen and heard; on the site itself its own page."""
        if self._settings.public_url:
            return page_link(self._settings.public_url, saved.id)
        if platform == "web":
            return page_link("", saved.id)
        return viewer_link(saved.tune.abc)
