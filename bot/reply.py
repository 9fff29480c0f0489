"""What any chat can show: text, files, buttons. Adapters translate it, nobody else does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["abc", "midi", "picture", "audio", "musicxml"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a reply.

    Attributes:
        name: file name with its suffix, safe on any system.
        kind: what it is for; adapters decide by it how to show it.
        media_type: as HTTP names it.
        data: the bytes; empty where a place to fetch them is enough, as on the site.
    """

    name: str
    kind: Kind
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Button:
    """A button: either a command that it types for the user, or a link that it opens."""

    label: str
    command: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one command.

    Attributes:
        text: plain text without any markup.
        abc: the tune's ABC text, shown in a fixed-width block; None if the reply has no tune.
        tune: id, title, abc, key, meter, temp, seed, model of the tune, as the site's API gives it.
        attachments: the files, the first ones first in importance.
        buttons: in the order in which they stand.
    """

    text: str
    abc: str | None = None
    tune: Mapping[str, Any] | None = None
    attachments: tuple[Attachment, ...] = ()
    buttons: tuple[Button, ...] = ()
