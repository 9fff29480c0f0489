"""What a link to a page unfolds to elsewhere: Open Graph (ogp.me), Twitter's card, and where oEmbed is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from bot import texts
from bot.files import FileKind, in_chats
from bot.platforms.web import texts as site
from bot.store import SavedTune
from bot.tune_facts import music_facts


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


def size_of(drawing: bytes) -> Size | None:
    """Return the size of an SVG drawing; None where it does not say."""
    found = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing[:2000])
    return Size(round(float(found[1])), round(float(found[2]))) if found else None


def picture_and_sound(files: Mapping[str, FileKind]) -> tuple[FileKind | None, FileKind | None]:
    """Choose what is shown and played elsewhere: what goes along in chats, which every browser takes."""
    chatty = in_chats(files.values())
    picture = next((kind for kind in chatty if kind.draws), None)
    return picture, next((kind for kind in chatty if kind.sounds), None)


def tune_preview(saved: SavedTune, files: Mapping[str, FileKind], home: str, size: Size | None) -> str:
    """Say what a link to a tune unfolds to.

    Args:
        saved: the tune.
        files: kinds of files that there are, by suffix.
        home: the site's address.
        size: of the picture, if it is known.
    """
    address, title = f"{home}/t/{saved.id}", saved.tune.title
    picture, sound = picture_and_sound(files)
    properties = {
        "og:site_name": texts.NAME,
        "og:type": "music.song",
        "og:title": title,
        "og:description": " · ".join(music_facts(saved.tune).values()),
        "og:url": address,
    }
    if picture:
        properties |= {
            "og:image": f"{address}.{picture.suffix}",
            "og:image:type": picture.media_type,
            "og:image:alt": site.sheet_of(title),
        }
        if size:
            properties |= {"og:image:width": str(size.width), "og:image:height": str(size.height)}
    if sound:
        properties |= {"og:audio": f"{address}.{sound.suffix}", "og:audio:type": sound.media_type}
    tags = [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()]
    card = "summary_large_image" if picture else "summary"
    tags.append(f'<meta name="twitter:card" content="{card}">')
    where = escape(f"{home}/oembed?url={quote(address, safe='')}&format=json")
    tags.append(
        f'<link rel="alternate" type="application/json+oembed" href="{where}" title="{escape(title)}">'
    )
    return "\n".join(tags)


def embed(saved: SavedTune, files: Mapping[str, FileKind], home: str, size: Size | None) -> dict[str, object]:
    """Say the same as oEmbed 1.0 does, as a link; arguments as for :func:`tune_preview`."""
    address = f"{home}/t/{saved.id}"
    found: dict[str, object] = {
        "version": "1.0",
        "type": "link",
        "title": saved.tune.title,
        "author_name": " · ".join(music_facts(saved.tune).values()),
        "author_url": address,
        "provider_name": texts.NAME,
        "provider_url": home,
    }
    picture, _ = picture_and_sound(files)
    if picture and size:  # all three or none, the specification says
        found |= {
            "thumbnail_url": f"{address}.{picture.suffix}",
            "thumbnail_width": size.width,
            "thumbnail_height": size.height,
        }
    return found
