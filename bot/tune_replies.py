"""A tune as a reply: kept, with its facts, its buttons and its files."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.chosen import AS_FILE, AS_TEXT, NO_FILES, PICTURE_ALONE, Chosen
from bot.commands.command import Command
from bot.files import FileKind, in_chats
from bot.link import page_link, viewer_link
from bot.metrics import Metrics
from bot.reply import Button, Reply
from bot.settings import Settings
from bot.store import NewTune, SavedTune, Store, StoreError
from bot.tune_facts import as_mapping, attachment, facts, instrument_of, nearest_known_tune, unlearnt_type
from bot.tune_files import Renderer, make_files
from bot.under_tunes import Shown, first_buttons
from bot.words_first import WordsFirst
from generator.music.instruments import INSTRUMENTS
from generator.music.tune import Origin
from generator.music.tune_text import TuneText


@dataclass(frozen=True, slots=True)
class Patience:
    """How long people wait for what, in seconds.

    Attributes:
        file: for a file, its turn included, before the reply goes without it.
        words: before the words go ahead of the files.
        news: before somebody is told how long they wait, and from one time to the next.
    """

    file: float = 120.0
    words: float = 2.0
    news: float = 3.0


USUAL_PATIENCE: Final = Patience()


class TuneReplies:
    """Makes replies of tunes.

    Args:
        settings: has the site's address.
        store: keeps the tunes.
        renderer: makes files of them.
        words_first: puts words before files in a crowd.
        metrics: count what is made.
        commands: every command by name.
        files: kinds of files by suffix.
        patience: how long people wait for what.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        renderer: Renderer,
        words_first: WordsFirst,
        metrics: Metrics,
        commands: Mapping[str, Command],
        files: Mapping[str, FileKind],
        patience: Patience,
    ) -> None:
        self._public_url, self._store, self._renderer = settings.public_url, store, renderer
        self._words_first, self._metrics = words_first, metrics
        self._commands, self._files, self._patience = commands, files, patience

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
        """Keep a tune, and show it with its files, or with a task of them where they take too long.

        Args:
            tune: composed or pasted.
            fields: of a request for a tune like it, as text.
            asker: whose it is.
            origin: how it was made; None for a tune that was pasted.
            parent: the tune that it comes from; None if it comes from none.
            same: whether it is the parent, changed.
        """
        saved = await self._keep(tune, fields, asker, origin, parent)
        notes = (
            unlearnt_type(origin),
            nearest_known_tune(origin),
            "" if saved.id else texts.NOT_KEPT,
            *tune.remarks,
        )
        words = replace(self._words(saved, asker), notes=tuple(filter(None, notes)), same=same)
        if parent:
            words = replace(words, parent=Button(parent.tune.title, url=self.link(parent, asker)))
        return await self._shown_with_files(words, saved, asker)

    async def present(self, saved: SavedTune, asker: Asker) -> Reply:
        """Show a kept tune again."""
        words = self._words(saved, asker, await self._store.likes.count(saved.id))
        return await self._shown_with_files(words, saved, asker)

    def _words(self, saved: SavedTune, asker: Asker, likes: int = 0) -> Reply:
        return Reply(
            title=saved.tune.title,
            facts=facts(saved.tune),
            abc=saved.tune.abc,
            tune=as_mapping(saved),
            buttons=self._buttons(saved, asker, likes),
        )

    async def _shown_with_files(self, words: Reply, saved: SavedTune, asker: Asker) -> Reply:
        """Show a tune with its files, or with a task of them where they take too long."""
        kinds = in_chats(self.files.values())
        silent = not asker.fetches_files and not any(kind.sounds for kind in kinds)
        notes = (*words.notes, texts.NO_SOUND if silent else "", INSTRUMENTS[instrument_of(saved)].note)
        words = replace(words, notes=tuple(filter(None, notes)))
        if not asker.fetches_files:
            kinds, words = _as_chosen(kinds, words, asker.chosen)
        if asker.fetches_files:  # when somebody wants them, by the id
            kinds = kinds if saved.id else []
            return replace(words, attachments=tuple(attachment(saved, kind, b"") for kind in kinds))
        crowded = self._words_first.crowded
        whole = asyncio.create_task(self._with_files(words, saved, kinds, asker))
        try:
            await asyncio.wait({whole}, timeout=0 if crowded else self._patience.words)
        except asyncio.CancelledError:
            whole.cancel()
            raise
        return whole.result() if whole.done() else replace(words, later=whole)

    def _buttons(self, saved: SavedTune, asker: Asker, likes: int) -> tuple[Button, ...]:
        shown = self.shown(asker, saved, likes)
        if not saved.id:
            return (shown.open,)
        # Our own site has a page for each tune, on which all the rest stands.
        return tuple(each for each in first_buttons(shown) if not (asker.fetches_files and each.deed))

    async def show_files(self, saved: SavedTune, asker: Asker) -> Reply:
        """Show the files of a kept tune that people take with them."""
        kinds = [kind for kind in self.files.values() if kind.offered and not kind.draws]
        words = Reply(title=saved.tune.title)
        if asker.fetches_files:
            found = tuple(attachment(saved, kind, b"") for kind in kinds)
            return replace(words, tune=as_mapping(saved), attachments=found)
        return await self._with_files(words, saved, kinds, asker)

    async def _keep(
        self,
        tune: TuneText,
        fields: Mapping[str, str],
        asker: Asker,
        origin: Origin | None,
        parent: SavedTune | None,
    ) -> SavedTune:
        new = NewTune(
            platform=asker.platform,
            community=asker.community,
            place=asker.place,
            user=asker.user,
            request=fields,
            title=tune.title or texts.UNTITLED,
            abc=tune.abc,
            key=tune.key.abc,
            meter=tune.meter,
            rhythm=tune.rhythm,
            temp=origin.temp if origin else None,
            seed=origin.seed if origin else None,
            model=origin.model if origin else None,
            parent=parent.id if parent else None,
        )
        try:
            with self._metrics.stage("keep"):
                return await self._store.add(new)
        except StoreError:  # logged where it happened
            return SavedTune("", time.time(), new)

    async def _with_files(
        self, words: Reply, saved: SavedTune, kinds: Sequence[FileKind], asker: Asker
    ) -> Reply:
        await self._words_first.calm()
        made = await make_files(
            self._renderer,
            saved,
            kinds,
            user=asker.turn,
            patience=self._patience.file,
            watch=self._metrics.render,
        )
        pairs = list(zip(kinds, made, strict=True))
        return replace(
            words,
            missing=tuple(kind.label for kind, data in pairs if data is None),
            attachments=tuple(attachment(saved, kind, data) for kind, data in pairs if data is not None),
        )

    @property
    def files(self) -> Mapping[str, FileKind]:
        """Return the kinds of file that :meth:`file` can give, by suffix, in the order of a page."""
        able = self._renderer.suffixes
        return {suffix: kind for suffix, kind in self._files.items() if kind.make is None or suffix in able}

    def shown(self, asker: Asker, saved: SavedTune, likes: int = 0) -> Shown:
        """Say of a kept tune what its buttons need."""
        return Shown(saved, self.link(saved, asker), self._commands, likes)

    def link(self, saved: SavedTune, asker: Asker) -> str:
        """Return the address where the tune can be seen and heard; on the site itself a path."""
        if saved.id and (self._public_url or asker.fetches_files):
            return page_link(self._public_url or "", saved.id)
        return viewer_link(saved.tune.abc)


def _as_chosen(kinds: list[FileKind], words: Reply, chosen: Chosen) -> tuple[list[FileKind], Reply]:
    """Return which files go along with a tune, and its words, as somebody wants them."""
    if chosen.attach == NO_FILES:
        kinds = [kind for kind in kinds if kind.make is None]
    elif chosen.attach == PICTURE_ALONE:
        kinds = [kind for kind in kinds if kind.make is None or kind.draws]
    if chosen.abc != AS_TEXT:
        words = replace(words, abc=None)
        if chosen.abc != AS_FILE:
            kinds = [kind for kind in kinds if kind.make is not None]
    return kinds, words
