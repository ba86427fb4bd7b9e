"""A stateful GitHub: pull requests, checks, statuses, reviews, comments, reactions, Apps.

Every request and every good answer is held against GitHub's published description.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from tests.forge.described import github_description
from tests.forge.site import Answer, Asked, Site

NOT_FOUND = Answer(404, {"message": "Not Found"})
NO_APP = Answer(403, {"message": "You must authenticate via a GitHub App."})
NO_ACCESS = Answer(403, {"message": "Resource not accessible by integration"})


@dataclass
class Pull:
    """A pull request of the stand-in."""

    number: int
    head: str
    base: str
    title: str = "A change"
    body: str | None = "What it does."
    state: str = "open"
    draft: bool = False
    merged: bool = False
    author: str = "ada"
    branch: str = "feature"
    fork: str | None = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    reactions: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Token:
    """Who a token speaks for; ``app`` may write checks."""

    login: str
    app: bool = False
    may_write: bool = True


@dataclass
class Repo:
    """A repository of the stand-in."""

    name: str
    pulls: dict[int, Pull] = field(default_factory=dict)
    checks: list[dict[str, Any]] = field(default_factory=list)
    annotations: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)


class GitHubSite(Site):
    """``prefix`` is where an Enterprise server has its API."""

    prefix = "/api/v3"

    def __init__(self) -> None:
        super().__init__(github_description())
        self.repos: dict[str, Repo] = {}
        self.tokens = {"good-personal-token": Token("assay-user")}
        self.app_key = ""
        self.app_id = "77"
        self.issued = 0
        self.token_life = timedelta(hours=1)

    def repo(self, name: str = "acme/shop") -> Repo:
        return self.repos.setdefault(name, Repo(name))

    def token_of(self, asked: Asked) -> Token | None:
        given = asked.headers.get("authorization", "")
        return self.tokens.get(given.removeprefix("Bearer ").removeprefix("token "))

    def refused(self, asked: Asked) -> Answer | None:
        if asked.path.endswith(("/access_tokens", "/installation")):
            try:
                given = asked.headers.get("authorization", "").removeprefix("Bearer ")
                claims = jwt.decode(given, self.app_key, algorithms=["RS256"])
            except jwt.PyJWTError as error:
                return Answer(401, {"message": f"A JSON web token could not be decoded: {error}"})
            long = claims["exp"] - claims["iat"] > 600
            wrong = claims["iss"] != self.app_id
            return Answer(401, {"message": "Bad claims"}) if long or wrong else None
        if self.token_of(asked) is None:
            return Answer(401, {"message": "Bad credentials"})
        return None

    def handle(self, asked: Asked, parts: list[str]) -> Answer:
        match parts:
            case ["app", "installations", number, "access_tokens"]:
                return self._issue(number)
            case ["repos", owner, name, *rest] if f"{owner}/{name}" in self.repos:
                return self._in_repo(asked, self.repos[f"{owner}/{name}"], rest)
        return NOT_FOUND

    def _issue(self, number: str) -> Answer:
        self.issued += 1
        token = f"ghs_installation_token_{self.issued}"
        self.tokens[token] = Token("assay[bot]", app=True)
        until = datetime.now(UTC) + self.token_life
        body = {
            "token": token,
            "expires_at": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "permissions": {"checks": "write"},
        }
        return Answer(201, body)

    def _in_repo(self, asked: Asked, repo: Repo, rest: list[str]) -> Answer:
        token = self.token_of(asked)
        if asked.writes and token is not None and not token.may_write:
            return NO_ACCESS
        match asked.method, rest:
            case "GET", ["installation"]:
                return Answer(
                    200, self.described.filled("installation", id=4242, account=self._user("acme"))
                )
            case "GET", ["commits", sha, "pulls"]:
                found = [p for p in repo.pulls.values() if p.head == sha]
                return Answer(200, [self._simple_pull(repo, p) for p in found])
            case _, ["pulls", number, *more] if number.isdigit():
                pull = repo.pulls.get(int(number))
                return self._pull(asked, repo, pull, more) if pull else NOT_FOUND
            case _, ["check-runs", *_] | ["commits", _, "check-runs"]:
                return self._checks(asked, repo, rest)
            case _, ["statuses", _] | ["commits", _, "statuses"]:
                return self._statuses(asked, repo, rest)
            case _, ["issues", *more]:
                return self._issues(asked, repo, more)
        return NOT_FOUND

    def _pull(self, asked: Asked, repo: Repo, pull: Pull, more: list[str]) -> Answer:
        match asked.method, more:
            case "GET", []:
                return Answer(200, self._whole_pull(repo, pull))
            case "GET", ["files"]:
                return self._page(asked, [self._file(one) for one in pull.files])
            case "GET", ["reviews"]:
                return self._page(asked, pull.reviews)
            case "POST", ["reviews"]:
                return self._review(asked, pull)
        return NOT_FOUND

    def _review(self, asked: Asked, pull: Pull) -> Answer:
        token, body = self.token_of(asked), asked.body
        event = body.get("event")
        own = token is not None and token.login == pull.author
        if own and event in ("APPROVE", "REQUEST_CHANGES"):
            words = f"Can not {event.lower()} your own pull request"
            return Answer(422, {"message": "Unprocessable Entity", "errors": [words]})
        if event != "APPROVE" and not body.get("body"):
            return Answer(422, {"message": "Unprocessable Entity", "errors": ["body is needed"]})
        states = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED"}
        made = self.described.filled(
            "pull-request-review",
            id=self.new_id(),
            body=body.get("body", ""),
            state=states.get(event, "COMMENTED"),
            commit_id=body.get("commit_id") or pull.head,
            user=self._user(token.login if token else ""),
        )
        pull.reviews.append(made)
        return Answer(200, made)

    def _checks(self, asked: Asked, repo: Repo, rest: list[str]) -> Answer:
        token = self.token_of(asked)
        match asked.method, rest:
            case "GET", ["commits", sha, "check-runs"]:
                name = asked.query.get("check_name")
                found = [
                    c for c in repo.checks if c["head_sha"] == sha and name in (None, c["name"])
                ]
                page = self._page(asked, found)
                body = {"total_count": len(found), "check_runs": page.body}
                return Answer(200, body, page.headers)
            case "POST", ["check-runs"]:
                if token is None or not token.app:
                    return NO_APP
                made = self.described.filled("check-run", id=self.new_id(), annotations_url="")
                repo.checks.append(made)
                return Answer(201, self._update(repo, made, asked.body))
            case _, ["check-runs", number, *more]:
                check = next((c for c in repo.checks if str(c["id"]) == number), None)
                if check is None:
                    return NOT_FOUND
                if more == ["annotations"]:
                    return self._page(asked, repo.annotations.get(check["id"], []))
                if asked.method == "PATCH":
                    if token is None or not token.app:
                        return NO_APP
                    self._update(repo, check, asked.body)
                return Answer(200, check)
        return NOT_FOUND

    def _update(self, repo: Repo, check: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        output = dict(given.get("output") or {})
        added = output.pop("annotations", [])
        assert len(added) <= 50, "GitHub takes 50 annotations a request"
        known = repo.annotations.setdefault(check["id"], [])
        known += [
            self.described.filled("check-annotation", **{"title": None, **one, "blob_href": ""})
            for one in added
        ]
        for key in ("name", "head_sha", "status", "external_id", "details_url", "conclusion"):
            if key in given:
                check[key] = given[key]
        if given.get("conclusion"):
            check["status"] = "completed"
            check["completed_at"] = "2026-01-01T00:00:01Z"
        check["output"] = {**check["output"], **output, "annotations_count": len(known)}
        return check

    def _statuses(self, asked: Asked, repo: Repo, rest: list[str]) -> Answer:
        if asked.method == "GET":
            found = [s for s in repo.statuses if s["sha"] == rest[1]]
            shown = [{k: v for k, v in s.items() if k != "sha"} for s in reversed(found)]
            return self._page(asked, shown)
        made = self.described.filled("status", id=self.new_id(), **asked.body)
        repo.statuses.append({**made, "sha": rest[1]})
        return Answer(201, made)

    def _issues(self, asked: Asked, repo: Repo, more: list[str]) -> Answer:
        if more[0] == "comments":
            pairs = [(p, c) for p in repo.pulls.values() for c in p.comments]
            found = next(((p, c) for p, c in pairs if str(c["id"]) == more[1]), None)
            if found is None:
                return NOT_FOUND
            if more[2:] == ["reactions"]:
                return self._react(asked, found[1].setdefault("_reactions", []))
            found[1].update(body=asked.body["body"])
            return Answer(200, self._shown(found[1]))
        pull = repo.pulls.get(int(more[0])) if more[0].isdigit() else None
        if pull is None:
            return NOT_FOUND
        if more[1:] == ["reactions"]:
            if asked.method == "GET":
                return self._page(asked, pull.reactions)
            return self._react(asked, pull.reactions)
        if asked.method == "GET":
            return self._page(asked, [self._shown(c) for c in pull.comments])
        token = self.token_of(asked)
        made = self.described.filled(
            "issue-comment",
            id=self.new_id(),
            body=asked.body["body"],
            user=self._user(token.login if token else ""),
        )
        pull.comments.append(made)
        return Answer(201, self._shown(made))

    def _react(self, asked: Asked, reactions: list[dict[str, Any]]) -> Answer:
        token = self.token_of(asked)
        login = token.login if token else ""
        for one in reactions:
            if one["content"] == asked.body["content"] and one["user"]["login"] == login:
                return Answer(200, one)
        made = self.described.filled(
            "reaction", id=self.new_id(), content=asked.body["content"], user=self._user(login)
        )
        reactions.append(made)
        return Answer(201, made)

    def _page(self, asked: Asked, rows: list[Any]) -> Answer:
        size = int(asked.query.get("per_page", 30))
        page = int(asked.query.get("page", 1))
        headers = {}
        if len(rows) > page * size:
            query = {**asked.query, "page": str(page + 1)}
            text = "&".join(f"{k}={v.replace(' ', '%20')}" for k, v in query.items())
            headers["link"] = f'<{self.url}{asked.path}?{text}>; rel="next"'
        return Answer(200, rows[(page - 1) * size : page * size], headers)

    def _shown(self, comment: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in comment.items() if not k.startswith("_")}

    def _user(self, login: str) -> dict[str, Any]:
        user: dict[str, Any] = self.described.filled("simple-user", login=login)
        return user

    def _file(self, given: dict[str, Any]) -> Any:
        return self.described.filled("diff-entry", **given)

    def _simple_pull(self, repo: Repo, pull: Pull) -> Any:
        whole = self._whole_pull(repo, pull)
        return self.described.filled(
            "pull-request-simple",
            **{k: whole[k] for k in ("number", "state", "title", "body", "draft", "user")},
            head=whole["head"],
            base=whole["base"],
        )

    def _whole_pull(self, repo: Repo, pull: Pull) -> Any:
        home = self.described.filled("repository", full_name=repo.name)
        head_repo = home
        if pull.fork != "":
            head_repo = pull.fork and self.described.filled("repository", full_name=pull.fork)
        user = self._user(pull.author)
        side = {"label": "x", "user": user}
        return self.described.filled(
            "pull-request",
            number=pull.number,
            html_url=f"{self.url}/{repo.name}/pull/{pull.number}",
            title=pull.title,
            body=pull.body,
            state=pull.state,
            draft=pull.draft,
            merged=pull.merged,
            merged_at="2026-01-01T00:00:00Z" if pull.merged else None,
            user=user,
            head={**side, "ref": pull.branch, "sha": pull.head, "repo": head_repo},
            base={**side, "ref": "main", "sha": pull.base, "repo": home},
            changed_files=len(pull.files),
        )
