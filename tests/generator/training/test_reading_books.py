"""The collections in music21's wheel, read beside others; ``python -m benchmarks.reading`` shows more."""

import pytest

from benchmarks.reading import collections, compare


@pytest.mark.parametrize(("name", "equal"), [("oneill", 0.92), ("ryan", 0.92), ("aird", 0.92)])
def test_collections_are_read_and_played_as_abc2midi_plays_them(name: str, equal: float) -> None:
    result = compare(collections()[name])
    print(result.report(name, every=True))  # noqa: T201
    assert result.tunes > 1000
    assert result.read >= 0.99
    assert result.midi / result.single >= equal
    assert not result.silent
    assert not result.joined_other
    assert result.joined["same"] >= 0.98 * result.joined.total()
