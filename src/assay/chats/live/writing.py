"""Delivering tests: each draft is stored once, proven, and told with its verdict."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from assay.cases import service as cases
from assay.cases.model import Draft, TestCase, Verdict
from assay.cases.texts import in_quotes
from assay.cases.without_secrets import without_secrets
from assay.chats.assistant.engine import Note, NoteKind, TestsWritten, WrittenTest
from assay.chats.context import TurnContext
from assay.chats.live.telling import written
from assay.kernel.tasks import in_group
from assay.projects.model import Target
from assay.runs.independence import independent
from assay.runs.model import Outcome
from assay.runs.proof import Prover
from assay.runs.service import Order, RunsService

# Two proofs fill each other's waits; more would only share the same processor.
_AT_ONCE = 2

Writing = Callable[[Callable[[Draft], None]], Awaitable[list[Draft]]]


class Delivery:
    """What a turn does with the drafts it wrote."""

    def __init__(
        self,
        turn: TurnContext,
        prover: Prover,
        runs: RunsService,
        *,
        order: Callable[[str, Target], Order],
        url: Callable[[TestCase], str],
        ephemeral: bool = False,
    ) -> None:
        self._turn = turn
        self._prover = prover
        self._runs = runs
        self._order = order
        self._url = url
        self._ephemeral = ephemeral

    async def deliver(
        self, drafts: Sequence[Draft], target: Target, notes: Sequence[Note] = ()
    ) -> TestsWritten:
        """Store and prove each draft; what could not be written is told as missing."""

        async def ready(written: Callable[[Draft], None]) -> list[Draft]:
            for draft in drafts:
                written(draft)
            return list(drafts)

        return await self.deliver_while(ready, target, notes)

    async def deliver_while(
        self, write: Writing, target: Target, notes: Sequence[Note] = ()
    ) -> TestsWritten:
        """Store and prove drafts while others are still being written.

        Tests that leave nothing behind which others could see are proven at once, the rest one
        after the other when all is written.
        """
        proven: dict[str, WrittenTest] = {}
        later: list[Draft] = []
        room = asyncio.Semaphore(_AT_ONCE)

        async def prove(draft: Draft) -> None:
            async with room:
                proven[draft.key] = await self._prove(draft, target)

        async def work(group: asyncio.TaskGroup) -> list[Draft]:
            def written(draft: Draft) -> None:
                if not draft.steps:
                    return
                if independent(draft.steps):
                    group.create_task(prove(draft))
                else:
                    later.append(draft)

            return await write(written)

        drafts = await in_group(work)
        for draft in later:
            await prove(draft)
        told = dict.fromkeys(note for draft in drafts for note in draft.notes)
        return TestsWritten(
            tuple(proven[draft.key] for draft in drafts if draft.steps),
            tuple(
                draft.problem or f"No test for “{draft.name}” could be written."
                for draft in drafts
                if not draft.steps
            ),
            (*notes, *(Note(NoteKind.INFO, text) for text in told)),
        )

    async def _prove(self, draft: Draft, target: Target) -> WrittenTest:
        """Store a draft and prove it, unless it is a reused test that is proven already."""
        turn = self._turn
        conversation = turn.conversation
        draft = without_secrets(draft, target)
        if self._ephemeral:
            # A review may write a test of one name on two environments.
            draft = replace(draft, key=f"{target.environment_id}:{draft.key}"[:200])
        async with turn.write() as session:
            case, new = await cases.save_draft(
                session,
                draft,
                project_id=conversation.project_id,
                application_id=target.application_id,
                conversation_id=conversation.id,
                turn_id=turn.turn.id,
                ephemeral=self._ephemeral,
            )
        if not new and (case.proof.proven or case.turn_id != turn.turn.id):
            return written(case, self._url(case), reused=case.turn_id != turn.turn.id)
        if not new:
            # Stored by an attempt that was interrupted: what is kept is what has to be proven.
            draft = replace(
                draft,
                name=case.name,
                steps=case.steps,
                baseline=case.baseline,
                unchecked=case.unchecked,
            )
        if draft.problem or draft.unchecked or not _asserts(draft):
            reason = _why_not(draft)
            async with turn.write() as session:
                await cases.save_verdict(session, case.id, Verdict.COULD_NOT_VERIFY, reason)
            case = replace(case, last_verdict=Verdict.COULD_NOT_VERIFY, last_reason=reason)
            await turn.say(f"Wrote “{case.name}” as a draft: {reason}")
            return written(case, self._url(case), candidates=draft.candidates)
        await turn.say(f"Wrote “{case.name}” ({len(draft.steps)} steps); proving it.")

        async def record(outcome: Outcome, key: str) -> str:
            run = await self._runs.record(
                self._order(f"proof-{case.id}-{key}", target), case, outcome, target
            )
            return run.short_id

        proven = await self._prover.prove(draft, target, turn, record)
        verdict, reason = _verdict(proven.outcomes, proven.problem)
        async with turn.write() as session:
            case = await cases.save_proof(session, case, proven.proof, proven.footprint)
            await cases.save_verdict(session, case.id, verdict, reason)
        case = replace(case, last_verdict=verdict, last_reason=reason)
        proof = case.proof
        await turn.say(
            f"“{case.name}”: {proof.replays_green} of {proof.replays} replays green, red under "
            f"{proof.mutations_killed} of {proof.mutations_tried} changes to the page."
        )
        return written(case, self._url(case))


def _asserts(draft: Draft) -> bool:
    return any(step.assertion is not None for step in draft.steps)


def _why_not(draft: Draft) -> str:
    """Why a draft cannot be proven, in one sentence."""
    if draft.problem:
        return draft.problem
    if draft.unchecked:
        clauses = "; ".join(in_quotes(clause) for clause in draft.unchecked)
        return f"I could not turn this part of the expected result into a check: {clauses}."
    return "The test asserts nothing."


def _verdict(outcomes: Sequence[Outcome], problem: str) -> tuple[Verdict, str]:
    """The verdict of the plain replays; a proof that fell short is not the test's failure."""
    plain = [one for one in outcomes if one.mutation is None]
    red = next((one for one in plain if one.verdict is not Verdict.PASSED), None)
    if red is not None:
        return red.verdict, red.reason
    if not plain:
        return Verdict.COULD_NOT_VERIFY, problem or "The test was not replayed."
    return Verdict.PASSED, problem or plain[-1].reason
