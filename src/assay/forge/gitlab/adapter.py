"""The GitLab side of the port: a commit status, one note, approval where it is permitted."""

from __future__ import annotations

from assay.forge.auth import FixedToken, NoToken
from assay.forge.errors import (
    AppKeyInvalid,
    ForgeRefused,
    ForgeUnavailable,
    PermissionMissing,
    PullNotFound,
)
from assay.forge.errors import TokenRefused as Unauthorised
from assay.forge.gitlab import reading
from assay.forge.gitlab.reading import merge_path, project_path
from assay.forge.gitlab.wire import (
    Approvals,
    Award,
    Member,
    Note,
    Status,
    User,
    read,
    read_all,
)
from assay.forge.model import (
    Change,
    CheckResult,
    CheckStart,
    Conclusion,
    Given,
    NativeReview,
    Provider,
    PullRef,
    PullRequest,
    Stance,
)
from assay.forge.rest import Auth, Json, Rest, segment
from assay.forge.secrets import AppSecret, Secret, TokenSecret
from assay.forge.urls import api_base

_LONGEST = 900_000
_LONGEST_STATUS = 250
# GitLab has no neutral: what could not be verified must not look green.
_STATES = {
    Conclusion.SUCCESS: "success",
    Conclusion.SKIPPED: "success",
    Conclusion.FAILURE: "failed",
    Conclusion.NEUTRAL: "failed",
}
_FINAL = {"success", "failed", "canceled", "skipped"}
_EYES = "eyes"
_DEVELOPER = 30
# A commit status is changed by one request at a time; the others are told so.
_BEING_CHANGED = 409


