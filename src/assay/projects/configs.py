"""Configs: credentials and test data, sealed before they are stored."""

from __future__ import annotations

import json
from collections.abc import Mapping

from assay.kernel.clock import now
from assay.kernel.ids import canonical_short_id, new_short_id, new_uuid
from assay.projects import store
from assay.projects.errors import ConfigExists, ConfigNotFound, ValueInvalid
from assay.projects.model import Config, ConfigKind, Credential
from assay.projects.service import checked_name
from assay.storage import SecretBox
from assay.storage.session import ReadSession, WriteSession

_LONGEST_VALUE = 10_000
_NAME_TRIES = 100


async def create_config(
    session: WriteSession,
    box: SecretBox,
    project_id: str,
    *,
    name: str,
    kind: ConfigKind,
    values: Mapping[str, str],
    application_id: str | None = None,
    key: str | None = None,
    rename: bool = False,
) -> Config:
    """A new config of an application, or of the whole project.

    Made once per ``key``: a repeated call returns the first. Without one, the same name with the
    same values returns what is there; with other values it is refused, or with ``rename`` stored
    under the name with a number.
    """
    wanted, clean = config_name(name), config_values(kind, values)
    if key is not None and (found := await store.config_by_key(session, project_id, key)):
        return found
    for number in range(1, _NAME_TRIES):
        config = Config(
            id=new_uuid(),
            short_id=new_short_id("cfg"),
            project_id=project_id,
            application_id=application_id,
            name=wanted if number == 1 else f"{wanted} {number}",
            kind=kind,
            created_at=now(),
        )
        if await store.add_config(session, config, _seal(box, config.id, clean), key):
            return config
        if key is not None and (found := await store.config_by_key(session, project_id, key)):
            return found
        taken = await store.config_by_name(
            session, project_id, application_id or project_id, config.name
        )
        if taken is not None and taken.kind is kind:
            sealed = await store.sealed_values(session, taken.id)
            if _unseal(box, taken.id, sealed) == clean:
                return taken
        if not rename:
            break
    raise ConfigExists(f'A config named "{wanted}" exists with other values. Choose another name.')


async def list_configs(
    session: ReadSession, project_id: str, application_id: str | None = None
) -> list[Config]:
    """The configs that an application may use, its own first; without one, all of the project."""
    return [
        config for config, _sealed in await store.configs_for(session, project_id, application_id)
    ]


async def find_config(session: ReadSession, project_id: str, short_id: str) -> Config:
    """A config by its short id in either form."""
    canonical = canonical_short_id("cfg", short_id)
    found = await store.config_by_short_id(session, project_id, canonical)
    if found is None:
        raise ConfigNotFound(f"There is no config {short_id}.")
    return found


async def replace_values(
    session: WriteSession, box: SecretBox, config: Config, values: Mapping[str, str]
) -> None:
    """Give a config other values."""
    clean = config_values(config.kind, values)
    await store.set_config_values(session, config.id, _seal(box, config.id, clean), now())


async def delete_config(session: WriteSession, config: Config) -> None:
    """Remove a config and its values."""
    await store.delete_config(session, config.id)


async def open_credentials(
    session: ReadSession, box: SecretBox, project_id: str, application_id: str | None
) -> tuple[Credential, ...]:
    """What an application may use, with values: its own configs first, then the project's.

    Without an application: all of the project.
    """
    found = await store.configs_for(session, project_id, application_id)
    return tuple(_credential(config, _unseal(box, config.id, sealed)) for config, sealed in found)


async def find_login(
    session: ReadSession,
    box: SecretBox,
    project_id: str,
    application_id: str | None,
    *,
    username: str,
    password: str,
) -> Credential | None:
    """The config that holds exactly this user name and password already."""
    for credential in await open_credentials(session, box, project_id, application_id):
        same = credential.username == username and credential.password == password
        if same and credential.kind is ConfigKind.USERNAME_PASSWORD:
            return credential
    return None


def config_values(kind: ConfigKind, values: Mapping[str, str]) -> dict[str, str]:
    """The values of a config of this kind; ``ValueInvalid`` names the one at fault."""
    needed = () if kind is ConfigKind.VALUES else ("username", "password")
    for name in needed:
        if not values.get(name):
            raise ValueInvalid(f"values.{name} must not be empty.")
    if not values:
        raise ValueInvalid("values must not be empty.")
    for name, value in values.items():
        if not name or len(name) > 200 or "{" in name or "}" in name:
            raise ValueInvalid("The names in values must have 1 to 200 characters and no braces.")
        if len(value) > _LONGEST_VALUE:
            raise ValueInvalid(f"values.{name} is longer than {_LONGEST_VALUE} characters.")
    return dict(values)


def config_name(name: str) -> str:
    """A name that steps can refer to."""
    clean = checked_name(name)
    if "{" in clean or "}" in clean:
        raise ValueInvalid("name must not contain braces.")
    return clean


def _context(config_id: str) -> str:
    return f"config/{config_id}"


def _seal(box: SecretBox, config_id: str, values: Mapping[str, str]) -> str:
    return box.seal(json.dumps(values, sort_keys=True), context=_context(config_id))


def _unseal(box: SecretBox, config_id: str, sealed: str) -> dict[str, str]:
    opened: dict[str, str] = json.loads(box.open(sealed, context=_context(config_id)))
    return opened


def _credential(config: Config, values: Mapping[str, str]) -> Credential:
    generic = config.kind is ConfigKind.VALUES
    return Credential(
        config_id=config.id,
        short_id=config.short_id,
        name=config.name,
        kind=config.kind,
        username="" if generic else values["username"],
        password="" if generic else values["password"],
        values=values,
    )
