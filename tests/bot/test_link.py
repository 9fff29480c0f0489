"""The link carries the whole tune."""

import base64
import zlib

from hypothesis import given
from hypothesis import strategies as st

from bot.link import VIEWER, page_link, viewer_link
from tests.bot.players import JIG


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_the_viewers_link_holds_the_abc_itself(abc: str) -> None:
    packed = viewer_link(abc).removeprefix(VIEWER)
    assert "=" not in packed
    assert zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))).decode() == abc


def test_a_tune_of_sixteen_bars_fits_a_button() -> None:
    assert len(viewer_link(JIG)) <= 512


def test_a_page_is_under_the_public_address() -> None:
    assert page_link("https://tunes.example.org", "abc") == "https://tunes.example.org/t/abc"
