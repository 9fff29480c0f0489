"""What stands in for the model in the tests of the bot: a composer that plays a tune of our own."""

import asyncio
import io
from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

import numpy as np
import soundfile

from bot.core import Core
from bot.platforms.web import WEB
from bot.platforms.web.adapter import WebAdapter
from bot.settings import Settings
from bot.store import Store
from generator.compose.request import TuneRequest
from generator.music.files.opened import OpenedFile, open_file
from generator.music.keys import Key
from generator.music.pasted_tune import read_pasted
from generator.music.tune import Origin, Tempo, Tune
from generator.music.tune_text import TuneText
from generator.render.changes import Change, Changed, changed
from generator.render.midi import midi_bytes
from generator.render.part_times import Timeline, timeline
from generator.render.practice import PLAIN, Practice
from generator.serving.messages import Progress

JIG = """X:1
T:The Kettle on the Hob
R:jig
M:6/8
L:1/8
Q:3/8=112
K:G
|:D|"G"G2A BAG|"C"E2F GED|"G"G2A Bcd|"D"edB A2D|
"G"G2A BAG|"C"E2F GED|"G"Bcd "D"AGF|"G"G3 G2:|
|:d|"G"g2f "C"edc|"G"Bcd "D"AFD|"G"g2f "C"edc|"D"Bcd e2d|
"G"g2f "C"edc|"G"Bcd "D"AGF|"C"E2F "D"GAF|"G"G3 G2:|
"""
BARS = 18  # with the pickups


class Fiddler:
    """Composes by transposing one jig into the key that is asked for.

    Attributes:
        asked: the requests and users that came in.
        trouble: raised instead of composing.
        wait: as long as it is not set, nobody gets a tune.
        started: set when a request has come in.
        gone: set when one who was waiting has left.
        notes: figures about the tune.
        news: how it goes, as it is told first to whoever follows.
    """

    def __init__(self) -> None:
        self._seeds = Random(5)
        self.asked: list[tuple[TuneRequest, str]] = []
        self.trouble: Exception | None = None
        self.wait = asyncio.Event()
        self.wait.set()
        self.started = asyncio.Event()
        self.gone = asyncio.Event()
        self.notes: dict[str, float | str] = {}
        self.news: list[Progress] = []

    async def compose(self, request: TuneRequest, *, user: str = "", deadline: float | None = None) -> Tune:
        del deadline
        self.asked.append((request, user))
        self.started.set()
        try:
            await self.wait.wait()
        except asyncio.CancelledError:
            self.gone.set()
            raise
        if self.trouble:
            raise self.trouble
        seed = self._seeds.randrange(1_000_000) if request.seed is None else request.seed
        jig = Tune.read(JIG)
        key = request.key or Key("G")
        jig = jig.transposed(key) if key.mode == "major" else replace(jig, key=key)
        if request.chords == "off":
            jig = jig.without_chords()
        beats = request.tempo_at(112)
        jig = replace(jig, tempo=Tempo(jig.meter.beat, beats))
        return replace(jig, origin=Origin("jigs", seed, request.temp, self.notes))

    async def follow(
        self, request: TuneRequest, *, user: str = "", deadline: float | None = None
    ) -> AsyncGenerator[Progress | Tune, None]:
        for news in self.news:
            yield news
        yield await self.compose(request, user=user, deadline=deadline)


