"""Answers in Markdown from typed results: the verdict first, plain words, nothing that is not true.

Pure. The brain's own text is only added where it says what no result says.
"""

from __future__ import annotations

from collections.abc import Sequence

from assay.cases.model import Verdict
from assay.chats.assistant.engine import (
    Explored,
    LastRunTold,
    ListedCredentials,
    ListedTests,
    Note,
    Refused,
    Result,
    ShownTest,
    TestsCertified,
    TestsRun,
    TestsWritten,
    WrittenTest,
)
from assay.chats.assistant.outcome import run_verdict, verdict
from assay.kernel.markdown import (
    bold,
    bullets,
    counted,
    link,
    listed,
    plain,
    sentence,
)

WORDS = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "failed",
    Verdict.COULD_NOT_VERIFY: "could not verify",
}
_MOST = 25


def answer(results: Sequence[Result], told: str = "", notes: Sequence[Note] = ()) -> str:
    """The whole answer of a turn. ``told`` is what the brain says itself, if anything."""
    blocks = [headline(results), told.strip()]
    blocks += [block for result in results for block in render(result)]
    blocks.append(_notes([*(note for one in results for note in _notes_of(one)), *notes]))
    return "\n\n".join(block for block in blocks if block)


def headline(results: Sequence[Result]) -> str:
    """One line with the verdict of the turn; empty when nothing was to be verified."""
    found = verdict(results)
    if found is None:
        return ""
    written = [test for one in results if isinstance(one, TestsWritten) for test in one.tests]
    runs = [one for one in results if isinstance(one, TestsRun)]
    parts = [_written_headline(written)] if _wrote(results) else []
    parts += [_run_headline(run) for run in runs if not run.question]
    parts += [
        _certified_headline(one)
        for one in results
        if isinstance(one, TestsCertified) and not one.question
    ]
    said = "; ".join(part for part in parts if part)
    return f"**{WORDS[found].capitalize()}**" + (f": {said}." if said else ".")


def _wrote(results: Sequence[Result]) -> bool:
    return any(isinstance(one, TestsWritten) and not one.question for one in results)


def _written_headline(tests: Sequence[WrittenTest]) -> str:
    if not tests:
        return "no test was written"
    proven = sum(1 for test in tests if test.proven)
    drafts = len(tests) - proven
    reused = sum(1 for test in tests if test.reused)
    said = counted(len(tests), "test") + " written"
    if reused == len(tests):
        said = counted(len(tests), "test") + " there already"
    elif reused:
        said += f" ({reused} of them there already)"
    if drafts == 0:
        return f"{said}, proven" if len(tests) == 1 else f"{said}, all proven"
    if proven == 0:
        return f"{said}, a draft" if len(tests) == 1 else f"{said}, all drafts"
    return f"{said}, {proven} proven, {counted(drafts, 'draft')}"


def _run_headline(run: TestsRun) -> str:
    if not run.tests:
        return "no test was run"
    passed = _count(run, Verdict.PASSED)
    said = f"{passed} of {counted(len(run.tests), 'test')} passed"
    failed, unsure = _count(run, Verdict.FAILED), _count(run, Verdict.COULD_NOT_VERIFY)
    if failed:
        said += f", {failed} failed"
    return f"{said}, {unsure} could not be verified" if unsure else said


def _count(run: TestsRun, wanted: Verdict) -> int:
    return sum(1 for test in run.tests if test.verdict is wanted)


def render(result: Result) -> list[str]:
    """The blocks of one result, without its notes."""
    match result:
        case TestsWritten():
            return _written(result)
        case TestsRun():
            return _ran(result)
        case TestsCertified():
            return _certified(result)
        case Explored():
            return _explored(result)
        case ListedTests():
            return _list(result)
        case ShownTest():
            return _shown(result)
        case LastRunTold():
            return _last_run(result)
        case ListedCredentials(names=names):
            stored = bullets([plain(name) for name in names])
            return [f"Stored credentials:\n\n{stored}" if names else "No credentials are stored."]
        case Refused(message=message):
            return [f"That could not be done: {plain(sentence(message))}"]


