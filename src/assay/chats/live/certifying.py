"""Flake certificates that a conversation asks for: begun once, and made within the turn."""

from __future__ import annotations

import secrets

from assay.cases.model import TestCase
from assay.chats.assistant.engine import CertifiedTest
from assay.chats.context import TurnContext
from assay.projects.model import Target
from assay.runs import certifying
from assay.runs.certificate import LARGEST_SEED, MOST, USUAL, Certificate, told
from assay.runs.certifying import Certifier
from assay.runs.model import RunStatus
from assay.storage import Database, WriteSession

_FINAL = {RunStatus.COMPLETED, RunStatus.ERROR, RunStatus.CANCELLED}


async def certified(
    turn: TurnContext,
    database: Database,
    certifier: Certifier,
    test: TestCase,
    target: Target,
    url: str,
) -> CertifiedTest:
    """Replay one test under disturbance; a turn that is done again goes on where it stopped."""

    async def begin(session: WriteSession) -> str:
        made = await certifying.begin(
            session,
            test,
            replays=USUAL,
            seed=secrets.randbelow(LARGEST_SEED - MOST),
            environment=f"{target.environment_name} ({target.url})",
        )
        return made.id

    name = await turn.once(f"certify:{test.id}", begin)
    async with database.read() as session:
        found = await certifying.get(session, name, [test.project_id])
    if found.status not in _FINAL:
        await turn.say(f"Replaying “{test.name}” under disturbance.")
        found = await certifier.certify(found, test, target, turn, guard=turn.guard)
    return shown(found, test, url)


def shown(found: Certificate, test: TestCase, url: str) -> CertifiedTest:
    """A certificate as answers are made of it."""
    broken = found.first_break
    return CertifiedTest(
        test_id=test.id,
        name=test.name,
        stable=found.stable,
        summary=told(found),
        url=url,
        run_short_id=broken.run_short_id if broken else "",
    )
