"""Setting up: projects, applications, environments, configs and device presets."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import ConfigDict, Field

from assay import projects
from assay.accounts.model import Principal
from assay.kernel.ids import canonical_short_id
from assay.projects.configs import config_name, config_values
from assay.projects.model import (
    Application,
    ApplicationKind,
    ConfigKind,
    Environment,
    Project,
)
from assay.projects.service import checked_name
from assay.storage import ReadSession, WriteSession
from assay.web.api.chat import RESPONSES
from assay.web.api.schemas import (
    ApplicationShortId,
    Error,
    InProject,
    Name,
    ProjectShortId,
    Request,
    Schema,
    Text,
    Url,
)
from assay.web.context import Caller, Served

router = APIRouter(tags=["Set-up"], responses=RESPONSES)
NamedApplication = Annotated[ApplicationShortId, Path(alias="applicationShortId")]


class ProjectItem(Schema):
    """A project."""

    shortId: str
    name: str
    slug: str


class ProjectList(Schema):
    """The projects that the caller may use."""

    projects: list[ProjectItem]


class ApplicationItem(Schema):
    """An application under test."""

    shortId: str
    name: str
    kind: Literal["web", "ios", "android"]


class ApplicationList(Schema):
    """The applications of a project."""

    applications: list[ApplicationItem]


class EnvironmentItem(Schema):
    """One place where an application runs."""

    shortId: str
    name: str
    url: str
    isProduction: bool
    isDefault: bool
    ignoreHttpsErrors: bool


class DefaultEnvironment(Schema):
    """The environment that an application is tested on when nothing else is said."""

    shortId: str
    name: str
    url: str


class ApplicationCreated(ApplicationItem):
    """A new application with its default environment."""

    defaultEnvironment: DefaultEnvironment


class ApplicationRequest(Request):
    """A site to test. ``ignoreHttpsErrors`` lets self-signed certificates through."""

    name: Name
    url: Url
    kind: Literal["web", "ios", "android"] = "web"
    ignoreHttpsErrors: bool = False
    projectShortId: ProjectShortId | None = None


class EnvironmentRequest(Request):
    """Another place where an application runs."""

    name: Name
    url: Url
    isProduction: bool = False
    ignoreHttpsErrors: bool = False
    projectShortId: ProjectShortId | None = None


class EnvironmentList(Schema):
    """The environments of an application."""

    environments: list[EnvironmentItem]


class Login(Request):
    """Who logs in. Other values beside these two are kept as well."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str]
    username: Text
    password: Text


class LoginRequest(Request):
    """Credentials; the values are encrypted and can never be read back."""

    name: Name
    kind: Literal["usernamePassword", "httpBasic"]
    applicationShortId: ApplicationShortId | None = None
    values: Login
    projectShortId: ProjectShortId | None = None


class ValuesRequest(Request):
    """Test data; the values are encrypted and can never be read back."""

    name: Name
    kind: Literal["values"]
    applicationShortId: ApplicationShortId | None = None
    values: dict[str, str] = Field(min_length=1)
    projectShortId: ProjectShortId | None = None


ConfigRequest = Annotated[LoginRequest | ValuesRequest, Field(discriminator="kind")]


class ConfigItem(Schema):
    """A config without its values."""

    shortId: str
    name: str
    kind: Literal["usernamePassword", "httpBasic", "values"]


class PresetItem(Schema):
    """A screen to test on."""

    shortId: str
    name: str
    width: int
    height: int
    isMobile: bool


class PresetList(Schema):
    """The screens of a project."""

    devicePresets: list[PresetItem]


@router.get("/v1/projects", operation_id="ListProjects")
async def list_projects(served: Served, caller: Caller) -> ProjectList:
    """The projects that this key may use."""
    async with served.database.read() as session:
        found = await projects.visible_projects(session, caller)
    return ProjectList(
        projects=[ProjectItem(shortId=p.short_id, name=p.name, slug=p.slug) for p in found]
    )


@router.get("/v1/applications", operation_id="ListApplications")
async def list_applications(
    served: Served, caller: Caller, project: InProject = None
) -> ApplicationList:
    """The applications of the project."""
    async with served.database.read() as session:
        found = await projects.resolve_project(session, caller, project)
        rows = await projects.list_applications(session, found.id)
    return ApplicationList(applications=[_application(row) for row in rows])


