"""Collections are found, read, counted; composers' tunes are left out; types are told."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

import generator.training.tune_books
from generator.errors import CorpusError
from generator.music.dances import Meter
from generator.training.book_facts import is_traditional, printed_dance
from generator.training.tune_books import fetch_nottingham, read_collections

TUNE = "X: 1\nT:Ours\nS:Trad\nM:6/8\nK:G\nGAB d2B|AGA G3:|\n\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {
        "jigs.abc": TUNE
        + TUNE.replace("Trad", "By Somebody, via Phil Rowe")
        + "X:3\nT:Bad\nM:6/8\nK:G\n[1 ?? ]|\n",
        "xmas.abc": TUNE,
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_composers_tunes_carols_and_unreadable_ones_are_left_out_and_counted(folder: Path):
    found = read_collections(["nottingham"], folder)
    assert [(s.tune.title, s.dance, s.place) for s in found.settings] == [("Ours", "jig", "jigs.abc 1")]
    assert found.refused == {"nottingham: attributed to a composer": 1, "nottingham: can't be read": 1}


@pytest.mark.parametrize(
    "source",
    ["", "Trad", "Trad, arr Phil Rowe", "via PR", "Kevin Briggs, via EF", "Playford", "Kerr's CC p3, via EF",
     "FTB 2/14, via EF", "Anon, via EF", "New England, via PR", "Old Time, via PR", "O'Neill", "Adderbury"],
)  # fmt: skip
def test_books_places_and_keepers_of_old_tunes_are_traditional(source: str):
    assert is_traditional(source)


@pytest.mark.parametrize(
    "source",
    ["By Hugh Barwell, via Phil Rowe", "Hugh Barwell, via PR", "Bob McQuillen Jan 1975, via PR",
     "Mark Knopfler", "Chris Dewhurst (1983), via PR", "Mike Richardson 16.12.89, via Phil Rowe",
     "J Scott Skinner", "Sydney Carter, arr Eric", "G F Handel, via EF", "Eric Foxley"],
)  # fmt: skip
def test_names_that_may_be_a_composers_are_not(source: str):
    assert not is_traditional(source)


@pytest.mark.parametrize(
    ("book", "file", "number", "named", "meter", "dance"),
    [
        ("oneill", "0759-0810", "760", "", "6/8", "jig"),
        ("oneill", "1276-1375", "1300", "", "C|", "reel"),
        ("oneill", "0001-0050", "12", "", "3/4", "air"),
        ("ryan", "x", "1", "Acacia -- Reel", "2/4", "reel"),
        ("ryan", "x", "1", "THE ANGLERS -- CLOG", "C", "hornpipe"),
        ("ryan", "x", "1", "Annie -- JIG", "2/4", ""),
        ("aird", "book1", "3", "Strathspey", "C", "strathspey"),
        ("aird", "book1", "3", "Quick March 15th", "6/8", "march"),
        ("aird", "book1", "3", "A Trip to Us", "6/8", "jig"),
        ("aird", "book1", "3", "A Trip to Us", "C", ""),
        ("nottingham", "slip", "3", "", "9/8", "slip jig"),
        ("nottingham", "reelsa-c", "3", "", "2/2", "reel"),
        ("nottingham", "reelsa-c", "3", "", "2/4", "polka"),
        ("nottingham", "ashover", "3", "Mick's Hornpipe", "4/4", "hornpipe"),
    ],
)
def test_a_type_is_told_by_words_chapter_or_meter(
    book: str, file: str, number: str, named: str, meter: str, dance: str
):
    assert printed_dance(book, file, number, named, Meter(meter)) == dance


def test_what_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(CorpusError, match="I don't know the collection “songs”; I know oneill, ryan"):
        read_collections(["songs"])
    with pytest.raises(CorpusError, match="--nottingham"):
        read_collections(["nottingham"])
    with pytest.raises(CorpusError, match="none of the Nottingham"):
        read_collections(["nottingham"], tmp_path)
    monkeypatch.setattr(generator.training.tune_books.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(CorpusError, match="pip install music21"):
        read_collections(["ryan"])


def test_the_books_in_music21s_wheel_are_read_without_importing_it():
    code = (
        "import sys; from generator.training.tune_books import read_collections as r; found = r(['aird']);"
        "assert len(found.settings) > 1000, found.refused; assert 'music21' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


def test_files_are_fetched_once_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url.rpartition("/")[2])
        return TUNE.encode()

    sound = {"jigs.abc": hashlib.sha256(TUNE.encode()).hexdigest()}
    monkeypatch.setattr(generator.training.tune_books, "NOTTINGHAM_FILES", sound)
    fetch_nottingham(tmp_path / "new", fetch)
    fetch_nottingham(tmp_path / "new", fetch)
    assert asked == ["jigs.abc"]
    assert (tmp_path / "new" / "jigs.abc").read_text() == TUNE

    monkeypatch.setattr(generator.training.tune_books, "NOTTINGHAM_FILES", {"slip.abc": "0" * 64})
    with pytest.raises(CorpusError, match="not the edition"):
        fetch_nottingham(tmp_path / "new", fetch)
    assert not (tmp_path / "new" / "slip.abc").exists()


def test_no_way_to_the_net_is_one_sentence(tmp_path: Path):
    def fetch(_: str) -> bytes:
        raise OSError("no route to host")

    with pytest.raises(CorpusError, match=r"no route to host.*--nottingham"):
        fetch_nottingham(tmp_path, fetch)
