"""Overrides of a request: which environment and screen an application is tested on instead."""

from __future__ import annotations

from collections.abc import Sequence

from assay.kernel.ids import canonical_short_id
from assay.projects import service
from assay.projects.errors import OverrideInvalid
from assay.projects.model import (
    Application,
    ApplicationOverride,
    DevicePreset,
    Environment,
    EnvironmentOverride,
    Place,
    Project,
)
from assay.projects.urls import validate_url
from assay.storage.session import WriteSession


def check_overrides(overrides: Sequence[ApplicationOverride]) -> None:
    """Refuse malformed overrides (400) before anything is looked up (403, 404)."""
    for override in overrides:
        canonical_short_id("app", override.application_short_id)
        if override.preset_short_id is not None:
            canonical_short_id("preset", override.preset_short_id)
        environment = override.environment
        if environment.short_id is not None:
            canonical_short_id("env", environment.short_id)
        elif environment.build_short_id is not None:
            canonical_short_id("build", environment.build_short_id)
        elif environment.url is not None:
            validate_url(environment.url, field="environment.url")
        else:
            raise OverrideInvalid(
                "environment needs a url, a shortId or an applicationBuildShortId."
            )


async def resolve_overrides(
    session: WriteSession, project: Project, overrides: Sequence[ApplicationOverride]
) -> list[Place]:
    """Where each overridden application is tested; environments are made or reused."""
    check_overrides(overrides)
    places = []
    for override in overrides:
        application = await service.find_application(
            session, project.id, override.application_short_id
        )
        environment, preset = await resolve_override(
            session, application, override.environment, override.preset_short_id
        )
        places.append(Place(application, environment, preset))
    return places


async def resolve_override(
    session: WriteSession,
    application: Application,
    environment: EnvironmentOverride,
    preset_short_id: str | None = None,
) -> tuple[Environment, DevicePreset | None]:
    """The environment and screen of one override. ``shortId`` counts before build before URL."""
    preset = None
    if preset_short_id is not None:
        preset = await service.find_preset(session, application.project_id, preset_short_id)
    if environment.short_id is not None:
        return await service.find_environment(session, application, environment.short_id), preset
    if environment.build_short_id is not None:
        build = await service.find_build(session, application, environment.build_short_id)
        return await service.environment_of_build(session, application, build), preset
    if environment.url is None:
        raise OverrideInvalid("environment needs a url, a shortId or an applicationBuildShortId.")
    made = await service.environment_at(session, application, environment.url, environment.name)
    return made, preset
