"""Settings come from the environment or .env, and a bad one is a readable line."""

from pathlib import Path

import pytest

from bot.command_line import main
from bot.env_file import EnvFileError
from bot.settings import Settings, SettingsError, env_example, load, read

ROOT = Path(__file__).parents[2]
NAMES = {
    "DISCORD_TOKEN", "TELEGRAM_TOKEN", "HOST", "PORT", "PUBLIC_URL", "DATABASE_URL", "MODEL", "ENGINE",
    "KEEP_DAYS", "KEEP_TUNES", "KEEP_PASTES", "LOG_LEVEL", "SOUNDFONT", "WORKERS", "ABCJS_FOLDER",
    "TRUSTED_PROXIES", "GRACE", "IDLE_SECONDS", "SITE_CONNECTIONS", "LIMIT_PERSON", "LIMIT_CHAT",
    "LOG_FORMAT", "FILES_URL",
    "SHARD_COUNT", "SHARD_IDS", "TELEGRAM_WEBHOOK", "GENERATOR_URL", "GENERATOR_FALLBACK",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES | {name.lower() for name in NAMES}:
        monkeypatch.delenv(name, raising=False)


def test_the_names_are_these() -> None:
    assert {name.upper() for name in Settings.model_fields} == NAMES


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


@pytest.mark.parametrize("empty", ["", "  "])
@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_empty_value_is_the_default_and_hides_that_of_the_file(
    name: str, empty: str, tmp_path: Path
) -> None:
    assert load(None, {name: empty}) == load(None, {})
    (tmp_path / ".env").write_text("PORT=9001\nPUBLIC_URL=https://here.example\n", encoding="utf-8")
    filled = load(tmp_path / ".env", {})
    assert load(tmp_path / ".env", {name: empty}) == filled.model_copy(
        update={name.lower(): getattr(load(None, {}), name.lower())}
    )


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
        ("TRUSTED_PROXIES", "10.0.0.1, proxy.example.org", "10.0.0.0/8"),
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
    quoted = load(None, {"DATABASE_URL": "postgresql://u:hid%20den@h/d?password=hushed"})
    assert quoted.secrets == ("hid%20den", "hid den", "hushed")
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("password", ["hid?den", "hid@den", "hid/den", "hid:den", "hid#den"])
def test_a_password_with_any_sign_in_it_is_known_as_a_secret(password: str) -> None:
    secrets = load(None, {"DATABASE_URL": f"postgresql://u:{password}@h/d?ssl=require"}).secrets
    assert password in secrets


@pytest.mark.parametrize(
    "value", ["postgres:/u:hidden@h/d", "mysql://u:hidden@h/d", "mysql://h/d?user=u&password=hidden"]
)
def test_a_bad_database_address_does_not_show_its_password(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    with pytest.raises(SettingsError, match=r"^DATABASE_URL won't do") as caught:
        load(None)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("PORT=1\nPORT 8080\n", 2),
        ("PORT=1\n\n# a comment\n\n\n  DISCORD_TOKEN='MTAx.hidden\nMODEL=jigs\n", 6),
        ("=5", 1),
        ("\r\nDISCORD_TOKEN\r\n", 2),
        ('MODEL="jigs" and more', 1),
    ],
)
def test_a_line_of_the_env_file_that_says_nothing_is_named_and_not_shown(
    text: str, line: int, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_bytes(text.encode())
    with pytest.raises(EnvFileError) as caught:
        load(file, {})
    assert f"line {line} of {file}" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_an_env_file_that_is_no_text_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"MODEL=jigs\nPORT=\xff\xfe\n")
    with pytest.raises(EnvFileError, match="line 2, is not plain UTF-8") as caught:
        load(file, {})
    assert str(file) in str(caught.value)


def test_an_env_file_with_the_mark_that_windows_writes_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9001\n", encoding="utf-8-sig")
    assert load(tmp_path / ".env", {}).port == 9001


def test_a_folder_in_the_place_of_the_env_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(EnvFileError, match=r"^I can't read .*/\.env \(Is a directory\)"):
        load(tmp_path / ".env", {})


