"""A tune whose lines were joined by spaces, as some chats deliver it: its lines, found again.

Fields whose content has a form end with it. Words (lyrics, titles, comments) end where nothing but
music follows; where that is not certain, a sentence says so, and no note is guessed.
"""

import re
from typing import Final

from generator.errors import AbcError
from generator.music.abc.strict import bar_length, is_clear, is_note_word, is_number, is_strict, is_word

_KEY: Final = r"(?:none|HP|Hp|[A-G][#b]?(?:\s?(?i:maj|min|ion|aeo|dor|mix|phr|lyd|loc)[a-z]*|m(?![a-z]))?)"
_OPTIONS: Final = (
    r"(?:\s+(?:clef|middle|m|octave|transpose|t|score|sound|shift|stafflines|staffscale|style|cue|name|nm|subname|snm|stem)"
    r"\s?=\s?(?:\"[^\"]*\"|\S+)|\s+(?:treble|alto|tenor|baritone|bass|mezzo|soprano|perc|none)[1-5]?(?:[+\-^_](?:8|15))?(?=\s|$)|\s+[+-]8v[ab])*"
)
_METER: Final = r"(?:C\|?(?!\S)|none(?!\S)|\(?\d+(?:\+\d+)*\)?\s?/\s?\d+(?!\d))"
_BEAT: Final = r"\d+\s?/\s?\d+"
_TEMPO: Final = (
    rf"(?:\"[^\"]*\"\s?)?(?:(?:(?:{_BEAT}\s?)+|[A-C]\d{{0,2}}(?:/\d+)?\s?)=\s?\d+(?:\.\d+)?"
    r"|\d{2,3}(?!\S))(?:\s?\"[^\"]*\")?|\"[^\"]*\""
)
# Where a field has a form: what it may hold, apart from what stands before the key of the tune.
_FORMS: Final = {
    "X": re.compile(r"\s*\d*"),
    "M": re.compile(rf"\s*{_METER}"),
    "L": re.compile(rf"\s*(?:{_BEAT}|1(?!\S))"),
    "Q": re.compile(rf"\s*(?:{_TEMPO})"),
    "K": re.compile(rf"\s*(?:{_KEY})?(?:\s+exp)?(?:{_OPTIONS})"),
    "V": re.compile(rf"\s*[^\s|]+{_OPTIONS}"),
    "P": re.compile(
        r"\s*(?:[A-Z]\s\d|\[[A-Z]\]|[A-Z(][A-Z0-9().]*'?(?:\s\((?=[^)|]*[h-y])[a-z][^)|]*\))?)(?=\s|$)"
    ),
    "U": re.compile(r"\s*\S+"),
    "m": re.compile(r"\s*\S+"),
}
_SIGNATURE: Final = re.compile(r"(?:\s+[\^_=]{1,2}[A-Ga-g](?=\s|$))+")
_HEADER: Final = re.compile(r"(?<!\S)([A-Za-z])[ ]?:(?![|:\]])")
_STOP: Final = re.compile(
    r'"[^"]*"|!(?:[^!\s|]{1,24}|[^!|\n]{1,40})!|\[[A-Za-z]:[^\]]*\]|(?<!\S)([H-Zkwsmr]|d(?=:\s+[*!~.])|[A-G](?=:\s?[A-Za-z]{0,9}[h-tw-y])):(?![|:\]])|(?<!\\)(%)'
)
_PLAIN_STOP: Final = re.compile(
    r"(?<!\S)(?:[H-Zkwsmr]|d(?=:\s+[*!~.])|[A-G](?=:\s?[A-Za-z]{0,9}[h-tw-y])):(?![|:\]])|(?<!\\)%"
)
_PARTS: Final = frozenset(
    [
        *("part", "partie", "parte", "teil", "deel", "del", "section", "strain", "tune", "turn"),
        *("the", "on", "in", "of", "to", "key", "final", "is"),
    ]
)
_TOKEN: Final = re.compile(r'(?:"[^"]*"|![^!\s|]{1,24}!|\{[^{}]*\}|\[[A-Za-z]:[^\]]*\]|\S)+')
_MAIL: Final = re.compile(r"=(?:20)?(?= |$)")  # how mail breaks a line that goes on
_COMMENT: Final = re.compile(r"%+\S*")
_CLEAR: Final = 2  # words that can be nothing but music, where there is no bar line
_FIRST: Final = 4  # words, of which one is music beyond doubt where a field seems to be empty
_BARS: Final = 5  # that are compared
_SHOWN: Final = 30
_LEAST: Final = 2  # fields with a form that a joined line has
_DIRECTIVE: Final = re.compile(
    r"\s*(?:(?:score|staves)(?:\s+(?:(?:\[(?![A-Za-z]:)|[({])[^\])}|]*[\])}]+|\d+(?!\S)))+|MIDI\s+(?:gchord|drum|beatstring)\s+\S+(?:\s+\d+(?!\S))*|MIDI\s+[A-Za-z]+(?:\s+[+-]?[\d/]+(?!\S))*"
    r"|newpage(?!\S)|[a-z]+\s+[+-]?[\d.]+(?:cm|pt|in)?(?!\S)|[a-z]+\s+(?:true|false|yes|no|on|off)(?!\S))"
)
_LABEL: Final = re.compile(r"\(?[A-G][#b]?[.,:)]{0,2}")
_JOINED_LYRICS: Final = "Its lines came joined into one: lyrics are taken to end where music follows."
_ENDLESS: Final = (
    "its lines came joined into one, and I can't tell where “{0}” ends; "
    "send it with its line breaks: in a code block, as a reply, or as a file"
)


