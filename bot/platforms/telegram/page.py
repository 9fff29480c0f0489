"""How a reply looks on Telegram: one message that can grow, and the files below it.

The first message has the words and the buttons, under a photo of the sheet once there is one; the ABC stands
in it as a quote that opens, where it fits. Sound and documents follow as messages of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import (
    FileSizeLimit,
    InlineKeyboardButtonLimit,
    MediaGroupLimit,
    MessageLimit,
)

from bot import texts
from bot.files import FILES, TEXT
from bot.plain_text import as_text
from bot.platforms.telegram import texts as own
from bot.reply import Attachment, Button, Menu, Reply
from bot.translation.translator import say
from bot.under_tunes import MORE

_LONGEST_URL: Final = 2048
_PLAYED: Final = ("audio/mpeg", "audio/mp4")  # Bot API: sendAudio
_SHOWN: Final = ("image/png", "image/jpeg")  # Bot API: sendPhoto
_ROW: Final = 2
_ROW_OF_CHOICES: Final = 3


@dataclass(frozen=True, slots=True)
class TelegramMessages:
    """A reply as messages of Telegram's.

    Attributes:
        html: words of the first message; empty where they have no markup.
        plain: the same without any markup, and with the links; for where Telegram refuses the other.
        keyboard: under the first message.
        photo: what the first message shows; None if it is words alone.
        sound: what plays below it.
        files: documents below it.
        title: of the tune, for a player to show; empty if there is no tune.
    """

    html: str
    plain: str
    keyboard: InlineKeyboardMarkup | None = None
    photo: Attachment | None = None
    sound: Attachment | None = None
    files: tuple[Attachment, ...] = ()
    title: str = ""

    @classmethod
    def of_text(cls, text: str, *, markup: bool = True) -> "TelegramMessages":
        """Make one of a text alone."""
        return cls(escape(text, quote=False) if markup else "", text)


def lay_out(reply: Reply, presser: str = "", *, photo: bool = True) -> TelegramMessages:
    """Fit a reply into messages.

    Room goes to the text first, then to links that no button takes, then to the ABC. ABC without room
    waits under the button for files, or is attached as a file; so is the whole of a text that is too long.

    Args:
        reply: what the core says.
        presser: who pressed the button that is answered; empty if nobody has to be told.
        photo: whether the chat takes photos.
    """
    files = list(reply.attachments)
    under = [b for b in reply.buttons if _fits(b)]
    links = [b for b in reply.buttons if b.url]
    shown = _first(files, _SHOWN, FileSizeLimit.PHOTOSIZE_UPLOAD) if photo else None
    sound = _first(files, _PLAYED, FileSizeLimit.FILESIZE_UPLOAD)
    words = "\n".join(
        filter(None, (say(own.asked_by(presser), reply.language) if presser else "", as_text(reply)))
    )
    if shown and _length(words) > MessageLimit.CAPTION_LENGTH:
        shown = None
    room = int(MessageLimit.CAPTION_LENGTH if shown else MessageLimit.MAX_TEXT_LENGTH)
    if _length(words) > room:
        files.insert(0, Attachment("answer.txt", TEXT, words.encode()))
        words = words[: room // 4] + " …"
    for file in [file for file in files if len(file.data) > FileSizeLimit.FILESIZE_UPLOAD]:
        files.remove(file)
        words = _joined(words, say(texts.too_large(file.name, "Telegram"), reply.language), room)
    for link in links:
        if link not in under:
            words = _joined(words, _line(link), room)
    html, words = _with_parent(reply, words, room)
    plain = words
    if reply.abc:
        under_button = any(_leads_to_files(button) for button in under)
        html, plain = _with_abc(reply.abc.strip(), html, words, room)
        files = _without_abc(reply.abc, files, kept=plain != words or under_button)
    for link in links:
        if link in under:
            plain = _joined(plain, _line(link), MessageLimit.MAX_TEXT_LENGTH)
    rest = [file for file in files if file not in (shown, sound)]
    kept = tuple(rest[: MediaGroupLimit.MAX_MEDIA_LENGTH])
    return TelegramMessages(
        html, plain, keyboard(Menu(tuple(under), reply.choices)), shown, sound, kept, reply.title
    )


def _with_parent(reply: Reply, words: str, room: int) -> tuple[str, str]:
    """Add a link to the tune that a tune comes from, if it fits; give the words with markup and without."""
    html = escape(words, quote=False)
    if reply.parent is None:
        return html, words
    line = say(texts.comes_from(reply.parent.label), reply.language)
    longer = _joined(words, line, room)
    if longer == words:
        return html, words
    return f'{html}\n<a href="{escape(reply.parent.url or "")}">{escape(line, quote=False)}</a>', longer


def _with_abc(abc: str, html: str, words: str, room: int) -> tuple[str, str]:
    """Add the ABC to the words with and without markup, if it fits."""
    whole = _joined(words, abc, room)
    if whole == words:
        return html, words
    return f"{html}\n<blockquote expandable>{escape(abc, quote=False)}</blockquote>", whole


def _without_abc(abc: str, files: list[Attachment], *, kept: bool) -> list[Attachment]:
    """Leave the ABC file out where the ABC is to be had otherwise; else see that there is one."""
    others = [file for file in files if file.kind.role != "abc"]
    if kept:
        return others
    if len(others) == len(files):
        return [Attachment("tune.abc", FILES["abc"], abc.strip().encode()), *files]
    return files


def _first(files: list[Attachment], media_types: tuple[str, ...], limit: int) -> Attachment | None:
    """Find the first file of some types that is not too large."""
    fits = (file for file in files if file.kind.media_type in media_types and len(file.data) <= limit)
    return next(fits, None)


def keyboard(menu: Menu) -> InlineKeyboardMarkup | None:
    """Lay out what stands under a message; what Telegram does not take is left out."""
    rows = _rows(menu.choices, _ROW_OF_CHOICES) + _rows(menu.buttons, _ROW)
    return InlineKeyboardMarkup(rows) if rows else None


def _rows(buttons: Sequence[Button], width: int) -> list[list[InlineKeyboardButton]]:
    keys = [
        InlineKeyboardButton(b.label, url=b.url, callback_data=None if b.url else b.deed or b.command)
        for b in buttons
        if _fits(b)
    ]
    return [keys[start : start + width] for start in range(0, len(keys), width)]


def _leads_to_files(button: Button) -> bool:
    return (button.command or "").startswith("/files ") or (button.deed or "").startswith(f"{MORE} ")


def _fits(button: Button) -> bool:
    if button.url:
        return _takes_button(button.url)
    data = button.deed or button.command or ""
    return 0 < len(data.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA


def _takes_button(url: str) -> bool:
    """Tell whether a button may lead there; Telegram refuses hosts without a dot, message and all."""
    return len(url) <= _LONGEST_URL and "." in (urlsplit(url).hostname or "")


def _length(text: str) -> int:
    """Count as Telegram does: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _line(link: Button) -> str:
    return f"{link.label}: {link.url}"


def _joined(text: str, line: str, room: int) -> str:
    """Add a line to the text, if it still fits."""
    longer = f"{text}\n{line}"
    return longer if _length(longer) <= room else text
