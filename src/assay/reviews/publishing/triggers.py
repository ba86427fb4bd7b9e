"""What sets a review off, restarts or ends it: news of a forge, or somebody's request."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from assay.forge import Forge, PullRef, PullRequest, PullState
from assay.jobs import Job, Jobs
from assay.kernel import clock
from assay.kernel.errors import AppError, Kind
from assay.kernel.ids import new_uuid
from assay.projects.urls import urls_in, validate_url
from assay.reviews.publishing import news as words
from assay.reviews.publishing import publication_store
from assay.reviews.publishing import store as connection_store
from assay.reviews.publishing.connections import Connections
from assay.reviews.publishing.forges import Forges
from assay.reviews.publishing.model import (
    Connection,
    Publication,
    RepositoryLink,
    ReviewOrder,
    ReviewResult,
    Started,
    State,
    Timing,
)
from assay.reviews.publishing.ports import Reviewing
from assay.reviews.publishing.publisher import QUEUE, Publisher
from assay.storage import Database, ReadSession, WriteSession

DELIVERY_JOB = "reviews.delivery"
_MENTION = re.compile(r"(?<![\w/.-])@assay\b[:,]?\s*", re.IGNORECASE)
_STOP = re.compile(r"(?:please\s+)?(?:stop|cancel|abort)\b[.!]?\s*$", re.IGNORECASE)
_AGAIN = re.compile(
    r"(?:please\s+)?(?:re-?run|re-?review|re-?test|review|test|run|again|retry)"
    r"(?:\s+(?:again|this|it|please))*[.!]?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a new review is to look at."""

    number: int
    preview_url: str = ""
    context: str = ""
    actor: str = ""
    comment_id: str | None = None
    asked: bool = False
    cause: str = ""


