"""What any chat can show, as data: facts, files, buttons. Platforms lay it out, nobody else does."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
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
    """A button: a command that it types for the user, a link that it opens, or a deed.

    A deed does something to the message under which the button stands; see :mod:`bot.under_tunes`.
    """

    label: str
    command: str | None = None
    url: str | None = None
    deed: str | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """What stands under a message in place of what stood there.

    Attributes:
        buttons: in their order.
        choices: commands or deeds of which one is picked, before the buttons.
        about: says in a few words what is picked.
    """

    buttons: tuple[Button, ...]
    choices: tuple[Button, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form, filled in already.

    Attributes:
        name: of the option that it is for.
        label: over it.
        value: that it has; empty if it has none.
        choices: all the values there are, empty if they are not few.
        hint: a few words on what it may be.
    """

    name: str
    label: str
    value: str = ""
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form, where a platform has them.

    Attributes:
        title: over it.
        command: that is asked with the fields as options.
        tune: id of the tune that the command is given with them.
        fields: at most five.
    """

    title: str
    command: str
    tune: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Pressed:
    """What comes of a deed.

    Attributes:
        menu: stands under the message from now on; None if that stays.
        form: to fill in, where the platform has forms; the menu is for the others.
        said: a few words to whoever pressed, and nobody else; empty if there is nothing to say.
        gone: whether the message is to be deleted.
    """

    menu: Menu | None = None
    form: Form | None = None
    said: str = ""
    gone: bool = False


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
        same: whether it may take the place of what was there: its parent, changed, or another page.
        language: in which it is said, and in which a platform says what it adds.
        tune: id, title, abc, key, meter, temp, seed, model of the tune, as the site's API gives it.
        attachments: the files, the most important first.
        buttons: in the order in which they stand.
        choices: commands of which one is picked, before the buttons.
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
    same: bool = False
    language: str = "en"
    tune: Mapping[str, Any] | None = None
    attachments: tuple[Attachment, ...] = ()
    buttons: tuple[Button, ...] = ()
    choices: tuple[Button, ...] = ()
    later: "asyncio.Task[Reply] | None" = field(default=None, compare=False, repr=False)

    def with_button(self, *buttons: Button) -> "Reply":
        """Put more buttons behind those of the reply."""
        return replace(self, buttons=(*self.buttons, *buttons))

    def noted(self, notes: Iterable[str]) -> "Reply":
        """Put notes before those of the reply, also of the one that comes later."""
        more = tuple(notes)
        return self.changed(lambda reply: replace(reply, notes=more + reply.notes)) if more else self

    def changed(self, change: "Callable[[Reply], Reply]") -> "Reply":
        """Change the reply, and in the same way the one that comes later."""
        changed, later = change(self), self.later
        if later is None:
            return changed

        async def changed_later() -> Reply:
            return (await later).changed(change)

        task = asyncio.create_task(changed_later())
        task.add_done_callback(lambda _: later.cancel())  # does nothing to one that is done
        return replace(changed, later=task)