def is_joined(line: str) -> bool:
    """Tell whether a line is several that were joined."""
    count = 0
    for match in _HEADER.finditer(line):
        form = _FORMS.get(match[1].upper())
        inside = form.match(line, match.end()) if form and match[1].upper() in "XMLQK" else None
        count += bool(inside and inside[0].strip())
    return count >= (1 if "|" in line and not _HEADER.match(line) else _LEAST)


def parted(line: str, *, keyed: bool = False) -> tuple[list[str], list[str]]:
    """Return the lines that were joined into one, and sentences on what was left out.

    Args:
        line: the line.
        keyed: whether the key of the tune stands before it.

    Raises:
        AbcError: it cannot be known where words end.
    """
    joined = _Joined(line.strip(), keyed)
    joined.part()
    return joined.lines, joined.remarks


class _Joined:
    """Lines that were joined, while they are parted."""

    def __init__(self, text: str, keyed: bool) -> None:
        self.lines: list[str] = []
        self.remarks: list[str] = []
        self._text = text
        self._at = 0
        self._keyed = keyed
        self._given: set[str] = set()  # fields that a tune has once above its music

    def part(self) -> None:
        """Find the lines."""
        text = self._text
        while self._at < len(text):
            if text[self._at].isspace():
                self._at += 1
                continue
            field = _HEADER.match(text, self._at)
            if text[self._at] == "%":
                self._comment()
            elif field and (not self._keyed or _STOP.match(text, self._at)):
                self._field(field)
            else:
                self._music()

    def _put(self, end: int) -> None:
        line = _MAIL.sub(" ", self._text[self._at : end].strip())
        if line:
            self.lines.append(line)
        self._at = end

    def _field(self, field: re.Match[str]) -> None:
        letter = field[1] if self._keyed or field[1] not in "xmlqkrtc" else field[1].upper()
        form = _FORMS.get(letter)
        inside = form.match(self._text, field.end()) if form and (self._keyed or letter != "P") else None
        if letter == "X":
            self._keyed = False
            self._given.clear()
        if letter in "XMLQ":
            self._given.add(letter)
        if letter == "K" and inside:
            self._key(inside.end())
        elif inside and inside[0].strip() and (self._keyed or self._ends_well(inside.end())):
            self._put(inside.end())
        elif not self._keyed:
            after = self._next_field(field.end())
            self._put(after)
        else:
            self._words(field.end(), f"{letter}:")

    def _ends_well(self, end: int) -> bool:
        """Tell whether a field, a comment, nothing, or the music of a tune without a key follows."""
        rest = self._text[end : end + 200].lstrip()
        return not rest or bool(_HEADER.match(rest)) or rest[0] == "%" or not self._key_ahead(end)

    def _key_ahead(self, start: int) -> bool:
        return any(match[1] in "kK" for match in _HEADER.finditer(self._text, start))

    def _next_field(self, start: int) -> int:
        """Return where the next field above the music begins; one right behind a % is a comment."""
        for match in _HEADER.finditer(self._text, start):
            letter = match[1].upper()
            form = _FORMS.get(letter) if letter in "XMLK" else None
            inside = form.match(self._text, match.end()) if form else None
            if form and not (inside and (inside[0].strip() or letter in "XK")):
                continue
            if not (match[1].isupper() or letter in "XMLKTQRC"):
                continue
            if self._text.startswith("%", start) and letter in self._given:
                continue  # within a comment
            if not self._text[: match.start()].rstrip().endswith("%"):
                return match.start()
        return len(self._text)

    def _key(self, end: int) -> None:
        signs = _SIGNATURE.match(self._text, end)
        if signs:
            if "exp" not in self._text[self._at : end].split():
                raise AbcError(_ENDLESS.format(self._text[self._at : signs.end()].strip()[:24]))
            end = signs.end()
        self._keyed = True
        rest = self._text[end : end + 1]
        if rest and not rest.isspace() and rest not in '|"[%({':  # K:G? and the like: up to the next space
            space = re.compile(r"\S*").match(self._text, end)
            end = space.end() if space else end
        self._put(end)

    def _music(self) -> None:
        text = self._text
        end = len(text)
        for stop in _STOP.finditer(text, self._at):
            if stop[1] or stop[2]:
                end = stop.start()
                break
        tokens = list(_TOKEN.finditer(text, self._at, end))
        odd = next((at for at, token in enumerate(tokens) if is_word(token[0])), None)
        if odd is None:
            self._put(end)
            self._keyed = True
            return
        rest = tokens[odd:]
        if any("|" in token[0] for token in rest) or (end < len(text) and text[end] != "%"):
            raise AbcError(_ENDLESS.format(" ".join(token[0] for token in rest[:3])[:24]))
        words = text[rest[0].start() : end].strip()
        self._put(rest[0].start())
        self.remarks.append(f"“{words[:30]}” looks like words, and is left out.")
        self._at = end

    def _comment(self) -> None:
        """Pass over a comment or directive; it ends where nothing but music follows."""
        text, start = self._text, self._at
        if not self._keyed:
            self._put(self._next_field(start))
            return
        first = _COMMENT.match(text, start)
        end = first.end() if first else start + 1
        if text.startswith("%%", start):
            known = _DIRECTIVE.match(text, start + 2)
            if known:
                self._put(known.end())
            else:
                self._words(end, text[start:end], numbers=True)
            return
        name = text[start:end]
        self._words(end, name, certain=is_number(name[1:]) or not is_strict(name[1:] or "|"))

    def _words(self, start: int, name: str, *, numbers: bool = False, certain: bool = True) -> None:
        """Pass over words that begin at ``start``, up to where nothing but music follows.

        Args:
            start: where their content begins.
            name: of the field, for the sentence.
            numbers: whether a number by itself is a word.
            certain: whether music that follows at once can be no part of them.
        """
        text = self._text
        stop = _PLAIN_STOP.search(text, start)
        end = stop.start() if stop else len(text)
        tokens = list(_TOKEN.finditer(text, start, end))
        pieces = [token[0] for token in tokens]
        count = self._count_words(pieces, name, numbers=numbers)
        unknown = AbcError(_ENDLESS.format(f"{name} {text[start : start + 16].strip()}"))
        if any(is_clear(word) or ("|" in word and name != "w:") for word in pieces[:count]):
            raise unknown
        if name[0] == "%" and not count and self._is_label([*filter(None, [name[1:]]), *pieces]):
            count, certain = int(len(name) == 1), True
        after = pieces[count:]
        clear = sum(not is_note_word(piece) for piece in after)
        if not clear or (clear < _CLEAR and not any("|" in piece for piece in after)):
            if after and not count:
                raise unknown
            self._put(end)
            return
        named = name[0] in "%TPNR" and count > 0
        doubtful = self._doubtful(after, pieces[count - 1] if count else "", named=named)
        certain = certain and (name[0] == "%" or any(is_clear(piece) for piece in after[:_FIRST]))
        if doubtful is None or (not certain and (not count or len(name) > 1 == name.count("%"))):
            raise unknown
        self._end_words(tokens[count + doubtful].start(), name, empty=not count)

    @staticmethod
    def _count_words(pieces: list[str], name: str, *, numbers: bool) -> int:
        """Count the pieces up to the last that cannot be music."""
        count = 0
        for at, piece in enumerate(pieces):
            if not is_strict(piece) or (is_number(piece) and (numbers or at == count)):
                count = at + 1
        if name == "w:" and 0 < count < len(pieces) and pieces[count - 1].endswith("-"):
            count += not is_clear(pieces[count])  # the last syllable of a word
        return count

    def _end_words(self, end: int, name: str, *, empty: bool) -> None:
        """End the words, and say so where they might have been meant to go on."""
        if name[0] == "%" and name[:2] != "%%" and not is_number(name[1:] or "x"):
            words = self._text[self._at : end].strip()
            said = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
            self.remarks.append(
                f"Its lines came joined into one: the comment “{said}” is taken to end there."
            )
        elif name == "w:" and not empty and _JOINED_LYRICS not in self.remarks:
            self.remarks.append(_JOINED_LYRICS)
        self._put(end)

    @staticmethod
    def _is_label(pieces: list[str]) -> bool:
        """Tell whether a comment is the letter of a part, in front of its first bar line."""
        return len(pieces) > 1 and _LABEL.fullmatch(pieces[0]) is not None and pieces[1][0] in "|["

    @staticmethod
    def _doubtful(after: list[str], before: str, *, named: bool) -> int | None:
        """Count the words at the start of what may be music that are words of a language; None if unknown."""
        count = 0
        while count < len(after) and (
            is_note_word(after[count]) or (named and not count and _LABEL.fullmatch(after[count]))
        ):
            count += 1
        if count and not is_note_word(after[0]) and before[-1:] in (".", "!", "?", ")"):
            return 0  # the words end with a sentence
        if count == 1 and before.lower().strip(".:,") in _PARTS and len(after[0]) == 1:
            return 1
        if not count:
            return 0
        rest = " ".join(after)
        fitting = []
        for at in range(count + 1):
            lengths = [bar_length(bar) for bar in re.split(r"[|:\]]+", rest, maxsplit=_BARS)[:_BARS]]
            full = max(lengths[1:], key=lambda length: (length is not None, length or 0), default=None)
            if full is not None and lengths[0] == full and lengths[1:].count(full) > 1:
                fitting.append(at)
            rest = rest[len(after[at]) :].lstrip() if at < len(after) else rest
        return fitting[0] if len(fitting) == 1 else None