class GitLab:
    """One connection's view of a GitLab."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._me: User | None = None

    async def read_pull(self, ref: PullRef) -> PullRequest:
        """The merge request as it is now."""
        return await reading.read_pull(self._rest, ref)

    async def read_change(self, ref: PullRef) -> Change:
        """The merge request and what it changes, all of one head commit."""
        return await reading.read_change(self._rest, ref)

    async def open_pulls_of(self, repository: str, sha: str) -> list[int]:
        """The numbers of the open merge requests whose head is this commit."""
        return await reading.open_pulls_of(self._rest, repository, sha)

    async def is_member(self, ref: PullRef, user: str) -> bool:
        """Whether somebody is at least a developer, directly or through a group."""
        path = f"{project_path(ref.repository)}/members/all/{segment(user)}"
        try:
            found = read(Member, (await self._rest.get(path)).one)
        except PullNotFound:
            return False
        return found.access_level >= _DEVELOPER

    async def start_check(self, ref: PullRef, check: CheckStart) -> str:
        """A running commit status; its link, which is the review's own, finds it again."""
        newest = await self._status(ref, check)
        if newest is None or newest.target_url != check.details_url:
            await self._set_status(ref, check, "running", check.title)
        return f"status:{check.head_sha}"

    async def finish_check(
        self, ref: PullRef, check: CheckStart, check_id: str, result: CheckResult
    ) -> None:
        """End the status; GitLab has no place for annotations, which the note holds."""
        newest = await self._status(ref, check)
        ours = newest if newest and newest.target_url == check.details_url else None
        if ours and ours.status in _FINAL:
            return
        # Pipelines may have been added since the start, and the newest one is not where it runs.
        pipeline = ours.pipeline_id if ours else None
        await self._set_status(
            ref, check, _STATES[result.conclusion], result.title, pipeline=pipeline
        )

    async def review(self, ref: PullRef, review: NativeReview) -> Given:
        """Approve the head commit, or take an earlier approval back; the words are in the note."""
        try:
            approved = await self._approved(ref)
            if review.stance is Stance.APPROVE:
                if not approved:
                    body = {"sha": review.head_sha}
                    await self._rest.send("POST", f"{merge_path(ref)}/approve", body)
                return Given.GIVEN
            if approved:
                await self._rest.send("POST", f"{merge_path(ref)}/unapprove", {})
        except ForgeRefused:
            # 409: the head has moved on, and what was reviewed is not there to approve.
            return Given.SAID_ONLY
        except (Unauthorised, PermissionMissing, PullNotFound):
            # GitLab says 401 to who may not approve. Its notes were just read with this token.
            return Given.NOT_PERMITTED
        return Given.SAID_ONLY

    async def comment(
        self, ref: PullRef, marker: str, body: str, known_id: str | None = None
    ) -> str:
        """The one note of this marker, its text brought up to date."""
        text = body if len(body) <= _LONGEST else body[:_LONGEST] + "\n\n… cut."
        root = f"{merge_path(ref)}/notes"
        if known_id is not None:
            try:
                await self._rest.send("PUT", f"{root}/{segment(known_id)}", {"body": text})
                return known_id
            except PullNotFound:
                pass  # somebody has deleted it
        found: list[Note] = []
        async for page in self._rest.pages(root, sort="asc", order_by="created_at"):
            notes = read_all(Note, page.rows)
            found += [note for note in notes if not note.system and marker in note.body]
        if not found:
            made = await self._rest.send("POST", root, {"body": text})
            return str(read(Note, made.one).id)
        # The earliest is ours: nobody can have copied the marker before it was there.
        if found[0].body != text:
            await self._rest.send("PUT", f"{root}/{segment(found[0].id)}", {"body": text})
        return str(found[0].id)

    async def acknowledge(self, ref: PullRef, comment_id: str | None = None) -> None:
        """An eyes reaction, once."""
        place = f"/notes/{segment(comment_id)}" if comment_id else ""
        root = f"{merge_path(ref)}{place}/award_emoji"
        me = await self._who()
        async for page in self._rest.pages(root):
            awards = read_all(Award, page.rows)
            if any(award.name == _EYES and award.user.id == me.id for award in awards):
                return
        await self._rest.send("POST", root, {"name": _EYES})

    async def close(self) -> None:
        """Close its connections."""
        await self._rest.close()

    async def _who(self) -> User:
        if self._me is None:
            self._me = read(User, (await self._rest.get("/user")).one)
        return self._me

    async def _approved(self, ref: PullRef) -> bool:
        """Whether this connection's user has approved."""
        me = await self._who()
        found = read(Approvals, (await self._rest.get(f"{merge_path(ref)}/approvals")).one)
        return any(one.user.id == me.id for one in found.approved_by)

    async def _status(self, ref: PullRef, check: CheckStart) -> Status | None:
        """The newest status of this check's name on its commit."""
        commit = segment(check.head_sha)
        path = f"{project_path(ref.repository)}/repository/commits/{commit}/statuses"
        found: list[Status] = []
        async for page in self._rest.pages(path, name=check.name, all="true"):
            found += [one for one in read_all(Status, page.rows) if one.name == check.name]
        return max(found, key=lambda one: int(one.id), default=None)

    async def _set_status(
        self,
        ref: PullRef,
        check: CheckStart,
        state: str,
        words: str,
        *,
        pipeline: int | str | None = None,
    ) -> None:
        path = f"{project_path(ref.repository)}/statuses/{segment(check.head_sha)}"
        body: dict[str, Json] = {
            "state": state,
            "name": check.name,
            "target_url": check.details_url,
            "description": " ".join(words.split())[:_LONGEST_STATUS],
        }
        if pipeline is not None:
            body["pipeline_id"] = pipeline
        try:
            await self._rest.send("POST", path, body)
        except ForgeRefused as refused:
            if refused.status == _BEING_CHANGED:
                raise ForgeUnavailable(
                    f"{self._rest.host} is just changing this commit status."
                ) from refused
            # It is in this state already: another attempt was faster.
            if "Cannot transition status" not in refused.message:
                raise


def gitlab(base_url: str, secret: Secret | None, *, patience: float = 20.0) -> GitLab:
    """A GitLab by its web address."""
    auth: Auth
    match secret:
        case TokenSecret(token=token, bearer=True):
            auth = FixedToken("Authorization", f"Bearer {token}")
        case TokenSecret(token=token):
            auth = FixedToken("PRIVATE-TOKEN", token)
        case AppSecret():
            raise AppKeyInvalid("GitLab is connected with a token, not with a GitHub App.")
        case None:
            auth = NoToken()
    return GitLab(Rest(api_base(Provider.GITLAB, base_url), auth, patience=patience))
