"""Any text at all is read or refused in a sentence, and what is read can be written, read, drawn and heard.

    python -m benchmarks.fuzz_reading [--minutes 60] [--draw 20] [--seed 1] [--found FOLDER]

Texts are made of pieces that tunes and pastes have. With atheris (``pip install atheris``) the
pieces are chosen by which lines of the reader they reach, otherwise by chance. Every accepted text is
written, read back, timed and made into MIDI; every ``--draw``th is also drawn and sounded. What fails is
made as short as it can be, printed, and kept in ``--found``.
"""

import argparse
import contextlib
import hashlib
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

from generator.errors import AbcError, FriendlyError
from generator.music.keys import Key
from generator.music.pasted_tune import read_pasted
from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from generator.render.part_times import timeline

_HEADS: Final = (
    "X:1\nT:Try\nM:6/8\nL:1/8\nK:G\n", "X:1\nM:4/4\nK:D\n", "K:Am\n", "M:3/4\nL:1/4\nK:Bb\n",
    "X:2\nT:a\nK:E dor\n", "X:1\nM:none\nL:1/16\nK:C exp ^f_b\n", "", "```abc\nX:1\nK:G\n",
    "> X:1\n> K:G\n> ", "X:1 T:a M:6/8 K:G ",
)  # fmt: skip
_NOTES: Final = (
    "A", "B2", "c", "d/", "e3/2", "f>", "g<", "a'", "C,", "^F", "_B", "=c", "z", "z2", "Z2", "x", "y",
)  # fmt: skip
_LINES: Final = (
    "|", "|", "|", "||", "|]", "|:", ":|", "::", ":||:", "|1", ":|2", "[1", "[2", "| 1 ", "[|]", "]",
    "[",
)  # fmt: skip
_JOINS: Final = (
    "(", ")", "-", "(3", "(5:4:3", "(2", ">", "<<", ">>>", "&", "{ga}", "{", "}", "~", ".", "u", "T",
    "!",
)  # fmt: skip
_WORN: Final = (
    '"G"', '"Am7"', '"^x"', '"', "!trill!", "!f", "+roll+", "[CEG]", "[C2E2]-", "[C-E]", "[",
    '["2nd time"', "[K:D]", "[M:3/4]", "[L:1/16]", "[Q:1/4=99]", "[V:2]", "[P:B]", "[K:clef=bass]",
    "[I:x]", "[r:y]",
)  # fmt: skip
_FIELDS: Final = (
    "\nK:A\n", "\nK:bass\n", "\nK:\n", "\nM:9/8\n", "\nM:none\n", "\nL:1/4\n", "\nQ:120\n", "\nP:B\n",
    "\nV:1\n", "\nV:2\n", "\nw:la la\n", "\nW:la\n", "\nT:two\n", "\nX:2\n", "\nN:x\n",
    "\n%%begintext\n", "\n%%endtext\n", "\n%%MIDI program 3\n", "\nP:AB\n", "\nU:T=!trill!\n",
    "\n+:more\n", "\ns:!f!\n", " K:D ", " M:2/4 ", " w: la la ", " P:A ", " % so ", "%",
)  # fmt: skip
_TYPED: Final = (
    "\n", "\n", "\n\n", " ", " ", "  ", "\\\n", "\u00a0", "\u200b", "\ufeff", "“", "”", "’", "′", "–",
    "♯", "♭", "½", "｜", "：", "🎻", "&gt;", "&amp;", "<br>", "</p>", "<b>", "</b>", "```", "`", "> ",
    "1. ", "**", "[/abc]", "[abc]", "\\n", "\r", "\0", "Great tune", "hello", "a", "be", "#", ";", "?",
    "@", "*", "$", "é", "\ud800", "=20", "=", "/", "//", "2", "16", "1024", "99999", ",", "'", "^", "_",
    "^^", "__", ":", ".", "((", "))", "|||", "(9", "C/1024", "c''''", "C,,,,", "A999",
)  # fmt: skip
PIECES: Final = (*_NOTES * 5, *_LINES * 2, *_JOINS, *_WORN, *_FIELDS, *_TYPED)
MOST_PIECES: Final = 60


def text_of(choices: bytes) -> str:
    """Make a text of pieces: the first choice is its head, each further one a piece."""
    if not choices:
        return ""
    places = [choices[at] * 256 + choices[at + 1] for at in range(1, len(choices) - 1, 2)]
    return _HEADS[choices[0] % len(_HEADS)] + "".join([PIECES[place % len(PIECES)] for place in places])


def check(text: str, *, draw: bool = False) -> bool:
    """Read a text as a paste and do all that is done with it; tell whether it was accepted.

    Raises:
        Exception: whatever goes wrong.
    """
    try:
        tune = read_pasted(text)
    except AbcError:
        return False
    written = tune.abc()
    assert Tune.read(written) == tune, "what is written is read back as another tune"
    assert read_pasted(written) == tune, "what is written is read back as another tune when it is pasted"
    assert tune.played(), "nothing is played"
    _ready(lambda: timeline(tune))
    _ready(lambda: midi_bytes(tune))
    _ready(lambda: tune.transposed(Key("Eb", tune.key.mode)).fitted().abc())
    if draw:
        _draw(tune)
    return True


