"""What is tested and where: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Project:
    """A space of applications, tests and conversations within an organisation."""

    id: str
    short_id: str
    organisation_id: str
    name: str
    slug: str
    created_at: datetime


class ApplicationKind(StrEnum):
    """What an application runs on."""

    WEB = "web"
    IOS = "ios"
    ANDROID = "android"


@dataclass(frozen=True, slots=True)
class Application:
    """Something under test."""

    id: str
    short_id: str
    project_id: str
    name: str
    kind: ApplicationKind
    default_environment_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Environment:
    """One place where an application runs. ``build_id`` is set when it was made for a build."""

    id: str
    short_id: str
    application_id: str
    name: str
    url: str
    is_production: bool
    ignore_https_errors: bool
    build_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationBuild:
    """One build of an application: a preview's address or an uploaded package's key."""

    id: str
    short_id: str
    application_id: str
    name: str
    url: str
    artifact_key: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DevicePreset:
    """The size and kind of screen that a test runs on."""

    id: str
    short_id: str
    project_id: str
    name: str
    width: int
    height: int
    is_mobile: bool


class ConfigKind(StrEnum):
    """What a config's values are for."""

    USERNAME_PASSWORD = "usernamePassword"
    HTTP_BASIC = "httpBasic"
    VALUES = "values"


@dataclass(frozen=True, slots=True)
class Config:
    """Credentials or test data under a name, without the values."""

    id: str
    short_id: str
    project_id: str
    application_id: str | None
    name: str
    kind: ConfigKind
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Credential:
    """A config with its values, opened for one piece of work. Never stored, logged or sent on.

    ``username`` and ``password`` are set for the two kinds that have them; ``values`` holds every
    value of the config by its name.
    """

    config_id: str
    short_id: str
    name: str
    kind: ConfigKind
    username: str = ""
    password: str = field(default="", repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """Everything that is needed to open a site: an environment on a screen, with credentials."""

    project_id: str
    application_id: str
    application_short_id: str
    application_name: str
    environment_id: str
    environment_name: str
    url: str
    allowed_hosts: frozenset[str]
    ignore_https_errors: bool = False
    http_credentials: tuple[str, str] | None = field(default=None, repr=False)
    width: int = 1280
    height: int = 720
    is_mobile: bool = False
    credentials: tuple[Credential, ...] = field(default=(), repr=False)

    @property
    def logins(self) -> tuple[Credential, ...]:
        """The user names with passwords that a sign-in form takes; the application's own first."""
        kind = ConfigKind.USERNAME_PASSWORD
        return tuple(credential for credential in self.credentials if credential.kind is kind)

    @property
    def user_names(self) -> tuple[str, ...]:
        """The names that go with the secrets and stay readable."""
        found = [self.http_credentials[0]] if self.http_credentials else []
        found += [credential.username for credential in self.credentials]
        return tuple(dict.fromkeys(name for name in found if name))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must not be seen: passwords and the values of generic configs."""
        found = [self.http_credentials[1]] if self.http_credentials else []
        for credential in self.credentials:
            found.append(credential.password)
            found.extend(value for name, value in credential.values.items() if name != "username")
        return tuple(dict.fromkeys(value for value in found if value))


@dataclass(frozen=True, slots=True)
class EnvironmentOverride:
    """Where to run instead: the first of short id, build and URL that is set counts."""

    short_id: str | None = None
    build_short_id: str | None = None
    url: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ApplicationOverride:
    """One override of a request: an application, where it runs and on which screen."""

    application_short_id: str
    environment: EnvironmentOverride
    preset_short_id: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """An application with the environment and screen chosen for it."""

    application: Application
    environment: Environment
    preset: DevicePreset | None = None


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Which application a message is about.

    ``reason`` is ``named``, ``url`` (it owns the message's URL), ``only`` (the project's only one)
    or ``none``. ``environment`` is the one that owns the URL; ``unknown_url`` is a URL of the
    message that no application owns.
    """

    reason: str
    application: Application | None = None
    environment: Environment | None = None
    unknown_url: str | None = None
