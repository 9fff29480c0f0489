"""Tunes are read in processes: the loop goes on, a hung one costs one job, and what is read stays known."""

import asyncio
import os
import signal

import pytest

from generator.errors import AbcError, FileError, RenderError
from generator.music.files.opened import open_file
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.music.tune_text import TuneText
from generator.render import reading_desk as module
from generator.render.changes import Change
from generator.render.midi import midi_bytes
from generator.render.part_times import timeline
from generator.render.reading_desk import ReadingDesk
from generator.render.workers.pool import WorkerPool
from tests.generator.music.files.made import HOSTILE
from tests.generator.render.tunes import jig

JIG = jig().abc()


@pytest.fixture
async def desk():
    running = ReadingDesk(limit=2)
    running.start()
    yield running
    await running.stop()


async def test_it_answers_as_the_music_does(desk: ReadingDesk) -> None:
    other = Key("Eb", jig().key.mode)
    assert await desk.read(JIG) == TuneText.of(jig())
    assert (await desk.changed(JIG, Change(key=other))).tune.abc == jig().transposed(other).fitted().abc()
    assert (await desk.changed(JIG, Change(key=jig().key))).tune.abc == JIG
    assert await desk.timeline(JIG) == timeline(jig())
    assert await desk.midi(JIG, instrument="flute") == midi_bytes(jig(), "flute")


async def test_files_are_opened_there_and_hostile_ones_cost_no_process(desk: ReadingDesk) -> None:
    assert await desk.opened(midi_bytes(jig())) == open_file(midi_bytes(jig()))
    before = desk.pids
    for data, sentence in HOSTILE.values():
        with pytest.raises(FileError) as caught:
            await desk.opened(data)
        assert sentence in str(caught.value)
    assert desk.pids == before


async def test_what_cannot_be_read_is_said_with_its_place(desk: ReadingDesk) -> None:
    with pytest.raises(AbcError) as caught:
        await desk.read("X:1\nT:Try\nK:C\nC D|C/997|\n")
    assert (caught.value.line, caught.value.bar) == (4, 2)
    assert str(caught.value) == "line 4, bar 2: “/997” is no length of a note; write A2, A/2 or A3/2"


async def test_the_loop_goes_on_while_a_reader_hangs_which_is_then_replaced(desk: ReadingDesk) -> None:
    await desk.read(JIG)
    hung = desk.pids
    for pid in hung:
        os.kill(pid, signal.SIGSTOP)
    turns = 0
    reading = asyncio.create_task(desk.read(JIG.replace("T:", "T:Slow ")))
    while not reading.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 10
    with pytest.raises(RenderError, match="too long to read; please send a shorter one"):
        await reading
    assert (await desk.read(JIG.replace("T:", "T:Next "))).title.startswith("Next")
    assert desk.pids.isdisjoint(hung)


async def test_what_is_read_once_is_known_without_any_process(desk: ReadingDesk) -> None:
    first, parts = await desk.read(JIG), await desk.timeline(JIG)
    await desk.stop()
    assert await desk.read(JIG) is first
    assert await desk.timeline(JIG) is parts


async def test_what_many_want_at_once_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []

    async def run(_self, job, abc, **_wishes):
        runs.append((job, abc))
        await asyncio.sleep(0)
        return abc

    monkeypatch.setattr(WorkerPool, "run", run)
    desk = ReadingDesk()
    await asyncio.gather(*(desk.read("one", user=f"{n}") for n in range(5)), desk.read("two"))
    assert runs == [("read", "one"), ("read", "two")]


async def test_what_is_known_is_bounded_and_the_longest_unused_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []

    async def run(_self, _job, abc, **_wishes):
        runs.append(abc)
        return abc

    monkeypatch.setattr(WorkerPool, "run", run)
    monkeypatch.setattr(module, "_KEPT", 2)
    desk = ReadingDesk()
    for abc in ("one", "two", "one", "three", "one", "two"):
        await desk.read(abc)
    assert runs == ["one", "two", "three", "two"]


async def test_reading_is_not_put_behind_pictures(desk: ReadingDesk) -> None:
    await desk.read(JIG)
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    assert [os.getpriority(os.PRIO_PROCESS, pid) for pid in desk.pids] == [mine]


def test_a_tune_that_is_read_and_one_that_is_pasted_are_told_alike() -> None:
    assert TuneText.of(Tune.read(JIG)).abc == JIG
