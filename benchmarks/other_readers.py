"""What other readers of ABC play: abc2midi, which comes in symusic's wheel, and abcjs in node.

For a fair comparison they get no chord symbols, no ornaments and no ``R:`` (abc2midi would play a trill
as many notes, a staccato note short and a hornpipe swung), no grace notes, and Nottingham's ``Y:`` as
``P:``. A unison written twice in a chord counts once.
"""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from symusic import Score

from generator.music.tune import Tune

ROOT = Path(__file__).parent.parent
TICKS = 1920
"""abc2midi's ticks in a whole note."""

Notes = list[tuple[int, int, int]]
"""Notes as (onset, length, MIDI number), times in ticks, in order."""


def package(name: str) -> Path:
    """The folder of an installed package."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(name)
    return Path(spec.origin).parent


def prepared(tune: str, number: int, *, graces: bool = True) -> str:
    """A tune as the others get it, numbered ``number``; see the top of this file."""
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
            music = "".join(piece for piece in pieces if not piece.startswith('"'))
            lines.append(music if graces else re.sub(r"\{[^}]*\}", "", music))
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
    program = package("symusic") / "bin" / "abc2midi"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.abc"
        book = "".join(prepared(tune, number) for number, tune in enumerate(tunes, 1))
        path.write_text(book, errors="replace")
        command = [program, path, "-NGUI", "-NGRA", "-NFER", "-silent"]
        try:
            done = subprocess.run(command, capture_output=True, cwd=folder, check=False, timeout=60)
        except subprocess.TimeoutExpired:
            return []
        if done.returncode < 0:
            return []
        files = [path.with_name(f"book{number}.mid") for number in range(1, len(tunes) + 1)]
        scores = [_score(file) for file in files]
    return [
        in_order((int(n.time), int(n.end), int(n.pitch)) for track in score.tracks for n in track.notes)
        for score in scores
    ]


def _score(file: Path) -> Score:
    try:
        return Score(str(file)) if file.exists() else Score()
    except RuntimeError:  # no MIDI file after all
        return Score()


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


def abcjs(tunes: Iterable[str], at_once: int = 500) -> list[Notes]:
    """What abcjs plays for each tune; empty lists where it plays nothing, or node or abcjs is missing."""
    waiting = [prepared(tune, 1, graces=False) for tune in tunes]
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "abcjs").is_dir():
        return [[] for _ in waiting]
    found: list[Notes] = []
    for first in range(0, len(waiting), at_once):
        some = waiting[first : first + at_once]
        done = subprocess.run(
            [node, str(Path(__file__).with_name("abcjs_notes.mjs"))],
            input=json.dumps(some).encode(errors="replace"),
            capture_output=True,
            cwd=ROOT,
            check=True,
            timeout=600,
        )
        for notes in json.loads(done.stdout):
            rows = {(round(TICKS * start), round(TICKS * length), key) for start, length, key in notes or []}
            found.append(sorted(rows))
    return found


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
