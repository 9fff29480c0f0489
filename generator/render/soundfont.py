"""Reads soundfonts: which recording sounds for a note, how it is looped, shaped and tuned.

After the SoundFont technical specification 2.04, sections 4 to 9; in ``.sf3`` files each recording
is an Ogg Vorbis stream of its own. Only what is asked for is ever read from the disk.
"""

import io
import mmap
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

DEBIAN: Final = (
    Path("/usr/share/sounds/sf3/FluidR3Mono_GM.sf3"),
    Path("/usr/share/fluidr3mono-gm-soundfont/FluidR3Mono_GM.sf3"),
)
# Generators, by their number in section 8.1.3, with the default of section 8.1.3 where it is not 0.
START, END, LOOP_START, LOOP_END, START_COARSE = 0, 1, 2, 3, 4
VIBRATO, FILTER, FILTER_BEND, END_COARSE, PAN, VIBRATO_DELAY, VIBRATO_RATE = 6, 8, 11, 12, 17, 23, 24
BEND_ATTACK, BEND_HOLD, BEND_DECAY, BEND_SUSTAIN = 26, 27, 28, 29
DELAY, ATTACK, HOLD, DECAY, SUSTAIN, RELEASE, KEY_HOLD, KEY_DECAY = 33, 34, 35, 36, 37, 38, 39, 40
INSTRUMENT, KEYS, VELOCITIES, LOOP_START_COARSE, ATTENUATION, LOOP_END_COARSE = 41, 43, 44, 45, 48, 50
COARSE, FINE, SAMPLE, MODES, SCALE, ROOT = 51, 52, 53, 54, 56, 58
_DEFAULTS: Final = {
    FILTER: 13500, VIBRATO_DELAY: -12000, DELAY: -12000, ATTACK: -12000, HOLD: -12000, DECAY: -12000,
    BEND_ATTACK: -12000, BEND_HOLD: -12000, BEND_DECAY: -12000,
    RELEASE: -12000, SCALE: 100, ROOT: -1,
}  # fmt: skip
_ONLY_IN_INSTRUMENTS: Final = frozenset(
    {START, END, LOOP_START, LOOP_END, START_COARSE, END_COARSE, LOOP_START_COARSE, LOOP_END_COARSE}
    | {SAMPLE, MODES, ROOT, INSTRUMENT, KEYS, VELOCITIES}
)
_COMPRESSED: Final = 0x10  # in the type of a sample: Ogg Vorbis, as in .sf3 files
_EVERYTHING: Final = 0x7F00  # a range from 0 to 127

Samples = npt.NDArray[np.float32]


class SoundfontError(Exception):
    """No soundfont, or one that cannot be read; the sentence says what to do."""


def find_soundfont(setting: Path | None) -> Path | None:
    """Return the soundfont to use: the one set, Debian's fluidr3mono-gm, or the one that pretty_midi brings.

    Raises:
        SoundfontError: if one is set that is not there.
    """
    if setting is not None:
        if not setting.is_file():
            raise SoundfontError(f"SOUNDFONT names {setting}, but no file is there")
        return setting
    spec = find_spec("pretty_midi")
    packaged = [Path(spec.origin).parent / "TimGM6mb.sf2"] if spec and spec.origin else []
    return next((path for path in (*DEBIAN, *packaged) if path.is_file()), None)


@dataclass(frozen=True, slots=True)
class Recording:
    """A sample's header: section 7.10."""

    start: int
    end: int
    loop_start: int
    loop_end: int
    rate: int
    root: int
    correction: int
    compressed: bool


@dataclass(frozen=True, slots=True)
class Zone:
    """One recording of a preset with its settings, for a range of keys and velocities.

    Attributes:
        recording: number of the recording.
        settings: generators by number, preset's and instrument's put together.
    """

    recording: int
    keys: range
    velocities: range
    settings: Mapping[int, int]

    def get(self, generator: int) -> int:
        """Return a setting, in the unit of the specification."""
        return self.settings.get(generator, _DEFAULTS.get(generator, 0))


