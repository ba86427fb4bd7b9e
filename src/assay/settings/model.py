"""The settings as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: the variable, its field, its default in words and its meaning."""

    name: str
    field: str
    default: str
    help: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that was set for this process. Secrets do not show in its ``repr``."""

    data: Path
    database_url: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    secret_key: str = field(default="", repr=False)
    browser: str = ""
    browser_turns: int = 2
    turns: int = 8
    model: str = "builtin"
    model_url: str = ""
    model_key: str = field(default="", repr=False)
    model_timeout: float = 60.0
    allow_private: bool = False
    max_body: int = 10_000_000
    requests_per_minute: int = 6000
    retention_days: int = 30
    log_level: str = "WARNING"
    url: str = ""
    api_key: str = field(default="", repr=False)

    @property
    def base_url(self) -> str:
        """Where people reach the dashboard: the public URL, else the address we listen on."""
        if self.public_url:
            return self.public_url
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{self.port}"

    @property
    def artifacts(self) -> Path:
        """The folder of traces, pictures and other evidence."""
        return self.data / "artifacts"

    @property
    def key_file(self) -> Path:
        """The file of the key that seals stored secrets, used when no secret key is set."""
        return self.data / "secret.key"

    @property
    def client_file(self) -> Path:
        """Where the command line keeps its server address and key."""
        return self.data / "cli.json"

    @property
    def loopback_only(self) -> bool:
        """Whether the server can be reached from this machine alone."""
        return self.host in ("127.0.0.1", "localhost", "::1")
