"""Forge connections: which GitHub or GitLab, which repositories, what they are tested as."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from assay import projects
from assay.accounts.model import Principal
from assay.forge import GITHUB, GITLAB, AppSecret, Provider, Secret, TokenSecret, base_address
from assay.kernel import clock
from assay.projects.service import get_application, get_project
from assay.projects.urls import validate_url
from assay.reviews.publishing import (
    Connection,
    NewConnection,
    RepositoryLink,
    publication_store,
)
from assay.reviews.publishing.connections import new_webhook_secret
from assay.reviews.publishing.errors import ConnectionInvalid
from assay.storage import ReadSession
from assay.web.api.chat import RESPONSES
from assay.web.api.schemas import (
    ApplicationShortId,
    Moment,
    Name,
    ProjectShortId,
    Request,
    Schema,
    Text,
    Url,
)
from assay.web.context import Caller, Served, Services

router = APIRouter(tags=["Forges"], responses=RESPONSES)
ConnectionShortId = Annotated[str, StringConstraints(pattern="^conn(-.+_.+|_.+)$")]
NamedConnection = Annotated[ConnectionShortId, Path(alias="forgeConnectionShortId")]


def _no_dots(name: str) -> str:
    if {".", ".."} & set(name.split("/")):
        raise PydanticCustomError("repository", "must be owner/name")
    return name


RepositoryName = Annotated[
    str,
    StringConstraints(pattern=r"^[\w.][\w.-]*(/[\w.][\w.-]*)+$", max_length=400),
    AfterValidator(_no_dots),
]
_PROBES = {"{number}": "1", "{branch}": "main", "{sha}": "0"}


class RepositoryItem(Request):
    """A repository and the application that it is the source of. ``previewUrl`` is where a pull
    request runs, with ``{number}``, ``{branch}`` and ``{sha}`` filled in; without it the address
    comes from deployments."""

    repository: RepositoryName
    applicationShortId: ApplicationShortId
    previewUrl: Text | None = None


class AppItem(Request):
    """A GitHub App. Without ``installationId`` it is looked up by repository."""

    appId: Text
    privateKey: Text
    installationId: Annotated[str, StringConstraints(pattern="^[0-9]{1,20}$")] | None = None


class ForgeConnectionRequest(Request):
    """A forge to connect, with ``token`` or ``app``; neither can ever be read back."""

    provider: Literal["github", "gitlab"]
    repositories: list[RepositoryItem] = Field(min_length=1, max_length=200)
    name: Name | None = None
    url: Url | None = None
    token: Text | None = None
    bearer: bool = False
    app: AppItem | None = None
    webhookSecret: Text | None = None
    automatic: bool = True
    nativeReviews: bool = True
    projectShortId: ProjectShortId | None = None


class LinkedRepository(Schema):
    """A connected repository."""

    repository: str
    projectShortId: str
    applicationShortId: str
    previewUrl: str | None


class ForgeConnectionItem(Schema):
    """A forge connection without its secrets; ``problem`` is what its forge refused last."""

    shortId: str
    name: str
    provider: Literal["github", "gitlab"]
    url: str
    automatic: bool
    nativeReviews: bool
    webhookUrl: str
    repositories: list[LinkedRepository]
    problem: str | None
    createdAt: Moment


class ForgeConnectionCreated(ForgeConnectionItem):
    """A new connection; its webhook secret is shown this once."""

    webhookSecret: str


class ForgeConnectionList(Schema):
    """The forge connections that the caller may see."""

    forgeConnections: list[ForgeConnectionItem]


@router.get("/v1/forge-connections", operation_id="ListForgeConnections")
async def list_connections(served: Served, caller: Caller) -> ForgeConnectionList:
    """The forges that the organisation is connected to."""
    async with served.database.read() as session:
        found = await served.connections.listed(session, caller)
        items = [await _item(session, served, caller, one) for one in found]
    return ForgeConnectionList(forgeConnections=items)


@router.post("/v1/forge-connections", status_code=201, operation_id="CreateForgeConnection")
async def create_connection(
    body: ForgeConnectionRequest, served: Served, caller: Caller
) -> ForgeConnectionCreated:
    """Connect a forge; pull requests of its repositories can then be reviewed."""
    secret = _secret(body)
    provider = Provider(body.provider)
    default = GITHUB if provider is Provider.GITHUB else GITLAB
    base_url = base_address(body.url or default)
    webhook_secret = body.webhookSecret or new_webhook_secret()
    async with served.database.write() as session:
        project = await projects.resolve_project(session, caller, body.projectShortId)
        links = [await _link(session, project.id, one) for one in body.repositories]
        made = await served.connections.create(
            session,
            caller,
            NewConnection(
                provider=provider,
                base_url=base_url,
                name=body.name or base_url.partition("://")[2],
                secret=secret,
                webhook_secret=webhook_secret,
                links=tuple(links),
                automatic=body.automatic,
                native_reviews=body.nativeReviews,
            ),
        )
        item = await _item(session, served, caller, made)
    return ForgeConnectionCreated(**item.model_dump(), webhookSecret=webhook_secret)


@router.delete(
    "/v1/forge-connections/{forgeConnectionShortId}",
    status_code=204,
    operation_id="DeleteForgeConnection",
)
async def delete_connection(name: NamedConnection, served: Served, caller: Caller) -> None:
    """Remove a connection with its secrets; nothing more is written to its forge."""
    async with served.database.write() as session:
        await served.connections.delete(session, caller, name)


def _secret(body: ForgeConnectionRequest) -> Secret:
    if (body.token is None) == (body.app is None):
        raise ConnectionInvalid("Give either token or app, not both.")
    if body.app is not None:
        return AppSecret(body.app.appId, body.app.privateKey, body.app.installationId or "")
    return TokenSecret(body.token or "", bearer=body.bearer)


async def _link(session: ReadSession, project_id: str, given: RepositoryItem) -> RepositoryLink:
    application = await projects.find_application(session, project_id, given.applicationShortId)
    preview = (given.previewUrl or "").strip()
    if preview:
        filled = preview
        for name, value in _PROBES.items():
            filled = filled.replace(name, value)
        validate_url(filled, field="previewUrl")
        if "{" in filled:
            raise ConnectionInvalid("previewUrl only knows {number}, {branch} and {sha}.")
    return RepositoryLink(given.repository, project_id, application.id, preview)


async def _item(
    session: ReadSession, served: Services, caller: Principal, one: Connection
) -> ForgeConnectionItem:
    links = [
        link
        for link in one.links
        if caller.project_id is None or link.project_id == caller.project_id
    ]
    return ForgeConnectionItem(
        shortId=one.short_id,
        name=one.name,
        provider="gitlab" if one.provider is Provider.GITLAB else "github",
        url=one.base_url,
        automatic=one.automatic,
        nativeReviews=one.native_reviews,
        webhookUrl=f"{served.settings.base_url}/hooks/{one.provider.value}",
        repositories=[await _linked(session, link) for link in links],
        problem=await publication_store.newest_problem(session, one.id) or None,
        createdAt=clock.iso(one.created_at),
    )


async def _linked(session: ReadSession, link: RepositoryLink) -> LinkedRepository:
    project = await get_project(session, link.project_id)
    application = await get_application(session, link.project_id, link.application_id)
    return LinkedRepository(
        repository=link.repository,
        projectShortId=project.short_id,
        applicationShortId=application.short_id,
        previewUrl=link.preview_url or None,
    )