def test_an_env_file_that_may_not_be_read_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)  # root, who may run this, may read everything
    with pytest.raises(EnvFileError, match=r"^I can't read .*/\.env \(Permission denied\)"):
        load(tmp_path / ".env", {})


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DISCORD_TOKN", "DISCORD_TOKEN"),
        ("discrod_token", "DISCORD_TOKEN"),
        ("TELEGRAM_BOT_TOKEN", "TELEGRAM_TOKEN"),
        ("PROT", "PORT"),
        ("MODELS", "MODEL"),
    ],
)
def test_a_name_in_the_file_that_is_nearly_a_setting_is_told(name: str, meant: str, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"{name}=hidden\nSOMETHING_ELSE=1\n", encoding="utf-8")
    (slip,) = read(file, {}).slips
    assert slip == f"I don't know the setting {name} in {file}; did you mean {meant}?"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DISCORD_TOKN", "DISCORD_TOKEN"),
        ("TELEGRAM_BOT_TOKEN", "TELEGRAM_TOKEN"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("LOG_LEVAL", "LOG_LEVEL"),
    ],
)
def test_a_name_in_the_environment_that_is_nearly_a_setting_is_told(name: str, meant: str) -> None:
    (slip,) = read(None, {name: "hidden", "PATH": "/bin"}).slips
    assert slip == f"I don't know the setting {name} in the environment; did you mean {meant}?"


def test_nothing_else_in_the_environment_is_taken_for_a_setting() -> None:
    others = (
        "PATH", "HOME", "HOSTNAME", "POST", "SHELL", "PWD", "MODELS", "ENGINES", "PORTS", "LOGNAME",
        "DATABASE_USER", "DATABASE_NAME", "DATABASE_HOST", "DATABASE_PASSWORD", "PUBLIC_KEY", "PUBLIC_IP",
        "LOG_FILE", "DISCORD_OWNER", "TELEGRAM_CHAT", "POSTGRES_HOST", "MYSQL_PORT", "XDG_SESSION_TYPE",
    )  # fmt: skip
    assert read(None, dict.fromkeys(others, "1")).slips == ()


def test_a_name_near_a_setting_that_is_there_is_left_alone(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "sqlite:///tunes.db", "DATABASE_URI": "for something else"}
    assert read(None, given).slips == ()


def test_a_slip_is_one_line_at_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("DISCORD_TOKN=hidden\nPORT=abc\n", encoding="utf-8")
    assert main([]) == 2
    slip, bad = capsys.readouterr().err.splitlines()
    assert slip == "I don't know the setting DISCORD_TOKN in .env; did you mean DISCORD_TOKEN?"
    assert bad.startswith("PORT=abc won't do")


def test_an_unknown_argument_is_told_how_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "1"]) == 2
    assert "python -m bot" in capsys.readouterr().err


def test_help_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert all(word in out for word in ("python -m bot", "tunesmith", "--check", "env-example", ".env"))


def test_env_example_is_printed_to_be_saved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env-example"]) == 0
    assert capsys.readouterr().out == env_example()


@pytest.mark.parametrize(
    ("count", "ids", "shards"),
    [("4", "0,1", (0, 1)), ("4", "2-3", (2, 3)), ("8", "0 2-4,3 7", (0, 2, 3, 4, 7)), ("2", "", None)],
)
def test_shards_are_numbers_and_ranges(count: str, ids: str, shards: tuple[int, ...] | None) -> None:
    settings = load(None, {"SHARD_COUNT": count, "SHARD_IDS": ids})
    assert (settings.shard_count, settings.shards) == (int(count), shards)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SHARD_IDS": "0"}, "SHARD_COUNT must say how many"),
        ({"SHARD_IDS": "2,4", "SHARD_COUNT": "4"}, "the shards are 0 to 3"),
        ({"SHARD_IDS": "one", "SHARD_COUNT": "4"}, "SHARD_IDS=one won't do"),
        ({"SHARD_IDS": "3-1", "SHARD_COUNT": "4"}, "SHARD_IDS=3-1 won't do"),
        ({"SHARD_COUNT": "0"}, "SHARD_COUNT=0 won't do"),
        ({"TELEGRAM_WEBHOOK": "1"}, "needs a PUBLIC_URL that begins with https"),
        ({"TELEGRAM_WEBHOOK": "1", "PUBLIC_URL": "http://tunes.example.org"}, "begins with https"),
    ],
)
def test_settings_of_several_processes_that_do_not_agree_are_told(
    environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load(None, environment)
