"""GitLab's answers, as far as they are used; ids are numbers or texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from assay.forge.errors import ForgeUnavailable

Read = TypeVar("Read", bound=BaseModel)
Id = int | str


class Wire(BaseModel):
    """An object of GitLab's; what is not named here is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class User(Wire):
    """Somebody, or a token's bot."""

    id: Id = 0
    username: str = ""


class DiffRefs(Wire):
    """The commits between which a merge request is shown."""

    base_sha: str | None = None
    head_sha: str | None = None


class MergeRequest(Wire):
    """A merge request. ``sha`` is null as long as GitLab prepares it."""

    iid: Id
    title: str = ""
    description: str | None = None
    state: str = "opened"
    draft: bool | None = None
    work_in_progress: bool | None = None
    sha: str | None = None
    diff_refs: DiffRefs | None = None
    source_branch: str = ""
    target_branch: str = ""
    source_project_id: Id | None = None
    target_project_id: Id | None = None
    author: User | None = None
    web_url: str = ""


class FileDiff(Wire):
    """One file's hunks; collapsed and too large ones are empty."""

    old_path: str
    new_path: str
    diff: str = ""
    new_file: bool = False
    renamed_file: bool = False
    deleted_file: bool = False
    collapsed: bool | None = False
    too_large: bool | None = False


class Changes(Wire):
    """The answer of versions before 15.7, all files at once."""

    changes: list[FileDiff] = []
    overflow: bool | None = False


class Status(Wire):
    """A commit status. Old versions do not tell its pipeline."""

    id: Id
    name: str = ""
    status: str = ""
    target_url: str | None = None
    pipeline_id: Id | None = None


class Note(Wire):
    """A note of a merge request."""

    id: Id
    body: str = ""
    system: bool = False


class Approver(Wire):
    """Who approved."""

    user: User = User()


class Approvals(Wire):
    """Who has approved a merge request."""

    approved_by: list[Approver] = []


class Member(Wire):
    """Somebody of a project; 30 is a developer."""

    access_level: int = 0


class Award(Wire):
    """A reaction."""

    name: str = ""
    user: User = User()


def read(model: type[Read], found: Mapping[str, Any]) -> Read:
    """The object, when it has what is needed."""
    try:
        return model.model_validate(found)
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ForgeUnavailable(f"GitLab's answer lacks or changes {field}.") from error


def read_all(model: type[Read], rows: Sequence[Mapping[str, Any]]) -> list[Read]:
    """The objects of a list."""
    return [read(model, row) for row in rows]