class Copyist:
    """Makes files: MIDI as the bot does, everything else as its name; sound is a hum as long as the tune.

    Attributes:
        edition: changes when the files do.
        made: suffix and instrument of every file that was asked for.
        turns: whose turn each of them took.
        trouble: raised instead.
        slow: suffixes that never come.
        ready: as long as it is not set, no file comes.
        begun: as many as files were asked for.
        gone: suffixes of files that somebody waited for and then gave up, as they do.
    """

    def __init__(self, *suffixes: str) -> None:
        self.edition = "first"
        self.suffixes = frozenset(suffixes or ("mid",))
        self.made: list[tuple[str, str]] = []
        self.turns: list[str] = []
        self.trouble: Exception | None = None
        self.slow: set[str] = set()
        self.ready = asyncio.Event()
        self.ready.set()
        self.begun = asyncio.Semaphore(0)
        self.gone: asyncio.Queue[str] = asyncio.Queue()

    async def read(self, abc: str, which: int = 1, *, user: str = "") -> TuneText:
        self.turns.append(user)
        return TuneText.of(read_pasted(abc, which))

    async def opened(self, data: bytes, *, user: str = "") -> OpenedFile:
        self.turns.append(user)
        return open_file(data)

    async def changed(self, abc: str, change: Change, *, user: str = "") -> Changed:
        self.turns.append(user)
        return changed(abc, change)

    async def timeline(self, abc: str, *, user: str = "") -> Timeline:
        self.turns.append(user)
        return timeline(Tune.read(abc))

    async def for_print(self, abc: str, *, user: str = "") -> bytes:
        self.made.append(("print", abc.partition("T:")[2].partition("\n")[0]))
        self.turns.append(user)
        return DOT

    async def file(
        self,
        abc: str,
        suffix: str,
        *,
        instrument: str | None = None,
        dark: bool = False,
        part: str = "",
        practice: Practice = PLAIN,
        user: str = "",
    ) -> bytes:
        self.turns.append(user)
        self.made.append((suffix, instrument or ""))
        self.begun.release()
        if self.trouble:
            raise self.trouble
        try:
            await (asyncio.Event() if suffix in self.slow else self.ready).wait()
        except asyncio.CancelledError:
            self.gone.put_nowait(suffix)
            raise
        if suffix == "mid":
            return midi_bytes(Tune.read(abc), instrument=instrument, practice=practice)
        if suffix in ("mp3", "ogg"):
            return hum(timeline(Tune.read(abc)).seconds, suffix)
        if suffix == "svg":
            return b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9"/></svg>'
        part = f" for {part}" if part else ""
        return f"{suffix} of {Tune.read(abc).key.abc}{' by night' if dark else ''}{part}".encode()


# A PNG of one white pixel.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)


def hum(seconds: float, suffix: str) -> bytes:
    """A low note, so long, as a sound file."""
    rate = 24_000
    wave = 0.2 * np.sin(2 * np.pi * 220 * np.arange(int(rate * seconds)) / rate)
    file = io.BytesIO()
    kind = {"mp3": ("MP3", "MPEG_LAYER_III"), "ogg": ("OGG", "OPUS")}[suffix]
    soundfile.write(file, wave, rate, format=kind[0], subtype=kind[1])
    return file.getvalue()


class Clock:
    """A clock that goes one second further each time one looks."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


ANNA = WEB.asker("anna", "site")


def settings(**values: Any) -> Settings:
    """Settings as a test says, and nothing from the environment."""
    return Settings(**values)


async def memory_store(seed: int = 1) -> Store:
    return await Store.open("sqlite+aiosqlite:///:memory:", Clock(), Random(seed))


def core(
    store: Store,
    composer: Fiddler,
    renderer: Copyist | None = None,
    *,
    public_url: str | None = None,
    **table: Any,
) -> Core:
    """A core over stand-ins.

    Args:
        store: open.
        composer: draws tunes.
        renderer: makes files; MIDI alone where none is given.
        public_url: the setting.
        table: commands, files or patience, where they are not the bot's own.
    """
    return Core(settings(public_url=public_url), store, composer, renderer or Copyist(), Random(7), **table)


def site_of(
    core: Core,
    *,
    node_modules: Path = Path("node_modules"),
    invites: Mapping[str, str] = MappingProxyType({}),
    **values: Any,
) -> WebAdapter:
    """The site of a core, on a free port, with the settings that are given."""
    return WebAdapter(WEB, core, settings(**{"port": 0} | values), Random(3), node_modules, invites)
