"""Projects, applications, environments, builds and presets: making and finding them.

Reading and writing here stays within one project, which ``scope`` resolved for the caller.
"""

from __future__ import annotations

from assay.kernel.clock import now
from assay.kernel.ids import canonical_short_id, new_short_id, new_uuid
from assay.kernel.text import fold, slug
from assay.projects import store
from assay.projects.errors import (
    ApplicationNotFound,
    BuildNotFound,
    EnvironmentNotFound,
    PresetNotFound,
    ProjectNotFound,
    ValueInvalid,
)
from assay.projects.model import (
    Application,
    ApplicationBuild,
    ApplicationKind,
    DevicePreset,
    Environment,
    Project,
)
from assay.projects.urls import host_of, url_key, validate_url
from assay.storage.session import ReadSession, WriteSession

DEFAULT_ENVIRONMENT = "Default"
_PRESETS = (
    ("Desktop", 1280, 720, False),
    ("Large desktop", 1920, 1080, False),
    ("Phone", 390, 844, True),
    ("Tablet", 820, 1180, True),
)
_SLUG_TRIES = 1000


async def create_project(session: WriteSession, organisation_id: str, name: str) -> Project:
    """A new project with the built-in device presets and a slug of its own."""
    clean = checked_name(name)
    wanted = slug(clean, fallback="project")
    for number in range(1, _SLUG_TRIES):
        project = Project(
            id=new_uuid(),
            short_id=new_short_id("proj"),
            organisation_id=organisation_id,
            name=clean,
            slug=wanted if number == 1 else f"{wanted}-{number}",
            created_at=now(),
        )
        if await store.add_project(session, project):
            await store.add_presets(session, _presets(project))
            return project
    raise ValueInvalid(f'Too many projects are named "{clean}". Choose another name.')


async def list_projects(session: ReadSession, organisation_id: str) -> list[Project]:
    """The projects of an organisation, oldest first."""
    return await store.projects_of(session, organisation_id)


async def get_project(session: ReadSession, project_id: str) -> Project:
    """A project by its row id, for Assay's own work."""
    found = await store.project_by_id(session, project_id)
    if found is None:
        raise ProjectNotFound("There is no such project.")
    return found


async def create_application(
    session: WriteSession,
    project: Project,
    *,
    name: str,
    url: str,
    kind: ApplicationKind = ApplicationKind.WEB,
    environment_name: str = DEFAULT_ENVIRONMENT,
    is_production: bool = False,
    ignore_https_errors: bool = False,
) -> tuple[Application, Environment]:
    """A new application with its default environment."""
    address = validate_url(url)
    application = Application(
        id=new_uuid(),
        short_id=new_short_id("app"),
        project_id=project.id,
        name=checked_name(name),
        kind=kind,
        default_environment_id=None,
        created_at=now(),
    )
    await store.add_application(session, application)
    environment = await create_environment(
        session,
        application,
        name=environment_name,
        url=address,
        is_production=is_production,
        ignore_https_errors=ignore_https_errors,
    )
    return await set_default_environment(session, application, environment), environment


async def set_default_environment(
    session: WriteSession, application: Application, environment: Environment
) -> Application:
    """Let an application run in this environment when nothing else is said."""
    if environment.application_id != application.id:
        raise EnvironmentNotFound("The environment does not belong to this application.")
    await store.set_default_environment(session, application.id, environment.id)
    return await get_application(session, application.project_id, application.id)


async def list_applications(session: ReadSession, project_id: str) -> list[Application]:
    """The applications of a project, oldest first."""
    return await store.applications_of(session, project_id)


async def find_application(session: ReadSession, project_id: str, short_id: str) -> Application:
    """An application by its short id in either form."""
    canonical = canonical_short_id("app", short_id)
    found = await store.application(session, project_id, short_id=canonical)
    if found is None:
        raise ApplicationNotFound(f"There is no application {short_id}.")
    return found


async def get_application(
    session: ReadSession, project_id: str, application_id: str
) -> Application:
    """An application by its row id."""
    found = await store.application(session, project_id, row_id=application_id)
    if found is None:
        raise ApplicationNotFound("There is no such application.")
    return found


async def application_project_id(session: ReadSession, short_id: str) -> str | None:
    """Which project an application of a path belongs to, for ``resolve_resource_project`` only."""
    found = await store.application_anywhere(session, canonical_short_id("app", short_id))
    return found.project_id if found else None


