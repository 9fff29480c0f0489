"""The bot's real core for the tests of the adapters, and what a MIDI file says."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from symusic import Score

from bot.core import Core
from bot.store import Store
from bot.wiring import open_composer
from generator.music.tune import Tune
from tests.bot.players import Copyist, Fiddler, settings

MODELS = Path(__file__).parents[2] / "models"
COMPOSERS = ("a stand-in", "fast", "keras")


@asynccontextmanager
async def house(composer: str) -> AsyncIterator[Core]:
    """A core on a store in memory; its composer is a stand-in, or the service with this engine."""
    store = await Store.open("sqlite+aiosqlite:///:memory:", time.time, Random(1))
    try:
        if composer == "a stand-in":
            yield Core(settings(), store, Fiddler(), Copyist(), Random(7))
        else:
            if not (MODELS / "session").exists():
                pytest.skip("no model in models/session")
            if composer == "keras":
                pytest.importorskip("tensorflow", reason="ENGINE=keras needs TensorFlow")
            chosen = settings(engine=composer, model="session")
            async with open_composer(chosen) as service:
                yield Core(chosen, store, service, Copyist(), Random(7))
    finally:
        await store.close()


def notes_in(midi: bytes) -> list[tuple[float, float, int]]:
    """Onset, length (in whole notes) and pitch of every note of a MIDI file, by an independent reader."""
    score = Score.from_midi(midi)
    whole = 4 * score.ticks_per_quarter
    notes = [(n.time / whole, n.duration / whole, n.pitch) for track in score.tracks for n in track.notes]
    return sorted(notes)


def notes_of(tune: Tune) -> list[tuple[float, float, int]]:
    """The same of a tune as it is played."""
    return sorted(
        (float(note.onset), float(note.length), pitch) for note in tune.played() for pitch in note.pitches
    )
