"""The plan on paper: its tables stand in docs/scale.md as they are computed."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.scale import processor_seconds, resident
from benchmarks.scale_plan import ASSUMED, MEASURED, SIZES, need, tables

PAGE = (Path(__file__).parents[1] / "docs" / "scale.md").read_text(encoding="utf-8")


def test_the_page_has_the_tables_as_they_are_computed() -> None:
    assert tables() in PAGE


def test_a_thousand_servers_need_one_process_and_two_cores() -> None:
    small = need(1_000)
    assert (small.processes, small.cores) == (1, 2)
    assert small.compose + small.files + small.bots < 2


def test_the_walls_stand_where_the_page_says() -> None:
    def cores(size: int) -> float:
        there = need(size)
        return there.compose + there.files + there.bots

    assert "12,000 servers on two cores" in PAGE
    assert cores(12_000) < 2 < cores(13_000)
    assert "some thirteen cores" in PAGE
    assert round(need(100_000).files) == 13
    assert "full at some 70,000 servers" in PAGE
    assert need(68_000).bots < 1 < need(71_000).bots
    assert "600 megabits a second" in PAGE
    assert 550 < need(1_000_000).outgoing < 650


@pytest.mark.parametrize("size", SIZES)
def test_more_of_what_is_assumed_needs_more(size: int) -> None:
    usual = need(size)
    for name in ("tunes", "peak"):
        more = need(size, assumed=replace(ASSUMED, **{name: 2 * getattr(ASSUMED, name)}))
        assert more.tunes == pytest.approx(2 * usual.tunes)
        assert more.files == pytest.approx(2 * usual.files)
        assert more.month >= usual.month
    assert need(size, replace(MEASURED, files=2 * MEASURED.files)).files == pytest.approx(2 * usual.files)
    assert need(size, assumed=replace(ASSUMED, core_hour=1.0)).month > usual.month


def test_what_the_page_assumes_is_what_is_computed_with() -> None:
    for words in (
        f"{ASSUMED.tunes:g} tunes a server and day",
        f"{ASSUMED.peak:g} times the mean",
        f"{ASSUMED.busy:.0%}".replace("%", " %"),
        f"{ASSUMED.messages:g}\nmessages a server and day",
        f"{ASSUMED.message * 1000:g} ms each",
        f"{ASSUMED.answer * 1000:g} ms of the bot's core",
        f"{ASSUMED.server * 1000:g} kB kept",
        f"{ASSUMED.shard:,} servers on a shard and {ASSUMED.process} shards in a process",
        f"{ASSUMED.core_hour:g} € for a core",
        f"| {MEASURED.compose:g} s of a core |",
        f"| {MEASURED.reply:g} MB |",
        f"| {MEASURED.worker:g} MB; {MEASURED.drawers:g} MB |",
    ):
        assert words in PAGE, words


def test_this_process_uses_cores_and_memory() -> None:
    before = processor_seconds([os.getpid()])
    sum(number * number for number in range(3_000_000))
    assert processor_seconds([os.getpid()]) > before
    assert resident(os.getpid()) > 10
