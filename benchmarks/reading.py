"""How well the printed collections are read: every tune beside abc2midi.

``python -m benchmarks.reading [--list] [collection...]`` reads every tune of the collections that are
on this machine, plays it, and compares the notes (pitch and length, in order) with what abc2midi
makes of the same text. Each refusal and each difference is counted by its cause; ``--list`` names
them. abc2midi comes in symusic's wheel.

For the comparison abc2midi gets no chord symbols and no grace notes (``-NGUI -NGRA``), no ornaments
and no ``R:`` (it would play a trill as many notes, a staccato note short and a hornpipe swung), and
Nottingham's ``Y:`` as ``P:``. A unison written twice in a chord counts once.
"""

import argparse
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from symusic import Score

from generator.errors import AbcError
from generator.music.playing import played_order
from generator.music.tune import Tune, read_tunes

ROOT = Path(__file__).parent.parent
TICKS = 1920
"""abc2midi's ticks in a whole note."""

Notes = list[tuple[int, int, int]]
"""Notes as (onset, length, MIDI number), times in ticks, in order."""


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(name)
    return Path(spec.origin).parent


def collections() -> dict[str, Path]:
    """Folders of the collections by name; one that is missing is left out."""
    folders = {"nottingham": ROOT.parent / "shared" / "data" / "nottingham"}
    if find_spec("music21"):
        corpus = _package("music21") / "corpus"
        folders["oneill"] = corpus / "oneills1850"
        folders["ryan"] = corpus / "ryansMammoth"
        folders["aird"] = corpus / "airdsAirs"
    return {name: folder for name, folder in folders.items() if folder.is_dir()}


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every file of a collection."""
    for path in sorted(folder.glob("*.abc")):
        raw = path.read_bytes()
        try:
            yield path.name, raw.decode()
        except UnicodeDecodeError:
            yield path.name, raw.decode("latin-1")


def cut(text: str) -> list[str]:
    """The tunes of a book as text, cut apart at their ``X:``, with none of the reader's code."""
    return [piece for piece in re.split(r"(?m)^(?=X:)", text.replace("\r", "")) if piece.startswith("X:")]


def prepared(tune: str, number: int) -> str:
    """A tune as abc2midi gets it, numbered ``number``; see the top of this file."""
    head = tune.partition("K:")[0]
    lines: list[str] = []
    for line in tune.split("\n"):
        in_music = any(done.startswith("K:") for done in lines)
        if not line.strip():
            if in_music:
                break
            continue
        if line.startswith("R:"):
            continue
        if line.startswith("X:"):
            lines.append(f"X:{number}")
        elif line.startswith("Y:") and not re.search(r"(?m)^P:", head):
            lines.append("P:" + "".join(line[2:].split()))
        elif in_music and not re.match(r"[A-Za-z]:[^|:]|%", line):
            pieces = re.split(r'("[^"]*"|\[[A-Za-z]:[^\]]*\]|%.*)', line)
            pieces[::2] = [re.sub(r"![^!\s|]+!|[~.HLMOPSTUVkuv]", "", piece) for piece in pieces[::2]]
            lines.append("".join(piece for piece in pieces if not piece.startswith('"')))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n\n"


def abc2midi(tunes: Iterable[str], at_once: int = 100) -> list[Notes]:
    """What abc2midi plays for each tune; an empty list where it plays nothing.

    It gets ``at_once`` tunes in a book; where one makes it fall over, each of them alone.
    """
    waiting = list(tunes)
    found: list[Notes] = []
    for first in range(0, len(waiting), at_once):
        some = waiting[first : first + at_once]
        found += _abc2midi(some) or [notes for tune in some for notes in _abc2midi([tune]) or [[]]]
    return found


def _abc2midi(tunes: list[str]) -> list[Notes]:
    """What abc2midi plays for each tune of a book; nothing if it fell over."""
    program = _package("symusic") / "bin" / "abc2midi"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.abc"
        path.write_text("".join(prepared(tune, number) for number, tune in enumerate(tunes, 1)))
        command = [program, path, "-NGUI", "-NGRA", "-NFER", "-silent"]
        done = subprocess.run(command, capture_output=True, cwd=folder, check=False, timeout=300)
        if done.returncode < 0:
            return []
        files = [path.with_name(f"book{number}.mid") for number in range(1, len(tunes) + 1)]
        scores = [Score(str(file)) if file.exists() else Score() for file in files]
    return [
        in_order((int(n.time), int(n.end), int(n.pitch)) for track in score.tracks for n in track.notes)
        for score in scores
    ]


def in_order(notes: Iterable[tuple[int, int, int]]) -> Notes:
    """Notes given as (onset, end, pitch) in order.

    abc2midi begins a note a tick late, and each further note of a chord 10 ticks later: both are undone.
    """
    rows: Notes = []
    for late, end, pitch in sorted(notes):
        start = late - 1
        if rows and sum(rows[-1][:2]) == end and start - rows[-1][0] in (10, 20, 30, 40):
            start = rows[-1][0]
        if (start, end - start, pitch) not in rows[-4:]:
            rows.append((start, end - start, pitch))
    return sorted(rows)