def _written(result: TestsWritten) -> list[str]:
    if result.question:
        return [plain(result.question)]
    blocks = ["### Tests"] if result.tests else []
    blocks += [test_block(test) for test in result.tests[:_MOST]]
    if len(result.tests) > _MOST:
        blocks.append(f"… and {len(result.tests) - _MOST} more.")
    if result.missing:
        blocks.append("Not written:\n\n" + bullets([plain(sentence(m)) for m in result.missing]))
    return blocks


def test_block(test: WrittenTest) -> str:
    """One test: its name and state, how it was proven or why it is a draft, its steps."""
    state = "proven" if test.proven else test.status.value
    again = ", there already" if test.reused else ""
    lines = [f"**{link(test.name, test.url)}** ({state}{again})", ""]
    lines.append(bullets(_standing(test)))
    if test.steps:
        numbered = [f"{i}. {plain(step)}" for i, step in enumerate(test.steps, start=1)]
        lines += ["", *numbered]
    return "\n".join(lines)


def _standing(test: WrittenTest) -> list[str]:
    proof = how_proven(test)
    if test.proven:
        return [proof]
    lines = [plain(sentence(test.problem))] if test.problem else []
    if test.candidates:
        lines.append(f"Closest on the page: {listed(test.candidates)}")
    lines += [f"Expected but not checked: “{plain(clause)}”" for clause in test.unchecked]
    if proof:
        lines.append(proof)
    if not test.problem and not test.unchecked:
        lines.insert(0, "It is not proven yet, so it does not count as a test.")
    return lines


def how_proven(test: WrittenTest) -> str:
    """ "3 of 3 replays green; went red under 4 of 4 changes to the page." """
    if not test.replays and not test.mutations_tried:
        return ""
    said = f"{test.replays_green} of {counted(test.replays, 'replay')} green"
    if test.mutations_tried:
        changes = counted(test.mutations_tried, "change")
        said += f"; went red under {test.mutations_killed} of {changes} to the page"
    return said + "."


def _ran(result: TestsRun) -> list[str]:
    if result.question:
        return [plain(result.question)]
    blocks = []
    if result.tests:
        title = f"### {link('Run', result.url)}" if result.url else "### Run"
        where = f" on {plain(result.environment)}" if result.environment else ""
        blocks += [title + where, _table(result)]
    elif not result.missing:
        blocks.append(_nothing_to_run(result.which))
    if result.missing:
        blocks.append(f"There is no test called {listed(result.missing)}.")
    healed = [plain(line) for test in result.tests for line in test.healed]
    if healed:
        blocks.append(
            "Found again after the page had changed; approve or reject it on the test's page or"
            " with `assay heals`:\n\n" + bullets(healed)
        )
    return blocks


def _certified_headline(result: TestsCertified) -> str:
    if not result.tests:
        return "no test was replayed"
    stable = sum(1 for test in result.tests if test.stable)
    return f"{stable} of {counted(len(result.tests), 'test')} stable under disturbance"


def _certified(result: TestsCertified) -> list[str]:
    if result.question:
        return [plain(result.question)]
    said = {True: "stable", False: "not stable", None: "not known"}
    lines = [
        f"**{link(test.name, test.url)}** ({said[test.stable]}): {plain(sentence(test.summary))}"
        for test in result.tests
    ]
    blocks = ["### Stability\n\n" + bullets(lines)] if lines else []
    if result.drafts:
        blocks.append(f"Not replayed, since only enabled tests are: {listed(result.drafts)}.")
    if result.missing:
        blocks.append(f"There is no test called {listed(result.missing)}.")
    return blocks or [_nothing_to_run(result.which)]


def _nothing_to_run(which: str) -> str:
    if which == "failed":
        return "No test failed when it last ran, so there was nothing to run."
    return "There are no enabled tests to run. Ask me to create some first."


