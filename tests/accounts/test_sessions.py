"""Sign-in links work once, and sessions end."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from assay import accounts
from assay.accounts.errors import OrganisationSuspended, SignInLinkSpent, Unauthenticated
from assay.kernel.clock import clock_of, now
from assay.storage import Database


async def link(database: Database) -> tuple[str, str]:
    async with database.write() as session:
        organisation = await accounts.create_organisation(session, "Org")
        return organisation.id, await accounts.create_sign_in_link(session, organisation.id)


async def test_of_many_that_use_a_link_one_gets_in(database: Database) -> None:
    _organisation_id, token = await link(database)

    async def use() -> bool:
        try:
            async with database.write() as session:
                await accounts.consume_sign_in_link(session, token)
        except SignInLinkSpent:
            return False
        return True

    assert sum(await asyncio.gather(*(use() for _ in range(8)))) == 1


async def test_a_link_is_short_lived(sqlite_database: Database) -> None:
    _organisation_id, token = await link(sqlite_database)
    later = now() + timedelta(minutes=16)
    with clock_of(lambda: later):
        async with sqlite_database.write() as session:
            with pytest.raises(SignInLinkSpent):
                await accounts.consume_sign_in_link(session, token)


async def test_a_session_goes_on_until_it_ends(database: Database) -> None:
    organisation_id, token = await link(database)
    async with database.write() as session:
        issued = await accounts.consume_sign_in_link(session, token)
    async with database.read() as session:
        principal = await accounts.resume_session(session, issued.token)
        assert principal == issued.principal
        assert principal.organisation_id == organisation_id
        after = issued.expires_at
        with clock_of(lambda: after), pytest.raises(Unauthenticated):
            await accounts.resume_session(session, issued.token)
        for wrong in (None, "", "unknown"):
            with pytest.raises(Unauthenticated):
                await accounts.resume_session(session, wrong)
    async with database.write() as session:
        await accounts.suspend_organisation(session, organisation_id)
        with pytest.raises(OrganisationSuspended):
            await accounts.resume_session(session, issued.token)
        await accounts.resume_organisation(session, organisation_id)
        await accounts.forget_stale(session)
        await accounts.resume_session(session, issued.token)
        await accounts.end_session(session, principal)
        with pytest.raises(Unauthenticated):
            await accounts.resume_session(session, issued.token)
