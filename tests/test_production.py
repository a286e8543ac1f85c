"""A production start refuses every weak setting, and only then serves beyond loopback."""

import pytest

from app import config, sandbox
from app.refusal import Refusal

SOUND = {
    "KITH_ENVIRONMENT": "production",
    "KITH_BASE_URL": "https://kith.example.org",
    "KITH_HOST": "0.0.0.0",
    "KITH_TLS_PROXY": "10.0.0.7",
    "KITH_SEAL_KEY_FILE": "/run/secrets/seal-key",
}


def load(monkeypatch, **environment):
    for name, value in (SOUND | environment).items():
        monkeypatch.setenv(name, value)
    return config.load()


def test_with_sound_settings_it_serves_other_machines(monkeypatch):
    chosen = load(monkeypatch)
    assert chosen.host == "0.0.0.0"
    assert chosen.roots == ("https://kith.example.org",)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KITH_AUTHENTICATION", "off"),
        ("KITH_BASE_URL", ""),
        ("KITH_BASE_URL", "http://kith.example.org"),
        ("KITH_DEVELOPMENT_PRIVILEGES", "true"),
        ("KITH_TOKEN_SECONDS", "3600"),
        ("KITH_LOG_LEVEL", "DEBUG"),
        ("KITH_SEAL_KEY_FILE", ""),
        ("KITH_TLS_PROXY", "everybody"),
        ("KITH_TLS_PROXY", "0.0.0.0/0"),
        ("KITH_TLS_PROXY", "*"),
        ("KITH_ENVIRONMENT", "staging"),
    ],
)
def test_each_weak_setting_is_refused_by_its_name(monkeypatch, variable, value):
    with pytest.raises(config.SettingsError) as wrong:
        load(monkeypatch, **{variable: value})
    (line,) = str(wrong.value).splitlines()
    assert line.startswith(f"{variable}: must ")


def test_beyond_loopback_there_is_tls_here_or_in_front(monkeypatch):
    own = {
        "KITH_TLS_PROXY": "",
        "KITH_TLS_CERTIFICATE_FILE": "/run/tls/chain.pem",
        "KITH_TLS_KEY_FILE": "/run/tls/key.pem",
    }
    assert load(monkeypatch, **own).scheme == "https"
    with pytest.raises(config.SettingsError, match=r"^KITH_TLS_CERTIFICATE_FILE: must be set in production") as wrong:
        load(monkeypatch, **dict.fromkeys(own, ""))
    assert "KITH_TLS_PROXY" in str(wrong.value)
    assert load(monkeypatch, **dict.fromkeys(own, ""), KITH_HOST="127.0.0.1").scheme == "http"


@pytest.mark.parametrize("name", ["CERTIFICATE_FILE", "KEY_FILE", "KEY_PASSWORD_FILE", "CLIENT_CA_FILE"])
def test_half_a_tls_is_refused(monkeypatch, name):
    with pytest.raises(config.SettingsError, match=r"^KITH_TLS_CERTIFICATE_FILE: must be set"):
        load(monkeypatch, **{f"KITH_TLS_{name}": "/run/tls/file.pem"})


def test_all_that_is_weak_is_said_at_once(monkeypatch):
    with pytest.raises(config.SettingsError) as wrong:
        load(monkeypatch, KITH_AUTHENTICATION="off", KITH_BASE_URL="", KITH_LOG_LEVEL="DEBUG")
    names = [line.partition(":")[0] for line in str(wrong.value).splitlines()]
    assert names == ["KITH_AUTHENTICATION", "KITH_BASE_URL", "KITH_LOG_LEVEL"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "kith.example.org"])
@pytest.mark.parametrize("authentication", ["on", "off"])
def test_in_development_nothing_but_loopback_is_served(monkeypatch, host, authentication):
    changed = {"KITH_ENVIRONMENT": "development", "KITH_HOST": host, "KITH_AUTHENTICATION": authentication}
    with pytest.raises(config.SettingsError, match="KITH_HOST: must be a loopback address"):
        load(monkeypatch, **changed)


ISSUER = {
    "KITH_ISSUER": "https://issuer.example",
    "KITH_ISSUER_JWKS": "https://issuer.example/keys",
    "KITH_ISSUER_AUDIENCE": "https://kith.example.org",
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"KITH_TOKEN_ENDPOINT": "false"}, "KITH_ISSUER: must be set"),
        (ISSUER | {"KITH_ISSUER_AUDIENCE": ""}, "KITH_ISSUER_JWKS: must be set"),
        (ISSUER | {"KITH_ISSUER_JWKS": ""}, "KITH_ISSUER_JWKS: must be set"),
        (ISSUER | {"KITH_ISSUER_JWKS": "http://issuer.example/keys"}, "KITH_ISSUER_JWKS: must be an https"),
        (ISSUER | {"KITH_ISSUER_JWKS": "http://127.0.0.1/keys"}, "KITH_ISSUER_JWKS: must be an https"),
        (ISSUER | {"KITH_ISSUER_JWKS": "file:///etc/passwd"}, "KITH_ISSUER_JWKS: must be an https"),
        (ISSUER | {"KITH_ISSUER_JWKS": "https://user:secret@issuer.example/keys"}, "KITH_ISSUER_JWKS: must be"),
        (ISSUER | {"KITH_ISSUER": "http://issuer.example"}, "KITH_ISSUER: must be an https"),
        (ISSUER | {"KITH_ISSUER": "https://kith.example.org"}, "KITH_ISSUER: must be another address"),
    ],
)
def test_an_issuer_is_named_wholly_and_safely(monkeypatch, changed, said):
    with pytest.raises(config.SettingsError) as wrong:
        load(monkeypatch, **changed)
    assert said in str(wrong.value)
    assert "secret" not in str(wrong.value)


def test_an_external_issuer_alone_is_enough(monkeypatch):
    assert load(monkeypatch, KITH_TOKEN_ENDPOINT="false", **ISSUER).issuer == "https://issuer.example"


def test_a_database_with_a_sandbox_client_is_not_served_in_production(module_database_url, tmp_path):
    sandbox.refuse(module_database_url)
    sandbox.prepare(config.load(data=tmp_path), module_database_url)
    assert (tmp_path / "sandbox-token").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refusal, match="sandbox clients"):
        sandbox.refuse(module_database_url)
