"""What each kind of worker does; opening a desk loads all that its jobs need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from generator.music.files.opened import open_file
from generator.music.pasted_tune import read_pasted
from generator.music.tune import Tune
from generator.music.tune_text import TuneText

Jobs = Mapping[str, Callable[..., object]]

# Two bars that need most of what a tune can need, so that the first real one finds everything loaded.
_WARM_UP: Final = 'X:1\nT:Warm-Up\nM:6/8\nL:1/8\nQ:3/8=110\nK:D\n|:"D"ABc d2e|(3fga f "A7"e2d:|\n'


@dataclass(frozen=True, slots=True)
class Desk:
    """A kind of worker.

    Attributes:
        open: loads what its jobs need; gives them by name.
        courtesy: by how much it goes after those who compose.
    """

    open: Callable[[], Jobs]
    courtesy: int


def _engrave() -> Jobs:
    from generator.render.musicxml import musicxml  # noqa: PLC0415 - brings music21
    from generator.render.sheet import for_print, png, svg  # noqa: PLC0415 - brings verovio

    jobs: Jobs = {
        "musicxml": lambda abc, part="": musicxml(Tune.read(abc), part).encode(),
        "svg": lambda abc, dark, part="": svg(Tune.read(abc), dark=dark, part=part).encode(),
        "png": lambda abc, part="": png(Tune.read(abc), part=part),
        "print": lambda abc: for_print(Tune.read(abc)),
    }
    jobs["png"](_WARM_UP)
    return jobs


def _play() -> Jobs:
    from generator.render.audio import mp3, ogg  # noqa: PLC0415 - brings numpy
    from generator.render.soundfont import SoundfontError, find_soundfont  # noqa: PLC0415 - likewise

    try:
        if find_soundfont(None):
            mp3(Tune.read(_WARM_UP))
    except SoundfontError:
        pass  # each job will say so
    return {
        "mp3": lambda abc, *look: mp3(Tune.read(abc), *look),
        "ogg": lambda abc, *look: ogg(Tune.read(abc), *look),
    }


def _read() -> Jobs:
    from generator.render.changes import changed  # noqa: PLC0415 - no other desk needs it
    from generator.render.medley import medley  # noqa: PLC0415 - likewise
    from generator.render.midi import midi_bytes  # noqa: PLC0415 - likewise
    from generator.render.part_times import timeline  # noqa: PLC0415 - likewise

    return {
        "read": lambda abc, *which: TuneText.of(read_pasted(abc, *which)),
        "opened": open_file,
        "changed": changed,
        "timeline": lambda abc: timeline(Tune.read(abc)),
        "medley": lambda tunes: medley([Tune.read(abc) for abc in tunes]),
        "midi": lambda abc, *look: midi_bytes(Tune.read(abc), *look),
    }


# Words come before pictures and sound, and a tune is read before it has words.
DESKS: Final[Mapping[str, Desk]] = {
    "engrave": Desk(_engrave, 15),
    "play": Desk(_play, 15),
    "read": Desk(_read, 0),
}