def _table(run: TestsRun) -> str:
    order = {Verdict.FAILED: 0, Verdict.COULD_NOT_VERIFY: 1, Verdict.PASSED: 2}
    rows = ["| Test | Verdict | Why |", "| --- | --- | --- |"]
    for test in sorted(run.tests, key=lambda one: order[one.verdict]):
        step = f"Step {test.failed_step}: " if test.failed_step is not None else ""
        reason = plain(step + sentence(test.reason)) if test.reason or step else ""
        rows.append(f"| {plain(test.name)} | {WORDS[test.verdict]} | {reason} |")
    return "\n".join(rows)


def _explored(result: Explored) -> list[str]:
    if result.question:
        return [plain(result.question)]
    name = plain(result.application or result.url or "the application")
    took = f" in {result.seconds:.0f} s" if result.seconds else ""
    pages, actions = counted(result.states, "page"), counted(result.actions, "action")
    blocks = [f"Explored {bold(name)}: {pages} and {actions}{took}."]
    if result.stopped_by:
        blocks[0] += f" Stopped by {plain(result.stopped_by)}."
    if result.pages:
        blocks.append("Pages:\n\n" + bullets([plain(page) for page in result.pages[:_MOST]]))
    forms = [f"{plain(f.purpose)}: {link(f.title or f.url, f.url)}" for f in result.forms[:_MOST]]
    blocks.append("Forms:\n\n" + bullets(forms) if forms else "No form was found.")
    if result.findings:
        found = [plain(sentence(finding)) for finding in result.findings[:_MOST]]
        blocks.append("Looks broken:\n\n" + bullets(found))
    if result.suggestions:
        ideas = [f"“{plain(idea)}”" for idea in result.suggestions]
        blocks.append("You could ask:\n\n" + bullets(ideas))
    return blocks


def _list(result: ListedTests) -> list[str]:
    if result.question:
        return [plain(result.question)]
    of = f" of {plain(result.application)}" if result.application else ""
    if not result.tests:
        return [f"There are no tests{of} yet. Try “Create tests for login”."]
    rows = ["| Test | Status | Last verdict |", "| --- | --- | --- |"]
    for test in result.tests:
        last = WORDS[test.last_verdict] if test.last_verdict else "not run"
        why = f": {plain(test.last_reason)}" if test.last_reason and last != "passed" else ""
        rows.append(f"| {plain(test.name)} | {test.status.value} | {last}{why} |")
    return [f"{counted(len(result.tests), 'test')}{of}:", "\n".join(rows)]


def _shown(result: ShownTest) -> list[str]:
    if result.test is None:
        near = f" The closest are {listed(result.closest)}." if result.closest else ""
        return [f"There is no test called “{plain(result.asked)}”.{near}"]
    test = result.test
    blocks = [test_block(test)]
    if test.goal:
        blocks.append(f"Goal: {plain(sentence(test.goal))}")
    if test.expected_result:
        blocks.append(f"Expected: {plain(sentence(test.expected_result))}")
    if test.last_verdict is not None:
        reason = f": {plain(sentence(test.last_reason))}" if test.last_reason else "."
        blocks.append(f"Last run: {WORDS[test.last_verdict]}{reason}")
    return blocks


def _last_run(result: LastRunTold) -> list[str]:
    if result.run is None:
        return ["Nothing has been run yet. Say “run all tests”."]
    found = WORDS[run_verdict(result.run)].capitalize()
    when = f" ({plain(result.when)})" if result.when else ""
    head = f"Last run{when}: **{found}**: {_run_headline(result.run)}."
    focused = [
        test for test in result.run.tests if result.focus and _about(result.focus, test.name)
    ]
    if result.focus and not focused:
        head += f" No test in it is called “{plain(result.focus)}”."
    return [head, *_ran(result.run)]


def _about(focus: str, name: str) -> bool:
    words = set(focus.lower().split())
    return focus.lower() in name.lower() or words <= set(name.lower().split())


def _notes_of(result: Result) -> tuple[Note, ...]:
    return getattr(result, "notes", ())


def _notes(notes: Sequence[Note]) -> str:
    unique = list(dict.fromkeys(plain(sentence(note.text)) for note in notes))
    return "Notes:\n\n" + bullets(unique) if unique else ""
