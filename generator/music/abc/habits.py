"""Habits: what people write into a line of music where ABC has another sign, or none."""

import re
from collections.abc import Callable
from typing import Final

_CLOSED: Final = re.compile(r'("[^"]*"|![^!|\n]{1,60}!|\{[^{}]*\}|\[[A-Za-z]:[^\]]*\])')
_CHORD: Final = re.compile(r"(?:^|(?<=[\s|:]))'([A-G][#b]?(?:maj7|min|m7|m|7|dim|aug|sus4)?)'(?=\S)")
_QUOTED_ENDINGS: Final = re.compile(r'\|[ \t]*"1\.?"([^"]*:\|\]?)[ \t]*"2\.?"')
_FINGERS: Final = re.compile(r'"\d\.?"')
_TWO: Final = 2  # numbers in quotes; more of them are fingers
_ORDINAL: Final = re.compile(
    r"(?<![A-Za-z0-9])([\[|]?)[ \t]*(\d)(?:st|nd|rd|th)\b(?:[ \t]*(?:time|ending)s?\b)?[.:]?", re.IGNORECASE
)
_NUMBERED: Final = re.compile(r"(\|[ \t]*|\[[ \t]*)(\d)[:)](?=[ \t]*[^|:\s])")
_WORDS: Final = re.compile(
    r"(?<![A-Za-z.])(?:D\. ?[CS]\.(?: ?al (?:Fine|Coda))?|D[CS] al (?:Fine|Coda)|dal segno|da capo)(?![a-z])",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(r"(:\|\]?)[ \t]*\(?(?:[x*] ?(\d)|(\d) ?x)\)?[ \t]*$")
_SHARP: Final = re.compile(r"[A-Ga-g][,']*#")
_LOOSE: Final = re.compile(r"(?<=[A-Ga-g])[h-tw](?=[\s|:\])]|$)")
_ANY: Final = re.compile(
    r"['#\"]|\d[a-zA-Z:)]|D\. ?[CS]|D[CS] al|(?i:dal segno|da capo)|[h-tw](?=[\s|:\])]|$)|x ?\d|\dx|\* ?\d"
)
_COMMENT: Final = re.compile(r"(?<!\\)%.*")


def plain_habits(line: str, remark: Callable[[str], None]) -> str:
    """Put what people write into ABC's signs; what has none is left out, and said."""
    if not _ANY.search(line):
        return line
    line = _COMMENT.sub("", line)
    line = _CHORD.sub(r'"\1"', line)
    if len(_FINGERS.findall(line)) == _TWO and _QUOTED_ENDINGS.search(line):
        line = _QUOTED_ENDINGS.sub(r"|1 \g<1>2 ", line)
        remark("“1” and “2” in quotes are read as endings.")
    pieces = _CLOSED.split(line)
    for at in range(0, len(pieces), 2):
        pieces[at] = _plain(pieces[at], remark)
    return "".join(pieces)


def _plain(text: str, remark: Callable[[str], None]) -> str:
    times = _TIMES.search(text)
    if times:
        text = text[: times.end(1)]
        if (times[2] or times[3]) != "2":
            remark(f"“{times[0][len(times[1]) :].strip()}” is left out: a repeat is played twice.")
    text = _ORDINAL.sub(lambda match: f"{match[1] or '['}{match[2]} ", text)
    text = _NUMBERED.sub(r"\1\2 ", text)

    def word(match: re.Match[str]) -> str:
        remark(f"“{match[0]}” is left out: parts are played as the repeats stand.")
        return " "

    text = _WORDS.sub(word, text)
    if sharp := _SHARP.search(text):
        remark(f"# is passed over in music; for {sharp[0]} write ^{sharp[0][:-1]}.")
    for letter in _LOOSE.findall(text)[:1]:
        remark(f"“{letter}” is no note and no sign, and is passed over.")
    return text
