"""The renderers' processes: ready, parallel, replaced when they die or hang, and each file made once."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import pytest_asyncio

from generator.errors import FriendlyError, RenderError
from generator.processes import environment
from generator.render import renderers as module
from generator.render.cache import DiskCache
from generator.render.midi import midi_bytes
from generator.render.renderers import Renderers
from generator.render.shared_jobs import SharedJobs
from generator.render.workers.pool import WorkerPool
from tests.generator.render import tunes

AIR, JIG, WALTZ = tunes.air().abc(), tunes.jig().abc(), tunes.waltz().abc()
PNG = b"\x89PNG\r\n\x1a\n"
shared_loop = pytest.mark.asyncio(loop_scope="module")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def until(happened) -> None:
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110 - nothing tells us
            await asyncio.sleep(0.01)


def tiny(title: str) -> str:
    return f"X:1\nT:{title}\nM:2/4\nL:1/8\nK:D\nde f2|]\n"


def signal_all(pids, kind: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, kind)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def renderers():
    async with Renderers() as running:
        yield running


class TestAReplyGetsItsFiles:
    @shared_loop
    async def test_all_kinds_at_once(self, renderers):
        tune = JIG
        midi, xml, svg, png, mp3, ogg = await asyncio.gather(
            renderers.desk.midi(tune),
            renderers.musicxml(tune),
            renderers.svg(tune, dark=True),
            renderers.png(tune),
            renderers.mp3(tune, instrument="flute"),
            renderers.ogg(tune),
        )
        assert midi == midi_bytes(tunes.jig())
        assert b"<score-partwise" in xml
        assert b"<svg" in svg
        assert png.startswith(PNG)
        assert mp3[:3] == b"ID3" or mp3[0] == 0xFF
        assert ogg.startswith(b"OggS")

    @shared_loop
    async def test_what_cannot_be_made_is_a_sentence_and_the_next_job_goes_well(self, renderers):
        with pytest.raises(RenderError) as caught:
            await renderers.mp3(JIG, instrument="theremin")
        assert isinstance(caught.value, FriendlyError)
        assert "Traceback" not in str(caught.value)
        assert await renderers.mp3(tiny("next"))


class TestAProcess:
    @shared_loop
    async def test_that_hangs_costs_its_own_file_alone(self, renderers, monkeypatch):
        await renderers.png(tiny("before the hang"))
        hung = renderers._engravers.pids
        signal_all(hung, signal.SIGSTOP)
        monkeypatch.setattr(renderers._engravers, "_limit", 1)
        picture, sound, midi = await asyncio.gather(
            renderers.png(JIG), renderers.mp3(tiny("sound")), renderers.desk.midi(JIG), return_exceptions=True
        )
        assert isinstance(picture, RenderError)
        assert isinstance(sound, bytes)
        assert isinstance(midi, bytes)
        monkeypatch.undo()
        assert (await renderers.png(JIG)).startswith(PNG)
        assert renderers._engravers.pids.isdisjoint(hung)

    @shared_loop
    async def test_that_dies_at_work_costs_its_own_file_alone(self, renderers):
        await renderers.png(tiny("before the death"))
        pids = renderers._engravers.pids
        signal_all(pids, signal.SIGSTOP)
        picture = asyncio.create_task(renderers.png(tiny("lost")))
        await asyncio.sleep(0.1)
        signal_all(pids, signal.SIGKILL)
        with pytest.raises(RenderError):
            await picture
        assert (await renderers.png(tiny("lost"))).startswith(PNG)

    @shared_loop
    async def test_that_dies_idle_costs_nothing(self, renderers):
        await renderers.png(tiny("before an idle death"))
        pids = renderers._engravers.pids
        signal_all(pids, signal.SIGKILL)
        await until(lambda: not any(alive(pid) for pid in pids))
        assert (await renderers.png(tiny("after it"))).startswith(PNG)

    async def test_ends_when_the_renderers_stop(self):
        async with Renderers() as renderers:
            await renderers.desk.midi(AIR)
            await until(lambda: len(renderers.pids) == 3)
            pids = renderers.pids
            assert pids
        assert not any(alive(pid) for pid in pids)

    def test_learns_no_secret(self, monkeypatch):
        monkeypatch.setenv("DISCORD_TOKEN", "abc.def")
        monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@host/db")
        assert not {"abc.def", "postgresql://me:secret@host/db"} & set(environment().values())

    async def test_that_cannot_be_started_is_followed_by_another(self, monkeypatch):
        pool = WorkerPool("engrave", 1, limit=20, patience=20)
        with monkeypatch.context() as missing:
            missing.setattr("sys.executable", "/no/such/python")
            pool.start()
            await asyncio.sleep(0)
            assert not pool.pids
            await asyncio.sleep(0.1)
        assert (await pool.run("png", AIR)).startswith(PNG)
        await pool.stop()

    async def test_that_is_at_work_when_all_stop_ends_too(self):
        pool = WorkerPool("engrave", 1, limit=60, patience=60)
        pool.start()
        await pool.run("png", AIR)
        signal_all(pool.pids, signal.SIGSTOP)
        pids = pool.pids
        job = asyncio.create_task(pool.run("png", tiny("never")))
        await asyncio.sleep(0.1)
        await pool.stop()
        assert not any(alive(pid) for pid in pids)
        with pytest.raises(RenderError):
            await job

    async def test_that_never_starts_leaves_a_sentence(self):
        pool = WorkerPool("no such desk", 1, limit=1, patience=1)
        pool.start()
        with pytest.raises(RenderError):
            await pool.run("png", AIR)
        await pool.stop()


class TestEachFile:
    async def test_is_kept_on_disk_and_needs_no_process_again(self, tmp_path):
        cache = DiskCache(tmp_path, 10_000_000)
        async with Renderers(cache) as renderers:
            first = await renderers.png(WALTZ)
        idle = Renderers(DiskCache(tmp_path, 10_000_000), patience=0.1)  # never started
        assert await idle.png(WALTZ) == first
        with pytest.raises(RenderError):
            await idle.png(AIR)

    async def test_asked_for_twice_at_once_is_made_once(self, monkeypatch):
        runs = []

        async def run(self, job, *args, **wishes):
            runs.append(job)
            await asyncio.sleep(0.01)
            return b"file"

        monkeypatch.setattr(WorkerPool, "run", run)
        renderers = Renderers()
        assert await asyncio.gather(renderers.png(JIG), renderers.png(JIG)) == [b"file", b"file"]
        assert runs == ["png"]

    async def test_that_is_nearly_done_is_kept_when_nobody_waits_any_more(self, monkeypatch, tmp_path):
        at_work, go_on = asyncio.Event(), asyncio.Event()

        async def run(self, job, *args, begun, **wishes):
            begun.set()
            at_work.set()
            await go_on.wait()
            return b"file"

        monkeypatch.setattr(WorkerPool, "run", run)
        renderers = Renderers(DiskCache(tmp_path, 1000))
        asked = asyncio.create_task(renderers.png(JIG))
        await at_work.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        go_on.set()
        await until(lambda: any(tmp_path.iterdir()))
        assert await renderers.png(JIG) == b"file"

    async def test_that_takes_long_is_stopped_when_nobody_waits_any_more(self, monkeypatch):
        at_work, stopped = asyncio.Event(), asyncio.Event()

        async def run(self, job, *args, begun, **wishes):
            begun.set()
            at_work.set()
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()

        monkeypatch.setattr(WorkerPool, "run", run)
        renderers = Renderers()
        renderers._jobs = SharedJobs(finish=0)
        asked = asyncio.create_task(renderers.png(JIG))
        await at_work.wait()
        asked.cancel()
        await asyncio.wait_for(stopped.wait(), 10)


class TestTheLine:
    async def test_people_take_turns_and_who_hung_up_holds_up_nobody(self):
        """One asks for 36 files and hangs up; the next one asks for one."""
        async with Renderers(workers=1) as renderers:
            many = [asyncio.create_task(renderers.png(tiny(f"No. {n}"), user="many")) for n in range(36)]
            await many[0]
            one = asyncio.create_task(renderers.png(tiny("One"), user="one"))
            assert (await one).startswith(PNG)
            assert sum(task.done() for task in many) < 6
            for task in many:
                task.cancel()
            await asyncio.gather(*many, return_exceptions=True)
            assert (await renderers.png(tiny("Two"), user="two")).startswith(PNG)
            assert len(renderers._jobs) == 0

    async def test_is_bounded_for_each_person(self):
        pool = WorkerPool("engrave", 1, limit=1, patience=60)  # never started
        line = [asyncio.create_task(pool.run("png", AIR, user="many")) for _ in range(64)]
        await asyncio.sleep(0)
        with pytest.raises(RenderError, match="try again"):
            await pool.run("png", AIR, user="many")
        other = asyncio.create_task(pool.run("png", AIR, user="other"))
        await asyncio.sleep(0)
        assert not other.done()
        for task in (*line, other):
            task.cancel()
        await asyncio.gather(*line, other, return_exceptions=True)
        assert pool._line.peek() is None

    @pytest.mark.skipif(not hasattr(os, "getpriority"), reason="no priorities on this system")
    async def test_goes_after_those_who_compose(self):
        async with Renderers() as renderers:
            await renderers.png(AIR)
            mine = os.getpriority(os.PRIO_PROCESS, 0)
            assert all(os.getpriority(os.PRIO_PROCESS, pid) > mine for pid in renderers._engravers.pids)


class TestSound:
    async def test_of_sound_without_a_soundfont_is_a_sentence(self, tmp_path, caplog):
        renderers = Renderers(soundfont=tmp_path / "missing.sf2")
        assert not renderers.has_sound
        with pytest.raises(RenderError, match="MIDI"):
            await renderers.mp3(AIR)
        assert "SOUNDFONT" in caplog.text

    async def test_of_sound_with_a_soundfont_that_is_none_is_said_at_start(self, tmp_path, caplog):
        (tmp_path / "bad.sf2").write_bytes(b"no sound in here")
        assert not Renderers(soundfont=tmp_path / "bad.sf2").has_sound
        assert "bad.sf2 is no soundfont that can be read" in caplog.text


class TestTheCache:
    def test_gives_back_what_it_keeps(self, tmp_path):
        cache = DiskCache(tmp_path / "new", 100)
        assert cache.get("a.png") is None
        cache.put("a.png", b"abc")
        assert cache.get("a.png") == b"abc"

    def test_stays_within_its_bound_and_lets_the_longest_unused_go(self, tmp_path):
        cache = DiskCache(tmp_path, 100)
        for place in range(9):
            cache.put(f"{place}.png", bytes(10))
            os.utime(tmp_path / f"{place}.png", (place, place))
        cache.get("0.png")
        for place in range(9, 14):
            cache.put(f"{place}.png", bytes(10))
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 100
        assert cache.get("0.png")
        assert cache.get("13.png")
        assert cache.get("1.png") is None

    def test_counts_what_was_there_before(self, tmp_path):
        for place in range(20):
            (tmp_path / f"{place}.png").write_bytes(bytes(10))
        DiskCache(tmp_path, 100).put("new.png", bytes(10))
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 100

    def test_never_keeps_what_is_larger_than_itself(self, tmp_path):
        cache = DiskCache(tmp_path, 100)
        cache.put("huge.png", bytes(101))
        assert not list(tmp_path.iterdir())

    def test_does_without_a_disk(self, tmp_path):
        (tmp_path / "file").write_bytes(b"")
        cache = DiskCache(tmp_path / "file" / "folder", 100)
        cache.put("a.png", b"abc")
        assert cache.get("a.png") is None


class TestTheEdition:
    """What the names of kept files are made of."""

    def test_is_another_with_another_library(self, monkeypatch):
        before = Renderers()._edition
        monkeypatch.setattr(module, "_version", lambda _: "99")
        assert Renderers()._edition != before

    @pytest.mark.parametrize("source", ["music/dances.py", "music/chords.py", "render/score.py"])
    def test_is_another_with_another_tempo_chord_or_drawing(self, monkeypatch, tmp_path, source):
        generator = Path(module.__file__).parents[1]
        for folder in ("music", "render"):
            shutil.copytree(generator / folder, tmp_path / folder)
        monkeypatch.setattr(module, "_SOURCES", (tmp_path / "music", tmp_path / "render"))
        before = Renderers()._edition
        with (tmp_path / source).open("a") as file:
            file.write("# changed\n")
        assert Renderers()._edition != before

    def test_covers_every_file_of_ours_that_the_workers_load(self):
        code = (
            "import sys\n"
            "from generator.render.workers.jobs import DESKS\n"
            "for desk in DESKS.values(): desk.open()\n"
            "ours = [name for name in sys.modules if name.split('.')[0] == 'generator']\n"
            "print(*(sys.modules[name].__file__ for name in ours), sep='\\n')"
        )
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        loaded = {Path(line).resolve() for line in told.stdout.splitlines()}
        generator = Path(module.__file__).parents[1]
        no_part = {generator / "__init__.py", generator / "errors.py"}  # words, not notes
        assert loaded - no_part <= {path.resolve() for path in module.sources()}
        assert generator / "music" / "dances.py" in loaded
