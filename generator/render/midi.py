"""Writing a tune as a Standard MIDI File (MIDI 1.0 detailed specification, SMF 1.0, format 1)."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import lcm
from typing import Final

from generator.music.dances import Meter
from generator.music.instruments import DEFAULT_INSTRUMENT, INSTRUMENTS, Instrument
from generator.music.keys import Key
from generator.music.tune import Tempo, Tune
from generator.render.pace import stress
from generator.render.practice import PLAIN, Click, Course, Practice, course

_TICKS: Final = 480  # to a quarter note, if every length of the tune is a whole number of them
_MOST_TICKS: Final = 32_767
_NAME, _END, _TEMPO, _METER, _KEY = 0x03, 0x2F, 0x51, 0x58, 0x59  # types of meta events

_DRUMS: Final = 9  # General MIDI's channel of percussion, counted from 0
_STRONG: Final = (76, 112)  # a high wood block, and its velocity
_WEAK: Final = (77, 84)  # a low one

# tick, rank among the events of that tick, bytes
_Event = tuple[int, int, bytes]


def midi_bytes(tune: Tune, instrument: str | None = None, practice: Practice = PLAIN) -> bytes:
    """Write the tune as it is played, repeats included.

    Args:
        tune: what to play; the notes of the file's second track are those of ``tune.played()``.
        instrument: a name in ``INSTRUMENTS``; None for the fiddle.
        practice: how it is played; clicks get a track of their own.

    Returns:
        The file; the same bytes whenever it is asked for.
    """
    played = tune.played()
    spans = [bar.length for bar in tune.bars]
    spans += [span for note in played for span in (note.onset, note.length)]
    ticks = lcm(_TICKS, *(quarters.denominator for quarters in {span * 4 for span in spans}))
    clock = _Clock(ticks if ticks <= _MOST_TICKS else _TICKS)
    strong = stress(tune)
    lead, laid = INSTRUMENTS[instrument or DEFAULT_INSTRUMENT], course(tune, practice)
    notes = (
        (start + note.onset, note.length, note.pitches, strong(note.onset))
        for start in laid.starts
        for note in played
    )
    tracks = [
        list(_conducting(tune, clock, laid)),
        list(_playing(lead, notes, clock)),
    ]
    if laid.clicks:
        tracks.append(list(_clicking(laid.clicks, clock)))
    end = clock.at(laid.end)
    head = b"MThd" + _number(6, 4) + _number(1, 2) + _number(len(tracks), 2) + _number(clock.ticks, 2)
    return head + b"".join(_track(events, end) for events in tracks)


class _Clock:
    """Converts whole notes to ticks."""

    def __init__(self, ticks: int) -> None:
        self.ticks = ticks

    def at(self, onset: Fraction) -> int:
        return round(onset * 4 * self.ticks)


def _conducting(tune: Tune, clock: _Clock, laid: Course) -> Iterator[_Event]:
    """Yield title, tempi, meters and keys, each where it changes as the tune is played."""
    yield 0, 0, _meta(_NAME, (tune.title or "Untitled").encode())
    for onset, tempo in laid.tempi:
        yield clock.at(onset), 1, _meta(_TEMPO, _number(_microseconds(tempo), 3))
    meter: Meter | None = None
    key: Key | None = None
    bars = ((start, *each) for start in laid.starts for each in tune.played_bars())
    for start, bar, index, begins, _ in bars:
        onset = start + begins if begins or start > laid.starts[0] else Fraction(0)  # before a count-in
        values: list[tuple[Fraction, Key | Meter | Tempo]] = [(onset, bar.meter), (onset, bar.key)]
        onsets = bar.onsets if bar.changes else ()
        values += [(start + begins + onsets[c.at], c.value) for c in bar.changes if index or c.at]
        for at, value in values:
            if isinstance(value, Meter) and value != meter:
                meter = value
                yield clock.at(at), 2, _meta(_METER, _time_signature(value))
            elif isinstance(value, Key) and value != key:
                key = value
                minor = int(value.mode == "minor")
                yield clock.at(at), 3, _meta(_KEY, bytes((max(-7, min(7, value.fifths)) % 256, minor)))


def _microseconds(tempo: Tempo) -> int:
    """Return the microseconds of a quarter note, at most what three bytes hold."""
    return min(0xFFFFFF, round(60_000_000 / (max(1, tempo.per_minute) * tempo.beat * 4)))


def _time_signature(meter: Meter) -> bytes:
    top, bottom = meter.signature
    clocks = round(meter.beat * 4 * 24)  # MIDI clocks between two clicks of a metronome
    return bytes((min(255, top), bottom.bit_length() - 1, min(255, clocks), 8))


def _playing(
    instrument: Instrument,
    notes: Iterable[tuple[Fraction, Fraction, tuple[int, ...], int]],
    clock: _Clock,
) -> Iterator[_Event]:
    yield 0, 0, _meta(_NAME, instrument.name.encode())
    yield 0, 1, bytes((0xC0, instrument.program))
    for onset, length, pitches, velocity in notes:
        begin, end = clock.at(onset), clock.at(onset + length)
        for pitch in sorted(set(pitches)):
            if end > begin and 0 <= pitch <= 127:
                yield begin, 3, bytes((0x90, pitch, velocity))
                yield end, 2, bytes((0x80, pitch, 0))  # before a note that begins there


def _clicking(clicks: Iterable[Click], clock: _Clock) -> Iterator[_Event]:
    yield 0, 0, _meta(_NAME, b"metronome")
    for click in clicks:
        begin, (pitch, velocity) = clock.at(click.onset), _STRONG if click.strong else _WEAK
        yield begin, 3, bytes((0x90 | _DRUMS, pitch, velocity))
        yield begin + clock.ticks // 8, 2, bytes((0x80 | _DRUMS, pitch, 0))


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
    """Encode a variable-length quantity: seven bits a byte, the highest bit set on all but the last."""
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(0x80 | (value & 0x7F))
    return bytes(reversed(parts))
