"""MusicXML for MuseScore and any other notation program."""

from importlib.metadata import version
from xml.etree import ElementTree as ET

from generator.music.tune import Tune

_DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
    ' "http://www.musicxml.org/dtds/partwise.dtd">'
)


def musicxml(tune: Tune) -> str:
    """Return the tune as MusicXML 4.0, the same text whenever it is asked for.

    Raises:
        Exception: whatever music21 raises on a tune that it cannot write.
    """
    from music21.musicxml.m21ToXml import ScoreExporter  # noqa: PLC0415 - slow

    from generator.render.score import score  # noqa: PLC0415 - brings music21

    exporter = ScoreExporter(score(tune), makeNotation=False)
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
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_DOCTYPE}\n{body}\n'


def _name_part(root: ET.Element) -> None:
    """Give the one part a fixed id in place of music21's random one."""
    for element in (*root.iter("score-part"), *root.iter("part")):
        element.set("id", "P1")
