"""Files that people send on Telegram."""

from telegram import Audio, Document, Message
from telegram.error import TelegramError

from bot import texts
from bot.sent_files import SentFile
from generator.errors import FileError, FriendlyError
from generator.music.files.opened import MOST_BYTES, TOO_LARGE


def file_of(message: Message) -> SentFile | None:
    """Return the file of a message, not fetched yet; None if it has none. A MIDI file may come as audio."""
    sent: Document | Audio | None = message.document or message.audio
    if sent is None:
        return None

    async def read() -> bytes:
        try:
            file = await sent.get_file()
            if (file.file_size or 0) > MOST_BYTES:
                raise FileError(TOO_LARGE)
            return bytes(await file.download_as_bytearray())
        except TelegramError:
            raise FriendlyError(texts.NOT_FETCHED) from None

    # Telegram may leave the size out, and says it when the file is asked for.
    return SentFile(sent.file_name or "", 1 if sent.file_size is None else sent.file_size, read)
