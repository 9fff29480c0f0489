"""The printed collections, tune by tune, beside abc2midi. ``python -m benchmarks.reading`` shows more."""

import pytest

from benchmarks.reading import collections, compare


@pytest.mark.parametrize(
    ("name", "equal"), [("nottingham", 0.97), ("oneill", 0.92), ("ryan", 0.92), ("aird", 0.92)]
)
def test_collections_are_read_and_played_as_abc2midi_plays_them(name: str, equal: float) -> None:
    found = collections()
    if name not in found:
        pytest.skip(f"the collection {name} is not on this machine")
    result = compare(found[name])
    print(result.report(name, every=True))  # noqa: T201
    assert result.tunes > 1000
    assert result.read >= 0.99
    assert result.equal >= equal
