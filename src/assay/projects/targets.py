"""From rows to a target: everything that a piece of work needs to open a site."""

from __future__ import annotations

from assay.projects import service, store
from assay.projects.configs import open_credentials
from assay.projects.errors import EnvironmentNotFound, PresetNotFound
from assay.projects.model import ConfigKind, Place, Target
from assay.projects.urls import host_of
from assay.storage import SecretBox
from assay.storage.session import ReadSession

DEFAULT_SIZE = (1280, 720)


async def place_of(
    session: ReadSession,
    project_id: str,
    application_id: str,
    environment_id: str | None = None,
    preset_id: str | None = None,
) -> Place:
    """The place that row ids name; without an environment, the application's default one."""
    application = await service.get_application(session, project_id, application_id)
    if environment_id is None:
        environment = await service.default_environment(session, application)
    else:
        found = await store.environment(session, application.id, row_id=environment_id)
        if found is None:
            raise EnvironmentNotFound(f"The environment of {application.name} was deleted.")
        environment = found
    preset = None
    if preset_id is not None:
        preset = await store.preset(session, project_id, row_id=preset_id)
        if preset is None:
            raise PresetNotFound("The device preset was deleted.")
    return Place(application, environment, preset)


async def target(session: ReadSession, box: SecretBox, place: Place) -> Target:
    """A place with the hosts that may be reached and the credentials that may be used there."""
    application, environment, preset = place.application, place.environment, place.preset
    project_id = application.project_id
    if not environment.url:
        raise EnvironmentNotFound(f"{environment.name} of {application.name} has no web address.")
    credentials = await open_credentials(session, box, project_id, application.id)
    basic = next((c for c in credentials if c.kind is ConfigKind.HTTP_BASIC), None)
    known = await store.project_environments(session, project_id)
    if preset is None:
        preset = next(iter(await store.presets_of(session, project_id)), None)
    return Target(
        project_id=project_id,
        application_id=application.id,
        application_short_id=application.short_id,
        application_name=application.name,
        environment_id=environment.id,
        environment_name=environment.name,
        url=environment.url,
        allowed_hosts=frozenset(host_of(e.url) for e in known if e.url),
        ignore_https_errors=environment.ignore_https_errors,
        http_credentials=(basic.username, basic.password) if basic else None,
        width=preset.width if preset else DEFAULT_SIZE[0],
        height=preset.height if preset else DEFAULT_SIZE[1],
        is_mobile=preset.is_mobile if preset else False,
        credentials=credentials,
    )
