"""How fast tunes are drawn and played, and whether real ones all are.

``python -m benchmarks.rendering [--tunes N] [speed | reply | collections]`` measures, all within one run:

- speed: each kind of file for the same tunes, one after the other in turn; beside them what symusic's
  abc2midi and synthesizer need for the same, and each row as a ratio to the MIDI file's.
- reply: everything that a reply has, through warm worker processes, in parallel.
- collections: N tunes (200) of each printed collection on this machine, evenly spread, as MIDI,
  MusicXML, picture and a sound that is not silent; what fails is listed.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np
from symusic import Score, Synthesizer

from benchmarks.reading import collections, texts
from generator.errors import AbcError
from generator.music.tune import Tune, read_tunes
from generator.render import audio
from generator.render.midi import midi_bytes
from generator.render.musicxml import musicxml
from generator.render.renderers import Renderers
from generator.render.sheet import rasterized, svg
from generator.render.soundfont import find_soundfont

TURNS = 5
PARTS = 'GAB d2B|"C"e2c "D7"A2F|"G"GBd "Em"gfe|"Am"cBA "D7"F2D|"G"GAB d2B|"C"e2c "D7"A2F|"Am"cBA "D7"DEF|'


def tunes() -> list[Tune]:
    """Jigs of 32 bars as played, with chord symbols, at a tempo at which they take 34 seconds."""
    found = []
    for key in ("G", "D", "A", "F", "Em"):
        book = f'X:1\nT:A Jig in {key}\nR:jig\nM:6/8\nL:1/8\nQ:3/8=112\nK:{key}\n|:"G"{PARTS}"G"G3 G3:|\n'
        found.append(Tune.read(book + f'|:"G"{PARTS}"G"G3 G3:|\n'))
    return found


def speed() -> None:
    """Seconds of one core for each kind of file, medians over tunes and turns."""
    some = tunes()
    soundfont = find_soundfont(None)
    assert soundfont is not None
    synthesizer = Synthesizer(str(soundfont), audio.RATE, 0)
    drawings = {tune.title: svg(tune) for tune in some}
    sounds = {tune.title: audio.sound(tune) for tune in some}
    kinds: dict[str, Callable[[Tune], object]] = {
        "MIDI": midi_bytes,
        "abc2midi (symusic), the same": lambda tune: Score.from_abc(tune.abc()),
        "MusicXML": musicxml,
        "SVG, MusicXML included": svg,
        "PNG of the SVG": lambda tune: rasterized(drawings[tune.title]),
        "sound, samples only": audio.sound,
        "symusic's synthesizer, the same": lambda tune: synthesizer.render(
            Score.from_midi(midi_bytes(tune)), stereo=False
        ),
        "MP3 of the samples": lambda tune: audio.as_mp3(sounds[tune.title]),
        "OGG of the samples": lambda tune: audio.as_ogg(sounds[tune.title]),
    }
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(TURNS):
        for tune in some:
            for kind, make in kinds.items():
                start = process_time()
                make(tune)
                times[kind].append(process_time() - start)
    seconds = median(len(sound) / audio.RATE for sound in sounds.values())
    base = median(times["MIDI"])
    print(f"jigs of 32 bars, {seconds:.0f} s of sound; core seconds, and as a multiple of the MIDI file")
    for kind, taken in times.items():
        print(f"  {kind:34}{median(taken):8.4f} {median(taken) / base:8.0f} x")
    whole = median(times["sound, samples only"]) + median(times["MP3 of the samples"])
    print(f"  sound to MP3, times faster than it plays: {seconds / whole:.0f}")


async def reply() -> None:
    """Wall seconds until picture, MIDI and sound are there, with warm processes."""
    async with Renderers() as renderers:
        some = [tune.abc() for tune in tunes()]
        await asyncio.gather(renderers.png(some[0]), renderers.mp3(some[0]))
        rows: dict[str, list[float]] = {}
        for abc in some * TURNS:
            jobs = {
                "MIDI": renderers.desk.midi(abc),
                "picture": renderers.png(abc),
                "sound": renderers.mp3(abc),
            }
            start = perf_counter()

            async def timed(kind: str, job: object, start: float = start) -> None:
                await job  # type: ignore[misc]
                rows.setdefault(kind, []).append(perf_counter() - start)

            await asyncio.gather(*(timed(kind, job) for kind, job in jobs.items()))
            rows.setdefault("all", []).append(perf_counter() - start)
        memory = {pid: _megabytes(pid) for pid in renderers.pids}
    print("a whole reply through warm processes, wall seconds (median, worst)")
    for kind, taken in rows.items():
        print(f"  {kind:34}{median(taken):8.3f} {max(taken):8.3f}")
    print(f"  worker processes, resident MB: {sorted(memory.values())}")


def _megabytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        return 0
    return next(int(line.split()[1]) // 1024 for line in status.read_text().splitlines() if "VmRSS" in line)


def real(folder: Path, count: int) -> Iterator[Tune]:
    """Some tunes of a collection, evenly spread over all that can be read."""
    every = [tune for _, text in texts(folder) for tune in read_tunes(text) if not isinstance(tune, AbcError)]
    step = max(1, len(every) // count)
    yield from every[::step][:count]


def real_tunes(count: int) -> None:
    """Every kind of file of real tunes; counts what fails."""
    kinds: dict[str, Callable[[Tune], object]] = {
        "MIDI": lambda tune: Score.from_midi(midi_bytes(tune)).note_num() > 0,
        "MusicXML": musicxml,
        "picture": lambda tune: rasterized(svg(tune)).startswith(b"\x89PNG"),
        "sound": lambda tune: np.abs(audio.sound(tune)).max() > 0.5,
    }
    for name, folder in collections().items():
        well: Counter[str] = Counter()
        made = 0
        for tune in real(folder, count):
            made += 1
            for kind, make in kinds.items():
                try:
                    assert make(tune), "came out empty"
                    well[kind] += 1
                except Exception as error:  # noqa: BLE001 - to be counted
                    print(f"    {name}: {kind} of {tune.title!r}: {type(error).__name__}: {error}"[:160])
        print(f"  {name}: " + ", ".join(f"{kind} {well[kind]} of {made}" for kind in kinds), flush=True)


def main() -> None:
    """Run what the command line names, or all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--tunes", type=int, default=200)
    parser.add_argument("what", nargs="*", choices=["speed", "reply", "collections", []])
    chosen = parser.parse_args()
    what = chosen.what or ["speed", "reply", "collections"]
    if "speed" in what:
        speed()
    if "reply" in what:
        asyncio.run(reply())
    if "collections" in what:
        real_tunes(chosen.tunes)


if __name__ == "__main__":
    main()
