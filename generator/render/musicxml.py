"""MusicXML for MuseScore and any other notation program."""

from importlib.metadata import version
from xml.etree import ElementTree as ET

from generator.music.tune import Tune
from generator.render.written_parts import PARTS, Shift, shift, written

_DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
    ' "http://www.musicxml.org/dtds/partwise.dtd">'
)


def musicxml(tune: Tune, part: str = "") -> str:
    """Return the tune as MusicXML 4.0, the same text whenever it is asked for.

    Args:
        tune: at concert pitch.
        part: a name in ``PARTS`` for whose players it is written; it still sounds at concert pitch.

    Raises:
        Exception: whatever music21 raises on a tune that it cannot write.
    """
    from music21.musicxml.m21ToXml import ScoreExporter  # noqa: PLC0415 - slow

    from generator.render.score import score  # noqa: PLC0415 - brings music21

    read = written(tune, part)
    exporter = ScoreExporter(score(read), makeNotation=False)
    root = exporter.parse()
    for encoding in root.iter("encoding"):
        for child in list(encoding):
            if child.tag in ("encoding-date", "software"):
                encoding.remove(child)  # the date would change the file from day to day
        ET.SubElement(encoding, "software").text = f"Tunesmith, music21 {version('music21')}"
    for identification in root.iter("identification"):
        for creator in identification.findall("creator") if not tune.composer else ():
            identification.remove(creator)  # it would be music21
    _name_part(root)
    if part:
        _sound_at_concert_pitch(root, PARTS[part].shown, shift(tune, read))
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_DOCTYPE}\n{body}\n'


def _name_part(root: ET.Element) -> None:
    """Give the one part a fixed id in place of music21's random one."""
    for element in (*root.iter("score-part"), *root.iter("part")):
        element.set("id", "P1")


def _sound_at_concert_pitch(root: ET.Element, name: str, lower: Shift) -> None:
    """Say how far the part sounds from what is written, and for whom it is."""
    attributes = root.find("./part/measure/attributes")
    assert attributes is not None
    transpose = ET.SubElement(attributes, "transpose")  # the last but for elements that we do not write
    ET.SubElement(transpose, "diatonic").text = str(lower.steps)
    ET.SubElement(transpose, "chromatic").text = str(lower.semitones)
    for label in root.iter("part-name"):
        label.text = f"Part in {name}"
