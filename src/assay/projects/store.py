"""All SQL of projects. Every look-up names the project or application that it stays within."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, insert, or_, select, update

from assay.projects.model import (
    Application,
    ApplicationBuild,
    ApplicationKind,
    Config,
    ConfigKind,
    DevicePreset,
    Environment,
    Project,
)
from assay.projects.tables import (
    application_builds,
    applications,
    configs,
    device_presets,
    environments,
    projects,
)
from assay.storage.session import ReadSession, WriteSession

_ENVIRONMENT = tuple(column for column in environments.c if column.name != "url_key")
_PRESET = tuple(column for column in device_presets.c if column.name != "position")
_CONFIG = (
    configs.c.id,
    configs.c.short_id,
    configs.c.project_id,
    configs.c.application_id,
    configs.c.name,
    configs.c.kind,
    configs.c.created_at,
)


async def add_project(session: WriteSession, project: Project) -> bool:
    """False when the slug is taken."""
    return await session.insert_new(projects, asdict(project))


async def project_by_id(session: ReadSession, project_id: str) -> Project | None:
    return _project(await session.first(select(projects).where(projects.c.id == project_id)))


async def project_by_short_id(session: ReadSession, short_id: str) -> Project | None:
    return _project(await session.first(select(projects).where(projects.c.short_id == short_id)))


async def project_by_slug(session: ReadSession, slug: str) -> Project | None:
    return _project(await session.first(select(projects).where(projects.c.slug == slug)))


async def projects_of(session: ReadSession, organisation_id: str) -> list[Project]:
    rows = await session.all(
        select(projects)
        .where(projects.c.organisation_id == organisation_id)
        .order_by(projects.c.created_at, projects.c.id)
    )
    return [Project(**row._mapping) for row in rows]


async def add_application(session: WriteSession, application: Application) -> None:
    await session.execute(insert(applications).values(**asdict(application)))


async def set_default_environment(
    session: WriteSession, application_id: str, environment_id: str
) -> None:
    await session.execute(
        update(applications)
        .where(applications.c.id == application_id)
        .values(default_environment_id=environment_id)
    )


async def application(
    session: ReadSession, project_id: str, *, short_id: str = "", row_id: str = ""
) -> Application | None:
    query = select(applications).where(
        applications.c.project_id == project_id,
        applications.c.short_id == short_id if short_id else applications.c.id == row_id,
    )
    row = await session.first(query)
    return _application(row) if row else None


async def application_anywhere(session: ReadSession, short_id: str) -> Application | None:
    """Without a project: only to learn which project a path's resource belongs to."""
    row = await session.first(select(applications).where(applications.c.short_id == short_id))
    return _application(row) if row else None


async def lock_application(session: WriteSession, application_id: str) -> None:
    """Let one transaction at a time look for and create environments of an application."""
    await session.execute(
        select(applications.c.id).where(applications.c.id == application_id).with_for_update()
    )


async def lock_project(session: WriteSession, project_id: str) -> None:
    """Let one transaction at a time look for and create things of a project."""
    await session.execute(
        select(projects.c.id).where(projects.c.id == project_id).with_for_update()
    )


async def applications_of(session: ReadSession, project_id: str) -> list[Application]:
    rows = await session.all(
        select(applications)
        .where(applications.c.project_id == project_id)
        .order_by(applications.c.created_at, applications.c.id)
    )
    return [_application(row) for row in rows]


async def add_environment(session: WriteSession, environment: Environment, url_key: str) -> None:
    await session.execute(insert(environments).values(**asdict(environment), url_key=url_key))


async def environment(
    session: ReadSession, application_id: str, *, short_id: str = "", row_id: str = ""
) -> Environment | None:
    return await _environment(
        session,
        _environments(application_id).where(
            environments.c.short_id == short_id if short_id else environments.c.id == row_id
        ),
    )


async def environment_by_url(
    session: ReadSession, application_id: str, url_key: str
) -> Environment | None:
    """The oldest environment of an application at an address that no build brought about."""
    query = _environments(application_id).where(
        environments.c.url_key == url_key, environments.c.build_id.is_(None)
    )
    return await _environment(session, query)


async def environment_by_build(
    session: ReadSession, application_id: str, build_id: str
) -> Environment | None:
    query = _environments(application_id).where(environments.c.build_id == build_id)
    return await _environment(session, query)


async def environments_of(session: ReadSession, application_id: str) -> list[Environment]:
    rows = await session.all(_environments(application_id))
    return [Environment(**row._mapping) for row in rows]


async def project_environments(session: ReadSession, project_id: str) -> list[Environment]:
    """Every environment of every application of a project, oldest first."""
    rows = await session.all(
        select(*_ENVIRONMENT)
        .join(applications, applications.c.id == environments.c.application_id)
        .where(applications.c.project_id == project_id)
        .order_by(environments.c.created_at, environments.c.id)
    )
    return [Environment(**row._mapping) for row in rows]