class Triggers:
    """Turns news into reviews. A newer review of a pull request ends the one before it."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        connections: Connections,
        forges: Forges,
        reviewing: Reviewing,
        publisher: Publisher,
        *,
        base_url: str,
        timing: Timing | None = None,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._connections = connections
        self._forges = forges
        self._reviewing = reviewing
        self._publisher = publisher
        self._base_url = base_url
        self._wait = (timing or Timing()).wait_for_preview

    def register(self) -> None:
        """Declare the job; after the publisher, whose queue it shares."""
        self._jobs.register(DELIVERY_JOB, self.deal_with, queue=QUEUE)
        self._jobs.periodic("delivery sweeper", 30.0, self.sweep)

    async def enqueue(self, session: WriteSession, row_id: str) -> None:
        """Have a stored delivery dealt with, in the caller's transaction."""
        await self._jobs.enqueue(session, DELIVERY_JOB, row_id)

    async def adopt(
        self,
        session: WriteSession,
        organisation_id: str,
        project_id: str,
        ref: PullRef,
        started: Started,
    ) -> bool:
        """Write a review back that somebody asked for by its link; tells whether its repository is
        connected. Its head commit is read by the job."""
        found = await self._connections.serving(session, organisation_id, project_id, ref)
        if found is None:
            return False
        connection, link, inner, _secret = found
        await publication_store.lock(session, connection.id)
        await self._supersede(session, connection, link, inner.number)
        wish = _Wish(inner.number, asked=True, cause=started.conversation_id)
        await self._add(session, connection, link, wish, started=started)
        return True

    async def sweep(self) -> None:
        """Enqueue deliveries that no job stands for."""
        now = clock.now()
        async with self._database.read() as session:
            # After a day the pull request looks otherwise, and somebody has asked again.
            left = await connection_store.open_deliveries(
                session, now - timedelta(days=1), now - timedelta(seconds=60)
            )
        live = await self._jobs.live(DELIVERY_JOB) if left else set()
        for row_id in left:
            if row_id not in live:
                async with self._database.write() as session:
                    await self.enqueue(session, row_id)
        await self._publisher.forget_old()

    async def deal_with(self, job: Job) -> None:
        """Do what a delivery asks for; a forge that does not answer leaves it for the sweeper."""
        async with self._database.read() as session:
            found = await connection_store.delivery(session, job.entity_id)
            if found is None or found[1] is None:
                return
            connection, secret = await self._connections.get(session, found[0])
            told = words.load(self._connections.open_news(connection.id, found[1]))
        link = connection.link(told.repository)
        if link is None:
            await self._settle(job.entity_id, "repository not connected")
            return
        try:
            forge = await self._forges.of(connection, secret, link.repository)
            outcome = await self._react(connection, link, forge, told, job.entity_id)
        except AppError as error:
            if error.kind in (Kind.LIMITED, Kind.UNAVAILABLE):
                return
            outcome = error.message
        await self._settle(job.entity_id, outcome)

    async def _react(
        self,
        connection: Connection,
        link: RepositoryLink,
        forge: Forge,
        told: words.News,
        cause: str,
    ) -> str:
        match told:
            case words.PullChanged():
                return await self._changed(connection, link, forge, told, cause)
            case words.PullClosed():
                async with self._database.write() as session:
                    await self._supersede(session, connection, link, told.number, CLOSED)
                return "closed"
            case words.PreviewReady():
                return await self._previewed(connection, link, forge, told, cause)
            case words.CommentMade():
                return await self._told(connection, link, forge, told, cause)
            case words.CheckAskedAgain():
                async with self._database.read() as session:
                    before = await publication_store.by_id(session, told.external_id)
                if before is None or before.connection_id != connection.id:
                    return "not a check of ours"
                wish = _Wish(before.number, actor=told.actor, asked=True, cause=cause)
                return await self._review(connection, link, forge, wish)

    async def _changed(
        self,
        connection: Connection,
        link: RepositoryLink,
        forge: Forge,
        told: words.PullChanged,
        cause: str,
    ) -> str:
        wish = _Wish(told.number, actor=told.actor, cause=cause)
        if not connection.automatic:
            async with self._database.read() as session:
                known = await publication_store.of_pull(
                    session, connection.id, link.repository, told.number
                )
                newest = known[0] if known else None
                if newest is None or newest.state not in (State.WAITING, State.RUNNING):
                    return "automatic reviews are off"
                if newest.head_sha == told.head_sha:
                    return "reviewed already"
                # Somebody asked for the review that this push outdates; it goes on where it was.
                url = await self._former_preview(session, [newest])
            wish = replace(wish, preview_url=url, asked=True)
        return await self._review(connection, link, forge, wish)

    async def _previewed(
        self,
        connection: Connection,
        link: RepositoryLink,
        forge: Forge,
        told: words.PreviewReady,
        cause: str,
    ) -> str:
        url = validate_url(told.url, field="environment_url")
        numbers = await forge.open_pulls_of(link.repository, told.head_sha)
        outcomes = []
        for number in numbers:
            async with self._database.read() as session:
                known = await publication_store.of_commit(
                    session, connection.id, link.repository, told.head_sha
                )
            waits = any(one.state is State.WAITING for one in known)
            if known and not waits:
                outcomes.append("reviewed already")
            elif waits or connection.automatic:
                wish = _Wish(number, preview_url=url, cause=cause)
                outcomes.append(await self._review(connection, link, forge, wish))
        return ", ".join(outcomes) or "no review waits for it"

    async def _told(
        self,
        connection: Connection,
        link: RepositoryLink,
        forge: Forge,
        told: words.CommentMade,
        cause: str,
    ) -> str:
        mention = _MENTION.search(told.text)
        if mention is None:
            return "not for Assay"
        ref = PullRef(connection.provider, connection.base_url, link.repository, told.number)
        trusted = told.trusted
        if trusted is None:
            trusted = await forge.is_member(ref, told.actor_id)
        if not trusted:
            return "not a member of the repository"
        said = told.text[mention.end() :].strip()
        if _STOP.match(said):
            async with self._database.write() as session:
                await self._supersede(session, connection, link, told.number, CANCELLED)
            return "cancelled"
        urls = urls_in(said)
        url = validate_url(urls[0]) if urls else ""
        rest = " ".join(said.replace(url, " ").split()) if url else said
        wish = _Wish(
            told.number,
            preview_url=url,
            context="" if _AGAIN.match(rest) or len(rest) < 4 else rest,
            actor=told.actor,
            comment_id=told.comment_id,
            asked=True,
            cause=cause,
        )
        return await self._review(connection, link, forge, wish)

    async def _review(
        self, connection: Connection, link: RepositoryLink, forge: Forge, wish: _Wish
    ) -> str:
        """Start a review of the pull request as it is now, or say on it why there is none."""
        ref = PullRef(connection.provider, connection.base_url, link.repository, wish.number)
        pull = await forge.read_pull(ref)
        if not wish.asked and (pull.draft or pull.state is not PullState.OPEN):
            return "draft" if pull.draft else pull.state.value
        preview = wish.preview_url or link.preview(
            number=wish.number, branch=pull.head_branch, sha=pull.head_sha
        )
        wish = replace(wish, cause=f"{wish.cause}:{wish.number}")
        async with self._database.write() as session:
            await publication_store.lock(session, connection.id)
            if await publication_store.caused(session, wish.cause):
                return "done before"
            return await self._begin(
                session, connection, link, pull, replace(wish, preview_url=preview)
            )

    async def _begin(
        self,
        session: WriteSession,
        connection: Connection,
        link: RepositoryLink,
        pull: PullRequest,
        wish: _Wish,
    ) -> str:
        """In one transaction: end the reviews before, start this one, have it written."""
        known = await publication_store.of_pull(
            session, connection.id, link.repository, wish.number
        )
        same = [one for one in known[:1] if one.head_sha == pull.head_sha]
        preview = wish.preview_url
        if not preview and wish.asked:
            # What was given for this commit before still serves.
            preview = await self._former_preview(session, same)
        waiting = next((one for one in same if one.state is State.WAITING), None)
        if same and not wish.asked and not (waiting and preview):
            return "reviewed already"
        head = pull.head_sha
        if pull.from_fork and not wish.asked:
            await self._supersede(session, connection, link, wish.number)
            await self._add(session, connection, link, wish, head=head, result=FORK)
            return "from a fork"
        if not preview:
            await self._supersede(session, connection, link, wish.number)
            await self._add(session, connection, link, wish, head=head)
            return "waits for a preview"
        order = ReviewOrder(
            project_id=link.project_id,
            application_id=link.application_id,
            ref=pull.ref,
            pull_url=pull.url,
            preview_url=preview,
            branch=pull.head_branch,
            commit=head,
            actor=wish.actor or pull.author,
            context=wish.context,
        )
        started = await self._reviewing.start(session, order)
        if waiting is not None:
            await publication_store.run(session, waiting.id, started.conversation_id, started.url)
            await self._publisher.enqueue(session, waiting.id)
        else:
            await self._supersede(session, connection, link, wish.number)
            await self._add(session, connection, link, wish, head=head, started=started)
        return "review started"

    async def _former_preview(self, session: ReadSession, known: list[Publication]) -> str:
        for one in known:
            if one.conversation_id is not None:
                return await self._reviewing.preview_of(session, one.conversation_id)
        return ""

    async def _supersede(
        self,
        session: WriteSession,
        connection: Connection,
        link: RepositoryLink,
        number: int,
        result: ReviewResult | None = None,
        *,
        head: str = "",
    ) -> None:
        """End the reviews of a pull request that are at work, but for one of commit ``head``."""
        known = await publication_store.of_pull(session, connection.id, link.repository, number)
        for one in known:
            if one.state not in (State.WAITING, State.RUNNING) or (head and one.head_sha == head):
                continue
            if one.conversation_id is not None:
                await self._reviewing.cancel(session, one.conversation_id)
            await publication_store.end(session, one.id, result or SUPERSEDED)
            await self._publisher.enqueue(session, one.id)

    async def _add(
        self,
        session: WriteSession,
        connection: Connection,
        link: RepositoryLink,
        wish: _Wish,
        *,
        head: str = "",
        started: Started | None = None,
        result: ReviewResult | None = None,
    ) -> None:
        publication_id, now = new_uuid(), clock.now()
        state = State.RUNNING if started else State.ENDED if result else State.WAITING
        made = Publication(
            id=publication_id,
            connection_id=connection.id,
            repository=link.repository,
            number=wish.number,
            head_sha=head,
            state=state,
            project_id=link.project_id,
            conversation_id=started.conversation_id if started else None,
            # GitLab finds a status by its link, so each has one of its own.
            details_url=started.url if started else f"{self._base_url}/#{publication_id}",
            started=False,
            check_id=None,
            comment_id=None,
            comment_to_greet=wish.comment_id,
            result=result,
            problem="",
            tries=0,
            deadline=now + timedelta(seconds=self._wait) if state is State.WAITING else None,
            created_at=now,
        )
        await publication_store.add(session, made, wish.cause)
        await self._publisher.enqueue(session, made.id)

    async def _settle(self, row_id: str, outcome: str) -> None:
        async with self._database.write() as session:
            await connection_store.settle_delivery(session, row_id, outcome)


SUPERSEDED = ReviewResult(
    "couldNotVerify",
    "A newer review has taken over",
    "**Could not verify**: a newer review of this pull request has taken over.",
)
CLOSED = ReviewResult(
    "couldNotVerify",
    "The pull request was closed",
    "**Could not verify**: the pull request was closed while it was reviewed.",
)
CANCELLED = ReviewResult(
    "couldNotVerify",
    "The review was cancelled",
    "**Could not verify**: the review was cancelled. Comment `@assay` to have it done after all.",
)
FORK = ReviewResult(
    "couldNotVerify",
    "From a fork",
    "**Could not verify**: this comes from a fork, whose preview may be anybody's code, so it is "
    "not reviewed unasked. A member of the repository can comment `@assay review`.",
)
