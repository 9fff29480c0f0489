"""Tunes to look at and listen to: MIDI, MusicXML, sheet music and sound."""
