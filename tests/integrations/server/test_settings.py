"""The settings file: what it may hold, and how it says what is wrong with it."""

import json

import pytest

from b12labs import cli
from b12labs.errors import B12LabsError
from b12labs.integrations.server import SettingsError, read_settings

GOOD = """
guideline = "aafp-2025"
formulary = "us"
unreported_context = "unknown"
window_hours = 48
use_preliminary = true
days = 400
prefetch = "category"
mapping = "site.toml"
url = "https://cds.example.org/b12"
used_tokens = "used.sqlite"
docs = true
origins = ["https://ehr.example.org"]

[[clients]]
issuer = "https://ehr.example.org/fhir"
audience = ["typed-in"]
jwks = "keys/ehr.json"

[limits]
body_bytes = 1000000
read_seconds = 5

[records]
file = "decisions.jsonl"
values = true
file_bytes = 1000
"""


@pytest.fixture
def written(tmp_path):
    (tmp_path / "site.toml").write_text('[tests]\n"local b12" = "b12"\n', encoding="utf-8")

    def write(text):
        path = tmp_path / "b12.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_every_setting_is_read_and_paths_are_relative_to_the_file(written, tmp_path):
    settings = read_settings(written(GOOD))
    assert (settings.guideline, settings.formulary, settings.days, settings.prefetch) == (
        "aafp-2025",
        "us",
        400,
        "category",
    )
    assert settings.clients[0].jwks == tmp_path / "keys/ehr.json"
    assert settings.mapping == tmp_path / "site.toml"
    assert settings.records.file == tmp_path / "decisions.jsonl"
    assert settings.used_tokens == tmp_path / "used.sqlite"
    assert settings.limits.body_bytes == 1_000_000
    assert not settings.demo


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("guideline = [", "b12.toml: not TOML"),
        (
            "guidline = 'nice-ng239'",
            "guidline is not a setting; did you mean 'guideline'? Known there: guideline, formulary",
        ),
        ("[limits]\nbody_byte = 5", "limits.body_byte is not a setting; did you mean 'body_bytes'?"),
        ("[limits]\nbody_bytes = 0", "limits.body_bytes: Input should be greater than 0, got 0"),
        ("formulary = 'fr'", "formulary: expected 'uk', 'us' or None, got 'fr'"),
        ("guideline = 'nice-239'", "did you mean 'nice-ng239'?"),
        ("guideline = 'own.toml'", "there is no such file"),
        ("origins = ['*']", "origins.1: expected an origin"),
        ("origins = ['https://ehr.example.org/']", "expected an origin"),
        ("url = 'cds.example.org'", "expected the address that clients call"),
        (
            "[[clients]]\nissuer = 'a'\njwks = 'a.json'",
            "url: expected the address of the service, or an audience for every client",
        ),
        ("[[clients]]\nissuer = 'a'\naudience = ['b']", "clients.1.jwks: Field required"),
        ("[[clients]]\nissuer = 'a'\njku = 'b'", "clients.1.jku is not a setting"),
        ("mapping = 'none.toml'", "none.toml"),
    ],
)
def test_a_fault_names_the_file_the_key_and_what_was_expected(written, text, said):
    with pytest.raises((SettingsError, B12LabsError, OSError)) as raised:
        read_settings(written(text))
    assert said in str(raised.value)


def test_two_entries_of_one_issuer_are_refused(written):
    entry = "[[clients]]\nissuer = 'a'\naudience = ['b']\njwks = 'a.json'\n"
    with pytest.raises(SettingsError, match="one entry per issuer"):
        read_settings(written(entry * 2))


def test_the_hash_of_the_configuration_changes_with_what_decides_and_with_nothing_else(written, tmp_path):
    plain = read_settings(written("")).digest()
    assert read_settings(written("[limits]\nmembers = 5")).digest() == plain
    assert read_settings(written("unreported_context = 'unknown'")).digest() != plain
    for name in ("one.toml", "other.toml"):
        (tmp_path / name).write_text("[tests]\n4711 = 'b12'", encoding="utf-8")
    mapped = read_settings(written("mapping = 'one.toml'")).digest()
    assert read_settings(written("mapping = 'other.toml'")).digest() == mapped != plain
    (tmp_path / "one.toml").write_text("[tests]\n4711 = 'mma'", encoding="utf-8")
    assert read_settings(written("mapping = 'one.toml'")).digest() != mapped


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_the_demo_is_served_on_this_machine_only(capsys, host):
    assert cli.main(["serve", "--demo", "--host", host]) == 2
    assert "has no authentication, so it is served on this machine only" in capsys.readouterr().err


def test_a_service_that_nobody_could_call_is_not_started(capsys):
    assert cli.main(["serve"]) == 2
    assert "Give --config FILE.toml with [[clients]], or --demo" in capsys.readouterr().err


def test_a_demo_in_the_settings_file_is_held_to_this_machine_too(written, capsys):
    assert cli.main(["serve", "--config", str(written("demo = true")), "--host", "0.0.0.0"]) == 2
    assert "this machine only" in capsys.readouterr().err


def test_keys_that_are_missing_are_told_before_anything_is_served(written, capsys):
    text = f"url = 'https://cds.example.org'\n[[clients]]\nissuer = 'a'\njwks = {json.dumps('none.json')}"
    assert cli.main(["serve", "--config", str(written(text))]) == 2
    assert "none.json" in capsys.readouterr().err
