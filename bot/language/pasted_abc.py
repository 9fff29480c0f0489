"""ABC as people paste it: some chats join the lines of what is pasted into one."""

import re
from typing import Final

# The key ends the headers (ABC 2.1, 3.1.14); its mode may stand apart, as in "K:E minor".
_KEY: Final = re.compile(
    r"(?:^|\s)K:\s*(?:none|HP|Hp|[A-G][b#]?\s?(?:(?i:maj|min|m|dor|mix|phr|lyd|loc|aeo|ion)[a-z]*)?)(?=\s|$)"
)
_NEXT_FIELD: Final = re.compile(r"(?<!\s)\s++(?=[A-Z]:)")  # tried once for each run of spaces
_HEADERS: Final = re.compile(r"^[A-Z]:.*?^K:", re.MULTILINE | re.DOTALL)


def looks_like_abc(text: str) -> bool:
    """Tell whether text begins with the headers of a tune, each on a line of its own."""
    return _HEADERS.match(text) is not None


def in_lines(abc: str) -> str:
    """Put every header of pasted ABC on a line of its own again, if it came in one line."""
    abc = abc.strip()
    key = None if "\n" in abc else _KEY.search(abc)
    if key is None:
        return abc
    return _NEXT_FIELD.sub("\n", abc[: key.end()]) + "\n" + abc[key.end() :].lstrip()
