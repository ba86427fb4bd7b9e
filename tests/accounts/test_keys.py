"""Keys: who they stand for, and when they are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from assay import accounts
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
from assay.accounts.tables import api_keys
from assay.kernel.clock import clock_of, now
from assay.storage import Database


async def test_a_key_stands_for_its_organisation_or_project(database: Database) -> None:
    async with database.write() as session:
        ours = await accounts.create_organisation(session, " Our   Org ")
        wide = await accounts.create_key(session, ours.id, name="wide")
        narrow = await accounts.create_key(session, ours.id, name="narrow", project_id="p1")
    assert ours.name == "Our Org"
    async with database.read() as session:
        principal = await accounts.authenticate(session, wide.token)
        assert (principal.organisation_id, principal.project_id) == (ours.id, None)
        assert (await accounts.authenticate(session, narrow.token)).project_id == "p1"
        listed = await accounts.list_keys(session, ours.id)
    assert [key.name for key in listed] in (["wide", "narrow"], ["narrow", "wide"])
    assert wide.token.startswith(wide.key.hint)
    assert wide.token not in repr(wide)


async def test_only_a_hash_is_stored(database: Database) -> None:
    async with database.write() as session:
        organisation = await accounts.create_organisation(session, "Org")
        issued = await accounts.create_key(session, organisation.id, name="key")
        row = await session.first(select(api_keys))
    assert row is not None
    assert not any(issued.token in str(value) for value in row)


@pytest.mark.parametrize("token", [None, "", "Bearer", "assay_", "assay_unknown", "x" * 5000])
async def test_unknown_tokens_are_refused(sqlite_database: Database, token: str | None) -> None:
    async with sqlite_database.read() as session:
        with pytest.raises(Unauthenticated):
            await accounts.authenticate(session, token)


async def test_revoked_expired_and_suspended(database: Database) -> None:
    async with database.write() as session:
        organisation = await accounts.create_organisation(session, "Org")
        revoked = await accounts.create_key(session, organisation.id, name="a")
        first = await accounts.revoke_key(session, organisation.id, revoked.key.id)
        again = await accounts.revoke_key(session, organisation.id, revoked.key.id)
        brief = await accounts.create_key(
            session, organisation.id, name="b", expires_at=now() + timedelta(hours=1)
        )
        good = await accounts.create_key(session, organisation.id, name="c")
    assert first.revoked_at == again.revoked_at
    async with database.read() as session:
        with pytest.raises(KeyRevoked):
            await accounts.authenticate(session, revoked.token)
        await accounts.authenticate(session, brief.token)
        later = now() + timedelta(hours=2)
        with clock_of(lambda: later), pytest.raises(KeyExpired):
            await accounts.authenticate(session, brief.token)
    async with database.write() as session:
        await accounts.suspend_organisation(session, organisation.id)
        with pytest.raises(OrganisationSuspended):
            await accounts.authenticate(session, good.token)
        await accounts.resume_organisation(session, organisation.id)
        await accounts.authenticate(session, good.token)


async def test_use_is_noted_once_a_minute(database: Database) -> None:
    async with database.write() as session:
        organisation = await accounts.create_organisation(session, "Org")
        issued = await accounts.create_key(session, organisation.id, name="key")
        principal = await accounts.authenticate(session, issued.token)
        start = now()
        seen = []
        for moment in (start + timedelta(seconds=seconds) for seconds in (0, 30, 90)):
            with clock_of(partial(datetime.fromtimestamp, moment.timestamp(), UTC)):
                await accounts.note_use(session, principal)
            (key,) = await accounts.list_keys(session, organisation.id)
            seen.append(key.last_used_at)
    assert seen == [start, start, start + timedelta(seconds=90)]


async def test_keys_of_others_do_not_exist(sqlite_database: Database) -> None:
    async with sqlite_database.write() as session:
        ours = await accounts.create_organisation(session, "Ours")
        theirs = await accounts.create_organisation(session, "Theirs")
        issued = await accounts.create_key(session, theirs.id, name="key")
        with pytest.raises(KeyNotFound):
            await accounts.revoke_key(session, ours.id, issued.key.id)
        with pytest.raises(OrganisationNotFound):
            await accounts.get_organisation(session, "none")
        with pytest.raises(AccountValueInvalid, match="future"):
            await accounts.create_key(session, ours.id, name="key", expires_at=now())


async def test_members_and_the_audit_trail(database: Database) -> None:
    async with database.write() as session:
        ours = await accounts.create_organisation(session, "Ours")
        member = await accounts.add_member(session, ours.id, email="Ann@Example.com", role="owner")
        with pytest.raises(MemberExists):
            await accounts.add_member(session, ours.id, email="ann@example.com")
        principal = accounts.Principal(ours.id, member_id=member.id)
        await accounts.record(session, principal, "config.create", "cfg_1", kind="httpBasic")
        assert await accounts.list_members(session, ours.id) == [member]
    async with database.read() as session:
        (entry,) = await accounts.audit_trail(session, ours.id)
    assert (entry.actor, entry.action) == (f"member/{member.id}", "config.create")
    assert entry.detail == {"kind": "httpBasic"}
