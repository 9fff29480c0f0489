"""Telling pasted tunes from wishes and talk."""

from generator.errors import AbcError
from generator.music.abc.pasted import pasted_tunes
from generator.music.abc.typography import plain_music, plain_text
from generator.music.abc.words import is_music
from generator.music.abc.wrapping import unwrapped


def looks_like_abc(text: str) -> bool:
    """Tell whether text is a tune: fields and music, however wrapped, or bare music with bar lines."""
    if "|" not in text and "K" not in text and "k" not in text:
        return False
    try:
        tunes = pasted_tunes(text)
    except AbcError:  # a tune, though it cannot be parted
        return True
    if any(tune.keyed and tune.music for tune in tunes):
        return True
    lines = [line for _, line in unwrapped(plain_text(text)) if line.strip("\0")]
    return bool(tunes) and "|" in text and all(is_music(plain_music(line)[0]) for line in lines)
