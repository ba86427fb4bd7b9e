"""GitHub's webhooks in this project's words. Lenient: what is not understood is no news."""

from __future__ import annotations

from typing import Any

from assay.reviews.publishing.news import (
    CheckAskedAgain,
    CommentMade,
    News,
    PreviewReady,
    PullChanged,
    PullClosed,
)

_CHANGED = {"opened", "reopened", "synchronize", "ready_for_review"}
_MEMBERS = {"OWNER", "MEMBER", "COLLABORATOR"}
# Our own comments speak of Assay too.
OURS = "<!-- assay:"


def repository_of(payload: dict[str, Any]) -> str:
    """The repository that a payload is about; empty when it is about none."""
    return text(payload, "repository", "full_name")


def news_of(event: str, payload: dict[str, Any]) -> News | None:
    """What a payload tells, if it is something to act on."""
    repository, action = repository_of(payload), text(payload, "action")
    if not repository:
        return None
    match event:
        case "pull_request":
            return _pull(repository, action, payload)
        case "deployment_status":
            return _deployment(repository, payload)
        case "issue_comment":
            return _comment(repository, action, payload)
        case "check_run" if action == "rerequested":
            external_id = text(payload, "check_run", "external_id")
            actor = text(payload, "sender", "login")
            return CheckAskedAgain(repository, external_id, actor) if external_id else None
    return None


def _pull(repository: str, action: str, payload: dict[str, Any]) -> News | None:
    number = number_of(payload, "pull_request", "number")
    head = text(payload, "pull_request", "head", "sha")
    if not number:
        return None
    if action == "closed":
        return PullClosed(repository, number)
    if action not in _CHANGED or not head:
        return None
    home = text(payload, "pull_request", "head", "repo", "full_name")
    return PullChanged(
        repository,
        number,
        head,
        branch=text(payload, "pull_request", "head", "ref"),
        url=text(payload, "pull_request", "html_url"),
        actor=text(payload, "sender", "login"),
        draft=at(payload, "pull_request", "draft") is True,
        from_fork=home != repository,
    )


def _deployment(repository: str, payload: dict[str, Any]) -> News | None:
    url = text(payload, "deployment_status", "environment_url")
    sha = text(payload, "deployment", "sha")
    if text(payload, "deployment_status", "state") != "success" or not url or not sha:
        return None
    return PreviewReady(repository, sha, url)


def _comment(repository: str, action: str, payload: dict[str, Any]) -> News | None:
    said = text(payload, "comment", "body")
    number = number_of(payload, "issue", "number")
    on_pull = isinstance(at(payload, "issue", "pull_request"), dict)
    bot = text(payload, "sender", "type") == "Bot"
    if action != "created" or not on_pull or bot or not number or OURS in said:
        return None
    if "@assay" not in said.lower():
        return None
    return CommentMade(
        repository,
        number,
        comment_id=str(at(payload, "comment", "id") or ""),
        text=said,
        actor=text(payload, "comment", "user", "login"),
        actor_id=text(payload, "comment", "user", "login"),
        trusted=text(payload, "comment", "author_association") in _MEMBERS,
    )


def at(payload: Any, *keys: str) -> Any:
    """What stands at a path of keys, or None."""
    for key in keys:
        if not isinstance(payload, dict):
            return None
        payload = payload.get(key)
    return payload


def text(payload: Any, *keys: str) -> str:
    """The text at a path of keys, or an empty one."""
    found = at(payload, *keys)
    return found if isinstance(found, str) else ""


def number_of(payload: Any, *keys: str) -> int:
    """The whole number at a path of keys, or 0; GitLab also writes them as texts."""
    found = at(payload, *keys)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 10:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0
