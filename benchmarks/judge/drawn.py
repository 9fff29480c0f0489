"""The drawn tunes: one with the headers of each printed one, by the way that serves people."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from generator.compose.loaded_model import open_model
from generator.compose.model import MODELS
from generator.compose.request import TuneRequest
from generator.evaluation.comparison import wishes_like
from generator.music.tune import Tune
from generator.serving.service import Service
from generator.training.training_text import Lesson

_AT_ONCE: Final = 48


def draw(lessons: Sequence[Lesson], model: str, temp: float, n: int, models: Path = MODELS) -> list[Tune]:
    """Return a tune with the headers of each lesson, seeds from 1."""
    wishes = wishes_like(lessons, len(lessons), temp=temp, n=n)
    return asyncio.run(_compose(wishes, model, models))


async def _compose(wishes: Sequence[TuneRequest], model: str, models: Path) -> list[Tune]:
    async with Service(partial(open_model, engine="fast", models=models), model, Random(1)) as service:
        waiting = asyncio.Semaphore(_AT_ONCE)

        async def one(number: int, wish: TuneRequest) -> Tune:
            async with waiting:
                return await service.compose(wish, user=str(number), deadline=3600)

        return await asyncio.gather(*(one(number, wish) for number, wish in enumerate(wishes)))