def ours(tune: Tune) -> Notes:
    """What we play."""
    rows: Notes = []
    for note in tune.played():
        start, end = round(note.onset * TICKS), round((note.onset + note.length) * TICKS)
        rows += [(start, end - start, pitch) for pitch in note.pitches]
    return sorted(rows)


def same(one: Notes, other: Notes) -> bool:
    """Whether pitches and lengths are the same in the same order; ticks may be rounded."""
    return len(one) == len(other) and all(
        a[2] == b[2] and abs(a[1] - b[1]) <= 3 for a, b in zip(one, other, strict=True)
    )


def cause(tune: Tune, source: str) -> str:
    """Why abc2midi plays a tune otherwise than we do, as far as a program can tell."""
    if same(ours(tune), abc2midi([tune.abc()])[0]):
        if re.search(r':\s*("[^"]*")?\s*\[\|\]|(?m:^:[^|:])', source):
            return "a repeat sign with an invisible line, or cut in two, is none to abc2midi"
        return "a repeat has no |: where it begins; with it, as we write it, abc2midi plays as we do"
    order = [index for index, _ in played_order(tune.bars, tune.parts)]
    plain = [
        replace(tune.bars[i], repeat_start=False, repeat_end=0, endings=(), part="", end="|", changes=())
        for i in order
    ]
    written_out = replace(tune, bars=tuple(plain), parts=())
    if same(ours(written_out), abc2midi([written_out.abc()])[0]):
        return "another order of bars, of other causes"
    causes = {
        "abc2midi plays (5 and (9 in the time of 3 in simple meters, the standard says 2": r"\((5|7|9)",
        "-NGRA makes abc2midi forget the accidentals of grace notes, which hold in the bar": r"\{[^}]*[\^_=]",
        "abc2midi does not play what lies behind a line break of mail": r"=(20|3D)?$",
    }
    return next((why for why, sign in causes.items() if re.search(sign, source, re.MULTILINE)), "other notes")


@dataclass(slots=True)
class Result:
    """What became of a collection.

    Attributes:
        tunes: how many there are.
        refused: place and error of each tune that we do not read.
        different: place and cause of each tune that abc2midi plays otherwise.
        reading: seconds that reading took.
    """

    tunes: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    different: list[tuple[str, str]] = field(default_factory=list)
    reading: float = 0.0

    @property
    def read(self) -> float:
        """Share of the tunes that are read."""
        return 1 - len(self.refused) / self.tunes

    @property
    def equal(self) -> float:
        """Share of the tunes that are read, and played as abc2midi plays them."""
        return 1 - (len(self.refused) + len(self.different)) / self.tunes

    def report(self, name: str, *, every: bool = False) -> str:
        """A line for the collection and one for each cause, or with ``every`` for each tune."""
        lines = [f"{name}: {self.tunes} tunes, {self.read:.1%} read, {self.equal:.1%} as abc2midi plays them"]
        for title, rows in (("refused", self.refused), ("different", self.different)):
            if every:
                lines += [f"  {title}: {place}: {why}" for place, why in rows]
            else:
                kinds = Counter(re.sub(r"^line \d+(, bar \d+)?: |“[^”]*”", "", why) for _, why in rows)
                lines += [f"  {title} {count}: {why}" for why, count in kinds.most_common()]
        return "\n".join(lines)


def compare(folder: Path) -> Result:
    """Read and compare every tune of a collection."""
    result = Result()
    sources: list[tuple[str, str]] = []
    tunes: list[Tune | AbcError] = []
    for name, text in texts(folder):
        start = perf_counter()
        tunes += read_tunes(text)
        result.reading += perf_counter() - start
        sources += [(f"{name} {piece.splitlines()[0]}", piece) for piece in cut(text)]
    result.tunes = len(sources)
    theirs = abc2midi(source for _, source in sources)
    for tune, (place, source), notes in zip(tunes, sources, theirs, strict=True):
        if isinstance(tune, AbcError):
            result.refused.append((place, str(tune)))
        elif not same(ours(tune), notes):
            result.different.append((place, cause(tune, source)))
    return result


def main() -> None:
    """Compare the collections named on the command line, or all of them."""
    parser = argparse.ArgumentParser(description="Read the printed collections and compare with abc2midi.")
    parser.add_argument("--list", action="store_true", help="name every tune that differs")
    parser.add_argument("collection", nargs="*")
    asked = parser.parse_args()
    for name, folder in collections().items():
        if not asked.collection or name in asked.collection:
            result = compare(folder)
            print(result.report(name, every=asked.list))
            print(f"  reading took {1000 * result.reading / result.tunes:.1f} ms a tune")


if __name__ == "__main__":
    main()
