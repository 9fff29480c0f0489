"""What pages load: our own files and abcjs, each under a name that changes with its content."""

import base64
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.settings import SettingsError
from bot.texts import operator

ABCJS_VERSION: Final = "6.7.2"
ABCJS_FILE: Final = "abcjs-basic-min.js"
ABCJS_CDN: Final = f"https://cdn.jsdelivr.net/npm/abcjs@{ABCJS_VERSION}/dist/{ABCJS_FILE}"
# sha384 of that file in the npm package; a browser refuses anything else (W3C Subresource Integrity).
ABCJS_INTEGRITY: Final = "sha384-Krv/BCaWJLV9H685MWfrINhbvpWvnnBfQds5IVDXSsFtjUG5UzAV9x1dvqNhASXV"
# Hash of the one <style> that abcjs puts into its drawings (Content Security Policy, hash source).
ABCJS_STYLE: Final = "sha256-BCpnf71gZdCsSCHDzyB1RsBbZ0qQdqseK6v+yJsgg30="
_STATIC: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served.

    Attributes:
        name: with a part of its hash, so that browsers may cache it for ever.
        media_type: as HTTP names it.
        data: the bytes.
        packed: the bytes under gzip, for browsers that take that.
    """

    name: str
    media_type: str
    data: bytes
    packed: bytes


@dataclass(frozen=True, slots=True)
class Assets:
    """Everything that pages load.

    Attributes:
        by_name: assets by the name under which they are served.
        urls: where a file such as ``site.css`` is, by its plain name; ``abcjs`` for abcjs.
        abcjs_integrity: of abcjs, empty if we serve it ourselves.
    """

    by_name: Mapping[str, Asset]
    urls: Mapping[str, str]
    abcjs_integrity: str

    @property
    def foreign(self) -> tuple[str, ...]:
        """Scripts that come from another host."""
        return tuple(url for url in self.urls.values() if url.startswith("https:"))


def load_assets(node_modules: Path, abcjs_folder: Path | None = None, base: str = "") -> Assets:
    """Read our own files, and abcjs from where it is found; pages load it from the CDN otherwise.

    Args:
        node_modules: the folder that npm fills.
        abcjs_folder: of the settings; it comes before ``node_modules``.
        base: path under which the site is reached.

    Raises:
        SettingsError: if ``abcjs_folder`` is set and abcjs is not in it.
    """
    files = {path.name: path for path in sorted(_STATIC.iterdir()) if path.suffix in _TYPES}
    abcjs = (abcjs_folder or node_modules / "abcjs" / "dist") / ABCJS_FILE
    if abcjs.is_file():
        files["abcjs"] = abcjs
    elif abcjs_folder:
        missing = f"There is no {ABCJS_FILE} in it."
        raise SettingsError(operator.bad_setting("ABCJS_FOLDER", str(abcjs_folder), missing))
    assets = {name: _asset(path) for name, path in files.items()}
    urls = {name: f"{base}/assets/{asset.name}" for name, asset in assets.items()}
    urls.setdefault("abcjs", ABCJS_CDN)
    return Assets(
        by_name={asset.name: asset for asset in assets.values()},
        urls=urls,
        abcjs_integrity="" if "abcjs" in assets else ABCJS_INTEGRITY,
    )


def integrity(data: bytes) -> str:
    """Compute the integrity of a script as an HTML attribute has it."""
    return f"sha384-{base64.b64encode(hashlib.sha384(data).digest()).decode()}"


def _asset(path: Path) -> Asset:
    data = path.read_bytes()
    mark = hashlib.sha256(data).hexdigest()[:10]
    packed = gzip.compress(data, 9, mtime=0)
    return Asset(f"{path.stem}.{mark}{path.suffix}", _TYPES[path.suffix], data, packed)
