"""Which words can be nothing but music, and which can be no music: for lines that were joined."""

import re
from fractions import Fraction
from typing import Final

from generator.music.abc.tokens import multiplier

_PIECE: Final = (
    r'"[^"]*"|!(?:[^!\s|]{1,24})!|\{[^{}]*\}|\[[A-Za-z]:[^\]]*\]'
    r"|[HJLMOPRSTkuv~.]+(?=[\[(\"!{])|[HJLMOPRSTkuv~.]*(?:\^{1,2}|_{1,2}|=)?[A-Ga-g][,']*\d*/*\d*-?"
    r"|[zxZXy]\d*/*\d*|\[(?:[HJLMOPRSTkuv~.]|\^{1,2}|_{1,2}|=|[A-Ga-gz][,']*\d*/*\d*-?)+\]\d*/*\d*-?"
    r"|[|:\[\]]+(?:\d+(?:[,-]\d+)*)?|\(\d(?::\d*){0,2}(?!\d)|\)(?!\d)|[(.~<>/\\$*`!-]|\d{1,2}(?!\d)/*\d*"
)
_STRICT: Final = re.compile(f"(?:{_PIECE})+")
_NUMBER: Final = re.compile(r"[+-]?[\d.,/]+")
_WORD: Final = re.compile(r"[A-Za-z][a-z'’]+[.,;:!?)]*")
_LOWER: Final = frozenset("hijlmnopqrstwxy")
_STRANGE: Final = 2
_NO_NOTE: Final = re.compile(r"[hijl-tw-y]")  # k stands over notes for a finger
_SPACER: Final = re.compile(r"[a-g]+y")  # notes and a spacer, or the end of "my", "day"
_CLEAR: Final = re.compile(r'[A-Ga-g][,\']*\d|[A-Ga-g]\||\|[A-Ga-g]|"[A-G][^"]*"[A-Ga-g]')
_LETTERS: Final = re.compile(r"[A-Za-z]+")
# Words that are also notes, or a sign and notes.
_NOTE_WORDS: Final = frozenset([
    "a", "ab", "abba", "ace", "ad", "add", "added", "age", "aged", "babe", "bad", "bade", "badge",
    "bag", "baggage", "be", "bead", "bed", "bee", "beef", "beg", "began", "cab", "cabbage", "cad",
    "cafe", "cage", "caged", "cede", "dab", "dad", "dead", "deaf", "debb", "decade", "deed", "deface",
    "ebb", "ed", "edge", "edged", "egad", "egg", "egged", "fab", "facade", "face", "faced", "fad",
    "fade", "faded", "fag", "fed", "fee", "feed", "gab", "gad", "gag", "gage", "gee", "geg", "had",
    "hag", "have", "he", "head", "heed", "jab", "jade", "lab", "laced", "lad", "lag", "lead", "leaf",
    "led", "mad", "made", "me", "mead", "meg", "pad", "page", "paged", "pea", "peg", "rag", "rage",
    "re", "read", "red", "reed", "sad", "sag", "sage", "sea", "see", "seed", "tab", "tag", "tea",
    "teed", "va", "vague",
])  # fmt: skip


def is_strict(word: str) -> bool:
    """Tell whether a word, a run of signs without spaces, can be music."""
    return _STRICT.fullmatch(word) is not None


def is_number(word: str) -> bool:
    """Tell whether a word is a number by itself."""
    return _NUMBER.fullmatch(word) is not None


def is_clear(word: str) -> bool:
    """Tell whether a word is music beyond doubt: notes with a length, a bar line or a chord."""
    return _CLEAR.search(word) is not None and is_strict(word)


def is_word(word: str) -> bool:
    """Tell whether a word among music can be no music: letters that are neither notes nor signs."""
    plain = word.strip("([.,;:!?)")
    strange = len(_NO_NOTE.findall(plain[1:])) + (plain[:1] in _LOWER)
    return strange >= _STRANGE and _WORD.fullmatch(plain) is not None and not is_strict(word)


def is_note_word(word: str) -> bool:
    """Tell whether a word that can be music can be a word of a language as well."""
    letters = _LETTERS.findall(word)
    if word[0] == '"':
        return False
    if _SPACER.fullmatch(word):
        return True
    if not letters:
        return word in ("-", ":", "*", ".", "(", ")", "!", "~", "_")
    if "|" in word or re.search(r"\d", word) or any(run.isupper() and len(run) > 1 for run in letters):
        return False
    return all(run.lower() in _NOTE_WORDS for run in letters)


_ONE: Final = re.compile(
    r'"[^"]*"|!(?:[^!\s|]{1,24})!|\{[^{}]*\}|\[[A-Za-z]:[^\]]*\]|(?:\[[^\]]*\]|[A-Ga-gzx][,\']*)(\d*/*\d*)'
)


def bar_length(bar: str) -> Fraction | None:
    """Return the length of a bar's notes in its unit; None if it has tuplets, or nothing that sounds."""
    if re.search(r"\(\d", bar):
        return None
    lengths = [multiplier(match[1]) for match in _ONE.finditer(bar) if match[1] is not None]
    return sum((length or Fraction(0) for length in lengths), Fraction(0)) or None
