"""How well ABC is read: every tune of some folders, beside abc2midi and abcjs.

    python -m benchmarks.reading [--list] [FOLDER or collection...]

Every tune of every ``.abc`` file is read as if somebody had pasted it, and played; its notes (pitch and
length, in order) are compared with what abc2midi and abcjs make of the same text. Without folders, the
collections that are on this machine are read. The rows:

- read: of all tunes, and of those for one voice;
- played as abc2midi plays them, or as abcjs does;
- refused, by cause;
- different from both others, by cause; what has no cause and no sentence is a silent fault;
- joined: the tune with its lines joined by spaces, as some chats deliver it: the same notes, refused in
  a sentence, or other notes (with a sentence, or silently);
- bars that are written and never played, which is said.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from benchmarks.other_readers import ROOT, Notes, abc2midi, abcjs, ours, package, same
from generator.errors import AbcError
from generator.music.abc.line_order import TWO_VOICES
from generator.music.abc.reader import LYRICS, SEVERAL_VOICES
from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.notation import Bar, Change
from generator.music.pasted_tune import read_pasted
from generator.music.playing import played_order
from generator.music.tune import Tune

_NEVER_PLAYED = "written but never played"
_QUIET = re.compile(
    r"order of the parts|lyrics are taken|sound in the order"
)  # sentences that change no note


def collections() -> dict[str, Path]:
    """Folders of the collections by name; one that is missing is left out."""
    folders = {"nottingham": ROOT.parent / "shared" / "data" / "nottingham"}
    if find_spec("music21"):
        corpus = package("music21") / "corpus"
        folders["oneill"] = corpus / "oneills1850"
        folders["ryan"] = corpus / "ryansMammoth"
        folders["aird"] = corpus / "airdsAirs"
    return {name: folder for name, folder in folders.items() if folder.is_dir()}


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every file of a collection."""
    for path in sorted(folder.rglob("*.[aA][bB][cC]")):
        if not path.is_file():
            continue
        raw = path.read_bytes()
        try:
            yield path.name, raw.decode()
        except UnicodeDecodeError:
            yield path.name, raw.decode("latin-1")


