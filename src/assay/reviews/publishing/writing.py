"""The writes of one publication, in order, each noted as soon as it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from assay.forge import (
    Annotation,
    CheckResult,
    CheckStart,
    Conclusion,
    Forge,
    Given,
    NativeReview,
    PullRef,
    Stance,
)
from assay.forge.errors import ForgeRefused, PermissionMissing, PullNotFound
from assay.kernel import clock
from assay.reviews.publishing import publication_store as store
from assay.reviews.publishing import texts
from assay.reviews.publishing.model import Connection, Publication, ReviewResult, State
from assay.storage import Database, ReadSession

Done = TypeVar("Done")
CHECK_NAME = "Assay / PR Review"
# Stands before what is tried again, and goes when that has helped.
AGAIN = "Being tried again: "
_MOST_ANNOTATIONS = 500
_CONCLUSIONS = {
    "approved": Conclusion.SUCCESS,
    "changesRequested": Conclusion.FAILURE,
    "nothingToTest": Conclusion.SKIPPED,
}
_STANCES = {"approved": Stance.APPROVE, "changesRequested": Stance.REQUEST_CHANGES}
MOVED_ON = ReviewResult(
    "couldNotVerify",
    "New commits have arrived",
    "**Could not verify**: the review read a newer commit, and its result belongs to that one.",
)


class LeaseLost(Exception):
    """Another worker has taken the publication over."""


class Writing:
    """Brings the forge up to what a publication says. Under the lease ``token``."""

    def __init__(
        self,
        database: Database,
        token: str,
        *,
        base_url: str,
        lease: float,
        mask: Callable[[ReadSession, str], Awaitable[str]],
    ) -> None:
        self._database = database
        self._token = token
        self._base_url = base_url
        self._lease = lease
        self._mask = mask
        self._problems: list[str] = []

    async def write(self, connection: Connection, forge: Forge, publication: Publication) -> None:
        """Write everything that is open. Permissions that are missing are noted and passed over;
        what may pass is raised."""
        ref = PullRef(
            connection.provider, connection.base_url, publication.repository, publication.number
        )
        if publication.problem and not publication.problem.startswith(AGAIN):
            self._problems.append(publication.problem)
        try:
            publication = await self._with_head(forge, ref, publication)
            if not publication.started:
                publication = await self._start(connection, forge, ref, publication)
            if publication.state is State.ENDED:
                await self._end(connection, forge, ref, publication)
        except LeaseLost:
            return

    async def _with_head(self, forge: Forge, ref: PullRef, one: Publication) -> Publication:
        if one.head_sha:
            return one
        pull = await forge.read_pull(ref)
        return await self._note(one, head_sha=pull.head_sha)

    async def _start(
        self, connection: Connection, forge: Forge, ref: PullRef, one: Publication
    ) -> Publication:
        """Show that a review is at work: eyes, the check, the comment."""
        if one.check_id is None:
            greet = one.comment_to_greet
            await self._permitted(lambda: forge.acknowledge(ref, greet))
        check = _check(one)
        check_id = await self._permitted(lambda: forge.start_check(ref, check))
        one = await self._note(one, check_id=check_id)
        if one.state is not State.ENDED and await self._newest(one):
            marker = texts.comment_marker(connection, one.repository, one.number)
            one = await self._say(forge, ref, one, marker, texts.progress_comment(marker, one))
        return await self._note(one, started=True, problem=" ".join(self._problems))

    async def _end(
        self, connection: Connection, forge: Forge, ref: PullRef, one: Publication
    ) -> None:
        """Complete the check, then give the verdict as a review and as the final comment."""
        result = one.result or MOVED_ON
        if result.head_sha and result.head_sha != one.head_sha:
            one = await self._rehead(forge, ref, one, result.head_sha)
        async with self._database.read() as session:
            masked = await self._mask(session, result.summary)
        summary = texts.published(masked, base_url=self._base_url)
        check, check_id = _check(one), one.check_id
        if check_id is not None:
            ended = CheckResult(
                conclusion=_CONCLUSIONS.get(result.verdict, Conclusion.NEUTRAL),
                title=result.title,
                summary=summary,
                annotations=tuple(map(_quiet, result.annotations[:_MOST_ANNOTATIONS])),
            )
            await self._permitted(lambda: forge.finish_check(ref, check, check_id, ended))
            await self._note(one)
        if await self._newest(one):
            if connection.native_reviews and one.conversation_id and result.verdict in _STANCES:
                await self._review(forge, ref, one, result)
            marker = texts.comment_marker(connection, one.repository, one.number)
            one = await self._say(
                forge, ref, one, marker, texts.final_comment(marker, one, summary)
            )
        await self._note(one, state=State.DONE.value, problem=" ".join(self._problems))

    async def _rehead(
        self, forge: Forge, ref: PullRef, one: Publication, head_sha: str
    ) -> Publication:
        """The review read another commit than the one its check stands on: move the check."""
        check, former = _check(one), one.check_id
        if former is not None:
            ended = CheckResult(Conclusion.NEUTRAL, MOVED_ON.title, MOVED_ON.summary)
            await self._permitted(lambda: forge.finish_check(ref, check, former, ended))
        one = await self._note(one, head_sha=head_sha, check_id=None)
        moved = _check(one)
        return await self._note(
            one, check_id=await self._permitted(lambda: forge.start_check(ref, moved))
        )

    async def _review(
        self, forge: Forge, ref: PullRef, one: Publication, result: ReviewResult
    ) -> None:
        marker = texts.review_marker(one)
        words = texts.published(result.title, base_url=self._base_url)
        body = f"{marker}\n**{words}** [The whole review]({one.details_url})"
        review = NativeReview(_STANCES[result.verdict], one.head_sha, marker, body)
        if await self._permitted(lambda: forge.review(ref, review)) is Given.NOT_PERMITTED:
            self._problems.append("The token may not approve or request changes here.")
        await self._note(one)

    async def _say(
        self, forge: Forge, ref: PullRef, one: Publication, marker: str, body: str
    ) -> Publication:
        async with self._database.read() as session:
            known = one.comment_id or await store.last_comment_id(session, one)
        comment_id = await self._permitted(lambda: forge.comment(ref, marker, body, known))
        return await self._note(one, comment_id=comment_id)

    async def _newest(self, one: Publication) -> bool:
        """Whether the pull request's one comment is still this review's to write."""
        async with self._database.read() as session:
            return await store.is_newest(session, one)

    async def _permitted(self, work: Callable[[], Awaitable[Done]]) -> Done | None:
        """Do it; what the forge will never allow is noted, and the rest goes on without it."""
        try:
            return await work()
        except (PermissionMissing, PullNotFound, ForgeRefused) as refused:
            if refused.message not in self._problems:
                self._problems.append(refused.message)
            return None

    async def _note(self, one: Publication, **values: object) -> Publication:
        """Write down what was done and prolong the lease; ends here if somebody else has it."""
        until = clock.now() + timedelta(seconds=self._lease)
        async with self._database.write() as session:
            held = await store.change_held(
                session, one.id, self._token, lease_until=until, **values
            )
        if not held:
            raise LeaseLost
        known = {
            name: value
            for name, value in values.items()
            if name in ("head_sha", "check_id", "comment_id", "started")
        }
        return replace(one, **known)  # type: ignore[arg-type]


def _check(one: Publication) -> CheckStart:
    waits = one.conversation_id is None
    return CheckStart(
        name=CHECK_NAME,
        head_sha=one.head_sha,
        external_id=one.id,
        details_url=one.details_url,
        title="Waiting for a preview" if waits else "Reviewing",
        summary="Assay starts as soon as a preview environment is reported."
        if waits
        else "Assay is testing what this change can affect.",
    )


def _quiet(one: Annotation) -> Annotation:
    return replace(
        one,
        title=texts.published(one.title, base_url="\0"),
        message=texts.published(one.message, base_url="\0"),
    )
