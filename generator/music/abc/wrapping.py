"""Wrapping: what mails, chats, forums and web pages put around the lines of a tune, taken off again."""

import re
from itertools import pairwise
from typing import Final

Lines = list[tuple[int, str]]

END: Final = "\0"
"""Stands for a line at which a tune ends whatever it has: the end of a code block."""

# Tags have attributes with =, if any: "<a (gf) d>" is music.
_ATTRIBUTES: Final = r"(?:\s[^<>\n=]{0,60}=[^<>\n]{0,400})?"
_BREAK: Final = re.compile(
    rf"[ ]?<br{_ATTRIBUTES}\s{{0,9}}/?>[ ]?(\n?)|</?(?:p|div|pre|li|tr|blockquote){_ATTRIBUTES}>(\n?)",
    re.IGNORECASE,
)
_TAG: Final = re.compile(
    r"</?(?:code|span|strong|em|i|u|s|tt|font|small|big|td|th|table|tbody|ul|ol|html|body|h[1-6]|section|article"
    rf"|textarea|script){_ATTRIBUTES}\s{{0,9}}/?>|<[ab]{_ATTRIBUTES[:-1]}>|</[ab]>|<!--[^\n]{{0,200}}?-->",
    re.IGNORECASE,
)
_LETTER_TAG: Final = re.compile(r"<([ab])>([^<>\n]{0,200})</\1>", re.IGNORECASE)
_FORUM: Final = re.compile(r"\[(/?)(?:abc|code|music|pre|quote)(?:=[^\]\n]{0,40})?\]", re.IGNORECASE)
_FORUM_END: Final = re.compile(r"\[/(?:abc|code|music|pre|quote)\]", re.IGNORECASE)
# Backticks within a line of music only make room there (4.7).
_OPENS: Final = re.compile(r"(?:^|(?<=\s))(?:`{3}|~{3,}(?=\w*$))(?=[a-z-]*$|[a-z-]*\s|[A-Za-z]:|[|\[])")
_CLOSES: Final = re.compile(r"^~{3,}\s*$|(?:^|(?<=[|\]:\s]))`{3}(?!`)|(?<!`)`{3}\s*$")
_LANGUAGES: Final = frozenset(
    {"", "abc", "abcjs", "text", "txt", "plain", "plaintext", "music", "music-abc", "none"}
)
_LANGUAGE: Final = re.compile(r"^abc\s+(?=[A-Za-z]:)")
_SPELT: Final = re.compile(r"\\n(?:\\r)?[A-Za-z]:")
_LEAST: Final = 3  # lines with numbers
_QUOTE: Final = re.compile(r"(?:>[ ]?)+")
_NUMBER: Final = re.compile(r"(\d{1,4})(?:[.):|]|(?=[ ]))[ ]*")
_ESCAPE: Final = re.compile(r"\\([|_*~>()\[\]`#-])")
_HEAD: Final = re.compile(r"(?:[*_`-]\s?)*[A-Za-z]\W{0,3}:")


def unwrapped(text: str) -> Lines:
    """Return the numbered lines of a plain text without code fences, tags, marks of quotation and numbers.

    A line :data:`END` stands where a block of code ends.
    """
    if "\n" not in text and _SPELT.search(text):
        text = text.replace("\\r", "").replace("\\n", "\n")
    if "<" in text and ">" in text:
        text = _TAG.sub("", _LETTER_TAG.sub(r"\2", _BREAK.sub("\n", text)))
    if _FORUM_END.search(text):
        text = _FORUM.sub(lambda match: f"\n{END}\n" if match[1] else "\n", text)
    if len(text) > 1 and text[0] == "`" != text[1] and text[-1] == "`" and text.count("`") == 2:
        text = text[1:-1]
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    lines = _unnumbered(_unquoted(_fenced(lines)))
    if "\\|" in text:
        lines = [(number, _ESCAPE.sub(r"\1", line)) for number, line in lines]
    return _closer(lines)


def _fenced(lines: Lines) -> Lines:
    """Keep what stands between fences, if there are any and there is something between them."""
    found: Lines = []
    other: Lines = []
    inside = False
    for number, line in lines:
        rest = line
        while fence := (_CLOSES if inside else _OPENS).search(rest.lstrip("> ") if not inside else rest):
            rest = rest if inside else rest.lstrip("> ")
            (found if inside else other).append((number, rest[: fence.start()].strip()))
            rest = rest[fence.end() :]
            if inside:
                found.append((number, END))
            elif rest.strip().lower() in _LANGUAGES:
                rest = ""
            else:
                rest = _LANGUAGE.sub("", rest)
            inside = not inside
            if not rest.strip():
                break
        else:
            (found if inside else other).append((number, rest.strip()))
    return found if any(line not in ("", END) for _, line in found) else other


def _unquoted(lines: Lines) -> Lines:
    """Take off the marks of quotation, if every line has them or the first field does."""
    marked = [line for _, line in lines if line.startswith(">")]
    if not marked:
        return lines
    full = [line for _, line in lines if line not in ("", END)]
    if len(marked) == len(full) or _HEAD.match(_QUOTE.sub("", marked[0], count=1)):
        return [
            (number, _QUOTE.sub("", line, count=1) if line[:1] == ">" else line) for number, line in lines
        ]
    return lines


def _unnumbered(lines: Lines, least: int = _LEAST) -> Lines:
    """Take off the numbers of lines, if every line has one and they count up."""
    keys = [at for at, (_, line) in enumerate(lines) if line[:2] == "K:"]
    if len(keys) == 1 and keys[0] < len(lines) - 2 and not _NUMBER.match(lines[0][1]):
        return [*lines[: keys[0] + 1], *_unnumbered(lines[keys[0] + 1 :], least=2)]
    full = [line for _, line in lines if line not in ("", END)]
    numbers = [_NUMBER.match(line) for line in full]
    if len(full) < least or not all(numbers):
        return lines
    counted = [int(match[1]) for match in numbers if match]
    if least < _LEAST and counted[0] != 1:
        return lines
    if any(after - before not in (1, 2, 3) for before, after in pairwise(counted)):
        return lines
    return [(number, _NUMBER.sub("", line, count=1) if line != END else line) for number, line in lines]


def _closer(lines: Lines) -> Lines:
    """Leave out the empty lines where one stands between every two lines: they part no tunes."""
    full = [at for at, (_, line) in enumerate(lines) if line]
    if len(full) > 3 and all(after - before > 1 for before, after in pairwise(full)):
        return [lines[at] for at in full]
    return lines