def cut(text: str) -> list[str]:
    """The tunes of a book as text, cut apart at their ``X:``, with none of the reader's code.

    Fields above the first tune hold for all of them (ABC 2.1, section 2.2.2).
    """
    pieces = re.split(r"(?m)^(?=X:)", text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff"))
    shared = "".join(f"{line}\n" for line in pieces[0].split("\n") if re.match(r"[MLQR]:", line))
    return [piece.replace("\n", f"\n{shared}", 1) for piece in pieces if piece.startswith("X:")]


def own(tune: str) -> str:
    """A tune without what stands below an empty line after its music."""
    start = tune.find("\nK:")
    end = re.compile(r"\n[ \t]*\n").search(tune, start + 1) if start >= 0 else None
    return tune[: end.start()] if end else tune.rstrip()


_OTHER_NOTES = {
    "abc2midi plays (5 and (9 in the time of 3 in simple meters, the standard says 2": r"\((5|7|9)",
    "accidentals of grace notes hold in the bar; without grace notes others forget them": r"\{[^}]*[\^_=]",
    "a broken rhythm between a tuplet and the note behind it": r"\(3[^ |]*[A-Ga-g][,']*\s*[<>]",
    "abc2midi moves notes by some clefs and options and not by others": r"octave=|clef=|transpose|[+-]8",
    "abc2midi does not play what lies behind a line break of mail": r"=(20|3D)?$",
    "macros (m:) are not read": r"^m:",
}
_OTHER_ORDER = {
    "a repeat sign with an invisible line, or cut in two, is none to abc2midi": (
        r':\s*("[^"]*")?\s*\[\|\]|^:[^|:]'
    ),
    "a second ending that :| closes is played once; abc2midi begins the passage again": (
        r":\|\]?\s*(\[?2|2)[^\n]*(\n[^\n]*)?:\|"
    ),
    "the order of the parts (P:), joined with repeats otherwise": r"^P:.*\n(.*\n)*P:",
}


def _named(kinds: dict[str, str], source: str) -> str:
    return next((why for why, sign in kinds.items() if re.search(sign, source, re.MULTILINE)), "")


def cause(tune: Tune, source: str, theirs: Notes) -> str:
    """Why another reader plays a tune otherwise than we do, as far as a program can tell; "" if it cannot."""
    mine = ours(tune)
    if not theirs:
        return "abc2midi plays nothing"
    if len(mine) == len(theirs) and (why := _named(_OTHER_NOTES, source)):
        return why
    starts = source.count("|:") + source.count("::")
    unopened = source.count(":|") + source.count("::") > starts
    if same(mine, abc2midi([tune.abc()])[0]):
        if why := _named(dict([next(iter(_OTHER_ORDER.items()))]), source):
            return why
        if unopened:
            return "a repeat has no |: where it begins; with it, as we write it, abc2midi plays as we do"
        return _named(_OTHER_NOTES, source) or "a sign that abc2midi does not know; as we write it, it does"
    if same(ours(replace(tune, bars=_written_out(tune), parts=())), _as_midi(tune)):
        if why := _named(_OTHER_ORDER, source):
            return f"the order of bars: {why}"
        end = "a repeat has no |: where it begins" if unopened else "endings and repeats"
        return f"the order of bars: {end}, which each reader joins in its own way"
    return _named(_OTHER_NOTES, source)


def _as_midi(tune: Tune) -> Notes:
    """What abc2midi makes of a tune whose bars are written out as they are played."""
    return abc2midi([replace(tune, bars=_written_out(tune), parts=()).abc()])[0]


def _written_out(tune: Tune) -> tuple[Bar, ...]:
    """The bars of a tune as they are played, without a repeat."""
    bars: list[Bar] = []
    key, meter = tune.key, tune.meter
    for index, _ in played_order(tune.bars, tune.parts):
        bar = tune.bars[index]
        changes = [change for change in bar.changes if change.at]
        changes[:0] = [Change(0, new) for new, old in ((bar.key, key), (bar.meter, meter)) if new != old]
        bars.append(
            replace(
                bar, repeat_start=False, repeat_end=0, endings=(), part="", end="|", changes=tuple(changes)
            )
        )
        key, meter = bar.key, bar.meter
        for change in changes:
            key = change.value if isinstance(change.value, Key) else key
            meter = change.value if isinstance(change.value, Meter) else meter
    return tuple(bars)


@dataclass(slots=True)
class Result:
    """What became of a collection.

    Attributes:
        tunes: how many there are.
        single: how many of them are for one voice, as far as they can be read.
        refused: place and error of each tune that we do not read.
        midi: how many of those for one voice abc2midi plays as we do.
        either: how many of those for one voice abc2midi or abcjs plays as we do.
        different: place and cause of each tune for one voice that both others play otherwise.
        silent: places of those that have neither a cause nor a sentence.
        joined: what became of the tunes that are read when their lines are joined, counted.
        joined_other: places of those that then play other notes without a sentence.
        unplayed: how many tunes have bars that are never played.
        reading: seconds that reading took.
    """

    tunes: int = 0
    single: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    midi: int = 0
    either: int = 0
    different: list[tuple[str, str]] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    joined: Counter[str] = field(default_factory=Counter)
    joined_other: list[str] = field(default_factory=list)
    unplayed: int = 0
    reading: float = 0.0

    @property
    def read(self) -> float:
        """Share of the tunes that are read."""
        return 1 - len(self.refused) / self.tunes if self.tunes else 1.0

    def report(self, name: str, *, every: bool = False) -> str:
        """A few lines for the collection, and one for each cause, or with ``every`` for each tune."""
        single = max(self.single, 1)
        read_joined = max(sum(self.joined.values()), 1)
        lines = [
            f"{name}: {self.tunes} tunes, {self.read:.1%} read",
            (
                f"  for one voice: {self.single}, of which {self.midi / single:.1%} play as with abc2midi,"
                f" {self.either / single:.1%} as with abc2midi or abcjs; {len(self.silent)} silent faults"
            ),
            "  joined lines: "
            + ", ".join(f"{self.joined[kind] / read_joined:.2%} {kind}" for kind in JOINED)
            + f"; {self.unplayed} tunes have bars that are never played, which is said",
        ]
        for title, rows in (
            ("refused", self.refused),
            ("different", self.different),
            ("SILENT", [(place, "") for place in self.silent]),
            ("JOINED, OTHER", [(place, "") for place in self.joined_other]),
        ):
            if every or title.isupper():
                lines += [f"  {title}: {place}: {why}" for place, why in rows]
            else:
                kinds = Counter(re.sub(r"^line \d+(, bar \d+)?: |“[^”]*”", "", why) for _, why in rows)
                lines += [f"  {title} {count}: {why}" for why, count in kinds.most_common()]
        return "\n".join(lines)


JOINED = ("same", "refused in a sentence", "other, and said", "other")


def _join(result: Result, place: str, source: str, tune: Tune) -> None:
    """Read a tune with its lines joined, and count what became of it."""
    try:
        joined = read_pasted(" ".join(own(source).split("\n")))
    except AbcError:
        result.joined["refused in a sentence"] += 1
        return
    if same(ours(joined), ours(tune)):
        result.joined["same"] += 1
    elif any("joined" in remark for remark in joined.remarks):
        result.joined["other, and said"] += 1
    else:
        result.joined["other"] += 1
        result.joined_other.append(place)


def compare(folder: Path) -> Result:
    """Read and compare every tune of a collection."""
    result = Result()
    read: list[tuple[str, str, Tune]] = []
    for name, text in texts(folder):
        for source in cut(text):
            place = f"{name} {source.splitlines()[0]}"
            result.tunes += 1
            start = perf_counter()
            try:
                tune = read_pasted(own(source))
            except AbcError as error:
                result.refused.append((place, str(error)))
                continue
            finally:
                result.reading += perf_counter() - start
            result.unplayed += any(_NEVER_PLAYED in remark for remark in tune.remarks)
            _join(result, place, source, tune)
            if {SEVERAL_VOICES, TWO_VOICES}.isdisjoint(tune.remarks):
                read.append((place, own(source), tune))
    result.single = len(read)
    midi = abc2midi(source for _, source, _ in read)
    unlike = [
        (*item, notes) for item, notes in zip(read, midi, strict=True) if not same(ours(item[2]), notes)
    ]
    result.midi = len(read) - len(unlike)
    second = abcjs(source for _, source, _, _ in unlike)
    for (place, source, tune, theirs), notes in zip(unlike, second, strict=True):
        if same(ours(tune), notes):
            result.either += 1
            continue
        said = [remark for remark in tune.remarks if remark != LYRICS and not _QUIET.search(remark)]
        why = cause(tune, source, theirs) or (f"said: {said[0]}" if said else "")
        result.different.append((place, why or "no cause found"))
        if not why:
            result.silent.append(place)
    result.either += result.midi
    return result


def main() -> None:
    """Compare the folders or collections named on the command line, or all collections."""
    parser = argparse.ArgumentParser(description="Read folders of ABC and compare with abc2midi and abcjs.")
    parser.add_argument("--list", action="store_true", help="name every tune that differs")
    parser.add_argument("folder", nargs="*")
    asked = parser.parse_args()
    known = collections()
    for name in asked.folder or known:
        folder = known.get(name, Path(name))
        if not folder.is_dir():
            parser.error(f"there is no folder {name}; collections here: {', '.join(known)}")
        result = compare(folder)
        print(result.report(name, every=asked.list), flush=True)
        print(f"  reading took {1000 * result.reading / max(result.tunes, 1):.1f} ms a tune", flush=True)


if __name__ == "__main__":
    main()
