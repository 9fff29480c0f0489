"""Reading a Standard MIDI File into notes, meters, keys and tempi (MIDI 1.0, SMF 1.0)."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from generator.errors import FileError

DAMAGED: Final = "That MIDI file is damaged or cut off; please export it again."
_NO_CLOCK: Final = "That MIDI file counts film frames and not beats; please export it with beats."
_TOO_LONG: Final = "That MIDI file has too many notes for me; {:,} are the most I read."
MOST_NOTES: Final = 4000
_TRACK_NAME, _TEMPO, _METER, _KEY = 0x03, 0x51, 0x58, 0x59  # types of meta events
_DATA_BYTES: Final = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}
_DRUMS: Final = 9  # the channel


@dataclass(slots=True)
class MidiEvents:
    """What a file says, by ticks.

    Attributes:
        ticks: to a quarter note.
        voices: for each track and channel with notes: onset, end, key number.
        drums: whether there were any.
        meters: tick and ``M:`` text.
        keys: tick, sharps (flats negative), whether minor.
        tempo: the first one, in microseconds a quarter note; 0 for none.
        names: of the tracks.
    """

    ticks: int
    voices: dict[tuple[int, int], list[tuple[int, int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    drums: bool = False
    meters: list[tuple[int, str]] = field(default_factory=list)
    keys: list[tuple[int, int, bool]] = field(default_factory=list)
    tempo: int = 0
    names: list[str] = field(default_factory=list)


def midi_events(data: bytes) -> MidiEvents:
    """Read a file.

    Raises:
        FileError: it is damaged, or has too many notes.
    """
    head = _Bytes(data)
    if head.take(4) != b"MThd" or (length := head.number(4)) < 6:
        raise FileError(DAMAGED)
    body = _Bytes(head.take(length))
    _, tracks, ticks = (body.number(2) for _ in range(3))
    if ticks & 0x8000:
        raise FileError(_NO_CLOCK)
    if not ticks:
        raise FileError(DAMAGED)
    events = MidiEvents(ticks)
    for track in range(tracks):
        kind, length = head.take(4), head.number(4)
        chunk = head.take(length)
        if kind == b"MTrk":
            _read_track(_Bytes(chunk), track, events)
    for notes in events.voices.values():
        notes.sort()
    return events


class _Bytes:
    """Bytes that are taken off one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise FileError(DAMAGED)
        taken, self._at = self._data[self._at : end], end
        return taken

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "big")

    def variable(self) -> int:
        """Take a variable-length quantity, of four bytes at most."""
        value = 0
        for _ in range(4):
            byte = self.number(1)
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
        raise FileError(DAMAGED)


def _read_track(data: _Bytes, track: int, events: MidiEvents) -> None:
    """Read one track; a note that is never ended lasts to the end of its track."""
    tick = status = 0
    sounding: dict[tuple[int, int], int] = {}
    while data:
        tick += data.variable()
        byte = data.number(1)
        if byte == 0xFF:
            _read_meta(data.number(1), data.take(data.variable()), tick, events)
            continue
        if byte in (0xF0, 0xF7):
            data.take(data.variable())
            continue
        if byte >= 0x80:
            status, byte = byte, data.number(1)
        if status >> 4 not in _DATA_BYTES:
            raise FileError(DAMAGED)
        second = data.number(1) if _DATA_BYTES[status >> 4] == 2 else 0
        if status >> 4 in (0x8, 0x9):
            _read_note(track, status, tick, (byte, second), sounding, events)
    for (channel, pitch), begun in sounding.items():
        _add(events, track, channel, (begun, tick, pitch))


def _read_note(
    track: int,
    status: int,
    tick: int,
    note: tuple[int, int],
    sounding: dict[tuple[int, int], int],
    events: MidiEvents,
) -> None:
    channel, (pitch, velocity) = status & 0xF, note
    begun = sounding.pop((channel, pitch), None)
    if begun is not None:
        _add(events, track, channel, (begun, tick, pitch))
    if status >> 4 == 0x9 and velocity:
        sounding[channel, pitch] = tick


def _add(events: MidiEvents, track: int, channel: int, note: tuple[int, int, int]) -> None:
    if channel == _DRUMS:
        events.drums = True
        return
    if note[1] > note[0]:
        events.voices[track, channel].append(note)
        if sum(map(len, events.voices.values())) > MOST_NOTES:
            raise FileError(_TOO_LONG.format(MOST_NOTES))


def _read_meta(kind: int, data: bytes, tick: int, events: MidiEvents) -> None:
    if kind == _TRACK_NAME:
        events.names.append(data[:200].decode("utf-8", "replace").replace("\ufffd", "").strip())
    elif kind == _TEMPO and len(data) == 3 and not events.tempo:
        events.tempo = int.from_bytes(data, "big")
    elif kind == _METER and len(data) >= 2 and data[0] and data[1] <= 5:
        events.meters.append((tick, f"{data[0]}/{2 ** data[1]}"))
    elif kind == _KEY and len(data) == 2:
        fifths = data[0] - 256 if data[0] > 127 else data[0]
        if abs(fifths) <= 7:
            events.keys.append((tick, fifths, bool(data[1])))
