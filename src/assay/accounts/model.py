"""Who uses Assay: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Organisation:
    """The owner of projects and keys."""

    id: str
    name: str
    created_at: datetime
    suspended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person of an organisation; ``role`` is owner, member or viewer."""

    id: str
    organisation_id: str
    email: str
    name: str
    role: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key without its token. ``project_id`` is ``None`` for an organisation's key.

    ``hint`` is the start of the token, enough to tell keys apart.
    """

    id: str
    organisation_id: str
    project_id: str | None
    name: str
    hint: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key with its token, which is shown this once and never stored."""

    key: ApiKey
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Principal:
    """On whose behalf something is done, and how far that reaches.

    ``project_id`` is set for project-scoped keys, and for sessions that one opened. Exactly one of
    ``key_id`` (API) and ``session_id`` (dashboard) is set for people; neither for Assay's own work.
    """

    organisation_id: str
    project_id: str | None = None
    key_id: str | None = None
    session_id: str | None = None
    member_id: str | None = None


@dataclass(frozen=True, slots=True)
class IssuedSession:
    """A new dashboard session with the token for its cookie."""

    principal: Principal
    expires_at: datetime
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that somebody did."""

    id: str
    organisation_id: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]
    created_at: datetime
