"""Settings are read once, and bad values are refused by name."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from assay.settings import SETTINGS, SettingInvalid, Settings, load

HOME = {"HOME": "/home/somebody"}


def test_the_defaults() -> None:
    settings = load(environ=HOME)
    assert settings.data == Path("/home/somebody/.local/share/assay")
    assert settings.database_url == "sqlite:////home/somebody/.local/share/assay/assay.db"
    assert (settings.model, settings.browser_turns) == ("builtin", 2)
    assert settings.base_url == "http://127.0.0.1:8080"
    assert settings.loopback_only


def test_xdg_and_no_home() -> None:
    assert load(environ={"XDG_DATA_HOME": "/x"}).data == Path("/x/assay")
    assert load(environ={"XDG_DATA_HOME": "x", **HOME}).data.is_relative_to("/home/somebody")
    with pytest.raises(SettingInvalid, match="ASSAY_DATA"):
        load(environ={})


def test_flags_win_over_the_environment() -> None:
    env = {**HOME, "ASSAY_PORT": "9000", "ASSAY_HOST": "0.0.0.0", "ASSAY_MODEL": " "}
    settings = load({"port": 9001, "host": None}, environ=env)
    assert (settings.port, settings.host, settings.model) == (9001, "0.0.0.0", "builtin")
    assert settings.base_url == "http://127.0.0.1:9001"
    assert not settings.loopback_only
    public = load({"public_url": "https://qa.example.com/"}, environ=env)
    assert public.base_url == "https://qa.example.com"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ASSAY_PORT", "80x"),
        ("ASSAY_PORT", "70000"),
        ("ASSAY_PUBLIC_URL", "assay.example.com"),
        ("ASSAY_PUBLIC_URL", "https://user:pass@host"),
        ("ASSAY_MODEL_URL", "ftp://host"),
        ("ASSAY_BROWSER", "/no/such/browser"),
        ("ASSAY_BROWSER_TURNS", "0"),
        ("ASSAY_LOG_LEVEL", "loud"),
        ("ASSAY_ALLOW_PRIVATE", "maybe"),
        ("ASSAY_DATABASE_URL", "mysql://host/db"),
        ("ASSAY_SECRET_KEY", "short"),
        ("ASSAY_MODEL_TIMEOUT", "soon"),
    ],
)
def test_bad_values_name_the_variable(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid, match=name):
        load(environ={**HOME, name: value})


def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SettingInvalid, match="ASSAY_DATA"):
        load(environ={"ASSAY_DATA": str(file)})


def test_secrets_do_not_show() -> None:
    env = {setting.name: "the-hidden-value-0123" for setting in SETTINGS if setting.secret}
    env["ASSAY_DATABASE_URL"] = "postgresql://u:the-hidden-value-0123@h/n"
    assert "the-hidden-value" not in repr(load(environ={**HOME, **env}))


def test_the_table_and_the_fields_agree() -> None:
    assert {setting.field for setting in SETTINGS} == {field.name for field in fields(Settings)}
    assert all(setting.help.endswith(".") for setting in SETTINGS)
