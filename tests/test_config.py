"""The settings: every wrong value is named in one line, and nothing else reads the environment."""

import ast
import os
from pathlib import Path

import pytest

from app import config
from app.settings_page import documentation

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KITH_PORT", "eighty"),
        ("KITH_PORT", "0"),
        ("KITH_PORT", "65536"),
        ("KITH_HOST", "0.0.0.0"),
        ("KITH_HOST", "::"),
        ("KITH_HOST", "192.168.1.10"),
        ("KITH_HOST", "kith.example.org"),
        ("KITH_DATABASE_URL", "mysql://kith@localhost/kith"),
        ("KITH_MIGRATION_DATABASE_URL", "localhost"),
        ("KITH_WORKERS", "0"),
        ("KITH_WORKERS", "many"),
        ("KITH_BASE_URL", "kith.example.org"),
        ("KITH_BASE_URL", "https://kith.example.org/?a=b"),
        ("KITH_LOG_LEVEL", "loud"),
        ("KITH_LOG_FORMAT", "xml"),
        ("KITH_VRS_LENIENCY", "perhaps"),
        ("KITH_MAX_BODY_BYTES", "-1"),
        ("KITH_BODY_TIMEOUT", "0"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(config.SettingsError) as wrong:
        config.load()
    (line,) = str(wrong.value).splitlines()
    assert line.startswith(f"{variable}: must be ")


def test_what_a_database_address_holds_is_not_repeated(monkeypatch):
    monkeypatch.setenv("KITH_DATABASE_URL", "mysql://kith:very-secret@localhost/kith")
    with pytest.raises(config.SettingsError) as wrong:
        config.load()
    assert "very-secret" not in str(wrong.value)


def test_every_wrong_value_gets_its_line(monkeypatch):
    monkeypatch.setenv("KITH_PORT", "x")
    monkeypatch.setenv("KITH_WORKERS", "x")
    with pytest.raises(config.SettingsError) as wrong:
        config.load()
    assert len(str(wrong.value).splitlines()) == 2


def test_a_default_page_larger_than_the_largest_is_wrong(monkeypatch):
    monkeypatch.setenv("KITH_MAX_COUNT", "10")
    with pytest.raises(config.SettingsError, match=r"^KITH_DEFAULT_COUNT: must not be above KITH_MAX_COUNT$"):
        config.load()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_is_allowed(monkeypatch, host):
    monkeypatch.setenv("KITH_HOST", host)
    assert config.load().host == host


def test_an_empty_variable_is_an_absent_one(monkeypatch):
    monkeypatch.setenv("KITH_PORT", "")
    assert config.load().port == 8000


def test_a_misspelt_setting_is_named_with_what_was_meant(monkeypatch):
    monkeypatch.setenv("KITH_WORKER", "4")
    assert config.unknown() == ["KITH_WORKER: no such setting; is KITH_WORKERS meant?"]


def test_workers_read_what_the_parent_hands_down(monkeypatch):
    for name in config.Settings.model_fields:
        monkeypatch.setenv(f"KITH_{name.upper()}", "")
    given = config.load(database_url="postgresql://a@/b?host=/c%20d", vrs_leniency=True, body_timeout=2.5, data="/e f")
    config.hand_down(given)
    assert config.load() == given


def test_the_address_of_a_database_may_stand_in_a_file(monkeypatch, tmp_path):
    file = tmp_path / "database-url"
    file.write_text("postgresql://kith:very-secret@localhost/kith\n")
    monkeypatch.setenv("KITH_DATABASE_URL_FILE", str(file))
    monkeypatch.setenv("KITH_MIGRATION_DATABASE_URL_FILE", str(file))
    chosen = config.load()
    assert chosen.database_url == chosen.migration_database_url == "postgresql://kith:very-secret@localhost/kith"
    config.hand_down(chosen)
    assert config.load() == chosen
    assert not any("very-secret" in value for value in os.environ.values())


@pytest.mark.parametrize(
    ("held", "url", "said"),
    [
        (None, "", "KITH_DATABASE_URL_FILE: {file}: No such file or directory"),
        (b"", "", "KITH_DATABASE_URL_FILE: {file}: it is empty"),
        (b"\xff\xfe", "", "KITH_DATABASE_URL_FILE: {file}: it is no text"),
        (
            b"mysql://kith:very-secret@db/kith",
            "",
            "KITH_DATABASE_URL: must be an address that begins with postgresql://",
        ),
        (b"postgresql://a/b", "postgresql://a/b", "KITH_DATABASE_URL: must not be set when KITH_DATABASE_URL_FILE is"),
    ],
)
def test_a_file_that_holds_no_address_is_one_line(monkeypatch, tmp_path, held, url, said):
    file = tmp_path / "database-url"
    if held is not None:
        file.write_bytes(held)
    monkeypatch.setenv("KITH_DATABASE_URL_FILE", str(file))
    monkeypatch.setenv("KITH_DATABASE_URL", url)
    with pytest.raises(config.SettingsError) as wrong:
        config.load()
    assert str(wrong.value) == said.format(file=file)


def test_the_page_of_settings_is_as_generated():
    assert (ROOT / "docs" / "settings.md").read_text() == documentation(), "run `make docs`"


def test_only_the_settings_read_the_environment():
    readers = {path.relative_to(ROOT).as_posix() for path in (ROOT / "app").rglob("*.py") if _reads(path)}
    assert readers == {"app/config.py"}


def _reads(path: Path) -> bool:
    names = {"environ", "environb", "getenv", "getenvb", "putenv"}
    text = path.read_text()
    return any(name in text for name in names) and any(
        (isinstance(node, ast.Attribute) and node.attr in names) or (isinstance(node, ast.alias) and node.name in names)
        for node in ast.walk(ast.parse(text))
    )
