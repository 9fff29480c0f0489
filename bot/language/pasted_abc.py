"""ABC as people paste it: some chats join the lines of what is pasted into one."""

import re
from typing import Final

from generator.music.abc.pasted import pasted_tunes
from generator.music.abc.typography import plain_music, plain_text
from generator.music.abc.words import is_music
from generator.music.abc.wrapping import unwrapped

# The key ends the headers (ABC 2.1, 3.1.14); its mode may stand apart, as in "K:E minor".
_KEY: Final = re.compile(
    r"(?:^|\s)K:\s*(?:none|HP|Hp|[A-G][b#]?\s?(?:(?i:maj|min|m|dor|mix|phr|lyd|loc|aeo|ion)[a-z]*)?)(?=\s|$)"
)
_NEXT_FIELD: Final = re.compile(r"(?<!\s)\s++(?=[A-Z]:)")  # tried once for each run of spaces
_HEADERS: Final = re.compile(r"^[A-Z]:.*?^K:", re.MULTILINE | re.DOTALL)


def looks_like_abc(text: str) -> bool:
    """Tell whether text is a tune: fields and music, however wrapped, or bare music with bar lines."""
    if "|" not in text and "K" not in text and "k" not in text:
        return False
    tunes = pasted_tunes(in_lines(text))
    if any(tune.keyed and tune.music for tune in tunes) or _HEADERS.match(text):
        return True
    lines = [line for _, line in unwrapped(plain_text(text)) if line.strip("\0")]
    return bool(tunes) and "|" in text and all(is_music(plain_music(line)[0]) for line in lines)


def in_lines(abc: str) -> str:
    """Put every header of pasted ABC on a line of its own again, if it came in one line."""
    abc = abc.strip()
    key = None if "\n" in abc else _KEY.search(abc)
    if key is None:
        return abc
    return _NEXT_FIELD.sub("\n", abc[: key.end()]) + "\n" + abc[key.end() :].lstrip()
