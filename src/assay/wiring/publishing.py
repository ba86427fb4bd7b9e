"""Change reviews and forges put together: conversations for triggers, changes for reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assay.chats import store as chat_store
from assay.chats.credentials import CredentialKeeper
from assay.chats.errors import ConversationNotFound
from assay.chats.model import MessageStatus, ReviewRequest, Role, Source
from assay.chats.service import Chats
from assay.forge import (
    GITHUB,
    GITLAB,
    Annotation,
    Change,
    Forge,
    Level,
    Provider,
    PullRef,
    PullState,
    parse_pull_url,
)
from assay.jobs import Jobs
from assay.kernel.errors import AppError
from assay.kernel.markdown import counted, plain
from assay.projects import store as project_store
from assay.projects.model import ApplicationOverride, EnvironmentOverride
from assay.projects.service import get_application, get_project
from assay.reviews.publishing import (
    Connections,
    Forges,
    Progress,
    Publisher,
    ReviewOrder,
    ReviewResult,
    Started,
    Timing,
    Triggers,
)
from assay.reviews.publishing.errors import ForgeNotConnected
from assay.reviews.publishing.publisher import LOST
from assay.reviews.secrets_in_code import without_tokens
from assay.reviews.sources import Fetched
from assay.storage import Database, ReadSession, SecretBox, WriteSession

_SOURCES = {Provider.GITHUB: Source.GITHUB, Provider.GITLAB: Source.GITLAB}
_TITLES = {
    "approved": "Approved",
    "changesRequested": "Changes requested",
    "couldNotVerify": "Could not verify",
    "nothingToTest": "Nothing to test",
}
_MOST_OMITTED = 10
# The first message asks for the review, the second is its answer.
_ANSWER = 2


@dataclass(frozen=True)
class ChatReviews:
    """Reviews as conversations; implements ``publishing``'s ``Reviewing``."""

    chats: Chats
    box: SecretBox
    base_url: str

    async def start(self, session: WriteSession, order: ReviewOrder) -> Started:
        """A change review in a conversation of its own, on the preview."""
        project = await get_project(session, order.project_id)
        application = await get_application(session, project.id, order.application_id)
        name = f"Preview of {order.ref.label}"
        override = ApplicationOverride(
            application.short_id, EnvironmentOverride(url=order.preview_url, name=name)
        )
        request = ReviewRequest(
            mode="pr",
            pr_url=order.pull_url,
            vcs_provider=order.ref.provider.value,
            context=order.context or None,
            actor=order.actor or None,
            branch=without_tokens(order.branch) or None,
            commit_hash=order.commit or None,
            repository=order.ref.repository,
        )
        source = _SOURCES.get(order.ref.provider, Source.SYSTEM)
        page = await self.chats.create_change_review(
            session, project, request, source=source, overrides=[override]
        )
        conversation = page.conversation
        url = f"{self.base_url}/p/{project.slug}/chat/{conversation.short_id}"
        return Started(conversation.id, url)

    async def cancel(self, session: WriteSession, conversation_id: str) -> None:
        """End the conversation's running turn and those behind it."""
        try:
            await self.chats.cancel(session, conversation_id)
        except ConversationNotFound:
            return

    async def progress(self, session: ReadSession, conversation_id: str) -> Progress:
        """The result, once the review's own answer is final."""
        conversation = await chat_store.conversation_by_id(session, conversation_id)
        if conversation is None:
            return Progress(LOST)
        answer = await chat_store.message_at(session, conversation_id, _ANSWER)
        if answer is None or answer.role is not Role.ASSISTANT or not answer.status.finished:
            return Progress()
        review = conversation.review
        if answer.status is MessageStatus.COMPLETED and review is not None:
            return Progress(_result(review, answer.text))
        word = "cancelled" if answer.status is MessageStatus.CANCELLED else "not finished"
        text = f"**Could not verify**: the review was {word}.\n\n{answer.text}"
        return Progress(ReviewResult("couldNotVerify", f"The review was {word}", text))

    async def preview_of(self, session: ReadSession, conversation_id: str) -> str:
        """The address of the environment that the review tests."""
        conversation = await chat_store.conversation_by_id(session, conversation_id)
        if conversation is None or not conversation.choices:
            return ""
        choice = conversation.choices[0]
        found = await project_store.environment(
            session, choice.application_id, row_id=choice.environment_id
        )
        return found.url if found else ""

    async def mask(self, session: ReadSession, project_id: str, text: str) -> str:
        """The text without the secrets that the project's configs hold."""
        return await CredentialKeeper(self.box).mask(session, project_id, text)


