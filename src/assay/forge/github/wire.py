"""GitHub's answers, as far as they are used. Lenient: its own examples lack fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from assay.forge.errors import ForgeUnavailable

Read = TypeVar("Read", bound=BaseModel)


class Wire(BaseModel):
    """An object of GitHub's; what is not named here is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class User(Wire):
    """Somebody, or an App's bot."""

    login: str = ""


class Repository(Wire):
    """A repository."""

    full_name: str = ""


class Side(Wire):
    """The head or base of a pull request; a fork that was deleted has no repository."""

    ref: str = ""
    sha: str
    repo: Repository | None = None


class Pull(Wire):
    """A pull request."""

    number: int
    html_url: str = ""
    title: str = ""
    body: str | None = None
    state: str = "open"
    draft: bool | None = False
    merged: bool | None = False
    merged_at: str | None = None
    user: User | None = None
    head: Side
    base: Side
    changed_files: int | None = None


class File(Wire):
    """A file of a pull request; large and binary ones have no patch."""

    filename: str
    status: str = "modified"
    additions: int = 0
    deletions: int = 0
    changes: int = 0
    patch: str | None = None
    previous_filename: str | None = None


class Output(Wire):
    """What a check run shows."""

    annotations_count: int = 0


class CheckRun(Wire):
    """A check run."""

    id: int
    status: str = ""
    external_id: str | None = None
    output: Output = Output()


class CheckRuns(Wire):
    """A page of check runs."""

    check_runs: list[CheckRun] = []


class Status(Wire):
    """A commit status, for tokens that may not write check runs."""

    state: str = ""
    context: str = ""
    description: str | None = None


class Review(Wire):
    """A native review."""

    id: int
    body: str | None = None
    commit_id: str | None = None


class Comment(Wire):
    """A comment of a pull request's conversation."""

    id: int
    body: str | None = None


def read(model: type[Read], found: Mapping[str, Any]) -> Read:
    """The object, when it has what is needed."""
    try:
        return model.model_validate(found)
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ForgeUnavailable(f"GitHub's answer lacks or changes {field}.") from error


def read_all(model: type[Read], rows: Sequence[Mapping[str, Any]]) -> list[Read]:
    """The objects of a list."""
    return [read(model, row) for row in rows]