async def set_ignore_https_errors(session: WriteSession, environment_id: str, ignore: bool) -> None:
    await session.execute(
        update(environments)
        .where(environments.c.id == environment_id)
        .values(ignore_https_errors=ignore)
    )


async def add_build(session: WriteSession, build: ApplicationBuild) -> None:
    await session.execute(insert(application_builds).values(**asdict(build)))


async def build(
    session: ReadSession, application_id: str, short_id: str
) -> ApplicationBuild | None:
    row = await session.first(
        select(application_builds).where(
            application_builds.c.application_id == application_id,
            application_builds.c.short_id == short_id,
        )
    )
    return ApplicationBuild(**row._mapping) if row else None


async def add_presets(session: WriteSession, presets: Sequence[DevicePreset]) -> None:
    rows = [asdict(preset) | {"position": place} for place, preset in enumerate(presets)]
    await session.execute(insert(device_presets), rows)


async def presets_of(session: ReadSession, project_id: str) -> list[DevicePreset]:
    rows = await session.all(
        select(*_PRESET)
        .where(device_presets.c.project_id == project_id)
        .order_by(device_presets.c.position)
    )
    return [DevicePreset(**row._mapping) for row in rows]


async def preset(
    session: ReadSession, project_id: str, *, short_id: str = "", row_id: str = ""
) -> DevicePreset | None:
    row = await session.first(
        select(*_PRESET).where(
            device_presets.c.project_id == project_id,
            device_presets.c.short_id == short_id if short_id else device_presets.c.id == row_id,
        )
    )
    return DevicePreset(**row._mapping) if row else None


async def add_config(
    session: WriteSession, config: Config, sealed_values: str, creation_key: str | None
) -> bool:
    """False when its name or creation key is taken."""
    return await session.insert_new(
        configs,
        asdict(config)
        | {
            "owner_id": config.application_id or config.project_id,
            "sealed_values": sealed_values,
            "creation_key": creation_key,
            "updated_at": config.created_at,
        },
    )


async def config_by_key(session: ReadSession, project_id: str, key: str) -> Config | None:
    return await _one_config(
        session, configs.c.project_id == project_id, configs.c.creation_key == key
    )


async def config_by_name(
    session: ReadSession, project_id: str, owner_id: str, name: str
) -> Config | None:
    return await _one_config(
        session,
        configs.c.project_id == project_id,
        configs.c.owner_id == owner_id,
        configs.c.name == name,
    )


async def config_by_short_id(session: ReadSession, project_id: str, short_id: str) -> Config | None:
    return await _one_config(
        session, configs.c.project_id == project_id, configs.c.short_id == short_id
    )


async def configs_for(
    session: ReadSession, project_id: str, application_id: str | None
) -> list[tuple[Config, str]]:
    """Configs of an application, then those of the whole project, with their sealed values.

    Without an application: all of the project.
    """
    query = select(*_CONFIG, configs.c.sealed_values).where(configs.c.project_id == project_id)
    if application_id is not None:
        query = query.where(
            or_(configs.c.application_id == application_id, configs.c.application_id.is_(None))
        )
    query = query.order_by(configs.c.application_id.is_(None), configs.c.created_at, configs.c.id)
    return [(_config(row), row.sealed_values) for row in await session.all(query)]


async def sealed_values(session: ReadSession, config_id: str) -> str:
    return str(
        await session.scalar(select(configs.c.sealed_values).where(configs.c.id == config_id))
    )


async def set_config_values(
    session: WriteSession, config_id: str, sealed: str, at: datetime
) -> None:
    await session.execute(
        update(configs).where(configs.c.id == config_id).values(sealed_values=sealed, updated_at=at)
    )


async def delete_config(session: WriteSession, config_id: str) -> None:
    await session.execute(delete(configs).where(configs.c.id == config_id))


def _environments(application_id: str) -> Select[Any]:
    return (
        select(*_ENVIRONMENT)
        .where(environments.c.application_id == application_id)
        .order_by(environments.c.created_at, environments.c.id)
    )


async def _environment(session: ReadSession, query: Select[Any]) -> Environment | None:
    row = await session.first(query.limit(1))
    return Environment(**row._mapping) if row else None


async def _one_config(session: ReadSession, *conditions: Any) -> Config | None:
    row = await session.first(select(*_CONFIG).where(*conditions))
    return _config(row) if row else None


def _project(row: Row[Any] | None) -> Project | None:
    return Project(**row._mapping) if row else None


def _application(row: Row[Any]) -> Application:
    values = dict(row._mapping)
    return Application(**values | {"kind": ApplicationKind(values["kind"])})


def _config(row: Row[Any]) -> Config:
    values = {column.name: row._mapping[column] for column in _CONFIG}
    return Config(**values | {"kind": ConfigKind(values["kind"])})
