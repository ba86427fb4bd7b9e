"""The Chat API: four operations of the wire contract, and cancelling."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from assay.accounts.model import Principal
from assay.chats.errors import ConversationNotFound, LimitInvalid
from assay.chats.model import (
    Conversation,
    Message,
    Page,
    ReviewRequest,
    Role,
)
from assay.forge import Provider, parse_pull_url, without_credentials
from assay.forge.errors import PullUrlInvalid
from assay.kernel import clock
from assay.kernel.ids import ShortIdMalformed
from assay.projects import overrides, scope
from assay.projects.model import ApplicationOverride, EnvironmentOverride, Project
from assay.projects.service import checked_name
from assay.reviews.publishing import Started
from assay.reviews.reading import read_change
from assay.storage import ReadSession, WriteSession
from assay.web.api.schemas import (
    ApplicationEnvironmentOverrideByApplicationBuildShortId,
    ApplicationEnvironmentOverrideByShortId,
    ApplicationOverrideWithRequiredEnvironment,
    ChangeReviewByPullRequest,
    ChangeReviewByRawChanges,
    ChangeReviewRequest,
    ChatConversationResponse,
    ChatConversationShortId,
    ChatMessageItem,
    ChatRequest,
    Error,
    OutcomeItem,
    ProjectChoice,
    ProjectShortId,
    ReviewItem,
    Whole,
)
from assay.web.context import Caller, Served, Services

RESPONSES: dict[int | str, dict[str, Any]] = {
    code: {"model": Error, "description": "error"} for code in (400, 401, 403, 404, 413, 429, 500)
}
router = APIRouter(tags=["Chat"], responses=RESPONSES)
Named = Annotated[ChatConversationShortId, Path(alias="chatConversationShortId")]


@router.post(
    "/v1/chat", status_code=202, operation_id="Chat", response_model=ChatConversationResponse
)
async def chat(body: ChatRequest, served: Served, caller: Caller) -> ChatConversationResponse:
    """Start a conversation; the answer is produced after this request was answered."""
    given = overrides_of(body.applicationOverrides)
    async with served.database.write() as session:
        project = await scope.resolve_project(session, caller, body.projectShortId)
        page = await served.chats.create_conversation(
            session, project, body.message, overrides=given
        )
    return shown(page, project, served)


@router.post(
    "/v1/chat/change-review",
    status_code=202,
    operation_id="ChangeReviewChat",
    response_model=ChatConversationResponse,
)
async def change_review(
    body: ChangeReviewRequest, served: Served, caller: Caller
) -> ChatConversationResponse:
    """Start a conversation that reviews a change on the overrides' environments.

    A diff that cannot be read (coloured, combined, cut off, without files) is refused with 400.
    """
    given = overrides_of(body.applicationOverrides)
    if isinstance(body, ChangeReviewByRawChanges):
        # What cannot be read is refused here; megabytes take a while, so not on the event loop.
        await asyncio.to_thread(read_change, body.changes.diff)
    async with served.database.write() as session:
        project = await scope.resolve_project(session, caller, body.projectShortId)
        page = await served.chats.create_change_review(
            session, project, _review_request(body), overrides=given
        )
        answer = shown(page, project, served)
        if isinstance(body, ChangeReviewByPullRequest):
            started = Started(page.conversation.id, answer.url)
            await _write_back(session, served, project, body, started)
    return answer


async def _write_back(
    session: WriteSession,
    served: Services,
    project: Project,
    body: ChangeReviewByPullRequest,
    started: Started,
) -> None:
    """Have the result written to the pull request too, when its repository is connected."""
    try:
        ref = parse_pull_url(without_credentials(body.prUrl), Provider(body.vcsProviderId))
    except PullUrlInvalid:
        # The contract takes any text; the answer says what is wrong with it.
        return
    await served.triggers.adopt(session, project.organisation_id, project.id, ref, started)


@router.post(
    "/v1/chat/{chatConversationShortId}",
    status_code=202,
    operation_id="AppendChatMessage",
    response_model=ChatConversationResponse,
)
async def append(
    name: Named, body: ChatRequest, served: Served, caller: Caller
) -> ChatConversationResponse:
    """Add a message to a conversation; answers come strictly in order."""
    given = overrides_of(body.applicationOverrides)
    async with served.database.write() as session:
        conversation, project = await find(session, served, caller, name, body.projectShortId)
        page = await served.chats.append(session, conversation.id, body.message, overrides=given)
    return shown(page, project, served)


@router.get(
    "/v1/chat/{chatConversationShortId}",
    operation_id="GetChatConversation",
    response_model=ChatConversationResponse,
)
async def read(
    name: Named,
    served: Served,
    caller: Caller,
    limit: Annotated[Whole, Query(json_schema_extra={"format": "int32"})] = 20,
    projectShortId: Annotated[ProjectShortId | None, Query()] = None,
) -> ChatConversationResponse:
    """A conversation with its newest messages; above 100 at most 100 are given."""
    if limit < 1:
        raise LimitInvalid("limit must be a whole number of at least 1.")
    async with served.database.read() as session:
        conversation, project = await find(session, served, caller, name, projectShortId)
        page = await served.chats.read(session, conversation.id, limit)
    return shown(page, project, served)


@router.post(
    "/v1/chat/{chatConversationShortId}/cancel",
    status_code=202,
    operation_id="CancelChatConversation",
    response_model=ChatConversationResponse,
)
async def cancel(
    name: Named,
    served: Served,
    caller: Caller,
    body: ProjectChoice | None = None,
) -> ChatConversationResponse:
    """End the running turn and those queued behind it."""
    named = body.projectShortId if body else None
    async with served.database.write() as session:
        conversation, project = await find(session, served, caller, name, named)
        page = await served.chats.cancel(session, conversation.id)
    return shown(page, project, served)


async def find(
    session: ReadSession | WriteSession,
    served: Services,
    caller: Principal,
    name: str,
    project_short_id: str | None,
) -> tuple[Conversation, Project]:
    """The conversation of a path, if this caller may see it; a foreign one is not found."""
    try:
        conversation = await served.chats.find(session, name)
    except (ConversationNotFound, ShortIdMalformed):
        conversation = None
    project = await scope.resolve_resource_project(
        session,
        caller,
        project_short_id,
        conversation.project_id if conversation else None,
        f"conversation {name}",
    )
    assert conversation is not None
    return conversation, project


def shown(page: Page, project: Project, served: Services) -> ChatConversationResponse:
    """A conversation as the contract has it."""
    conversation = page.conversation
    base = served.settings.base_url
    return ChatConversationResponse(
        shortId=conversation.short_id,
        url=f"{base}/p/{project.slug}/chat/{conversation.short_id}",
        title=conversation.title,
        createdAt=clock.iso(conversation.created_at),
        updatedAt=clock.iso(conversation.updated_at),
        source=conversation.source.value,
        messages=[_message(message) for message in page.messages],
        review=ReviewItem.model_validate(conversation.review) if conversation.review else None,
    )


def _message(message: Message) -> ChatMessageItem:
    outcome = message.outcome
    finished = message.role is Role.ASSISTANT and message.status.finished
    item = None
    if finished:
        item = OutcomeItem(
            verdict=outcome.verdict.value if outcome and outcome.verdict else None,
            testCaseIds=list(outcome.test_case_ids) if outcome else [],
            runShortIds=list(outcome.run_short_ids) if outcome else [],
        )
    return ChatMessageItem(
        id=message.id,
        role=message.role.value,
        createdAt=clock.iso(message.created_at),
        text=message.text,
        status=message.status.value,
        isStreaming=message.is_streaming,
        outcome=item,
    )


def overrides_of(
    given: Sequence[ApplicationOverrideWithRequiredEnvironment] | None,
) -> list[ApplicationOverride]:
    """Overrides of a request in the words of the projects room; malformed ones are refused."""
    found = [
        ApplicationOverride(one.applicationShortId, _environment(one), one.devicePresetShortId)
        for one in given or ()
    ]
    overrides.check_overrides(found)
    return found


def _environment(one: ApplicationOverrideWithRequiredEnvironment) -> EnvironmentOverride:
    environment = one.environment
    if isinstance(environment, ApplicationEnvironmentOverrideByShortId):
        return EnvironmentOverride(short_id=environment.shortId)
    if isinstance(environment, ApplicationEnvironmentOverrideByApplicationBuildShortId):
        return EnvironmentOverride(build_short_id=environment.applicationBuildShortId)
    given = (environment.name or "").strip()
    name = checked_name(given, "environment.name") if given else None
    return EnvironmentOverride(url=environment.url, name=name)


def _review_request(body: ChangeReviewRequest) -> ReviewRequest:
    if isinstance(body, ChangeReviewByPullRequest):
        return ReviewRequest(
            mode="pr",
            pr_url=without_credentials(body.prUrl),
            vcs_provider=body.vcsProviderId,
            context=body.context,
            actor=body.actor,
            branch=body.branch,
            commit_hash=body.commitHash,
            commit_message=body.commitMessage,
            repository=body.repository,
        )
    return ReviewRequest(
        mode="rawChanges",
        description=body.changes.changeDescription,
        diff=body.changes.diff,
        context=body.context,
    )
