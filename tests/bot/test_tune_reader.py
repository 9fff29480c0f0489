"""Reading a tune holds up nobody, costs no more than its length, and is done once."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from bot.tune_reader import TuneReader
from generator.errors import AbcError, RequestError
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.pace import TempoMap
from tests.bot.players import JIG


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Reading waits until this is set."""
    go_on, read = threading.Event(), Tune.read

    def slowly(abc: str) -> Tune:
        go_on.wait(10)
        return read(abc)

    monkeypatch.setattr(Tune, "read", slowly)
    yield go_on
    go_on.set()


async def test_the_loop_goes_on_while_a_tune_is_read(stuck: threading.Event) -> None:
    reading = asyncio.create_task(TuneReader().read(JIG))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not reading.done()
    stuck.set()
    assert (await reading).title == "The Kettle on the Hob"


@pytest.mark.usefixtures("stuck")
async def test_what_takes_too_long_gets_a_sentence() -> None:
    with pytest.raises(RequestError, match="shorter"):
        await TuneReader(limit=0.01).read(JIG)


async def test_what_is_read_once_is_kept_read() -> None:
    reader = TuneReader()
    assert await reader.read(JIG) is await reader.read(JIG)
    assert await reader.in_key(JIG, Key("A")) is await reader.in_key(JIG, Key("A"))
    assert await reader.in_key(JIG, Key("G")) is await reader.read(JIG)
    assert await reader.timeline(JIG) is await reader.timeline(JIG)


@pytest.mark.parametrize("length", ["C/997", "C/11", "C/1021", "C3/13"])
def test_lengths_that_no_music_has_are_refused(length: str) -> None:
    with pytest.raises(AbcError, match="is no length of a note"):
        Tune.read(f"X:1\nT:Try\nM:4/4\nL:1/64\nK:C\n{length}||\n")


def test_time_goes_on_through_many_changes_of_tempo() -> None:
    bars = "\n".join(f"[Q:1/4={60 * (1 + n % 2)}]C4|" for n in range(200))
    clock = TempoMap.of(Tune.read(f"X:1\nT:Try\nM:4/4\nL:1/4\nK:C\n{bars}\n"))
    assert [clock.seconds(bar) for bar in range(5)] == [0, 4, 6, 10, 12]
    assert clock.seconds(200) == 600
