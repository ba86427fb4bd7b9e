"""GitLab's webhooks in this project's words. Lenient: what is not understood is no news."""

from __future__ import annotations

from typing import Any

from assay.reviews.publishing.news import CommentMade, News, PreviewReady, PullChanged, PullClosed
from assay.web.hooks.github import OURS, at, number_of, text


def repository_of(payload: dict[str, Any]) -> str:
    """The project that a payload is about; empty when it is about none."""
    return text(payload, "project", "path_with_namespace")


def news_of(event: str, payload: dict[str, Any]) -> News | None:
    """What a payload tells, if it is something to act on."""
    repository = repository_of(payload)
    if not repository:
        return None
    match text(payload, "object_kind"):
        case "merge_request":
            return _merge(repository, payload)
        case "note":
            return _note(repository, payload)
        case "deployment":
            return _deployment(repository, payload)
    return None


def _merge(repository: str, payload: dict[str, Any]) -> News | None:
    number = number_of(payload, "object_attributes", "iid")
    head = text(payload, "object_attributes", "last_commit", "id")
    action = text(payload, "object_attributes", "action")
    if not number:
        return None
    if action in ("close", "merge"):
        return PullClosed(repository, number)
    # An update without an old revision changed words, not code; or ended being a draft.
    pushed = action == "update" and bool(at(payload, "object_attributes", "oldrev"))
    ready = action == "update" and at(payload, "changes", "draft", "current") is False
    if not head or not (action in ("open", "reopen") or pushed or ready):
        return None
    source = at(payload, "object_attributes", "source_project_id")
    return PullChanged(
        repository,
        number,
        head,
        branch=text(payload, "object_attributes", "source_branch"),
        url=text(payload, "object_attributes", "url"),
        actor=text(payload, "user", "username"),
        draft=at(payload, "object_attributes", "draft") is True,
        from_fork=source != at(payload, "object_attributes", "target_project_id"),
    )


def _note(repository: str, payload: dict[str, Any]) -> News | None:
    said = text(payload, "object_attributes", "note")
    number = number_of(payload, "merge_request", "iid")
    action = text(payload, "object_attributes", "action") or "create"
    system = at(payload, "object_attributes", "system") is True
    if not number or action != "create" or system or OURS in said or "@assay" not in said.lower():
        return None
    return CommentMade(
        repository,
        number,
        comment_id=str(at(payload, "object_attributes", "id") or ""),
        text=said,
        actor=text(payload, "user", "username"),
        actor_id=str(number_of(payload, "user", "id") or ""),
    )


def _deployment(repository: str, payload: dict[str, Any]) -> News | None:
    url = text(payload, "environment_external_url")
    # The payload itself only has a short form of the commit.
    sha = text(payload, "commit_url").rstrip("/").rpartition("/")[2]
    if text(payload, "status") != "success" or not url or len(sha) != 40:
        return None
    return PreviewReady(repository, sha, url)
