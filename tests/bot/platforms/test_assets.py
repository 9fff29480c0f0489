"""Where the pages' abcjs comes from: the setting's folder, npm's, or the CDN."""

from pathlib import Path

import pytest

from bot.platforms.web.assets import ABCJS_CDN, ABCJS_FILE, ABCJS_INTEGRITY, load_assets
from bot.settings import SettingsError


@pytest.fixture
def node_modules(tmp_path: Path) -> Path:
    folder = tmp_path / "node_modules"
    (folder / "abcjs" / "dist").mkdir(parents=True)
    (folder / "abcjs" / "dist" / ABCJS_FILE).write_text("npm's")
    return folder


def test_abcjs_is_served_from_where_npm_put_it(node_modules: Path):
    assets = load_assets(node_modules)
    served = assets.by_name[assets.urls["abcjs"].removeprefix("/assets/")]
    assert served.data == b"npm's"
    assert (assets.abcjs_integrity, assets.foreign) == ("", ())


def test_the_folder_of_the_setting_comes_first(node_modules: Path, tmp_path: Path):
    (tmp_path / ABCJS_FILE).write_text("the operator's")
    assets = load_assets(node_modules, tmp_path)
    served = assets.by_name[assets.urls["abcjs"].removeprefix("/assets/")]
    assert served.data == b"the operator's"
    assert assets.foreign == ()


def test_without_either_the_cdn_serves_it_and_the_browser_checks_it(tmp_path: Path):
    assets = load_assets(tmp_path)
    assert assets.foreign == (ABCJS_CDN,)
    assert assets.abcjs_integrity == ABCJS_INTEGRITY


def test_a_folder_without_abcjs_is_one_sentence(node_modules: Path, tmp_path: Path):
    with pytest.raises(SettingsError, match=rf"^ABCJS_FOLDER=/\S+ won't do\. .*{ABCJS_FILE}[^\n]*$"):
        load_assets(node_modules, tmp_path)
