"""A book of tunes: its PDF, its ABC and its MIDI file."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from bot.files import FILES, FileKind, file_name
from bot.reply import Attachment
from bot.store import SavedTune
from bot.tune_facts import instrument_of, music_facts
from bot.tune_files import Renderer

MOST: Final = 60  # tunes
PDF: Final = FileKind("pdf", "pdf", "application/pdf", "PDF")
_AT_ONCE: Final = 4  # sheets that are drawn at a time, so that others' come in between


def book_abc(tunes: Iterable[SavedTune]) -> str:
    """Put tunes into one ABC file, numbered as they come."""
    pieces = []
    for number, saved in enumerate(tunes, 1):
        first, _, rest = saved.tune.abc.strip().partition("\n")
        pieces.append(f"X:{number}\n{rest}" if first.startswith("X:") else f"X:{number}\n{first}\n{rest}")
    return "\n\n".join(pieces) + "\n"


async def book_pdf(renderer: Renderer, title: str, tunes: Sequence[SavedTune], *, user: str) -> bytes:
    """Draw the tunes, and bind them with their contents.

    Raises:
        FriendlyError: one of them cannot be drawn now.
    """
    from generator.render.tune_book import Sheet, pdf  # noqa: PLC0415 - for those who want a book

    gate = asyncio.Semaphore(_AT_ONCE)

    async def sheet(saved: SavedTune) -> Sheet:
        async with gate:
            picture = await renderer.for_print(saved.tune.abc, user=user)
        about = [music_facts(saved.tune).get(name, "") for name in ("type", "key")]
        return Sheet(saved.tune.title, ", ".join(filter(None, about)), picture)

    sheets = await asyncio.gather(*map(sheet, tunes))
    return await asyncio.to_thread(pdf, title, sheets)


async def book_midi(renderer: Renderer, tunes: Sequence[SavedTune], *, user: str) -> bytes:
    """Put the tunes one after the other into one MIDI file.

    Raises:
        FriendlyError: one of them cannot be had now.
    """
    from generator.render.tune_book import midi  # noqa: PLC0415 - likewise

    files = [
        renderer.file(saved.tune.abc, "mid", instrument=instrument_of(saved), user=user) for saved in tunes
    ]
    return await asyncio.to_thread(midi, await asyncio.gather(*files))


async def book_files(
    renderer: Renderer, title: str, tunes: Sequence[SavedTune], *, user: str
) -> tuple[Attachment, ...]:
    """Make all three files of a book.

    Raises:
        FriendlyError: one of the tunes cannot be drawn now.
    """
    name = file_name(title)
    sheets, notes = await asyncio.gather(
        book_pdf(renderer, title, tunes, user=user), book_midi(renderer, tunes, user=user)
    )
    return (
        Attachment(f"{name}.pdf", PDF, sheets),
        Attachment(f"{name}.abc", FILES["abc"], book_abc(tunes).encode()),
        Attachment(f"{name}.mid", FILES["mid"], notes),
    )
