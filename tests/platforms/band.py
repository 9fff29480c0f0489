"""What stands behind an adapter in its tests: a tune of our own, and a core whose answers a test sets."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.asker import Asker
from bot.chosen import NOTHING_CHOSEN, Chosen
from bot.commands import COMMANDS
from bot.commands.command import Command, Post
from bot.core import Core
from bot.files import FILES
from bot.reply import Attachment, Button, Reply
from bot.settings import Settings

ABC = """X:1
T:The Kettle Lid
R:jig
M:6/8
L:1/8
Q:3/8=120
K:G
|:GAB d2B|c2A B2G|"""
MIDI = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk\x00\x00\x00\x04\x00\xff/\x00"
LINK = "https://tunes.example.org/t/k3Xw9bQz"
TUNE = Reply(
    title="The Kettle Lid",
    facts={"type": "jig", "key": "G major", "meter": "6/8", "temp": "temp 0.8", "seed": "seed 7"},
    abc=ABC,
    tune={"id": "k3Xw9bQz", "title": "The Kettle Lid", "abc": ABC, "key": "G", "meter": "6/8"},
    attachments=(
        Attachment("the-kettle-lid.abc", FILES["abc"], ABC.encode()),
        Attachment("the-kettle-lid.mid", FILES["mid"], MIDI),
    ),
    buttons=(
        Button("Another like this", command="/another k3Xw9bQz"),
        Button("See and hear it", url=LINK),
    ),
)
WORDS = "The Kettle Lid\njig · G major · 6/8 · temp 0.8 · seed 7"
PICTURE = Attachment("the-kettle-lid.png", FILES["png"], b"\x89PNG picture")
SOUND = Attachment("the-kettle-lid.mp3", FILES["mp3"], b"ID3 sound")


class Scripted(Core):
    """A core that gives what the test says, and remembers what it was asked.

    Attributes:
        reply: the answer, or the error that is raised instead.
        asked: what came in: text, or a command with its options; and who asked.
        news: what those who wait are told.
        slow: as long as it is set, answers wait for ``finish``.
        dropped: set once an answer under way is no longer wanted.
        kept: tune, platform, kind and id of files that a platform has.
        seen: what was answered, as the store keeps it.
    """

    def __init__(self, reply: Reply | Exception = TUNE, commands: Mapping[str, Command] = COMMANDS) -> None:
        self.commands = self._every_command = commands
        self.invites: dict[str, str] = {}
        self.posters: dict[str, Post] = {}
        self.reply = reply
        self.asked: list[tuple[object, Asker]] = []
        self.slow = False
        self.news = ""
        self.finish = asyncio.Event()
        self.dropped = asyncio.Event()
        self.kept: list[tuple[str, str, str, str]] = []
        self.seen: set[tuple[str, str]] = set()
        self._arrived = asyncio.Condition()

    async def answer(self, text: str, asker: Asker) -> Reply:
        return await self._play(text, asker)

    async def run(self, command: str, values: Mapping[str, object], asker: Asker) -> Reply:
        given = {name: value for name, value in values.items() if value is not None}
        return await self._play((command, given), asker)

    async def first_time(self, platform: str, key: str) -> bool:
        new = (platform, key) not in self.seen
        self.seen.add((platform, key))
        return new

    async def noted(self, platform: str, start: str) -> str:
        found = [key for name, key in self.seen if name == platform and key.startswith(start)]
        return (found or [start])[-1].removeprefix(start)

    async def chosen(self, asker: Asker) -> Chosen:
        del asker
        return NOTHING_CHOSEN

    async def keep_file(self, tune_id: str, platform: str, kind: str, file_id: str) -> None:
        self.kept.append((tune_id, platform, kind, file_id))

    async def _play(self, asked: object, asker: Asker) -> Reply:
        async with self._arrived:
            self.asked.append((asked, asker))
            self._arrived.notify_all()
        if self.news and asker.tell:
            await asker.tell(self.news)
        if self.slow:
            try:
                await self.finish.wait()
            except asyncio.CancelledError:
                self.dropped.set()
                raise
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply

    async def until_asked(self, count: int) -> None:
        """Wait until so many have asked."""
        async with asyncio.timeout(10), self._arrived:
            await self._arrived.wait_for(lambda: len(self.asked) >= count)


def settings(**values: Any) -> Settings:
    """Settings as a test says, and nothing from the environment."""
    return Settings(**values)


def with_(**changes: Any) -> Reply:
    """The tune's reply with some of it changed."""
    return replace(TUNE, **changes)