async def create_environment(
    session: WriteSession,
    application: Application,
    *,
    name: str,
    url: str,
    is_production: bool = False,
    ignore_https_errors: bool = False,
) -> Environment:
    """A new environment of an application."""
    address = validate_url(url)
    environment = Environment(
        id=new_uuid(),
        short_id=new_short_id("env"),
        application_id=application.id,
        name=checked_name(name),
        url=address,
        is_production=is_production,
        ignore_https_errors=ignore_https_errors,
        build_id=None,
        created_at=now(),
    )
    await store.add_environment(session, environment, url_key(address))
    return environment


async def environment_at(
    session: WriteSession, application: Application, url: str, name: str | None = None
) -> Environment:
    """The environment of an application at an address, made when there is none."""
    address = validate_url(url)
    await store.lock_application(session, application.id)
    found = await store.environment_by_url(session, application.id, url_key(address))
    if found is not None:
        return found
    return await create_environment(
        session, application, name=name or host_of(address), url=address
    )


async def environment_of_build(
    session: WriteSession, application: Application, build: ApplicationBuild
) -> Environment:
    """The environment of a build, made when there is none."""
    await store.lock_application(session, application.id)
    found = await store.environment_by_build(session, application.id, build.id)
    if found is not None:
        return found
    environment = Environment(
        id=new_uuid(),
        short_id=new_short_id("env"),
        application_id=application.id,
        name=build.name,
        url=build.url,
        is_production=False,
        ignore_https_errors=False,
        build_id=build.id,
        created_at=now(),
    )
    await store.add_environment(session, environment, url_key(build.url) if build.url else "")
    return environment


async def list_environments(session: ReadSession, application_id: str) -> list[Environment]:
    """The environments of an application, oldest first."""
    return await store.environments_of(session, application_id)


async def find_environment(
    session: ReadSession, application: Application, short_id: str
) -> Environment:
    """An environment of an application by its short id in either form."""
    canonical = canonical_short_id("env", short_id)
    found = await store.environment(session, application.id, short_id=canonical)
    if found is None:
        raise EnvironmentNotFound(f"There is no environment {short_id} of {application.name}.")
    return found


async def default_environment(session: ReadSession, application: Application) -> Environment:
    """Where an application runs when nothing else is said."""
    found = await store.environment(
        session, application.id, row_id=application.default_environment_id or ""
    )
    if found is None:
        raise EnvironmentNotFound(f"{application.name} has no environment yet: create one.")
    return found


async def accept_any_certificate(
    session: WriteSession, environment: Environment, accept: bool
) -> None:
    """Whether an environment's self-signed or expired certificates are let through."""
    await store.set_ignore_https_errors(session, environment.id, accept)


async def create_build(
    session: WriteSession,
    application: Application,
    *,
    name: str,
    url: str = "",
    artifact_key: str = "",
) -> ApplicationBuild:
    """A new build: a preview at an address, or a package in the artifact store."""
    if not url and not artifact_key:
        raise ValueInvalid("A build needs a url or an uploaded package.")
    build = ApplicationBuild(
        id=new_uuid(),
        short_id=new_short_id("build"),
        application_id=application.id,
        name=checked_name(name),
        url=validate_url(url) if url else "",
        artifact_key=artifact_key,
        created_at=now(),
    )
    await store.add_build(session, build)
    return build


async def find_build(
    session: ReadSession, application: Application, short_id: str
) -> ApplicationBuild:
    """A build of an application by its short id in either form."""
    canonical = canonical_short_id("build", short_id)
    found = await store.build(session, application.id, canonical)
    if found is None:
        raise BuildNotFound(f"There is no build {short_id} of {application.name}.")
    return found


async def list_presets(session: ReadSession, project_id: str) -> list[DevicePreset]:
    """The device presets of a project, the default one first."""
    return await store.presets_of(session, project_id)


async def find_preset(session: ReadSession, project_id: str, short_id: str) -> DevicePreset:
    """A device preset by its short id in either form."""
    canonical = canonical_short_id("preset", short_id)
    found = await store.preset(session, project_id, short_id=canonical)
    if found is None:
        raise PresetNotFound(f"There is no device preset {short_id}.")
    return found


def checked_name(name: str, field: str = "name") -> str:
    """A name with white space folded; ``ValueInvalid`` when it is empty or too long."""
    folded = fold(name)
    if not folded or len(folded) > 200:
        raise ValueInvalid(f"{field} must have 1 to 200 characters.")
    return folded


def _presets(project: Project) -> list[DevicePreset]:
    return [
        DevicePreset(
            id=new_uuid(),
            short_id=new_short_id("preset"),
            project_id=project.id,
            name=name,
            width=width,
            height=height,
            is_mobile=is_mobile,
        )
        for name, width, height, is_mobile in _PRESETS
    ]
