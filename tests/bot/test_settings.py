"""Settings come from the environment or .env, and a bad one is a readable line."""

from pathlib import Path

import pytest

from bot.__main__ import main
from bot.settings import Settings, SettingsError, env_example, load

ROOT = Path(__file__).parents[2]
NAMES = {
    "DISCORD_TOKEN", "TELEGRAM_TOKEN", "HOST", "PORT", "PUBLIC_URL", "DATABASE_URL", "MODEL", "ENGINE",
    "LOG_LEVEL", "SOUNDFONT", "WORKERS",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES | {name.lower() for name in NAMES}:
        monkeypatch.delenv(name, raising=False)


def test_the_names_are_these() -> None:
    assert {name.upper() for name in Settings.model_fields} >= NAMES


def test_env_example_is_current() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example()


def test_env_example_describes_every_setting_and_changes_none(tmp_path: Path) -> None:
    text = env_example()
    for name in NAMES:
        before, _, _ = text.partition(f"\n{name}=")
        assert before.splitlines()[-1].startswith("# ")
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    assert load(tmp_path / ".env") == load(None)


def test_out_of_the_box_the_site_is_on_this_machine_alone() -> None:
    settings = load(None)
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.discord_token is None
    assert settings.telegram_token is None
    assert settings.database_url == "sqlite+aiosqlite:///data/tunesmith.db"


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(
        "PORT=9001\nMODEL=jigs\nSOMETHING_ELSE=1\nDISCORD_TOKEN=\n", encoding="utf-8"
    )
    monkeypatch.setenv("PORT", "9002")
    settings = load(tmp_path / ".env")
    assert (settings.port, settings.model, settings.discord_token) == (9002, "jigs", None)


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///tunes.db", "sqlite+aiosqlite:///tunes.db"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("sqlite+aiosqlite:///x.db", "sqlite+aiosqlite:///x.db"),
    ],
)
def test_a_database_is_named_as_people_name_it(
    given: str, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", given)
    assert load(None).database_url == driver


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("PORT", "abc", "Port"),
        ("PORT", "99999", "Port"),
        ("ENGINE", "warp", "fast, or keras"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
        ("PUBLIC_URL", "tunes.example.org", "https://"),
        ("DATABASE_URL", "tunes.db", "SQLite"),
        ("DATABASE_URL", "mysql://h/d", "SQLite"),
        ("MODEL", "../../etc", "models/"),
        ("WORKERS", "0", "from 1 to 64"),
    ],
)
def test_a_bad_setting_is_one_readable_line_and_exit_code_2(
    name: str,
    value: str,
    hint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    assert main([]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert f"{name}={value}" in err
    assert hint in err


def test_engine_and_log_level_are_read_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE", "Keras")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    assert (load(None).engine, load(None).log_level) == ("keras", "DEBUG")


def test_tokens_do_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", " MTAx.secret ")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hidden@h/d")
    settings = load(None)
    assert settings.secrets == ("MTAx.secret", "hidden")
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("value", ["postgres:/u:hidden@h/d", "mysql://u:hidden@h/d"])
def test_a_bad_database_address_does_not_show_its_password(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    with pytest.raises(SettingsError, match=r"^DATABASE_URL won't do") as caught:
        load(None)
    assert "hidden" not in str(caught.value)


def test_an_env_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        load(tmp_path / ".env")


def test_an_unknown_argument_is_told_how_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "1"]) == 2
    assert "python -m bot" in capsys.readouterr().err
