"""The `kith` command, as far as it needs no running service."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

import app
from app.cli import kith
from app.settings_page import documentation
from app.storage import schema

pytestmark = pytest.mark.usefixtures("logging_as_it_was")


def run(*arguments: str, **environment: str):
    return CliRunner(env=environment).invoke(kith, list(arguments))


def test_the_help_names_every_command_and_the_settings_that_matter_first():
    said = run("--help").output
    for word in (
        "serve",
        "migrate",
        "demo",
        "check",
        "audit",
        "settings",
        "version",
        "KITH_PORT",
        "KITH_DATA",
        "KITH_DATABASE_URL",
    ):
        assert word in said


@pytest.mark.parametrize("command", ["serve", "migrate", "demo", "check", "audit", "settings", "version"])
def test_every_command_explains_itself(command):
    helped = run(command, "--help")
    assert helped.exit_code == 0
    assert len(helped.output) > 100


def test_the_version_is_the_packages():
    assert run("version").output == f"kith {app.__version__}\n"


def test_the_settings_are_printed_as_the_page_has_them():
    assert run("settings").output == documentation()


@pytest.mark.parametrize("command", ["serve", "migrate", "demo"])
def test_a_wrong_setting_ends_every_command_with_its_name(command):
    ended = run(command, KITH_WORKERS="none")
    assert ended.exit_code == 2
    assert ended.stderr.startswith("kith: KITH_WORKERS: ")
    assert ended.stderr.count("\n") == 1


def test_an_unknown_option_is_a_wrong_one():
    assert run("serve", "--fast").exit_code == 2


def test_migrating_says_where_the_schema_stands_and_may_be_repeated(database_url):
    newest = schema.revisions()[-1]
    for _ in range(2):
        done = run("migrate", KITH_DATABASE_URL=database_url)
        assert done.exit_code == 0, done.stderr
        assert f"The schema is at revision {newest}." in done.output


def test_migrating_what_cannot_be_reached_is_one_line():
    ended = run("migrate", KITH_DATABASE_URL="postgresql://nobody:very-secret@127.0.0.1:1/none")
    assert ended.exit_code == 1
    assert "very-secret" not in ended.output
    assert ended.stderr.startswith("kith: the database cannot be reached: ")
    assert ended.stderr.count("\n") == 1


def test_the_demo_needs_a_service():
    ended = run("demo", "--to", "http://127.0.0.1:1")
    assert ended.exit_code == 1
    assert "kith: the demo is not all at http://127.0.0.1:1" in ended.stderr


def test_the_demo_is_not_for_production():
    sound = {"KITH_BASE_URL": "https://kith.example.org", "KITH_SEAL_KEY_FILE": "/run/secrets/seal-key"}
    ended = run("serve", "--demo", KITH_ENVIRONMENT="production", **sound)
    assert ended.exit_code == 1
    assert "not for production" in ended.stderr


def test_help_and_version_wait_for_no_database_driver_and_no_fhir_model():
    heavy = "{'asyncpg', 'alembic', 'sqlalchemy', 'fastapi', 'fhir.resources', 'app.fhir.resources'}"
    asked = f"import sys, app.cli; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
