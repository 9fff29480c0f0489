"""A tune as a Standard MIDI File (MIDI 1.0 detailed specification, SMF 1.0, format 1)."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import lcm
from typing import Final

from generator.music.dances import Meter
from generator.music.instruments import ACCOMPANIMENT, DEFAULT_INSTRUMENT, INSTRUMENTS, Instrument
from generator.music.keys import Key
from generator.music.playing import played_order
from generator.music.tune import Tempo, Tune
from generator.render.accompaniment import accompaniment
from generator.render.pace import at_tempo, stress, tempi

_TICKS: Final = 480  # to a quarter note, where every length of the tune is a whole number of them
_MOST_TICKS: Final = 32_767
_NAME, _END, _TEMPO, _METER, _KEY = 0x03, 0x2F, 0x51, 0x58, 0x59  # kinds of meta events

# tick, rank among the events of that tick, bytes
_Event = tuple[int, int, bytes]


def midi_bytes(
    tune: Tune, *, instrument: str | None = None, tempo: int | None = None, chords: bool = False
) -> bytes:
    """The tune as it is played, repeats included.

    Args:
        tune: what to play; the notes of the file's second track are those of ``tune.played()``.
        instrument: a name in ``INSTRUMENTS``; None for the fiddle.
        tempo: beats a minute, in the beat of its meter; None for the tune's own.
        chords: whether a third track accompanies it from its chord symbols.

    Returns:
        The file; the same bytes whenever it is asked for.
    """
    tune = at_tempo(tune, tempo)
    strums = accompaniment(tune) if chords else ()
    played = tune.played()
    spans = [bar.length for bar in tune.bars]
    spans += [span for note in played for span in (note.onset, note.length)]
    spans += [span for strum in strums for span in (strum.onset, strum.length)]
    ticks = lcm(_TICKS, *(quarters.denominator for quarters in {span * 4 for span in spans}))
    clock = _Clock(ticks if ticks <= _MOST_TICKS else _TICKS)
    strong = stress(tune)
    lead = INSTRUMENTS[instrument or DEFAULT_INSTRUMENT]
    tracks = [
        list(_conducting(tune, clock)),
        list(_playing(lead, 0, ((n.onset, n.length, n.pitches, strong(n.onset)) for n in played), clock)),
    ]
    if strums:
        notes = ((s.onset, s.length, s.pitches, s.velocity) for s in strums)
        tracks.append(list(_playing(ACCOMPANIMENT, 1, notes, clock)))
    end = clock.at(tune.total_length)
    head = b"MThd" + _number(6, 4) + _number(1, 2) + _number(len(tracks), 2) + _number(clock.ticks, 2)
    return head + b"".join(_track(events, end) for events in tracks)


class _Clock:
    """Whole notes to ticks."""

    def __init__(self, ticks: int) -> None:
        self.ticks = ticks

    def at(self, onset: Fraction) -> int:
        return round(onset * 4 * self.ticks)


def _conducting(tune: Tune, clock: _Clock) -> Iterator[_Event]:
    """Title, tempo, meter and key, and where they change as it is played."""
    yield 0, 0, _meta(_NAME, (tune.title or "Untitled").encode())
    before = tempi(tune)
    tempo: Tempo | None = None
    meter: Meter | None = None
    key: Key | None = None
    now = Fraction(0)
    for index, _ in played_order(tune.bars, tune.parts):
        bar = tune.bars[index]
        values: list[tuple[Fraction, Key | Meter | Tempo]] = [
            (Fraction(0), before[index]),
            (Fraction(0), bar.meter),
            (Fraction(0), bar.key),
        ]
        for change in bar.changes:
            offset = sum((note.length for note in bar.notes[: change.at]), Fraction(0))
            if index or change.at:
                values.append((offset, change.value))
        for offset, value in values:
            tick = clock.at(now + offset)
            if isinstance(value, Tempo) and value != tempo:
                tempo = value
                yield tick, 1, _meta(_TEMPO, _number(_microseconds(value), 3))
            elif isinstance(value, Meter) and value != meter:
                meter = value
                yield tick, 2, _meta(_METER, _meter(value))
            elif isinstance(value, Key) and value != key:
                key = value
                minor = int(value.mode == "minor")
                yield tick, 3, _meta(_KEY, bytes((max(-7, min(7, value.fifths)) % 256, minor)))
        now += bar.length


def _microseconds(tempo: Tempo) -> int:
    """Microseconds of a quarter note, as far as three bytes go."""
    return min(0xFFFFFF, round(60_000_000 / (max(1, tempo.per_minute) * tempo.beat * 4)))


def _meter(meter: Meter) -> bytes:
    top, bottom = {"C": (4, 4), "C|": (2, 2)}.get(meter.abc) or tuple(map(int, meter.abc.split("/")))
    clocks = round(meter.beat * 4 * 24)  # MIDI clocks between two clicks of a metronome
    return bytes((min(255, top), bottom.bit_length() - 1, min(255, clocks), 8))


def _playing(
    instrument: Instrument,
    channel: int,
    notes: Iterable[tuple[Fraction, Fraction, tuple[int, ...], int]],
    clock: _Clock,
) -> Iterator[_Event]:
    yield 0, 0, _meta(_NAME, instrument.name.encode())
    yield 0, 1, bytes((0xC0 | channel, instrument.program))
    for onset, length, pitches, velocity in notes:
        begin, end = clock.at(onset), clock.at(onset + length)
        for pitch in sorted(set(pitches)):
            if end > begin and 0 <= pitch <= 127:
                yield begin, 3, bytes((0x90 | channel, pitch, velocity))
                yield end, 2, bytes((0x80 | channel, pitch, 0))  # before a note that begins there


def _track(events: list[_Event], end: int) -> bytes:
    last, parts = 0, []
    for tick, _, data in sorted(events):
        parts.append(_delta(tick - last) + data)
        last = tick
    parts.append(_delta(max(0, end - last)) + _meta(_END, b""))
    body = b"".join(parts)
    return b"MTrk" + _number(len(body), 4) + body


def _meta(kind: int, data: bytes) -> bytes:
    return bytes((0xFF, kind)) + _delta(len(data)) + data


def _number(value: int, size: int) -> bytes:
    return value.to_bytes(size, "big")


def _delta(value: int) -> bytes:
    """A variable-length quantity: seven bits a byte, the highest bit set on all but the last."""
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(0x80 | (value & 0x7F))
    return bytes(reversed(parts))
