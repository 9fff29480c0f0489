"""What each kind of worker does; calling a desk loads all that its jobs need."""

from collections.abc import Callable, Mapping
from typing import Final

from generator.music.tune import Tune

Jobs = Mapping[str, Callable[..., bytes]]

# Two bars that need most of what a tune can need, so that the first real one finds everything loaded.
_WARM_UP: Final = 'X:1\nT:Warm-Up\nM:6/8\nL:1/8\nQ:3/8=110\nK:D\n|:"D"ABc d2e|(3fga f "A7"e2d:|\n'


def _engrave() -> Jobs:
    from generator.render.musicxml import musicxml  # noqa: PLC0415 - brings music21
    from generator.render.sheet import png, svg  # noqa: PLC0415 - brings verovio

    jobs: Jobs = {
        "musicxml": lambda tune: musicxml(tune).encode(),
        "svg": lambda tune, dark: svg(tune, dark=dark).encode(),
        "png": png,
    }
    jobs["png"](Tune.read(_WARM_UP))
    return jobs


def _play() -> Jobs:
    from generator.render.audio import mp3, ogg  # noqa: PLC0415 - brings numpy
    from generator.render.soundfont import SoundfontError, find_soundfont  # noqa: PLC0415 - likewise

    try:
        if find_soundfont(None):
            mp3(Tune.read(_WARM_UP))
    except SoundfontError:
        pass  # each job will say so
    return {"mp3": mp3, "ogg": ogg}


DESKS: Final[Mapping[str, Callable[[], Jobs]]] = {"engrave": _engrave, "play": _play}
