"""The stand-ins, served on the loopback, and one way to speak of both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from assay.forge import Forge, Provider, PullRef, TokenSecret, github, gitlab
from tests.forge.github_site import GitHubSite, Pull
from tests.forge.gitlab_site import GitLabSite, Merge
from tests.forge.site import served

TOKEN = "good-personal-token"
HEAD = "a" * 40
BASE = "b" * 40
PATCH = "@@ -1,2 +1,2 @@\n one\n-two\n+zwei"


@dataclass
class Place:
    """A stand-in with one open pull request, number 7."""

    site: Any
    pull: Any
    forge: Forge
    ref: PullRef

    def comments(self) -> list[dict[str, Any]]:
        return list(self.pull.comments if self.ref.provider is Provider.GITHUB else self.pull.notes)

    def state(self, closed: str) -> None:
        """Close or merge the pull request."""
        if self.ref.provider is Provider.GITHUB:
            self.pull.state, self.pull.merged = "closed", closed == "merged"
        else:
            self.pull.state = closed

    def move(self, head: str) -> None:
        """New commits arrive."""
        self.pull.head = head

    def fork(self) -> None:
        """Let it come from a fork."""
        if self.ref.provider is Provider.GITHUB:
            self.pull.fork = "eve/shop"
        else:
            self.pull.source_project = 2


def github_files(count: int) -> list[dict[str, Any]]:
    return [
        {
            "filename": f"src/f{number}.js",
            "status": "modified",
            "additions": 1,
            "deletions": 1,
            "changes": 2,
            "patch": PATCH,
        }
        for number in range(count)
    ]


def gitlab_files(count: int) -> list[dict[str, Any]]:
    return [
        {
            "old_path": f"src/f{number}.js",
            "new_path": f"src/f{number}.js",
            "a_mode": "100644",
            "b_mode": "100644",
            "diff": PATCH + "\n",
            "new_file": False,
            "renamed_file": False,
            "deleted_file": False,
        }
        for number in range(count)
    ]


@pytest.fixture
async def hub() -> AsyncIterator[Place]:
    """A GitHub Enterprise server."""
    site = GitHubSite()
    pull = Pull(7, HEAD, BASE, files=github_files(3))
    site.repo().pulls[7] = pull
    async with served(site) as site.url:
        forge = github(site.url, TokenSecret(TOKEN), patience=1.5)
        ref = PullRef(Provider.GITHUB, site.url, "acme/shop", 7)
        yield Place(site, pull, forge, ref)
        await forge.close()
    assert not site.problems, site.problems[0]


@pytest.fixture
async def lab() -> AsyncIterator[Place]:
    """A self-managed GitLab."""
    site = GitLabSite()
    merge = Merge(7, HEAD, BASE, files=gitlab_files(3))
    site.project().merges[7] = merge
    async with served(site) as site.url:
        forge = gitlab(site.url, TokenSecret(TOKEN), patience=1.5)
        yield Place(site, merge, forge, PullRef(Provider.GITLAB, site.url, "acme/web/shop", 7))
        await forge.close()
    assert not site.problems, site.problems[0]


@pytest.fixture(params=["github", "gitlab"])
def place(request: pytest.FixtureRequest) -> Place:
    """Each forge in turn."""
    found: Place = request.getfixturevalue("hub" if request.param == "github" else "lab")
    return found
