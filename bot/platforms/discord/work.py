"""The answers under way, and what becomes of them when the bot stops."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from bot import texts
from bot.asker import Asker
from bot.platforms.discord.answer import Answer
from bot.platforms.discord.permissions import MissingPermissions
from bot.reply import Reply
from generator.errors import FriendlyError

_LAST_WORDS: Final = 5.0  # seconds to tell those whose answers are late when the bot stops

Ask = Callable[[Asker], Awaitable[Reply]]


class Work:
    """Answers under way.

    Attributes:
        stopping: whether nothing new is taken any more.
        missing: the permissions that somebody was told of.
    """

    def __init__(self) -> None:
        self.stopping = False
        self.missing = MissingPermissions()
        self._busy: set[asyncio.Task[Any]] = set()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Count the current task among those that :meth:`stop` waits for."""
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            yield
        finally:
            self._busy.discard(task)

    async def stop(self, drain: float) -> None:
        """Take nothing new; let answers go out for so many seconds, then tell the late ones."""
        self.stopping = True
        if not self._busy:
            return
        _, late = await asyncio.wait(self._busy, timeout=drain)
        for task in late:
            task.cancel()  # it says so
        if late:
            await asyncio.wait(late, timeout=_LAST_WORDS)

    async def answer(self, ask: Ask, asker: Asker, answer: Answer) -> None:
        """Show the words as soon as they are there, then the files; tell those who have to wait, or to go."""
        reply: Reply | None = None
        try:
            reply = await ask(replace(asker, tell=answer.tell))
            await answer.show(reply)
            if reply.later:
                await answer.show(await reply.later)
        except FriendlyError as error:
            await answer.refuse(str(error))
        except asyncio.CancelledError:
            if self.stopping and not answer.complete:
                await answer.show(_cut_short(reply))
            raise


def _cut_short(reply: Reply | None) -> Reply:
    """Keep the words of a tune whose files come no more; with no tune, ask to ask again."""
    if reply is None:
        return Reply(texts.STOPPING)
    if reply.later is None:
        return reply
    reply.later.cancel()
    return replace(reply, later=None, notes=(*reply.notes, texts.FILES_CUT_SHORT))
