"""Plays notes with a soundfont: looped, tuned and shaped as it says, then added up, in one channel.

After the SoundFont technical specification 2.04, section 9. Left out: modulators and effects.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from generator.render import soundfont as sf
from generator.render.soundfont import Recording, Samples, Soundfont, Zone

_SILENT_DB: Final = 100.0  # an envelope falls by this much in its decay or release time
_LONGEST_RELEASE: Final = 3.0  # seconds
_QUICKEST_RELEASE: Final = 0.02  # seconds; shorter ones click
_OPEN_FILTER: Final = 13500  # cents; from here up the filter lets everything pass
_SUBSTITUTES: Final = {110: 40, 74: 73, 23: 21}  # for soundfonts without fiddle, recorder, bandoneon


@dataclass(frozen=True, slots=True)
class Sounding:
    """A note to play.

    Attributes:
        onset: in seconds.
        length: until it is let go, in seconds.
        pitch: MIDI note number.
        velocity: MIDI velocity.
        program: General MIDI program.
    """

    onset: float
    length: float
    pitch: int
    velocity: int
    program: int


class Synthesizer:
    """Turns notes into sound.

    Args:
        soundfont: what it plays with.
        rate: frames a second.
    """

    def __init__(self, soundfont: Soundfont, rate: int) -> None:
        self._soundfont = soundfont
        self._rate = rate

    def render(self, notes: Iterable[Sounding]) -> Samples:
        """Return all notes together, shape (frames,), as loud as they come, until the last has died away."""
        voices: dict[tuple[int, int, int, int], Samples] = {}
        placed = []
        for note in notes:
            frames = max(1, round(note.length * self._rate))
            which = (note.program, note.pitch, note.velocity, frames)
            if which not in voices:
                voices[which] = self._voice(note, frames)
            placed.append((round(note.onset * self._rate), voices[which]))
        mix = np.zeros(max((at + len(voice) for at, voice in placed), default=0), np.float32)
        for at, voice in placed:
            mix[at : at + len(voice)] += voice
        return mix

    def _voice(self, note: Sounding, frames: int) -> Samples:
        """Return one note by itself, its release included."""
        programs = (note.program, _SUBSTITUTES.get(note.program, 0), 0)
        zones: list[Zone] = next(
            (z for p in programs if (z := self._soundfont.zones(p, note.pitch, note.velocity))), []
        )
        layers = [self._layer(zone, note, frames) for zone in zones]
        voice = np.zeros(max(map(len, layers), default=0), np.float32)
        for layer in layers:
            voice[: len(layer)] += layer
        return voice

    def _layer(self, zone: Zone, note: Sounding, frames: int) -> Samples:
        envelope = _envelope(zone, note.pitch, frames, self._rate)
        recording = self._soundfont.recording(zone.recording)
        steps = self._steps(zone, recording, note.pitch, len(envelope))
        sound = _played(self._soundfont.samples(zone.recording), zone, recording, steps, frames)
        if zone.get(sf.FILTER) < _OPEN_FILTER:
            sound = _filtered(sound, zone, self._rate)
        loudness = 10 ** (-0.4 * zone.get(sf.ATTENUATION) / 200) * (note.velocity / 127) ** 2
        side = (np.clip(zone.get(sf.PAN), -500, 500) / 1000 + 0.5) * np.pi / 2
        loudness *= (np.cos(side) + np.sin(side)) / np.sqrt(2)  # both channels in one
        return np.asarray(sound * envelope * loudness, np.float32)

    def _steps(self, zone: Zone, recording: Recording, pitch: int, frames: int) -> npt.NDArray[np.float64]:
        """Return how far into the recording each frame is, in its own frames."""
        root = zone.get(sf.ROOT) if zone.get(sf.ROOT) >= 0 else recording.root
        cents = (pitch - root) * zone.get(sf.SCALE) + recording.correction
        cents += 100 * zone.get(sf.COARSE) + zone.get(sf.FINE)
        step = recording.rate / self._rate * 2 ** (cents / 1200)
        depth = zone.get(sf.VIBRATO)
        if not depth:
            return np.arange(frames, dtype=np.float64) * step
        time = np.arange(frames) / self._rate - _seconds(zone.get(sf.VIBRATO_DELAY))
        rate = 8.176 * 2 ** (zone.get(sf.VIBRATO_RATE) / 1200)
        bend: npt.NDArray[np.float64] = np.where(time > 0, np.sin(2 * np.pi * rate * time), 0) * depth
        steps: npt.NDArray[np.float64] = np.cumsum(step * np.exp2(bend / 1200)) - step
        return steps


def _seconds(timecents: int) -> float:
    return 0.0 if timecents <= -12000 else float(2 ** (timecents / 1200))


def _envelope(zone: Zone, pitch: int, frames: int, rate: int) -> Samples:
    """Loudness over time: delay, attack, hold, decay to the sustained level, and the release."""
    shift = 60 - pitch
    delay, attack = _seconds(zone.get(sf.DELAY)), _seconds(zone.get(sf.ATTACK))
    hold = _seconds(zone.get(sf.HOLD) + zone.get(sf.KEY_HOLD) * shift)
    decay = _seconds(zone.get(sf.DECAY) + zone.get(sf.KEY_DECAY) * shift)
    release = min(_LONGEST_RELEASE, max(_QUICKEST_RELEASE, _seconds(zone.get(sf.RELEASE))))
    sustain = np.clip(zone.get(sf.SUSTAIN) / 10, 0, _SILENT_DB)
    time = np.arange(frames) / rate - delay
    fall = np.clip(time - attack - hold, 0, None) / max(decay, 1 / rate) * _SILENT_DB
    held = 10 ** (-np.minimum(fall, sustain) / 20) * np.clip(time / max(attack, 1 / rate), 0, 1)
    # What is 60 dB down is gone for the ear; the rest of the release would only cost time.
    gone = np.arange(round(0.6 * release * rate)) / (release * rate)
    tail = held[-1] * 10 ** (-gone * _SILENT_DB / 20) * (1 - gone / 0.6)
    return np.concatenate([held, tail]).astype(np.float32)


def _played(
    samples: Samples, zone: Zone, recording: Recording, steps: npt.NDArray[np.float64], frames: int
) -> Samples:
    """Return the recording at fractional places, looped where it loops, by cubic interpolation."""
    base = 0 if recording.compressed else recording.start
    begin = zone.get(sf.START) + 32768 * zone.get(sf.START_COARSE)
    loop = recording.loop_start - base + zone.get(sf.LOOP_START) + 32768 * zone.get(sf.LOOP_START_COARSE)
    turn = recording.loop_end - base + zone.get(sf.LOOP_END) + 32768 * zone.get(sf.LOOP_END_COARSE)
    end = len(samples) + zone.get(sf.END) + 32768 * zone.get(sf.END_COARSE)
    looped = zone.get(sf.MODES) in (1, 3) and 0 <= loop < turn <= len(samples)
    at = steps + begin
    if looped:
        if zone.get(sf.MODES) == 3:  # plays on to its end once let go
            let_go = at[min(frames, len(at)) - 1]
            laps = max(0.0, np.floor((let_go - loop) / (turn - loop)))
            at = np.where(np.arange(len(at)) < frames, at, at - laps * (turn - loop))
            looping = np.arange(len(at)) < frames
        else:
            looping = np.ones(len(at), bool)
        at = np.where(looping & (at >= turn), loop + (at - loop) % (turn - loop), at)
    whole = np.floor(at).astype(np.int64)
    part = (at - whole).astype(np.float32)
    places: list[Any] = [whole - 1, whole, whole + 1, whole + 2]
    if looped:
        places = [np.where(looping & (p >= turn), p - (turn - loop), p) for p in places]
    a, b, c, d = (np.where((p >= 0) & (p < end), samples.take(p, mode="clip"), 0) for p in places)
    slope, curve, bulge = (c - a) / 2, a - 2.5 * b + 2 * c - d / 2, (d - a) / 2 + 1.5 * (b - c)
    return np.asarray(((bulge * part + curve) * part + slope) * part + b, np.float32)


def _filtered(sound: Samples, zone: Zone, rate: int) -> Samples:
    """Without the highest overtones, more of them as the note goes on.

    The envelope that opens and closes the filter fades between its two ends instead.
    """
    bend = zone.get(sf.FILTER_BEND)
    size = _round_size(len(sound) + 256)
    spectrum = np.fft.rfft(sound, size)
    dark = _low_passed(spectrum, zone.get(sf.FILTER), size, rate)[: len(sound)]
    if not bend:
        return dark
    bright = _low_passed(spectrum, zone.get(sf.FILTER) + bend, size, rate)[: len(sound)]
    time = np.arange(len(sound), dtype=np.float32) / np.float32(rate)
    attack, hold = _seconds(zone.get(sf.BEND_ATTACK)), _seconds(zone.get(sf.BEND_HOLD))
    decay = max(_seconds(zone.get(sf.BEND_DECAY)), 1 / rate)
    lowest = 1 - np.clip(zone.get(sf.BEND_SUSTAIN), 0, 1000) / 1000
    opened = np.clip(1 - (time - attack - hold) / decay, lowest, 1)
    opened *= np.clip(time / max(attack, 1 / rate), 0, 1)
    return np.asarray(dark + opened * (bright - dark), np.float32)


def _low_passed(spectrum: npt.NDArray[Any], cutoff: int, size: int, rate: int) -> Samples:
    """Without what lies above a cutoff in cents above 8.176 Hz, twelve decibels an octave."""
    if cutoff < _OPEN_FILTER:
        ratio = np.fft.rfftfreq(size, 1 / rate) / (8.176 * 2 ** (cutoff / 1200))
        spectrum = spectrum / (1 - ratio**2 + 1j * np.sqrt(2) * ratio).astype(np.complex64)
    return np.asarray(np.fft.irfft(spectrum, size), np.float32)


def _round_size(least: int) -> int:
    """Return a length that is quick to transform: a multiple of a power of two near it."""
    step = 1 << max(8, least.bit_length() - 4)
    return -(-least // step) * step
