"""Webhooks of the stand-ins' pull request: GitHub's published examples with our names in them, and
payloads of our own for GitLab, which publishes its examples in documentation pages only."""

from __future__ import annotations

import copy
import json
import lzma
from functools import cache
from pathlib import Path
from typing import Any

from tests.forge.conftest import HEAD
from tests.forge.described import gitlab_webhooks

_FILE = Path(__file__).parent.parent / "forge" / "description" / "webhooks.json.xz"


@cache
def published() -> list[tuple[str, dict[str, Any]]]:
    """Every example that GitHub has published: event and payload."""
    found = json.loads(lzma.decompress(_FILE.read_bytes()))
    return [(event["name"], one) for event in found for one in event["examples"]]


def example(event: str, action: str) -> dict[str, Any]:
    """A published example, to be changed."""
    return copy.deepcopy(
        next(one for name, one in published() if name == event and one.get("action") == action)
    )


def pull(action: str, head: str = HEAD, **changes: Any) -> dict[str, Any]:
    """A pull request event of ``acme/shop#7``."""
    payload = example("pull_request", action)
    payload["repository"]["full_name"] = "acme/shop"
    payload["number"] = payload["pull_request"]["number"] = 7
    payload["pull_request"]["head"].update(sha=head, ref="feature")
    payload["pull_request"]["head"]["repo"]["full_name"] = "acme/shop"
    payload["pull_request"].update(changes)
    return payload


def comment(text: str, *, association: str = "MEMBER", number: int = 1) -> dict[str, Any]:
    """A comment on ``acme/shop#7``."""
    payload = example("issue_comment", "created")
    payload["repository"]["full_name"] = "acme/shop"
    payload["issue"].update(number=7, pull_request={"url": "https://x.test"})
    payload["comment"].update(id=number, body=text, author_association=association)
    payload["sender"]["type"] = "User"
    return payload


def deployed(url: str, head: str = HEAD, state: str = "success") -> dict[str, Any]:
    """A deployment of a commit of ``acme/shop``."""
    payload = copy.deepcopy(next(one for name, one in published() if name == "deployment_status"))
    payload["repository"]["full_name"] = "acme/shop"
    payload["deployment"]["sha"] = head
    payload["deployment_status"].update(state=state, environment_url=url)
    return payload


def merge(action: str, head: str = HEAD, **changes: Any) -> dict[str, Any]:
    """A merge request event of ``acme/web/shop!7``, as GitLab documents it."""
    return {
        "object_kind": "merge_request",
        "event_type": "merge_request",
        "user": {"id": 1, "username": "ada"},
        "project": {"id": 1, "path_with_namespace": "acme/web/shop"},
        "object_attributes": {
            "id": 99,
            "iid": 7,
            "target_branch": "main",
            "source_branch": "feature",
            "source_project_id": 1,
            "target_project_id": 1,
            "state": "opened",
            "draft": False,
            "action": action,
            "last_commit": {"id": head},
            "url": "https://x.test/acme/web/shop/-/merge_requests/7",
            **changes,
        },
    }


def gitlab_events() -> list[dict[str, Any]]:
    """One payload of each type of GitLab's webhooks, as small as its type allows, about
    ``acme/web/shop`` where it is about a project."""
    described = gitlab_webhooks()
    found = [described.filled(name) for name in sorted(described.document["components"]["schemas"])]
    for one in found:
        if isinstance(one.get("project"), dict):
            one["project"]["path_with_namespace"] = "acme/web/shop"
    return found


def note(text: str, user: int = 1, number: int = 1) -> dict[str, Any]:
    """A note on ``acme/web/shop!7``."""
    return {
        "object_kind": "note",
        "user": {"id": user, "username": "ada"},
        "project": {"id": 1, "path_with_namespace": "acme/web/shop"},
        "object_attributes": {"id": number, "note": text, "noteable_type": "MergeRequest"},
        "merge_request": {"iid": 7},
    }