@router.post("/v1/applications", status_code=201, operation_id="CreateApplication")
async def create_application(
    body: ApplicationRequest, served: Served, caller: Caller
) -> ApplicationCreated:
    """Register a site; its address becomes the default environment."""
    name, url = checked_name(body.name), projects.validate_url(body.url)
    async with served.database.write() as session:
        project = await projects.resolve_project(session, caller, body.projectShortId)
        row, environment = await projects.create_application(
            session,
            project,
            name=name,
            url=url,
            kind=ApplicationKind(body.kind),
            ignore_https_errors=body.ignoreHttpsErrors,
        )
    return ApplicationCreated(
        shortId=row.short_id,
        name=row.name,
        kind=row.kind.value,
        defaultEnvironment=DefaultEnvironment(
            shortId=environment.short_id, name=environment.name, url=environment.url
        ),
    )


@router.get("/v1/applications/{applicationShortId}/environments", operation_id="ListEnvironments")
async def list_environments(
    name: NamedApplication, served: Served, caller: Caller, project: InProject = None
) -> EnvironmentList:
    """The environments of an application."""
    async with served.database.read() as session:
        application, _ = await find_application(session, caller, name, project)
        rows = await projects.list_environments(session, application.id)
    return EnvironmentList(environments=[_environment(application, row) for row in rows])


@router.post(
    "/v1/applications/{applicationShortId}/environments",
    status_code=201,
    operation_id="CreateEnvironment",
)
async def create_environment(
    short_id: NamedApplication, body: EnvironmentRequest, served: Served, caller: Caller
) -> EnvironmentItem:
    """Register another place where an application runs."""
    name, url = checked_name(body.name), projects.validate_url(body.url)
    async with served.database.write() as session:
        application, _ = await find_application(session, caller, short_id, body.projectShortId)
        row = await projects.create_environment(
            session,
            application,
            name=name,
            url=url,
            is_production=body.isProduction,
            ignore_https_errors=body.ignoreHttpsErrors,
        )
    return _environment(application, row)


@router.post(
    "/v1/configs",
    status_code=201,
    operation_id="CreateConfig",
    responses={409: {"model": Error, "description": "error"}},
)
async def create_config(body: ConfigRequest, served: Served, caller: Caller) -> ConfigItem:
    """Keep credentials, encrypted; messages and steps refer to them by name."""
    kind = ConfigKind(body.kind)
    given = body.values.model_dump() if isinstance(body, LoginRequest) else body.values
    name, values = config_name(body.name), config_values(kind, given)
    async with served.database.write() as session:
        project = await projects.resolve_project(session, caller, body.projectShortId)
        application_id = None
        if body.applicationShortId is not None:
            application = await projects.find_application(
                session, project.id, body.applicationShortId
            )
            application_id = application.id
        row = await projects.create_config(
            session,
            served.box,
            project.id,
            name=name,
            kind=kind,
            values=values,
            application_id=application_id,
        )
    return ConfigItem(shortId=row.short_id, name=row.name, kind=row.kind.value)


@router.get("/v1/device-presets", operation_id="ListDevicePresets")
async def list_presets(served: Served, caller: Caller, project: InProject = None) -> PresetList:
    """The screens that tests can run on."""
    async with served.database.read() as session:
        found = await projects.resolve_project(session, caller, project)
        rows = await projects.list_presets(session, found.id)
    return PresetList(
        devicePresets=[
            PresetItem(
                shortId=row.short_id,
                name=row.name,
                width=row.width,
                height=row.height,
                isMobile=row.is_mobile,
            )
            for row in rows
        ]
    )


async def find_application(
    session: ReadSession | WriteSession, caller: Principal, name: str, project: str | None
) -> tuple[Application, Project]:
    """The application of a path, if this caller may see it."""
    owner = None
    if canonical_short_id("app", name):
        owner = await projects.application_project_id(session, name)
    found = await projects.resolve_resource_project(
        session, caller, project, owner, f"application {name}"
    )
    return await projects.find_application(session, found.id, name), found


def _application(row: Application) -> ApplicationItem:
    return ApplicationItem(shortId=row.short_id, name=row.name, kind=row.kind.value)


def _environment(application: Application, row: Environment) -> EnvironmentItem:
    return EnvironmentItem(
        shortId=row.short_id,
        name=row.name,
        url=row.url,
        isProduction=row.is_production,
        isDefault=row.id == application.default_environment_id,
        ignoreHttpsErrors=row.ignore_https_errors,
    )


__all__ = ["Error", "find_application", "router"]
