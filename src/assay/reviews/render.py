"""The answer of a review in Markdown: the verdict first, then a table, then details.

Made from typed data alone. Everything that comes from the diff or the site is escaped; what looks
like a credential in it was masked before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assay.cases.model import Verdict as TestVerdict
from assay.kernel.markdown import bullets, counted, link, plain, sentence
from assay.reviews.model import ChangedFile, FileChange, Finding, FindingKind, Tested, Verdict
from assay.reviews.report import Report

_HEADLINES = {
    Verdict.APPROVED: "Approved",
    Verdict.CHANGES_REQUESTED: "Changes requested",
    Verdict.COULD_NOT_VERIFY: "Could not verify",
    Verdict.NOTHING_TO_TEST: "Nothing to test",
}
_WORDS = {
    TestVerdict.PASSED: "passed",
    TestVerdict.FAILED: "failed",
    TestVerdict.COULD_NOT_VERIFY: "could not verify",
}
_ORDER = {TestVerdict.FAILED: 0, TestVerdict.COULD_NOT_VERIFY: 1, TestVerdict.PASSED: 2}
_MOST_FILES, _MOST_TESTS, _MOST = 30, 40, 12

Link = Callable[[str], str]


def render(report: Report, url: Link) -> str:
    """The whole answer; ``url`` makes an address of a dashboard path."""
    blocks = [f"**{_HEADLINES[report.verdict]}**: {plain(sentence(report.why))}"]
    if report.tested:
        blocks.append(_table(report))
    if report.description:
        blocks.append(f"The change: {plain(sentence(report.description))}")
    blocks += _findings(report.findings, url)
    if report.files:
        blocks.append(_files(report.files))
    blocks += _selection(report.tested)
    blocks += _comparison(report)
    blocks += _open(report)
    if report.notes:
        blocks.append("Notes:\n\n" + bullets([plain(sentence(note)) for note in report.notes]))
    return "\n\n".join(block for block in blocks if block)


def _table(report: Report) -> str:
    with_base = any(test.base is not None for test in report.tested)
    head = ["Test", "With the change", *(["Before it"] if with_base else []), "Why"]
    rows = [_row(head), _row(["---"] * len(head))]
    ordered = sorted(report.tested, key=lambda test: _ORDER[test.verdict])
    for test in ordered[:_MOST_TESTS]:
        name = plain(test.name) + (" (new)" if test.origin == "created" else "")
        cells = [name, _WORDS[test.verdict]]
        if with_base:
            cells.append(_WORDS[test.base] if test.base is not None else "")
        told = test.verdict is not TestVerdict.PASSED or test.healed
        cells.append(plain(sentence(test.reason)) if told else "")
        rows.append(_row(cells))
    where = f"On {plain(report.environment)}"
    where += f", compared with {plain(report.base)}:" if report.base else ":"
    more = len(ordered) - _MOST_TESTS
    table = "\n".join(rows)
    return f"{where}\n\n{table}" + (f"\n\n… and {more} more tests." if more > 0 else "")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _findings(findings: Sequence[Finding], url: Link) -> list[str]:
    blocks = []
    serious = [one for one in findings if one.blocking]
    other = [one for one in findings if not one.blocking]
    if serious:
        blocks.append("### Findings")
        blocks += [_finding(one, url) for one in serious[:_MOST]]
        if len(serious) > _MOST:
            blocks.append(f"… and {len(serious) - _MOST} more.")
    if other:
        told = [f"{plain(sentence(one.title))} {_STANDING[one.kind]}" for one in other[:_MOST]]
        blocks.append("Does not count against the change:\n\n" + bullets(told))
    return blocks


_STANDING = dict.fromkeys(FindingKind, "It was so before the change.") | {
    FindingKind.TEST_FLAKY: "It passed when it ran again, so it is not reliable.",
    FindingKind.TEST_OUTDATED: "The change rewords what it expects; with the new words it passes. "
    "The test has to be updated.",
}


def _finding(finding: Finding, url: Link) -> str:
    new = {True: "new with this change", False: "there before", None: "nothing to compare with"}
    lines = [f"**{plain(finding.title)}** ({new[finding.is_new]})", ""]
    points = []
    if finding.step:
        points.append(f"Step: {plain(sentence(finding.step))}")
    if finding.seen and finding.seen not in finding.title:
        points.append(f"Seen: {plain(sentence(finding.seen))}")
    if finding.url:
        points.append(f"Where: {plain(finding.url)}")
    if finding.evidence:
        points.append(f"Evidence: {link('the run', url(finding.evidence))}")
    if finding.spot.file:
        line = f", line {finding.spot.line}" if finding.spot.line else ""
        points.append(f"Likely cause: {plain(finding.spot.file)}{line}")
    if finding.command:
        points.append(f"Again: {code(finding.command)}")
    lines.append(bullets(points))
    if finding.spot.hunk:
        lines += ["", fenced(finding.spot.hunk)]
    return "\n".join(lines)


def code(text: str) -> str:
    """A text as inline code that its own back-ticks cannot end."""
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    return f"{ticks} {' '.join(text.split())} {ticks}" if "`" in text else f"`{text}`"


def fenced(lines: Sequence[str]) -> str:
    """Lines of a diff as a block that nothing in them can end."""
    body = "\n".join(line.replace("\r", "") for line in lines)
    ticks = "`" * max(3, max((len(run) for run in re.findall(r"`+", body)), default=0) + 1)
    return f"{ticks}diff\n{body}\n{ticks}"


def _files(files: Sequence[ChangedFile]) -> str:
    lines = []
    for file in files[:_MOST_FILES]:
        was = ""
        if file.change in (FileChange.RENAMED, FileChange.COPIED):
            was = f" ({file.change.value} from {plain(file.old_path)})"
        size = "binary" if file.binary else f"+{file.added} −{file.removed}"
        if file.new_mode and not file.hunks:
            size = f"mode {file.old_mode} → {file.new_mode}"
        kind = _KIND[file.kind.value]
        lines.append(f"{plain(file.path)}{was} {size}, {kind}")
    if len(files) > _MOST_FILES:
        lines.append(f"… and {len(files) - _MOST_FILES} more")
    return f"{counted(len(files), 'file')} changed:\n\n{bullets(lines)}"


_KIND = {
    "userFacing": "user-facing",
    "api": "API",
    "styles": "styles",
    "generated": "generated",
    "docs": "documentation",
    "tests": "tests",
    "infrastructure": "infrastructure",
}


def _selection(tested: Sequence[Tested]) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for test in tested:
        reasons.setdefault(test.selected_because, []).append(test.name)
    lines = [
        f"{', '.join(plain(name) for name in names[:6])}"
        + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        + f": {plain(sentence(reason))}"
        for reason, names in reasons.items()
        if reason
    ]
    return ["Why these tests:\n\n" + bullets(lines[:_MOST])] if lines else []


def _comparison(report: Report) -> list[str]:
    if not report.compared:
        return []
    shown = ", ".join(plain(path) for path in report.compared[:_MOST])
    more = f" and {len(report.compared) - _MOST} more" if len(report.compared) > _MOST else ""
    blocks = [f"Opened side by side before and with the change: {shown}{more}."]
    if report.differences:
        told = [
            f"{plain(one.title)}: {plain(sentence(one.seen))}" for one in report.differences[:_MOST]
        ]
        blocks.append("Also different, to be looked at:\n\n" + bullets(told))
    return blocks


def _open(report: Report) -> list[str]:
    lines = [
        f"No test is known to reach {plain(gap.file)}"
        + (f" ({plain(gap.feature)})." if gap.feature else ".")
        for gap in report.gaps[:_MOST]
    ]
    lines += [plain(sentence(text)) for text in report.dropped[:_MOST]]
    return ["Not covered:\n\n" + bullets(lines)] if lines else []
