"""A MusicXML score of one voice as a sheet (MusicXML 4.0, score-partwise)."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from generator.errors import FileError
from generator.music.files.midi import several_voices
from generator.music.files.sheet import Sheet, SheetBar, SheetNote, SheetPitch
from generator.music.files.signature import key_of
from generator.music.keys import SEMITONES

DAMAGED: Final = "That MusicXML file is damaged or cut off; please export it again."
_NO_SCORE: Final = "That XML file is no MusicXML score; please export the tune as MusicXML."
_BY_TIME: Final = "That MusicXML file lists its parts bar by bar; please export it as “score-partwise”."
_NO_NOTES: Final = "There are no notes in that MusicXML file."
_TOO_LONG: Final = "That MusicXML file has too many notes for me; {:,} are the most I read."
_MOST_NOTES: Final = 4000
_LEFT_OUT: Final = {
    "lyric": "The lyrics are left out.",
    "segno": "Jumps such as D.C. and D.S. are left out.",
    "coda": "Jumps such as D.C. and D.S. are left out.",
    "transpose": "It is written for a transposing instrument, and I kept its written notes.",
    "ornaments": "Ornaments, slurs and signs at the notes are left out.",
    "articulations": "Ornaments, slurs and signs at the notes are left out.",
    "technical": "Ornaments, slurs and signs at the notes are left out.",
    "slur": "Ornaments, slurs and signs at the notes are left out.",
}
_KINDS: Final = {
    "major": "", "minor": "m", "dominant": "7", "dominant-seventh": "7", "major-seventh": "maj7",
    "minor-seventh": "m7", "diminished": "dim", "diminished-seventh": "dim7", "half-diminished": "m7b5",
    "augmented": "aug", "augmented-seventh": "aug7", "major-sixth": "6", "minor-sixth": "m6",
    "suspended-second": "sus2", "suspended-fourth": "sus4", "dominant-ninth": "9", "minor-ninth": "m9",
    "major-ninth": "maj9", "major-minor": "mmaj7", "dominant-11th": "11", "dominant-13th": "13", "power": "5",
}  # fmt: skip
_BAR_LINES: Final = {"light-light": "||", "light-heavy": "|]"}
_SIGNS: Final = {-1: "b", 0: "", 1: "#"}


def musicxml_sheet(data: bytes) -> Sheet:
    """Read a score of one part with one voice.

    Raises:
        FileError: it is damaged, or has no notes, or several voices.
    """
    if b"<!ENTITY" in data or b"<\0!\0E\0N\0T\0I\0T\0Y" in data:  # a small file can name a huge one so
        raise FileError(DAMAGED)
    try:
        root = ET.fromstring(data)  # noqa: S314 - without entities of its own, as just seen
    except (ET.ParseError, ValueError, LookupError):
        raise FileError(DAMAGED) from None
    _without_namespaces(root)
    if root.tag == "score-timewise":
        raise FileError(_BY_TIME)
    if root.tag != "score-partwise":
        raise FileError(_NO_SCORE)
    parts = [part for part in root.findall("part") if part.find("measure/note/pitch") is not None]
    voices = [voice for part in parts for voice in _voices(part)]
    if not voices:
        raise FileError(_NO_NOTES)
    if len(voices) > 1:
        raise FileError(several_voices(len(voices)))
    if len(parts[0].findall("measure/note")) > _MOST_NOTES:
        raise FileError(_TOO_LONG.format(_MOST_NOTES))
    try:
        return _Reader(parts[0]).sheet(_title(root))
    except (ValueError, ZeroDivisionError, KeyError):  # a number that is none, a letter that is none
        raise FileError(DAMAGED) from None


def _without_namespaces(root: Element) -> None:
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]


def _title(root: Element) -> str:
    for place in ("work/work-title", "movement-title"):
        if title := (root.findtext(place) or "").strip():
            return title
    return ""


def _voices(part: Element) -> set[str]:
    """Return the voices of a part that have notes."""
    notes = [note for note in part.findall("measure/note") if note.find("pitch") is not None]
    return {f"{note.findtext('staff') or 1}/{note.findtext('voice') or 1}" for note in notes}


class _Reader:
    """Walks through the measures of a part."""

    def __init__(self, part: Element) -> None:
        self._part = part
        self._divisions = Fraction(1)
        self._keys: list[tuple[SheetBar, int, str]] = []
        self._meter, self._tempo = "", 0
        self._chord = ""
        self._grace: tuple[SheetPitch, ...] = ()
        self._odd_chord = False

    def sheet(self, title: str) -> Sheet:
        bars = [bar for measure in self._part.findall("measure") if (bar := self._bar(measure)).notes]
        if not bars:
            raise FileError(_NO_NOTES)
        last = next(pitch for bar in reversed(bars) for note in reversed(bar.notes) for pitch in note.pitches)
        final = (SEMITONES[last.letter] + last.alter) % 12
        for bar, fifths, mode in self._keys:
            bar.key = key_of(fifths, mode, final).abc
        key, meter = bars[0].key or key_of(0, "", final).abc, bars[0].meter or "4/4"
        bars[0].key = bars[0].meter = ""
        names = {element.tag for element in self._part.iter()}
        remarks = [sentence for name, sentence in _LEFT_OUT.items() if name in names]
        if self._odd_chord:
            remarks.append("A chord that I don't know is left out.")
        return Sheet(title, key, meter, self._tempo, bars, list(dict.fromkeys(remarks)))

    def _bar(self, measure: Element) -> SheetBar:
        bar = SheetBar()
        for element in measure:
            match element.tag:
                case "attributes":
                    self._attributes(element, bar)
                case "note":
                    self._note(element, bar)
                case "forward" if self._is_silent_after(measure, element):
                    bar.notes.append(SheetNote((), self._length(element)))
                case "harmony":
                    self._chord = self._symbol(element)
                case "barline":
                    _bar_line(element, bar)
                case "sound" | "direction":
                    self._pace(element)
        return bar

    def _is_silent_after(self, measure: Element, forward: Element) -> bool:
        """Tell whether a jump forward is a rest of the one voice, and none that a jump back undoes."""
        return measure.find("backup") is None and forward.find("duration") is not None

    def _attributes(self, element: Element, bar: SheetBar) -> None:
        if divisions := element.findtext("divisions"):
            self._divisions = Fraction(divisions.strip())
        if (fifths := element.findtext("key/fifths")) is not None:
            count = int(fifths)
            if abs(count) > 7:
                raise ValueError(fifths)
            self._keys.append((bar, count, (element.findtext("key/mode") or "").strip().lower()))
        top, bottom = element.findtext("time/beats"), element.findtext("time/beat-type")
        if top and bottom:
            beats = sum(int(number) for number in re.split(r"\s*\+\s*", top.strip()))
            meter = f"{beats}/{int(bottom)}"
            if meter != self._meter:
                self._meter = bar.meter = meter

    def _note(self, element: Element, bar: SheetBar) -> None:
        if element.find("cue") is not None:
            return
        pitches = tuple(_pitches(element))
        if element.find("grace") is not None:
            self._grace += pitches
            return
        tie = any(each.get("type") == "start" for each in element.findall("tie"))
        if element.find("chord") is not None and bar.notes:
            bar.notes[-1].pitches += pitches
            bar.notes[-1].tie |= tie
            return
        bar.notes.append(SheetNote(pitches, self._length(element), tie, self._chord, self._grace))
        self._chord, self._grace = "", ()

    def _length(self, element: Element) -> Fraction:
        length = Fraction((element.findtext("duration") or "").strip()) / self._divisions / 4
        if not 0 < length <= 16:
            raise ValueError(length)
        return length.limit_denominator(3840)

    def _symbol(self, element: Element) -> str:
        kind = (element.findtext("kind") or "").strip()
        root = _name(element, "root")
        if not root or kind not in _KINDS:
            self._odd_chord = self._odd_chord or kind != "none"
            return ""
        bass = _name(element, "bass")
        return root + _KINDS[kind] + (f"/{bass}" if bass and bass != root else "")

    def _pace(self, element: Element) -> None:
        sound = element if element.tag == "sound" else element.find("sound")
        tempo = sound.get("tempo") if sound is not None else None
        if tempo and not self._tempo and 20 <= float(tempo) <= 400:
            self._tempo = round(float(tempo))


def _pitches(element: Element) -> Iterator[SheetPitch]:
    pitch = element.find("pitch")
    if pitch is None:
        return
    letter, octave = (pitch.findtext("step") or "").strip(), int(pitch.findtext("octave") or "")
    alter = round(float(pitch.findtext("alter") or 0))
    if letter not in SEMITONES or abs(alter) > 2 or not 0 <= octave <= 9:
        raise ValueError(letter)
    yield SheetPitch(letter, alter, octave)


def _name(element: Element, what: str) -> str:
    step = (element.findtext(f"{what}/{what}-step") or "").strip()
    return step + _SIGNS[round(float(element.findtext(f"{what}/{what}-alter") or 0))] if step else ""


def _bar_line(element: Element, bar: SheetBar) -> None:
    repeat, ending = element.find("repeat"), element.find("ending")
    if ending is not None and ending.get("type") == "start":
        numbers = re.findall(r"\d+", ending.get("number") or "1")
        bar.ending = ",".join(numbers) or "1"
    if repeat is not None and repeat.get("direction") == "forward":
        bar.repeat_start = True
    elif repeat is not None:
        bar.end = ":|"
    elif element.get("location", "right") == "right":
        bar.end = _BAR_LINES.get(element.findtext("bar-style") or "", "|")
