"""Change reviews in chat: what a turn asks for, given to the reviews room, and its report back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assay.cases.model import Verdict as TestVerdict
from assay.chats.assistant.engine import TestsWritten
from assay.chats.context import TurnContext
from assay.chats.live.engine import LiveEngine
from assay.chats.model import Answer, Json, Outcome, ReviewRequest
from assay.projects.model import Target
from assay.reviews.model import Verdict
from assay.reviews.ports import Asked, Chosen, NewTest
from assay.reviews.render import render
from assay.reviews.report import Report, as_json
from assay.reviews.secrets_in_code import masked_all, masked_text
from assay.reviews.service import Reviewer
from assay.reviews.sources import Fetched, Source

_OUTCOMES = {
    Verdict.APPROVED: TestVerdict.PASSED,
    Verdict.CHANGES_REQUESTED: TestVerdict.FAILED,
    Verdict.COULD_NOT_VERIFY: TestVerdict.COULD_NOT_VERIFY,
    Verdict.NOTHING_TO_TEST: None,
}


@dataclass(frozen=True)
class Writer:
    """Writes a review's tests with the engine of its turn; implements ``reviews.ports.Author``."""

    engine: LiveEngine

    async def write(
        self, features: Sequence[str], count: int, target: Target
    ) -> tuple[list[NewTest], list[str]]:
        """Tests for features of a target, and a sentence for each that could not be written."""
        written = await self.engine.for_review(target).create_tests(
            features, count=count, hints="", negative=False, name=None
        )
        return _new(written), list(written.missing)

    async def write_case(self, name: str, text: str, target: Target) -> list[NewTest]:
        """The test of a manual test case."""
        return _new(await self.engine.for_review(target).create_test_from_steps(name, text))


def _new(written: TestsWritten) -> list[NewTest]:
    return [
        NewTest(one.id, one.name, one.proven, one.problem or one.last_reason)
        for one in written.tests
    ]


@dataclass(frozen=True)
class Reviews:
    """Answers the first turn of a change review; implements ``chats``' ``Reviewing``."""

    reviewer: Reviewer
    source: Source

    async def review(self, turn: TurnContext, engine: LiveEngine, asked: ReviewRequest) -> Answer:
        """The report of the review, as text and as data."""
        fetched = await self._change(turn, asked)
        report = await self.reviewer.review(_asked(turn, asked, fetched), turn, Writer(engine))
        report = masked_all(_with_notes(report, fetched))
        return Answer(
            text=render(report, engine.dashboard),
            outcome=Outcome(
                _OUTCOMES[report.verdict],
                tuple(dict.fromkeys(test.test_id for test in report.tested)),
                tuple(dict.fromkeys(_runs(report))),
            ),
            review=as_json(report, engine.dashboard),
            title=f"Review: {' '.join(report.title.split())}"[:80],
        )

    async def _change(self, turn: TurnContext, asked: ReviewRequest) -> Fetched:
        if asked.mode != "pr":
            return Fetched(diff=asked.diff or "", head_commit=asked.commit_hash)

        async def once() -> Json:
            found = await self.source.fetch(
                turn.conversation.project_id, asked.vcs_provider or "", asked.pr_url or ""
            )
            return [
                found.diff,
                found.title,
                found.description,
                found.head_commit,
                found.problem,
                list(found.notes),
                found.partial,
            ]

        # The review is of one commit, whatever is pushed while it goes on.
        diff, title, description, head, problem, notes, partial = await turn.journal(
            "review:change", once
        )
        return Fetched(diff, title, description, head, problem, tuple(notes), partial)


def _with_notes(report: Report, fetched: Fetched) -> Report:
    """The report with what its reader should know of the change; one that was not seen whole is
    never green."""
    report = replace(report, notes=(*fetched.notes, *report.notes))
    if not fetched.partial or report.verdict is Verdict.CHANGES_REQUESTED:
        return report
    why = "the forge did not give the whole change, so a part of it was not looked at"
    return replace(report, verdict=Verdict.COULD_NOT_VERIFY, why=why)


def _asked(turn: TurnContext, asked: ReviewRequest, fetched: Fetched) -> Asked:
    said = asked.description or masked_text(fetched.description) or asked.commit_message or ""
    title = masked_text(fetched.title)
    return Asked(
        project_id=turn.conversation.project_id,
        conversation_id=turn.conversation.id,
        turn_id=turn.turn.id,
        title=title or asked.description or asked.pr_url or "changes",
        description="\n".join(part for part in (title, said) if part),
        context=asked.context or "",
        diff=None if fetched.problem else fetched.diff,
        unread=fetched.problem,
        head_commit=fetched.head_commit or asked.commit_hash,
        places=tuple(
            Chosen(one.application_id, one.environment_id, one.preset_id)
            for one in turn.turn.choices
        ),
    )


def _runs(report: Report) -> list[str]:
    return [test.evidence.rpartition("/")[2] for test in report.tested if test.evidence]
