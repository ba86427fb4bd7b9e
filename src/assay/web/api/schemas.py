"""Requests and answers of the public API. Names of models are those of the wire contract."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

_WHOLE = re.compile(r"[+-]?[0-9]{1,1000}")


def _pattern(prefix: str) -> str:
    return f"^{prefix}(-.+_.+|_.+)$"


ProjectShortId = Annotated[str, StringConstraints(pattern=_pattern("proj"))]
ChatConversationShortId = Annotated[str, StringConstraints(pattern=_pattern("chat"))]
ApplicationShortId = Annotated[str, StringConstraints(pattern=_pattern("app"))]
DevicePresetShortId = Annotated[str, StringConstraints(pattern=_pattern("preset"))]
EnvironmentShortId = Annotated[str, StringConstraints(pattern=_pattern("env"))]
ApplicationBuildShortId = Annotated[str, StringConstraints(pattern=_pattern("build"))]


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "must not be empty")
    return text


def _whole(value: object) -> object:
    """Texts that Python would take for a number, such as ``1_0`` or ``2.0``, are none here."""
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise PydanticCustomError("int_parsing", "must be a whole number")
    return value


Uuid = Annotated[
    str,
    StringConstraints(
        pattern="^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"
    ),
    Field(json_schema_extra={"format": "uuid"}),
]
Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_not_blank)]
Url = Annotated[str, Field(json_schema_extra={"format": "uri"})]
InProject = Annotated[ProjectShortId | None, Query(alias="projectShortId")]
Whole = Annotated[int, BeforeValidator(_whole)]
Positive = Annotated[int, Field(ge=1), BeforeValidator(_whole)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_not_blank)]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class Schema(BaseModel):
    """Strict about types, silent about fields it does not know."""

    model_config = ConfigDict(extra="ignore", strict=True, populate_by_name=True)


class Request(Schema):
    """What a client sends: fields may be left out, but the contract knows no null."""

    @model_validator(mode="before")
    @classmethod
    def _as_sent(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        for name in cls.model_fields:
            if name in data and data[name] is None:
                raise PydanticCustomError("null", "must not be null", {"field": name})
        # PostgreSQL cannot store NUL; nobody types one.
        return _without_nul(data)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core_schema))
        for shown in schema.get("properties", {}).values():
            variants = [one for one in shown.get("anyOf", ()) if one.get("type") != "null"]
            if len(variants) == 1:
                del shown["anyOf"]
                shown.update(variants[0])
            if shown.get("default", 0) is None:
                del shown["default"]
        return schema


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "") if "\0" in value else value
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(inner) for key, inner in value.items()}
    return [_without_nul(inner) for inner in value] if isinstance(value, list) else value


class Error(Schema):
    """Every error: a message in plain words that names the field or thing at fault."""

    message: str


class ApplicationEnvironmentOverrideByUrl(Request):
    """An environment by its address; made when the application has none there."""

    url: Url
    name: str | None = None


class ApplicationEnvironmentOverrideByShortId(Request):
    """An existing environment."""

    shortId: EnvironmentShortId


class ApplicationEnvironmentOverrideByApplicationBuildShortId(Request):
    """The environment of a build."""

    applicationBuildShortId: ApplicationBuildShortId


def _which(value: Any) -> str | None:
    """``shortId`` counts before the build, the build before ``url``, whatever else is there."""
    if not isinstance(value, dict):
        return "Application"
    for field, tag in _BY_FIELD.items():
        if field in value:
            return tag
    return None


def _as_any_of(schema: dict[str, Any]) -> None:
    # Several keys in one environment are valid, which ``oneOf`` would deny.
    schema["anyOf"] = schema.pop("oneOf")


_BY_FIELD = {
    "shortId": "ApplicationShortId",
    "applicationBuildShortId": "ApplicationBuild",
    "url": "ApplicationUrl",
}
ApplicationEnvironmentOverride = Annotated[
    Annotated[ApplicationEnvironmentOverrideByUrl, Tag("ApplicationUrl")]
    | Annotated[ApplicationEnvironmentOverrideByShortId, Tag("ApplicationShortId")]
    | Annotated[ApplicationEnvironmentOverrideByApplicationBuildShortId, Tag("ApplicationBuild")],
    Discriminator(
        _which,
        custom_error_type="environment",
        custom_error_message="needs a url, a shortId or an applicationBuildShortId",
    ),
    Field(json_schema_extra=_as_any_of),
]


class ApplicationOverrideWithRequiredEnvironment(Request):
    """Where, and on which screen, one application is tested in this conversation."""

    applicationShortId: ApplicationShortId
    devicePresetShortId: DevicePresetShortId | None = None
    environment: ApplicationEnvironmentOverride


class ProjectChoice(Request):
    """The optional body of POSTs that need nothing else."""

    projectShortId: ProjectShortId | None = None


class ChatRequest(Request):
    """A message, optionally with overrides."""

    message: Text
    applicationOverrides: list[ApplicationOverrideWithRequiredEnvironment] | None = None
    projectShortId: ProjectShortId | None = None


class ChangeReviewByPullRequest(Request):
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


class RawChanges(Request):
    """A change given in the request."""

    changeDescription: Text
    diff: Text


class ChangeReviewByRawChanges(Request):
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
    """One thing a change review found. ``blocking`` ones are why changes are requested; ``hunk``
    are lines of the change it is tied to, ``command`` shows it again."""

    title: str
    kind: str
    isNew: bool | None
    file: str | None
    line: int | None
    testCaseId: str | None
    evidenceUrl: str | None
    blocking: bool = True
    step: str | None = None
    seen: str | None = None
    url: str | None = None
    hunk: str | None = None
    command: str | None = None


class ReviewTestResult(Schema):
    """One test of a change review: why it was chosen, and its verdict with and before the change
    (``baseVerdict``, null when it did not run there). ``healed``: a step was done on an element
    that only is like the recorded one."""

    testCaseId: str
    name: str
    origin: Literal["selected", "created"]
    verdict: Literal["passed", "failed", "couldNotVerify"]
    reason: str
    failedStep: int | None
    healed: bool = False
    baseVerdict: Literal["passed", "failed", "couldNotVerify"] | None
    selectedBecause: str
    evidenceUrl: str | None


class ReviewFile(Schema):
    """One changed file and what it is to the application's users."""

    path: str
    oldPath: str
    change: str
    kind: str
    added: int
    removed: int


class ReviewDifference(Schema):
    """A difference between base and preview that does not count against the change."""

    kind: str
    title: str
    seen: str
    path: str


class ReviewGap(Schema):
    """A changed area that no test is known to reach."""

    file: str
    area: str


class ReviewPhase(Schema):
    """How long one part of the review took."""

    name: str
    seconds: float


class ReviewItem(Schema):
    """The verdict of a finished change review, for CI. ``baseEnvironment`` is null when there was
    no other environment to compare with."""

    verdict: Literal["approved", "changesRequested", "couldNotVerify", "nothingToTest"]
    headCommit: str | None
    tests: ReviewTests
    findings: list[ReviewFinding]
    reason: str = ""
    testResults: list[ReviewTestResult] = Field(default_factory=list)
    files: list[ReviewFile] = Field(default_factory=list)
    differences: list[ReviewDifference] = Field(default_factory=list)
    comparedPages: list[str] = Field(default_factory=list)
    untested: list[ReviewGap] = Field(default_factory=list)
    environment: str = ""
    baseEnvironment: str | None = None
    phases: list[ReviewPhase] = Field(default_factory=list)


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
