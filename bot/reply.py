"""What any chat can show, as data: facts, files, buttons. Platforms lay it out, nobody else does."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.files import FileKind


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a reply.

    Attributes:
        name: file name with its suffix, safe on any system.
        kind: what kind of file it is; platforms decide by it how to show it.
        data: the bytes; empty for a platform that fetches files itself.
    """

    name: str
    kind: FileKind
    data: bytes


@dataclass(frozen=True, slots=True)
class Button:
    """A button: either a command that it types for the user, or a link that it opens."""

    label: str
    command: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one command: plain words, or a tune with all that is said of it.

    No field holds markup, and only whoever shows a reply joins its fields into text.

    Attributes:
        text: what is said where there is no tune to show.
        title: of the tune; empty if the reply has none.
        facts: of the tune, as a person says them, by name: ``key``, ``meter``, ``seed``...
        notes: sentences about the tune.
        missing: labels of the files that could not be made.
        abc: the tune's ABC text, shown in a fixed-width block; None if the reply has no tune.
        parent: a link to the tune that this one comes from, with its title; None if it comes from none.
        tune: id, title, abc, key, meter, temp, seed, model of the tune, as the site's API gives it.
        attachments: the files, the most important first.
        buttons: in the order in which they stand.
        later: ends with this reply and its files, where they are still being made; whoever gives up the
            reply cancels it. None if nothing more comes.
    """

    text: str = ""
    title: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    abc: str | None = None
    parent: Button | None = None
    tune: Mapping[str, Any] | None = None
    attachments: tuple[Attachment, ...] = ()
    buttons: tuple[Button, ...] = ()
    later: "asyncio.Task[Reply] | None" = field(default=None, compare=False, repr=False)

    def noted(self, notes: Iterable[str]) -> "Reply":
        """Put notes before those of the reply, also of the one that comes later."""
        more = tuple(notes)
        if not more:
            return self
        noted, later = replace(self, notes=more + self.notes), self.later
        if later is None:
            return noted

        async def noted_later() -> Reply:
            return (await later).noted(more)

        task = asyncio.create_task(noted_later())
        task.add_done_callback(lambda _: later.cancel())  # does nothing to one that is done
        return replace(noted, later=task)