def _result(review: dict[str, Any], text: str) -> ReviewResult:
    verdict, findings = review["verdict"], review.get("findings") or []
    title = _TITLES.get(verdict, _TITLES["couldNotVerify"])
    blocking = [one for one in findings if one.get("blocking", True)]
    if verdict == "changesRequested" and blocking:
        title = f"{title}: {counted(len(blocking), 'finding')}"
    return ReviewResult(
        verdict=verdict,
        title=title,
        summary=text,
        annotations=tuple(_annotations(findings)),
        head_sha=review.get("headCommit"),
    )


def _annotations(findings: Sequence[dict[str, Any]]) -> list[Annotation]:
    found: list[Annotation] = []
    for one in findings:
        if not one.get("file"):
            continue
        line = one.get("line") or 1
        words = [one.get("seen") or one["title"], one.get("step") or "", one.get("command") or ""]
        level = Level.FAILURE if one.get("blocking", True) else Level.WARNING
        message = "\n".join(word for word in words if word)
        found.append(Annotation(one["file"], line, line, level, one["title"], message))
    return found


@dataclass(frozen=True)
class ForgeSource:
    """Changes of pull requests, with the token of the project's connection to their forge;
    implements ``reviews``' ``Source``."""

    database: Database
    connections: Connections
    forges: Forges

    async def fetch(self, project_id: str, provider: str, url: str) -> Fetched:
        """The change, or in words why it could not be had."""
        try:
            ref = parse_pull_url(url, Provider(provider))
            change = await self._read(project_id, ref)
        except AppError as error:
            return Fetched(problem=error.message.rstrip("."))
        pull = change.pull
        return Fetched(
            diff=change.diff,
            title=pull.title,
            description=pull.description,
            head_commit=pull.head_sha,
            notes=tuple(_notes(change)),
            partial=bool(change.omitted) or change.truncated,
        )

    async def _read(self, project_id: str, ref: PullRef) -> Change:
        async with self.database.read() as session:
            project = await project_store.project_by_id(session, project_id)
            found = None
            if project is not None:
                found = await self.connections.serving(
                    session, project.organisation_id, project_id, ref
                )
        if found is not None:
            connection, link, inner, secret = found
            forge = await self.forges.of(connection, secret, link.repository)
            return await forge.read_change(inner)
        if ref.base_url not in (GITHUB, GITLAB):
            raise ForgeNotConnected(
                f"{ref.base_url} is not connected to this project. Connect it with "
                "`assay forges add`, or send the change itself with `assay review --diff`."
            )
        public: Forge = self.forges.public(ref.provider, ref.base_url)
        try:
            return await public.read_change(ref)
        finally:
            await public.close()


def _notes(change: Change) -> list[str]:
    """What a reader of the review should know about the change, in sentences."""
    notes: list[str] = []
    if change.pull.state is not PullState.OPEN:
        notes.append(f"The pull request is {change.pull.state.value}.")
    elif change.pull.draft:
        notes.append("The pull request is a draft.")
    if change.omitted:
        names = ", ".join(plain(name) for name in change.omitted[:_MOST_OMITTED])
        more = len(change.omitted) - _MOST_OMITTED
        names += f" and {more} more" if more > 0 else ""
        notes.append(
            f"These changes are too large for the forge to show, and were not read: {names}."
        )
    if change.truncated:
        notes.append("The forge lists only a part of the changed files; the others were not read.")
    return notes


def publishing(
    database: Database,
    jobs: Jobs,
    connections: Connections,
    forges: Forges,
    chats: Chats,
    box: SecretBox,
    base_url: str,
    *,
    timing: Timing | None = None,
) -> Triggers:
    """What sets reviews off and writes them back, with its jobs declared."""
    reviewing = ChatReviews(chats, box, base_url)
    publisher = Publisher(
        database, jobs, connections, forges, reviewing, base_url=base_url, timing=timing
    )
    publisher.register()
    triggers = Triggers(
        database, jobs, connections, forges, reviewing, publisher, base_url=base_url, timing=timing
    )
    triggers.register()
    return triggers
