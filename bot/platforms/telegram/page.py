"""How a reply looks on Telegram: at most two messages, the first with the words, the second with files.

An album counts as one message: it is shown as one. Photos, audio and documents do not mix in an album, so
the first message carries what is best looked at or played where it stands, with the words as caption:

    files of the reply          first message            second message
    none                        text                     -
    MIDI                        text                     document
    MIDI, picture               photo with caption       document
    MIDI, sound                 audio with caption       document
    MIDI, picture, sound        audio with caption       album of documents, the picture first
"""

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
from bot.reply import Attachment, Button, Reply

_LONGEST_URL: Final = 2048
_PLAYED: Final = ("audio/mpeg", "audio/mp4")  # Bot API: sendAudio
_SHOWN: Final = ("image/png", "image/jpeg")  # Bot API: sendPhoto
_ROW: Final = 2


@dataclass(frozen=True, slots=True)
class TelegramMessages:
    """A reply as at most two messages of Telegram's.

    Attributes:
        html: words of the first message.
        plain: the same without any markup, and with the links; for where Telegram refuses the other.
        keyboard: under the first message.
        head: what the first message shows or plays; None if it is words alone.
        files: documents of the second message.
        title: of the tune, for a player to show; empty if there is no tune.
    """

    html: str
    plain: str
    keyboard: InlineKeyboardMarkup | None
    head: Attachment | None
    files: tuple[Attachment, ...]
    title: str = ""


def lay_out(reply: Reply) -> TelegramMessages:
    """Fit a reply into at most two messages.

    Room goes to the text first, then to links that no button takes, then to the ABC. ABC without room is
    attached as a file, and so is the whole of a text that is too long.
    """
    files = list(reply.attachments)
    commands = [b for b in reply.buttons if b.command and _fits_data(b.command)]
    links = [b for b in reply.buttons if b.url]
    under = [b for b in links if b.url and _takes_button(b.url)]
    head = _head(files)
    words = as_text(reply)
    if head and _length(words) > MessageLimit.CAPTION_LENGTH:
        head = None
    room = int(MessageLimit.CAPTION_LENGTH if head else MessageLimit.MAX_TEXT_LENGTH)
    if _length(words) > room:
        files.insert(0, Attachment("answer.txt", TEXT, words.encode()))
        words = words[: room // 4] + " …"
    for file in [file for file in files if len(file.data) > FileSizeLimit.FILESIZE_UPLOAD]:
        files.remove(file)
        words = _joined(words, texts.too_large(file.name, "Telegram"), room)
    for link in links:
        if link not in under:
            words = _joined(words, _line(link), room)
    html, plain = escape(words, quote=False), words
    if reply.abc:
        abc = reply.abc.strip()
        whole = _joined(words, abc, room)
        if whole != words:
            html, plain = f"{html}\n<pre>{escape(abc, quote=False)}</pre>", whole
            files = [file for file in files if file.kind.role != "abc"]
        elif not any(file.kind.role == "abc" for file in files):
            files.insert(0, Attachment("tune.abc", FILES["abc"], abc.encode()))
    for link in under:
        plain = _joined(plain, _line(link), MessageLimit.MAX_TEXT_LENGTH)
    rest = sorted((file for file in files if file is not head), key=lambda file: not file.kind.draws)
    kept = tuple(rest[: MediaGroupLimit.MAX_MEDIA_LENGTH])
    return TelegramMessages(html, plain, _keyboard(commands + under), head, kept, reply.title)


def _head(files: list[Attachment]) -> Attachment | None:
    """Find what is best played or shown with the words: sound, else a picture."""
    for media_types, limit in (
        (_PLAYED, FileSizeLimit.FILESIZE_UPLOAD),
        (_SHOWN, FileSizeLimit.PHOTOSIZE_UPLOAD),
    ):
        for file in files:
            if file.kind.media_type in media_types and len(file.data) <= limit:
                return file
    return None


def _keyboard(buttons: list[Button]) -> InlineKeyboardMarkup | None:
    keys = [
        InlineKeyboardButton(
            button.label, url=button.url, callback_data=None if button.url else button.command
        )
        for button in buttons
    ]
    rows = [keys[start : start + _ROW] for start in range(0, len(keys), _ROW)]
    return InlineKeyboardMarkup(rows) if rows else None


def _fits_data(command: str) -> bool:
    return len(command.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA


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
