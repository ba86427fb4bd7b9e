"""Organisations, members and API keys: making them, and telling who a request comes from."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime, timedelta

from assay.accounts import store
from assay.accounts.errors import (
    AccountValueInvalid,
    KeyExpired,
    KeyNotFound,
    KeyRevoked,
    MemberExists,
    OrganisationNotFound,
    OrganisationSuspended,
    Unauthenticated,
)
from assay.accounts.model import ApiKey, AuditEntry, IssuedKey, Member, Organisation, Principal
from assay.kernel.clock import now
from assay.kernel.ids import new_token, new_uuid
from assay.kernel.text import fold
from assay.storage.session import ReadSession, WriteSession

KEY_PREFIX = "assay_"
ROLES = ("owner", "member", "viewer")
_HINT = len(KEY_PREFIX) + 4
_USE_NOTED_EVERY = timedelta(minutes=1)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def token_hash(token: str) -> str:
    """What is stored of a token. Tokens are long and random, so a plain hash cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


async def create_organisation(session: WriteSession, name: str) -> Organisation:
    """A new organisation."""
    organisation = Organisation(id=new_uuid(), name=_name(name), created_at=now())
    await store.add_organisation(session, organisation)
    return organisation


async def list_organisations(session: ReadSession) -> list[Organisation]:
    """Every organisation of this deployment, oldest first."""
    return await store.all_organisations(session)


async def get_organisation(session: ReadSession, organisation_id: str) -> Organisation:
    """One organisation."""
    found = await store.organisation(session, organisation_id)
    if found is None:
        raise OrganisationNotFound("There is no such organisation.")
    return found


async def suspend_organisation(session: WriteSession, organisation_id: str) -> None:
    """Refuse every key and session of an organisation until it is resumed."""
    if not await store.set_suspended(session, organisation_id, now()):
        raise OrganisationNotFound("There is no such organisation.")


async def resume_organisation(session: WriteSession, organisation_id: str) -> None:
    """End a suspension."""
    if not await store.set_suspended(session, organisation_id, None):
        raise OrganisationNotFound("There is no such organisation.")


async def add_member(
    session: WriteSession, organisation_id: str, *, email: str, name: str = "", role: str = "member"
) -> Member:
    """A new member of an organisation."""
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise AccountValueInvalid(f'"{email}" is not an e-mail address.')
    if role not in ROLES:
        raise AccountValueInvalid(f'role must be one of {", ".join(ROLES)}, not "{role}".')
    member = Member(
        id=new_uuid(),
        organisation_id=organisation_id,
        email=address,
        name=fold(name) or address.partition("@")[0],
        role=role,
        created_at=now(),
    )
    if not await store.add_member(session, member):
        raise MemberExists(f"{address} is a member already.")
    return member


async def list_members(session: ReadSession, organisation_id: str) -> list[Member]:
    """The members of an organisation, oldest first."""
    return await store.members_of(session, organisation_id)


async def create_key(
    session: WriteSession,
    organisation_id: str,
    *,
    name: str,
    project_id: str | None = None,
    expires_at: datetime | None = None,
) -> IssuedKey:
    """A new key. Without a project it is the organisation's. The token is never shown again."""
    if expires_at is not None and expires_at <= now():
        raise AccountValueInvalid("expires_at must lie in the future.")
    token = KEY_PREFIX + new_token(40)
    key = ApiKey(
        id=new_uuid(),
        organisation_id=organisation_id,
        project_id=project_id,
        name=_name(name),
        hint=token[:_HINT],
        created_at=now(),
        expires_at=expires_at,
    )
    await store.add_key(session, key, token_hash(token))
    return IssuedKey(key, token)


async def list_keys(session: ReadSession, organisation_id: str) -> list[ApiKey]:
    """The keys of an organisation, revoked ones included, oldest first."""
    return await store.keys_of(session, organisation_id)


async def revoke_key(session: WriteSession, organisation_id: str, key_id: str) -> ApiKey:
    """Refuse a key from now on. Revoking it again changes nothing."""
    found = await store.key(session, organisation_id, key_id)
    if found is None:
        raise KeyNotFound("There is no such key.")
    if found.revoked_at is not None:
        return found
    at = now()
    await store.set_revoked(session, key_id, at)
    return replace(found, revoked_at=at)


async def authenticate(session: ReadSession, token: str | None) -> Principal:
    """Who a bearer token stands for. Refuses unknown (401), then revoked, expired, suspended."""
    if not token or not token.startswith(KEY_PREFIX) or len(token) > 200:
        raise Unauthenticated("Send a valid API key as Authorization: Bearer KEY.")
    found = await store.key_by_hash(session, token_hash(token))
    if found is None:
        raise Unauthenticated("This API key is not known.")
    key, suspended_at = found
    if key.revoked_at is not None:
        raise KeyRevoked("This API key was revoked. Use another one.")
    if key.expires_at is not None and key.expires_at <= now():
        raise KeyExpired("This API key has expired. Create a new one.")
    if suspended_at is not None:
        raise OrganisationSuspended("This organisation is suspended.")
    return Principal(key.organisation_id, key.project_id, key_id=key.id)


async def note_use(session: WriteSession, principal: Principal) -> None:
    """Remember that a key was used, at most once a minute."""
    if principal.key_id is not None:
        at = now()
        await store.set_used(session, principal.key_id, at, at - _USE_NOTED_EVERY)


async def record(
    session: WriteSession,
    principal: Principal,
    action: str,
    subject: str,
    **detail: str | int | bool | None,
) -> None:
    """Add a row to the audit trail, in the transaction of what it reports. No secrets in it."""
    entry = AuditEntry(
        id=new_uuid(),
        organisation_id=principal.organisation_id,
        actor=_actor(principal),
        action=action,
        subject=subject,
        detail=detail,
        created_at=now(),
    )
    await store.add_entry(session, entry)


async def audit_trail(
    session: ReadSession, organisation_id: str, *, limit: int = 100
) -> list[AuditEntry]:
    """The newest audit rows of an organisation, newest first."""
    return list(await store.entries(session, organisation_id, limit))


def _actor(principal: Principal) -> str:
    if principal.member_id is not None:
        return f"member/{principal.member_id}"
    if principal.key_id is not None:
        return f"key/{principal.key_id}"
    return f"session/{principal.session_id}" if principal.session_id else "assay"


def _name(name: str) -> str:
    folded = fold(name)
    if not folded or len(folded) > 200:
        raise AccountValueInvalid("name must have 1 to 200 characters.")
    return folded