def _ready(make: Callable[[], object]) -> None:
    """Make something; a sentence that says why it cannot be made is an answer as well."""
    with contextlib.suppress(FriendlyError):
        make()


def _draw(tune: Tune) -> None:
    from generator.render.audio import mp3  # noqa: PLC0415 - brings numpy
    from generator.render.musicxml import musicxml  # noqa: PLC0415 - brings music21
    from generator.render.sheet import svg  # noqa: PLC0415 - brings verovio

    assert musicxml(tune), "no MusicXML"
    assert svg(tune, dark=False), "no picture"
    if tune.total_length <= _LONGEST_SOUND:
        assert mp3(tune), "no sound"


_LONGEST_SOUND: Final = 40  # whole notes


def shortened(text: str, fails: Callable[[str], bool]) -> str:
    """Take pieces out of a text that fails as long as it fails."""
    size = max(len(text) // 2, 1)
    while size:
        at = 0
        while at < len(text):
            shorter = text[:at] + text[at + size :]
            if fails(shorter):
                text = shorter
            else:
                at += size
        size //= 2
    return text


class Fuzz:
    """Checks texts, counts them, and keeps what fails.

    Args:
        found: folder for what fails.
        draw: every so manieth accepted text is drawn and sounded; 0 for none.
        minutes: how long.
    """

    def __init__(self, found: Path, draw: int, minutes: float) -> None:
        self._found = found
        self._draw = draw
        self._end = time.monotonic() + 60 * minutes
        self._said = time.monotonic()
        self.counts: Counter[str] = Counter()
        self._kinds: set[str] = set()

    def done(self) -> bool:
        """Tell whether the time is over."""
        return time.monotonic() > self._end

    def one(self, choices: bytes) -> None:
        """Check one text."""
        text = text_of(choices)
        self.counts["texts"] += 1
        draw = bool(self._draw) and self.counts["accepted"] % self._draw == self._draw - 1
        (self._found / "last.txt").write_text(
            text, errors="surrogatepass"
        )  # where a library kills the process
        try:
            accepted = check(text, draw=draw)
            self.counts["accepted"] += accepted
            self.counts["drawn"] += draw and accepted
        except Exception as error:  # noqa: BLE001 - whatever it is
            self._fail(text, error, draw=draw)
        if time.monotonic() - self._said > 60:
            self._said = time.monotonic()
            print(dict(self.counts), flush=True)

    def _fail(self, text: str, error: Exception, *, draw: bool) -> None:
        kind = _kind(error)
        self.counts["failed"] += 1
        if kind in self._kinds:
            return
        self._kinds.add(kind)

        def fails(shorter: str) -> bool:
            try:
                check(shorter, draw=draw)
            except Exception as other:  # noqa: BLE001 - likewise
                return _kind(other) == kind
            return False

        short = shortened(text, fails)
        name = hashlib.sha256(short.encode(errors="surrogatepass")).hexdigest()[:12]
        (self._found / f"{name}.txt").write_text(f"{kind}\n{short!r}\n", errors="surrogatepass")
        print(f"FAILED: {kind}\n  {short!r}", flush=True)


def _kind(error: Exception) -> str:
    """Name a failure by what it is and where it happened."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}: {str(error)[:100]}"


def _by_chance(fuzz: Fuzz, random: Random) -> None:
    while not fuzz.done():
        fuzz.one(random.randbytes(1 + 2 * random.randrange(MOST_PIECES)))


def _by_reach(fuzz: Fuzz, seed: int, atheris: Any) -> None:
    def one(choices: bytes) -> None:
        if fuzz.done():
            print(dict(fuzz.counts), flush=True)
            sys.stdout.flush()
            os._exit(bool(fuzz.counts["failed"]))  # atheris takes an ordinary exit for a crash
        fuzz.one(choices)

    atheris.Setup([sys.argv[0], f"-seed={seed}", f"-max_len={2 * MOST_PIECES}", "-verbosity=0"], one)
    atheris.Fuzz()


def main() -> None:
    """Fuzz for some minutes."""
    parser = argparse.ArgumentParser(description="Read texts made of pieces of tunes and pastes.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--draw", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--found", type=Path, default=Path("fuzz-found"))
    asked = parser.parse_args()
    asked.found.mkdir(parents=True, exist_ok=True)
    fuzz = Fuzz(asked.found, asked.draw, asked.minutes)
    try:
        import atheris  # noqa: PLC0415 - a tool of its own
    except ImportError:
        print("atheris is not installed; pieces are chosen by chance")
        _by_chance(fuzz, Random(asked.seed))
        print(dict(fuzz.counts))
        raise SystemExit(bool(fuzz.counts["failed"])) from None
    _instrument(atheris)
    _by_reach(fuzz, asked.seed, atheris)


def _instrument(atheris: Any) -> None:
    """Have atheris see which lines of the reader are reached."""
    for name in [name for name in sys.modules if name.startswith("generator.music")]:
        module = sys.modules[name]
        for thing in vars(module).values():
            if getattr(thing, "__module__", "") != name:
                continue
            for each in [thing, *vars(thing).values()] if isinstance(thing, type) else [thing]:
                if callable(each) and hasattr(each, "__code__"):
                    atheris.instrument_func(each)


if __name__ == "__main__":
    main()
