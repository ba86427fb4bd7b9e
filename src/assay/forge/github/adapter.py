"""The GitHub side of the port."""

from __future__ import annotations

from collections.abc import AsyncIterator

from assay.forge.auth import AppIdentity, FixedToken, InstallationToken, NoToken
from assay.forge.errors import ForgeRefused, PermissionMissing, PullNotFound
from assay.forge.github import checks, reading
from assay.forge.github.reading import repo_path
from assay.forge.github.wire import Comment, Review, read, read_all
from assay.forge.model import (
    Change,
    CheckResult,
    CheckStart,
    Given,
    NativeReview,
    Provider,
    PullRef,
    PullRequest,
    Stance,
)
from assay.forge.rest import Auth, Rest, segment
from assay.forge.secrets import AppSecret, Secret, TokenSecret
from assay.forge.urls import api_base

_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_EVENTS = {
    Stance.APPROVE: "APPROVE",
    Stance.REQUEST_CHANGES: "REQUEST_CHANGES",
    Stance.COMMENT: "COMMENT",
}


class GitHub:
    """One connection's view of a GitHub. ``app`` is closed with it."""

    def __init__(self, rest: Rest, app: Rest | None = None) -> None:
        self._rest = rest
        self._app = app

    async def read_pull(self, ref: PullRef) -> PullRequest:
        """The pull request as it is now."""
        return await reading.read_pull(self._rest, ref)

    async def read_change(self, ref: PullRef) -> Change:
        """The pull request and what it changes, all of one head commit."""
        return await reading.read_change(self._rest, ref)

    async def open_pulls_of(self, repository: str, sha: str) -> list[int]:
        """The numbers of the open pull requests whose head is this commit."""
        return await reading.open_pulls_of(self._rest, repository, sha)

    async def is_member(self, ref: PullRef, user: str) -> bool:
        """Whether somebody may push, or belongs to the repository otherwise."""
        path = f"{repo_path(ref.repository)}/collaborators/{segment(user)}"
        try:
            await self._rest.get(path)
        except PullNotFound:
            return False
        return True

    async def start_check(self, ref: PullRef, check: CheckStart) -> str:
        """A check run in progress, or a pending commit status where only that is permitted."""
        return await checks.start_check(self._rest, ref, check)

    async def finish_check(
        self, ref: PullRef, check: CheckStart, check_id: str, result: CheckResult
    ) -> None:
        """End the check; one that has ended stays as it is."""
        await checks.finish_check(self._rest, ref, check, check_id, result)

    async def review(self, ref: PullRef, review: NativeReview) -> Given:
        """A review of the head commit; one's own pull request can only be commented on."""
        path = f"{repo_path(ref.repository)}/pulls/{ref.number}/reviews"
        async for page in self._rest.pages(path):
            if any(review.marker in (one.body or "") for one in read_all(Review, page.rows)):
                return Given.GIVEN
        try:
            await self._send_review(path, review, _EVENTS[review.stance])
        except PermissionMissing:
            return Given.NOT_PERMITTED
        except ForgeRefused:
            if review.stance is Stance.COMMENT:
                raise
            # Nobody approves or refuses their own pull request.
            await self._send_review(path, review, _EVENTS[Stance.COMMENT])
            return Given.SAID_ONLY
        return Given.GIVEN

    async def comment(
        self, ref: PullRef, marker: str, body: str, known_id: str | None = None
    ) -> str:
        """The one comment of this marker, its text brought up to date."""
        text = checks.cut(body)
        root = repo_path(ref.repository)
        if known_id is not None:
            try:
                path = f"{root}/issues/comments/{segment(known_id)}"
                await self._rest.send("PATCH", path, {"body": text})
                return known_id
            except PullNotFound:
                pass  # somebody has deleted it
        found = [one async for one in self._comments(ref) if marker in (one.body or "")]
        # The earliest is ours: nobody can have copied the marker before it was there.
        mine = min(found, key=lambda one: one.id, default=None)
        if mine is None:
            path = f"{root}/issues/{ref.number}/comments"
            made = await self._rest.send("POST", path, {"body": text})
            return str(read(Comment, made.one).id)
        if (mine.body or "").replace("\r\n", "\n") != text:
            await self._rest.send("PATCH", f"{root}/issues/comments/{mine.id}", {"body": text})
        return str(mine.id)

    async def acknowledge(self, ref: PullRef, comment_id: str | None = None) -> None:
        """An eyes reaction; GitHub itself keeps it single."""
        root = f"{repo_path(ref.repository)}/issues"
        place = f"comments/{segment(comment_id)}" if comment_id else str(ref.number)
        await self._rest.send("POST", f"{root}/{place}/reactions", {"content": "eyes"})

    async def close(self) -> None:
        """Close its connections."""
        await self._rest.close()
        if self._app is not None:
            await self._app.close()

    async def _comments(self, ref: PullRef) -> AsyncIterator[Comment]:
        path = f"{repo_path(ref.repository)}/issues/{ref.number}/comments"
        async for page in self._rest.pages(path):
            for one in read_all(Comment, page.rows):
                yield one

    async def _send_review(self, path: str, review: NativeReview, event: str) -> None:
        body = {"commit_id": review.head_sha, "event": event, "body": checks.cut(review.body)}
        await self._rest.send("POST", path, body)


def github(
    base_url: str, secret: Secret | None, repository: str = "", *, patience: float = 20.0
) -> GitHub:
    """A GitHub by its web address; an App finds its installation by ``repository``."""
    api = api_base(Provider.GITHUB, base_url)
    app: Rest | None = None
    auth: Auth
    match secret:
        case AppSecret():
            identity = AppIdentity(secret.app_id, secret.private_key)
            app = Rest(api, identity, headers=_HEADERS, patience=patience)
            auth = InstallationToken(app, secret.installation_id, repository=repository)
        case TokenSecret():
            auth = FixedToken("Authorization", f"Bearer {secret.token}")
        case None:
            auth = NoToken()
    return GitHub(Rest(api, auth, headers=_HEADERS, patience=patience), app)
