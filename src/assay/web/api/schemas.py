"""Requests and answers of the public API. Names of models are those of the wire contract."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


def _pattern(prefix: str) -> str:
    return f"^{prefix}(-.+_.+|_.+)$"


ProjectShortId = Annotated[str, StringConstraints(pattern=_pattern("proj"))]
ChatConversationShortId = Annotated[str, StringConstraints(pattern=_pattern("chat"))]
ApplicationShortId = Annotated[str, StringConstraints(pattern=_pattern("app"))]
DevicePresetShortId = Annotated[str, StringConstraints(pattern=_pattern("preset"))]
EnvironmentShortId = Annotated[str, StringConstraints(pattern=_pattern("env"))]
ApplicationBuildShortId = Annotated[str, StringConstraints(pattern=_pattern("build"))]
Text = Annotated[str, StringConstraints(min_length=1)]
Url = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class Schema(BaseModel):
    """Strict about types, silent about fields it does not know."""

    model_config = ConfigDict(extra="ignore", strict=True, populate_by_name=True)


class Error(Schema):
    """Every error: a message in plain words that names the field or thing at fault."""

    message: str


class ApplicationEnvironmentOverrideByUrl(Schema):
    """An environment by its address; made when the application has none there."""

    url: Url
    name: str | None = None


class ApplicationEnvironmentOverrideByShortId(Schema):
    """An existing environment."""

    shortId: EnvironmentShortId


class ApplicationEnvironmentOverrideByApplicationBuildShortId(Schema):
    """The environment of a build."""

    applicationBuildShortId: ApplicationBuildShortId


ApplicationEnvironmentOverride = (
    ApplicationEnvironmentOverrideByShortId
    | ApplicationEnvironmentOverrideByApplicationBuildShortId
    | ApplicationEnvironmentOverrideByUrl
)


class ApplicationOverrideWithRequiredEnvironment(Schema):
    """Where, and on which screen, one application is tested in this conversation."""

    applicationShortId: ApplicationShortId
    devicePresetShortId: DevicePresetShortId | None = None
    environment: ApplicationEnvironmentOverride


class ChatRequest(Schema):
    """A message, optionally with overrides."""

    message: Text
    applicationOverrides: list[ApplicationOverrideWithRequiredEnvironment] | None = None
    projectShortId: ProjectShortId | None = None


class ChangeReviewByPullRequest(Schema):
    """Review a pull request or merge request, fetched from its provider."""

    mode: Literal["pr"]
    prUrl: Text
    vcsProviderId: Literal["github", "gitlab"]
    applicationOverrides: list[ApplicationOverrideWithRequiredEnvironment] = Field(min_length=1)
    context: str | None = None
    projectShortId: ProjectShortId | None = None
    actor: str | None = None
    branch: str | None = None
    commitHash: str | None = None
    commitMessage: str | None = None
    repository: str | None = None


class RawChanges(Schema):
    """A change given in the request."""

    changeDescription: Text
    diff: Text


class ChangeReviewByRawChanges(Schema):
    """Review a change that the request carries."""

    mode: Literal["rawChanges"]
    changes: RawChanges
    applicationOverrides: list[ApplicationOverrideWithRequiredEnvironment] = Field(min_length=1)
    context: str | None = None
    projectShortId: ProjectShortId | None = None


ChangeReviewRequest = Annotated[
    ChangeReviewByPullRequest | ChangeReviewByRawChanges, Field(discriminator="mode")
]


class OutcomeItem(Schema):
    """What a finished answer comes to, for scripts."""

    verdict: Literal["passed", "failed", "couldNotVerify"] | None
    testCaseIds: list[str]
    runShortIds: list[str]


class ChatMessageItem(Schema):
    """One message of a conversation."""

    id: str
    role: Literal["user", "assistant"]
    createdAt: Moment
    text: str
    status: Literal["INITIATED", "PARTIAL", "COMPLETED", "CANCELLED", "FAILED"]
    isStreaming: bool
    outcome: OutcomeItem | None = None


class ReviewTests(Schema):
    """How many tests a change review selected, wrote and ran, by verdict."""

    selected: int
    created: int
    passed: int
    failed: int
    couldNotVerify: int


class ReviewFinding(Schema):
    """One thing a change review found."""

    title: str
    kind: str
    isNew: bool | None
    file: str | None
    line: int | None
    testCaseId: str | None
    evidenceUrl: str | None


class ReviewItem(Schema):
    """The verdict of a finished change review, for CI."""

    verdict: Literal["approved", "changesRequested", "couldNotVerify", "nothingToTest"]
    headCommit: str | None
    tests: ReviewTests
    findings: list[ReviewFinding]


class ChatConversationResponse(Schema):
    """A conversation with its newest messages first."""

    shortId: ChatConversationShortId
    url: str
    title: str | None
    createdAt: Moment
    updatedAt: Moment
    source: Literal["api", "ui", "github", "gitlab", "system"]
    messages: list[ChatMessageItem]
    review: ReviewItem | None = None
