"""Tests, steps, proofs and counts as pages show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assay.cases.model import CaseStatus, Proof, ProofRun, Step, TestCase, Verdict
from assay.runs.model import Run, RunTestCase, StepOutcome
from assay.web.dashboard import words
from assay.web.dashboard.contexts import (
    Chip,
    Count,
    Link,
    PictureView,
    ProofRow,
    ProofView,
    StepView,
    TestPart,
)

_PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_DONE = Chip("done", "good", "✓")
_WENT_WRONG = Chip("went wrong", "bad", "✕")
_NOT_REACHED = Chip("not reached", "quiet", "–")


def written_steps(steps: Sequence[Step]) -> tuple[StepView, ...]:
    """The steps of a test as they were written."""
    return tuple(
        StepView(step.number, step.text, step.kind, asserts=step.assertion is not None)
        for step in steps
    )


def done_steps(
    case: RunTestCase, test: TestCase | None, pictures: Mapping[str, str]
) -> tuple[StepView, ...]:
    """The steps of a run; those of the test that were not reached come after them."""
    kinds = {step.number: step for step in test.steps} if test else {}
    done = tuple(_done(step, kinds.get(step.number), case, pictures) for step in case.steps)
    reached = {step.number for step in case.steps}
    rest = tuple(
        StepView(
            step.number,
            step.text,
            step.kind,
            asserts=step.assertion is not None,
            chip=_NOT_REACHED,
        )
        for number, step in kinds.items()
        if number not in reached
    )
    # A test that was rewritten since has other steps than the run had.
    fits = all(
        kinds.get(step.number) and kinds[step.number].text == step.text for step in case.steps
    )
    return done + (rest if fits and case.steps and case.verdict is not None else ())


def _done(
    step: StepOutcome, known: Step | None, case: RunTestCase, pictures: Mapping[str, str]
) -> StepView:
    same = known if known is not None and known.text == step.text else None
    chip = _DONE
    if not step.ok:
        chip = words.UNVERIFIED if case.verdict is Verdict.COULD_NOT_VERIFY else _WENT_WRONG
    return StepView(
        number=step.number,
        text=step.text,
        kind=same.kind if same else "",
        asserts=same is not None and same.assertion is not None,
        chip=chip,
        note=step.seen or ("Done on a similar element." if step.healed else ""),
        seconds=words.seconds(step.seconds),
        # A step that went wrong is read beside its picture; others are shown apart.
        picture="" if step.ok else pictures.get(step.picture, ""),
    )


def pictures_of(case: RunTestCase) -> dict[str, str]:
    """The addresses of a run test's pictures by their file names."""
    return {
        key.rpartition("/")[2]: f"/artifacts/{key}"
        for key in case.evidence
        if key.lower().endswith(_PICTURES)
    }


def newest_picture(case: RunTestCase) -> PictureView | None:
    """What the page looked like when the test ended or went wrong."""
    pictures = pictures_of(case)
    for step in reversed(case.steps):
        if step.picture in pictures:
            caption = "At the end" if step.ok else f"When step {step.number} went wrong"
            return PictureView(pictures[step.picture], caption)
    return None


def proof_of(proof: Proof, base: str) -> ProofView:
    """A proof with a link to each of its runs."""
    return ProofView(
        proven=proof.proven,
        replays=proof.replays,
        replays_green=proof.replays_green,
        mutations=proof.mutations_tried,
        killed=proof.mutations_killed,
        rows=tuple(_proof_row(run, base) for run in proof.runs),
    )


def _proof_row(run: ProofRun, base: str) -> ProofRow:
    red_in_place = run.verdict is Verdict.FAILED and (
        run.target_step is None or run.failed_step == run.target_step
    )
    return ProofRow(
        url=f"{base}/runs/{run.run_short_id}",
        mutation=run.mutation or "",
        chip=words.verdict(run.verdict),
        failed_step=run.failed_step,
        counts=red_in_place if run.mutation is not None else run.verdict is Verdict.PASSED,
    )


def part_of(case: TestCase, base: str, latest: tuple[Run, RunTestCase] | None = None) -> TestPart:
    """A test with its proof and, where it ran, what became of it."""
    return TestPart(
        dom_id=f"test-{case.short_id}",
        name=case.name,
        url=f"{base}/tests/{case.short_id}",
        status=words.case_status(case.status),
        verdict=words.verdict(case.last_verdict),
        reason=case.last_reason or "",
        steps=written_steps(case.steps),
        unchecked=case.unchecked,
        proof=proof_of(case.proof, base),
        picture=newest_picture(latest[1]) if latest else None,
        run=Link("Evidence of the last run", run_url(latest, base)) if latest else None,
    )


def run_url(latest: tuple[Run, RunTestCase], base: str) -> str:
    """Where the evidence of a test in a run is shown."""
    run, case = latest
    return f"{base}/runs/{run.short_id}#test-{case.test_case_short_id}"


Tally = Mapping[tuple[CaseStatus, Verdict | None], int]


def status_counts(tally: Tally) -> tuple[Count, ...]:
    """Tests by status; statuses that no test has are left out."""
    found: Counter[CaseStatus] = Counter()
    for (status, _), number in tally.items():
        found[status] += number
    return tuple(Count(found[one], words.case_status(one)) for one in CaseStatus if found[one])


def verdict_counts(tally: Iterable[tuple[Verdict | None, int]]) -> tuple[Count, ...]:
    """Tests by last verdict; what went wrong comes first."""
    found: Counter[Verdict | None] = Counter()
    for verdict, number in tally:
        found[verdict] += number
    order = (Verdict.FAILED, Verdict.COULD_NOT_VERIFY, Verdict.PASSED, None)
    return tuple(Count(found[one], words.verdict(one)) for one in order if found[one])


def tally_verdicts(tally: Tally) -> list[tuple[Verdict | None, int]]:
    """A tally by verdict alone."""
    return [(verdict, number) for (_, verdict), number in tally.items()]
