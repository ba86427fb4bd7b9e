"""Signing in to the dashboard: one-time links, and the sessions that they open."""

from __future__ import annotations

from datetime import timedelta

from assay.accounts import store
from assay.accounts.errors import OrganisationSuspended, SignInLinkSpent, Unauthenticated
from assay.accounts.model import IssuedSession, Principal
from assay.accounts.service import token_hash
from assay.kernel.clock import now
from assay.kernel.ids import new_token, new_uuid
from assay.storage.session import ReadSession, WriteSession

LINK_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(days=14)


async def create_sign_in_link(
    session: WriteSession,
    organisation_id: str,
    *,
    member_id: str | None = None,
    life: timedelta = LINK_LIFE,
) -> str:
    """The token of a link that signs in once, within its short life."""
    token = new_token(40)
    at = now()
    await store.add_link(
        session,
        {
            "id": new_uuid(),
            "organisation_id": organisation_id,
            "member_id": member_id,
            "token_hash": token_hash(token),
            "created_at": at,
            "expires_at": at + life,
        },
    )
    return token


async def consume_sign_in_link(session: WriteSession, token: str) -> IssuedSession:
    """Spend a link and open a session, in one transaction: of two that try, one gets in."""
    opened = await store.spend_link(session, token_hash(token), now())
    if opened is None:
        raise SignInLinkSpent("This sign-in link was used or is too old. Ask for a new one.")
    organisation_id, member_id = opened
    return await start_session(session, organisation_id, member_id=member_id)


async def start_session(
    session: WriteSession,
    organisation_id: str,
    *,
    member_id: str | None = None,
    opener: Principal | None = None,
    life: timedelta = SESSION_LIFE,
) -> IssuedSession:
    """Open a dashboard session; its token goes into a cookie.

    One that an API key opened (``opener``) reaches as far as the key, and ends with it.
    """
    token = new_token(40)
    at = now()
    principal = Principal(
        organisation_id,
        project_id=opener.project_id if opener else None,
        session_id=new_uuid(),
        member_id=member_id,
    )
    key_id = opener.key_id if opener else None
    await store.add_session(session, principal, token_hash(token), at, at + life, key_id)
    return IssuedSession(principal, at + life, token)


async def resume_session(session: ReadSession, token: str | None) -> Principal:
    """Who a session cookie stands for."""
    row = await store.session_by_hash(session, token_hash(token), now()) if token else None
    if row is None:
        raise Unauthenticated("You are not signed in.")
    if row.suspended_at is not None:
        raise OrganisationSuspended("This organisation is suspended.")
    return Principal(
        row.organisation_id,
        project_id=row.project_id,
        session_id=row.id,
        member_id=row.member_id,
    )


async def end_session(session: WriteSession, principal: Principal) -> None:
    """Sign out."""
    if principal.session_id is not None:
        await store.delete_session(session, principal.session_id)


async def forget_stale(session: WriteSession) -> None:
    """Remove sessions and links whose time was over a day ago."""
    await store.delete_stale(session, now() - timedelta(days=1))
