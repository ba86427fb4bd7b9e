"""Reading the settings: the only place that looks at the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assay.kernel.errors import AppError, Kind
from assay.settings.model import Setting, Settings


class SettingInvalid(AppError):
    """A setting has a value that cannot be used."""

    kind = Kind.INVALID
    code = "setting_invalid"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "ASSAY_DATA", "data", "~/.local/share/assay", "Folder of the database, keys and evidence."
    ),
    Setting(
        "ASSAY_DATABASE_URL",
        "database_url",
        "SQLite in the data folder",
        "Database: sqlite:////path/assay.db or postgresql://user:password@host/name.",
        secret=True,
    ),
    Setting("ASSAY_HOST", "host", "127.0.0.1", "Address that the server listens on."),
    Setting(
        "ASSAY_PORT", "port", "8080", "Port that the server listens on; 0 lets the system choose."
    ),
    Setting(
        "ASSAY_PUBLIC_URL",
        "public_url",
        "http://HOST:PORT",
        "Address under which people reach the dashboard; links in answers start with it.",
    ),
    Setting(
        "ASSAY_SECRET_KEY",
        "secret_key",
        "a key file in the data folder",
        "Text of 16 random characters or more that stored secrets are encrypted with. Set it when "
        "several machines share one database.",
        secret=True,
    ),
    Setting("ASSAY_BROWSER", "browser", "found by itself", "Path of the Chromium to use."),
    Setting("ASSAY_BROWSER_TURNS", "browser_turns", "2", "Turns that may use a browser at once."),
    Setting("ASSAY_TURNS", "turns", "8", "Turns that may be worked on at once."),
    Setting(
        "ASSAY_MODEL",
        "model",
        "builtin",
        "Who plans and converses: builtin, or provider:name such as openai:gpt-5.",
    ),
    Setting(
        "ASSAY_MODEL_URL",
        "model_url",
        "the provider's own",
        "Base URL of an OpenAI-compatible server that serves the model.",
    ),
    Setting("ASSAY_MODEL_KEY", "model_key", "none", "Key for the model's provider.", secret=True),
    Setting("ASSAY_MODEL_TIMEOUT", "model_timeout", "60", "Seconds to wait for a model's answer."),
    Setting(
        "ASSAY_ALLOW_PRIVATE",
        "allow_private",
        "no",
        "Whether pages under test may load from private addresses that no environment names.",
    ),
    Setting("ASSAY_MAX_BODY", "max_body", "10000000", "Largest request body in bytes."),
    Setting(
        "ASSAY_REQUESTS_PER_MINUTE",
        "requests_per_minute",
        "6000",
        "Requests that one key may make in a minute; 0 for no limit.",
    ),
    Setting("ASSAY_RETENTION_DAYS", "retention_days", "30", "Days that evidence is kept."),
    Setting(
        "ASSAY_LOG_LEVEL",
        "log_level",
        "WARNING",
        "Least level logged: DEBUG, INFO, WARNING, ERROR.",
    ),
    Setting("ASSAY_URL", "url", "http://127.0.0.1:8080", "Server that the command line speaks to."),
    Setting("ASSAY_API_KEY", "api_key", "from cli.json", "Key of the command line.", secret=True),
)

_BY_FIELD = {setting.field: setting for setting in SETTINGS}
_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off"}


def load(
    overrides: Mapping[str, object] | None = None, *, environ: Mapping[str, str] | None = None
) -> Settings:
    """The settings from the environment; ``overrides`` (by field name) come from flags and win.

    ``None`` among the overrides and empty variables count as not set.
    """
    env = os.environ if environ is None else environ
    given: dict[str, str] = {}
    for setting in SETTINGS:
        if text := env.get(setting.name, "").strip():
            given[setting.field] = text
    for name, value in (overrides or {}).items():
        if name not in _BY_FIELD:
            raise TypeError(f"there is no setting {name}")
        if value is not None:
            given[name] = str(value)
    values: dict[str, Any] = {
        name: _READERS.get(name, _plain)(_BY_FIELD[name], text) for name, text in given.items()
    }
    if "data" not in values:
        values["data"] = _default_data(env)
    values.setdefault("database_url", f"sqlite:///{values['data'] / 'assay.db'}")
    return Settings(**values)


def _default_data(env: Mapping[str, str]) -> Path:
    shared = env.get("XDG_DATA_HOME", "")
    # The XDG rules say that a relative path here is to be ignored.
    if shared and Path(shared).is_absolute():
        return Path(shared) / "assay"
    home = env.get("HOME") or env.get("USERPROFILE")
    if not home:
        raise SettingInvalid("No home folder is known here: set ASSAY_DATA to a folder.")
    return Path(home) / ".local" / "share" / "assay"


def _plain(_setting: Setting, text: str) -> str:
    return text


def _folder(setting: Setting, text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise SettingInvalid(f"{setting.name} must be a folder, but {path} is a file.")
    return path


def _whole(low: int, high: int) -> Callable[[Setting, str], int]:
    def read(setting: Setting, text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise SettingInvalid(
                f'{setting.name} must be a whole number from {low} to {high}, not "{text}".'
            )
        return int(text)

    return read


def _seconds(setting: Setting, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 3600:
        raise SettingInvalid(f'{setting.name} must be seconds above 0, at most 3600, not "{text}".')
    return value


def _flag(setting: Setting, text: str) -> bool:
    word = text.lower()
    if word not in _YES | _NO:
        raise SettingInvalid(f'{setting.name} must be yes or no, not "{text}".')
    return word in _YES


def _web_address(setting: Setting, text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username is not None or parts.query or parts.fragment:
        raise SettingInvalid(
            f"{setting.name} must be an address such as https://assay.example.com, "
            "without user name, query or fragment."
        )
    return text.rstrip("/")


def _level(setting: Setting, text: str) -> str:
    levels = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
    if text.upper() not in levels:
        raise SettingInvalid(f'{setting.name} must be one of {", ".join(levels)}, not "{text}".')
    return text.upper()


def _executable(setting: Setting, text: str) -> str:
    path = Path(text).expanduser()
    if not path.is_file() or not os.access(path, os.X_OK):
        raise SettingInvalid(
            f'{setting.name} must be the path of a browser that can be started, but "{path}" '
            "is not one. Correct it, or unset it to let Assay find a browser."
        )
    return str(path)


def _database(setting: Setting, text: str) -> str:
    if not text.startswith(("sqlite:///", "sqlite+", "postgresql://", "postgresql+", "postgres:")):
        raise SettingInvalid(
            f"{setting.name} must be sqlite:////path/assay.db or postgresql://user:password@host/name."
        )
    return text


def _secret_text(setting: Setting, text: str) -> str:
    if len(text) < 16:
        raise SettingInvalid(f"{setting.name} is too short: give it 16 random characters or more.")
    return text


_READERS: Mapping[str, Callable[[Setting, str], object]] = {
    "data": _folder,
    "database_url": _database,
    "port": _whole(0, 65535),
    "public_url": _web_address,
    "secret_key": _secret_text,
    "browser": _executable,
    "browser_turns": _whole(1, 64),
    "turns": _whole(1, 256),
    "model_url": _web_address,
    "model_timeout": _seconds,
    "allow_private": _flag,
    "max_body": _whole(1000, 1_000_000_000),
    "requests_per_minute": _whole(0, 1_000_000),
    "retention_days": _whole(1, 36500),
    "log_level": _level,
    "url": _web_address,
}
