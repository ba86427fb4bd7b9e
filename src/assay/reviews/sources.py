"""Where the change of a pull request comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Fetched:
    """A pull request as its forge knows it, or in ``problem``, in a sentence, why it could not be
    had. ``head_commit`` is what the diff belongs to; ``notes`` are sentences for its reader;
    ``partial``: the forge did not give all of it."""

    diff: str = ""
    title: str = ""
    description: str = ""
    head_commit: str | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()
    partial: bool = False


class Source(Protocol):
    """Fetches changes from the forges that a project is connected to."""

    async def fetch(self, project_id: str, provider: str, url: str) -> Fetched:
        """The change of a pull or merge request; never raises for what the forge answers."""


class NoSource:
    """For a deployment that is connected to no forge."""

    async def fetch(self, project_id: str, provider: str, url: str) -> Fetched:
        """Says what to do instead."""
        names = {"github": "GitHub", "gitlab": "GitLab"}
        return Fetched(
            problem=f"this project is not connected to {names.get(provider, provider)}. Send the "
            "change itself instead, for example with `assay review --diff`"
        )
