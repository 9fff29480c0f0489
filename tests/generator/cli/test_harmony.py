"""The table of the accompaniment can be made anew from a folder of tunes."""

import json
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.compose.harmoniser import TABLE

TUNE = 'X:{number}\nT:Ours {number}\nS:Trad\nM:6/8\nK:G\n"G"GAB "D7"A2F|"C"E2c "G"B2G|"D7"AFD "G"G3:|\n\n'


def test_chords_of_a_folder_of_tunes_are_counted_into_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "jigs.abc").write_text("".join(TUNE.format(number=number) for number in range(1, 4)))
    out = tmp_path / "table.json"
    assert main(["harmony", "--nottingham", str(tmp_path), "--out", str(out)]) == 0
    table, shipped = json.loads(out.read_text()), json.loads(TABLE.read_text())
    assert set(map(tuple, table["major"]["degrees"])) == {(0, ""), (5, ""), (7, "7")}
    assert table["major"].keys() == shipped["major"].keys()
    assert "3 tunes" in capsys.readouterr().out


def test_a_folder_without_tunes_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["harmony", "--nottingham", str(tmp_path), "--out", str(tmp_path / "table.json")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