class Soundfont:
    """An open soundfont.

    Raises:
        SoundfontError: if the file is none.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._chunks = dict(self._walk(0, len(self._bytes)))
            self._recordings = [
                Recording(*(*fields[1:8], bool(fields[9] & _COMPRESSED)))
                for fields in self._table("shdr", "<20s5IBbHH")
            ]
        except (OSError, ValueError, KeyError, struct.error) as error:
            raise SoundfontError(f"{path} is no soundfont that can be read") from error
        self._decoded: dict[int, Samples] = {}

    def zones(self, program: int, key: int, velocity: int) -> list[Zone]:
        """Find what sounds for a note of a General MIDI program; empty if the program is missing."""
        return [z for z in self._presets.get(program, []) if key in z.keys and velocity in z.velocities]

    def recording(self, number: int) -> Recording:
        """Return the header of a recording."""
        return self._recordings[number]

    def samples(self, number: int) -> Samples:
        """Return a recording between -1 and 1, from its start to its end."""
        if number not in self._decoded:
            self._decoded[number] = self._decode(self._recordings[number])
        return self._decoded[number]

    def _decode(self, recording: Recording) -> Samples:
        offset, size = self._chunks["smpl"]
        if recording.compressed:
            import soundfile  # noqa: PLC0415 - only for .sf3

            data = self._bytes[offset + recording.start : offset + recording.end]
            samples, _ = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
            return np.ascontiguousarray(samples[:, 0])
        count = max(0, min(recording.end, size // 2) - recording.start)
        raw = np.frombuffer(self._bytes, "<i2", count, offset + 2 * recording.start)
        return raw.astype(np.float32) / np.float32(32768)

    @cached_property
    def _presets(self) -> dict[int, list[Zone]]:
        """Zones of the presets of the first bank."""
        heads = list(self._table("phdr", "<20s3H3I"))
        bags = list(self._table("pbag", "<2H"))
        found: dict[int, list[Zone]] = {}
        for head, after in pairwise(heads):
            _, program, bank, first, *_ = head
            if bank == 0:
                found[program] = list(self._preset_zones(bags[first : after[3] + 1]))
        return found

    def _preset_zones(self, bags: list[tuple[Any, ...]]) -> Iterator[Zone]:
        shared: dict[int, int] = {}
        for own in self._settings(bags, self._preset_generators):
            if INSTRUMENT not in own:
                shared = own
                continue
            outer = {**shared, **own}
            for inner in self._instruments[own[INSTRUMENT]]:
                yield _together(outer, inner)

    @cached_property
    def _instruments(self) -> list[list[dict[int, int]]]:
        heads = list(self._table("inst", "<20sH"))
        bags = list(self._table("ibag", "<2H"))
        generators = list(self._table("igen", "<Hh"))
        instruments = []
        for (_, first), (_, last) in pairwise(heads):
            shared: dict[int, int] = {}
            zones = []
            for own in self._settings(bags[first : last + 1], generators):
                if SAMPLE in own:
                    zones.append({**shared, **own})
                else:
                    shared = own
            instruments.append(zones)
        return instruments

    @cached_property
    def _preset_generators(self) -> list[tuple[Any, ...]]:
        return list(self._table("pgen", "<Hh"))

    @staticmethod
    def _settings(bags: list[tuple[Any, ...]], generators: list[tuple[Any, ...]]) -> Iterator[dict[int, int]]:
        for (first, _), (last, _) in pairwise(bags):
            yield dict(generators[first:last])

    def _table(self, name: str, layout: str) -> Iterator[tuple[Any, ...]]:
        offset, size = self._chunks[name]
        whole = size - size % struct.calcsize(layout)
        return struct.iter_unpack(layout, self._bytes[offset : offset + whole])

    def _walk(self, at: int, end: int) -> Iterator[tuple[str, tuple[int, int]]]:
        """Name, offset and size of each chunk, those inside lists too."""
        while at + 8 <= end:
            name, size = struct.unpack_from("<4sI", self._bytes, at)
            if name in (b"RIFF", b"LIST"):
                yield from self._walk(at + 12, min(end, at + 8 + size))
            else:
                yield name.decode("latin-1"), (at + 8, size)
            at += 8 + size
            at += size % 2 and self._bytes[at : at + 1] == b"\0"  # .sf3 files leave the padding out


def _together(outer: Mapping[int, int], inner: Mapping[int, int]) -> Zone:
    """Return an instrument's zone as a preset uses it: ranges meet, other settings add up (section 9.4)."""
    settings = dict(inner)
    for generator, value in outer.items():
        if generator not in _ONLY_IN_INSTRUMENTS:
            settings[generator] = settings.get(generator, _DEFAULTS.get(generator, 0)) + value
    return Zone(
        inner[SAMPLE],
        _meeting(outer.get(KEYS, _EVERYTHING), inner.get(KEYS, _EVERYTHING)),
        _meeting(outer.get(VELOCITIES, _EVERYTHING), inner.get(VELOCITIES, _EVERYTHING)),
        settings,
    )


def _meeting(one: int, other: int) -> range:
    """Return two ranges, low byte to high byte, as the one that lies in both."""
    return range(max(one & 0xFF, other & 0xFF), min(one >> 8 & 0xFF, other >> 8 & 0xFF) + 1)
