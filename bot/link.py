"""The link that shows a tune: our own page, or a public viewer that needs no server of ours."""

import base64
import zlib
from typing import Final

VIEWER: Final = "https://michaeleskin.com/abctools/abctools.html?def="


def viewer_link(abc: str) -> str:
    """Build a link to a public abcjs viewer that carries the whole tune in itself.

    Args:
        abc: the tune's ABC text; lean headers keep the link short.

    Returns:
        The viewer's address and the text, zlib-compressed, as URL-safe base64 without padding.
    """
    packed = base64.urlsafe_b64encode(zlib.compress(abc.encode(), 9))
    return VIEWER + packed.decode().rstrip("=")


def page_link(public_url: str, tune_id: str) -> str:
    """Build the link to the tune's page on our own site."""
    return f"{public_url}/t/{tune_id}"
