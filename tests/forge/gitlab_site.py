"""A stateful GitLab: merge requests, commit statuses, notes, approvals, reactions.

It keeps GitLab's own odd rules: 401 to who may not approve, 400 for a status that stands already,
a status belongs to the newest pipeline of its commit unless its request names another one. Every
request and every good answer is held against a description made of other people's types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.forge.described import gitlab_description
from tests.forge.site import Answer, Asked, Site

NOT_FOUND = Answer(404, {"message": "404 Not Found"})
WHEN = "2026-01-01T00:00:00.000Z"


@dataclass
class Merge:
    """A merge request of the stand-in."""

    iid: int
    head: str | None
    base: str
    title: str = "A change"
    description: str | None = "What it does."
    state: str = "opened"
    draft: bool = False
    author: str = "ada"
    branch: str = "feature"
    source_project: int = 1
    files: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    awards: list[dict[str, Any]] = field(default_factory=list)
    approvers: list[str] = field(default_factory=list)


@dataclass
class Person:
    """Who a token speaks for."""

    id: int
    username: str
    may_approve: bool = True
    may_write: bool = True


@dataclass
class Project:
    """A project of the stand-in."""

    path: str
    merges: dict[int, Merge] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    pipelines: dict[str, list[int]] = field(default_factory=dict)


class GitLabSite(Site):
    """``old``: a version without the paged list of files."""

    prefix = "/api/v4"

    def __init__(self) -> None:
        super().__init__(gitlab_description())
        self.projects: dict[str, Project] = {}
        self.tokens = {"good-personal-token": Person(9, "assay-bot")}
        self.old = False
        self.members = {1: 40}

    def project(self, path: str = "acme/web/shop") -> Project:
        return self.projects.setdefault(path, Project(path))

    def who(self, asked: Asked) -> Person | None:
        bearer = asked.headers.get("authorization", "").removeprefix("Bearer ")
        return self.tokens.get(asked.headers.get("private-token", bearer))

    def refused(self, asked: Asked) -> Answer | None:
        who = self.who(asked)
        if who is None:
            return Answer(401, {"message": "401 Unauthorized"})
        if asked.writes and not who.may_write:
            return Answer(403, {"message": "403 Forbidden"})
        return None

    def handle(self, asked: Asked, parts: list[str]) -> Answer:
        if parts[:2] == ["projects", "1"] and self.projects:
            # A project goes by its number as well.
            parts = ["projects", next(iter(self.projects)), *parts[2:]]
        match parts:
            case ["user"]:
                who = self._person(asked)
                return Answer(
                    200,
                    self.described.filled("ExpandedUserSchema", id=who.id, username=who.username),
                )
            case ["projects", path, *rest] if path in self.projects:
                return self._in_project(asked, self.projects[path], rest)
        return NOT_FOUND

    def _in_project(self, asked: Asked, project: Project, rest: list[str]) -> Answer:
        match asked.method, rest:
            case "GET", []:
                found = self.described.filled(
                    "SimpleProjectSchema", path_with_namespace=project.path
                )
                return Answer(200, found)
            case "GET", ["members", "all", user] if int(user) in self.members:
                level = self.members[int(user)]
                member = self.described.filled(
                    "SimpleMemberSchema", id=int(user), access_level=level
                )
                return Answer(200, member)
            case "GET", ["repository", "commits", sha, "merge_requests"]:
                found = [m for m in project.merges.values() if m.head == sha]
                return self._page(asked, [self._merge(project, m) for m in found])
            case "GET", ["repository", "commits", sha, "statuses"]:
                name = asked.query.get("name")
                found = [
                    s for s in project.statuses if s["sha"] == sha and name in (None, s["name"])
                ]
                return self._page(asked, found)
            case "POST", ["statuses", sha]:
                return self._status(asked, project, sha)
            case _, ["merge_requests", iid, *more] if int(iid) in project.merges:
                return self._in_merge(asked, project, project.merges[int(iid)], more)
        return Answer(404, {"message": f"404 {asked.method} {rest} Not Found"})

    def _in_merge(self, asked: Asked, project: Project, merge: Merge, more: list[str]) -> Answer:
        match asked.method, more:
            case "GET", []:
                return Answer(200, self._merge(project, merge))
            case "GET", ["diffs"] if not self.old:
                return self._page(asked, merge.files)
            case "GET", ["changes"]:
                body = {**self._merge(project, merge), "changes": merge.files, "overflow": False}
                return Answer(200, body)
            case "GET", ["approvals"]:
                return Answer(200, self._approvals(merge))
            case "POST", ["approve" | "unapprove"]:
                return self._approve(asked, merge, more[0] == "approve")
            case _, ["notes", *deeper]:
                return self._notes(asked, merge, deeper)
            case _, ["award_emoji"]:
                return self._award(asked, merge.awards)
        return NOT_FOUND

    def _status(self, asked: Asked, project: Project, sha: str) -> Answer:
        body = asked.body
        known = project.pipelines.setdefault(sha, [])
        pipeline = body.get("pipeline_id")
        if pipeline is None:
            pipeline = known[-1] if known else self.new_pipeline(sha, project)
        if pipeline not in known:
            return NOT_FOUND
        same = [
            s
            for s in project.statuses
            if (s["sha"], s["name"], s["pipeline_id"]) == (sha, body["name"], pipeline)
        ]
        newest = same[-1] if same else None
        if newest is not None and newest["status"] == body["state"]:
            event = "run" if body["state"] == "running" else body["state"]
            words = f"Cannot transition status via :{event} from :{newest['status']}"
            return Answer(400, {"message": words})
        row = newest if newest is not None and newest["status"] in ("pending", "running") else None
        if row is None:
            row = self.described.filled(
                "CommitStatusSchema",
                id=self.new_id(),
                sha=sha,
                name=body["name"],
                ref="feature",
                pipeline_id=pipeline,
                created_at=WHEN,
            )
            project.statuses.append(row)
        row |= {
            "status": body["state"],
            "description": body.get("description"),
            "target_url": body.get("target_url"),
            "author": self._user(self._person(asked)),
        }
        return Answer(201, row)

    def new_pipeline(self, sha: str, project: Project | None = None) -> int:
        """Another pipeline of a commit, as each push and each merge request makes one."""
        pipelines = (project or self.project()).pipelines.setdefault(sha, [])
        pipelines.append(self.new_id())
        return pipelines[-1]

    def _approvals(self, merge: Merge) -> dict[str, Any]:
        """As the free edition answers."""
        users = [{"user": self._user(Person(self._id(n), n))} for n in merge.approvers]
        return {"user_has_approved": bool(users), "approved": bool(users), "approved_by": users}

    def _approve(self, asked: Asked, merge: Merge, yes: bool) -> Answer:
        who = self._person(asked)
        if not who.may_approve or (who.username in merge.approvers) == yes:
            return Answer(401 if yes else 404, {"message": "401 Unauthorized"})
        if yes and asked.body.get("sha") not in (None, merge.head):
            return Answer(409, {"message": "SHA does not match HEAD of source branch"})
        if yes:
            merge.approvers.append(who.username)
        else:
            merge.approvers.remove(who.username)
        return Answer(201, self._approvals(merge))

    def _notes(self, asked: Asked, merge: Merge, more: list[str]) -> Answer:
        if not more and asked.method == "GET":
            return self._page(asked, [self._note(n) for n in merge.notes])
        if not more:
            made = self.described.filled(
                "NoteSchema",
                id=self.new_id(),
                body=asked.body["body"],
                author=self._user(self._person(asked)),
                noteable_type="MergeRequest",
                noteable_iid=merge.iid,
                created_at=WHEN,
            )
            merge.notes.append(made)
            return Answer(201, self._note(made))
        found = next((n for n in merge.notes if str(n["id"]) == more[0]), None)
        if found is None:
            return NOT_FOUND
        if more[1:] == ["award_emoji"]:
            return self._award(asked, found.setdefault("_awards", []))
        if asked.method == "PUT":
            found["body"] = asked.body["body"]
        return Answer(200, self._note(found))

    def _award(self, asked: Asked, awards: list[dict[str, Any]]) -> Answer:
        if asked.method == "GET":
            return self._page(asked, awards)
        user = self._user(self._person(asked))
        if any(a["name"] == asked.body["name"] and a["user"] == user for a in awards):
            return Answer(404, {"message": "404 Award Emoji Name has already been taken Not Found"})
        made = self.described.filled(
            "AwardEmojiSchema", id=self.new_id(), name=asked.body["name"], user=user
        )
        awards.append(made)
        return Answer(201, made)

    def _page(self, asked: Asked, rows: list[Any]) -> Answer:
        size, page = int(asked.query.get("per_page", 20)), int(asked.query.get("page", 1))
        more = len(rows) > page * size
        headers = {"x-next-page": str(page + 1) if more else "", "x-page": str(page)}
        return Answer(200, rows[(page - 1) * size : page * size], headers)

    def _person(self, asked: Asked) -> Person:
        who = self.who(asked)
        assert who is not None
        return who

    def _id(self, username: str) -> int:
        return next((p.id for p in self.tokens.values() if p.username == username), 1)

    def _note(self, note: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in note.items() if not k.startswith("_")}

    def _user(self, person: Person) -> dict[str, Any]:
        return {
            "id": person.id,
            "username": person.username,
            "name": person.username,
            "state": "active",
            "avatar_url": f"{self.url}/avatar.png",
            "web_url": f"{self.url}/{person.username}",
            "created_at": WHEN,
        }

    def _merge(self, project: Project, merge: Merge) -> dict[str, Any]:
        refs = {"base_sha": merge.base, "head_sha": merge.head, "start_sha": merge.base}
        found: dict[str, Any] = self.described.filled(
            "ExpandedMergeRequestSchema",
            id=1000 + merge.iid,
            iid=merge.iid,
            project_id=1,
            title=merge.title,
            description=merge.description,
            state=merge.state,
            draft=merge.draft,
            sha=merge.head,
            diff_refs=refs if merge.head else None,
            source_branch=merge.branch,
            target_branch="main",
            source_project_id=merge.source_project,
            target_project_id=1,
            author=self._user(Person(1, merge.author)),
            web_url=f"{self.url}/{project.path}/-/merge_requests/{merge.iid}",
        )
        return found
