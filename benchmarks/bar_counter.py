"""An independent judge of ABC: counts bars, lengths, parts and scale notes of one tune.

It shares no code with the product's reader, so that neither can hide the other's mistakes. It knows
just enough ABC for one voice: notes, rests, chords, tuplets, broken rhythm, repeats and two endings.
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction

_TOKEN = re.compile(
    r"""
    (?P<symbol>"[^"\n]*") | (?P<grace>\{[^}\n]*\}) | (?P<inline>\[[A-Za-z]:[^]\n]*\]) |
    (?P<tuplet>\((?P<p>\d)(?::(?P<q>\d*))?(?::(?P<r>\d*))?) |
    (?P<chord>\[(?P<inside>[\^_=A-Ga-g,'\d/-]+)\](?P<clength>\d*/*\d*)) |
    (?P<note>(?P<accidental>\^\^?|__?|=)?(?P<letter>[A-Gza-gx])(?P<marks>[,']*)(?P<length>\d*/*\d*)) |
    (?P<line>::|:?\|+\]?:*|\[\||\|?:) | (?P<ending>\[?[12](?![\d]))  | (?P<broken><+|>+) |
    (?P<open>\() | (?P<close>\)) | (?P<tie>-) | (?P<blank>[ \n]+) | (?P<ornament>![a-z]+!|[.~HLMOPSTuv])
    """,
    re.VERBOSE,
)
_SCALE = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_FIFTHS = {"C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5, "F": -1}
_MODES = {"": 0, "m": -3, "min": -3, "dor": -2, "mix": -1, "maj": 0}


@dataclass
class CountedBar:
    """A bar: its length in whole notes, the line after it, and what it belongs to."""

    length: Fraction = Fraction(0)
    notes: int = 0
    line: str = ""
    ending: int = 0
    begins_repeat: bool = False


@dataclass
class Counted:
    """What was counted in a tune.

    Attributes:
        headers: the first of each header field.
        bars: in written order.
        faults: what is wrong, in words; empty if all is right.
        notes: how many pitches are written (grace notes apart).
        outside: how many of these are not in the scale of the key.
        lowest, highest: as MIDI numbers.
    """

    headers: dict[str, str] = field(default_factory=dict)
    bars: list[CountedBar] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: int = 0
    outside: int = 0
    lowest: int = 127
    highest: int = 0

    @property
    def full(self) -> Fraction:
        """Length of a full bar."""
        meter = {"C": "4/4", "C|": "2/2"}.get(self.headers["M"], self.headers["M"])
        return Fraction(meter)

    def played(self) -> list[CountedBar]:
        """The bars in the order in which they sound."""
        order: list[CountedBar] = []
        start = at = 0
        turn = 1
        while at < len(self.bars):
            bar = self.bars[at]
            if bar.begins_repeat and at != start:
                start, turn = at, 1
            if bar.ending == 1 and turn == 2:
                while at < len(self.bars) and self.bars[at].ending == 1:
                    at += 1
                continue
            order.append(bar)
            if bar.line.startswith(":") and turn == 1:
                at, turn = start, 2
                continue
            if bar.line.startswith(":") or (turn == 2 and bar.ending == 2 and bar.line != "|"):
                start, turn = at + 1, 1
            at += 1
            if len(order) > 4 * len(self.bars):
                self.faults.append("repeats without end")
                break
        return order

    def parts(self) -> list[tuple[int, int]]:
        """For each part, how many full bars it has as played once, and how often it is played."""
        found: list[tuple[int, int]] = []
        total, repeated = Fraction(0), False
        for bar in self.bars:
            if bar.ending != 2:
                total += bar.length
            repeated = repeated or bar.line.startswith(":")
            after = self.bars.index(bar) + 1 if bar.line.startswith(":") and bar.ending == 1 else None
            second_follows = after is not None and after < len(self.bars) and self.bars[after].ending == 2
            if bar.line != "|" and not second_follows:
                bars = round(total / self.full)
                found.append((bars, 2 if repeated else 1))
                total, repeated = Fraction(0), False
        return found


def signature(key: str) -> dict[str, int]:
    """The letters that a key such as ``F#m`` or ``Edor`` alters, with how."""
    match = re.fullmatch(r"([A-G])([#b]?)([a-z]*)", key)
    if match is None:
        raise ValueError(f"no key: {key}")
    count = _FIFTHS[match[1]] + {"": 0, "#": 7, "b": -7}[match[2]] + _MODES[match[3]]
    order = "FCGDAEB" if count > 0 else "BEADGCF"
    return dict.fromkeys(order[: abs(count)], 1 if count > 0 else -1)


def _length(text: str) -> Fraction:
    match = re.fullmatch(r"(\d*)(/*)(\d*)", text)
    assert match is not None
    top = Fraction(int(match[1] or 1))
    if not match[2]:
        return top
    return top / int(match[3]) if match[3] else top / 2 ** len(match[2])


class _Count:
    """One pass over the music of a tune."""

    def __init__(self, counted: Counted) -> None:
        self.counted = counted
        self.unit = Fraction(counted.headers["L"])
        self.signature = signature(counted.headers["K"].split()[0])
        self.scale = {(_SCALE[c] + self.signature.get(c, 0)) % 12 for c in _SCALE}
        self.bar = CountedBar()
        self.altered: dict[str, int] = {}
        self.group, self.factor = 0, Fraction(1)
        self.last: Fraction | None = None
        self.due = Fraction(1)
        self.broken = self.slur = 0
        self.ending = 0
        self.tie: int | None = None
        self.pitch: int | None = None

    def fault(self, words: str) -> None:
        self.counted.faults.append(f"bar {len(self.counted.bars) + 1}: {words}")

    def sound(self, length: Fraction) -> None:
        """Add a note, chord or rest of a written length in units."""
        length *= self.unit * self.due
        self.due, self.broken = Fraction(1), 0
        if self.group:
            length *= self.factor
            self.group -= 1
        self.bar.length += length
        self.bar.notes += 1
        self.last = length

    def note(self, match: re.Match[str]) -> None:
        letter = match["letter"]
        if letter in "zx":
            if self.tie is not None:
                self.fault("a tie into a rest")
            self.pitch = None
            self.sound(_length(match["length"]))
            return
        octave = letter.islower() + match["marks"].count("'") - match["marks"].count(",")
        name = f"{letter.upper()}{octave}"
        if match["accidental"]:
            sign = match["accidental"]
            self.altered[name] = sign.count("^") - sign.count("_")
        alter = self.altered.get(name, self.signature.get(letter.upper(), 0))
        pitch = 60 + 12 * octave + _SCALE[letter.upper()] + alter
        if self.tie is not None and self.tie not in (pitch, -(12 * octave + _SCALE[letter.upper()])):
            natural = 60 + 12 * octave + _SCALE[letter.upper()]
            if abs(self.tie - natural) > 1:
                self.fault("a tie between different pitches")
        self.tie = None
        self.pitch = pitch
        counted = self.counted
        counted.notes += 1
        counted.outside += pitch % 12 not in self.scale
        counted.lowest, counted.highest = min(counted.lowest, pitch), max(counted.highest, pitch)
        self.sound(_length(match["length"]))

    def line(self, text: str) -> None:
        bar = self.bar
        if self.group:
            self.fault("a tuplet over the bar line")
        if self.broken or self.slur:
            self.fault("a broken rhythm or slur over the bar line")
        if bar.notes:
            bar.ending = self.ending
            bar.line = {"::": ":|", "||:": "||", "|:": "||", "|]:": "||"}.get(text, text)
            self.counted.bars.append(bar)
            if bar.line != "|" and not (bar.line == ":|" and self.ending == 1):
                self.ending = 0
        elif not text.endswith(":") and text != "|":
            self.fault(f"an empty bar before {text}")
        self.bar = CountedBar(begins_repeat=text.endswith(":"))
        if not bar.notes and bar.begins_repeat:
            self.bar.begins_repeat = True
        self.altered = {}
        self.last = None

    def read(self, body: str) -> None:
        at = 0
        while at < len(body):
            match = _TOKEN.match(body, at)
            if match is None:
                self.fault(f"unknown text {body[at : at + 8]!r}")
                at += 1
                continue
            self.token(match)
            at = match.end()
        if self.bar.notes:
            self.fault("the last bar is not closed")
            self.counted.bars.append(self.bar)
        if self.tie is not None:
            self.fault("a tie is left hanging")

    def token(self, match: re.Match[str]) -> None:
        """Count one token."""
        for kind in ("note", "chord", "tuplet", "line", "ending", "broken", "tie", "open", "close", "inline"):
            if match[kind] is not None:
                getattr(self, f"on_{kind}")(match)
                return

    def on_note(self, match: re.Match[str]) -> None:
        self.note(match)

    def on_chord(self, match: re.Match[str]) -> None:
        self.counted.notes += len(re.findall("[A-Ga-g]", match["inside"]))
        self.pitch = None
        self.sound(_length(match["clength"]))

    def on_tuplet(self, match: re.Match[str]) -> None:
        if self.group:
            self.fault("a tuplet inside a tuplet")
        p = int(match["p"])
        q = int(match["q"] or {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}[p])
        self.group, self.factor = int(match["r"] or p), Fraction(q, p)

    def on_line(self, match: re.Match[str]) -> None:
        self.line(match[0])

    def on_ending(self, match: re.Match[str]) -> None:
        self.ending = int(match[0].strip("["))

    def on_broken(self, match: re.Match[str]) -> None:
        text = match[0]
        if self.last is None:
            self.fault("broken rhythm without a note before it")
            return
        share = Fraction(1, 2 ** len(text))
        self.bar.length += self.last * (1 - share) * (1 if text[0] == ">" else -1)
        self.due = share if text[0] == ">" else 2 - share
        self.broken = 1

    def on_tie(self, _: re.Match[str]) -> None:
        if self.pitch is None:
            self.fault("a tie without a note before it")
        self.tie = self.pitch

    def on_open(self, _: re.Match[str]) -> None:
        self.slur += 1

    def on_close(self, _: re.Match[str]) -> None:
        self.slur -= 1
        if self.slur < 0:
            self.fault("a slur that was never opened")

    def on_inline(self, _: re.Match[str]) -> None:
        self.fault("a field inside the music")


def count(abc: str) -> Counted:
    """Count one tune.

    Args:
        abc: headers with ``M:``, ``L:`` and ``K:``, then music.
    """
    counted = Counted()
    lines = abc.strip("\n").split("\n")
    at = 0
    while at < len(lines) and re.match(r"[A-Za-z]:", lines[at]):
        counted.headers.setdefault(lines[at][0], lines[at][2:].strip())
        at += 1
        if lines[at - 1].startswith("K:"):
            break
    body = "\n".join(lines[at:])
    if re.search(r"^[A-Za-z]:(?!\|)", body, re.MULTILINE):
        counted.faults.append("a field in the music")
    _Count(counted).read(body)
    _judge(counted)
    return counted


def _judge(counted: Counted) -> None:
    """Add a fault for every bar, as played, that is not full and not made full by its neighbour."""
    full = counted.full
    order = counted.played()
    if not order:
        counted.faults.append("no bars")
        return
    lengths = [bar.length for bar in order]
    at = 0
    pickup = Fraction(0)
    if lengths[0] < full:
        pickup, at = lengths[0], 1
    while at < len(lengths):
        length = lengths[at]
        if length != full:
            onward = lengths[at + 1] if at + 1 < len(lengths) else pickup
            if length > full or length + onward != full:
                counted.faults.append(f"played bar {at + 1} has {length}, the next {onward}, not {full}")
            at += 1
        at += 1
    if order[-1].line not in ("|]", "||", ":|", "|"):
        counted.faults.append("the tune does not end with a bar line")
    if order[-1].line == "|":
        counted.faults.append("the last bar line is not final")


def form_of(counted: Counted) -> tuple[str, int]:
    """The form as letters, ``AABB``, and the bars of its parts, 0 if these differ."""
    parts = counted.parts()
    letters = "".join("ABCDEFGH"[i] * times for i, (_, times) in enumerate(parts))
    sizes = {bars for bars, _ in parts}
    return letters, sizes.pop() if len(sizes) == 1 else 0
