"""Tunes that come as files: text in any encoding, MIDI, MusicXML; all of them are turned into ABC text."""
